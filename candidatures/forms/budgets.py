"""Section « budgets »: the two budgets by account, and the projection over three years."""

from django import forms

from aap_portal.referentiel.formats import euros
from aap_portal.referentiel.montants import MontantFormField, ecrire_montant
from aap_portal.referentiel.plafonds import ZERO

from .. import cerfa
from ..budget import (
    PROJET,
    Budget,
    depuis_le_plan,
    ecarts_au_plan,
    ecarts_de_projection,
    phrase_subvention,
    premiere_annee,
)
from ..models import LigneBudget, ProjectionAnnuelle
from .saisie import AvecVersion, ajouter_champ, synchroniser

_ANNEE = {"etp": None, "cout": MontantFormField, "subvention": MontantFormField, "cofinancements": MontantFormField}
_RANGS = ProjectionAnnuelle._meta.get_field("rang").choices


class BudgetsForm(AvecVersion, forms.Form):
    """The two budgets by account, and the projection; the project's budget and the first year start from the plan."""

    sans_mention = True
    a_lire = (
        "campagne__plafonds", "plan__lignes__poste", "plan__lignes__financements", "lignes_budget", "projections",
    )  # fmt: skip
    ensembles = {
        **{nature.value: (f"{nature}_", nature.label) for nature in LigneBudget.Budget},
        "projection": ("projection_", "Projection sur trois ans"),
    }

    def __init__(self, data=None, *, dossier):
        self.dossier, self.plan = dossier, depuis_le_plan(dossier)
        super().__init__(self._reprendre_le_plan(data))
        for nature in LigneBudget.Budget:
            for compte in cerfa.du_budget(cerfa.COMPTES, projet=nature == PROJET):
                for ligne in (compte, *compte.details):
                    ajouter_champ(self, f"{nature}_{ligne.code}", MontantFormField, _nommer(nature, compte, ligne))
        for rang, annee in _RANGS:
            for champ, classe in _ANNEE.items():
                nom = ProjectionAnnuelle._meta.get_field(champ).verbose_name
                ajouter_champ(self, f"projection_{rang}_{champ}", classe, f"{annee}, {nom}")
        enregistre = self._enregistre()
        self.initial = self._depart(enregistre)
        self.marquer(enregistre)

    def _reprendre_le_plan(self, data):
        """The button that puts again in the project's budget what the plan says."""
        if data is None or "reprendre_plan" not in data:
            return data
        data = data.copy()
        for compte in _DU_PLAN:
            for ligne in (compte, *compte.details):
                montant = self.plan.get(ligne.code)
                data[f"{PROJET}_{ligne.code}"] = "" if montant is None else ecrire_montant(montant)
        return data

    def _enregistre(self):
        lignes = {f"{ligne.budget}_{ligne.compte}": ligne.montant for ligne in self.dossier.lignes_budget.all()}
        for annee in self.dossier.projections.all():
            lignes |= {f"projection_{annee.rang}_{champ}": getattr(annee, champ) or None for champ in _ANNEE}
        return lignes

    def _depart(self, enregistre):
        """What is saved; the project's budget and the projection start from the plan until they are saved once."""
        depart = dict(enregistre)
        if not any(champ.startswith("projet_") for champ in enregistre):
            depart |= {f"{PROJET}_{code}": montant for code, montant in self.plan.items()}
        if not any(champ.startswith("projection_") for champ in enregistre):
            depart |= {f"projection_1_{champ}": valeur for champ, valeur in premiere_annee(self.dossier).items()}
        for nature in LigneBudget.Budget:  # an account that has details shows their sum
            montants = {ligne.code: depart.get(f"{nature}_{ligne.code}") for ligne in cerfa.LIGNES}
            for compte in cerfa.COMPTES:
                if cerfa.est_detaille(compte, montants):
                    depart[f"{nature}_{compte.code}"] = cerfa.total(compte, montants)
        return depart

    def clean(self):
        donnees = super().clean()
        for nature in LigneBudget.Budget:
            for compte in cerfa.du_budget(cerfa.COMPTES, projet=nature == PROJET):
                self._accorder_au_detail(donnees, nature, compte)
        return donnees

    def _accorder_au_detail(self, donnees, nature, compte):
        """An account that has details is their sum; a total typed beside them must be it, or be the one shown before."""
        noms = {ligne.code: f"{nature}_{ligne.code}" for ligne in compte.details}
        montants = {code: donnees.get(nom) for code, nom in noms.items()}
        if not cerfa.est_detaille(compte, montants):
            return
        total, champ = cerfa.total(compte, montants), f"{nature}_{compte.code}"
        saisi = donnees.get(champ)
        if saisi not in {None, total, self.initial.get(champ)} and not set(noms.values()) & set(self.errors):
            self.add_error(
                champ,
                f"Le détail de ce compte fait {euros(total)}, et non {euros(saisi)}\u00a0: corrigez le détail, ou videz-le.",
            )
        else:
            donnees[champ] = None

    @property
    def budgets(self):
        return [TableauBudget(self, nature) for nature in LigneBudget.Budget]

    @property
    def projection(self):
        return [(annee, [self[f"projection_{rang}_{champ}"] for champ in _ANNEE]) for rang, annee in _RANGS]

    @property
    def ecarts_de_projection(self):
        """Sentences on the years as they stand in the fields."""
        annees = [
            ProjectionAnnuelle(rang=rang, **valeurs)
            for rang, valeurs in self._annees().items()
            if any(valeurs.values())
        ]
        return list(ecarts_de_projection(self.dossier, annees))

    def _annees(self):
        return {
            rang: {champ: self._valeurs.get(f"projection_{rang}_{champ}") or ZERO for champ in _ANNEE}
            for rang, _ in _RANGS
        }

    @property
    def _valeurs(self):
        """What stands in the fields, as far as it can be read."""
        return self.cleaned_data if self.is_bound and hasattr(self, "cleaned_data") else self.initial

    def montants(self, nature):
        valeurs = {ligne.code: self._valeurs.get(f"{nature}_{ligne.code}") for ligne in cerfa.LIGNES}
        return {code: montant for code, montant in valeurs.items() if montant is not None}

    def enregistrer(self, dossier):
        voulus = {
            (nature.value, code): {"montant": montant}
            for nature in LigneBudget.Budget
            for code, montant in self.montants(nature).items()
            if montant
        }
        synchroniser(dossier.lignes_budget, ["budget", "compte"], voulus)
        annees = {(rang,): valeurs for rang, valeurs in self._annees().items() if any(valeurs.values())}
        synchroniser(dossier.projections, ["rang"], annees)

    def traces(self, dossier, champ):
        table, _, cle = champ.partition("_")
        if table == "projection":
            return [ProjectionAnnuelle.historique.filter(dossier=dossier.pk, rang=cle.partition("_")[0])]
        return [LigneBudget.historique.filter(dossier=dossier.pk, budget=table, compte=cle)]


