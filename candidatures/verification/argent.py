"""What the posts, the financing plan and the budgets of a dossier still lack, or break."""

from aap_portal.referentiel.erreurs import Obstacle
from aap_portal.referentiel.formats import etp, euros, pourcentage
from aap_portal.referentiel.models import Source
from aap_portal.referentiel.plafonds import ZERO

from ..budget import lire_budgets


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
        ancre, maximum = f"ligne_{ligne.cle}", constat.maximum_de(ligne)
        if de_trop := constat.etat_de_trop(ligne):
            yield Obstacle("plafond", _phrase_etat(ligne, de_trop, taux), ancre, reference="AAP 2022, B.2-3")
        elif ligne.subvention == ZERO:
            texte = f"« {ligne.libelle} » : indiquez la subvention demandée, au plus {euros(maximum)}."
            yield Obstacle("subvention_absente", texte, champ=ancre)
        elif ligne.subvention > maximum:
            yield Obstacle("plafond", _phrase_plafond(ligne, maximum, taux), ancre, reference="AAP 2022, B.2-3")
        if ligne.reste:
            yield Obstacle("equilibre", _phrase_reste(ligne), ancre, reference="AAP 2022, B.2-3")
    for ligne in dossier.plan.lignes.all():
        yield from _sources_nommees(ligne)
    yield from _maintien(dossier)


def _phrase_plafond(ligne, maximum, taux):
    regle = f"plafond de {pourcentage(taux.aap)} de l’assiette de {euros(ligne.assiette)}"
    if taux.etat is not None and ligne.autre_etat:
        regle += f", et {pourcentage(taux.etat)} pour toutes les aides de l’État, dont {euros(ligne.autre_etat)} déjà comptés"
    return (
        f"« {ligne.libelle} » : {euros(ligne.subvention)} demandés, au plus {euros(maximum)} possibles ({regle}). "
        f"Baissez la demande de {euros(ligne.subvention - maximum)}."
    )


def _phrase_etat(ligne, de_trop, taux):
    """Other State money leaves no room at all: lowering the grant would not mend it (reading 11)."""
    return (
        f"« {ligne.libelle} » : les autres aides de l’État ({euros(ligne.autre_etat)}) dépassent à elles seules le plafond "
        f"de {pourcentage(taux.etat)} de l’assiette de {euros(ligne.assiette)}. Baissez-les de plus de {euros(de_trop)} "
        "pour qu’une subvention soit possible."
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


def _sources_nommees(ligne):
    """Every euro comes from a named source: « commune » does not say which one (AAP 2022, B.2-3; reading 10)."""
    for source in dict.fromkeys(Source(f.source) for f in ligne.financements.all() if f.est_anonyme):
        yield Obstacle(
            "financeur_a_nommer",
            f"« {ligne.poste.intitule} » : donnez le nom du financeur « {source.label} ».",
            champ=f"ligne_{ligne.pk}",
            reference="AAP 2022, B.2-3",
        )


def _maintien(dossier):
    """Present funding of existing posts is told, and no financeur pays less without a reason (B.2-3, annexe 2; reading 15)."""
    for ligne in dossier.plan.lignes.all():
        if ligne.est_demandee:
            continue
        ancre, maintien = f"ligne_{ligne.pk}", ligne.maintien(dossier.campagne.annee)
        if not maintien.est_declare:
            texte = f"« {ligne.poste.intitule} » : indiquez son financement actuel, financeur par financeur."
            yield Obstacle("financement_actuel", texte, ancre, reference="AAP 2022, annexe 2")
        elif not ligne.motif_baisse.strip():
            for baisse in maintien.a_expliquer:
                yield Obstacle("non_baisse", _phrase_non_baisse(ligne, baisse), ancre, reference="AAP 2022, B.2-3")


def _phrase_non_baisse(ligne, baisse):
    regle = (
        "Il ne doit pas baisser"
        if baisse.financeur is None
        else "Aucun financeur ne doit baisser, même remplacé par un autre"
    )
    return (
        f"« {ligne.poste.intitule} » : {phrase_baisse(baisse)}. {regle} : corrigez les montants "
        f"(il manque {euros(baisse.montant)}), ou expliquez cette baisse, qui sera signalée au service."
    )


def phrase_baisse(baisse):
    """« son financement passerait de 30 000,00 € en 2021 à 28 000,00 € en 2022 »."""
    passage = f"de {euros(baisse.avant)} en {baisse.annee - 1} à {euros(baisse.apres)} en {baisse.annee}"
    if baisse.financeur is None:
        return f"son financement passerait {passage}"
    return f"{nom_financeur(*baisse.financeur)} passerait {passage}"


def nom_financeur(source, precision):
    return precision or Source(source).label


def budgets(dossier):
    for budget in lire_budgets(dossier):
        yield from _equilibre(budget.nature, budget.equilibre)
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
