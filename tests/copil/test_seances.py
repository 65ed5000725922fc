from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.models import Dossier
from copil.models import Critere, Grille, Inscription, Seance
from tests.copil.situations import lisible, recevable, seance_ouverte, seance_preparee
from tests.factories import (
    DEPOT_OUVERT,
    CampagneFactory,
    GrilleFactory,
    InscriptionFactory,
    MembreSeanceFactory,
    SeanceFactory,
    ServiceFactory,
    UtilisateurFactory,
    dossier_depose,
)

pytestmark = pytest.mark.django_db


def refus(verbe, *args, **options):
    with pytest.raises(ErreurMetier) as erreur:
        verbe(*args, **options)
    return erreur.value.codes


# --- Creation -------------------------------------------------------------------------------------
def formulaire(campagne, /, **champs):
    return {
        "campagne": campagne.pk,
        "comite": "copil",
        "jour": "2022-11-15",
        "heure": "09:30",
        "lieu": "DEETS",
    } | champs


@pytest.fixture
def campagne_ouverte():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


@pytest.mark.usefixtures("campagne_ouverte")
def test_l_heure_saisie_est_celle_du_service(client):
    grille = GrilleFactory()
    client.force_login(UtilisateurFactory(instructeur_de=grille.campagne.service))

    reponse = client.post(reverse("copil:seance_creer"), formulaire(grille.campagne), follow=True)

    assert Seance.objects.get().tenue_le == datetime(2022, 11, 15, 6, 30, tzinfo=UTC)
    assert "15 novembre 2022 à 9 h 30 (heure de Mayotte)" in lisible(reponse)


@time_machine.travel("2022-11-10 10:00+03:00", tick=False)
def test_une_campagne_close_ou_rien_ne_reste_a_examiner_n_est_pas_proposee(client):
    service = ServiceFactory()
    campagnes = {
        "ouverte": CampagneFactory(annee=2023, cloture_le=datetime(2023, 10, 31, tzinfo=UTC)),
        "finie": CampagneFactory(annee=2020),
        "vide": CampagneFactory(annee=2021),
        "a_examiner": CampagneFactory(annee=2022),
    }
    dossier_depose(campagne=campagnes["a_examiner"], etat=Dossier.Etat.RECEVABLE)
    dossier_depose(campagne=campagnes["finie"], etat=Dossier.Etat.REFUSE)
    client.force_login(UtilisateurFactory(instructeur_de=service))

    page = client.get(reverse("copil:seance_creer"))

    proposees = set(page.context["form"].fields["campagne"].queryset)
    assert proposees == {campagnes["ouverte"], campagnes["a_examiner"]}
    assert "---------" not in page.content.decode()


@pytest.mark.usefixtures("campagne_ouverte")
def test_sans_grille_choisie_la_derniere_version_de_la_campagne_est_prise(client):
    derniere = GrilleFactory(version=2, campagne=GrilleFactory().campagne)
    client.force_login(UtilisateurFactory(instructeur_de=derniere.campagne.service))

    client.post(reverse("copil:seance_creer"), formulaire(derniere.campagne))

    assert Seance.objects.get().grille == derniere


@pytest.mark.usefixtures("campagne_ouverte")
@pytest.mark.parametrize("etranger", ["campagne", "grille"])
def test_une_campagne_ou_une_grille_d_un_autre_service_est_refusee(client, etranger):
    grille, ailleurs = (
        GrilleFactory(),
        GrilleFactory(campagne__service=ServiceFactory(code="AUTRE", nom="Autre service")),
    )
    client.force_login(UtilisateurFactory(instructeur_de=grille.campagne.service))
    champs = {"campagne": ailleurs.campagne.pk} if etranger == "campagne" else {"grille": ailleurs.pk}

    reponse = client.post(reverse("copil:seance_creer"), formulaire(grille.campagne, **champs))

    assertContains(reponse, "Sélectionnez un choix valide", status_code=422)
    assert not Seance.objects.exists()


