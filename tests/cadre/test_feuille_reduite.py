"""The collected sheet of the design system: nothing that our pages use is missing, most of what they do not use is gone."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from aap_portal.feuille_reduite import reduire, vocabulaire
from aap_portal.statiques import ApplicationsFinder

FEUILLE = "dsfr/dist/dsfr.main.min.css"
CLASSE = re.compile(r"\.(fr-[\w-]+)")


@pytest.fixture(scope="module")
def entiere():
    return Path(finders.find(FEUILLE)).read_text()


@pytest.fixture(scope="module")
def collectee():
    stockage = dict(ApplicationsFinder().list(None))[FEUILLE]
    return stockage.open(FEUILLE).read().decode()


@pytest.mark.parametrize(
    ("regle", "gardee"),
    [
        (".fr-btn{color:red}", ".fr-btn{color:red}"),
        (".fr-btn--secondary:hover{color:red}", ".fr-btn--secondary:hover{color:red}"),
        (".fr-btn__icon{color:red}", ".fr-btn__icon{color:red}"),
        (".fr-card{color:red}", ""),
        (".fr-btn .fr-card,.fr-btn a{color:red}", ".fr-btn a{color:red}"),
        (".fr-btn:not(.fr-card){color:red}", ".fr-btn:not(.fr-card){color:red}"),
        ("a[href],body{color:red}", "a[href],body{color:red}"),
        (".fr-icon-x{color:red}.fr-icon-y{color:red}", ".fr-icon-x{color:red}"),
        (".fr-badge--new{color:red}", ".fr-badge--new{color:red}"),
        ("@media (min-width:1px){.fr-card{color:red}.fr-btn{color:red}}", "@media (min-width:1px){.fr-btn{color:red}}"),
        ("@media print{.fr-card{color:red}}", ""),
        ("@font-face{font-family:Marianne}", "@font-face{font-family:Marianne}"),
        (":root[data-fr-theme=dark]{color:red}", ""),
        ('.fr-btn{background:url("data:image/svg+xml,{}")}', '.fr-btn{background:url("data:image/svg+xml,{}")}'),
    ],
)
def test_une_regle_reste_quand_nos_pages_nomment_son_bloc(regle, gardee):
    assert reduire(regle, {"fr-btn", "fr-icon-x", "fr-badge--"}) == gardee


def test_chaque_classe_de_nos_pages_garde_ses_regles(entiere, collectee):
    avant, apres = set(CLASSE.findall(entiere)), set(CLASSE.findall(collectee))

    assert (avant & vocabulaire()) - apres == set()


def test_la_feuille_collectee_pese_moins_de_la_moitie(entiere, collectee):
    assert len(collectee) < len(entiere) / 2


def test_les_pages_sont_toujours_claires(settings):
    """The colours of the dark theme are not collected."""
    assert 'data-fr-scheme="light"' in (settings.BASE_DIR / "templates" / "base.html").read_text()
