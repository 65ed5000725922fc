"""Several hands on one section: what one types is merged with what another saved since, answer by answer.

The page carries a fingerprint of each answer as it was opened. An answer that only one of the two changed merges by
itself; one that both changed, and differently, is crossed: a person chooses, and nothing is written meanwhile.
"""

import difflib
import hashlib
import json
import re
from dataclasses import dataclass
from decimal import Decimal

from aap_portal.referentiel.montants import CENTIME

_FORMAT = "v1"
VIDE = "0"
_MOTS = re.compile(r"\s+|[^\s]+")
_MOTS_COMPARES = 4000


def canonique(valeur):
    """The text under which two equal answers are equal, whatever the form or the base makes of them; None when empty."""
    if valeur is None or valeur is False:
        return None
    if isinstance(valeur, str):
        return valeur.replace("\r\n", "\n").strip() or None
    if isinstance(valeur, Decimal):
        return str(valeur.quantize(CENTIME))
    if isinstance(valeur, dict):
        return json.dumps(valeur, sort_keys=True, default=str) if valeur else None
    if hasattr(valeur, "__iter__"):
        return "\n".join(sorted(str(getattr(element, "pk", element)) for element in valeur)) or None
    return str(getattr(valeur, "pk", valeur))


def empreinte(valeur):
    texte = canonique(valeur)
    return VIDE if texte is None else hashlib.blake2s(texte.encode(), digest_size=6).hexdigest()


def ecrire_version(enregistrees, montrees=None, *, garder=None):
    """« v1 intitule:3f… projet_64:0|9a… »: each answer as saved, and as shown when the page fills it by itself.

    `garder`: (base, names) of the answers that keep the fingerprints of an earlier version.
    """
    base, gardees = garder or ({}, ())
    mots = [_FORMAT]
    for nom, valeur in enregistrees.items():
        connues = {empreinte(valeur)} | ({empreinte(montrees.get(nom))} if montrees else set())
        if valeur == 0 and valeur is not False:
            connues.add(VIDE)  # a table may keep no row for a zero
        if nom in gardees:
            connues = base.get(nom, {VIDE})
        if connues != {VIDE}:
            mots.append(f"{nom}:{'|'.join(sorted(connues))}")
    return " ".join(mots)


def lire_version(texte):
    """Fingerprints by answer; None when the page carries none, and then nothing is compared.

    A version that cannot be read knows nothing: whatever differs is then crossed.
    """
    if not texte:
        return None
    format_lu, *mots = texte.split(" ")
    if format_lu != _FORMAT:
        return Inconnue()
    return {nom: set(connues.split("|")) for nom, _, connues in (mot.partition(":") for mot in mots)}


class Inconnue(dict):
    """The base of a page made by another version of the portal."""

    def get(self, nom, defaut=None):
        return set()


@dataclass(frozen=True)
class Fusion:
    """Names of the answers to take from the base (`reprises`) and of those that need a person (`croisees`)."""

    reprises: frozenset = frozenset()
    croisees: frozenset = frozenset()


def fusionner(base, miennes, actuelles):
    """Three-way merge by answer: all that is neither taken from the base nor crossed is written as typed."""
    if base is None:
        return Fusion()
    reprises, croisees = set(), set()
    for nom, mienne in miennes.items():
        connues = base.get(nom, {VIDE})
        ici, la = empreinte(mienne), empreinte(actuelles.get(nom))
        if ici == la or la in connues:
            continue
        (reprises if ici in connues else croisees).add(nom)
    return Fusion(frozenset(reprises), frozenset(croisees))


def joindre(mienne, autre):
    """One text, then the paragraphs of the other that it does not hold: nothing is lost, nothing is said twice."""
    mienne, autre = canonique(mienne) or "", canonique(autre) or ""
    nouveaux = [paragraphe for paragraphe in autre.split("\n\n") if paragraphe not in mienne]
    return "\n\n".join([*([mienne] if mienne else []), *nouveaux])


def comparer(mienne, autre):
    """The two texts cut in (words, differs) pieces, to mark what differs; too long to compare, they come whole."""
    a, b = _MOTS.findall(mienne), _MOTS.findall(autre)
    if len(a) + len(b) > _MOTS_COMPARES:
        return [(mienne, False)], [(autre, False)]
    gauche, droite = [], []
    for nature, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        differe = nature != "equal"
        gauche.append(("".join(a[a1:a2]), differe))
        droite.append(("".join(b[b1:b2]), differe))
    return [m for m in gauche if m[0]], [m for m in droite if m[0]]