@pytest.mark.usefixtures("campagne_ouverte")
def test_la_grille_d_une_autre_campagne_est_refusee_avec_la_raison(client):
    grille = GrilleFactory()
    autre = GrilleFactory(campagne=CampagneFactory(annee=2021))
    client.force_login(UtilisateurFactory(instructeur_de=grille.campagne.service))

    reponse = client.post(reverse("copil:seance_creer"), formulaire(grille.campagne, grille=autre.pk))

    assertContains(reponse, "Cette grille est celle d’une autre campagne.", status_code=422)


# --- Who sees what --------------------------------------------------------------------------------
def test_un_membre_exterieur_voit_les_seances_ou_il_est_convoque_et_rien_d_autre(client):
    seance, autre = seance_preparee(), seance_preparee()
    membre = seance.membres.get().utilisateur
    client.force_login(membre)

    avant = client.get(seance.get_absolute_url()).status_code
    seance.convoquer(par=seance.agent)
    autre.convoquer(par=autre.agent)
    liste = client.get(reverse("copil:seances"))

    assert (avant, client.get(seance.get_absolute_url()).status_code) == (404, 200)
    assert client.get(autre.get_absolute_url()).status_code == 404
    assert list(liste.context["page"]) == [seance]
    assert client.get(reverse("copil:seance_clore", args=[seance.pk])).status_code == 403
    assert client.get(reverse("copil:seance_creer")).status_code == 403


def test_un_membre_qui_perd_son_habilitation_ne_voit_plus_rien(client):
    seance = seance_ouverte()
    membre = seance.membres.get().utilisateur
    membre.habilitations.update(actif=False)
    client.force_login(membre)

    assert client.get(seance.get_absolute_url()).status_code == 404
    assert list(Dossier.objects.visibles_par(membre)) == []


