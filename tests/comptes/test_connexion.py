import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.comptes.models import Utilisateur
from aap_portal.courriels.models import Courriel
from tests.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db

PHRASE = "quatre mots bien choisis ensemble"
CONNEXION = reverse("account_login")
INSCRIPTION = {
    "first_name": "Awa",
    "last_name": "Exemple",
    "email": "Awa@Structure.fr",
    "password1": PHRASE,
    "password2": PHRASE,
}


def identifiants(**champs):
    return {"login": "awa@structure.fr", "password": PHRASE} | champs


def lien_du_dernier_message():
    return re.search(r"https?://\S+?(/compte/\S+)", Courriel.objects.latest("pk").corps).group(1)


def test_on_se_connecte_par_son_adresse_quelle_qu_en_soit_la_casse(client):
    personne = UtilisateurFactory(email="awa@structure.fr", password=PHRASE)

    reponse = client.post(CONNEXION, identifiants(login="AWA@structure.FR"))

    assertRedirects(reponse, reverse("accueil"), fetch_redirect_response=False)
    assert client.session["_auth_user_id"] == str(personne.pk)


@pytest.mark.parametrize("faux", [{"password": "autre"}, {"login": "inconnu@structure.fr"}])
def test_une_erreur_ne_dit_pas_si_le_compte_existe(client, faux):
    UtilisateurFactory(email="awa@structure.fr", password=PHRASE)

    reponse = client.post(CONNEXION, identifiants(**faux))

    assertContains(reponse, "L’adresse électronique ou le mot de passe est inexact.")
    assert "_auth_user_id" not in client.session


def test_apres_cinq_echecs_le_compte_attend_meme_avec_le_bon_mot_de_passe(client):
    UtilisateurFactory(email="awa@structure.fr", password=PHRASE)
    for _ in range(5):
        client.post(CONNEXION, identifiants(password="autre"))

    reponse = client.post(CONNEXION, identifiants())

    assertContains(reponse, "Trop d’essais de connexion. Attendez cinq minutes, puis recommencez.")
    assert "_auth_user_id" not in client.session


def test_trop_de_demandes_d_une_meme_adresse_recoivent_une_page_429_en_francais(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    for _ in range(2):
        client.post(CONNEXION, identifiants())

    reponse = client.post(CONNEXION, identifiants())

    assertContains(reponse, "Trop de tentatives ont eu lieu en peu de temps.", status_code=429)


def test_s_inscrire_ne_donne_aucun_role_et_attend_la_confirmation_de_l_adresse(client):
    reponse = client.post(reverse("account_signup"), INSCRIPTION)

    assertRedirects(reponse, reverse("account_email_verification_sent"))
    personne = Utilisateur.objects.get()
    assert (personne.email, personne.nom_complet) == ("awa@structure.fr", "Awa Exemple")
    assert (personne.roles_par_service, personne.droits_par_structure) == ({}, {})
    assert (personne.is_staff, personne.is_superuser) == (False, False)
    assert "_auth_user_id" not in client.session


def test_un_role_glisse_dans_le_formulaire_d_inscription_ne_donne_rien(client):
    forces = {"role": "administrateur", "is_staff": "1", "is_superuser": "1", "habilitations": "1"}
    client.post(reverse("account_signup"), INSCRIPTION | forces)

    personne = Utilisateur.objects.get()
    assert (personne.is_staff, personne.is_superuser, personne.roles_par_service) == (False, False, {})


def test_le_message_de_confirmation_passe_par_la_boite_d_envoi_et_ouvre_le_compte(client, settings):
    client.post(reverse("account_signup"), INSCRIPTION)

    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.confidentiel) == ("awa@structure.fr", True)
    assert courriel.objet == "Confirmez votre adresse électronique"
    assert settings.SITE_URL in courriel.corps
    lien = lien_du_dernier_message()
    assertContains(client.get(lien), "Confirmez que l’adresse <strong>awa@structure.fr</strong> est la vôtre.")
    client.post(lien)
    assert Utilisateur.objects.get().emailaddress_set.filter(verified=True).exists()


