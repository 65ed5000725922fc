"""The instructor's reader: controls, decisions, and who may make them (AAP 2022, B.2; readings 6 and 25)."""

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.instruction import points_de_controle
from candidatures.models import ControleDossier, Dossier, PieceJustificative
from copil.models import Deport
from tests.candidatures.textes import texte
from tests.factories import (
    CampagneFactory,
    DossierFactory,
    ServiceFactory,
    StructureFactory,
    UtilisateurFactory,
    dossier_depose,
)

pytestmark = pytest.mark.django_db
Etat = Dossier.Etat


@pytest.fixture
def agent():
    return UtilisateurFactory(instructeur_de=ServiceFactory(), first_name="Amina", last_name="Agente")


@pytest.fixture
def connecte(client, agent):
    client.force_login(agent)
    return client


@pytest.fixture
def dossier():
    return dossier_depose()


def adresse(nom, dossier):
    return reverse(f"candidatures:{nom}", args=[dossier.numero])


def tout_controler(dossier, agent, constat="conforme"):
    for point in points_de_controle(Dossier.objects.avec_contenu().get(pk=dossier.pk)):
        if not point.est_une_piece_absente:
            dossier.controler(point.objet, constat=constat, commentaire="Vu.", par=agent)


def test_une_piece_absente_ne_peut_pas_etre_conforme(connecte, dossier):
    reponse = connecte.post(adresse("controler", dossier), {"objet": "piece:rib", "constat": "conforme"})

    assertContains(reponse, "elle ne peut pas être conforme", status_code=422)
    assert not dossier.controles.exists()


def etat(dossier):
    return Dossier.objects.get(pk=dossier.pk).etat


def journal(dossier):
    return [(ligne.vers, ligne.par, ligne.motif) for ligne in dossier.journal.all()]


GESTES = ["instruire", "controler", "affecter", "declarer_recevable", "declarer_irrecevable", "decider_hors_delai"]


@pytest.mark.parametrize("geste", GESTES)
def test_chaque_page_suit_l_echelle_des_droits(client, dossier, geste):
    service = dossier.campagne.service
    page = adresse(geste, dossier)
    requete = client.get if geste == "instruire" else client.post
    assertRedirects(requete(page), f"{reverse('account_login')}?next={page}", fetch_redirect_response=False)

    def statut(personne):
        client.force_login(personne)
        return requete(page).status_code

    autre_service = ServiceFactory(code="DEETS974", nom="DEETS de La Réunion")
    conflit = UtilisateurFactory(instructeur_de=service)
    Deport.objects.create(dossier=dossier, utilisateur=conflit, motif="Membre du bureau.")
    assert statut(dossier.cree_par) == 403
    assert statut(UtilisateurFactory(signataire_de=StructureFactory())) == 404
    assert statut(UtilisateurFactory(instructeur_de=autre_service)) == 404
    assert statut(UtilisateurFactory(membre_copil_de=service)) == 404
    assert statut(conflit) == 404
    assert statut(UtilisateurFactory(instructeur_de=service)) in {200, 302, 422}


def test_un_brouillon_ne_s_instruit_pas(connecte):
    assert connecte.get(adresse("instruire", DossierFactory())).status_code == 404


def test_le_lecteur_montre_le_premier_point_a_controler_puis_le_suivant(connecte, dossier):
    reponse = connecte.get(adresse("instruire", dossier))
    assertContains(reponse, 'id="titre-point"')
    premier = reponse.context["choisi"]
    assert premier.objet == "piece:rapport_activite"

    suite = connecte.post(adresse("controler", dossier), {"objet": premier.objet, "constat": "conforme"}, follow=True)

    assert suite.context["choisi"].objet == "piece:comptes_annuels"
    assert ControleDossier.objects.get().get_constat_display() == "Conforme"


def test_chaque_section_du_dossier_se_lit_dans_le_lecteur(connecte, dossier):
    attendus = {
        "structure": "Association d’insertion active depuis 2017.",
        "projet": "132 marchés clausés",
        "postes": "Facilitatrice Sud",
        "plan": "plafond de 70",
        "budgets": "Charges de personnel",
        "missions": "NPNRU",
    }
    for code, phrase in attendus.items():
        assert phrase in texte(connecte.get(adresse("instruire", dossier), {"objet": f"rubrique:{code}"}))
    piece = connecte.get(adresse("instruire", dossier), {"objet": "piece:rapport_activite"})
    assertContains(piece, "JO du 3 mai 2022")