def test_un_agent_d_un_autre_service_ne_voit_pas_la_seance(client):
    seance = seance_ouverte()
    client.force_login(UtilisateurFactory(instructeur_de=ServiceFactory(code="AUTRE", nom="Autre service")))

    assert client.get(seance.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("vue", ["liste", "seance"])
def test_autant_de_requetes_pour_une_ligne_que_pour_trois(client, django_assert_num_queries, vue):
    seance = seance_preparee(dossiers=1, membres=1)
    client.force_login(seance.agent)
    adresse = reverse("copil:seances") if vue == "liste" else seance.get_absolute_url()
    client.get(adresse)
    with django_assert_num_queries(15 if vue == "liste" else 40, exact=False) as une:
        client.get(adresse)
    combien = len(une)

    for _ in range(2):
        SeanceFactory(campagne=seance.campagne, grille=seance.grille)
        MembreSeanceFactory(seance=seance)
        seance.inscrire(recevable(seance), par=seance.agent)

    with django_assert_num_queries(combien):
        client.get(adresse)


# --- Members and agenda ---------------------------------------------------------------------------
def test_seules_les_personnes_habilitees_du_service_s_ajoutent(client):
    seance = seance_preparee(membres=0)
    habilitee = UtilisateurFactory(membre_copil_de=seance.campagne.service)
    etrangere = UtilisateurFactory(membre_copil_de=ServiceFactory(code="AUTRE", nom="Autre service"))
    client.force_login(seance.agent)
    adresse = reverse("copil:membres_ajouter", args=[seance.pk])

    refusee = client.post(adresse, {"personnes": [etrangere.pk]})
    client.post(adresse, {"personnes": [habilitee.pk]})

    assert refusee.status_code == 422
    assert [membre.utilisateur for membre in seance.membres.all()] == [habilitee]


def test_un_membre_se_retire_avant_l_ouverture_seulement(client):
    seance = seance_preparee(membres=2)
    client.force_login(seance.agent)
    premier, second = seance.membres.all()

    client.post(reverse("copil:membre_retirer", args=[seance.pk, premier.pk]))
    seance.convoquer(par=seance.agent)
    seance.ouvrir(par=seance.agent)
    reponse = client.post(reverse("copil:membre_retirer", args=[seance.pk, second.pk]))

    assert list(seance.membres.filter(actif=True)) == [second]
    assertContains(reponse, "Les membres d’une séance ouverte ne sont plus retirés", status_code=422)


def test_un_dossier_recevable_s_inscrit_et_redevient_recevable_une_fois_retire(client):
    seance = seance_preparee(dossiers=0)
    dossier = recevable(seance)
    client.force_login(seance.agent)

    client.post(reverse("copil:dossiers_inscrire", args=[seance.pk]), {"dossiers": [dossier.pk]})
    inscrit = Dossier.objects.get().etat
    client.post(reverse("copil:dossier_desinscrire", args=[seance.pk, dossier.numero]))

    assert (inscrit, Dossier.objects.get().etat) == (Dossier.Etat.INSCRIT, Dossier.Etat.RECEVABLE)
    assert not Inscription.objects.exists()
    assert [ligne.vers for ligne in dossier.journal.all()] == [Dossier.Etat.INSCRIT, Dossier.Etat.RECEVABLE]


@pytest.mark.parametrize(
    "etat", [Dossier.Etat.DEPOSE, Dossier.Etat.IRRECEVABLE, Dossier.Etat.EXAMINE, Dossier.Etat.ACCEPTE]
)
def test_un_dossier_qui_n_est_ni_recevable_ni_ajourne_ne_s_inscrit_pas(client, etat):
    seance = seance_preparee(dossiers=0)
    dossier = dossier_depose(etat=etat, campagne=seance.campagne)
    client.force_login(seance.agent)

    reponse = client.post(reverse("copil:dossiers_inscrire", args=[seance.pk]), {"dossiers": [dossier.pk]})

    assert reponse.status_code == 422
    assert Dossier.objects.get().etat == etat


def test_un_dossier_ajourne_se_reinscrit_a_une_autre_seance():
    seance = seance_preparee(dossiers=0)
    dossier = dossier_depose(etat=Dossier.Etat.AJOURNE, campagne=seance.campagne)

    seance.inscrire(dossier, par=seance.agent)

    assert Dossier.objects.get().etat == Dossier.Etat.INSCRIT
    assert [ligne.vers for ligne in dossier.journal.all()] == [Dossier.Etat.RECEVABLE, Dossier.Etat.INSCRIT]


def test_l_ordre_du_jour_se_range_et_se_renumerote():
    seance = seance_preparee(dossiers=3)
    premiere, deuxieme, troisieme = seance.inscriptions.all()

    seance.avancer(troisieme)
    seance.desinscrire(premiere, par=seance.agent)

    assert list(seance.inscriptions.values_list("pk", "ordre")) == [(troisieme.pk, 1), (deuxieme.pk, 2)]


def test_plusieurs_dossiers_s_inscrivent_tous_ou_aucun():
    seance = seance_preparee(dossiers=0)
    bon, mauvais = recevable(seance), dossier_depose(etat=Dossier.Etat.EXAMINE, campagne=seance.campagne)

    assert refus(seance.inscrire_tous, [bon, mauvais], par=seance.agent) == ["transition"]
    assert not Inscription.objects.exists()
    assert Dossier.objects.get(pk=bon.pk).etat == Dossier.Etat.RECEVABLE


# --- Convening, opening -----------------------------------------------------------------------------
def test_la_convocation_part_une_fois_a_chaque_membre_et_une_autre_apres_un_changement(client):
    seance = seance_preparee(membres=2)
    client.force_login(seance.agent)

    client.post(reverse("copil:seance_convoquer", args=[seance.pk]))
    client.post(reverse("copil:seance_convoquer", args=[seance.pk]))
    premiers = Courriel.objects.count()
    client.post(reverse("copil:seance_preparer", args=[seance.pk]))
    client.post(reverse("copil:seance_convoquer", args=[seance.pk]))

    assert (premiers, Courriel.objects.count()) == (2, 4)
    courriel = Courriel.objects.order_by("pk").first()
    assert courriel.destinataire == seance.membres.first().utilisateur.email
    assert " ".join(courriel.objet.split()) == "Séance du 15 novembre 2022 à 9 h (heure de Mayotte) : convocation"
    assert "Salle de réunion de la DEETS" in courriel.corps


def test_un_membre_ajoute_apres_la_convocation_la_recoit_aussitot():
    seance = seance_preparee()
    seance.convoquer(par=seance.agent)
    nouveau = UtilisateurFactory(membre_copil_de=seance.campagne.service)

    seance.ajouter_membres([nouveau], par=seance.agent)

    assert Courriel.objects.filter(destinataire=nouveau.email).count() == 1


@pytest.mark.parametrize(
    ("champs", "code"), [({"dossiers": 0}, ["sans_dossier"]), ({"membres": 0}, ["sans_membre"]),
                         ({"dossiers": 0, "membres": 0}, ["sans_membre", "sans_dossier"])]
)  # fmt: skip
def test_une_seance_sans_dossier_ou_sans_membre_ne_se_convoque_pas(champs, code):
    seance = seance_preparee(**champs)

    assert refus(seance.convoquer, par=seance.agent) == code


def test_ouvrir_fige_la_grille_et_une_grille_qui_ne_fait_pas_son_total_est_refusee():
    seance = seance_preparee()
    critere = Critere.objects.filter(bloc__grille=seance.grille).first()
    Critere.objects.filter(pk=critere.pk).update(maximum=critere.maximum - 5)

    assert refus(seance.convoquer, par=seance.agent) == ["grille_total"]

    Critere.objects.filter(pk=critere.pk).update(maximum=critere.maximum)
    seance.convoquer(par=seance.agent)
    assert not Grille.objects.get().est_figee
    seance.ouvrir(par=seance.agent)
    assert Grille.objects.get().est_figee


@time_machine.travel("2022-11-10 10:00+03:00", tick=False)
def test_une_seance_ouverte_avant_sa_date_prend_celle_ou_elle_se_tient():
    inscription = InscriptionFactory(seance__etat=Seance.Etat.CONVOQUEE)
    seance = MembreSeanceFactory(seance=inscription.seance).seance

    seance.ouvrir(par=UtilisateurFactory(instructeur_de=seance.campagne.service))

    seance.refresh_from_db()
    assert seance.tenue_le == timezone.now()


@time_machine.travel("2022-11-15 18:00+03:00", tick=False)
def test_une_seance_ouverte_le_jour_dit_garde_son_heure():
    inscription = InscriptionFactory(seance__etat=Seance.Etat.CONVOQUEE)
    seance = MembreSeanceFactory(seance=inscription.seance).seance
    prevue_le = seance.tenue_le

    seance.ouvrir(par=UtilisateurFactory(instructeur_de=seance.campagne.service))

    seance.refresh_from_db()
    assert seance.tenue_le == prevue_le


def test_la_liste_dit_a_chacun_ce_que_la_seance_attend_de_lui(client):
    ouverte = seance_ouverte(dossiers=2)
    preparee = seance_preparee(campagne=ouverte.campagne)
    membre = ouverte.membres.get().utilisateur
    preparee.ajouter_membres([membre], par=preparee.agent)
    preparee.convoquer(par=preparee.agent)

    client.force_login(membre)
    page = lisible(client.get(reverse("copil:seances")))
    assert "2 dossiers à noter" in page
    assert "Vous y siégez" in page

    client.force_login(ouverte.agent)
    assert "Vous n’y siégez pas" in lisible(client.get(reverse("copil:seances")))
