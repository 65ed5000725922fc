"""Who is told of what happens to a dossier: its agent while they may, and nobody who may not read what is asked."""

import pytest

from candidatures.annonces import adresse_du_service
from tests.factories import DEPOT_OUVERT, DossierFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier():
    return DossierFactory(complet=True, etat="depose", depose_le=DEPOT_OUVERT)


@pytest.mark.parametrize("cas", ["suivi", "personne", "parti"])
def test_l_agent_qui_suit_est_prevenu_tant_qu_il_le_peut(dossier, cas):
    service = dossier.campagne.service
    agent = UtilisateurFactory(instructeur_de=service)
    if cas != "personne":
        dossier.instructeur = agent
        dossier.save()
    if cas == "parti":
        agent.habilitations.get().desactiver()

    assert adresse_du_service(dossier) == (agent.email if cas == "suivi" else service.courriel)
