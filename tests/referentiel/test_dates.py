"""Months of the calendar, as administrative delays count them."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aap_portal.referentiel.dates import ajouter_mois

jours = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    ("jour", "mois", "attendu"),
    [
        (date(2022, 10, 30), 2, date(2022, 12, 30)),
        (date(2022, 12, 31), 2, date(2023, 2, 28)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
        (date(2022, 8, 31), 6, date(2023, 2, 28)),
        (date(2022, 1, 15), 12, date(2023, 1, 15)),
        (date(2022, 12, 1), 1, date(2023, 1, 1)),
        (date(2022, 3, 31), -1, date(2022, 2, 28)),
        (date(2022, 1, 31), -1, date(2021, 12, 31)),
        (date(2022, 5, 5), 0, date(2022, 5, 5)),
    ],
)
def test_meme_quantieme_ou_dernier_jour_d_un_mois_plus_court(jour, mois, attendu):
    assert ajouter_mois(jour, mois) == attendu


@given(jours, st.integers(-120, 120))
def test_le_mois_tombe_toujours_juste(jour, mois):
    arrivee = ajouter_mois(jour, mois)

    assert (arrivee.year * 12 + arrivee.month) - (jour.year * 12 + jour.month) == mois
    dernier = calendar.monthrange(arrivee.year, arrivee.month)[1]
    assert arrivee.day == min(jour.day, dernier)


@given(jours, st.integers(0, 60), st.integers(0, 60))
def test_un_delai_plus_long_ne_finit_jamais_plus_tot(jour, un, autre):
    court, long = sorted([un, autre])
    assert ajouter_mois(jour, court) <= ajouter_mois(jour, long)
