"""Putting off the closing of a campaign: when it may be, and what follows in the rooms above.

    @declarer_suite
    def prevenir_les_brouillons(campagne, *, par):
        ...

A follow-up runs inside the transaction of the act.
"""

from .erreurs import ErreurMetier
from .formats import cloture

_suites = []


def declarer_suite(fonction):
    """Register `fonction(campagne, par=…)`, called once the new closing is written."""
    if fonction not in _suites:
        _suites.append(fonction)
    return fonction


def suites(campagne, *, par):
    for suite in _suites:
        suite(campagne, par=par)


def exiger_possible(campagne, jusqu_a, motif, *, le):
    """Raise ErreurMetier unless the new closing (an excluded instant) is later than the present one, and yet to come."""
    if not motif:
        raise ErreurMetier.simple("motif", "Donnez le motif\u00a0: tous les candidats le liront.", champ="id_motif")
    if jusqu_a <= campagne.cloture_le:
        service = campagne.service
        fin = cloture(campagne.cloture_le, service.fuseau, service.fuseau_libelle)
        raise ErreurMetier.simple(
            "cloture_avancee",
            f"Le dépôt est déjà ouvert jusqu’au {fin}\u00a0: choisissez une clôture plus tardive.",
            champ="id_jusqu_a",
        )
    if jusqu_a <= le:
        raise ErreurMetier.simple(
            "cloture_passee", "Cette clôture est déjà passée\u00a0: choisissez un instant à venir.", champ="id_jusqu_a"
        )
