"""Files sent by pieces: in any order, twice, cut, by somebody else, too late; what is received is what was sent."""

import socket
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from aap_portal.fichiers import morceaux
from aap_portal.fichiers.models import Televersement, TropDEnvois
from aap_portal.fichiers.models.televersement import DEBUTS_MAX, DUREE, PERIODE
from aap_portal.referentiel.erreurs import ErreurMetier
from tests.courses import courir
from tests.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db

PAS = 20_000
JETON = "a" * 32
CONTENU = bytes(rang % 251 for rang in range(5 * PAS))


@pytest.fixture
def personne(client):
    personne = UtilisateurFactory()
    client.force_login(personne)
    return personne


def commencer(personne, *, nom="scan.pdf", taille=5 * PAS, marque="1", cible="essai"):
    return Televersement.objects.commencer(par=personne, cible=cible, nom=nom, taille=taille, marque=marque)


def envoyer(client, envoi, debut, contenu, **entetes):
    adresse = f"{envoi.get_absolute_url()}?debut={debut}"
    return client.post(adresse, contenu, content_type="application/octet-stream", headers=entetes)


def morceau(rang):
    return CONTENU[rang * PAS : (rang + 1) * PAS]


def ecrit(envoi):
    return morceaux.chemin_de(envoi.cle).read_bytes()


def test_les_morceaux_dans_l_ordre_font_le_fichier(client, personne):
    envoi = commencer(personne)
    assert client.get(envoi.get_absolute_url()).json() == {
        "adresse": envoi.get_absolute_url(),
        "cle": str(envoi.cle),
        "recu": 0,
        "taille": 100_000,
        "morceau": 1024 * 1024,
        "refus": "",
    }

    recus = [envoyer(client, envoi, rang * PAS, morceau(rang)).json()["recu"] for rang in range(5)]

    assert recus == [20_000, 40_000, 60_000, 80_000, 100_000]
    envoi.refresh_from_db()
    with envoi.ouvrir() as televerse:
        assert (televerse.read(), televerse.name, televerse.size) == (CONTENU, "scan.pdf", 100_000)


def test_un_morceau_recu_deux_fois_ou_trop_tot_ne_change_rien(client, personne):
    envoi = commencer(personne)
    envoyer(client, envoi, 0, morceau(0))

    assert envoyer(client, envoi, 0, b"x" * PAS).json()["recu"] == PAS  # again, and even with something else
    assert envoyer(client, envoi, 3 * PAS, morceau(3)).json()["recu"] == PAS  # leaves a hole
    assert envoyer(client, envoi, 10, morceau(0)).json()["recu"] == PAS  # overlaps
    assert ecrit(envoi) == morceau(0)


@pytest.mark.parametrize("debut", ["", "-1", "x", "²", "9" * 30])
def test_un_morceau_sans_place_est_refuse(client, personne, debut):
    envoi = commencer(personne)

    reponse = envoyer(client, envoi, debut, morceau(0))

    assert (reponse.status_code, reponse.json()["recu"]) == (400, 0)


@pytest.mark.django_db(transaction=True)
def test_un_morceau_coupe_en_chemin_n_est_pas_garde(client, personne, live_server, settings):
    envoi = commencer(personne)
    serveur = urlsplit(live_server.url)

    with socket.create_connection((serveur.hostname, serveur.port)) as ligne:
        ligne.sendall(
            f"POST {envoi.get_absolute_url()}?debut=0 HTTP/1.1\r\nHost: {serveur.netloc}\r\nContent-Length: {PAS}\r\n"
            f"Cookie: sessionid={client.cookies['sessionid'].value}; csrftoken={JETON}\r\nX-CSRFToken: {JETON}\r\n"
            "Content-Type: application/octet-stream\r\n\r\n".encode()
            + morceau(0)[:-1]
        )
        ligne.shutdown(socket.SHUT_WR)
        reponse = ligne.recv(4096)

    assert reponse.startswith(b"HTTP/1.1 400")
    envoi.refresh_from_db()
    assert envoi.recu == 0


