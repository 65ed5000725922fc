"""Our own code, as files and as syntax trees: what the tests of conventions read."""

import ast
from functools import cache
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
PAQUETS = ["aap_portal", "candidatures", "copil", "conventions"]
NOTRES = ["comptes", "referentiel", "fichiers", "documents", "courriels", "candidatures", "copil", "conventions"]
MODULES = sorted(
    chemin for paquet in PAQUETS for chemin in (RACINE / paquet).rglob("*.py") if "migrations" not in chemin.parts
)


def relatif(chemin):
    return str(chemin.relative_to(RACINE))


@cache
def arbre(chemin):
    return ast.parse(chemin.read_text(encoding="utf-8"))
