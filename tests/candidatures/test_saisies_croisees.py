"""Two people on one section, a session that ends, a double click: nobody's typing is covered or lost in silence."""

import re

import pytest
import time_machine
from django.urls import reverse

from candidatures.models import Dossier
from tests.candidatures.textes import texte
from tests.factories import DEPOT_OUVERT, DossierFactory, LignePosteFactory, PosteETPFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


@pytest.fixture
def dossier(client):
    dossier = DossierFactory(intitule="Le titre de départ")
    client.force_login(dossier.cree_par)
    return dossier


def adresse(dossier, code="projet"):
    return reverse("candidatures:rubrique", args=[dossier.numero, code])


def cache(reponse, nom):
    return re.search(rf'name="{nom}" value="([^"]+)"', reponse.content.decode())[1]


def test_qui_enregistre_second_est_prevenu_puis_choisit(client, dossier):
    version = cache(client.get(adresse(dossier)), "version")
    client.post(adresse(dossier), {"version": version, "intitule": "Le titre du collègue"})

    refus = client.post(adresse(dossier), {"version": version, "intitule": "Mon titre"})

    assert refus.status_code == 422
    assert "Cette rubrique a été enregistrée entre-temps, sans doute par un collègue." in texte(refus)
    assert 'value="Mon titre"' in refus.content.decode()
    assert Dossier.objects.get().intitule == "Le titre du collègue"
    client.post(adresse(dossier), {"version": cache(refus, "version"), "intitule": "Mon titre"})
    assert Dossier.objects.get().intitule == "Mon titre"


def test_le_budget_aussi_mais_un_changement_du_plan_n_est_pas_un_conflit(client, dossier):
    version = cache(client.get(adresse(dossier, "budgets")), "version")
    LignePosteFactory(
        plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure), sources={"aap": "28000.00"}
    )

    premier = client.post(adresse(dossier, "budgets"), {"version": version, "structure_64": "10"})
    second = client.post(adresse(dossier, "budgets"), {"version": version, "structure_64": "20"})

    assert (premier.status_code, second.status_code) == (302, 422)
    assert dossier.lignes_budget.get().montant == 10


def test_les_autres_rubriques_ne_se_genent_pas(client, dossier):
    version = cache(client.get(adresse(dossier)), "version")
    client.post(adresse(dossier, "structure"), {"contact_nom": "Claude"})

    assert client.post(adresse(dossier), {"version": version, "intitule": "Mon titre"}).status_code == 302


@pytest.mark.parametrize(
    ("code", "saisie"),
    [
        ("projet", {"intitule": "Mon titre"}),
        ("missions", {"missions": ["parcours"], "volumes_etat_marches_prevus": "1 000"}),
        ("budgets", {"structure_64": "10,50", "projection_1_etp": "0,5"}),
        ("attestations", {"atteste_exactitude": "on"}),
    ],
)
def test_un_double_clic_n_est_pas_un_conflit(client, dossier, code, saisie):
    version = cache(client.get(adresse(dossier, code)), "version")

    reponses = [client.post(adresse(dossier, code), {"version": version} | saisie) for _ in range(2)]

    assert [reponse.status_code for reponse in reponses] == [302, 302]


def test_une_session_expiree_rend_la_saisie_a_son_auteur(client, dossier):
    auteur = cache(client.get(adresse(dossier)), "_auteur")
    client.logout()

    envoi = client.post(adresse(dossier), {"_auteur": auteur, "intitule": "Tapé pendant une heure"})
    assert envoi.url.startswith(reverse("account_login"))
    client.force_login(dossier.cree_par)
    page = client.get(adresse(dossier))

    assert "Votre saisie a été conservée : vérifiez-la puis enregistrez." in texte(page)
    assert 'value="Tapé pendant une heure"' in page.content.decode()
    assert Dossier.objects.get().intitule == "Le titre de départ"
