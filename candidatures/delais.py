"""The day on which silence becomes a rejection, and what puts it off (CRPA, L. 231-4 3° and L. 114-5)."""

from dataclasses import dataclass
from datetime import date, timedelta

from aap_portal.referentiel.dates import ajouter_mois


@dataclass(frozen=True)
class Suspension:
    """From the day on which something is asked of the structure to the day of its answer; `fin` is None meanwhile."""

    debut: date
    fin: date | None = None

    @property
    def jours(self):
        return (self.fin - self.debut).days


def rejet_implicite(depose_le: date, *, mois: int, suspensions=()) -> date | None:
    """The term of the delay: `mois` months after the filing, plus the days of each suspension; None during one.

    A suspension that begins after the term changes nothing: the rejection is born already.
    """
    terme = ajouter_mois(depose_le, mois)
    for suspension in sorted(suspensions, key=lambda s: s.debut):
        if suspension.debut > terme:
            break
        if suspension.fin is None:
            return None
        terme += timedelta(days=suspension.jours)
    return terme