def test_ce_qui_est_a_completer_se_commente(connecte, dossier):
    envoi = {"objet": "rubrique:projet", "constat": "a_completer", "commentaire": " "}

    reponse = connecte.post(adresse("controler", dossier), envoi)

    assertContains(reponse, "Dites ce qui est à compléter.", status_code=422)
    assert not ControleDossier.objects.exists()
    connecte.post(adresse("controler", dossier), envoi | {"commentaire": "Chiffrez les heures."})
    assert list(ControleDossier.objects.values_list("constat", "commentaire")) == [
        ("a_completer", "Chiffrez les heures.")
    ]


def test_un_second_constat_remplace_le_premier_et_l_historique_garde_les_deux(dossier, agent):
    dossier.controler("rubrique:plan", constat="a_completer", commentaire="Reste 2 €.", par=agent)
    dossier.controler("rubrique:plan", constat="conforme", par=agent)

    controle = ControleDossier.objects.get()
    assert controle.constat == "conforme"
    assert list(controle.historique.values_list("constat", flat=True)) == ["conforme", "a_completer"]


@pytest.mark.parametrize(
    "envoi", [{"objet": "rubrique:inventee", "constat": "conforme"}, {"objet": "rubrique:plan", "constat": "x"}]
)
def test_un_envoi_force_ne_change_rien(connecte, dossier, envoi):
    assert connecte.post(adresse("controler", dossier), envoi).status_code == 422
    assert not ControleDossier.objects.exists()


def test_recevable_attend_que_tout_soit_controle(connecte, dossier, agent):
    reponse = connecte.post(adresse("declarer_recevable", dossier))

    assertContains(reponse, "est à contrôler", status_code=422)
    assert etat(dossier) == Etat.DEPOSE
    tout_controler(dossier, agent)
    dossier.controler("rubrique:plan", constat="a_completer", commentaire="Reste 2 €.", par=agent)
    reponse = connecte.post(adresse("declarer_recevable", dossier))
    assert reponse.status_code == 422
    assert "« Plan de financement » reste à compléter." in texte(reponse)
    dossier.controler("rubrique:plan", constat="sans_objet", par=agent)
    reponse = connecte.post(adresse("declarer_recevable", dossier), follow=True)
    assertContains(reponse, f"Le dossier {dossier.numero} est recevable")
    assert etat(dossier) == Etat.RECEVABLE


def test_un_document_attendu_avant_la_convention_ne_bloque_pas(dossier, agent):
    """Reading 28: the bank details block the convention, not the recevabilité."""
    points = points_de_controle(Dossier.objects.avec_contenu().get(pk=dossier.pk))
    assert {point.objet: point.bloquant for point in points}["piece:rib"] is False
    for point in points:
        if point.bloquant:
            dossier.controler(point.objet, constat="conforme", par=agent)

    dossier.declarer_recevable(par=agent)

    assert etat(dossier) == Etat.RECEVABLE


def test_declarer_deux_fois_recevable_n_ecrit_qu_une_fois(connecte, dossier, agent):
    tout_controler(dossier, agent)

    for _ in range(2):
        reponse = connecte.post(adresse("declarer_recevable", dossier), follow=True)
        assert reponse.status_code == 200

    assert journal(dossier) == [("recevable", agent, "")]


def test_un_dossier_incomplet_n_est_pas_instruit(connecte, dossier):
    """Reading 25."""
    PieceJustificative.objects.filter(dossier=dossier, code="comptes_annuels").delete()
    Dossier.objects.filter(pk=dossier.pk).update(incomplet=True)
    phrase = "il n’est pas instruit tant que la structure ne l’a pas complété"

    page = connecte.get(adresse("instruire", dossier))

    assertContains(page, phrase)
    assert "Comptes annuels du dernier exercice clos" in texte(page)
    assertNotContains(page, 'value="conforme"')
    assertContains(connecte.post(adresse("declarer_recevable", dossier)), phrase, status_code=422)
    controle = connecte.post(adresse("controler", dossier), {"objet": "rubrique:plan", "constat": "conforme"})
    assertContains(controle, phrase, status_code=422)
    assert etat(dossier) == Etat.DEPOSE
    assert not ControleDossier.objects.exists()


