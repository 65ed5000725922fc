"""Cells of a workbook: `python -I lecture_classeur.py PATH` prints them in JSON, for `releve.py`.

It runs apart and under limits, as the check of uploaded files does: unfolding a workbook is where a hostile one bites.
{sheet: {coordinate: [kind, text]}}; kinds: texte, nombre, date, booleen, erreur, formule (one without its last result).
"""

import json
import sys
from datetime import date, datetime, time
from pathlib import Path

LIGNES_MAX, COLONNES_MAX, FEUILLES_MAX = 500, 12, 12


def lire(chemin):
    from openpyxl import load_workbook

    with open(chemin, "rb") as un, open(chemin, "rb") as deux:
        resultats, formules = (
            load_workbook(un, read_only=True, data_only=True),
            load_workbook(deux, read_only=True),
        )
        return {
            nom: dict(_cellules(resultats[nom], formules[nom]))
            for nom in resultats.sheetnames[:FEUILLES_MAX]
            if hasattr(resultats[nom], "iter_rows")  # a sheet of charts has none
        }


def _cellules(valeurs, formules):
    bornes = {"max_row": LIGNES_MAX, "max_col": COLONNES_MAX}
    for ligne, originaux in zip(valeurs.iter_rows(**bornes), formules.iter_rows(**bornes), strict=False):
        for cellule, originale in zip(ligne, originaux, strict=False):
            if cellule.value is not None:
                yield cellule.coordinate, _dire(cellule)
            elif originale.value is not None:
                yield originale.coordinate, ["formule", str(originale.value)[:200]]


def _dire(cellule):
    valeur = cellule.value
    if cellule.data_type == "e":
        return ["erreur", str(valeur)]
    if isinstance(valeur, bool):
        return ["booleen", "VRAI" if valeur else "FAUX"]
    if isinstance(valeur, datetime | date | time):
        return ["date", valeur.isoformat()]
    if isinstance(valeur, int | float):
        return ["nombre", repr(valeur)]
    return ["texte", str(valeur)[:200]]


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parent.parent / "fichiers"))  # last, so that it hides no library
    from controle import limiter

    limiter()
    sys.stdout.write(json.dumps(lire(sys.argv[1])))
