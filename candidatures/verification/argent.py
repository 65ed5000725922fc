"""What the posts, the financing plan and the budgets of a dossier still lack, or break."""

from aap_portal.referentiel.erreurs import Obstacle
from aap_portal.referentiel.formats import etp, euros, pourcentage
from aap_portal.referentiel.plafonds import ZERO

from .. import cerfa
from ..models.activite import LigneBudget


def postes(dossier):
    constat, minimum = dossier.constat, dossier.campagne.etp_minimum
    if not constat.lignes:
        yield Obstacle("poste", "Ajoutez au moins un poste demandé.", reference="AAP 2022, B.2-1")
    elif constat.etp < minimum:
        yield Obstacle(
            "etp_minimum",
            f"Votre demande porte sur {etp(constat.etp)} : le minimum est de {etp(minimum)}, "
            f"il manque {etp(minimum - constat.etp)}.",
            reference="AAP 2022, B.2-1",
        )
    for ligne in dossier.plan.lignes.all():
        if ligne.est_demandee and not ligne.poste.communes.all():
            yield Obstacle("communes", f"Indiquez les communes que couvrira « {ligne.poste.intitule} ».")


def plan(dossier):
    constat = dossier.constat
    taux = constat.taux
    for ligne in constat.lignes:
        maximum = constat.maximum_de(ligne)
        if ligne.subvention == ZERO:
            yield Obstacle(
                "subvention_absente",
                f"« {ligne.libelle} » : indiquez la subvention demandée, au plus {euros(maximum)}.",
                champ=f"ligne_{ligne.cle}",
            )
        if ligne.subvention > maximum:
            yield Obstacle(
                "plafond", _phrase_plafond(ligne, maximum, taux), f"ligne_{ligne.cle}", reference="AAP 2022, B.2-3"
            )
        if ligne.reste:
            yield Obstacle("equilibre", _phrase_reste(ligne), f"ligne_{ligne.cle}", reference="AAP 2022, B.2-3")
    yield from _maintien(dossier)


def _phrase_plafond(ligne, maximum, taux):
    regle = f"plafond de {pourcentage(taux.aap)} de l’assiette de {euros(ligne.assiette)}"
    if taux.etat is not None and ligne.autre_etat:
        regle += f", et {pourcentage(taux.etat)} pour toutes les aides de l’État, dont {euros(ligne.autre_etat)} déjà comptés"
    return (
        f"« {ligne.libelle} » : {euros(ligne.subvention)} demandés, au plus {euros(maximum)} possibles ({regle}). "
        f"Baissez la demande de {euros(ligne.subvention - maximum)}."
    )


def _phrase_reste(ligne):
    if ligne.reste > 0:
        return (
            f"« {ligne.libelle} » : il manque {euros(ligne.reste)} sur {euros(ligne.assiette)}. "
            "Nommez le financeur de ce reste ; vos fonds propres en sont un."
        )
    return (
        f"« {ligne.libelle} » : les financements dépassent le coût de {euros(-ligne.reste)}. "
        f"Leur total doit être de {euros(ligne.assiette)}."
    )


def _maintien(dossier):
    """Existing funding of existing posts must not fall (AAP 2022, B.2-3; reading 15)."""
    annee = dossier.campagne.annee
    for ligne in dossier.plan.lignes.all():
        if ligne.est_demandee:
            continue
        totaux = {annee - 1: ZERO, annee: ZERO}
        for financement in ligne.financements.all():
            if financement.annee in totaux:
                totaux[financement.annee] += financement.montant
        if totaux[annee] < totaux[annee - 1]:
            yield Obstacle(
                "non_baisse",
                f"« {ligne.poste.intitule} » : son financement passerait de {euros(totaux[annee - 1])} en {annee - 1} à "
                f"{euros(totaux[annee])} en {annee}. Il ne doit pas baisser.",
                champ=f"ligne_{ligne.pk}",
                reference="AAP 2022, B.2-3",
            )


def budgets(dossier):
    montants = {LigneBudget.Budget.STRUCTURE: {}, LigneBudget.Budget.PROJET: {}}
    for ligne in dossier.lignes_budget.all():
        montants[ligne.budget][ligne.compte] = ligne.montant
    for budget, comptes in montants.items():
        yield from _equilibre(LigneBudget.Budget(budget), cerfa.equilibre(comptes))
    if len([p for p in dossier.projections.all() if p.cout]) < 3:
        yield Obstacle(
            "projection", "Remplissez la projection des trois années.", "projection", reference="AAP 2022, annexe 4"
        )


def _equilibre(budget, equilibre):
    if equilibre.est_vide:
        yield Obstacle(
            "budget_vide", f"{budget.label} : à remplir.", f"budget_{budget}", reference="AAP 2022, annexe 2"
        )
        return
    if equilibre.ecart:
        yield Obstacle(
            "budget_equilibre",
            f"{budget.label} : {euros(equilibre.charges)} de charges et {euros(equilibre.produits)} de produits. "
            f"Les totaux doivent être égaux, l’écart est de {euros(abs(equilibre.ecart))}.",
            f"budget_{budget}",
            reference="Cerfa n°12156*06",
        )
    if equilibre.ecart_volontaire:
        yield Obstacle(
            "budget_volontaire",
            f"{budget.label} : les comptes 86 et 87 doivent être égaux, "
            f"l’écart est de {euros(abs(equilibre.ecart_volontaire))}.",
            f"budget_{budget}",
            reference="Cerfa n°12156*06",
        )
