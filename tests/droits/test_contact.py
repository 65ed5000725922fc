"""The service in charge is named, with its address and its telephone, on every page of a dossier and of a campaign (AAP 2022, C.3)."""

import pytest
from django.db import connection, transaction
from django.urls import reverse

from tests.droits.monde import Monde, client_de
from tests.droits.tableau import PERSONNES, TABLE
from tests.parcours.pages import MORCEAUX

pytestmark = pytest.mark.django_db

# A person, a structure, a message of the portal belong to no single service; the campaign of what came by e-mail is not
# chosen yet.
SANS_SERVICE = ("comptes:", "courriels:", "fichiers:", "account_", "mfa_", "candidatures:reception")


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield Monde()
            transaction.set_rollback(True)
        connection.close()


@pytest.mark.parametrize("personne", ["signataire", "instructeur", "administrateur", "copil", "national"])
def test_chaque_page_dit_a_qui_s_adresser(monde, personne):
    client, rang, muettes = client_de(monde.personnes[personne]), PERSONNES.index(personne), []
    service = monde.service
    for verbe, nom, cible, codes in TABLE:
        if verbe != "GET" or not cible or codes.split()[rang] != "200" or nom in MORCEAUX:
            continue
        if nom.startswith(SANS_SERVICE):
            continue
        with transaction.atomic():
            reponse = client.get(reverse(nom, args=monde.cibles[cible]))
            page = b"".join(reponse).decode(errors="replace")
            transaction.set_rollback(True)
        if not reponse["Content-Type"].startswith("text/html") or not page.lstrip().startswith("<!doctype"):
            continue
        if not all(mention in page for mention in (service.nom, service.courriel, service.telephone)):
            muettes.append(nom)
    assert muettes == []