def test_irrecevable_demande_un_motif_que_la_structure_recoit(connecte, dossier, agent):
    reponse = connecte.post(adresse("declarer_irrecevable", dossier), {"motif": " "})
    assert reponse.status_code == 422
    assert "Donnez le motif : la structure le lira." in texte(reponse)
    assert etat(dossier) == Etat.DEPOSE

    for _ in range(2):
        connecte.post(adresse("declarer_irrecevable", dossier), {"motif": "Projet hors du territoire."})

    assert etat(dossier) == Etat.IRRECEVABLE
    assert journal(dossier) == [("irrecevable", agent, "Projet hors du territoire.")]
    messages = Courriel.objects.filter(objet__contains="irrecevable")
    assert set(messages.values_list("destinataire", flat=True)) == {
        dossier.structure.courriel,
        dossier.contact_courriel,
    }
    assert messages.count() == 2
    assert "Projet hors du territoire." in messages.first().corps
    assert "tribunal administratif de Mayotte" in messages.first().corps


@pytest.mark.parametrize("depart", [Etat.INSCRIT, Etat.EXAMINE, Etat.ACCEPTE, Etat.REFUSE, Etat.RETIRE, Etat.AJOURNE])
def test_irrecevable_est_refuse_hors_de_l_instruction(connecte, depart):
    dossier = dossier_depose(etat=depart)

    reponse = connecte.post(adresse("declarer_irrecevable", dossier), {"motif": "Trop tard."})

    assert f"« {depart.label} » ne peut pas devenir « Irrecevable »." in texte(reponse)
    assert reponse.status_code == 422
    assert etat(dossier) == depart
    assert not Courriel.objects.exists()


@pytest.mark.parametrize(
    "depart", [Etat.IRRECEVABLE, Etat.INSCRIT, Etat.EXAMINE, Etat.ACCEPTE, Etat.REFUSE, Etat.RETIRE]
)
def test_recevable_est_refuse_hors_de_l_instruction(dossier, agent, depart):
    Dossier.objects.filter(pk=dossier.pk).update(etat=depart)

    with pytest.raises(ErreurMetier, match="il n’est plus à instruire"):
        dossier.declarer_recevable(par=agent)

    assert etat(dossier) == depart


@pytest.fixture
def tardif(dossier):
    Dossier.objects.filter(pk=dossier.pk).update(hors_delai=True)
    return Dossier.objects.get(pk=dossier.pk)


def test_un_depot_hors_delai_ne_s_instruit_pas_avant_d_etre_admis(connecte, tardif):
    """Reading 6."""
    assertContains(connecte.get(adresse("instruire", tardif)), "Admettre ou rejeter ce dépôt hors délai")
    reponse = connecte.post(adresse("declarer_recevable", tardif))
    assertContains(reponse, "admettez-le ou rejetez-le, avec un motif", status_code=422)

    sans_motif = connecte.post(adresse("decider_hors_delai", tardif), {"decision": "admettre"})
    assert sans_motif.status_code == 422
    connecte.post(adresse("decider_hors_delai", tardif), {"decision": "admettre", "motif": "Panne d’électricité."})

    tardif.refresh_from_db()
    assert (tardif.etat, tardif.hors_delai_admis, tardif.est_instructible) == (Etat.DEPOSE, True, True)
    assert [motif for _, _, motif in journal(tardif)] == ["Dépôt hors délai admis. Panne d’électricité."]
    assert "Panne d’électricité." in Courriel.objects.first().corps


def test_un_depot_hors_delai_rejete_est_irrecevable(connecte, tardif, agent):
    reponse = connecte.post(
        adresse("decider_hors_delai", tardif), {"decision": "rejeter", "motif": "Déposé neuf jours après."}, follow=True
    )

    assertContains(reponse, f"Le dossier {tardif.numero} est rejeté.")
    tardif.refresh_from_db()
    assert (tardif.etat, tardif.hors_delai_admis) == (Etat.IRRECEVABLE, False)
    assert journal(tardif) == [("irrecevable", agent, "Dépôt hors délai rejeté. Déposé neuf jours après.")]


def test_on_ne_decide_qu_une_fois_d_un_depot_hors_delai(connecte, tardif, agent):
    tardif.admettre_hors_delai(par=agent, motif="Panne.")

    reponse = connecte.post(adresse("decider_hors_delai", tardif), {"decision": "rejeter", "motif": "Non."})

    assertContains(reponse, "n’attend pas de décision sur un dépôt hors délai", status_code=422)
    assert etat(tardif) == Etat.DEPOSE


