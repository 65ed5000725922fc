from datetime import UTC, datetime
from decimal import Decimal

import pytest

from copil.notation import Candidat, Synthese, classer, defaut_de_note, rang_de_la_ligne, total

TOT = datetime(2022, 9, 1, tzinfo=UTC)
TARD = datetime(2022, 9, 2, tzinfo=UTC)


def defaut(note):
    phrase = defaut_de_note(Decimal(note), maximum=15, pas=Decimal("0.50"))
    return phrase.replace("\u00a0", " ")


@pytest.mark.parametrize("note", ["0", "0.5", "12.50", "14.5", "15", "15.00"])
def test_une_note_va_de_zero_au_maximum_par_demi_point(note):
    assert defaut(note) == ""


@pytest.mark.parametrize(
    ("note", "phrase"),
    [
        ("15.5", "La note va de 0 à 15 : 15,5 n’est pas possible."),
        ("15.01", "La note va de 0 à 15 : 15,01 n’est pas possible."),
        ("-0.5", "La note va de 0 à 15 : −0,5 n’est pas possible."),
        ("12.25", "Les notes vont de 0,5 en 0,5 : saisissez 12 ou 12,5 au lieu de 12,25."),
        ("14.99", "Les notes vont de 0,5 en 0,5 : saisissez 14,5 ou 15 au lieu de 14,99."),
        ("0.01", "Les notes vont de 0,5 en 0,5 : saisissez 0 ou 0,5 au lieu de 0,01."),
    ],
)
def test_une_note_hors_bornes_ou_hors_pas_dit_ce_qui_convient(note, phrase):
    assert defaut(note) == phrase


def test_le_total_ignore_les_criteres_sans_note():
    assert total([Decimal("12.5"), None, Decimal("7")]) == Decimal("19.5")


@pytest.mark.parametrize(
    ("totaux", "moyenne", "mediane", "ecart"),
    [
        (["61.5"], "61.50", "61.50", "0.0"),
        (["60", "61", "61"], "60.67", "61.00", "1"),
        (["60", "60.5", "61", "90"], "67.88", "60.75", "30"),
        (["0.5", "0", "0", "0"], "0.13", "0.00", "0.5"),
    ],
)
def test_moyenne_et_mediane_sont_arrondies_a_deux_decimales_la_moitie_vers_le_haut(totaux, moyenne, mediane, ecart):
    synthese = Synthese(tuple(map(Decimal, totaux)))

    assert (synthese.moyenne, synthese.mediane, synthese.ecart) == (Decimal(moyenne), Decimal(mediane), Decimal(ecart))


def candidat(cle, moyenne="70", porteuse=True, bloc="20", demande="28000", depose_le=TOT):
    moyenne = moyenne and Decimal(moyenne)
    return Candidat(cle, moyenne, porteuse, bloc and Decimal(bloc), Decimal(demande), depose_le)


def test_la_meilleure_moyenne_est_premiere_et_un_dossier_sans_note_dernier():
    assert classer([candidat(1, None, bloc=None), candidat(2, "69.99"), candidat(3, "70")]) == [3, 2, 1]


@pytest.mark.parametrize(
    ("premier", "second"),
    [
        (candidat(1), candidat(2, porteuse=False, bloc="35", demande="1")),
        (candidat(1, bloc="20.01", demande="99999"), candidat(2, demande="1")),
        (candidat(1, demande="27999.99", depose_le=TARD), candidat(2)),
        (candidat(1), candidat(2, depose_le=TARD)),
    ],
    ids=["déjà porteuse", "premier bloc", "montant demandé", "date de dépôt"],
)
def test_a_note_egale_les_departages_se_suivent_dans_l_ordre_annonce(premier, second):
    assert classer([second, premier]) == [1, 2]


def test_la_priorite_aux_structures_deja_porteuses_est_un_reglage():
    assert classer([candidat(1), candidat(2, porteuse=False, bloc="35")], priorite_porteuses=False) == [2, 1]


@pytest.mark.parametrize(
    ("credits", "rang"),
    [("84000.00", None), ("83999.99", 2), ("56000.00", 2), ("55999.99", 1), ("0.00", 0), ("-1.00", 0), (None, None)],
)
def test_la_ligne_des_credits_tombe_avant_le_premier_dossier_qui_ne_tient_plus(credits, rang):
    montants = [Decimal("28000.00")] * 3

    assert rang_de_la_ligne(montants, credits and Decimal(credits)) == rang
