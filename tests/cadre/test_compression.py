"""Pages leave compressed to whoever reads gzip; what is compressed already leaves as it is."""

import gzip
import io

import openpyxl
import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from tests.factories import ServiceFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
GZIP = {"accept-encoding": "gzip, deflate, br"}


def test_une_page_part_compressee(client):
    reponse = client.get("/", headers=GZIP)

    assert reponse["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in reponse["Vary"]
    assert "Portail AAP" in gzip.decompress(reponse.content).decode()
    assert int(reponse["Content-Length"]) == len(reponse.content)


def test_une_page_part_telle_quelle_a_qui_ne_lit_pas_gzip(client):
    reponse = client.get("/")

    assert not reponse.has_header("Content-Encoding")
    assertContains(reponse, "Portail AAP")


def test_une_page_d_erreur_part_compressee_aussi(client):
    reponse = client.get("/rien-ici/", headers=GZIP)

    assert (reponse.status_code, reponse["Content-Encoding"]) == (404, "gzip")
    assert "Cette page n’existe pas" in gzip.decompress(reponse.content).decode()


def test_la_longueur_d_une_page_qui_ne_change_pas_varie(client):
    """Otherwise the length would tell, letter by letter, what the page holds beside what a stranger put in it."""
    longueurs = {len(client.get("/mentions-legales/", headers=GZIP).content) for _ in range(12)}

    assert len(longueurs) > 1


def test_un_tableur_garde_sa_longueur_et_n_est_pas_compresse_deux_fois(client):
    client.force_login(UtilisateurFactory(instructeur_de=ServiceFactory()))
    reponse = client.get(reverse("candidatures:file_tableur"), headers=GZIP)

    assert not reponse.has_header("Content-Encoding")
    assert openpyxl.load_workbook(io.BytesIO(b"".join(reponse))).active.max_row == 1
