"""The term of the implicit rejection, to the day (CRPA, L. 231-4 3° and L. 114-5)."""

from datetime import date

import pytest

from candidatures.delais import Suspension, rejet_implicite

DEPOT = date(2022, 9, 15)


def jour(mois, quantieme):
    return date(2022, mois, quantieme)


@pytest.mark.parametrize(
    ("suspensions", "terme"),
    [
        ([], jour(11, 15)),
        ([Suspension(jour(9, 20), jour(9, 20))], jour(11, 15)),  # asked and answered on the same day
        ([Suspension(jour(9, 20), jour(9, 21))], jour(11, 16)),
        ([Suspension(DEPOT, jour(9, 30))], jour(11, 30)),  # from the filing itself
        ([Suspension(jour(9, 20), jour(9, 25)), Suspension(jour(10, 1), jour(10, 11))], jour(11, 30)),
        ([Suspension(jour(10, 1), jour(10, 11)), Suspension(jour(9, 20), jour(9, 25))], jour(11, 30)),  # in any order
        ([Suspension(jour(11, 14), jour(11, 16))], jour(11, 17)),  # begun on the eve of the term
        ([Suspension(jour(11, 15), jour(11, 16))], jour(11, 16)),  # begun on the last day
        ([Suspension(jour(11, 16), jour(11, 30))], jour(11, 15)),  # begun too late: the rejection is born
        ([Suspension(jour(11, 15), jour(11, 20)), Suspension(jour(11, 20), jour(11, 25))], jour(11, 25)),
    ],
)
def test_chaque_suspension_ajoute_ses_jours(suspensions, terme):
    assert rejet_implicite(DEPOT, mois=2, suspensions=suspensions) == terme


@pytest.mark.parametrize(
    "suspensions",
    [[Suspension(DEPOT)], [Suspension(jour(11, 15))], [Suspension(jour(9, 20), jour(9, 25)), Suspension(jour(11, 20))]],
)
def test_une_suspension_en_cours_n_a_pas_de_terme(suspensions):
    assert rejet_implicite(DEPOT, mois=2, suspensions=suspensions) is None


def test_une_suspension_commencee_apres_le_terme_ne_le_retire_pas():
    assert rejet_implicite(DEPOT, mois=2, suspensions=[Suspension(jour(11, 16))]) == jour(11, 15)


@pytest.mark.parametrize(
    ("depot", "terme"), [(date(2022, 12, 31), date(2023, 2, 28)), (date(2022, 8, 31), jour(10, 31))]
)
def test_le_terme_tombe_le_meme_quantieme_ou_le_dernier_jour_du_mois(depot, terme):
    assert rejet_implicite(depot, mois=2) == terme
