from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conventions import echeancier

CENTIMES = st.integers(min_value=1, max_value=10**10).map(lambda centimes: Decimal(centimes).scaleb(-2))


@pytest.mark.parametrize(
    ("montant", "avance", "solde"),
    [("28000.00", "14000.00", "14000.00"), ("63699.99", "31849.99", "31850.00"), ("0.01", "0.00", "0.01")],
)
def test_l_avance_est_arrondie_au_centime_inferieur_et_le_solde_est_le_reste(montant, avance, solde):
    assert echeancier.partager(Decimal(montant), Decimal("0.5")) == (Decimal(avance), Decimal(solde))


@given(CENTIMES, st.integers(min_value=0, max_value=100).map(lambda part: Decimal(part).scaleb(-2)))
def test_les_deux_parts_font_toujours_le_tout(montant, part):
    avance, solde = echeancier.partager(montant, part)

    assert avance + solde == montant
    assert min(avance, solde) >= 0


@pytest.mark.parametrize(
    ("effet", "mois", "terme"),
    [
        (date(2023, 1, 1), 12, date(2023, 12, 31)),
        (date(2023, 1, 15), 12, date(2024, 1, 14)),
        (date(2023, 3, 1), 12, date(2024, 2, 29)),
        (date(2022, 12, 1), 36, date(2025, 11, 30)),
    ],
)
def test_une_convention_de_douze_mois_finit_la_veille_de_son_anniversaire(effet, mois, terme):
    assert echeancier.terme(effet, mois) == terme


def test_le_jour_de_la_notification_ne_compte_pas_et_le_quinzieme_jour_compte():
    assert echeancier.limite_de_signature(date(2022, 12, 1), 15) == date(2022, 12, 16)


@pytest.mark.parametrize(
    ("terme", "echeance"),
    [
        (date(2023, 12, 31), date(2023, 10, 31)),
        (date(2024, 4, 30), date(2024, 2, 29)),
        (date(2024, 1, 14), date(2023, 11, 14)),
    ],
)
def test_le_rapport_annuel_est_attendu_deux_mois_avant_le_terme(terme, echeance):
    assert echeancier.echeance_annuelle(terme, 2) == echeance


def test_le_rapport_intermediaire_est_attendu_six_mois_apres_l_effet():
    assert echeancier.echeance_intermediaire(date(2023, 8, 31), 6) == date(2024, 2, 29)
