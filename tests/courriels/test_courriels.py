import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.courriels.models import Courriel, Etat
from tests.factories import ServiceFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
LISTE = "courriels:courriels"


@pytest.fixture
def service():
    return ServiceFactory()


@pytest.fixture
def instructeur(service):
    return UtilisateurFactory(instructeur_de=service)


def test_un_agent_ne_voit_que_les_messages_de_ses_services(client, deposer, service, instructeur):
    sien = deposer("a", service=service, contexte={"structure": "Sienne"})
    autre = deposer("b", service=ServiceFactory(code="AUTRE"), contexte={"structure": "Étrangère"})
    compte = deposer("c", contexte={"structure": "Compte"})
    client.force_login(instructeur)

    page = client.get(reverse(LISTE))

    assertContains(page, "Dossier de Sienne")
    assertNotContains(page, "Étrangère")
    assert [client.get(c.get_absolute_url()).status_code for c in (sien, autre, compte)] == [200, 404, 404]


def test_un_administrateur_voit_aussi_ceux_qui_ne_sont_d_aucun_service(client, deposer, service):
    compte = deposer("c")
    client.force_login(UtilisateurFactory(administrateur_de=service))

    assert client.get(compte.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("role", ["membre_copil_de", "comite_national_de", "signataire_de"])
def test_qui_n_est_pas_agent_n_a_pas_cette_page(client, deposer, service, role):
    courriel = deposer(service=service)
    client.force_login(UtilisateurFactory(**{role: StructureFactory() if role == "signataire_de" else service}))

    adresses = [reverse(LISTE), courriel.get_absolute_url()]
    assert [client.get(adresse).status_code for adresse in adresses] == [403, 403]
    assert client.post(reverse("courriels:courriel_relancer", args=[courriel.pk])).status_code == 403


def test_les_filtres_sont_dans_l_adresse(client, deposer, service, instructeur):
    deposer("a", service=service, objet_lie="2022-0001", contexte={"structure": "Alpha"})
    deposer("b", service=service, objet_lie="2022-0002", contexte={"structure": "Bravo"})
    Courriel.objects.filter(cle="b").update(etat=Etat.ECHEC)
    client.force_login(instructeur)

    for filtre, trouve, absent in (
        ({"q": "alpha"}, "Alpha", "Bravo"),
        ({"q": "2022-0002"}, "Bravo", "Alpha"),
        ({"etat": "echec"}, "Bravo", "Alpha"),
    ):
        page = client.get(reverse(LISTE), filtre)
        assertContains(page, f"Dossier de {trouve}")
        assertNotContains(page, f"Dossier de {absent}")
    assertContains(client.get(reverse(LISTE), {"q": "zzz"}), "Aucun courriel ne correspond")
    assertContains(client.get(reverse(LISTE), {"etat": "\0", "page": "x", "q": "\0"}), "2 courriels")


def test_la_liste_fait_autant_de_requetes_pour_un_message_que_pour_trois(
    client, deposer, service, instructeur, django_assert_num_queries
):
    client.force_login(instructeur)
    deposer("a", service=service)
    client.get(reverse(LISTE))  # the first page of a session writes it
    with CaptureQueriesContext(connection) as pour_un:
        client.get(reverse(LISTE))
    deposer("b", service=service)
    deposer("c", service=service)

    with django_assert_num_queries(len(pour_un)):
        client.get(reverse(LISTE))


def test_une_liste_vide_dit_d_ou_viendront_les_messages(client, instructeur):
    client.force_login(instructeur)

    assertContains(client.get(reverse(LISTE)), "Aucun courriel pour l’instant")


def test_le_texte_est_montre_sans_etre_interprete(client, deposer, service, instructeur):
    courriel = deposer(service=service, contexte={"structure": "<b>Atelier</b>"})
    client.force_login(instructeur)

    page = client.get(courriel.get_absolute_url())

    assertContains(page, "Le dossier de &lt;b&gt;Atelier&lt;/b&gt; est reçu.")
    assertNotContains(page, "<b>Atelier</b>")


def test_le_texte_d_un_message_confidentiel_est_masque(client, deposer, service, instructeur):
    courriel = deposer(service=service, confidentiel=True)
    client.force_login(instructeur)

    page = client.get(courriel.get_absolute_url())

    assertContains(page, "seul son destinataire le lit")
    assertNotContains(page, "/dossiers/2022-0001/")


def test_un_message_en_echec_se_relance(
    client, deposer, service, instructeur, envoi, mailoutbox, django_capture_on_commit_callbacks
):
    courriel = deposer(service=service)
    Courriel.objects.update(etat=Etat.ECHEC, tentatives=8, derniere_erreur="550 <inconnu>")
    client.force_login(instructeur)
    assertContains(client.get(courriel.get_absolute_url()), "Réessayer")
    assertContains(client.get(courriel.get_absolute_url()), "550 &lt;inconnu&gt;")

    with django_capture_on_commit_callbacks(execute=True):
        reponse = client.post(reverse("courriels:courriel_relancer", args=[courriel.pk]))

    assertRedirects(reponse, courriel.get_absolute_url(), fetch_redirect_response=False)
    suite = client.get(courriel.get_absolute_url())
    assertContains(suite, "Le message à claude@structure.example va être envoyé à nouveau.")
    assertNotContains(suite, "Réessayer")
    assert len(mailoutbox) == 1
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.tentatives) == (Etat.ENVOYE, 1)


def test_un_message_deja_parti_ne_se_relance_pas(client, deposer, service, instructeur):
    courriel = deposer(service=service)
    client.force_login(instructeur)

    reponse = client.post(reverse("courriels:courriel_relancer", args=[courriel.pk]), follow=True)

    assertContains(reponse, "Seul un message en échec peut être envoyé à nouveau")


def test_un_message_d_un_autre_service_ne_se_relance_pas(client, deposer, instructeur):
    courriel = deposer(service=ServiceFactory(code="AUTRE"))
    client.force_login(instructeur)

    assert client.post(reverse("courriels:courriel_relancer", args=[courriel.pk])).status_code == 404
