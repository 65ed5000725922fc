"""What is read of the money: the posts asked for, the financing plan, the budgets."""

from aap_portal.referentiel.formats import INSECABLE, etp, euros, nombre
from aap_portal.referentiel.models import Source
from aap_portal.referentiel.plafonds import ZERO

from .. import cerfa, signalements
from ..models import LigneBudget
from .elements import NON_RENSEIGNE, Cellule, Reponse, Tableau


def postes(dossier):
    mesures = {ligne.cle: ligne for ligne in dossier.constat.lignes}
    lignes = []
    for ligne in dossier.plan.lignes.all():
        mesure = mesures.get(str(ligne.pk))
        lignes.append(
            (
                Cellule(ligne.poste.intitule),
                Cellule(ligne.poste.get_metier_display()),
                Cellule(ligne.get_nature_display()),
                Cellule(f"{nombre(ligne.quotite_avant, 2)} → {nombre(ligne.quotite_apres, 2)}", nombre=True),
                Cellule(etp(mesure.etp) if mesure else "—", nombre=True),
                Cellule(euros(ligne.cout_annuel), nombre=True),
                Cellule(", ".join(commune.nom for commune in ligne.poste.communes.all()) or NON_RENSEIGNE),
            )
        )
    colonnes = (
        ("Poste", False), ("Métier", False), ("Demande", False), ("Quotité", True), ("ETP demandés", True),
        ("Coût à temps plein", True), ("Communes couvertes", False),
    )  # fmt: skip
    if not lignes:
        return [Reponse("Postes demandés", NON_RENSEIGNE)], []
    return [Reponse("ETP demandés au total", etp(dossier.constat.etp))], [Tableau("Postes", colonnes, tuple(lignes))]


def plan(dossier):
    constat = dossier.constat
    if not dossier.plan.lignes.all():
        return [Reponse("Plan de financement", NON_RENSEIGNE)], []
    reponses = [
        Reponse("Assiette", euros(constat.assiette)),
        Reponse("Subvention demandée", f"{euros(constat.subvention)}, sur {euros(constat.maximum)} au plus"),
        Reponse("Autres sources", euros(constat.autres_sources)),
        Reponse("Reste à financer", euros(constat.reste)),
        *(
            Reponse("À examiner : financement existant", phrase, longue=True)
            for phrase in signalements.du_plan(dossier)
        ),
    ]
    annee = dossier.campagne.annee
    return reponses, [
        _financements(ligne) if ligne.est_demandee else _maintien(ligne, annee) for ligne in dossier.plan.lignes.all()
    ]


def _maintien(ligne, annee):
    """Present funding of a post that exists, a column by year (AAP 2022, annexe 2)."""
    maintien = ligne.maintien(annee)
    annees = [*maintien.annees, maintien.prevue]
    lignes = tuple(
        (
            Cellule(Source(source).label),
            Cellule(precision or "—"),
            *(Cellule(euros(maintien.montant((source, precision), an)), nombre=True) for an in annees),
        )
        for source, precision in maintien.montants
    )
    colonnes = (("Financeur", False), ("Précision", False), *((str(an), True) for an in annees))
    total = _total("Total", 1, *(maintien.total(an) for an in annees))
    return Tableau(f"Financement existant de « {ligne.poste.intitule} »", colonnes, lignes, total)


def _financements(ligne):
    lignes = tuple(
        (
            Cellule(financement.get_source_display()),
            Cellule(financement.precision or "—"),
            Cellule(str(financement.annee or "—")),
            Cellule(financement.get_etat_display()),
            Cellule(euros(financement.montant), nombre=True),
        )
        for financement in ligne.financements.all()
    )
    colonnes = (("Financeur", False), ("Précision", False), ("Année", False), ("État", False), ("Montant", True))
    total = sum((financement.montant for financement in ligne.financements.all()), ZERO)
    return Tableau(f"Financement de « {ligne.poste.intitule} »", colonnes, lignes, _total("Total", 3, total))


def _total(libelle, vides, *montants):
    return (
        Cellule(libelle),
        *(Cellule("") for _ in range(vides)),
        *(Cellule(euros(montant), nombre=True) for montant in montants),
    )


def budgets(dossier):
    tableaux = [_budget(dossier, budget) for budget in LigneBudget.Budget]
    lignes = tuple(
        (
            Cellule(annee.get_rang_display()),
            Cellule(etp(annee.etp), nombre=True),
            *(Cellule(euros(getattr(annee, champ)), nombre=True) for champ in ("cout", "subvention", "cofinancements")),
        )
        for annee in dossier.projections.all()
    )
    colonnes = (
        ("Année", False),
        ("ETP", True),
        ("Coût", True),
        ("Subvention de l’AAP", True),
        ("Autres sources", True),
    )
    projection = [Tableau("Projection sur trois ans", colonnes, lignes)] if lignes else []
    tableaux = [tableau for tableau in tableaux if tableau.lignes] + projection
    return [] if tableaux else [Reponse("Budgets et projection", NON_RENSEIGNE)], tableaux


def _budget(dossier, budget):
    montants = {ligne.compte: ligne.montant for ligne in dossier.lignes_budget.all() if ligne.budget == budget}
    lignes = []
    for compte in cerfa.COMPTES:
        if montant := montants.get(compte.code):
            charge = compte in (*cerfa.CHARGES, *cerfa.EMPLOIS_VOLONTAIRES)
            lignes.append(
                (
                    Cellule(f"{compte.code}{INSECABLE}{compte.libelle}"),
                    Cellule(euros(montant) if charge else "", nombre=True),
                    Cellule("" if charge else euros(montant), nombre=True),
                )
            )
    equilibre = cerfa.equilibre(montants)
    total = _total("Total, hors comptes 86 et 87", 0, equilibre.charges, equilibre.produits)
    return Tableau(budget.label, (("Compte", False), ("Charges", True), ("Produits", True)), tuple(lignes), total)
