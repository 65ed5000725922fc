"""The arithmetic of the grid: bounds of a score, mean, median and spread of the members' totals, rank, line of the credits.

Pure functions on `Decimal`, without the ORM (AAP 2022, Annexe 4; readings 22 and 48). Means and medians are rounded to two
decimals, halves up, and what is shown is what is compared: two dossiers that read the same mean are a tie.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median

from aap_portal.referentiel.formats import nombre
from aap_portal.referentiel.montants import arrondir

ZERO = Decimal(0)


def defaut_de_note(note: Decimal, *, maximum: Decimal, pas: Decimal) -> str:
    """What is wrong with a score and what would do, as a sentence; empty within 0..maximum, in steps of `pas`."""
    if note < 0 or note > maximum:
        return f"La note va de 0 à {_lisible(maximum)} : {_lisible(note)} n’est pas possible."
    if note != maximum and (reste := note % pas):
        dessous, dessus = note - reste, min(note - reste + pas, maximum)
        return (
            f"Les notes vont de {_lisible(pas)} en {_lisible(pas)} : "
            f"saisissez {_lisible(dessous)} ou {_lisible(dessus)} au lieu de {_lisible(note)}."
        )
    return ""


def _lisible(note):
    return nombre(Decimal(note).normalize())


def total(notes) -> Decimal:
    """Sum of the scores given; a criterion without a score counts for nothing yet."""
    return sum((note for note in notes if note is not None), ZERO)


@dataclass(frozen=True)
class Synthese:
    """The members' totals for one dossier; at least one."""

    totaux: tuple

    @property
    def moyenne(self):
        return moyenne(self.totaux)

    @property
    def mediane(self):
        return arrondir(Decimal(median(self.totaux)))

    @property
    def ecart(self):
        """Spread: highest total less lowest."""
        return max(self.totaux) - min(self.totaux)


def moyenne(valeurs) -> Decimal:
    return arrondir(sum(valeurs, ZERO) / len(valeurs))


@dataclass(frozen=True)
class Candidat:
    """What ranks a dossier. `moyenne` and `premier_bloc` are None without a score; `deja_porteuse`: see reading 48."""

    cle: int
    moyenne: Decimal | None
    deja_porteuse: bool
    premier_bloc: Decimal | None
    demande: Decimal
    depose_le: datetime


def classer(candidats, *, priorite_porteuses=True) -> list:
    """Keys from the best to the last: highest mean, then, at the same mean, a structure that already bears a post
    (reading 48, a setting), the higher mean on the first block, the lower amount asked, the earlier filing.
    Dossiers without a score come last.
    """
    return [candidat.cle for candidat in sorted(candidats, key=lambda c: _cle_de_tri(c, priorite_porteuses))]


def _cle_de_tri(candidat, priorite_porteuses):
    return (
        candidat.moyenne is None,
        -(candidat.moyenne or ZERO),
        not candidat.deja_porteuse if priorite_porteuses else False,
        -(candidat.premier_bloc or ZERO),
        candidat.demande,
        candidat.depose_le,
        candidat.cle,
    )


def rang_de_la_ligne(montants, credits: Decimal | None) -> int | None:
    """Where the « ligne des crédits » falls: how many dossiers, in rank order, fit in the credits before the first that
    does not. None when all of them fit, or when the envelope is not known."""
    if credits is None:
        return None
    cumul = ZERO
    for rang, montant in enumerate(montants):
        cumul += montant
        if cumul > credits:
            return rang
    return None
