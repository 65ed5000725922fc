"""What stops a filing: answers not given and rules not kept, section by section, all at once.

A missing piece does not stop it (reading 25); `Dossier.pieces_manquantes` tells those.
"""

from dataclasses import replace

from aap_portal.referentiel.erreurs import Obstacle
from aap_portal.referentiel.formats import cloture, instant

from ..rubriques import PAR_CODE, RUBRIQUES
from . import argent, reponses


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


def _pieces(dossier):
    return []


_VERIFICATIONS = {
    "structure": reponses.structure,
    "projet": reponses.projet,
    "postes": argent.postes,
    "territoire": reponses.territoire,
    "missions": reponses.missions,
    "plan": argent.plan,
    "budgets": argent.budgets,
    "pieces": _pieces,
    "attestations": reponses.attestations,
}
