"""The same in a browser: one click, the password, and the table is there; the page says where to go next."""

import pytest
from django.urls import reverse

from tests.factories import MOT_DE_PASSE, ServiceFactory, UtilisateurFactory
from tests.parcours.service import exporter

pytestmark = pytest.mark.django_db(transaction=True)


def test_un_agent_exporte_sa_file(page, connecter):
    connecter(UtilisateurFactory(password=MOT_DE_PASSE, instructeur_de=ServiceFactory()))
    page.goto(f"{reverse('candidatures:file')}?onglet=tous")

    assert exporter(page).read_bytes().startswith(b"PK")

    page.get_by_role("link", name="Revenir à la page").click()
    page.wait_for_url(f"**{reverse('candidatures:file')}?onglet=tous")
