"""Queries that each page costs, on the heaviest dossier allowed and on an ordinary one.

python -m mesures.requetes monde.json mesures.json
"""

import json
import re
import sys
from pathlib import Path

import django

from .tableau import Mesure, noter

LIEN = re.compile(r'href="(/dossiers/[^/"]+/[a-z-]+/)"')
CIBLE = 15
GROUPE = "Requêtes par page"


def client_de(courriel):
    from django.test import Client

    from aap_portal.comptes.models import Utilisateur

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(Utilisateur.objects.get(email=courriel), backend="django.contrib.auth.backends.ModelBackend")
    client.get("/")  # the first page of a session also writes it
    return client


def compter(client, chemin):
    """Queries of a page, which must answer 200."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as requetes:
        reponse = client.get(chemin)
    if reponse.status_code != 200:
        raise RuntimeError(f"{chemin}: {reponse.status_code}")
    return len(requetes)


def mesurer(monde):
    riche, simple = monde["riche"], monde["porteurs"][0]
    clients = {"riche": client_de(riche["courriel"]), "simple": client_de(simple["courriel"])}
    racines = {"riche": f"/dossiers/{riche['numero']}/", "simple": f"/dossiers/{simple['a_saisir']}/"}
    for nom, qui in (
        ("page d’un dossier (1 poste, 2 fichiers)", "simple"),
        ("page du dossier le plus lourd (3 postes, 30 fichiers)", "riche"),
    ):
        yield Mesure(GROUPE, nom, compter(clients[qui], racines[qui]), cible=CIBLE)
    page = clients["riche"].get(racines["riche"]).content.decode()
    liens = [lien for lien in dict.fromkeys(LIEN.findall(page)) if lien.startswith(racines["riche"])]
    for lien in liens:
        nom = f"{lien.rstrip('/').rpartition('/')[2]}, dossier le plus lourd"
        yield Mesure(GROUPE, nom, compter(clients["riche"], lien))
    yield Mesure(GROUPE, "accueil d’un porteur de 26 structures", compter(clients["simple"], "/"))
    yield Mesure(GROUPE, "ses dossiers", compter(clients["simple"], "/dossiers/"), cible=CIBLE)
    yield from _de_l_agent(client_de(monde["agents"][0]))


def _de_l_agent(agent):
    yield Mesure(GROUPE, "accueil d’un agent", compter(agent, "/"))
    for nom, chemin in (
        ("file des dossiers", "/instruction/"),
        ("séances", "/copil/"),
        ("conventions", "/conventions/"),
    ):
        yield Mesure(GROUPE, nom, compter(agent, chemin), cible=CIBLE)


if __name__ == "__main__":
    django.setup()
    noter(sys.argv[2], list(mesurer(json.loads(Path(sys.argv[1]).read_text()))))
