"""The password again before what cannot be undone, and nothing of what was typed or asked for is lost."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.comptes.models import Droit, Invitation
from tests.comptes.test_structure import FICHE
from tests.factories import CampagneFactory, ServiceFactory, StructureFactory, UtilisateurFactory, dossier_depose

pytestmark = pytest.mark.django_db

PHRASE = "quatre mots bien choisis ensemble"
VERIFICATION = reverse("account_reauthenticate")
FILE = reverse("candidatures:file")
EXPORT = reverse("candidatures:file_tableur")
PRET = reverse("comptes:export_pret")
AUTRE_IBAN = "FR7630006000011234567890189"


@pytest.fixture
def signataire(client):
    personne = UtilisateurFactory(password=PHRASE, signataire_de=StructureFactory())
    client.force_login(personne)
    return personne


@pytest.fixture
def agent(client):
    personne = UtilisateurFactory(password=PHRASE, instructeur_de=ServiceFactory())
    client.force_login(personne)
    return personne


def confirmer(client, reponse, **suite):
    """Give the password on the page where this answer leads."""
    page = client.get(reponse["Location"]).content.decode()
    suivant = unescape(re.search(r'name="next" value="([^"]*)"', page)[1])
    return client.post(VERIFICATION, {"password": PHRASE, "next": suivant}, **suite)


def test_le_droit_change_des_que_le_mot_de_passe_est_donne(client, signataire):
    structure = signataire.appartenances.get().structure
    collegue = UtilisateurFactory(lecteur_de=structure).appartenances.get()
    adresse = reverse("comptes:membre_changer_droit", args=[collegue.pk])

    reponse = client.post(adresse, {"droit": "redacteur"})
    assert reponse["Location"].startswith(VERIFICATION)
    collegue.refresh_from_db()
    assert collegue.droit == Droit.LECTEUR

    assertRedirects(confirmer(client, reponse), reverse("comptes:structure", args=[structure.pk]))
    collegue.refresh_from_db()
    assert collegue.droit == Droit.REDACTEUR


def test_un_mot_de_passe_faux_ne_change_rien_et_la_demande_attend_encore(client, signataire):
    structure = signataire.appartenances.get().structure
    reponse = client.post(
        reverse("comptes:membre_inviter", args=[structure.pk]), {"courriel": "c@exemple.fr", "droit": "lecteur"}
    )

    assertContains(client.post(reponse["Location"], {"password": "faux"}), "Le mot de passe est inexact.")
    assert not Invitation.objects.exists()

    confirmer(client, reponse)
    assert Invitation.objects.get().courriel == "c@exemple.fr"


@pytest.mark.parametrize(("delai", "redemande"), [(timedelta(seconds=299), False), (timedelta(seconds=300), True)])
def test_le_mot_de_passe_donne_vaut_cinq_minutes(client, agent, delai, redemande):
    depart = timezone.now()
    with time_machine.travel(depart, tick=False):
        client.post(VERIFICATION, {"password": PHRASE})
    with time_machine.travel(depart + delai, tick=False):
        assert (client.get(EXPORT).status_code == 302) is redemande


def test_un_export_reprend_apres_le_mot_de_passe_avec_ses_filtres(client, agent):
    reponse = client.get(f"{EXPORT}?onglet=tous&q=a%20b", headers={"referer": f"http://testserver{FILE}?onglet=tous"})
    assert reponse["Location"].startswith(VERIFICATION)

    page = confirmer(client, reponse, follow=True)

    fichier = f"{EXPORT}?onglet=tous&amp;q=a%20b"
    assertContains(page, f'content="0;url={fichier}"')
    assertContains(page, f'href="{fichier}"')
    assertContains(page, f'href="{FILE}?onglet=tous"')
    assert client.get(unescape(fichier))["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "fichier",
    ["", "https://exemple.fr/", "//exemple.fr/instruction/tableur/", r"/\exemple.fr", "/", "/nulle-part/", FILE],
)
def test_la_page_de_telechargement_ne_mene_qu_a_un_export(client, agent, fichier):
    assert client.get(PRET, {"fichier": fichier}).status_code == 404


@pytest.mark.parametrize("retour", ["", "https://exemple.fr/", "//exemple.fr/", "javascript:alert(1)"])
def test_la_page_de_telechargement_ne_revient_que_dans_le_portail(client, agent, retour):
    page = client.get(PRET, {"fichier": EXPORT, "retour": retour})

    assertContains(page, '<a class="fr-btn fr-btn--secondary" href="/">Revenir à la page</a>')
    assertNotContains(page, "exemple.fr/")


def test_changer_l_iban_redemande_le_mot_de_passe_et_garde_la_fiche(client, signataire):
    structure = signataire.appartenances.get().structure
    page = reverse("comptes:structure_modifier", args=[structure.pk])
    assertRedirects(client.post(page, FICHE), reverse("comptes:structure", args=[structure.pk]))

    reponse = client.post(page, FICHE | {"iban": AUTRE_IBAN, "ville": "Pamandzi"})
    structure.refresh_from_db()
    assert (structure.iban, structure.ville) == (FICHE["iban"].replace(" ", ""), "Mamoudzou")

    confirmer(client, reponse)
    structure.refresh_from_db()
    assert (structure.iban, structure.ville) == (AUTRE_IBAN, "Pamandzi")


def test_une_faute_decouverte_apres_le_mot_de_passe_se_corrige_sur_place(client, signataire):
    """The page shown then has the address of the password's: its form must still go to the gesture."""
    adresse = reverse("comptes:membre_inviter", args=[signataire.appartenances.get().structure_id])

    page = confirmer(client, client.post(adresse, {"courriel": "sans-arobase", "droit": "lecteur"}))

    assertContains(page, "Saisissez une adresse de courriel valide.", status_code=422)
    assertContains(page, 'value="sans-arobase"', status_code=422)
    assertContains(page, f'action="{adresse}"', status_code=422)


@pytest.mark.parametrize("nom", ["candidatures:declarer_irrecevable", "candidatures:decider_hors_delai"])
def test_une_decision_mal_remplie_revient_a_sa_propre_page(client, agent, nom):
    dossier = dossier_depose(campagne=CampagneFactory(service=ServiceFactory()))
    adresse = reverse(nom, args=[dossier.numero])

    page = confirmer(client, client.post(adresse, {"motif": ""}))

    assertContains(page, f'action="{adresse}"', status_code=422)
    dossier.refresh_from_db()
    assert dossier.etat == "depose"