def test_sans_adresse_confirmee_on_n_entre_pas(client):
    client.post(reverse("account_signup"), INSCRIPTION)
    client.cookies.clear()

    reponse = client.post(CONNEXION, identifiants())

    assertRedirects(reponse, reverse("account_email_verification_sent"))
    assert "_auth_user_id" not in client.session


def test_s_inscrire_avec_une_adresse_connue_repond_comme_une_premiere_fois_et_previent_son_titulaire(client):
    UtilisateurFactory(email="awa@structure.fr", password="une autre phrase de passe")

    reponse = client.post(reverse("account_signup"), INSCRIPTION)

    assertRedirects(reponse, reverse("account_email_verification_sent"))
    assert Utilisateur.objects.count() == 1
    assert Courriel.objects.get().objet == "Vous avez déjà un compte"


def test_un_mot_de_passe_court_est_refuse_en_francais(client):
    court = {"password1": "quatorze signe", "password2": "quatorze signe"}

    reponse = client.post(reverse("account_signup"), INSCRIPTION | court)

    assertContains(reponse, "Ce mot de passe est trop court.")
    assert not Utilisateur.objects.exists()


def test_mot_de_passe_oublie(client):
    personne = UtilisateurFactory(email="awa@structure.fr", password=PHRASE)
    reponse = client.post(reverse("account_reset_password"), {"email": "awa@structure.fr"})
    assertRedirects(reponse, reverse("account_reset_password_done"))
    lien = lien_du_dernier_message()

    page = client.get(lien, follow=True)
    nouveau = {"password1": "une phrase toute nouvelle", "password2": "une phrase toute nouvelle"}
    reponse = client.post(page.redirect_chain[-1][0], nouveau)

    assertRedirects(reponse, reverse("account_reset_password_from_key_done"))
    personne.refresh_from_db()
    assert personne.check_password("une phrase toute nouvelle")
    assertContains(client.get(lien, follow=True), "Ce lien a déjà servi ou a expiré.")


def test_mot_de_passe_oublie_repond_de_meme_pour_une_adresse_inconnue(client):
    reponse = client.post(reverse("account_reset_password"), {"email": "inconnu@structure.fr"})

    assertRedirects(reponse, reverse("account_reset_password_done"))
    assert Courriel.objects.get().objet == "Aucun compte avec cette adresse"


def test_changer_de_mot_de_passe_previent_le_titulaire(client):
    personne = UtilisateurFactory(email="awa@structure.fr", password=PHRASE)
    client.force_login(personne)
    nouveau = "une phrase toute nouvelle"

    reponse = client.post(
        reverse("account_change_password"), {"oldpassword": PHRASE, "password1": nouveau, "password2": nouveau}
    )

    assert reponse.status_code == 302
    personne.refresh_from_db()
    assert personne.check_password(nouveau)
    assert "Le mot de passe de votre compte a été changé." in Courriel.objects.get().corps


@pytest.mark.parametrize(
    "page",
    ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"],
)
def test_les_pages_d_entree_sont_ouvertes_a_tous(client, page):
    reponse = client.get(reverse(page))

    assert reponse.status_code == 200
    assertNotContains(reponse, "placeholder")


@pytest.mark.parametrize(
    "chemin", ["login/", "mot-de-passe/set/", "login/code/", "2fa/webauthn/", "social/", "phone/verify/"]
)
def test_les_pages_inutilisees_n_existent_pas(client, chemin):
    assert client.get(f"/compte/{chemin}").status_code == 404


def test_se_deconnecter_passe_par_un_formulaire(client):
    client.force_login(UtilisateurFactory())

    assertContains(client.get(reverse("account_logout")), "Voulez-vous vous déconnecter")
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session
