"""The sheet of the design system, without what none of our pages uses: on a slow line the page waits for all of it.

A rule stays when one of its selectors names only blocks that we name too, in a template, a script or a module: the block of
« fr-btn--secondary » is « fr-btn », that of « fr-header__menu » is « fr-header », so a variant built at run time stays. Ours are
always light: the colours of the dark theme go.
"""

import re

import tinycss2
from django.conf import settings

_CLASSE = re.compile(r"\.(fr-[\w-]+)")
_NOM = re.compile(r"\bfr-[\w-]+")
_NEGATION = re.compile(r":not\([^()]*\)")
_SOMBRE = "[data-fr-theme=dark]"
_EMBOITEES = {"media", "supports"}
_DES_SCRIPTS = {
    "fr-scroll-divider",
    "fr-transition-none",
}  # that the scripts of the design system add to what they move


def reduire(feuille, vocabulaire):
    """The CSS text less the rules whose blocks are not in `vocabulaire` ; a name that ends in « - » means all that start so."""
    regles = tinycss2.parse_stylesheet(feuille, skip_comments=True, skip_whitespace=True)
    return "".join(_garder(regles, vocabulaire))


def vocabulaire():
    """Every « fr-… » that our templates, scripts and modules name."""
    racine, noms = settings.BASE_DIR, set()
    for motif in ("templates/**/*.html", "static/js/*.js", "aap_portal/**/*.py", "c*/**/*.py"):
        for chemin in racine.glob(motif):
            noms |= set(_NOM.findall(chemin.read_text(encoding="utf-8")))
    return noms | {bloc(nom) for nom in noms} | _DES_SCRIPTS


def bloc(nom):
    """« fr-btn » of « fr-btn--secondary »."""
    return re.split(r"__|--", nom, maxsplit=1)[0]


def _garder(regles, mots):
    for regle in regles:
        if regle.type == "qualified-rule":
            if selecteurs := _selecteurs(tinycss2.serialize(regle.prelude), mots):
                yield f"{','.join(selecteurs)}{{{tinycss2.serialize(regle.content)}}}"
        elif regle.type == "at-rule" and regle.lower_at_keyword in _EMBOITEES:
            dedans = tinycss2.parse_rule_list(regle.content, skip_comments=True, skip_whitespace=True)
            if garde := "".join(_garder(dedans, mots)):
                yield f"@{regle.at_keyword}{tinycss2.serialize(regle.prelude)}{{{garde}}}"
        else:
            yield regle.serialize()


def _selecteurs(prelude, mots):
    return [selecteur for selecteur in _separer(prelude) if _sert(selecteur, mots)]


def _separer(prelude):
    """The selectors of a list; a comma inside brackets separates nothing."""
    return re.split(r",(?![^(\[]*[)\]])", prelude.strip())


def _sert(selecteur, mots):
    if _SOMBRE in selecteur:
        return False
    if ":is(" in selecteur or ":where(" in selecteur:
        return True
    return all(_connu(nom, mots) for nom in _CLASSE.findall(_NEGATION.sub("", selecteur)))


def _connu(nom, mots):
    if nom in mots or bloc(nom) in mots:
        return True
    return any(mot.endswith("-") and nom.startswith(mot) for mot in mots)
