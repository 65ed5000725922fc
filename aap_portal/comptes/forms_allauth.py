"""allauth's forms in our words: labels and hints in plain French, no placeholder."""

from allauth.account import forms as compte
from allauth.mfa.base import forms as facteur
from allauth.mfa.totp import forms as totp

from aap_portal.comptes.forms import ADRESSE, MOT_DE_PASSE_AIDE

_LIBELLES = {
    "login": ADRESSE,
    "email": ADRESSE,
    "oldpassword": "Mot de passe actuel",
    "password": "Mot de passe",
    "password1": "Mot de passe",
    "password2": "Mot de passe, une seconde fois",
    "code": "Code",
}
_AIDES = {
    "email": "Format attendu : nom@domaine.fr",
    "login": "Format attendu : nom@domaine.fr",
    "password1": MOT_DE_PASSE_AIDE,
    "code": "Les six chiffres que montre votre application, ou l’un de vos codes de secours.",
}


class _EnClair:
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.widget.attrs.pop("placeholder", None)
            champ.label = _LIBELLES.get(nom, champ.label)
            if nom in _LIBELLES:
                champ.help_text = _AIDES.get(nom, "")


class ConnexionForm(_EnClair, compte.LoginForm):
    pass


class CreationForm(_EnClair, compte.SignupForm):
    pass


class AdresseForm(_EnClair, compte.AddEmailForm):
    pass


class MotDePasseForm(_EnClair, compte.ChangePasswordForm):
    pass


class OubliForm(_EnClair, compte.ResetPasswordForm):
    pass


class NouveauMotDePasseForm(_EnClair, compte.ResetPasswordKeyForm):
    pass


class VerificationForm(_EnClair, compte.ReauthenticateForm):
    pass


class CodeForm(_EnClair, facteur.AuthenticateForm):
    pass


class VerificationCodeForm(_EnClair, facteur.ReauthenticateForm):
    pass


class ActivationForm(_EnClair, totp.ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Les six chiffres que montre votre application."
