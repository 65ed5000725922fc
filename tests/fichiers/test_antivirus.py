"""The antivirus: a real clamd finds, a clean file is freed, and clamd stopped, mute or mad stops nobody."""

import socket
import threading

import pytest
from django.core.management import call_command
from django.urls import reverse

from aap_portal.courriels.models import Courriel
from aap_portal.fichiers import antivirus
from aap_portal.fichiers.models import Analyse, Apercu, Fichier
from candidatures.models import PieceJustificative
from tests.factories import DossierFactory, UtilisateurFactory
from tests.fichiers.echantillons import pdf
from tests.fichiers.test_deposer import televerser

from .clamd import EICAR, SIGNATURE, clamd

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="session")
def prise_de_clamd(tmp_path_factory):
    with clamd(tmp_path_factory.mktemp("clamd")) as adresse:
        yield adresse


@pytest.fixture
def avec_clamd(settings, prise_de_clamd):
    settings.CLAMD_ADRESSE = prise_de_clamd


@pytest.fixture
def clamd_arrete(settings, tmp_path):
    settings.CLAMD_ADRESSE, settings.CLAMD_DELAI = str(tmp_path / "absent.ctl"), 1


def infecte():
    """A PDF that opens, and holds the test string."""

    def cacher(document):
        document.Root.Essai = document.make_stream(EICAR)

    return pdf(avant=cacher, compress_streams=False)


def deposer(contenu=None, *, par=None):
    fichier = Fichier.objects.deposer(televerser("scan.pdf", contenu or pdf()), par=par or UtilisateurFactory())
    fichier.refresh_from_db()
    return fichier


def vieillir():
    """As if the queue had missed them."""
    Fichier.objects.update(depose_le="2022-01-01T00:00Z")


def test_un_fichier_sain_est_libere_et_ses_pages_sont_dessinees(avec_clamd):
    fichier = deposer()

    assert (fichier.analyse, fichier.apercu, fichier.apercu_pages) == (Analyse.SAIN, Apercu.FAIT, 1)
    assert not Courriel.objects.exists()


def test_un_fichier_infecte_est_marque_sans_apercu(avec_clamd):
    fichier = deposer(infecte())

    assert (fichier.analyse, fichier.apercu) == (Analyse.INFECTE, Apercu.A_FAIRE)
    with fichier.ouvrir() as contenu:
        assert antivirus.analyser(contenu) == antivirus.Verdict(f"{SIGNATURE}.UNOFFICIAL")


def test_une_piece_infectee_ne_compte_pas_et_son_deposant_est_prevenu(client, settings, clamd_arrete, prise_de_clamd):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)
    envoi = {"fichiers": [televerser("rapport.pdf", infecte())]}

    client.post(reverse("candidatures:piece_deposer", args=[dossier.numero, "rapport_activite"]), envoi)
    vieillir()
    settings.CLAMD_ADRESSE, settings.CLAMD_DELAI = prise_de_clamd, 60
    call_command("entretien", verbosity=0)

    piece = PieceJustificative.objects.get()
    assert piece.est_infectee
    assert "rapport_activite" not in type(dossier).objects.avec_contenu().get(pk=dossier.pk).pieces_fournies
    courriel = Courriel.objects.get()
    assert courriel.destinataire == dossier.cree_par.email
    assert courriel.objet == "Le fichier « rapport.pdf » contient un virus"
    assert f"dans le dossier {dossier.numero}, contient un virus." in courriel.corps
    page = client.get(reverse("candidatures:pieces", args=[dossier.numero])).content.decode()
    assert "Ce fichier contient un virus" in page
    assert [client.get(adresse).status_code for adresse in adresses(piece.fichier)] == [404] * 4


def adresses(fichier):
    return [
        fichier.get_absolute_url(),
        reverse("fichiers:lire", args=[fichier.cle]),
        *(reverse("fichiers:image", args=[fichier.cle, rang]) for rang in (0, 1)),
    ]


