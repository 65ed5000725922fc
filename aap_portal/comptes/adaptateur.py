"""How allauth speaks here: through the outbox, in our words, with links on the public address of the site."""

from datetime import timedelta
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone

from aap_portal.comptes.sessions import chemin_a_reprendre
from aap_portal.courriels.models import Courriel

GABARITS = {
    "account/email/email_confirmation": "comptes/confirmation",
    "account/email/email_confirmation_signup": "comptes/confirmation",
    "account/email/account_already_exists": "comptes/compte_existant",
    "account/email/password_reset_key": "comptes/mot_de_passe",
    "account/email/unknown_account": "comptes/compte_inconnu",
}
# What allauth tells a person after a change made to their account: one template, one sentence each.
CHANGEMENTS = {
    "account/email/password_changed": "Le mot de passe de votre compte a été changé.",
    "account/email/password_reset": "Le mot de passe de votre compte a été changé.",
    "account/email/password_set": "Le mot de passe de votre compte a été défini.",
    "account/email/email_changed": "L’adresse électronique de votre compte a été changée.",
    "account/email/email_confirm": "L’adresse électronique de votre compte a été confirmée.",
    "account/email/email_deleted": "Une adresse électronique a été retirée de votre compte.",
    "mfa/email/totp_activated": "Le second facteur de votre compte a été activé.",
    "mfa/email/totp_deactivated": "Le second facteur de votre compte a été désactivé.",
    "mfa/email/recovery_codes_generated": "De nouveaux codes de secours ont été produits pour votre compte.",
}


def lien(nom, *arguments):
    return settings.SITE_URL + reverse(nom, args=arguments)


class AdaptateurCompte(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Ce compte est désactivé.",
        "email_password_mismatch": "L’adresse électronique ou le mot de passe est inexact.",
        "email_taken": "Un compte existe déjà avec cette adresse électronique.",
        "enter_current_password": "Indiquez votre mot de passe actuel.",
        "incorrect_password": "Le mot de passe est inexact.",
        "incorrect_code": "Le code est inexact.",
        "invalid_password_reset": "Ce lien a déjà servi ou a expiré.",
        "same_as_current": "La nouvelle valeur est la même que l’actuelle.",
        "too_many_login_attempts": "Trop d’essais de connexion. Attendez cinq minutes, puis recommencez.",
        "unknown_email": "Aucun compte n’a cette adresse électronique.",
    }

    def send_mail(self, template_prefix, email, context):
        changement = CHANGEMENTS.get(template_prefix, "")
        Courriel.objects.deposer(
            cle=f"{template_prefix}:{uuid4()}",
            destinataire=email,
            gabarit="comptes/changement" if changement else GABARITS[template_prefix],
            contexte={
                "changement": changement,
                "lien_inscription": lien("account_signup"),
                "contact": settings.CONTACT_COURRIEL,
            },
            lien=context.get("activate_url") or context.get("password_reset_url") or reverse("account_login"),
            confidentiel=True,
        )

    def get_email_confirmation_url(self, request, emailconfirmation):
        return lien("account_confirm_email", emailconfirmation.key)

    def get_reset_password_from_key_url(self, key):
        uid, _, jeton = key.partition("-")
        return lien("account_reset_password_from_key", uid, jeton)

    def is_reauthentication_required(self, *, app, **kwargs):
        """A person who has just logged in sets up a first second factor without giving the password again."""
        personne = self.request.user
        limite = timezone.now() - timedelta(minutes=5)
        if app == "allauth.mfa" and personne.last_login and personne.last_login > limite:
            return personne.authenticator_set.filter(created_at__lt=limite).exists()
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_login_redirect_url(self, request):
        """Back to the page whose typing was saved when the session ended, if it was this person's."""
        return chemin_a_reprendre(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
