"""White zones: read by everyone, kept by the agents of the service (AAP 2022, B.1; reading 41)."""

import io
from datetime import date

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.referentiel.models import PosteETP, ZoneBlanche
from tests.candidatures.textes import texte
from tests.factories import (
    CampagneFactory,
    CommuneFactory,
    DossierFactory,
    PosteETPFactory,
    ServiceFactory,
    StructureFactory,
    UtilisateurFactory,
    ZoneBlancheFactory,
    dossier_depose,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("campagne_ouverte")]
ZONES = reverse("referentiel:zones")
CONSTAT = {"motif": "non_couverte", "constatee_le": "2022-09-01", "constat": "Aucun marché suivi."}


@pytest.fixture
def campagne_ouverte():
    with time_machine.travel("2022-09-15 10:00+03:00", tick=False):
        yield CampagneFactory()


@pytest.fixture
def agent():
    return UtilisateurFactory(instructeur_de=ServiceFactory())


@pytest.fixture
def porteur():
    return UtilisateurFactory(signataire_de=StructureFactory())


@pytest.fixture
def bandrele():
    return CommuneFactory(code_insee="97603", nom="Bandrélé", epci_nom="CC du Sud", population=10282)


def test_tout_le_monde_connecte_lit_la_raison_datee(client, porteur, bandrele):
    ZoneBlancheFactory(commune=bandrele, motif="extension", constat="Suivie depuis Mamoudzou.")
    assertRedirects(client.get(ZONES), f"{reverse('account_login')}?next={ZONES}", fetch_redirect_response=False)

    client.force_login(porteur)
    contenu = texte(client.get(ZONES))

    assert "Bandrélé CC du Sud" in contenu
    assert "Couverte par extension d’un facilitateur limitrophe" in contenu
    assert "Constatée le 1er mars 2022. Suivie depuis Mamoudzou." in contenu
    assert "Ouvrir" not in contenu


def test_les_communes_d_un_autre_service_ne_se_voient_que_si_son_appel_est_ouvert(client, porteur):
    autre = ServiceFactory(code="DEETS974", nom="DEETS de La Réunion")
    CommuneFactory(service=autre, nom="Cilaos")
    client.force_login(porteur)
    assertNotContains(client.get(ZONES), "Cilaos")

    CampagneFactory(service=autre)

    assertContains(client.get(ZONES), "Cilaos")


def test_les_postes_en_place_sont_ceux_qui_ont_commence_et_que_l_on_connait(client, porteur, bandrele):
    def poste(intitule, **champs):
        return PosteETPFactory(
            intitule=intitule, communes=[bandrele], structure=StructureFactory(denomination=intitule), **champs
        )

    poste("En place", debut_le=date(2021, 1, 1))
    poste("A venir", debut_le=date(2022, 9, 16))
    poste("Termine", debut_le=date(2020, 1, 1), fin_le=date(2022, 9, 14))
    poste("Sans date")
    for cree in (DossierFactory(complet=True), dossier_depose()):
        ligne = cree.plan.lignes.get()
        nom = "Du brouillon" if cree.est_brouillon else "Du dépôt"
        PosteETP.objects.filter(pk=ligne.poste_id).update(debut_le=date(2021, 1, 1))
        type(cree.structure).objects.filter(pk=cree.structure_id).update(denomination=nom)
        ligne.poste.communes.set([bandrele])
    client.force_login(porteur)

    contenu = texte(client.get(ZONES))

    assert "En place – facilitateur" in contenu
    assert "Du dépôt – facilitateur, 1,00 ETP" in contenu
    for absent in ("A venir –", "Termine –", "Sans date –", "Du brouillon"):
        assert absent not in contenu


def test_le_filtre_ne_garde_que_les_zones_blanches(client, porteur, bandrele):
    CommuneFactory(nom="Sada")
    ZoneBlancheFactory(commune=bandrele)
    client.force_login(porteur)

    assertContains(client.get(ZONES), "Sada")
    assertNotContains(client.get(ZONES, {"situation": "blanches"}), "Sada")
    assertContains(client.get(ZONES, {"situation": "blanches"}), "Bandrélé")


