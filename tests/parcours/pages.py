"""Every page that the table of rights opens, as each person gets it; the same page for two people comes once."""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from tests.droits.monde import client_de
from tests.droits.tableau import PERSONNES, TABLE

# Parts of a page, or pages that another test walks through with what they need (a key, a second factor).
MORCEAUX = {
    "candidatures:pieces_resume", "candidatures:poste_calcul", "candidatures:plan_calcul",
    "candidatures:budgets_equilibre", "conventions:convention_avancement",
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """`session`: what opens it, « » for nobody."""

    titre: str
    chemin: str
    session: str
    statut: int
    entetes: dict
    html: str


def pages_du_monde(monde, personnes, adresses):
    """The pages (200) and the answers to an empty form (422) of these people, at the addresses that start so.

    Two people, or two gestures, often get the same page: one that shows no kind of element that the pages of the same
    heading have not shown yet is left out.
    """
    vus = defaultdict(set)
    for personne in personnes:
        client, rang = client_de(monde.personnes.get(personne)), PERSONNES.index(personne)
        for verbe, nom, cible, codes in TABLE:
            code = codes.split()[rang]
            if nom in MORCEAUX or code != {"GET": "200", "POST": "422"}[verbe]:
                continue
            if nom.startswith(("account_", "mfa_")) or not nom.startswith(adresses):
                continue  # the first ones: tests/comptes/test_accessibilite.py
            chemin = reverse(nom, args=monde.cibles[cible])
            page = lire(client, verbe, chemin, f"{verbe} {nom} {cible} ({personne})", monde.envois.get(nom))
            if page and not (sortes := _sortes(nom, page.html)) <= vus[_titre(page.html)]:
                vus[_titre(page.html)] |= sortes
                yield page


def lire(client, verbe, chemin, titre, envoi=None):
    """The page as this client gets it, or None when it is a file; what the request writes is undone."""
    with transaction.atomic():
        reponse = client.post(chemin, envoi or {"rien": "rien"}) if verbe == "POST" else client.get(chemin)
        contenu = b"".join(reponse)
        transaction.set_rollback(True)
    if not reponse["Content-Type"].startswith("text/html"):
        return None
    session = client.cookies.get(settings.SESSION_COOKIE_NAME)
    cle = session.value if session else ""
    return Page(titre, chemin, cle, reponse.status_code, dict(reponse.headers), contenu.decode())


def _titre(html):
    return re.sub(r"<[^>]*>|[\d-]+|\s+", "", re.search(r"<h1.*?</h1>", html, re.DOTALL)[0])


def _sortes(nom, html):
    """The elements of the page, each as its tag, its classes and its role; the header counts on the home page."""
    utile = html if nom == "accueil" else re.search(r"<main.*</main>", html, re.DOTALL)[0]
    ecartes = r'\s(?!class=|role=|type=|aria-\w+=)[\w-]+="[^"]*"'
    return {re.sub(ecartes, "", balise) for balise in re.findall(r"<[a-z][^>]*>", utile)}
