"""A budget as it is read: its accounts, its totals, how far it is from the financing plan, the projection's gaps."""

from dataclasses import dataclass
from decimal import Decimal

from aap_portal.referentiel.formats import etp, euros, pourcentage
from aap_portal.referentiel.models import Source
from aap_portal.referentiel.plafonds import ZERO, taux_constate

from . import cerfa
from .models.activite import LigneBudget

PROJET = LigneBudget.Budget.PROJET


@dataclass(frozen=True)
class Budget:
    """One of the two budgets of a dossier; `montants` maps the codes of `cerfa` to euros."""

    nature: LigneBudget.Budget
    montants: dict

    @property
    def titre(self):
        return self.nature.label

    @property
    def est_du_projet(self):
        return self.nature == PROJET

    @property
    def equilibre(self):
        return cerfa.equilibre(self.montants)

    def comptes(self, comptes):
        return cerfa.du_budget(comptes, projet=self.est_du_projet)

    def total(self, compte):
        return cerfa.total(compte, self.montants)

    def details(self, compte):
        """(line, euros) of the detail that is given for an account."""
        return [(ligne, self.montants[ligne.code]) for ligne in compte.details if self.montants.get(ligne.code)]


def lire_budget(dossier, nature):
    lignes = dossier.lignes_budget.all()
    return Budget(
        LigneBudget.Budget(nature), {ligne.compte: ligne.montant for ligne in lignes if ligne.budget == nature}
    )


def lire_budgets(dossier):
    return [lire_budget(dossier, nature) for nature in LigneBudget.Budget]


def depuis_le_plan(dossier):
    """What the financing plan makes of the project's budget: staff, grants by financeur, own resources (design 3)."""
    sources = {}
    lignes = dossier.constat.lignes
    for ligne in lignes:
        for source, montant in ligne.sources.items():
            sources[source] = sources.get(source, ZERO) + montant
    propres = sources.pop(Source.FONDS_PROPRES, ZERO)
    repris = {cerfa.code_financeur(source): montant for source, montant in sources.items()}
    repris |= {"64": sum((ligne.assiette for ligne in lignes), ZERO), cerfa.PROPRES.code: propres}
    return {code: montant for code, montant in repris.items() if montant}


@dataclass(frozen=True)
class Ecart:
    """An account that is not what the financing plan makes of it."""

    compte: cerfa.Compte
    ici: Decimal
    plan: Decimal
    origine: str

    @property
    def phrase(self):
        nom = f"Compte {self.compte.numero}" if self.compte.numero else self.compte.libelle
        sens = "de plus" if self.ici > self.plan else "de moins"
        ecart = f", soit {euros(abs(self.ici - self.plan))} {sens}" if self.ici != self.plan else ""
        return f"{nom}\u00a0: {euros(self.ici)} ici, {euros(self.plan)} d’après le plan de financement{ecart}. {self.origine}"


def ecarts_au_plan(dossier, budget):
    """What differs from the plan in the project's budget, and where it comes from: said, never corrected in silence."""
    plan = depuis_le_plan(dossier)
    if not budget.est_du_projet or budget.equilibre.est_vide or not plan:
        return
    for compte in _SUIVIS:
        ici, prevu = budget.total(compte), cerfa.total(compte, plan)
        lignes = list(_lignes_qui_different(compte, budget.montants, plan))
        if ici != prevu or lignes:
            yield Ecart(compte, ici, prevu, _origine(dossier, compte, lignes))


_SUIVIS = [compte for compte in cerfa.COMPTES if compte.code in {"64", "74", cerfa.PROPRES.code}]


def _lignes_qui_different(compte, montants, plan):
    """Lines of account 74 that are given here and are not the plan's."""
    if compte.code == "74" and cerfa.est_detaille(compte, montants):
        for ligne in compte.details:
            ici, prevu = montants.get(ligne.code) or ZERO, plan.get(ligne.code, ZERO)
            if ici != prevu:
                yield f"{ligne.libelle}\u00a0: {euros(ici)} au lieu de {euros(prevu)}"


def _origine(dossier, compte, lignes):
    if lignes:
        return f"L’écart vient de\u00a0: {' ; '.join(lignes)}."
    if compte.code == "64":
        postes = ", ".join(f"{ligne.libelle} {euros(ligne.assiette)}" for ligne in dossier.constat.lignes)
        return f"Le plan ne compte que les postes demandés\u00a0: {postes}."
    if compte.code == "74":
        plan = depuis_le_plan(dossier)
        noms = [f"{ligne.libelle} {euros(plan[ligne.code])}" for ligne in compte.details if ligne.code in plan]
        return f"Le plan compte\u00a0: {', '.join(noms)}." if noms else "Le plan n’en compte aucune."
    return "Le plan compte les fonds propres mis dans les postes."


def phrase_subvention(dossier, budget):
    """« La subvention sollicitée de …, objet de la présente demande, représente … » (Cerfa n°12156*06, part 6)."""
    ressources, subvention = budget.equilibre.ressources, dossier.constat.subvention
    if not budget.est_du_projet or not ressources or not subvention:
        return ""
    return (
        f"La subvention sollicitée de {euros(subvention)}, objet de la présente demande, représente "
        f"{pourcentage(taux_constate(subvention, ressources))} du total des produits du projet ({euros(ressources)})."
    )


# --- Projection over three years (AAP 2022, annexe 4; reading 23) ---------------------------------------
def premiere_annee(dossier):
    """The first year, as the financing plan makes it."""
    constat = dossier.constat
    if not constat.lignes:
        return {}
    return {
        "etp": constat.etp,
        "cout": constat.assiette,
        "subvention": constat.subvention,
        "cofinancements": constat.autres_sources,
    }


def ecarts_de_projection(dossier, annees):
    """Sentences: years whose resources are not their cost, then a first year that is not the plan's.

    `annees` are `ProjectionAnnuelle`, saved or as typed.
    """
    for annee in annees:
        if ecart := annee.cout - annee.ressources:
            sens = f"il manque {euros(ecart)}" if ecart > 0 else f"{euros(-ecart)} de trop"
            yield (
                f"{annee.get_rang_display()}\u00a0: {sens} (coût de {euros(annee.cout)}, ressources de {euros(annee.ressources)})."
            )
    plan = premiere_annee(dossier)
    premiere = next((annee for annee in annees if annee.rang == 1), None)
    if plan and premiere:
        for champ, prevu in plan.items():
            ici = getattr(premiere, champ)
            if ici != prevu:
                yield (
                    f"1re année, {_NOMS[champ]}\u00a0: {_ecrire(champ, ici)} ici, {_ecrire(champ, prevu)} d’après le plan de "
                    "financement."
                )


_NOMS = {"etp": "ETP", "cout": "coût des postes", "subvention": "subvention", "cofinancements": "autres sources"}


def _ecrire(champ, valeur):
    return etp(valeur) if champ == "etp" else euros(valeur)
