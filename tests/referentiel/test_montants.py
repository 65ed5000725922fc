"""Money and quotas: read as they are typed in French, kept to the cent, refused with a sentence."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from aap_portal.referentiel.models import LignePoste
from aap_portal.referentiel.montants import (
    MONTANT_MAX,
    EtpField,
    MontantField,
    MontantFormField,
    arrondir,
    ecrire_montant,
    lire_montant,
)
from tests.factories import LignePosteFactory

montants = st.decimals(min_value=0, max_value=MONTANT_MAX, places=2)


@pytest.mark.parametrize(
    ("saisi", "lu"),
    [
        ("12345", "12345.00"),
        ("12 345,50", "12345.50"),
        ("12\u00a0345,5 €", "12345.50"),
        ("12\u202f345,50\u00a0€", "12345.50"),
        ("12\u2009345,50", "12345.50"),
        ("12345.5", "12345.50"),
        ("1.234,50", "1234.50"),
        ("1.234.567,89", "1234567.89"),
        ("12 345,50 EUR", "12345.50"),
        ("0,01", "0.01"),
        ("1234,", "1234.00"),
        ("-5", "-5.00"),
        ("\t7\n", "7.00"),
    ],
)
def test_un_montant_tape_a_la_francaise_est_lu(saisi, lu):
    assert lire_montant(saisi) == Decimal(lu)


@pytest.mark.parametrize(
    "saisi",
    ["12.345", "1,234.50", "1,234,567", "12,345", "0,001", "1e3", "douze", "--5", "+5", "5€5", "12\x00", "NaN", "inf",
     "1_000", "12.34,5", "1" * 16, "$5", "="],
)  # fmt: skip
def test_ce_qui_est_douteux_ou_illisible_est_refuse(saisi):
    with pytest.raises(ValueError, match=r"."):
        lire_montant(saisi)


@given(montants)
def test_un_montant_reaffiche_se_relit_identique(montant):
    assert lire_montant(ecrire_montant(montant)) == montant


@given(st.text())
def test_aucun_texte_ne_casse_la_lecture(texte):
    try:
        lu = lire_montant(texte)
    except ValueError:
        lu = Decimal(0)
    assert lu == lu.quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("valeur", "arrondie"), [("0.005", "0.01"), ("0.004999", "0.00"), ("2.675", "2.68"), ("38999.992", "38999.99")]
)
def test_l_arrondi_se_fait_au_centime_le_plus_proche_le_demi_vers_le_haut(valeur, arrondie):
    assert arrondir(Decimal(valeur)) == Decimal(arrondie)


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ("abc", "Saisissez un nombre, par exemple « 12 345,50 » (deux décimales au plus)."),
        ("1,005", "Saisissez un nombre, par exemple « 12 345,50 » (deux décimales au plus)."),
        ("12\x0034", "Saisissez un nombre, par exemple « 12 345,50 » (deux décimales au plus)."),
        ("-0,01", "Le nombre ne peut pas être négatif."),
        ("100 000 000", "Le nombre doit être au plus 99 999 999,99."),
        ("", "Saisissez un montant."),
        ("   ", "Saisissez un montant."),
    ],
)
def test_un_montant_refuse_recoit_une_phrase(saisi, phrase):
    with pytest.raises(ValidationError) as refus:
        MontantFormField().clean(saisi)

    assert [ordinaire(m) for m in refus.value.messages] == [phrase]


def test_un_montant_facultatif_laisse_en_blanc_est_vide():
    champ = MontantFormField(required=False)

    assert champ.clean("") is None
    assert champ.clean(" \u202f ") is None


def test_les_bornes_d_un_montant_sont_admises():
    champ = MontantFormField()

    assert champ.clean("0") == Decimal("0.00")
    assert champ.clean("99 999 999,99") == MONTANT_MAX


@pytest.mark.parametrize("saisi", ["12 345,50", "12345.5", "12\u202f345,50 €"])
def test_une_autre_ecriture_du_meme_montant_n_est_pas_un_changement(saisi):
    assert not MontantFormField().has_changed(Decimal("12345.50"), saisi)
    assert MontantFormField().has_changed(Decimal("12345.50"), "12 345,51")
    assert MontantFormField().has_changed(Decimal("12345.50"), "abc")


def test_la_base_garde_des_centimes_entiers():
    champ = MontantField()

    assert champ.get_prep_value(Decimal("12.34")) == 1234
    assert champ.from_db_value(1234, None, None) == Decimal("12.34")
    assert champ.get_prep_value(None) is None
    assert champ.from_db_value(None, None, None) is None


def test_une_troisieme_decimale_n_est_jamais_perdue_en_silence():
    with pytest.raises(ValueError, match="more than two decimals"):
        MontantField().get_prep_value(Decimal("0.005"))


@pytest.mark.django_db
def test_la_somme_en_base_est_exacte():
    lignes = [LignePosteFactory(cout_annuel=Decimal("0.10")) for _ in range(3)]

    with connection.cursor() as curseur:
        curseur.execute("SELECT SUM(cout_annuel) FROM referentiel_ligneposte")
        somme = curseur.fetchone()[0]

    assert int(somme) == 30
    assert LignePoste.objects.get(pk=lignes[0].pk).cout_annuel == Decimal("0.10")


def test_une_quotite_est_bornee_a_999_99():
    champ = EtpField("quotité").formfield()

    assert champ.clean("999,99") == Decimal("999.99")
    with pytest.raises(ValidationError, match=r"au plus 999,99"):
        champ.clean("1000")


def ordinaire(phrase):
    return phrase.replace("\u00a0", " ").replace("\u202f", " ")
