"""Which static files of the packages are collected: only what the pages load.

The design system brings more than ten thousand files; the entry points below and what their sheets (and ours) name by url()
are about a hundred. Its sheet is collected without the rules of what no page of ours uses (`feuille_reduite`).
"""

import posixpath
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.contrib.staticfiles.utils import get_files
from django.core.files.base import ContentFile
from django.utils import timezone

from .feuille_reduite import reduire, vocabulaire

_FEUILLE = "dsfr/dist/dsfr.main.min.css"
_ENTREES = {
    "dsfr": (
        _FEUILLE,
        "dsfr/dist/dsfr.module.min.js",
        "dsfr/dist/favicon/favicon.ico",
        "dsfr/dist/favicon/favicon.svg",
    ),
    "django_htmx": ("django_htmx/htmx-2.min.js",),
}
_URL = re.compile(r"""url\(["']?([^"')#?]+)""")


def _nommes(chemin, feuille):
    """Paths that a sheet names by url(), from the root of the static files."""
    dossier = posixpath.dirname(chemin)
    return {
        posixpath.normpath(posixpath.join(dossier, nom)) for nom in _URL.findall(feuille) if not nom.startswith("data:")
    }


def _utiles(application, storage):
    chemins = set(_ENTREES[application])
    for chemin in _ENTREES[application]:
        if chemin.endswith(".css"):
            chemins |= _nommes(chemin, Path(storage.path(chemin)).read_text(encoding="utf-8"))
    for feuille in sorted((settings.BASE_DIR / "static" / "css").glob("*.css")):
        chemins |= _nommes(f"css/{feuille.name}", feuille.read_text(encoding="utf-8"))
    return sorted(chemin for chemin in chemins if storage.exists(chemin))


class FeuilleReduite:
    """The storage of the design system, whose sheet comes without what no page of ours uses."""

    def __init__(self, storage):
        self.storage = storage

    def __getattr__(self, nom):
        return getattr(self.storage, nom)

    def open(self, chemin, mode="rb"):
        with self.storage.open(chemin, mode) as source:
            return ContentFile(reduire(source.read().decode(), vocabulaire()).encode())

    def get_modified_time(self, chemin):
        """Now: our templates may have changed since the last collection."""
        return timezone.now()


class ApplicationsFinder(AppDirectoriesFinder):
    def list(self, ignore_patterns):
        for application, storage in self.storages.items():
            complet = application not in _ENTREES
            chemins = get_files(storage, ignore_patterns) if complet else _utiles(application, storage)
            for chemin in chemins:
                yield chemin, FeuilleReduite(storage) if chemin == _FEUILLE else storage
