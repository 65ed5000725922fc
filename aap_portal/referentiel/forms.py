import re

from django import forms

from aap_portal.referentiel.identifiants import compacter
from aap_portal.referentiel.models import Structure

_BANQUE = ["iban", "bic"]


class NumeroField(forms.CharField):
    """A number typed with spaces, dots or dashes is read without them."""

    def to_python(self, value):
        return compacter(super().to_python(value))


def lire_code_postal(code):
    if not re.fullmatch(r"\d{5}", code):
        raise forms.ValidationError("Un code postal compte cinq chiffres, par exemple 97600.")
    return code


_STATUT_FIGE = "Votre dossier déposé est à l’examen : demandez au service de corriger ce point s’il est faux."


class StructureForm(forms.ModelForm):
    """The sheet of a structure; its SIRET is set before. Bank details are for a signataire only."""

    rna = NumeroField(
        label="Numéro RNA",
        required=False,
        help_text="Pour une association : W suivi de neuf caractères. Exemple : W9R1011072.",
    )
    iban = NumeroField(label="IBAN", required=False, help_text="Vous pourrez l’indiquer plus tard, avec le RIB.")
    bic = NumeroField(label="BIC", required=False, max_length=11)
    code_postal = NumeroField(
        label="Code postal", widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "pa-court"})
    )

    class Meta:
        model = Structure
        fields = [
            "denomination", "sigle", "categorie", "categorie_juridique", "rna", "situation",
            "adresse", "code_postal", "ville",
            "representant_prenom", "representant_nom", "representant_qualite",
            "courriel", "telephone", "iban", "bic",
        ]  # fmt: skip
        help_texts = {
            "categorie_juridique": "Quatre chiffres, sur l’avis de situation de l’Insee. Exemple : 9220.",
            "courriel": "Adresse de la structure, lue par plusieurs personnes si possible.",
            "representant_qualite": "Exemple : présidente, maire, directeur.",
        }
        widgets = {"telephone": forms.TextInput(attrs={"type": "tel"})}

    def __init__(self, *args, avec_banque=True, statut_fige=False, **kwargs):
        """`statut_fige`: what the rules of a request under examination follow from cannot be changed meanwhile."""
        super().__init__(*args, **kwargs)
        for champ in ("categorie", "situation"):
            self.fields[champ].choices = [("", "Choisir"), *self.fields[champ].choices[1:]]
            self.fields[champ].disabled = statut_fige
            if statut_fige:
                self.fields[champ].help_text = _STATUT_FIGE
        if not avec_banque:
            for champ in _BANQUE:
                del self.fields[champ]

    @property
    def change_la_banque(self):
        """Money would go to another account."""
        return bool(set(_BANQUE) & set(self.changed_data))

    def clean_code_postal(self):
        return lire_code_postal(self.cleaned_data["code_postal"])

    def clean_categorie_juridique(self):
        code = compacter(self.cleaned_data["categorie_juridique"])
        if code and not re.fullmatch(r"\d{4}", code):
            raise forms.ValidationError("La catégorie juridique compte quatre chiffres, par exemple 9220.")
        return code

    def clean_bic(self):
        bic = self.cleaned_data["bic"]
        if bic and not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", bic):
            raise forms.ValidationError("Un BIC compte 8 ou 11 caractères, par exemple BDFEFRPPCCT.")
        return bic

    def clean(self):
        donnees = super().clean()
        association = donnees.get("categorie") == Structure.Categorie.ASSOCIATION
        if donnees.get("rna") and donnees.get("categorie") and not association:
            self.add_error("rna", "Seule une association a un numéro RNA : laissez ce champ vide.")
        return donnees
