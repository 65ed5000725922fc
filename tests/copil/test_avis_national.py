from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

from aap_portal.courriels.models import Courriel
from candidatures.models import Dossier
from copil.models import AvisNational, Deport
from tests.factories import ServiceFactory, StructureFactory, UtilisateurFactory, dossier_depose

pytestmark = pytest.mark.django_db

RENDU = {"sens": "reserve", "rendu_le": "2022-10-01", "motifs": "Présence sur le terrain à confirmer."}


def emergent(etat=Dossier.Etat.RECEVABLE):
    return dossier_depose(etat=etat, structure=StructureFactory(emergente=True))


def agent_de(dossier):
    return UtilisateurFactory(instructeur_de=dossier.campagne.service)


def national_de(dossier):
    return UtilisateurFactory(comite_national_de=dossier.campagne.service)


def test_un_agent_demande_l_avis_une_fois_et_le_comite_est_prevenu(client):
    dossier = emergent()
    membre = national_de(dossier)
    client.force_login(agent_de(dossier))

    for _ in range(2):
        reponse = client.post(reverse("copil:avis_demander", args=[dossier.numero]))

    assertRedirects(reponse, reverse("copil:avis", args=[dossier.numero]))
    assert AvisNational.objects.count() == 1
    assert [courriel.destinataire for courriel in Courriel.objects.all()] == [membre.email]


def test_l_avis_ne_se_demande_pas_pour_une_structure_existante(client):
    dossier = dossier_depose(etat=Dossier.Etat.RECEVABLE)
    client.force_login(agent_de(dossier))

    reponse = client.post(reverse("copil:avis_demander", args=[dossier.numero]), follow=True)

    assertContains(reponse, "pour une structure émergente seulement")
    assert not AvisNational.objects.exists()


def test_le_comite_national_lit_les_dossiers_soumis_et_rien_d_autre(client):
    soumis, autre = emergent(), emergent()
    membre = national_de(soumis)
    AvisNational.objects.demander(soumis, par=agent_de(soumis))
    client.force_login(membre)

    codes = [client.get(reverse("copil:avis", args=[dossier.numero])).status_code for dossier in (soumis, autre)]

    assert codes == [200, 404]
    assert list(Dossier.objects.visibles_par(membre)) == [soumis]
    assert client.post(reverse("copil:avis_demander", args=[soumis.numero])).status_code == 403


@pytest.mark.parametrize("qui", [national_de, agent_de], ids=["comité national", "agent"])
def test_l_avis_s_enregistre_et_se_corrige_jusqu_a_la_decision(client, qui):
    dossier = emergent()
    AvisNational.objects.demander(dossier, par=agent_de(dossier))
    client.force_login(personne := qui(dossier))
    adresse = reverse("copil:avis", args=[dossier.numero])

    assertRedirects(client.post(adresse, RENDU), reverse("copil:avis_demandes"))
    client.post(adresse, RENDU | {"sens": "favorable"})
    Dossier.objects.update(etat=Dossier.Etat.ACCEPTE)
    tard = client.post(adresse, RENDU | {"sens": "defavorable"})

    avis = AvisNational.objects.get()
    assert (avis.sens, avis.enregistre_par) == ("favorable", personne)
    assertContains(tard, "l’avis ne change plus", status_code=422)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"motifs": " "}, "Ce champ est obligatoire."),
        ({"sens": "inconnu"}, "Sélectionnez un choix valide."),
        ({"rendu_le": "2022-09-14"}, "L’avis ne peut pas précéder le dépôt du dossier."),
        (
            {"rendu_le": str(timezone.now().date() + timedelta(days=2))},
            "La date de l’avis ne peut pas être dans l’avenir.",
        ),
    ],
)
def test_un_avis_incomplet_ou_a_une_date_impossible_est_refuse(client, champs, phrase):
    dossier = emergent()
    AvisNational.objects.demander(dossier, par=agent_de(dossier))
    client.force_login(agent_de(dossier))

    reponse = client.post(reverse("copil:avis", args=[dossier.numero]), RENDU | champs)

    assertContains(reponse, phrase, status_code=422)
    assert not AvisNational.objects.get().est_rendu


def test_un_membre_du_comite_en_deport_ne_voit_plus_la_demande(client):
    dossier = emergent()
    membre = national_de(dossier)
    AvisNational.objects.demander(dossier, par=agent_de(dossier))
    Deport.objects.declarer(dossier, membre, motif="Ancienne salariée.")
    client.force_login(membre)

    assert client.get(reverse("copil:avis", args=[dossier.numero])).status_code == 404
    assert list(client.get(reverse("copil:avis_demandes")).context["page"]) == []


def test_un_membre_du_copil_et_un_autre_service_n_ont_pas_la_page(client):
    dossier = emergent()
    AvisNational.objects.demander(dossier, par=agent_de(dossier))
    codes = []
    autre_service = ServiceFactory(code="AUTRE", nom="Autre service")
    for personne in (
        UtilisateurFactory(membre_copil_de=dossier.campagne.service),
        UtilisateurFactory(comite_national_de=autre_service),
    ):
        client.force_login(personne)
        codes.append(
            (
                client.get(reverse("copil:avis_demandes")).status_code,
                client.get(reverse("copil:avis", args=[dossier.numero])).status_code,
            )
        )

    assert codes == [(403, 404), (200, 404)]


def test_autant_de_requetes_pour_une_demande_que_pour_trois(client, django_assert_num_queries):
    dossier = emergent()
    agent = agent_de(dossier)
    AvisNational.objects.demander(dossier, par=agent)
    client.force_login(agent)
    client.get(reverse("copil:avis_demandes"))
    with django_assert_num_queries(15, exact=False) as une:
        client.get(reverse("copil:avis_demandes"))
    combien = len(une)
    for _ in range(2):
        AvisNational.objects.demander(emergent(), par=agent)

    with django_assert_num_queries(combien):
        client.get(reverse("copil:avis_demandes"))
