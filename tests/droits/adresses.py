"""Every address of the portal, read from the URLconf itself."""

import re
from dataclasses import dataclass

from django.urls import get_resolver

_EXEMPLES = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-4000-8000-000000000000", "path": "x"}
# The two routes that allauth writes as regular expressions, and the catch-all of the administration site.
_MOTIFS = {
    r"(?P<key>[-:\w]+)": "x",
    r"(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)": "1-x",
    r"(?P<app_label>[^/]+)": "comptes",
    r"(?P<app_label>auth|comptes|referentiel|fichiers|courriels|candidatures|copil|conventions)": "comptes",
    r"(?P<url>.*)$": "nulle-part",
}


@dataclass(frozen=True)
class Adresse:
    nom: str
    motif: str
    ouverte: bool

    @property
    def exemple(self):
        """A path that this route answers, on objects that do not exist."""
        chemin = re.sub(r"<(\w+):\w+>", lambda trouve: _EXEMPLES[trouve[1]], self.motif)
        chemin = re.sub(r"\(\?P<app_label>[^)]*\)", "comptes", chemin)
        for motif, valeur in _MOTIFS.items():
            chemin = chemin.replace(motif, valeur)
        return "/" + chemin.replace("^", "").replace("$", "")


def adresses(resolveur=None, prefixe="", espace=""):
    for route in (resolveur or get_resolver()).url_patterns:
        motif = prefixe + str(route.pattern)
        if hasattr(route, "url_patterns"):
            yield from adresses(route, motif, espace + (f"{route.namespace}:" if route.namespace else ""))
        else:
            ouverte = not getattr(route.callback, "login_required", True)
            yield Adresse(espace + (route.name or "?"), motif, ouverte)
