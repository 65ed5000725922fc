"""SIRET, RNA and IBAN: the key is computed, the refusal says where to look."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from aap_portal.referentiel.identifiants import compacter, masquer_iban, valider_iban, valider_rna, valider_siret
from tests.factories import siret


@pytest.mark.parametrize("valeur", ["13002603200016", "73282932000074", "35600000049837"])
def test_un_siret_dont_la_cle_est_bonne_est_admis(valeur):
    assert valider_siret(valeur) is None


@pytest.mark.parametrize(
    "valeur",
    [
        "73282932000075",
        "7328293200007",
        "732829320000741",
        "",
        "ABCDEFGHIJKLMN",
        "73282932000 74\x00",
        "٧٣٢٨٢٩٣٢٠٠٠٠٧٤",
    ],
)
def test_un_siret_faux_recoit_une_phrase_qui_dit_ou_le_trouver(valeur):
    with pytest.raises(ValidationError, match=r"14 chiffres.*avis de situation de l’Insee") as refus:
        valider_siret(valeur)
    assert refus.value.code == "siret"


@given(st.integers(0, 999_999), st.integers(0, 13), st.integers(1, 9))
def test_un_chiffre_change_dans_un_siret_se_voit(rang, position, ecart):
    bon = siret(rang)
    faux = bon[:position] + str((int(bon[position]) + ecart) % 10) + bon[position + 1 :]

    assert valider_siret(bon) is None
    with pytest.raises(ValidationError):
        valider_siret(faux)


@pytest.mark.parametrize("valeur", ["W9R1011072", "W9M1000001", "W751000000"])
def test_un_rna_d_outre_mer_porte_une_lettre(valeur):
    assert valider_rna(valeur) is None


@pytest.mark.parametrize("valeur", ["W9R101107", "W9R10110722", "9R1011072", "w9r1011072", "WRR1011072", "W٩R1011072"])
def test_un_rna_faux_est_refuse(valeur):
    with pytest.raises(ValidationError, match="commence par W, suivi de neuf caractères"):
        valider_rna(valeur)


def test_un_iban_est_verifie_par_sa_cle():
    assert valider_iban("FR1420041010050500013M02606") is None
    for faux in ("FR1420041010050500013M02607", "FR14", "", "XX00"):
        with pytest.raises(ValidationError, match="vérifiez-le sur votre RIB"):
            valider_iban(faux)


@pytest.mark.parametrize(
    ("saisi", "lu"),
    [("732 829 320 00074", "73282932000074"), ("732.829.320-00074", "73282932000074"), ("w9r\u00a01011072", "W9R1011072"),
     (None, ""), ("fr14\u202f2004", "FR142004")],
)  # fmt: skip
def test_les_espaces_les_points_et_les_tirets_ne_comptent_pas(saisi, lu):
    assert compacter(saisi) == lu


def test_un_iban_masque_ne_montre_que_ses_bouts():
    assert masquer_iban("FR1420041010050500013M02606") == "FR14 •••• 2606"
    assert masquer_iban("") == ""
