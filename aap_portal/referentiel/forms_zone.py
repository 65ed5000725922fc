from django import forms
from django.utils import timezone

from .models import PosteETP, ZoneBlanche


def _jour(texte, **options):
    widget = forms.DateInput(attrs={"type": "date", "class": "pa-court"}, format="%Y-%m-%d")
    return forms.DateField(label=texte, widget=widget, **options)


class _ConstatForm(forms.ModelForm):
    def _get_validation_exclusions(self):
        """The commune and the other date are not typed here, and the constraints name them."""
        return super()._get_validation_exclusions() - {"commune", "constatee_le", "levee_le"}

    def _refuser_avenir(self, champ):
        jour = self.cleaned_data[champ]
        if jour > timezone.localdate(timezone=self.instance.commune.service.zone):
            raise forms.ValidationError("Cette date est à venir : donnez celle du constat.")
        return jour


class ZoneForm(_ConstatForm):
    """Why the commune is white, since when, on what evidence."""

    constatee_le = _jour("Constatée le")

    class Meta:
        model = ZoneBlanche
        fields = ["motif", "constatee_le", "constat"]
        widgets = {"motif": forms.RadioSelect, "constat": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"constat": {"required": "Dites ce qui a été observé."}}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["motif"].choices = ZoneBlanche.Motif.choices

    def clean_constatee_le(self):
        return self._refuser_avenir("constatee_le")


class LeveeForm(_ConstatForm):
    """When the zone ended, and thanks to which post."""

    levee_le = _jour("Levée le")

    class Meta:
        model = ZoneBlanche
        fields = ["levee_le", "poste"]
        help_texts = {"poste": "Les postes qui couvrent cette commune. Laissez vide si la raison est autre."}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        postes = PosteETP.objects.connus().filter(communes=self.instance.commune).select_related("structure")
        self.fields["poste"].queryset = postes
        self.fields["poste"].empty_label = "Aucun poste"
        self.fields["poste"].label_from_instance = lambda poste: f"{poste.structure} – {poste}"

    def clean_levee_le(self):
        return self._refuser_avenir("levee_le")