def test_le_dossier_s_affecte_a_un_agent_qui_peut_l_instruire(connecte, dossier, agent):
    reponse = connecte.post(adresse("affecter", dossier), {"agent": agent.pk}, follow=True)
    assertContains(reponse, f"Le dossier {dossier.numero} est suivi par Amina Agente.")

    etranger = UtilisateurFactory(instructeur_de=ServiceFactory(code="DEETS974", nom="DEETS de La Réunion"))
    connecte.post(adresse("affecter", dossier), {"agent": etranger.pk})
    dossier.refresh_from_db()
    assert dossier.instructeur == agent

    en_conflit = UtilisateurFactory(instructeur_de=dossier.campagne.service)
    Deport.objects.create(dossier=dossier, utilisateur=en_conflit, motif="Parent du trésorier.")
    reponse = connecte.post(adresse("affecter", dossier), {"agent": en_conflit.pk}, follow=True)
    assertContains(reponse, "Cette personne ne peut pas instruire ce dossier")
    connecte.post(adresse("affecter", dossier), {"agent": ""})
    dossier.refresh_from_db()
    assert dossier.instructeur is None
    assert dossier.historique.first().history_user == agent


@time_machine.travel("2022-10-20 12:00+03:00")
def test_le_journal_dit_qui_a_fait_quoi_et_quand(connecte, dossier, agent):
    dossier.declarer_irrecevable(par=agent, motif="Structure radiée.")

    contenu = texte(connecte.get(adresse("instruire", dossier)))

    assert ", par Amina Agente, le 20 octobre 2022 à 12 h (heure de Mayotte)" in contenu
    assert "Structure radiée." in contenu


def test_la_lecture_est_la_meme_pour_tous_sans_rien_de_l_instruction(client, dossier, agent):
    dossier.controler("rubrique:projet", constat="a_completer", commentaire="Note interne.", par=agent)
    page = adresse("lire", dossier)
    for personne in (agent, dossier.cree_par):
        client.force_login(personne)
        reponse = client.get(page)
        assertContains(reponse, "Rencontrer chaque acheteur public.")
        assertContains(reponse, "JO du 3 mai 2022")
        assertNotContains(reponse, "Note interne.")
    client.force_login(UtilisateurFactory(signataire_de=StructureFactory()))
    assert client.get(page).status_code == 404


def test_la_lecture_ne_dit_pas_a_la_structure_une_decision_non_notifiee(client, agent):
    dossier = dossier_depose(etat=Etat.REFUSE)
    client.force_login(dossier.cree_par)
    assertContains(client.get(adresse("lire", dossier)), "Examiné")
    assertNotContains(client.get(adresse("lire", dossier)), "Refusé")
    client.force_login(agent)
    assertContains(client.get(adresse("lire", dossier)), "Refusé")


def test_les_requetes_du_lecteur_ne_dependent_pas_du_nombre_de_postes(connecte, dossier, django_assert_max_num_queries):
    from tests.factories import LignePosteFactory, PosteETPFactory

    connecte.get(adresse("instruire", dossier))
    with django_assert_max_num_queries(45) as avant:
        connecte.get(adresse("instruire", dossier), {"objet": "rubrique:plan"})
    for rang in range(3):
        LignePosteFactory(
            plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure, intitule=f"Poste {rang}")
        )
    with django_assert_max_num_queries(45) as apres:
        connecte.get(adresse("instruire", dossier), {"objet": "rubrique:plan"})

    assert len(avant.captured_queries) == len(apres.captured_queries)


def test_une_autre_campagne_du_meme_service_s_instruit_aussi(connecte):
    dossier = dossier_depose(campagne=CampagneFactory(annee=2023))

    assert connecte.get(adresse("instruire", dossier)).status_code == 200


# --- A status that the text does not cite (reading 16) ---------------------------------------------
@pytest.mark.parametrize("categorie", ["association", "collectivite", "epci", "epa", "autre"])
def test_un_statut_que_le_texte_ne_cite_pas_est_signale_ouvert_en_tete(connecte, categorie):
    dossier = dossier_depose(structure=StructureFactory(categorie=categorie))

    page = connecte.get(adresse("instruire", dossier))

    phrase = "Statut « autre » : le texte cite notamment les associations, collectivités et EPA ; à apprécier (AAP 2022, B.1)."
    assert (phrase in texte(page)) == (categorie == "autre")
    assert ('class="pi-signalements fr-mb-2w" open>' in page.content.decode()) == (categorie == "autre")
