"""allauth's pages that we use, under French addresses; the others have no address, hence answer 404."""

from allauth.account import views as compte
from allauth.mfa.base import views as facteur
from allauth.mfa.recovery_codes import views as secours
from allauth.mfa.totp import views as totp
from django.urls import path, re_path
from django.views.generic import RedirectView

urlpatterns = [
    path("connexion/", compte.login, name="account_login"),
    path("deconnexion/", compte.logout, name="account_logout"),
    path("inscription/", compte.signup, name="account_signup"),
    path("compte-desactive/", compte.account_inactive, name="account_inactive"),
    path("verification/", compte.reauthenticate, name="account_reauthenticate"),
    path("adresse/", compte.email, name="account_email"),
    path("adresse/confirmation/", compte.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^adresse/confirmation/(?P<key>[-:\w]+)/$", compte.confirm_email, name="account_confirm_email"),
    path("mot-de-passe/", compte.password_change, name="account_change_password"),
    # An account without a password chooses its first one as a forgotten one: by a link sent to its address.
    path(
        "mot-de-passe/definir/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    path("mot-de-passe/oublie/", compte.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", compte.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        compte.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/oublie/change/",
        compte.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-facteur/", facteur.index, name="mfa_index"),
    path("second-facteur/code/", facteur.authenticate, name="mfa_authenticate"),
    path("second-facteur/verification/", facteur.reauthenticate, name="mfa_reauthenticate"),
    path("second-facteur/activer/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-facteur/desactiver/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-facteur/codes-de-secours/", secours.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-facteur/codes-de-secours/produire/",
        secours.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-facteur/codes-de-secours/telecharger/",
        secours.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
