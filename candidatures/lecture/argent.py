"""What is read of the money: the posts asked for, the financing plan, the budgets."""

from aap_portal.referentiel.formats import INSECABLE, etp, euros, nombre
from aap_portal.referentiel.models import Source
from aap_portal.referentiel.plafonds import ZERO

from .. import cerfa, signalements
from ..budget import lire_budgets, phrase_subvention
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
    lus = lire_budgets(dossier)
    tableaux = [tableau for budget in lus if (tableau := tableau_budget(budget)).lignes]
    projection = tableau_projection(dossier)
    if projection.lignes:
        tableaux.append(projection)
    if not tableaux:
        return [Reponse("Budgets et projection", NON_RENSEIGNE)], []
    phrases = [phrase for budget in lus if (phrase := phrase_subvention(dossier, budget))]
    reponses = [Reponse("Part de la subvention", phrase, longue=True) for phrase in phrases]
    ecarts = list(signalements.des_budgets(dossier))
    if ecarts:
        reponses.append(Reponse("À examiner : écarts au plan ou dans la projection", "\n\n".join(ecarts), longue=True))
    return reponses, tableaux


def tableau_projection(dossier):
    lignes = tuple(
        (
            Cellule(annee.get_rang_display()),
            Cellule(etp(annee.etp), nombre=True),
            *(Cellule(euros(getattr(annee, champ)), nombre=True) for champ in ("cout", "subvention", "cofinancements")),
            Cellule(euros(annee.cout - annee.ressources), nombre=True),
        )
        for annee in dossier.projections.all()
    )
    colonnes = (
        ("Année", False),
        ("ETP", True),
        ("Coût", True),
        ("Subvention de l’AAP", True),
        ("Autres sources", True),
        ("Écart", True),
    )
    return Tableau("Projection sur trois ans", colonnes, lignes)


def tableau_budget(budget):
    """The accounts that hold something, each with its detail lines."""
    charges = {*cerfa.COTE_CHARGES, *cerfa.EMPLOIS_VOLONTAIRES}
    lignes = []
    for compte in cerfa.COMPTES:
        if montant := budget.total(compte):
            lignes.append(_compte(f"{compte.numero}{INSECABLE}{compte.libelle}".strip(), montant, compte in charges))
            for ligne, part in budget.details(compte):
                nom = f"— dont {ligne.numero} {ligne.libelle}" if ligne.numero else f"— dont {ligne.libelle}"
                lignes.append(_compte(nom, part, compte in charges))
    equilibre = budget.equilibre
    total = _total("Total, hors comptes 86 et 87", 0, equilibre.charges, equilibre.produits)
    colonnes = (("Compte", False), ("Charges", True), ("Produits", True))
    return Tableau(budget.titre, colonnes, tuple(lignes), total)


def _compte(nom, montant, est_charge):
    cote = [euros(montant) if est_charge else "", "" if est_charge else euros(montant)]
    return (Cellule(nom), *(Cellule(texte, nombre=True) for texte in cote))
