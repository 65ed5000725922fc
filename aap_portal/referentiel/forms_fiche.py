"""The whole sheet of a structure: what the Cerfa n°12156*06 asks of it, typed once for all its dossiers."""

from django import forms

from aap_portal.referentiel.models import Agrement, Structure

from .forms import NumeroField, StructureForm, lire_code_postal

ASSOCIATION = [
    "recepisse_prefecture", "utilite_publique", "utilite_publique_le", "assujettie_impots", "reseaux",
    "adherents_personnes_morales",
]  # fmt: skip


def _jour():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FicheForm(StructureForm):
    """The short sheet, and all that is optional in it; what is proper to associations shows for them only."""

    correspondance_code_postal = NumeroField(
        label="Code postal", required=False, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "pa-court"})
    )
    site_web = forms.URLField(label="Site web", required=False, assume_scheme="https")
    assujettie_impots = forms.TypedChoiceField(
        label="Assujettie aux impôts commerciaux",
        required=False,
        choices=[("", "Non renseigné"), ("True", "Oui"), ("False", "Non")],
        coerce=lambda valeur: valeur == "True",
        empty_value=None,
    )

    class Meta(StructureForm.Meta):
        fields = [
            *StructureForm.Meta.fields, "site_web", "correspondance_adresse", "correspondance_code_postal",
            "correspondance_ville", "representant_telephone", "representant_courriel", *ASSOCIATION,
        ]  # fmt: skip
        labels = {
            "correspondance_adresse": "Adresse",
            "correspondance_ville": "Commune",
            "representant_telephone": "Téléphone du représentant légal",
            "representant_courriel": "Courriel du représentant légal",
            "utilite_publique_le": "Si oui, date de publication au Journal officiel",
            "adherents_personnes_morales": "Adhérents personnes morales, lesquels",
        }
        help_texts = StructureForm.Meta.help_texts | {
            "recepisse_prefecture": "À défaut de numéro RNA.",
            "reseaux": "Réseau, union ou fédération auquel l’association est affiliée, en toutes lettres.",
            "adherents_personnes_morales": "Laissez vide si elle n’en a pas.",
        }
        widgets = StructureForm.Meta.widgets | {
            "representant_telephone": forms.TextInput(attrs={"type": "tel"}),
            "utilite_publique_le": _jour(),
            "adherents_personnes_morales": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.est_association:
            for champ in ASSOCIATION:
                del self.fields[champ]

    def clean_correspondance_code_postal(self):
        code = self.cleaned_data["correspondance_code_postal"]
        return lire_code_postal(code) if code else ""

    def clean(self):
        donnees = super().clean()
        if donnees.get("utilite_publique_le") and not donnees.get("utilite_publique"):
            self.add_error("utilite_publique", "Cochez cette case, ou effacez la date de publication.")
        return donnees


AgrementsFormSet = forms.inlineformset_factory(
    Structure,
    Agrement,
    fields=["type", "attribue_par", "attribue_le"],
    widgets={"attribue_le": _jour()},
    extra=2,
    max_num=10,
    validate_max=True,
    absolute_max=20,
)
