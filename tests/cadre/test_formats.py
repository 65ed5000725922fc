from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from aap_portal.referentiel import formats
from aap_portal.referentiel.montants import lire_montant

MAYOTTE = ZoneInfo("Indian/Mayotte")
SERVICE = SimpleNamespace(fuseau="Indian/Mayotte", fuseau_libelle="heure de Mayotte")
centimes = st.integers(-(10**10), 10**10).map(lambda n: Decimal(n).scaleb(-2))


@pytest.mark.parametrize(
    ("montant", "texte"),
    [
        (Decimal("12345.5"), "12\u202f345,50\u00a0€"),
        (Decimal("0"), "0,00\u00a0€"),
        (Decimal("999.995"), "1\u202f000,00\u00a0€"),
        (Decimal("-1234567.005"), "−1\u202f234\u202f567,01\u00a0€"),
        (Decimal("-0.001"), "0,00\u00a0€"),
        (None, "—"),
    ],
)
def test_un_montant_s_ecrit_a_la_francaise(montant, texte):
    assert formats.euros(montant) == texte


@given(centimes)
def test_un_montant_ecrit_se_relit_au_centime(montant):
    assert lire_montant(formats.euros(montant).replace("−", "-")) == montant


@pytest.mark.parametrize(
    ("valeur", "texte"),
    [
        (12345, "12\u202f345"),
        (Decimal("38999.99"), "38\u202f999,99"),
        (Decimal("0.80"), "0,80"),
        (Decimal("1E+3"), "1\u202f000"),
    ],
)
def test_un_nombre_garde_ses_decimales(valeur, texte):
    assert formats.nombre(valeur) == texte


@pytest.mark.parametrize(
    ("taux", "texte"),
    [
        (Decimal("0.7"), "70\u00a0%"),
        (Decimal(2) / 3, "66,67\u00a0%"),
        (Decimal("0.705"), "70,50\u00a0%"),
        (Decimal("0.70005"), "70,01\u00a0%"),
        (Decimal("0.70004"), "70\u00a0%"),
        (Decimal("1.2"), "120\u00a0%"),
    ],
)
def test_un_taux_s_ecrit_avec_deux_decimales_ou_aucune(taux, texte):
    assert formats.pourcentage(taux) == texte


def test_une_quotite_garde_ses_deux_decimales():
    assert [formats.etp(Decimal("0.8")), formats.etp(Decimal("1")), formats.etp(None)] == [
        "0,80\u00a0ETP",
        "1,00\u00a0ETP",
        "—",
    ]


@pytest.mark.parametrize(
    ("quantieme", "texte"),
    [
        (date(2022, 10, 1), "1er\u00a0octobre 2022"),
        (date(2024, 2, 29), "29\u00a0février 2024"),
        (date(2021, 12, 31), "31\u00a0décembre 2021"),
    ],
)
def test_le_premier_du_mois_est_ordinal(quantieme, texte):
    assert formats.jour(quantieme) == texte


def test_un_instant_est_dit_dans_le_fuseau_du_service():
    quand = datetime(2022, 10, 30, 20, 59, tzinfo=UTC)
    assert formats.instant(quand, "Indian/Mayotte", "heure de Mayotte") == (
        "30\u00a0octobre 2022 à 23\u00a0h\u00a059 (heure de Mayotte)"
    )
    assert formats.instant(quand, "Europe/Paris") == "30\u00a0octobre 2022 à 21\u00a0h\u00a059"


@pytest.mark.parametrize(
    ("fin", "texte"),
    [
        (datetime(2022, 10, 31, tzinfo=MAYOTTE), "30\u00a0octobre 2022 à 23\u00a0h\u00a059"),
        (datetime(2022, 10, 31, 12, tzinfo=MAYOTTE), "31\u00a0octobre 2022 à 11\u00a0h\u00a059"),
        (datetime(2022, 10, 31, 12, 0, 30, tzinfo=MAYOTTE), "31\u00a0octobre 2022 à 12\u00a0h"),
        (datetime(2023, 1, 1, tzinfo=MAYOTTE), "31\u00a0décembre 2022 à 23\u00a0h\u00a059"),
    ],
)
def test_une_cloture_exclue_se_lit_comme_la_derniere_minute_ouverte(fin, texte):
    assert formats.cloture(fin, "Indian/Mayotte") == texte


