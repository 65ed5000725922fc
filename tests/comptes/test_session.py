from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.comptes.sessions import CHAMP_AUTEUR, SAISIE_MAX, signature
from aap_portal.referentiel.models import Structure
from tests.comptes.test_structure import FICHE
from tests.factories import ServiceFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db

PHRASE = "quatre mots bien choisis ensemble"
CONNEXION = reverse("account_login")
MON_COMPTE = reverse("comptes:mon_compte")
CONSERVEE = "Votre session avait expiré. Votre saisie a été conservée"


def dans(**delai):
    return time_machine.travel(timezone.now() + timedelta(**delai))


def champ_auteur(reponse):
    """The signed field as the page printed it."""
    return reponse.content.decode().split(f'name="{CHAMP_AUTEUR}" value="')[1].split('"')[0]


def se_connecter(client, personne, **suite):
    return client.post(CONNEXION, {"login": personne.email, "password": PHRASE}, **suite)


@pytest.mark.parametrize(
    ("role", "avant", "apres", "duree"),
    [
        ("signataire", {"hours": 3, "minutes": 59}, {"hours": 4, "minutes": 1}, "4 heures"),
        ("instructeur", {"minutes": 29}, {"minutes": 31}, "30 minutes"),
        ("membre_copil", {"minutes": 29}, {"minutes": 31}, "30 minutes"),
    ],
)
def test_la_session_finit_apres_un_temps_sans_activite_qui_depend_du_role(client, role, avant, apres, duree):
    objet = StructureFactory() if role == "signataire" else ServiceFactory()
    client.force_login(UtilisateurFactory(**{f"{role}_de": objet}))
    client.get(MON_COMPTE)

    with dans(**avant):
        assert client.get(MON_COMPTE).status_code == 200
        with dans(**apres):
            reponse = client.get(MON_COMPTE, follow=True)

    assertRedirects(reponse, f"{CONNEXION}?next={MON_COMPTE}")
    assertContains(reponse, f"Votre session a expiré après {duree} d’inactivité.")


def test_l_activite_est_notee_au_plus_une_fois_par_minute(client):
    client.force_login(UtilisateurFactory())
    client.get(MON_COMPTE)
    premiere = client.session["active_le"]

    with dans(seconds=50):
        client.get(MON_COMPTE)
        assert client.session["active_le"] == premiere
    with dans(seconds=70):
        client.get(MON_COMPTE)
        assert client.session["active_le"] > premiere


def test_rien_de_ce_que_voit_une_personne_connectee_ne_reste_dans_un_cache(client):
    client.force_login(UtilisateurFactory())

    for reponse in (client.get(MON_COMPTE), client.get("/introuvable/"), client.post(reverse("account_logout"))):
        assert reponse["Cache-Control"] == "no-store"


@pytest.fixture
def fiche(client):
    """A signataire in the middle of the sheet of their structure, and what the browser will send."""
    structure = StructureFactory()
    personne = UtilisateurFactory(email="awa@structure.fr", password=PHRASE, signataire_de=structure)
    se_connecter(client, personne)
    page = reverse("comptes:structure_modifier", args=[structure.pk])
    saisie = FICHE | {"ville": "Pamandzi", CHAMP_AUTEUR: champ_auteur(client.get(page))}
    return personne, page, saisie


def test_la_saisie_faite_apres_la_fin_de_la_session_revient_a_son_auteur(client, fiche):
    personne, page, saisie = fiche
    with dans(hours=5):
        reponse = client.post(page, saisie, follow=True)
        assertRedirects(reponse, CONNEXION)
        assertContains(reponse, "Votre session a expiré après 4 heures d’inactivité.")
        assert not Structure.objects.filter(ville="Pamandzi").exists()

        reponse = se_connecter(client, personne, follow=True)

        assertRedirects(reponse, page)
        assertContains(reponse, CONSERVEE)
        assertContains(reponse, 'value="Pamandzi"')
        assert not Structure.objects.filter(ville="Pamandzi").exists()
        assertNotContains(client.get(page), "Pamandzi")  # once


