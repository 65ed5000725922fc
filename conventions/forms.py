from django import forms

from .indicateurs import indicateurs_de

_DATE = {"type": "date", "class": "pa-court"}


class PreparationForm(forms.Form):
    """Date of effect and target values; all the rest comes from the decision and the dossier."""

    effet_le = forms.DateField(
        label="Date d’effet",
        help_text="Premier jour de la convention.",
        widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"),
    )

    def __init__(self, *args, metiers, cibles=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.indicateurs = indicateurs_de(metiers)
        for indicateur in self.indicateurs:
            self.fields[indicateur.cle] = forms.IntegerField(
                label=f"{indicateur.libelle} ({indicateur.metier})",
                help_text=f"Valeur cible sur la durée de la convention, en {indicateur.unite}.",
                min_value=0,
                max_value=10_000_000,
                initial=(cibles or {}).get(indicateur.cle),
                widget=forms.NumberInput(attrs={"class": "pa-court"}),
            )

    def cibles(self):
        return {indicateur: self.cleaned_data[indicateur.cle] for indicateur in self.indicateurs}


class SignatureForm(forms.Form):
    le = forms.DateField(label="Date de signature", widget=forms.DateInput(attrs=_DATE, format="%Y-%m-%d"))
