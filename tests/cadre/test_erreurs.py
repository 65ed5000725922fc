"""Error pages: French, right status, and standing when little else does."""

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from aap_portal import erreurs


def test_une_adresse_inconnue_repond_404(client, site, db):
    reponse = client.get("/vitrine/rien/")
    assertContains(reponse, "Cette page n’existe pas, ou vous n’y avez pas accès.", status_code=404)


@pytest.mark.parametrize("adresse", ["/vitrine/%00", "/dossiers/%00/"])
def test_une_adresse_qui_porte_un_nul_n_existe_pas(client, site, db, adresse):
    assertContains(client.get(adresse), "Cette page n’existe pas", status_code=404)


def test_un_refus_dit_sa_raison(client, site):
    reponse = client.get("/vitrine/refus/")
    assertContains(reponse, "Ce dossier est instruit par un autre service.", status_code=403)


def test_une_panne_repond_500_sans_base_de_donnees(site):
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "inconnue"  # reading that session needs the database, which is closed here
    reponse = client.get("/vitrine/panne/")
    assertContains(reponse, "Le portail a rencontré une erreur.", status_code=500)
    assertNotContains(reponse, "Traceback", status_code=500)


def test_une_page_de_panne_n_invite_personne_a_se_connecter(site, db):
    """It is shown without knowing who is there: somebody connected must not think that they are not."""
    for chemin, statut in (("/vitrine/panne/", 500), ("/vitrine/rien/", 404)):
        reponse = Client(raise_request_exception=False).get(chemin)
        assert ("Se connecter" in reponse.content.decode()) is (statut == 404)


def test_un_hote_inconnu_repond_400(client, site):
    reponse = client.get("/vitrine/", headers={"host": "ailleurs.example"})
    assertContains(reponse, "Le serveur n’a pas pu lire cette demande.", status_code=400)


def test_un_formulaire_sans_jeton_repond_403_et_dit_que_faire(site):
    client = Client(enforce_csrf_checks=True)
    reponse = client.post("/vitrine/formulaires/")
    assertContains(reponse, "rien n’a été enregistré", status_code=403)
    assertContains(reponse, "copiez ce que vous avez écrit", status_code=403)


def test_trop_de_tentatives_repond_429(rf):
    assertContains(erreurs.trop_de_requetes(rf.get("/")), "attendez quelques minutes", status_code=429)


@pytest.mark.parametrize("chemin", ["/vitrine/rien/", "/vitrine/refus/", "/vitrine/panne/"])
def test_les_pages_d_erreur_portent_la_politique_de_securite(site, db, chemin):
    reponse = Client(raise_request_exception=False).get(chemin)
    assert "default-src 'self'" in reponse.headers["Content-Security-Policy"]
