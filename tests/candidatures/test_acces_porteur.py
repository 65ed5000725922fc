"""Who reaches a porteur's pages: the anonymous, the stranger, the lecteur, the agent, the member with a conflict."""

import uuid

import pytest
import time_machine
from django.urls import reverse

from candidatures.models import Depot
from copil.models import Deport
from tests.factories import (
    DEPOT_OUVERT,
    DossierFactory,
    InscriptionFactory,
    ServiceFactory,
    StructureFactory,
    UtilisateurFactory,
    dossier_depose,
)

pytestmark = pytest.mark.django_db
PAGES = [
    ("dossier", ()),
    ("rubrique", ("projet",)),
    ("rubrique", ("budgets",)),
    ("verifier", ()),
    ("deposer", ()),
]


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


def statuts(client, dossier, personne=None):
    if personne:
        client.force_login(personne)
    adresses = [reverse(f"candidatures:{nom}", args=[dossier.numero, *suite]) for nom, suite in PAGES]
    return [client.get(adresse).status_code for adresse in adresses]


def test_l_anonyme_est_mene_a_la_connexion(client):
    dossier = dossier_depose()

    assert statuts(client, dossier) == [302] * len(PAGES)
    assert client.get(reverse("candidatures:dossiers")).url.startswith(reverse("account_login"))


def test_un_brouillon_ne_se_lit_que_dans_sa_structure(client):
    dossier = DossierFactory()
    service = dossier.campagne.service
    attendus = {
        "lecteur": (UtilisateurFactory(lecteur_de=dossier.structure), 200),
        "redacteur": (UtilisateurFactory(redacteur_de=dossier.structure), 200),
        "signataire": (dossier.cree_par, 200),
        "autre structure": (UtilisateurFactory(signataire_de=StructureFactory()), 404),
        "sans structure": (UtilisateurFactory(), 404),
        "instructeur": (UtilisateurFactory(instructeur_de=service), 404),
        "administrateur": (UtilisateurFactory(administrateur_de=service), 404),
        "copil": (UtilisateurFactory(membre_copil_de=service), 404),
    }
    for nom, (personne, statut) in attendus.items():
        assert statuts(client, dossier, personne) == [statut] * len(PAGES), nom


def test_un_dossier_depose_se_lit_aussi_dans_son_service(client):
    dossier = dossier_depose()
    ailleurs = ServiceFactory(code="AILLEURS", nom="Autre service")

    assert statuts(client, dossier, UtilisateurFactory(instructeur_de=dossier.campagne.service)) == [200] * len(PAGES)
    assert statuts(client, dossier, UtilisateurFactory(instructeur_de=ailleurs)) == [404] * len(PAGES)


def test_un_deport_ferme_le_dossier_a_l_agent(client):
    dossier = InscriptionFactory().dossier
    agent = UtilisateurFactory(instructeur_de=dossier.campagne.service)
    assert set(statuts(client, dossier, agent)) == {200}

    Deport.objects.create(dossier=dossier, utilisateur=agent, motif="Lien familial.")

    assert set(statuts(client, dossier, agent)) == {404}


def test_un_membre_retire_ne_voit_plus_rien(client):
    dossier = DossierFactory()
    personne = UtilisateurFactory(redacteur_de=dossier.structure)
    personne.appartenances.update(actif=False)

    assert statuts(client, dossier, personne) == [404] * len(PAGES)


def test_un_agent_n_ecrit_pas_dans_un_dossier_depose(client):
    dossier = dossier_depose()
    client.force_login(UtilisateurFactory(instructeur_de=dossier.campagne.service))

    gestes = [
        client.post(reverse("candidatures:rubrique", args=[dossier.numero, "projet"]), {"intitule": "Autre"}),
        client.post(reverse("candidatures:deposer", args=[dossier.numero]), {"cle": uuid.uuid4()}),
        client.post(reverse("candidatures:retirer", args=[dossier.numero])),
    ]

    assert [reponse.status_code for reponse in gestes] == [403] * 3
    avant = (dossier.etat, dossier.intitule)
    dossier.refresh_from_db()
    assert ((dossier.etat, dossier.intitule), Depot.objects.count()) == (avant, 0)


@pytest.mark.parametrize("numero", ["2022-9999", "%00", "'--", "é"])
def test_un_numero_inconnu_est_introuvable(client, numero):
    client.force_login(UtilisateurFactory(signataire_de=StructureFactory()))

    assert client.get(f"/dossiers/{numero}/").status_code == 404


def test_les_verbes_sont_tenus(client):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)

    assert client.get(reverse("candidatures:commencer")).status_code == 405
    assert client.get(reverse("candidatures:budgets_equilibre", args=[dossier.numero])).status_code == 405
    assert client.post(reverse("candidatures:verifier", args=[dossier.numero])).status_code == 405
