from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aap_portal.documents.lettres import montant_en_lettres

montants = st.integers(0, 99_999_999_99).map(lambda centimes: Decimal(centimes).scaleb(-2))


@pytest.mark.parametrize(
    ("montant", "attendu"),
    [
        ("0", "zéro euro"),
        ("0.01", "un centime d’euro"),
        ("0.50", "cinquante centimes d’euro"),
        ("1", "un euro"),
        ("1.01", "un euro et un centime"),
        ("2", "deux euros"),
        ("80", "quatre-vingts euros"),
        ("81", "quatre-vingt-un euros"),
        ("200", "deux cents euros"),
        ("201", "deux cent un euros"),
        ("1000", "mille euros"),
        ("80000", "quatre-vingt mille euros"),
        ("12345.50", "douze mille trois cent quarante-cinq euros et cinquante centimes"),
        ("200000", "deux cent mille euros"),
        ("400000", "quatre cent mille euros"),
        ("1000000", "un million d’euros"),
        ("2000000", "deux millions d’euros"),
        ("1000001", "un million un euros"),
        ("80000000", "quatre-vingts millions d’euros"),
        ("1000000.20", "un million d’euros et vingt centimes"),
    ],
)
def test_un_montant_s_ecrit_comme_on_le_dit(montant, attendu):
    assert montant_en_lettres(Decimal(montant)) == attendu


@pytest.mark.parametrize("montant", ["-1", "0.001"])
def test_un_montant_negatif_ou_plus_fin_que_le_centime_est_refuse(montant):
    with pytest.raises(ValueError, match="positive amount"):
        montant_en_lettres(Decimal(montant))


@given(montants)
def test_l_unite_et_les_centimes_suivent_les_chiffres(montant):
    lettres = montant_en_lettres(montant)
    centimes = int(montant * 100) % 100

    assert ("centime" in lettres) == bool(centimes)
    assert "euro" in lettres
    assert lettres.count("zéro") == (montant == 0)
    assert "  " not in lettres
    assert not any(signe.isdigit() or signe.isupper() for signe in lettres)


@given(montants, montants)
def test_deux_montants_ne_s_ecrivent_jamais_de_la_meme_facon(un, autre):
    assert (montant_en_lettres(un) == montant_en_lettres(autre)) == (un == autre)
