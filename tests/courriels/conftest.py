import pytest

from aap_portal.courriels.models import Courriel
from tests.conftest import RACINE


@pytest.fixture(autouse=True)
def gabarits_d_essai(settings):
    cadre = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**cadre, "DIRS": [*cadre["DIRS"], RACINE / "tests" / "courriels" / "gabarits"]}]


@pytest.fixture
def envoi(settings):
    """A mail server is set up: pytest-django gives one in memory."""
    settings.EMAIL_CONFIGURE = True


@pytest.fixture
def deposer():
    """Put a message in the outbox; only what the test is about is given."""

    def deposer(cle="dossier-1-recu", **details):
        defauts = {
            "destinataire": "claude@structure.example",
            "gabarit": "essai",
            "contexte": {"structure": "L’Atelier & Cie"},
            "lien": "/dossiers/2022-0001/",
        }
        return Courriel.objects.deposer(cle=cle, **{**defauts, **details})

    return deposer