def test_un_agent_ouvre_modifie_puis_leve_une_zone_blanche(client, agent, bandrele):
    poste = PosteETPFactory(communes=[bandrele])
    client.force_login(agent)
    ouvrir = reverse("referentiel:zone_ouvrir", args=[bandrele.code_insee])

    reponse = client.post(ouvrir, CONSTAT, follow=True)
    assertContains(reponse, "La zone blanche de Bandrélé est ouverte.")
    zone = ZoneBlanche.objects.get()
    client.post(reverse("referentiel:zone_modifier", args=[zone.pk]), CONSTAT | {"motif": "capacite"})
    client.post(reverse("referentiel:zone_lever", args=[zone.pk]), {"levee_le": "2022-09-15", "poste": poste.pk})

    zone.refresh_from_db()
    assert (zone.motif, zone.levee_le, zone.poste) == ("capacite", date(2022, 9, 15), poste)
    assert zone.historique.first().history_user == agent
    assert "Levée le 15 septembre 2022 grâce au poste « Facilitatrice Sud »" in texte(client.get(ZONES))


@pytest.mark.parametrize(
    ("envoi", "phrase"),
    [
        (CONSTAT | {"constatee_le": "2022-09-16"}, "Cette date est à venir : donnez celle du constat."),
        (CONSTAT | {"constat": ""}, "Dites ce qui a été observé."),
        (CONSTAT, "Cette commune a déjà une zone blanche ouverte : levez-la d’abord."),
    ],
)
def test_une_zone_blanche_mal_ouverte_est_refusee(client, agent, bandrele, envoi, phrase):
    if envoi == CONSTAT:
        ZoneBlancheFactory(commune=bandrele)
    client.force_login(agent)
    avant = ZoneBlanche.objects.count()

    reponse = client.post(reverse("referentiel:zone_ouvrir", args=[bandrele.code_insee]), envoi)

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert ZoneBlanche.objects.count() == avant


def test_une_zone_ne_se_leve_pas_avant_son_constat_ni_par_un_poste_d_ailleurs(client, agent, bandrele):
    zone = ZoneBlancheFactory(commune=bandrele)
    ailleurs = PosteETPFactory(communes=[CommuneFactory(nom="Sada")])
    client.force_login(agent)
    lever = reverse("referentiel:zone_lever", args=[zone.pk])

    reponse = client.post(lever, {"levee_le": "2022-02-28"})
    assert "La zone blanche ne peut pas être levée avant d’avoir été constatée." in texte(reponse)
    assert client.post(lever, {"levee_le": "2022-09-01", "poste": ailleurs.pk}).status_code == 422
    zone.refresh_from_db()
    assert zone.levee_le is None


def test_seuls_les_agents_du_service_tiennent_les_zones(client, porteur, bandrele):
    zone = ZoneBlancheFactory(commune=bandrele)
    autre = ServiceFactory(code="DEETS974", nom="DEETS de La Réunion")
    pages = [
        reverse("referentiel:zone_ouvrir", args=[bandrele.code_insee]),
        reverse("referentiel:zone_modifier", args=[zone.pk]),
        reverse("referentiel:zone_lever", args=[zone.pk]),
    ]
    for personne in (
        porteur,
        UtilisateurFactory(membre_copil_de=bandrele.service),
        UtilisateurFactory(instructeur_de=autre),
    ):
        client.force_login(personne)
        for page in pages:
            assertContains(
                client.get(page), "Les zones blanches sont tenues par les agents du service.", status_code=403
            )
    assert client.get(reverse("referentiel:zone_lever", args=[zone.pk + 1])).status_code == 404


def test_le_nombre_de_requetes_ne_depend_pas_des_communes(client, agent, bandrele, django_assert_max_num_queries):
    def remplir(commune):
        ZoneBlancheFactory(commune=commune)
        ZoneBlancheFactory(commune=commune, levee_le=date(2022, 8, 1), poste=PosteETPFactory(communes=[commune]))
        PosteETPFactory(communes=[commune], debut_le=date(2021, 1, 1))

    remplir(bandrele)
    client.force_login(agent)
    client.get(ZONES)
    with django_assert_max_num_queries(15) as une:
        client.get(ZONES)
    for _ in range(2):
        remplir(CommuneFactory())
    with django_assert_max_num_queries(15) as trois:
        client.get(ZONES)

    assert len(une.captured_queries) == len(trois.captured_queries)


def test_le_tableur_porte_les_memes_communes_que_l_ecran(client, porteur, bandrele):
    CommuneFactory(nom="Sada")
    ZoneBlancheFactory(commune=bandrele)
    client.force_login(porteur)

    reponse = client.get(reverse("referentiel:zones_tableur"), {"situation": "blanches"})

    feuille = openpyxl.load_workbook(io.BytesIO(reponse.content)).active
    entetes, *lignes = feuille.iter_rows(values_only=True)
    assert len(lignes) == 1
    ligne = dict(zip(entetes, lignes[0], strict=True))
    assert (ligne["Commune"], ligne["Code Insee"], ligne["Population"]) == ("Bandrélé", "97603", 10282)
    assert ligne["Constatée le"].date() == date(2022, 3, 1)