def test_la_saisie_est_conservee_meme_quand_le_cookie_de_session_a_disparu(client, fiche):
    personne, page, saisie = fiche
    client.cookies.pop("sessionid")

    client.post(page, saisie)

    assertContains(se_connecter(client, personne, follow=True), 'value="Pamandzi"')


def test_une_autre_personne_ne_voit_jamais_la_saisie(client, fiche):
    personne, page, saisie = fiche
    autre = UtilisateurFactory(
        email="autre@structure.fr", password=PHRASE, signataire_de=Structure.objects.get(membres__utilisateur=personne)
    )
    client.cookies.pop("sessionid")
    client.post(page, saisie)

    assertRedirects(se_connecter(client, autre), reverse("accueil"), fetch_redirect_response=False)
    assertNotContains(client.get(page), "Pamandzi")
    assert "saisie" not in client.session
    client.post(reverse("account_logout"))
    se_connecter(client, personne)
    assertNotContains(client.get(page), "Pamandzi")


def test_ni_mot_de_passe_ni_saisie_demesuree_ne_sont_conserves(client, fiche):
    _, page, saisie = fiche
    client.cookies.pop("sessionid")
    client.post(page, saisie | {"password": "secret", "mot_de_passe": "secret"})
    assert "secret" not in client.session["saisie"]["donnees"]
    client.session.flush()

    client.cookies.pop("sessionid")
    client.post(page, saisie | {"ville": "x" * SAISIE_MAX})
    assert "saisie" not in client.session


@pytest.mark.parametrize("faux", ["", "faux", "WzEsIi8iXQ:1:1"])
def test_sans_la_signature_de_son_auteur_une_saisie_n_est_pas_conservee(client, fiche, faux):
    _, page, saisie = fiche
    client.cookies.pop("sessionid")

    client.post(page, saisie | {CHAMP_AUTEUR: faux})

    assert "saisie" not in client.session


def test_un_formulaire_d_une_autre_session_du_meme_auteur_n_est_pas_perdu(fiche):
    """Logged in again in another tab: the token of the old page is refused, its typing is given back."""
    personne, page, saisie = fiche
    client = Client(enforce_csrf_checks=True)
    client.force_login(personne)

    reponse = client.post(page, saisie | {"csrfmiddlewaretoken": "x" * 64}, follow=True)

    assertRedirects(reponse, page)
    assertContains(reponse, 'value="Pamandzi"')
    assert not Structure.objects.filter(ville="Pamandzi").exists()


def test_un_formulaire_d_un_autre_auteur_est_refuse(fiche):
    _, page, saisie = fiche
    client = Client(enforce_csrf_checks=True)
    client.force_login(UtilisateurFactory())

    reponse = client.post(page, saisie | {"csrfmiddlewaretoken": "x" * 64})

    assertContains(reponse, "rien n’a été enregistré", status_code=403)
    assert "saisie" not in client.session


def test_la_page_ou_revenir_peut_etre_une_autre_que_celle_du_formulaire():
    requete = RequestFactory().get("/ici/")
    requete.user = UtilisateurFactory()

    assert signature(requete, "/ailleurs/") != signature(requete)


def test_htmx_sans_session_mene_toute_la_page_a_la_connexion(client, fiche):
    _, page, _ = fiche
    client.cookies.pop("sessionid")
    entetes = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}

    reponse = client.get(page, headers=entetes)

    assert reponse.status_code == 200
    adresse = urlsplit(reponse["HX-Redirect"])
    assert (adresse.path, parse_qs(adresse.query)) == (CONNEXION, {"next": [page]})


def test_htmx_garde_aussi_la_saisie(client, fiche):
    personne, page, saisie = fiche
    client.cookies.pop("sessionid")

    reponse = client.post(page, saisie, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"})

    assert "HX-Redirect" in reponse
    assertContains(se_connecter(client, personne, follow=True), 'value="Pamandzi"')
