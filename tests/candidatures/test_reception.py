"""A dossier received by e-mail, entered by an agent with its date of receipt (AAP 2022, B; readings 5 and 6)."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from aap_portal.comptes.models import Membre
from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import Structure
from candidatures.models import Depot, Dossier
from tests.candidatures.textes import texte
from tests.comptes.test_structure import FICHE
from tests.factories import (
    MAYOTTE,
    CampagneFactory,
    DossierFactory,
    ServiceFactory,
    StructureFactory,
    UtilisateurFactory,
    siret,
)

pytestmark = pytest.mark.django_db
CLOTURE = datetime(2022, 10, 31, tzinfo=MAYOTTE)
SAISI_LE = datetime(2022, 11, 3, 9, 30, tzinfo=MAYOTTE)
CLE = "6f1c9c1e-0000-4000-8000-00000000000"


@pytest.fixture(autouse=True)
def apres_la_cloture():
    with time_machine.travel(SAISI_LE, tick=False):
        yield


@pytest.fixture
def campagne():
    return CampagneFactory()


@pytest.fixture
def agent(client, campagne):
    agent = UtilisateurFactory(instructeur_de=campagne.service, first_name="Hadidja", last_name="Exemple")
    client.force_login(agent)
    return agent


def saisir(client, campagne, numero, recu_le="2022-10-30T23:59", **champs):
    return client.post(
        reverse("candidatures:reception", args=[numero]), {"campagne": campagne.pk, "recu_le": recu_le} | champs
    )


def en_saisie(agent, campagne, recu_le=CLOTURE - timedelta(minutes=1), **champs):
    """A complete one, ready to be recorded."""
    return DossierFactory(complet=True, campagne=campagne, cree_par=agent, recu_par_courriel_le=recu_le, **champs)


def enregistrer(client, dossier, rang=1):
    return client.post(reverse("candidatures:deposer", args=[dossier.numero]), {"cle": f"{CLE}{rang}"}, follow=True)


# --- The start ------------------------------------------------------------------------------------
def test_une_structure_inconnue_est_creee_sans_membre_et_son_dossier_s_ouvre(client, agent, campagne):
    page = texte(client.post(reverse("candidatures:receptions"), {"siret": siret(90)}, follow=True))
    assert "n’est pas encore connu du portail" in page
    assert "IBAN" not in page

    reponse = saisir(client, campagne, siret(90), **{c: v for c, v in FICHE.items() if c != "iban"})

    dossier = Dossier.objects.get()
    assert reponse.url == dossier.get_absolute_url()
    assert (dossier.structure.siret, Membre.objects.count()) == (siret(90), 0)
    assert dossier.recu_par_courriel_le == CLOTURE - timedelta(minutes=1)
    assert (dossier.cree_par, dossier.instructeur, dossier.etat) == (agent, agent, "brouillon")


def test_un_dossier_deja_en_saisie_est_repris(client, agent, campagne):
    structure = StructureFactory()

    reponses = [saisir(client, campagne, structure.siret) for _ in range(2)]

    assert Dossier.objects.count() == 1
    assert reponses[0].url == reponses[1].url


def test_le_brouillon_de_la_structure_et_la_saisie_du_service_vivent_cote_a_cote(client, agent, campagne):
    brouillon = DossierFactory(campagne=campagne, numero="2022-9001")

    saisir(client, campagne, brouillon.structure.siret)

    assert Dossier.objects.filter(structure=brouillon.structure).count() == 2
    Dossier.objects.filter(pk=brouillon.pk).delete()
    with time_machine.travel(CLOTURE - timedelta(days=1)):
        neuf = Dossier.objects.commencer(campagne=campagne, structure=brouillon.structure, par=brouillon.cree_par)
    assert not neuf.est_recu_par_courriel


@pytest.mark.parametrize(
    ("recu_le", "phrase"),
    [
        ("2022-11-03T09:31", "La date de réception est à venir : vérifiez-la."),
        ("2022-06-30T23:59", "Les dépôts ouvrent le 1er juillet 2022 à 0 h"),
        ("", "Ce champ est obligatoire."),
    ],
)
def test_une_date_a_venir_ou_d_avant_l_ouverture_est_refusee_sans_rien_creer(client, agent, campagne, recu_le, phrase):
    reponse = saisir(client, campagne, siret(90), recu_le, **{c: v for c, v in FICHE.items() if c != "iban"})

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert 'value="2 rue de l’Exemple"' in reponse.content.decode()
    assert (Dossier.objects.count(), Structure.objects.count()) == (0, 0)


@pytest.mark.parametrize("recu_le", ["2022-11-03T09:30", "2022-07-01T00:00"])
def test_aux_bornes_la_date_est_admise(client, agent, campagne, recu_le):
    assert saisir(client, campagne, StructureFactory().siret, recu_le).status_code == 302


def test_une_campagne_qui_n_admet_pas_de_retard_refuse_un_courriel_tardif(client, agent, campagne):
    campagne.depot_hors_delai = campagne.HorsDelai.REFUSER
    campagne.save()

    refus = saisir(client, campagne, StructureFactory().siret, "2022-10-31T00:00")

    assert "Le dépôt était ouvert jusqu’au 30 octobre 2022 à 23 h 59" in texte(refus)
    assert saisir(client, campagne, StructureFactory().siret, "2022-10-30T23:59").status_code == 302


def test_la_campagne_d_un_autre_service_ne_se_choisit_pas(client, agent):
    autre = CampagneFactory(service=ServiceFactory(code="AUTRE"))

    assert saisir(client, autre, StructureFactory().siret).status_code == 422


# --- The filing -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("recu_le", "hors_delai"), [(CLOTURE - timedelta(seconds=1), False), (CLOTURE, True)])
def test_la_date_du_courriel_decide_du_delai(client, agent, campagne, recu_le, hors_delai):
    dossier = en_saisie(agent, campagne, recu_le)

    enregistrer(client, dossier)

    dossier.refresh_from_db()
    assert (dossier.etat, dossier.hors_delai, dossier.depose_le) == ("depose", hors_delai, SAISI_LE)
    assert dossier.recu_le == recu_le


def test_le_recepisse_dit_la_reception_et_qui_a_saisi_et_part_a_la_structure(client, agent, campagne):
    structure = StructureFactory(courriel="bureau@structure.example")
    dossier = en_saisie(agent, campagne, structure=structure)

    recu = texte(enregistrer(client, dossier))

    assert "Reçu par courriel le 30 octobre 2022 à 23 h 59 (heure de Mayotte)" in recu
    assert "Saisi par Hadidja Exemple, DEETS de Mayotte, pour le compte de la structure" in recu
    assert "Enregistré le 3 novembre 2022 à 9 h 30 (heure de Mayotte)" in recu
    assert "le silence gardé jusqu’au 30 décembre 2022 vaut décision implicite de rejet" in recu
    assert Dossier.objects.get().rejet_implicite_le.isoformat() == "2022-12-30"
    destinataires = set(Courriel.objects.values_list("destinataire", flat=True))
    assert destinataires == {"bureau@structure.example", "claude@structure.example"}
    corps = Courriel.objects.first().corps
    assert "Votre demande, reçue par courriel le 30 octobre 2022" in corps.replace("\u00a0", " ").replace("\u202f", " ")


def test_un_dossier_incomplet_se_complete_par_l_agent_mais_ne_se_retire_pas(client, agent, campagne):
    dossier = en_saisie(agent, campagne)
    dossier.pieces.filter(code="comptes_annuels").delete()
    client.post(
        reverse("candidatures:deposer", args=[dossier.numero]), {"cle": f"{CLE}1", "manques_admis": "on"}, follow=True
    )
    dossier.refresh_from_db()
    assert (dossier.etat, dossier.incomplet) == ("depose", True)
    assert client.get(reverse("candidatures:retirer", args=[dossier.numero])).status_code == 403

    dossier.pieces.create(code="comptes_annuels", reference="JO du 3 mai 2022", ajoutee_par=agent)
    demande = dossier.demandes.get()
    assert client.get(demande.get_absolute_url()).status_code == 200
    client.post(demande.get_absolute_url(), {"cle": f"{CLE}2", "envoyer": "1"})

    dossier.refresh_from_db()
    assert (dossier.incomplet, Depot.objects.count()) == (False, 2)


# --- Who sees, who writes -------------------------------------------------------------------------
def test_une_saisie_n_est_pas_dans_la_file_mais_se_retrouve(client, agent, campagne):
    dossier = en_saisie(agent, campagne)

    file = client.get(reverse("candidatures:file"), {"onglet": "tous"})
    liste = texte(client.get(reverse("candidatures:receptions")))

    assert (dossier.numero in texte(file), "Tous les dossiers (0)" in texte(file)) == (False, True)
    assert dossier.numero in liste
    assert "30 octobre 2022 à 23 h 59" in liste


def test_l_agent_ecrit_et_la_structure_lit(client, agent, campagne):
    dossier = en_saisie(agent, campagne)
    adresse = reverse("candidatures:rubrique", args=[dossier.numero, "projet"])

    client.post(adresse, {"intitule": "Écrit par l’agent"})
    client.force_login(UtilisateurFactory(signataire_de=dossier.structure))
    lecture, envoi = client.get(adresse), client.post(adresse, {"intitule": "Autre"})
    accueil = texte(client.get(reverse("candidatures:dossiers")))

    assert Dossier.objects.get().intitule == "Écrit par l’agent"
    assert "Le service saisit ce dossier d’après votre courriel" in texte(lecture)
    assert envoi.status_code == 403
    assert "le service le saisit pour vous" in accueil
    assert "Commencer" not in accueil
    assert "Reprendre" not in accueil


def test_un_brouillon_du_portail_reste_ferme_aux_agents(client, agent, campagne):
    dossier = DossierFactory(campagne=campagne)

    assert client.get(dossier.get_absolute_url()).status_code == 404


def test_la_liste_coute_autant_pour_une_saisie_que_pour_trois(client, agent, campagne, django_assert_max_num_queries):
    en_saisie(agent, campagne)
    adresse = reverse("candidatures:receptions")
    client.get(adresse)
    with django_assert_max_num_queries(20) as une:
        client.get(adresse)
    for _ in range(2):
        en_saisie(agent, campagne)
    with django_assert_max_num_queries(len(une)):
        client.get(adresse)


def test_recevoir_est_une_regle_du_modele(agent, campagne):
    with pytest.raises(ErreurMetier) as refus:
        Dossier.objects.recevoir(
            campagne=campagne, structure=StructureFactory(), recu_le=SAISI_LE + timedelta(seconds=1), par=agent
        )
    assert refus.value.codes == ["reception_future"]
