"""One partner of a joint project."""

from django import forms
from django.core.exceptions import ValidationError

from aap_portal.referentiel.forms import NumeroField
from aap_portal.referentiel.identifiants import valider_siret

from ..models import Dossier, Partenaire


class PartenaireForm(forms.ModelForm):
    """A structure that carries the project with the chef de file: never the chef de file itself, never twice (reading 42)."""

    siret = NumeroField(
        label="SIRET", max_length=14, validators=[valider_siret], widget=forms.TextInput(attrs={"class": "pa-moyen"})
    )

    class Meta:
        model = Partenaire
        fields = ["siret", "denomination", "role", "contact_nom", "contact_courriel", "contact_telephone"]
        help_texts = {"role": "Ce que cette structure fait dans le projet, et ce qu’elle y apporte."}
        widgets = {
            "role": forms.Textarea(attrs={"rows": 4}),
            "contact_telephone": forms.TextInput(attrs={"type": "tel", "class": "pa-court"}),
        }

    def clean_siret(self):
        siret, dossier = self.cleaned_data["siret"], self.instance.dossier
        if siret == dossier.structure.siret:
            raise ValidationError(
                "Ce SIRET est celui de votre structure, chef de file\u00a0: donnez celui du partenaire."
            )
        if dossier.partenaires.filter(siret=siret).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Cette structure est déjà partenaire du projet.")
        return siret

    def enregistrer(self):
        """Write the partner; the caller holds the row of the draft, so that the same SIRET can't come twice."""
        partenaire = self.save()
        partenaire.dossier.horodater()
        return partenaire


def retirer_partenaire(partenaire):
    """Raises ErreurMetier once the dossier is no draft any more."""
    dossier = Dossier.objects.en_redaction(partenaire.dossier_id)
    partenaire.delete()
    dossier.horodater()
