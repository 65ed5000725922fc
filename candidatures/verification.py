"""What stops a filing: answers not given and rules not kept, section by section, all at once.

A missing piece does not stop it (reading 25); `Dossier.pieces_manquantes` tells those.
"""

from dataclasses import replace

from aap_portal.referentiel.erreurs import Obstacle
from aap_portal.referentiel.formats import cloture, etp, euros, instant, pourcentage
from aap_portal.referentiel.plafonds import ZERO

from . import cerfa
from .models.activite import LigneBudget
from .rubriques import PAR_CODE, RUBRIQUES


def verifier(dossier):
    """Obstacles of each section, by its code; the keys follow the order of the sections."""
    return {rubrique.code: verifier_rubrique(dossier, rubrique.code) for rubrique in RUBRIQUES}


def verifier_rubrique(dossier, code):
    """Obstacles of one section, each with the link to where it is mended."""
    return _avec_lien(dossier, PAR_CODE[code], _VERIFICATIONS[code](dossier))


def obstacles_au_depot(dossier, campagne, *, le):
    """Every reason why this dossier can't be filed at the instant `le` (AAP 2022, B.2 and C.2; readings 6 and 25)."""
    obstacles = list(obstacles_de_periode(campagne, le=le))
    for constats in verifier(dossier).values():
        obstacles += constats
    return obstacles


def _avec_lien(dossier, rubrique, obstacles):
    return [replace(o, lien=rubrique.lien(dossier, f"id_{o.champ}" if o.champ else "")) for o in obstacles]


def obstacles_de_periode(campagne, *, le):
    """Filing is not open yet, or is over and this campaign keeps nothing late (AAP 2022, C.2; reading 6)."""
    service = campagne.service
    if le < campagne.ouverture_le:
        ouverture = instant(campagne.ouverture_le, service.fuseau, service.fuseau_libelle)
        yield Obstacle("pas_ouverte", f"Les dépôts ouvrent le {ouverture}.", reference="AAP 2022, C")
    elif le >= campagne.cloture_le and campagne.depot_hors_delai == campagne.HorsDelai.REFUSER:
        fin = cloture(campagne.cloture_le, service.fuseau, service.fuseau_libelle)
        yield Obstacle("close", f"Le dépôt était ouvert jusqu’au {fin}.", reference="AAP 2022, C.2")


def _reponses(dossier, champs, reference=""):
    for champ, phrase in champs.items():
        valeur = getattr(dossier, champ)
        if valeur is None or (isinstance(valeur, str) and not valeur.strip()):
            yield Obstacle("reponse_manquante", phrase, champ=champ, reference=reference)


def _structure(dossier):
    champs = {
        "contact_nom": "Indiquez la personne chargée de la demande.",
        "contact_courriel": "Indiquez le courriel de la personne chargée de la demande.",
        "presentation": "Présentez votre structure et son activité.",
    }
    if dossier.structure.est_association:
        champs["subventions_publiques"] = (
            "Indiquez le total des subventions publiques reçues sur le dernier exercice clos."
        )
    return list(_reponses(dossier, champs, "AAP 2022, annexe 2"))


def _projet(dossier):
    return list(
        _reponses(
            dossier,
            {
                "intitule": "Donnez un intitulé à votre projet.",
                "diagnostic": "Rédigez le diagnostic territorial.",
                "objectifs": "Décrivez les objectifs visés.",
                "strategie": "Exposez votre stratégie et sa mise en œuvre.",
            },
            "AAP 2022, B.2-1",
        )
    )


def _territoire(dossier):
    champs = {"implantation": "Décrivez votre présence et votre implantation dans le territoire."}
    if dossier.zones_blanches:
        champs["reponse_zones_blanches"] = "Vos postes couvrent une zone blanche : expliquez comment vous y répondrez."
    return list(_reponses(dossier, champs, "AAP 2022, B.1"))


def _missions(dossier):
    if not dossier.missions:
        yield Obstacle(
            "mission", "Choisissez au moins une mission de l’appel à projets.", "missions", reference="AAP 2022, B.2-1"
        )
    if not any(volume.marches_prevus or volume.heures_prevues for volume in dossier.volumes.all()):
        yield Obstacle(
            "volume",
            "Indiquez au moins un volume d’activité visé (marchés ou heures).",
            "volumes",
            reference="AAP 2022, annexe 2",
        )


def _postes(dossier):
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


def _plan(dossier):
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


def _budgets(dossier):
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


def _pieces(dossier):
    return []


def _attestations(dossier):
    champs = {
        "atteste_exactitude": "Attestez l’exactitude des informations.",
        "atteste_obligations": "Attestez que la structure est à jour de ses obligations.",
        "atteste_maintien": "Engagez-vous à ne pas baisser les financements des postes existants.",
    }
    if dossier.structure.est_association:
        champs["atteste_engagement"] = "Attestez avoir souscrit le contrat d’engagement républicain."
    for champ, phrase in champs.items():
        if not getattr(dossier, champ):
            yield Obstacle("attestation", phrase, champ, reference="Cerfa n°12156*06")


_VERIFICATIONS = {
    "structure": _structure,
    "projet": _projet,
    "postes": _postes,
    "territoire": _territoire,
    "missions": _missions,
    "plan": _plan,
    "budgets": _budgets,
    "pieces": _pieces,
    "attestations": _attestations,
}