def test_un_morceau_de_plus_d_un_megaoctet_n_est_pas_lu(client, personne):
    envoi = commencer(personne, taille=3_000_000)

    reponse = envoyer(client, envoi, 0, bytes(1024 * 1024 + 1))

    assert reponse.status_code == 413
    assert reponse.json()["recu"] == 0
    assert envoyer(client, envoi, 0, bytes(1024 * 1024)).json()["recu"] == 1024 * 1024


def test_plus_d_octets_que_la_taille_annoncee_est_un_refus(client, personne):
    envoi = commencer(personne, taille=PAS + 1)
    envoyer(client, envoi, 0, morceau(0))

    reponse = envoyer(client, envoi, PAS, b"ab")

    assert reponse.status_code == 422
    assert reponse.json()["erreur"] == (
        "«\u00a0scan.pdf\u00a0» a changé pendant l’envoi\u00a0: choisissez-le à nouveau."
    )
    assert envoyer(client, envoi, PAS, b"a").json()["recu"] == PAS + 1


def test_un_morceau_trop_court_est_refuse_sauf_le_dernier(client, personne):
    envoi = commencer(personne, taille=morceaux.MORCEAU_MIN + 1)

    assert envoyer(client, envoi, 0, bytes(morceaux.MORCEAU_MIN - 1)).status_code == 422
    assert envoyer(client, envoi, 0, bytes(morceaux.MORCEAU_MIN)).status_code == 200
    assert envoyer(client, envoi, morceaux.MORCEAU_MIN, b"f").json()["recu"] == morceaux.MORCEAU_MIN + 1


def test_l_envoi_d_un_autre_n_existe_pas(client, personne):
    envoi = commencer(UtilisateurFactory())

    codes = [
        client.get(envoi.get_absolute_url()).status_code,
        envoyer(client, envoi, 0, morceau(0)).status_code,
        client.post(reverse("fichiers:televersement_abandonner", args=[envoi.cle])).status_code,
    ]

    assert codes == [404, 404, 404]
    assert Televersement.objects.get().recu == 0


def test_le_meme_fichier_de_la_meme_personne_reprend_un_autre_recommence(personne):
    envoi = commencer(personne)
    envoi.recevoir(0, morceau(0))

    repris = commencer(personne)

    assert (repris.pk, repris.recu) == (envoi.pk, PAS)
    autres = [
        commencer(personne, nom="autre.pdf"),
        commencer(personne, taille=PAS),
        commencer(personne, marque="2"),
        commencer(personne, cible="ailleurs"),
        commencer(UtilisateurFactory()),
    ]
    assert envoi.pk not in {autre.pk for autre in autres}


def test_un_envoi_est_oublie_un_jour_apres_son_dernier_morceau(client, personne):
    debut = timezone.now()
    with time_machine.travel(debut, tick=False) as horloge:
        envoi = commencer(personne)
        horloge.shift(timedelta(hours=23))
        envoi.recevoir(0, morceau(0))
        client.force_login(personne)  # the session would have ended
        horloge.move_to(debut + timedelta(hours=23) + DUREE - timedelta(seconds=1))
        call_command("entretien", verbosity=0)
        assert commencer(personne).recu == PAS

        horloge.shift(timedelta(seconds=1))
        client.force_login(personne)
        assert client.get(envoi.get_absolute_url()).status_code == 404
        assert Televersement.objects.purger() == 1

    assert not Televersement.objects.exists()
    assert not morceaux.chemin_de(envoi.cle).exists()
    assert Televersement.objects.purger() == 0


def test_des_octets_sans_envoi_sont_retires_au_bout_d_un_jour(personne):
    envoi = commencer(personne)
    envoi.recevoir(0, morceau(0))
    Televersement.objects.filter(pk=envoi.pk).delete()  # as when an account goes

    assert Televersement.objects.purger() == 0
    with time_machine.travel(timezone.now() + DUREE + timedelta(minutes=1)):
        assert Televersement.objects.purger() == 1
    assert not morceaux.chemin_de(envoi.cle).exists()


