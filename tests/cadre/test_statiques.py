"""What is collected: what the pages load, and little more."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import storages

from aap_portal.statiques import ApplicationsFinder


@pytest.fixture(scope="module")
def collectes():
    return dict(ApplicationsFinder().list(None))


def test_peu_de_fichiers_du_systeme_de_design_sont_collectes(collectes):
    du_systeme = [chemin for chemin in collectes if chemin.startswith("dsfr/")]
    assert 80 < len(du_systeme) < 200


@pytest.mark.parametrize(
    "chemin",
    [
        "dsfr/dist/dsfr.main.min.css",
        "dsfr/dist/dsfr.module.min.js",
        "dsfr/dist/fonts/Marianne-Regular.woff2",
        "dsfr/dist/icons/system/logout-box-r-line.svg",
        "django_htmx/htmx-2.min.js",
        "admin/css/base.css",
    ],
)
def test_ce_que_les_pages_chargent_est_collecte(collectes, chemin):
    assert chemin in collectes


def test_chaque_fichier_nomme_par_nos_feuilles_existe(settings):
    for feuille in (settings.BASE_DIR / "static" / "css").glob("*.css"):
        for nom in re.findall(r'url\("\.\./([^"]+)"\)', feuille.read_text()):
            assert finders.find(nom), f"{feuille.name}: {nom}"


def test_chaque_icone_d_un_gabarit_a_son_dessin(settings):
    feuilles = (settings.BASE_DIR / "static" / "css" / "portail.css").read_text()
    feuilles += Path(finders.find("dsfr/dist/dsfr.main.min.css")).read_text()
    for gabarit in (settings.BASE_DIR / "templates").rglob("*.html"):
        for icone in re.findall(r"fr-icon-[a-z0-9-]+(?<!-)", gabarit.read_text()):
            assert f".{icone}" in feuilles, f"{gabarit}: {icone}"


def test_la_collecte_compressee_aboutit(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    stockage = storages.create_storage(settings.STORAGES["staticfiles"])
    fichiers = {chemin: (source, chemin) for finder in finders.get_finders() for chemin, source in finder.list(None)}
    for chemin, (source, _) in fichiers.items():
        with source.open(chemin) as contenu:
            stockage.save(chemin, contenu)
    echecs = [(nom, rate) for nom, _, rate in stockage.post_process(fichiers) if isinstance(rate, Exception)]
    assert echecs == []
    assert (tmp_path / "staticfiles.json").exists()
