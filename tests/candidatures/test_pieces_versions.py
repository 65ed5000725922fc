"""What was replaced stays, for those who may read it; a model of each piece that one writes oneself."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from aap_portal.fichiers.models import Fichier
from candidatures.modeles_pieces import AVEC_MODELE, rediger
from candidatures.models import Depot
from tests.candidatures.textes import texte
from tests.factories import DEPOT_OUVERT, DossierFactory, StructureFactory, UtilisateurFactory, dossier_depose
from tests.fichiers.echantillons import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def horloge():
    with time_machine.travel(DEPOT_OUVERT + timedelta(hours=1), tick=False) as horloge:
        yield horloge


def verser(dossier, nom, pages=1, **champs):
    televerse = SimpleUploadedFile(nom, pdf(pages=pages))
    fichier = Fichier.objects.deposer(televerse, par=dossier.cree_par)
    return dossier.pieces.create(code="rib", fichier=fichier, ajoutee_par=dossier.cree_par, **champs)


def statut(client, personne, piece):
    client.force_login(personne)
    reponse = client.get(piece.fichier.get_absolute_url())
    b"".join(reponse)
    return reponse.status_code


def test_les_versions_precedentes_sont_montrees_dans_leur_piece(client):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)
    adresse = reverse("candidatures:piece_deposer", args=[dossier.numero, "rib"])
    for rang in (1, 2, 3):
        envoi = {"fichiers": [SimpleUploadedFile(f"rib{rang}.pdf", pdf(pages=rang))], "remplacer": "on"}
        reponse = client.post(adresse, envoi, headers={"HX-Request": "true"})

    carte = texte(reponse)
    assert "Versions précédentes (2)" in carte
    assert "rib1.pdf (1 ko), du" in carte.replace("\xa0", " ") or "rib1.pdf (" in carte
    assert [piece.fichier.nom for piece in dossier.pieces.en_vigueur()] == ["rib3.pdf"]


def test_une_version_jamais_deposee_n_est_lue_que_par_la_structure(client, horloge):
    dossier = dossier_depose()
    piece = verser(dossier, "ancien.pdf", retiree_le=DEPOT_OUVERT + timedelta(hours=2))
    Depot.objects.create(
        dossier=dossier, rang=1, depose_le=DEPOT_OUVERT + timedelta(hours=3), par=dossier.cree_par, instantane={}
    )
    agent = UtilisateurFactory(instructeur_de=dossier.campagne.service)
    lecteur = UtilisateurFactory(lecteur_de=dossier.structure)
    voisin = UtilisateurFactory(signataire_de=StructureFactory())

    assert [statut(client, qui, piece) for qui in (lecteur, agent, voisin)] == [200, 404, 404]


@pytest.mark.parametrize(
    ("ajoutee", "deposee", "retiree", "lue"), [(1, 1, 2, 200), (1, 2, 2, 404), (2, 1, 3, 404), (1, 2, 3, 200)]
)
def test_une_version_deposee_puis_remplacee_reste_lue_par_le_service(client, ajoutee, deposee, retiree, lue):
    dossier, heure = dossier_depose(), timedelta(hours=1)
    piece = verser(dossier, "depose.pdf", retiree_le=DEPOT_OUVERT + retiree * heure)
    type(piece).objects.filter(pk=piece.pk).update(ajoutee_le=DEPOT_OUVERT + ajoutee * heure)
    Depot.objects.create(
        dossier=dossier, rang=1, depose_le=DEPOT_OUVERT + deposee * heure, par=dossier.cree_par, instantane={}
    )

    assert statut(client, UtilisateurFactory(instructeur_de=dossier.campagne.service), piece) == lue


# --- Models ---------------------------------------------------------------------------------------------------
@pytest.fixture
def dossier():
    return DossierFactory(
        structure=StructureFactory(denomination="L’Atelier « Nord » & fils", representant_nom="O’Brien <x>"),
        mandataire_nom="Fatima Exemple",
        mandataire_fonction="directrice",
    )


@pytest.mark.parametrize("code", sorted(AVEC_MODELE))
def test_le_modele_modifiable_est_rempli_et_passe_lui_meme_le_controle(dossier, code):
    contenu = rediger(dossier, code, "odt")

    fichier = Fichier.objects.deposer(SimpleUploadedFile("modele.odt", contenu), par=dossier.cree_par)
    assert fichier.extension == "odt"
    xml = _content(contenu)
    assert "L’Atelier « Nord » &amp; fils" in xml
    assert "{{" not in xml
    assert "&amp;amp;" not in xml


def _content(odt):
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(odt)) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        return archive.read("content.xml").decode()


def test_le_modele_de_pouvoir_nomme_les_deux_personnes(dossier):
    xml = _content(rediger(dossier, "pouvoir", "odt"))

    assert "O’Brien &lt;x&gt;" in xml
    assert "donne pouvoir à Fatima Exemple, directrice," in xml


def test_le_modele_se_telecharge_depuis_la_carte_dans_les_deux_formats(client, dossier):
    dossier.qualite_signataire = "mandataire"
    dossier.save()
    client.force_login(dossier.cree_par)
    page = client.get(reverse("candidatures:pieces", args=[dossier.numero])).content.decode()
    reponses = {}
    for format_ in ("odt", "pdf"):
        adresse = reverse("candidatures:piece_modele", args=[dossier.numero, "pouvoir", format_])
        assert adresse in page
        reponses[format_] = client.get(adresse)

    assert reponses["odt"]["Content-Type"] == "application/vnd.oasis.opendocument.text"
    assert reponses["odt"]["Content-Disposition"] == 'attachment; filename="pouvoir.odt"'
    assert reponses["pdf"].content.startswith(b"%PDF-")


@pytest.mark.parametrize(("code", "format_"), [("rib", "odt"), ("pouvoir", "docx"), ("rapport_cac", "pdf")])
def test_il_n_y_a_pas_d_autre_modele(client, dossier, code, format_):
    client.force_login(dossier.cree_par)

    assert client.get(reverse("candidatures:piece_modele", args=[dossier.numero, code, format_])).status_code == 404
