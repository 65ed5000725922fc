"""No page, no export, says a word of a dossier to whoever may not see it: a déport, another structure, another service."""

import io
import re
import zipfile

import pytest
from django.db import connection, transaction
from django.urls import reverse

from candidatures.models import Dossier
from conventions.models import Convention
from tests.droits.monde import Monde, client_de
from tests.droits.tableau import PERSONNES, TABLE

pytestmark = pytest.mark.django_db

# Whoever may see none of the dossiers; the national committee sees the one on which its advice is asked.
SANS_RIEN = ["voisin", "ailleurs", "non_invite", "deporte"]


@pytest.fixture(scope="module")
def monde(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield Monde()
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture(scope="module")
def secrets(monde):
    """What names a dossier: its number, its convention's, its project's title, the name of its post."""
    numeros = {*Dossier.objects.values_list("numero", flat=True), *Convention.objects.values_list("numero", flat=True)}
    return numeros | {"Développer la clause sociale dans le Sud", "Facilitatrice Sud"}


def pages_de(monde, personne):
    """(address, text) of all that this person gets with a 200, sheets unpacked."""
    client, rang = client_de(monde.personnes[personne]), PERSONNES.index(personne)
    for verbe, nom, cible, codes in TABLE:
        if verbe == "GET" and codes.split()[rang] == "200" and not nom.startswith("account_"):
            chemin = reverse(nom, args=monde.cibles[cible])
            with transaction.atomic():
                contenu = b"".join(client.get(chemin))
                transaction.set_rollback(True)
            yield chemin, _texte(contenu)


def _texte(contenu):
    if contenu.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(contenu)) as classeur:
            contenu = b"".join(classeur.read(nom) for nom in classeur.namelist())
    return contenu.decode(errors="replace")


@pytest.mark.parametrize("personne", SANS_RIEN)
def test_rien_ne_filtre(monde, secrets, personne):
    motif = re.compile("|".join(map(re.escape, secrets)))
    fuites = {(chemin, motif.search(texte)[0]) for chemin, texte in pages_de(monde, personne) if motif.search(texte)}
    assert fuites == set()


def test_le_comite_national_ne_voit_que_le_dossier_qui_lui_est_soumis(monde, secrets):
    motif = re.compile("|".join(map(re.escape, secrets - {monde.emergent.numero, "Facilitatrice Sud"})))
    autres = (page for page in pages_de(monde, "national") if monde.emergent.numero not in page[0])
    assert {chemin for chemin, texte in autres if motif.search(texte)} == set()


def test_la_recherche_sait_trouver(monde, secrets):
    """The same search does find them on the pages of the people concerned."""
    motif = re.compile("|".join(map(re.escape, secrets)))
    for personne in ("signataire", "instructeur", "administrateur", "copil"):
        assert any(motif.search(texte) for _, texte in pages_de(monde, personne)), personne
