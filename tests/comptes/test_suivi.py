"""An agent looks after the structures of their service, and after those that no service knows yet."""

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from aap_portal.comptes.models import DemandeRattachement
from aap_portal.comptes.suivi import services_suivant, structures_suivies
from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.models import Service
from candidatures.models import Dossier
from tests.factories import (
    DEPOT_OUVERT,
    CampagneFactory,
    DossierFactory,
    ServiceFactory,
    StructureFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def services(db):
    return ServiceFactory(), ServiceFactory(code="AUTRE", nom="DEETS d’ailleurs")


def connue_de(*services, etat=None):
    """A structure with a dossier in a campaign of each of these services: a draft, or in this state."""
    structure = StructureFactory()
    for service in services:
        dossier = DossierFactory(structure=structure, campagne=CampagneFactory(service=service))
        if etat:
            Dossier.objects.filter(pk=dossier.pk).update(etat=etat)
    return structure


@pytest.mark.parametrize("etat", [None, Dossier.Etat.RETIRE])
def test_une_structure_est_suivie_par_les_services_de_ses_dossiers(services, etat):
    ici, ailleurs = services
    d_ici, d_ailleurs, des_deux = (
        connue_de(ici, etat=etat), connue_de(ailleurs, etat=etat), connue_de(ici, ailleurs, etat=etat),
    )  # fmt: skip
    inconnue = StructureFactory()

    assert set(structures_suivies(UtilisateurFactory(instructeur_de=ici))) == {d_ici, des_deux, inconnue}
    assert set(structures_suivies(UtilisateurFactory(administrateur_de=ailleurs))) == {d_ailleurs, des_deux, inconnue}
    assert set(structures_suivies(UtilisateurFactory(instructeur_de=ici, administrateur_de=ailleurs))) == {
        d_ici, d_ailleurs, des_deux, inconnue,
    }  # fmt: skip


@pytest.mark.parametrize("etat", [Dossier.Etat.BROUILLON, Dossier.Etat.RETIRE])
def test_saisir_un_courriel_n_ouvre_pas_la_structure_d_un_autre_service(client, services, etat):
    ici, ailleurs = services
    structure = connue_de(ailleurs)
    saisi = DossierFactory(
        structure=structure, campagne=CampagneFactory(service=ici), recu_par_courriel_le=DEPOT_OUVERT
    )
    Dossier.objects.filter(pk=saisi.pk).update(etat=etat)
    agent = UtilisateurFactory(instructeur_de=ici)

    assert not structures_suivies(agent).exists()
    client.force_login(agent)
    assert client.get(reverse("comptes:structure", args=[structure.pk])).status_code == 404

    Dossier.objects.filter(pk=saisi.pk).update(etat=Dossier.Etat.DEPOSE, depose_le=DEPOT_OUVERT)
    assert set(structures_suivies(agent)) == {structure}


def test_une_structure_qui_n_a_qu_une_saisie_reste_au_service_qui_la_saisit(services):
    ici, ailleurs = services
    saisi = DossierFactory(campagne=CampagneFactory(service=ici), recu_par_courriel_le=DEPOT_OUVERT)

    assert set(structures_suivies(UtilisateurFactory(instructeur_de=ici))) == {saisi.structure}
    assert not structures_suivies(UtilisateurFactory(instructeur_de=ailleurs)).exists()


@pytest.mark.parametrize("role", ["membre_copil_de", "comite_national_de"])
def test_qui_n_est_pas_agent_ne_suit_aucune_structure(services, role):
    StructureFactory()
    assert not structures_suivies(UtilisateurFactory(**{role: services[0]})).exists()
    assert not structures_suivies(UtilisateurFactory()).exists()


def test_un_agent_ne_voit_ni_ne_traite_la_demande_d_un_autre_service(client, services):
    ici, ailleurs = services
    structure = connue_de(ici)
    demande = DemandeRattachement.objects.demander(UtilisateurFactory(last_name="Demandeuse"), structure)
    client.force_login(UtilisateurFactory(instructeur_de=ailleurs))

    assertNotContains(client.get(reverse("comptes:demandes")), "Demandeuse")
    assertNotContains(client.get(reverse("accueil")), "rattachement à une structure")
    assert client.get(reverse("comptes:structure", args=[structure.pk])).status_code == 404
    for geste in ("demande_accepter", "demande_refuser"):
        adresse = reverse(f"comptes:{geste}", args=[demande.pk])
        assert client.post(adresse, {"droit": "lecteur"}).status_code == 404
    demande.refresh_from_db()
    assert demande.etat == DemandeRattachement.Etat.EN_ATTENTE

    client.force_login(UtilisateurFactory(instructeur_de=ici))
    assertContains(client.get(reverse("comptes:demandes")), "Demandeuse")
    assertContains(client.get(reverse("accueil")), "1 demande de rattachement à une structure")


def test_une_agente_membre_d_une_structure_garde_ses_deux_vues(client, services):
    ici, ailleurs = services
    sienne, suivie = connue_de(ailleurs), connue_de(ici)
    client.force_login(UtilisateurFactory(instructeur_de=ici, signataire_de=sienne))

    for structure in (sienne, suivie):
        assert client.get(reverse("comptes:structure", args=[structure.pk])).status_code == 200


def test_sans_signataire_la_structure_et_le_service_sont_prevenus_de_la_demande(services):
    Service.objects.update(courriel="ailleurs@deets.example")
    Service.objects.filter(pk=services[0].pk).update(courriel="ici@deets.example")
    structure = connue_de(services[0])
    structure.membres.update(actif=False)

    DemandeRattachement.objects.demander(UtilisateurFactory(), structure)

    a_la_structure = Courriel.objects.get(destinataire=structure.courriel)
    au_service = Courriel.objects.exclude(pk=a_la_structure.pk).get()
    assert "le service instructeur répondra" in a_la_structure.corps
    assert (au_service.destinataire, au_service.service) == ("ici@deets.example", services[0])
    assert "c’est au service de répondre" in au_service.corps
    assert reverse("comptes:demandes") in au_service.corps


def test_avec_un_signataire_le_service_n_est_pas_prevenu(services):
    structure = connue_de(services[0])
    structure.membres.update(actif=False)
    UtilisateurFactory(email="signataire@structure.fr", signataire_de=structure)

    DemandeRattachement.objects.demander(UtilisateurFactory(), structure)

    assert Courriel.objects.get().destinataire == "signataire@structure.fr"


def test_une_structure_sans_dossier_est_annoncee_a_tous_les_services(services):
    structure = StructureFactory()

    assert set(services_suivant(structure)) == set(services)


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_page_des_demandes_coute_autant_pour_une_que_pour_trois(client, services, nombre, django_assert_num_queries):
    for _ in range(nombre):
        DemandeRattachement.objects.demander(UtilisateurFactory(), connue_de(services[0]))
    client.force_login(UtilisateurFactory(instructeur_de=services[0]))
    client.get(reverse("comptes:demandes"))

    with django_assert_num_queries(4):
        client.get(reverse("comptes:demandes"))
