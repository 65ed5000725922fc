"""axe on every page × the people who see it, full, empty and with errors: nothing. At 320 px nothing overflows."""

from functools import partial

import pytest
from django.conf import settings
from django.urls import reverse

from tests.droits.monde import Monde, client_de
from tests.factories import ServiceFactory, StructureFactory, UtilisateurFactory
from tests.parcours.pages import lire, pages_du_monde

pytestmark = pytest.mark.django_db(transaction=True)

AGENTS = ["administrateur", "instructeur", "deporte", "ailleurs"]
EN_SEANCE = ("copil:", "conventions:")
AILLEURS = ("accueil", "comptes:", "referentiel:", "courriels:", "candidatures:")
# The people, and the addresses that they walk through: groups of about the same length.
GROUPES = {
    "public": (["anonyme"], ("",)),
    "porteurs": (["signataire", "lecteur", "voisin"], ("",)),
    "agents_en_seance": (AGENTS, EN_SEANCE),
    "agents_ailleurs": (AGENTS, AILLEURS),
    "comites": (["copil", "national", "non_invite"], ("",)),
}


@pytest.fixture
def examiner(page, live_server, axe):
    """`examiner(pages)`: each is opened in the browser by its person; the answer to a form, shown at its address."""

    def montrer(pages):
        defauts = []
        for vue in pages:
            page.context.clear_cookies()
            if vue.session:
                cookie = {"name": settings.SESSION_COOKIE_NAME, "value": vue.session, "url": live_server.url}
                page.context.add_cookies([cookie])
            page.set_viewport_size({"width": 1280, "height": 900})
            if vue.statut == 422:
                page.route(live_server.url + vue.chemin, partial(_servir, vue))
            page.goto(vue.chemin)
            page.unroute_all()
            defauts += _defauts(page, axe, vue)
        assert not defauts, "\n\n".join(defauts)

    return montrer


def _servir(vue, route):
    route.fulfill(status=vue.statut, headers=vue.entetes, body=vue.html)


def _defauts(page, axe, vue):
    try:
        axe(page)
    except AssertionError as erreur:
        yield f"{vue.titre}\n{erreur}"
    page.set_viewport_size({"width": 320, "height": 900})
    largeur = page.evaluate("document.documentElement.scrollWidth")
    if largeur > 320:
        yield f"{vue.titre}: {largeur} px wide on a screen of 320 px"
    if vue.statut == 422 and (resumes := page.locator(".pa-erreurs").count()) != 1:
        yield f"{vue.titre}: {resumes} summaries of errors"
    if vue.statut == 422 and not page.title().startswith("Erreur"):
        yield f"{vue.titre}: the title of a page with errors starts with « Erreur », not {page.title()!r}"


@pytest.mark.parametrize("groupe", GROUPES)
def test_les_pages_pleines_et_les_formulaires_refuses(examiner, groupe):
    examiner(pages_du_monde(Monde(), *GROUPES[groupe]))


LISTES = {
    "sans_structure": ["accueil", "comptes:rattachement", "candidatures:dossiers", "conventions:conventions"],
    "porteur": ["accueil", "candidatures:dossiers", "conventions:conventions", "referentiel:zones"],
    "agent": [
        "accueil", "candidatures:file", "copil:seances", "copil:avis_demandes", "conventions:conventions",
        "referentiel:zones", "referentiel:campagnes", "courriels:courriels", "comptes:demandes", "comptes:equipe",
    ],
    "copil": ["accueil", "copil:seances"],
    "national": ["accueil", "copil:avis_demandes"],
}  # fmt: skip


def test_les_pages_vides(examiner):
    service = ServiceFactory()
    personnes = {
        "sans_structure": UtilisateurFactory(),
        "porteur": UtilisateurFactory(signataire_de=StructureFactory()),
        "agent": UtilisateurFactory(instructeur_de=service, administrateur_de=service),
        "copil": UtilisateurFactory(membre_copil_de=service),
        "national": UtilisateurFactory(comite_national_de=service),
    }
    clients = {nom: client_de(personne) for nom, personne in personnes.items()}
    examiner(
        lire(clients[qui], "GET", reverse(nom), f"{nom} ({qui}, empty)") for qui, noms in LISTES.items() for nom in noms
    )