@pytest.mark.parametrize(
    ("ecart", "texte"),
    [
        (timedelta(days=12, hours=4, minutes=59), "dans 12\u00a0j 4\u00a0h"),
        (timedelta(days=3), "dans 3\u00a0j"),
        (timedelta(days=2, minutes=3), "dans 2\u00a0j"),
        (timedelta(hours=23, minutes=59, seconds=59), "dans 23\u00a0h 59\u00a0min"),
        (timedelta(minutes=1), "dans 1\u00a0min"),
        (timedelta(seconds=59), "dans moins d’une minute"),
        (timedelta(0), "dans moins d’une minute"),
        (timedelta(days=-3, hours=-2), "il y a 3\u00a0j 2\u00a0h"),
    ],
)
def test_un_delai_se_dit_en_deux_unites_au_plus(ecart, texte):
    maintenant = datetime(2022, 10, 1, 8, tzinfo=MAYOTTE)
    assert formats.delai(maintenant + ecart, maintenant) == texte


@pytest.mark.parametrize(
    ("octets", "texte"),
    [
        (0, "0\u00a0octet"),
        (1023, "1023\u00a0octets"),
        (1024, "1\u00a0ko"),
        (1024**2 - 1, "1\u00a0Mo"),
        (1258291, "1,2\u00a0Mo"),
        (20 * 1024**2, "20\u00a0Mo"),
        (1024**3, "1\u00a0Go"),
    ],
)
def test_un_poids_se_lit_dans_l_unite_qui_convient(octets, texte):
    assert formats.taille(octets) == texte


@given(st.integers(0, 10**16))
def test_un_poids_n_affiche_jamais_plus_de_1023_sous_le_to(octets):
    valeur, unite = formats.taille(octets).split("\u00a0")
    assert unite == "To" or Decimal(valeur.replace(",", ".").replace("\u202f", "")) < 1024


@pytest.mark.parametrize(
    ("numero", "texte"), [("13002526500013", "130 025 265 00013"), ("130025265", "130025265"), ("", "")]
)
def test_un_siret_se_lit_par_groupes(numero, texte):
    assert formats.siret(numero).replace("\u00a0", " ") == texte


@pytest.mark.parametrize(
    ("numero", "texte"), [("FR1420041010050500013M02606", "FR14 2004 1010 0505 0001 3M02 606"), ("", "")]
)
def test_un_iban_se_lit_par_quatre(numero, texte):
    assert formats.iban(numero).replace("\u00a0", " ") == texte


@time_machine.travel("2022-10-18 20:00+03:00", tick=False)
def test_les_filtres_disent_la_meme_chose_que_les_fonctions():
    gabarit = Template(
        "{{ m|euros }} {{ t|pourcentage }} {{ fin|cloture:service }} {{ fin|delai }} "
        "{{ fin|instant:service }} {{ o|taille }} {{ n|nombre:1 }}"
    )
    contexte = {
        "m": Decimal("1"),
        "t": Decimal("0.8"),
        "fin": datetime(2022, 10, 31, tzinfo=MAYOTTE),
        "service": SERVICE,
        "o": 2048,
        "n": 3,
    }
    assert gabarit.render(Context(contexte)) == (
        "1,00\u00a0€ 80\u00a0% 30\u00a0octobre 2022 à 23\u00a0h\u00a059 (heure de Mayotte) dans 12\u00a0j 4\u00a0h "
        "31\u00a0octobre 2022 à 0\u00a0h (heure de Mayotte) 2\u00a0ko 3,0"
    )
