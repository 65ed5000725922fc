"""The dossier as it is read: the same sections for the review, the read-only pages, the instruction and the documents."""

from ..rubriques import PAR_CODE, RUBRIQUES
from . import argent, missions, pieces, projet, structure
from .elements import NON_RENSEIGNE, Cellule, Reponse, Section, Tableau
from .projet import recrutement

__all__ = ["NON_RENSEIGNE", "Cellule", "Reponse", "Section", "Tableau", "lire", "lire_rubrique", "recrutement"]


def lire(dossier):
    return [lire_rubrique(dossier, rubrique.code) for rubrique in RUBRIQUES]


def lire_rubrique(dossier, code):
    reponses, tableaux = _LECTURES[code](dossier)
    return Section(PAR_CODE[code], list(reponses), list(tableaux))


_LECTURES = {
    "structure": structure.structure,
    "projet": projet.projet,
    "postes": argent.postes,
    "territoire": projet.territoire,
    "missions": missions.missions,
    "plan": argent.plan,
    "budgets": argent.budgets,
    "pieces": pieces.pieces,
    "attestations": projet.attestations,
}
