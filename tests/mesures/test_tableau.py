"""The table of the measures: what it shows of a figure, and what fails a run."""

import pytest

from mesures.tableau import Mesure, centile, conclure, ecrire, en_markdown, noter


@pytest.mark.parametrize(
    ("valeur", "unite", "texte"),
    [
        (0, "", "0"),
        (15, "", "15"),
        (1033.4, "ms", "1\u202f033\u00a0ms"),
        (3.14159, "s", "3,1\u00a0s"),
        (0.456, "s", "0,46\u00a0s"),
        (235.2, "Ko", "235\u00a0Ko"),
    ],
)
def test_un_nombre_s_ecrit_en_francais(valeur, unite, texte):
    assert ecrire(valeur, unite) == texte


@pytest.mark.parametrize(("part", "attendu"), [(0.5, 11), (0.95, 20), (1.0, 20)])
def test_un_centile_est_la_valeur_de_son_rang(part, attendu):
    assert centile(range(1, 21), part) == attendu


def test_un_centile_de_rien_est_nul():
    assert centile([], 0.95) == 0.0


def test_une_cible_est_tenue_jusqu_a_elle_comprise():
    assert [Mesure("g", "n", valeur, cible=15).est_tenue for valeur in (14, 15, 16)] == [True, True, False]


def test_la_page_montre_chaque_groupe():
    mesures = [Mesure("Un", "a", 2, "s", 1.0, 0.5), Mesure("Deux", "b", 3)]

    assert en_markdown(mesures) == (
        "### Un\n\n| Mesure | Valeur | Cible | Plancher | Tenue |\n|---|---:|---:|---:|---|\n"
        "| a | 2\u00a0s | ≤ 1,00\u00a0s | 0,50\u00a0s | non |\n\n"
        "### Deux\n\n| Mesure | Valeur | Cible | Plancher | Tenue |\n|---|---:|---:|---:|---|\n| b | 3 |  |  |  |"
    )


@pytest.mark.parametrize(
    ("valeur", "exigee", "conclusion"),
    [(0, True, 0), (1, True, "\nBroken promises: pertes."), (1, False, 0)],
)
def test_seule_une_promesse_rompue_fait_echouer(tmp_path, capsys, valeur, exigee, conclusion):
    noter(tmp_path / "mesures.json", [Mesure("g", "pertes", valeur, cible=0, exigee=exigee)])

    assert conclure(tmp_path / "mesures.json", "une machine") == conclusion
    assert "pertes" in capsys.readouterr().out
