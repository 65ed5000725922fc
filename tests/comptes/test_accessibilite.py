"""Every page of accounts, empty, full and with errors, wide and narrow: axe finds nothing, nothing overflows."""

import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse
from playwright.sync_api import expect

from aap_portal.comptes.models import DemandeRattachement, Droit, Invitation, Membre
from tests.factories import ServiceFactory, StructureFactory, UtilisateurFactory, siret

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def verifier(page, axe):
    """`verifier("nom", …)`: the page of this address is right; `envoyer`: so is its answer to an empty form."""

    def juger():
        for largeur in (1280, 320):
            page.set_viewport_size({"width": largeur, "height": 900})
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= largeur, f"{page.url} at {largeur}"

    def visiter(nom, *arguments, envoyer="", requete=""):
        page.goto(reverse(nom, args=arguments) + requete)
        juger()
        if envoyer:
            page.locator("main").get_by_role("button", name=envoyer, exact=True).click()
            expect(page).to_have_title(re.compile("^Erreur"))
            juger()

    return visiter


def test_les_pages_d_entree(verifier):
    verifier("account_login", envoyer="Se connecter")
    verifier("account_signup", envoyer="Créer mon compte")
    verifier("account_reset_password", envoyer="Recevoir le lien")
    verifier("account_reset_password_done")
    verifier("account_reset_password_from_key", "1", "faux")
    verifier("account_reset_password_from_key_done")
    verifier("account_email_verification_sent")
    verifier("account_confirm_email", "faux")
    verifier("account_inactive")


def test_les_pages_de_son_compte(verifier, connecter):
    connecter(UtilisateurFactory(password="quatre mots bien choisis ensemble"))
    verifier("comptes:mon_compte")
    verifier("account_email", envoyer="Changer d’adresse")
    verifier("account_change_password", envoyer="Changer de mot de passe")
    verifier("account_reauthenticate", envoyer="Continuer")
    verifier("account_logout")
    verifier("mfa_index")
    verifier("mfa_activate_totp", envoyer="Activer")


def test_les_pages_du_second_facteur(page, verifier, connecter):
    phrase = "quatre mots bien choisis ensemble"
    personne = UtilisateurFactory(password=phrase)
    TOTP.activate(personne, generate_totp_secret())
    RecoveryCodes.activate(personne)
    connecter(personne)
    verifier("mfa_index")
    verifier("mfa_view_recovery_codes")
    verifier("mfa_generate_recovery_codes")
    verifier("mfa_deactivate_totp")
    verifier("mfa_reauthenticate", envoyer="Continuer")
    page.context.clear_cookies()
    page.goto(reverse("account_login"))
    page.get_by_label("Adresse électronique").fill(personne.email)
    page.get_by_label("Mot de passe").fill(phrase)
    page.locator("main").get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"**{reverse('mfa_authenticate')}")
    verifier("mfa_authenticate", envoyer="Se connecter")


def test_les_pages_d_une_structure(verifier, connecter):
    structure = StructureFactory(denomination="Association Exemple pour l’insertion")
    personne = UtilisateurFactory(signataire_de=structure)
    connecter(personne)
    verifier("comptes:structure", structure.pk, envoyer="Envoyer l’invitation")
    collegue = UtilisateurFactory(redacteur_de=structure)
    DemandeRattachement.objects.demander(UtilisateurFactory(), structure)
    Invitation.objects.inviter(courriel="c@exemple.fr", par=personne, structure=structure, droit=Droit.LECTEUR)
    verifier("comptes:structure", structure.pk)
    verifier("comptes:membre_retirer", collegue.appartenances.get().pk)
    verifier("comptes:structure_modifier", structure.pk)
    verifier("comptes:rattachement", envoyer="Continuer")
    verifier("comptes:structure_creer", siret(900), envoyer="Enregistrer la structure")
    Membre.objects.rattacher(personne, StructureFactory(), Droit.LECTEUR)
    verifier("comptes:structure")
    verifier("comptes:structure", structure.pk)
    verifier("candidatures:dossiers")


def test_les_pages_des_agents(page, verifier, connecter):
    service = ServiceFactory()
    personne = UtilisateurFactory(administrateur_de=service)
    connecter(personne)
    verifier("comptes:demandes")
    verifier("comptes:equipe")
    with page.expect_download() as tableau:
        page.goto(f"{reverse('comptes:export_pret')}?fichier={reverse('candidatures:file_tableur')}")
    assert tableau.value.suggested_filename.endswith(".xlsx")
    verifier("comptes:export_pret", requete=f"?fichier={reverse('candidatures:file_tableur')}")
    DemandeRattachement.objects.demander(UtilisateurFactory(), StructureFactory())
    Invitation.objects.inviter(courriel="m@exemple.fr", par=personne, service=service, role="membre_copil")
    verifier("comptes:demandes")
    verifier("comptes:equipe")


def test_la_liste_des_seconds_facteurs_dans_l_administration(page, axe, connecter):
    connecter(UtilisateurFactory(is_staff=True, is_superuser=True))
    page.goto(reverse("admin:mfa_authenticator_changelist"))
    axe(page)


def test_les_pages_d_une_invitation(verifier, connecter):
    service = ServiceFactory()
    par = UtilisateurFactory(administrateur_de=service)
    invitation, jeton = Invitation.objects.inviter(
        courriel="m@exemple.fr", par=par, service=service, role="membre_copil"
    )
    verifier("comptes:invitation", jeton, envoyer="Créer mon compte et accepter")
    connecter(par)
    verifier("comptes:invitation", jeton)
    connecter(UtilisateurFactory(email="m@exemple.fr"))
    verifier("comptes:invitation", jeton)
    invitation.annuler()
    verifier("comptes:invitation", jeton)
