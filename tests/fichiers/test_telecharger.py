import uuid

import pytest
from django.urls import reverse

from aap_portal.fichiers import acces
from aap_portal.fichiers.models import Analyse, Fichier, Telechargement
from aap_portal.fichiers.stockage import chemin_de
from tests.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lisibles(monkeypatch):
    """{person: files}: what a source declared for the time of the test lets them read."""
    droits = {}
    monkeypatch.setattr(acces, "_sources", [])
    acces.declarer_source(lambda personne: [fichier.pk for fichier in droits.get(personne, [])])
    return droits


@pytest.fixture
def fichier():
    return Fichier.objects.produire(b"contenu", nom="Récépissé de dépôt.pdf", type_mime="application/pdf")


def test_qui_peut_lire_un_fichier_le_recoit_en_piece_jointe(client, lisibles, fichier):
    personne = UtilisateurFactory()
    lisibles[personne] = [fichier]
    client.force_login(personne)

    reponse = client.get(fichier.get_absolute_url())

    assert reponse.status_code == 200
    assert b"".join(reponse.streaming_content) == b"contenu"
    assert reponse["Content-Disposition"] == (
        "attachment; filename*=utf-8''R%C3%A9c%C3%A9piss%C3%A9%20de%20d%C3%A9p%C3%B4t.pdf"
    )
    assert reponse["Content-Type"] == "application/pdf"
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert reponse["Cache-Control"] == "no-store"


def test_chaque_telechargement_est_note(client, lisibles, fichier):
    personne = UtilisateurFactory()
    lisibles[personne] = [fichier]
    client.force_login(personne)

    client.head(fichier.get_absolute_url()).getvalue()
    assert not Telechargement.objects.exists()
    client.get(fichier.get_absolute_url()).getvalue()
    client.get(fichier.get_absolute_url()).getvalue()

    assert list(Telechargement.objects.values_list("fichier", "personne")) == [(fichier.pk, personne.pk)] * 2


def test_un_etranger_ne_sait_pas_que_le_fichier_existe(client, lisibles, fichier):
    etranger = UtilisateurFactory()
    client.force_login(etranger)

    inconnu = reverse("fichiers:telecharger", args=[uuid.uuid4()])
    assert [client.get(adresse).status_code for adresse in (fichier.get_absolute_url(), inconnu)] == [404, 404]
    assert not Telechargement.objects.exists()


def test_un_anonyme_est_envoye_se_connecter(client, fichier):
    reponse = client.get(fichier.get_absolute_url())

    assert reponse.status_code == 302
    assert reponse["Location"].startswith(reverse("account_login"))


def test_avoir_depose_un_fichier_ne_donne_aucun_droit(client, lisibles):
    personne = UtilisateurFactory()
    fichier = Fichier.objects.produire(b"x", nom="a.pdf", type_mime="application/pdf")
    Fichier.objects.update(depose_par=personne)
    client.force_login(personne)

    assert client.get(fichier.get_absolute_url()).status_code == 404


def test_les_sources_s_ajoutent(lisibles, fichier):
    personne, autre = UtilisateurFactory(), Fichier.objects.produire(b"y", nom="b.pdf", type_mime="application/pdf")
    lisibles[personne] = [fichier]
    acces.declarer_source(lambda _: Fichier.objects.filter(pk=autre.pk).values("pk"))

    assert set(Fichier.objects.visibles_par(personne)) == {fichier, autre}


def test_sans_source_personne_ne_lit_rien(monkeypatch, fichier):
    monkeypatch.setattr(acces, "_sources", [])

    assert not Fichier.objects.visibles_par(UtilisateurFactory(is_superuser=True)).exists()


def test_un_fichier_infecte_n_est_lu_par_personne_et_un_fichier_en_attente_par_son_seul_deposant(lisibles, fichier):
    deposant, collegue = UtilisateurFactory(), UtilisateurFactory()
    lisibles[deposant] = lisibles[collegue] = [fichier]
    vu = {}
    for analyse in Analyse:
        Fichier.objects.update(analyse=analyse, depose_par=deposant)
        vu[analyse] = [Fichier.objects.visibles_par(qui).exists() for qui in (deposant, collegue)]

    assert vu == {
        Analyse.NON_ANALYSE: [True, True],
        Analyse.EN_ATTENTE: [True, False],
        Analyse.SAIN: [True, True],
        Analyse.INFECTE: [False, False],
    }


def test_un_contenu_disparu_du_disque_n_est_pas_une_erreur_interne(client, lisibles, fichier):
    personne = UtilisateurFactory()
    lisibles[personne] = [fichier]
    client.force_login(personne)
    chemin_de(fichier.cle).unlink()

    assert client.get(fichier.get_absolute_url()).status_code == 404
    assert not Telechargement.objects.exists()


def test_un_telechargement_ne_se_fait_pas_par_envoi_de_formulaire(client, lisibles, fichier):
    client.force_login(UtilisateurFactory())

    assert client.post(fichier.get_absolute_url()).status_code == 405
