"""Arithmetic on calendar days: what a French administrative delay counts."""

import calendar
from datetime import date


def ajouter_mois(jour: date, mois: int) -> date:
    """Same day of the month `mois` later, or the last day of a shorter month: 31 August + 6 months is 28 February."""
    annee, rang = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    dernier = calendar.monthrange(annee, rang + 1)[1]
    return date(annee, rang + 1, min(jour.day, dernier))
