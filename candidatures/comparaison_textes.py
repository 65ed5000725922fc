"""Two versions of a value, as they are shown: in French, and word by word for a text."""

import re
from decimal import Decimal
from difflib import SequenceMatcher

from aap_portal.referentiel.formats import etp, euros, nombre
from aap_portal.referentiel.montants import EtpField, MontantField

from .missions import Mission

ABSENT = "Non renseigné"
_MOTS_MAX = 2_000  # beyond, texts are compared line by line before word by word


def dire(colonne, valeur) -> str:
    """A value of a snapshot (text, number, boolean, list or None) as the page of its section says it."""
    if valeur is None or valeur in ("", [], {}):
        return ABSENT
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    if isinstance(valeur, list):
        return "\n".join(_mission(code) for code in valeur)
    if isinstance(valeur, dict):
        return "\n".join(f"{_mission(code)}\u00a0: {texte}" for code, texte in valeur.items())
    if colonne.choices:
        return str(dict(colonne.flatchoices).get(valeur, valeur))
    if isinstance(colonne, MontantField):
        return euros(Decimal(valeur))
    if isinstance(colonne, EtpField):
        return etp(Decimal(valeur))
    return nombre(valeur) if isinstance(valeur, int) and colonne.name != "annee" else str(valeur)


def _mission(code):
    return str(Mission(code).label) if code in Mission else str(code)


def mots(avant: str, apres: str) -> list[tuple[str, str]]:
    """The two texts in one, cut in (egal | retire | ajoute, words), their spaces and line breaks kept."""
    a, b = _decouper(avant), _decouper(apres)
    if max(len(a), len(b)) <= _MOTS_MAX:
        return _reunir(_ecarts(a, b))
    lignes_a, lignes_b = avant.splitlines(keepends=True), apres.splitlines(keepends=True)
    parts = []
    for nature, i1, i2, j1, j2 in SequenceMatcher(None, lignes_a, lignes_b, autojunk=False).get_opcodes():
        ancien, nouveau = "".join(lignes_a[i1:i2]), "".join(lignes_b[j1:j2])
        parts += [("egal", ancien)] if nature == "equal" else _ecarts(_decouper(ancien), _decouper(nouveau))
    return _reunir(parts)


def _decouper(texte):
    return re.findall(r"\S+\s*|\s+", texte)


def _ecarts(a, b):
    junk = len(a) > _MOTS_MAX or len(b) > _MOTS_MAX
    for nature, i1, i2, j1, j2 in SequenceMatcher(None, a, b, autojunk=junk).get_opcodes():
        if nature == "equal":
            yield "egal", "".join(a[i1:i2])
        else:
            yield "retire", "".join(a[i1:i2])
            yield "ajoute", "".join(b[j1:j2])


def _reunir(parts):
    reunies = []
    for nature, texte in parts:
        if not texte:
            continue
        if reunies and reunies[-1][0] == nature:
            reunies[-1] = (nature, reunies[-1][1] + texte)
        else:
            reunies.append((nature, texte))
    return reunies
