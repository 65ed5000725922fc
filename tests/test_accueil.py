from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertNumQueries

from aap_portal.comptes.models import DemandeRattachement
from candidatures.models import Dossier
from copil.models import Deport, Seance
from tests.factories import (
    DEPOT_OUVERT,
    CampagneFactory,
    DossierFactory,
    InscriptionFactory,
    MembreSeanceFactory,
    ServiceFactory,
    StructureFactory,
    UtilisateurFactory,
    decision_acceptee,
    dossier_depose,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pendant_les_depots():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


def ouvrir(client, personne):
    client.force_login(personne)
    return client.get(reverse("accueil"))


def test_la_page_publique_annonce_la_derniere_minute_et_son_fuseau(client):
    CampagneFactory()

    reponse = client.get(reverse("accueil"))

    assertContains(reponse, "30\u00a0octobre 2022 à 23\u00a0h\u00a059 (heure de Mayotte)")
    assertContains(reponse, "Créer un compte")


def test_sans_campagne_la_page_publique_le_dit(client):
    assertContains(client.get(reverse("accueil")), "Aucun appel à projets n’est ouvert")


def test_une_personne_sans_structure_est_menee_au_rattachement(client):
    reponse = ouvrir(client, UtilisateurFactory())

    assertContains(reponse, reverse("comptes:rattachement"))


def test_un_brouillon_dit_ce_qui_manque_et_jusqu_a_quand(client):
    dossier = DossierFactory()

    reponse = ouvrir(client, UtilisateurFactory(redacteur_de=dossier.structure))

    assertContains(reponse, f"Dossier {dossier.numero}")
    assertContains(reponse, "Brouillon, non déposé : clôture dans 45\u00a0j 14\u00a0h")
    assertNotContains(reponse, "Prioritaire")


@pytest.mark.parametrize(("avant", "urgente"), [(timedelta(days=15), False), (timedelta(days=15, seconds=-1), True)])
def test_un_brouillon_devient_prioritaire_a_moins_de_quinze_jours(client, avant, urgente):
    dossier = DossierFactory()
    with time_machine.travel(dossier.campagne.cloture_le - avant, tick=False):
        reponse = ouvrir(client, UtilisateurFactory(redacteur_de=dossier.structure))

    assert ("Prioritaire" in reponse.content.decode()) is urgente


def test_un_agent_voit_ce_qui_attend_son_service(client):
    campagne = CampagneFactory()
    dossier_depose(campagne=campagne)
    dossier_depose(campagne=campagne, etat=Dossier.Etat.RECEVABLE)
    tardif = dossier_depose(campagne=campagne)
    Dossier.objects.filter(pk=tardif.pk).update(hors_delai=True)

    reponse = ouvrir(client, UtilisateurFactory(instructeur_de=campagne.service))

    assertContains(reponse, "1 dossier complet à instruire")
    assertContains(reponse, "1 dossier recevable à inscrire à une séance")
    assertContains(reponse, "1 dossier déposé hors délai à admettre ou à rejeter")
    assertContains(reponse, "0,00\u00a0€ accordés sur 400\u202f000,00\u00a0€")


def test_un_agent_d_un_autre_service_ne_voit_rien_de_celui_ci(client):
    dossier_depose()
    autre = ServiceFactory(code="DEETS974", nom="Autre service")

    reponse = ouvrir(client, UtilisateurFactory(instructeur_de=autre))

    assertContains(reponse, "Rien ne vous attend aujourd’hui.")
    assertNotContains(reponse, "à instruire")


def test_un_dossier_en_conflit_n_est_pas_compte(client):
    dossier = dossier_depose()
    agent = UtilisateurFactory(instructeur_de=dossier.campagne.service)
    Deport.objects.create(dossier=dossier, utilisateur=agent, motif="Parenté")

    assertNotContains(ouvrir(client, agent), "à instruire")


def test_un_membre_voit_combien_il_lui_reste_a_noter(client):
    inscription = InscriptionFactory(seance__etat=Seance.Etat.OUVERTE)
    membre = MembreSeanceFactory(seance=inscription.seance).utilisateur

    reponse = ouvrir(client, membre)

    assertContains(reponse, "1 dossier à noter.")
    Deport.objects.create(dossier=inscription.dossier, utilisateur=membre, motif="Parenté")
    assertNotContains(ouvrir(client, membre), "à noter.")


def test_les_roles_s_additionnent(client):
    inscription = InscriptionFactory(seance__etat=Seance.Etat.OUVERTE)
    brouillon = DossierFactory(campagne=inscription.seance.campagne)
    personne = UtilisateurFactory(membre_copil_de=inscription.seance.campagne.service, redacteur_de=brouillon.structure)
    MembreSeanceFactory(seance=inscription.seance, utilisateur=personne)

    reponse = ouvrir(client, personne)

    assertContains(reponse, "1 dossier à noter.")
    assertContains(reponse, f"Dossier {brouillon.numero}")


def test_une_decision_notifiee_attend_d_etre_lue(client):
    decision = decision_acceptee()
    dossier = decision.inscription.dossier

    reponse = ouvrir(client, UtilisateurFactory(signataire_de=dossier.structure))

    assertContains(reponse, f"Décision sur le dossier {dossier.numero}")
    assertContains(reponse, reverse("copil:decision", args=[dossier.numero]))


def test_un_signataire_voit_les_demandes_de_ses_collegues(client):
    structure = StructureFactory()
    DemandeRattachement.objects.demander(UtilisateurFactory(), structure)

    assertContains(
        ouvrir(client, UtilisateurFactory(signataire_de=structure)), "1 demande de rattachement à une structure"
    )
    assertNotContains(
        ouvrir(client, UtilisateurFactory(signataire_de=StructureFactory())), "rattachement à une structure"
    )


def test_l_accueil_d_un_agent_coute_autant_pour_un_dossier_que_pour_trois(client):
    campagne = CampagneFactory()
    dossier_depose(campagne=campagne)
    agent = UtilisateurFactory(instructeur_de=campagne.service)
    ouvrir(client, agent)
    with CaptureQueriesContext(connection) as un:
        client.get(reverse("accueil"))
    dossier_depose(campagne=campagne)
    dossier_depose(campagne=campagne)

    with assertNumQueries(len(un)):
        reponse = client.get(reverse("accueil"))

    assertContains(reponse, "3 dossiers complets à instruire")
    assert len(un) <= 20


def test_l_iban_manquant_est_demande_a_la_structure_acceptee(client):
    decision = decision_acceptee()
    structure = decision.inscription.dossier.structure
    signataire = UtilisateurFactory(signataire_de=structure)
    assertNotContains(ouvrir(client, signataire), "attend l’IBAN")
    type(structure).objects.filter(pk=structure.pk).update(iban="")

    assertContains(ouvrir(client, signataire), "La convention attend l’IBAN de votre structure.")


def test_une_decision_a_prendre_mene_au_classement_de_sa_seance(client):
    inscription = InscriptionFactory(seance__etat=Seance.Etat.CLOSE)
    Dossier.objects.filter(pk=inscription.dossier_id).update(etat=Dossier.Etat.EXAMINE)

    reponse = ouvrir(client, UtilisateurFactory(instructeur_de=inscription.seance.campagne.service))

    assertContains(reponse, reverse("copil:salle", args=[inscription.seance_id]))


@pytest.mark.django_db
@pytest.mark.parametrize(("telephone", "fin"), [("02 69 00 00 00", " ou appelez le 02 69 00 00 00."), ("", ".")])
def test_l_accueil_public_dit_comment_joindre_le_service_de_chaque_campagne(client, telephone, fin):
    service = ServiceFactory(courriel="ici@deets.example", telephone=telephone)
    with time_machine.travel(CampagneFactory(service=service).ouverture_le, tick=False):
        page = client.get(reverse("accueil")).content.decode()

    assert f'<a href="mailto:ici@deets.example">ici@deets.example</a>{fin}</p>' in page
