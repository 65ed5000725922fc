from django import forms
from django.contrib.auth import password_validation

from aap_portal.comptes.models import Droit, Role, Utilisateur
from aap_portal.referentiel.identifiants import compacter, valider_siret
from aap_portal.referentiel.models import Service

ADRESSE = "Adresse électronique"
MOT_DE_PASSE_AIDE = "15 caractères au moins. Une phrase de plusieurs mots convient très bien."


class InscriptionForm(forms.Form):
    """What allauth's own sign-up form asks besides the address and the password."""

    first_name = forms.CharField(
        label="Prénom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label="Nom", max_length=150, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    field_order = ["first_name", "last_name", "email", "password1", "password2"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def signup(self, request, user):
        """allauth's hook: it has saved the names already."""


class CompteInviteForm(InscriptionForm):
    """An invited person opens an account: the address is that of the invitation, already proved."""

    password1 = forms.CharField(
        label="Mot de passe",
        help_text=MOT_DE_PASSE_AIDE,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Mot de passe, une seconde fois",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, courriel, **kwargs):
        super().__init__(*args, **kwargs)
        self.courriel = courriel

    def clean(self):
        donnees = super().clean()
        mot_de_passe = donnees.get("password1")
        if mot_de_passe and mot_de_passe != donnees.get("password2"):
            self.add_error("password2", "Les deux mots de passe sont différents.")
        elif mot_de_passe:
            self._valider_mot_de_passe(mot_de_passe)
        return donnees

    def _valider_mot_de_passe(self, mot_de_passe):
        noms = {champ: self.cleaned_data.get(champ, "") for champ in ("first_name", "last_name")}
        try:
            password_validation.validate_password(mot_de_passe, Utilisateur(email=self.courriel, **noms))
        except forms.ValidationError as erreur:
            self.add_error("password1", erreur)

    def creer(self):
        return Utilisateur.objects.create_user(
            self.courriel,
            self.cleaned_data["password1"],
            first_name=self.cleaned_data["first_name"],
            last_name=self.cleaned_data["last_name"],
        )


class MonCompteForm(forms.ModelForm):
    class Meta:
        model = Utilisateur
        fields = ["first_name", "last_name", "fonction", "telephone"]
        widgets = {
            "first_name": forms.TextInput(attrs={"autocomplete": "given-name"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "family-name"}),
            "fonction": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "telephone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        }


class SiretForm(forms.Form):
    siret = forms.CharField(
        label="SIRET de la structure",
        max_length=30,
        help_text="14 chiffres, avec ou sans espaces. Exemple : 130 025 265 00013.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_siret(self):
        siret = compacter(self.cleaned_data["siret"])
        valider_siret(siret)
        return siret


class InvitationForm(forms.Form):
    """Ask for an address; the page says what it opens."""

    courriel = forms.EmailField(
        label=ADRESSE,
        help_text="La personne recevra un lien valable 7 jours.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class InvitationMembreForm(InvitationForm):
    droit = forms.ChoiceField(
        label="Droit",
        choices=Droit,
        initial=Droit.REDACTEUR,
        help_text="Un lecteur consulte, un rédacteur remplit, un signataire dépose et gère les membres.",
    )

    def __init__(self, *args, structure, **kwargs):
        super().__init__(*args, **kwargs)
        self.structure = structure

    def clean_courriel(self):
        courriel = self.cleaned_data["courriel"].strip().lower()
        membre = self.structure.membres.filter(actif=True, utilisateur__email=courriel).first()
        if membre is not None:
            raise forms.ValidationError(
                f"{membre.utilisateur} est déjà membre de la structure : changez son droit dans la liste des membres.",
                code="deja_membre",
            )
        return courriel


class InvitationAgentForm(InvitationForm):
    role = forms.ChoiceField(label="Rôle", choices=Role)
    service = forms.ModelChoiceField(Service.objects.none(), label="Service", empty_label=None)

    def __init__(self, *args, services, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services
        if len(services) == 1:
            self.fields["service"].initial = services[0]
            self.fields["service"].widget = forms.HiddenInput()


class DroitForm(forms.Form):
    droit = forms.ChoiceField(choices=Droit)