class TableauBudget:
    """One of the two budgets, as the page draws it: its accounts, its totals, its distance from the plan."""

    def __init__(self, form, nature):
        self.form, self.budget = form, Budget(nature, form.montants(nature))
        self.code, self.titre = nature.value, nature.label
        self.equilibre = self.budget.equilibre

    @property
    def cotes(self):
        """Charges, then produits: accounts, those of voluntary contributions, detail lines by account."""
        return [
            Cote("Charges", self, cerfa.COTE_CHARGES, cerfa.EMPLOIS_VOLONTAIRES),
            Cote("Produits", self, cerfa.COTE_PRODUITS, cerfa.CONTRIBUTIONS_VOLONTAIRES),
        ]

    def champ(self, ligne):
        return self.form[f"{self.code}_{ligne.code}"]

    @property
    def manque(self):
        """Distance between the two totals."""
        return abs(self.equilibre.ecart)

    @property
    def ecarts_au_plan(self):
        """Accounts that differ from the financing plan: said, never corrected in silence."""
        return list(ecarts_au_plan(self.form.dossier, self.budget))

    @property
    def phrase_subvention(self):
        return phrase_subvention(self.form.dossier, self.budget)

    @property
    def totaux_calcules(self):
        """(name of the field, euros) of the accounts that are the sum of their details."""
        return [
            (self.champ(compte).html_name, self.budget.total(compte))
            for compte in self.budget.comptes(cerfa.COMPTES)
            if cerfa.est_detaille(compte, self.budget.montants)
        ]


class Cote:
    """One side of a budget."""

    def __init__(self, titre, tableau, comptes, volontaires):
        self.titre, self.tableau = titre, tableau
        comptes = tableau.budget.comptes(comptes)
        self.comptes = [(compte, self._champ(compte)) for compte in comptes]
        self.volontaires = [(compte, self._champ(compte)) for compte in volontaires]
        self.details = [self._detail(compte) for compte in (*comptes, *volontaires) if compte.details]
        self.est_detaille = any(est_donne for _, _, est_donne in self.details)

    def _detail(self, compte):
        """(account, its lines with their fields, whether one of them holds something or is refused)."""
        lignes = [(ligne, self.tableau.champ(ligne)) for ligne in compte.details]
        est_donne = cerfa.est_detaille(compte, self.tableau.budget.montants) or any(champ.errors for _, champ in lignes)
        return compte, lignes, est_donne

    def _champ(self, compte):
        """The field of an account; a sum of details is shown, not typed."""
        champ = self.tableau.champ(compte)
        if cerfa.est_detaille(compte, self.tableau.budget.montants) and not champ.errors:
            champ.field.widget.attrs["readonly"] = True
        return champ


_DU_PLAN = [compte for compte in cerfa.COMPTES if compte.code in {"64", "74", cerfa.PROPRES.code}]


def _nommer(nature, compte, ligne):
    nom = f"compte {ligne.numero} {ligne.libelle}" if ligne.numero else ligne.libelle
    if ligne is not compte and not ligne.numero:
        nom = f"{compte.libelle}, {ligne.libelle}"
    return f"{nature.label}, {nom}"
