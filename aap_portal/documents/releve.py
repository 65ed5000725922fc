"""Reading a workbook that somebody filled, once the control of files has let it through; its bytes are not kept."""

import contextlib
import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from aap_portal.fichiers.depot import examiner_televersement
from aap_portal.referentiel.erreurs import ErreurMetier

journal = logging.getLogger(__name__)
DELAI = 30  # seconds, by the clock


@dataclass(frozen=True)
class CelluleLue:
    """`nature`: texte, nombre, date, booleen, erreur, or formule when the file holds no result for it."""

    feuille: str
    coordonnee: str
    nature: str
    texte: str


def relever(televerse) -> dict:
    """{sheet: {coordinate: CelluleLue}} of an uploaded XLSX; ErreurMetier, with a sentence, when it can't be read."""
    with examiner_televersement(televerse) as recu:
        if recu.extension != "xlsx":
            raise ErreurMetier.simple(
                "classeur_format",
                f"Le fichier « {recu.nom} » n’est pas un classeur XLSX\u00a0: dans votre tableur, choisissez "
                "« Enregistrer sous », puis le format Excel (.xlsx).",
            )
        feuilles = _lire(recu.chemin)
        if feuilles is None:
            raise ErreurMetier.simple(
                "classeur_illisible",
                f"Le fichier « {recu.nom} » ne se lit pas comme un classeur\u00a0: ouvrez-le dans votre tableur, "
                "enregistrez-le au format Excel (.xlsx), puis importez-le de nouveau.",
            )
    return {
        feuille: {coordonnee: CelluleLue(feuille, coordonnee, *lue) for coordonnee, lue in cellules.items()}
        for feuille, cellules in feuilles.items()
    }


def _lire(chemin):
    commande = [sys.executable, "-I", str(Path(__file__).with_name("lecture_classeur.py")), str(chemin)]
    with contextlib.suppress(subprocess.TimeoutExpired, ValueError):
        fin = subprocess.run(commande, capture_output=True, timeout=DELAI, stdin=subprocess.DEVNULL, check=False)
        if fin.returncode:
            journal.warning("a workbook could not be read: %s", fin.stderr[-500:].decode(errors="replace"))
            return None
        return json.loads(fin.stdout)
    return None
