"""Dates and halves of a convention, derived from its effect and its amount: pure functions.

(AAP 2022, B, D.1 and D.2; readings 8, 29, 31, 33 and 34.)
"""

from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from aap_portal.referentiel.dates import ajouter_mois
from aap_portal.referentiel.montants import CENTIME


def partager(montant: Decimal, part_avance: Decimal) -> tuple[Decimal, Decimal]:
    """Advance and balance in euros: the advance is rounded down to the cent, the balance is all the rest."""
    avance = (montant * part_avance).quantize(CENTIME, rounding=ROUND_DOWN)
    return avance, montant - avance


def terme(effet: date, mois: int) -> date:
    """Last day of a convention of so many months: 1 January and 12 months end on 31 December (AAP 2022, D.1)."""
    return ajouter_mois(effet, mois) - timedelta(days=1)


def limite_de_signature(notification: date, jours: int) -> date:
    """Last day to sign: the day of notification is not counted, the last one is (reading 29)."""
    return notification + timedelta(days=jours)


def echeance_intermediaire(effet: date, mois: int) -> date:
    """Due date of the mid-term report, in months from the effect (reading 34)."""
    return ajouter_mois(effet, mois)


def echeance_annuelle(terme: date, mois_avant: int) -> date:
    """Due date of the annual report, so many months before the term (AAP 2022, D.2; reading 33)."""
    return ajouter_mois(terme, -mois_avant)