def test_clamd_arrete_le_fichier_attend_et_l_entretien_le_reprend(settings, clamd_arrete, prise_de_clamd):
    fichier = deposer()
    assert (fichier.analyse, fichier.apercu) == (Analyse.EN_ATTENTE, Apercu.A_FAIRE)
    vieillir()
    call_command("entretien", verbosity=0)
    fichier.refresh_from_db()
    assert fichier.analyse == Analyse.EN_ATTENTE

    settings.CLAMD_ADRESSE, settings.CLAMD_DELAI = prise_de_clamd, 60
    call_command("entretien", verbosity=0)

    fichier.refresh_from_db()
    assert (fichier.analyse, fichier.apercu) == (Analyse.SAIN, Apercu.FAIT)


def test_clamd_arrete_ni_l_envoi_ni_la_lecture_par_le_deposant_ne_sont_bloques(client, clamd_arrete):
    dossier = DossierFactory()
    collegue = UtilisateurFactory(lecteur_de=dossier.structure)
    client.force_login(dossier.cree_par)
    adresse = reverse("candidatures:piece_deposer", args=[dossier.numero, "rapport_activite"])
    assert client.post(adresse, {"fichiers": [televerser("rapport.pdf", pdf())]}).status_code == 302

    page = client.get(reverse("candidatures:pieces", args=[dossier.numero])).content.decode()
    assert "analyse antivirus en attente" in page
    fichier = Fichier.objects.get()
    assert client.get(fichier.get_absolute_url()).getvalue() == fichier.lire()
    assert "rapport_activite" in type(dossier).objects.avec_contenu().get(pk=dossier.pk).pieces_fournies

    client.force_login(collegue)
    assert client.get(fichier.get_absolute_url()).status_code == 404


def test_sans_antivirus_ce_qui_attendait_est_libere(settings, clamd_arrete):
    fichier = deposer()
    settings.CLAMD_ADRESSE = ""

    call_command("entretien", verbosity=0)

    fichier.refresh_from_db()
    assert fichier.analyse == Analyse.NON_ANALYSE


def test_ce_qui_est_venu_avant_l_antivirus_est_analyse_sans_etre_cache(settings, prise_de_clamd):
    fichier = deposer(infecte())
    assert fichier.analyse == Analyse.NON_ANALYSE
    vieillir()
    settings.CLAMD_ADRESSE = prise_de_clamd

    call_command("entretien", verbosity=0)

    fichier.refresh_from_db()
    assert fichier.analyse == Analyse.INFECTE
    assert Courriel.objects.get().destinataire == fichier.depose_par.email


# --- A clamd that is none ------------------------------------------------------------------------------------
@pytest.fixture
def faux_clamd(settings):
    """`faux_clamd(answer)`: whoever connects is read, then answered so; None: never answered."""
    ecoutes, ouvertes = [], []

    def servir(reponse):
        ecoute = socket.create_server(("127.0.0.1", 0))
        ecoutes.append(ecoute)

        def repondre():
            prise, _ = ecoute.accept()
            ouvertes.append(prise)
            prise.recv(1024)
            if reponse is not None:
                prise.sendall(reponse)
                prise.close()

        threading.Thread(target=repondre, daemon=True).start()
        settings.CLAMD_ADRESSE, settings.CLAMD_DELAI = f"127.0.0.1:{ecoute.getsockname()[1]}", 1

    yield servir
    for prise in [*ecoutes, *ouvertes]:
        prise.close()


@pytest.mark.parametrize(
    "reponse",
    [
        None,
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK maybe\0",
        b"\xff\xfe" * 5000,
    ],
    ids=["muet", "ferme", "http", "limite", "presque", "bruit"],
)
def test_une_reponse_qui_n_en_est_pas_une_laisse_le_fichier_en_attente(faux_clamd, reponse):
    faux_clamd(reponse)

    fichier = deposer()

    assert (fichier.analyse, fichier.apercu) == (Analyse.EN_ATTENTE, Apercu.A_FAIRE)
