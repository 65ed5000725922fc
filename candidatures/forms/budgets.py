"""Section « budgets »: the two budgets by account, and the projection over three years."""

from django import forms

from aap_portal.referentiel.models import Source
from aap_portal.referentiel.montants import MontantFormField
from aap_portal.referentiel.plafonds import ZERO

from .. import cerfa
from ..models import LigneBudget, ProjectionAnnuelle
from .saisie import AvecVersion, ajouter_champ, synchroniser

_ANNEE = {"etp": None, "cout": MontantFormField, "subvention": MontantFormField, "cofinancements": MontantFormField}


class BudgetsForm(AvecVersion, forms.Form):
    """The two budgets by account, and the projection; the project's starts from the financing plan."""

    sans_mention = True
    a_lire = (
        "campagne__plafonds", "plan__lignes__poste", "plan__lignes__financements", "lignes_budget", "projections",
    )  # fmt: skip

    def __init__(self, data=None, *, dossier):
        super().__init__(data)
        self.dossier = dossier
        self.repris_du_plan = _depuis_le_plan(dossier)
        for budget in LigneBudget.Budget:
            for compte in cerfa.COMPTES:
                libelle = f"{budget.label}, compte {compte.code} {compte.libelle}"
                ajouter_champ(self, f"{budget}_{compte.code}", MontantFormField, libelle)
        for rang, annee in ProjectionAnnuelle._meta.get_field("rang").choices:
            for champ, classe in _ANNEE.items():
                ajouter_champ(
                    self, f"projection_{rang}_{champ}", classe, f"{annee}, {_libelle(ProjectionAnnuelle, champ)}"
                )
        enregistre = self._enregistre()
        self.initial = self._depart(enregistre)
        self.marquer(enregistre)

    def _enregistre(self):
        lignes = {f"{ligne.budget}_{ligne.compte}": ligne.montant for ligne in self.dossier.lignes_budget.all()}
        for annee in self.dossier.projections.all():
            lignes |= {f"projection_{annee.rang}_{champ}": getattr(annee, champ) or None for champ in _ANNEE}
        return lignes

    def _depart(self, enregistre):
        """What is saved; the project's budget starts from the plan until it is saved once."""
        if any(champ.startswith("projet_") for champ in enregistre):
            return dict(enregistre)
        return enregistre | {f"projet_{compte}": montant for compte, montant in self.repris_du_plan.items() if montant}

    @property
    def budgets(self):
        return [TableauBudget(self, budget) for budget in LigneBudget.Budget]

    @property
    def projection(self):
        return [
            (annee, [self[f"projection_{rang}_{champ}"] for champ in _ANNEE])
            for rang, annee in ProjectionAnnuelle._meta.get_field("rang").choices
        ]

    def montants(self, budget):
        """What stands in the fields, as far as it can be read."""
        valeurs = self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else self.initial
        return {compte.code: valeurs.get(f"{budget}_{compte.code}") or ZERO for compte in cerfa.COMPTES}

    def enregistrer(self, dossier):
        voulus = {
            (budget.value, compte): {"montant": montant}
            for budget in LigneBudget.Budget
            for compte, montant in self.montants(budget).items()
            if montant
        }
        synchroniser(dossier.lignes_budget, ["budget", "compte"], voulus)
        annees = {}
        for rang in (1, 2, 3):
            valeurs = {champ: self.cleaned_data[f"projection_{rang}_{champ}"] or ZERO for champ in _ANNEE}
            if any(valeurs.values()):
                annees[(rang,)] = valeurs
        synchroniser(dossier.projections, ["rang"], annees)

    def traces(self, dossier, champ):
        table, cle = champ.split("_")[:2]
        if table == "projection":
            return [ProjectionAnnuelle.historique.filter(dossier=dossier.pk, rang=cle)]
        return [LigneBudget.historique.filter(dossier=dossier.pk, budget=table, compte=cle)]


class TableauBudget:
    """One of the two budgets, as the page draws it: its accounts, its totals, its distance from the plan."""

    def __init__(self, form, budget):
        self.form, self.budget = form, budget
        self.code, self.titre = budget.value, budget.label
        self.equilibre = cerfa.equilibre(form.montants(budget))

    def _lignes(self, comptes):
        return [(compte, self.form[f"{self.budget}_{compte.code}"]) for compte in comptes]

    @property
    def cotes(self):
        """(heading, accounts, total's label) of the charges, then of the produits."""
        return [
            ("Charges", self._lignes(cerfa.CHARGES), self._lignes(cerfa.EMPLOIS_VOLONTAIRES)),
            ("Produits", self._lignes(cerfa.PRODUITS), self._lignes(cerfa.CONTRIBUTIONS_VOLONTAIRES)),
        ]

    @property
    def manque(self):
        """Distance between the two totals."""
        return abs(self.equilibre.ecart)

    @property
    def ecarts_au_plan(self):
        """Accounts that differ from the financing plan: said, never corrected in silence."""
        if self.budget != LigneBudget.Budget.PROJET:
            return []
        montants = self.form.montants(self.budget)
        plan = self.form.repris_du_plan
        return [(compte, montants[compte], montant) for compte, montant in plan.items() if montant != montants[compte]]


def _depuis_le_plan(dossier):
    """Accounts 64 and 74 of the project, as the plan makes them: cost of the posts, and all but own funds."""
    constat = dossier.constat
    propres = sum((ligne.sources.get(Source.FONDS_PROPRES, ZERO) for ligne in constat.lignes), ZERO)
    return {"64": constat.assiette, "74": constat.subvention + constat.autres_sources - propres}


def _libelle(modele, champ):
    return modele._meta.get_field(champ).verbose_name