def test_annuler_rend_la_place(client, personne):
    envoi = commencer(personne)
    envoi.recevoir(0, morceau(0))

    assert client.post(reverse("fichiers:televersement_abandonner", args=[envoi.cle])).status_code == 200
    assert not Televersement.objects.exists()
    assert not morceaux.chemin_de(envoi.cle).exists()


@pytest.mark.parametrize(
    ("nom", "taille", "phrase"),
    [
        ("programme.exe", 10, "est d’un type que le portail ne reçoit pas"),
        ("vide.pdf", 0, "est vide"),
        ("gros.pdf", 20 * 1024 * 1024 + 1, "dépasse 20\u00a0Mo"),
    ],
)
def test_ce_qui_serait_refuse_a_la_fin_l_est_avant_d_etre_envoye(personne, nom, taille, phrase):
    with pytest.raises(ErreurMetier, match=phrase):
        commencer(personne, nom=nom, taille=taille)
    assert commencer(personne, nom="juste.pdf", taille=20 * 1024 * 1024).recu == 0


def test_une_personne_n_a_pas_plus_d_envois_inacheves_que_n_en_tient_un_dossier(personne, settings):
    settings.DOSSIER_FICHIERS_MAX, settings.DOSSIER_TAILLE_MAX = 2, 100
    commencer(personne, nom="a.pdf", taille=40)
    with pytest.raises(ErreurMetier, match="n’est pas envoyé\u00a0: trop d’envois sont restés inachevés"):
        commencer(personne, nom="b.pdf", taille=61)
    commencer(personne, nom="b.pdf", taille=60)
    Televersement.objects.filter(nom="b.pdf").update(taille=1)
    with pytest.raises(ErreurMetier, match="inachevés"):
        commencer(personne, nom="c.pdf", taille=1)
    assert commencer(UtilisateurFactory(), nom="c.pdf", taille=1).pk


def test_les_envois_commences_par_une_personne_sont_comptes(personne):
    Televersement.objects.bulk_create(
        Televersement(proprietaire=personne, nom="a.pdf", taille=1, refus="non", expire_le=timezone.now() + DUREE)
        for _ in range(DEBUTS_MAX - 1)
    )
    commencer(personne)
    with pytest.raises(TropDEnvois):
        commencer(personne, nom="autre.pdf")
    assert commencer(personne).pk  # the same one goes on
    with time_machine.travel(timezone.now() + PERIODE + timedelta(seconds=1)):
        assert commencer(personne, nom="autre.pdf").pk


def test_un_disque_plein_est_dit_et_rien_n_avance(client, personne, monkeypatch):
    envoi = commencer(personne)

    def plein(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.pwrite", plein)
    reponse = envoyer(client, envoi, 0, morceau(0))

    assert reponse.status_code == 422
    assert "n’a pas pu être enregistré par le portail" in reponse.json()["erreur"]
    assert reponse.json()["recu"] == 0


# --- The same piece from several processes at once ---------------------------------------------------------
def recevoir(cle, debut, repertoire):
    from django.conf import settings

    settings.FICHIERS_DIR = repertoire
    envoi = Televersement.objects.get(cle=cle)
    envoi.recevoir(debut, CONTENU[debut : debut + PAS])
    return envoi.recu


@pytest.mark.django_db(transaction=True)
def test_le_meme_morceau_venu_de_quatre_processus_n_avance_qu_une_fois(settings):
    envoi = commencer(UtilisateurFactory())
    envoi.recevoir(0, morceau(0))
    tour = {"cle": str(envoi.cle), "debut": PAS, "repertoire": str(settings.FICHIERS_DIR)}

    resultats = courir("tests.fichiers.test_televerser:recevoir", [tour] * 4)

    assert resultats == [2 * PAS] * 4
    envoi.refresh_from_db()
    assert (envoi.recu, ecrit(envoi)) == (2 * PAS, CONTENU[: 2 * PAS])
