"""The rows of the financing plan: one financeur of one post, over the request's months or year by year."""

from django import forms

from aap_portal.referentiel.models import FinancementPoste, Source
from aap_portal.referentiel.montants import MontantFormField

_FINANCEURS_MAX = 20
_SOURCES = [("", "Choisir"), *((source.value, source.label) for source in Source if source != Source.AAP)]


class _LigneFinanceurForm(forms.Form):
    source = forms.ChoiceField(label="Financeur", choices=_SOURCES, required=False)
    precision = forms.CharField(label="Nom du financeur", max_length=120, required=False)
    sans_mention = True
    montants = ("montant",)

    def clean(self):
        donnees = super().clean()
        donnes = [nom for nom in self.montants if donnees.get(nom) is not None]
        if self.errors or self.data.get(f"{self.prefix}-DELETE"):
            return donnees
        if donnees.get("source") and len(donnes) < len(self.montants):
            manquant = next(nom for nom in self.montants if nom not in donnes)
            self.add_error(manquant, "Indiquez le montant, 0 s’il n’est pas encore connu, ou cochez « Retirer ».")
        elif donnes and not donnees.get("source"):
            self.add_error("source", "Choisissez le financeur de ce montant.")
        return donnees


class FinanceurForm(_LigneFinanceurForm):
    """Somebody who pays for a post asked for, other than this call."""

    montant = MontantFormField(label="Montant (€)", required=False)
    acquis = forms.BooleanField(label="Acquis", required=False)

    def financements(self):
        donnees = self.cleaned_data
        if donnees.get("source"):
            etat = FinancementPoste.Etat.ACQUIS if donnees["acquis"] else FinancementPoste.Etat.SOLLICITE
            yield (donnees["source"], donnees["precision"], None), {"montant": donnees["montant"], "etat": etat}


ANNEES = {"montant_avant": -1, "montant": 0, "montant_apres": 1}  # field: distance from the year of the campaign


class FinanceurAnnuelForm(_LigneFinanceurForm):
    """Somebody who pays for a post that exists: last year, this one and, when it is known, the next: nothing falls."""

    montant_avant = MontantFormField(required=False)
    montant = MontantFormField(required=False)
    montant_apres = MontantFormField(required=False)
    montants = ("montant_avant", "montant")

    def __init__(self, *args, annee, **kwargs):
        super().__init__(*args, **kwargs)
        self.annee = annee
        self.fields["montant_avant"].label = f"Montant {annee - 1} (€)"
        self.fields["montant"].label = f"Montant {annee} (€)"
        self.fields["montant_apres"].label = f"Prévu {annee + 1} (€)"

    def financements(self):
        donnees = self.cleaned_data
        if not donnees.get("source"):
            return
        for nom, ecart in ANNEES.items():
            if donnees[nom] is not None:
                etat = FinancementPoste.Etat.ACQUIS if ecart <= 0 else FinancementPoste.Etat.SOLLICITE
                cle = (donnees["source"], donnees["precision"], self.annee + ecart)
                yield cle, {"montant": donnees[nom], "etat": etat}


class _FinanceursFormSet(forms.BaseFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Retirer"

    def clean(self):
        vus = set()
        for form in self.gardees:
            cle = (form.cleaned_data.get("source"), form.cleaned_data.get("precision"))
            if cle[0] and cle in vus:
                form.add_error(
                    "precision",
                    "Ce financeur est déjà cité pour ce poste : précisez son nom ou additionnez les montants.",
                )
            vus.add(cle)

    @property
    def gardees(self):
        """Forms that can be read and are not to be removed."""
        return [
            form for form in self.forms if form.is_valid() and form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]


def _formset(formulaire):
    return forms.formset_factory(
        formulaire,
        formset=_FinanceursFormSet,
        extra=2,
        can_delete=True,
        max_num=_FINANCEURS_MAX,
        absolute_max=_FINANCEURS_MAX * 2,
        validate_max=True,
    )


FinanceursFormSet, FinanceursAnnuelsFormSet = _formset(FinanceurForm), _formset(FinanceurAnnuelForm)
