# ruff: noqa: F811, I001 (fixtures are imported)
"""Requests for complements: what they open, what they stop, how they end (AAP 2022, B.2-2; CRPA, L. 114-5; reading 25)."""

import uuid
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.models import DemandeComplement, Depot, Dossier, PieceJustificative
from tests.candidatures.demandes import agent, dossier, vingt_septembre  # noqa: F401 (fixtures)
from tests.candidatures.demandes import (
    APRES_CLOTURE,
    codes,
    ecrire,
    piece_donnee,
    relire,
    repondre,
)
from tests.candidatures.textes import aplatir, texte
from tests.factories import DEPOT_OUVERT, MAYOTTE, DossierFactory, UtilisateurFactory, demander

pytestmark = pytest.mark.django_db


# --- Sending --------------------------------------------------------------------------------------
def test_une_demande_part_a_la_structure_avec_ses_points_et_son_echeance(dossier, agent, vingt_septembre):
    demander(dossier, par=agent, message="Merci de votre dossier.")

    envois = Courriel.objects.filter(cle__startswith="complement-")
    attendus = {"contact@structure.example", "claude@structure.example", dossier.cree_par.email}
    assert {courriel.destinataire for courriel in envois} == attendus
    corps = aplatir(envois.first().corps)
    for mention in ("Merci de votre dossier.", "1. Le projet", "Chiffrez les heures.", "2. Comptes annuels", "5 octobre 2022 inclus",
                    "Amina Agente", "3 bis rue Mahabou", f"/dossiers/{dossier.numero}/complements/1/", "L. 114-5"):  # fmt: skip
        assert mention in corps
    assert dossier.journal.last().motif == "Demande de compléments n°\u00a01 envoyée à la structure."


def test_la_page_part_de_ce_qui_est_a_completer(client, dossier, agent, vingt_septembre):
    dossier.controler("rubrique:projet", constat="a_completer", commentaire="Chiffrez les heures.", par=agent)
    client.force_login(agent)
    adresse = reverse("candidatures:demander_complements", args=[dossier.numero])
    page = client.get(adresse)
    assert "Chiffrez les heures." in page.content.decode()
    assert 'value="2022-10-05"' in page.content.decode()

    envoi = {
        "points-TOTAL_FORMS": 2, "points-INITIAL_FORMS": 0, "echeance_le": "2022-09-30", "message": "",
        "points-0-objet": "champ:projet.diagnostic", "points-0-question": "Chiffrez les heures.",
        "points-1-objet": "", "points-1-question": "",
    }  # fmt: skip
    reponse = client.post(adresse, envoi, follow=True)

    assert "Demande de compléments n° 1 est envoyée. La structure a jusqu’au 30 septembre 2022" in texte(reponse)
    demande = DemandeComplement.objects.get()
    assert [(p.objet, p.question) for p in demande.points.all()] == [
        ("champ:projet.diagnostic", "Chiffrez les heures.")
    ]
    assert (demande.echeance_le, demande.par) == (date(2022, 9, 30), agent)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"echeance_le": "2022-09-20"}, "Laissez au moins un jour"),
        ({"echeance_le": ""}, "Choisissez le dernier jour pour répondre."),
        ({"points-0-question": " "}, "Dites ce que vous attendez."),
        ({"points-0-objet": ""}, "Choisissez la pièce, la rubrique ou le champ."),
        ({"points-0-objet": "", "points-0-question": ""}, "Demandez au moins une pièce, une rubrique ou un champ."),
    ],
)
def test_une_demande_mal_remplie_garde_la_saisie(client, dossier, agent, vingt_septembre, champs, phrase):
    client.force_login(agent)
    envoi = {
        "points-TOTAL_FORMS": 1, "points-INITIAL_FORMS": 0, "echeance_le": "2022-09-30", "message": "Mon message",
        "points-0-objet": "piece:rib", "points-0-question": "Le RIB.",
    }  # fmt: skip

    reponse = client.post(reverse("candidatures:demander_complements", args=[dossier.numero]), envoi | champs)

    assert (reponse.status_code, DemandeComplement.objects.count()) == (422, 0)
    assert phrase in texte(reponse)
    assert "Mon message" in texte(reponse)


def test_ajouter_un_point_garde_ce_qui_est_tape_et_n_envoie_rien(client, dossier, agent, vingt_septembre):
    client.force_login(agent)
    envoi = {"points-TOTAL_FORMS": 1, "points-INITIAL_FORMS": 0, "points-0-objet": "piece:rib",
             "points-0-question": "Le RIB.", "ajouter": "1"}  # fmt: skip

    page = client.post(reverse("candidatures:demander_complements", args=[dossier.numero]), envoi)

    assert (page.status_code, DemandeComplement.objects.count()) == (200, 0)
    assert "Le RIB." in texte(page)
    assert 'name="points-1-objet"' in page.content.decode()


def test_une_seule_demande_est_ouverte_a_la_fois(dossier, agent, vingt_septembre):
    demander(dossier, par=agent)

    with pytest.raises(ErreurMetier) as refus:
        demander(dossier, [("piece:rib", "Le RIB.")], par=agent)

    assert codes(refus) == ["deja_ouverte"]
    assert DemandeComplement.objects.count() == 1


@pytest.mark.parametrize("etat", ["irrecevable", "inscrit", "examine", "accepte", "refuse", "retire"])
def test_on_ne_demande_rien_hors_de_l_instruction(dossier, agent, etat):
    Dossier.objects.filter(pk=dossier.pk).update(etat=etat)

    with pytest.raises(ErreurMetier) as refus:
        demander(relire(dossier), par=agent)

    assert codes(refus) == ["etat"]


def test_un_point_deja_nomme_ou_inconnu_est_refuse(dossier, agent, vingt_septembre):
    for points, code in (
        ([("piece:rib", "A"), ("piece:rib", "B")], "doublon"),
        ([("champ:projet.etat", "A")], "objet"),
    ):
        with pytest.raises(ErreurMetier) as refus:
            demander(dossier, points, par=agent)
        assert codes(refus) == [code]


# --- What it opens --------------------------------------------------------------------------------
def test_un_champ_nomme_est_le_seul_ouvert_de_sa_rubrique(client, dossier, agent, vingt_septembre):
    demander(dossier, par=agent)
    client.force_login(dossier.cree_par)

    ecrire(client, dossier, "projet", diagnostic="150 marchés, 400 000 heures.", objectifs="Forgé", intitule="Forgé")
    autre = ecrire(client, dossier, "structure", presentation="Forgé")

    dossier = relire(dossier)
    assert dossier.diagnostic == "150 marchés, 400 000 heures."
    assert (dossier.objectifs, dossier.intitule) == (
        "Suivre 40 marchés de plus.",
        "Développer la clause sociale dans le Sud",
    )
    assert (autre.status_code, dossier.presentation) == (422, "Association d’insertion active depuis 2017.")


def test_un_budget_nomme_n_ouvre_pas_l_autre(client, dossier, agent, vingt_septembre):
    demander(dossier, [("champ:budgets.projet", "Reprenez le compte 64.")], par=agent)
    client.force_login(dossier.cree_par)

    ecrire(client, dossier, "budgets", projet_64="41000", projet_74="41000", structure_64="1", structure_74="1")

    montants = {(ligne.budget, ligne.compte): ligne.montant for ligne in relire(dossier).lignes_budget.all()}
    assert {cle: int(montant) for cle, montant in montants.items()} == {
        ("projet", "64"): 41000, ("projet", "74"): 41000, ("structure", "64"): 40000, ("structure", "74"): 40000,
    }  # fmt: skip


@pytest.mark.parametrize(("objet", "statut"), [("rubrique:budgets", 200), ("champ:budgets.projet", 403)])
def test_le_classeur_s_importe_si_toute_la_rubrique_est_ouverte(client, dossier, agent, vingt_septembre, objet, statut):
    demander(dossier, [(objet, "Reprenez les comptes.")], par=agent)
    client.force_login(dossier.cree_par)
    importer = reverse("candidatures:budgets_importer", args=[dossier.numero])

    page = client.get(reverse("candidatures:rubrique", args=[dossier.numero, "budgets"])).content.decode()

    assert client.get(importer).status_code == statut
    assert (importer in page) == (statut == 200)


def test_seules_les_pieces_nommees_et_les_pieces_libres_s_ouvrent(dossier, agent, vingt_septembre):
    demander(dossier, par=agent)
    dossier = relire(dossier)

    ouvertes = {piece.code for piece in dossier.pieces_attendues if dossier.ouvre_piece(piece)}

    assert ouvertes == {"comptes_annuels", "rib", "libre"}  # the RIB is for the convention: always open (reading 28)


def test_une_lettre_nommee_ouvre_ce_qui_la_remplace(dossier):
    from candidatures.ouverture import Ouverture

    ouverture = Ouverture(objets=frozenset({"piece:lettre_recommandation"}))

    assert ouverture.piece("attestation_competences")
    assert ouverture.piece("rapport_experience")
    assert not ouverture.piece("comptes_annuels")


def test_les_postes_nommes_rouvrent_une_copie_du_plan_et_rien_d_autre(client, dossier, agent, vingt_septembre):
    avant = dossier.plan
    demander(dossier, [("rubrique:postes", "Revoyez le coût.")], par=agent)
    dossier = relire(dossier)
    client.force_login(dossier.cree_par)
    assert (dossier.plan_id == avant.pk, dossier.plan.est_fige) == (False, False)
    ligne = dossier.plan.lignes.get()

    page = client.get(reverse("candidatures:poste_modifier", args=[dossier.numero, ligne.pk]))
    assert (page.status_code, "Facilitatrice Sud" in page.content.decode()) == (200, True)
    ligne.cout_annuel = 50000
    ligne.save()

    avant.refresh_from_db()
    assert (avant.est_fige, avant.lignes.get().cout_annuel) == (True, 40000)
    assert Depot.objects.get().instantane["postes"][0]["cout_annuel"] == "40000.00"


def test_qui_instruit_lit_ce_qui_a_ete_depose_tant_que_la_reponse_n_est_pas_envoyee(
    client, dossier, agent, vingt_septembre
):
    demander(dossier, [("champ:projet.diagnostic", "Chiffrez."), ("rubrique:postes", "Revoyez.")], par=agent)
    client.force_login(dossier.cree_par)
    ecrire(client, dossier, "projet", diagnostic="BROUILLON SECRET")
    relire(dossier).plan.lignes.update(cout_annuel=99999)

    client.force_login(agent)
    for adresse in (reverse("candidatures:lire", args=[dossier.numero]),
                    f"{reverse('candidatures:instruire', args=[dossier.numero])}?objet=rubrique:projet",
                    f"{reverse('candidatures:instruire', args=[dossier.numero])}?objet=rubrique:postes",
                    reverse("candidatures:complement", args=[dossier.numero, 1])):  # fmt: skip
        page = texte(client.get(adresse))
        assert "BROUILLON SECRET" not in page
        assert "99 999" not in page
    client.force_login(dossier.cree_par)
    assert "BROUILLON SECRET" in texte(client.get(reverse("candidatures:lire", args=[dossier.numero])))


def test_la_reponse_non_envoyee_ne_se_lit_que_dans_la_structure(client, dossier, agent, vingt_septembre):
    demander(dossier, [("champ:projet.diagnostic", "Chiffrez.")], par=agent)
    vingt_septembre.shift(timedelta(minutes=1))
    client.force_login(dossier.cree_par)
    ecrire(client, dossier, "projet", diagnostic="BROUILLON SECRET")
    preparee = piece_donnee(dossier, "libre", "secret.docx")
    iban = piece_donnee(dossier, "rib", "rib.pdf")
    adresses = [reverse("candidatures:rubrique", args=[dossier.numero, "projet"]), reverse("candidatures:pieces", args=[dossier.numero]),
                reverse("candidatures:deposer", args=[dossier.numero]), dossier.get_absolute_url()]  # fmt: skip

    def lus(personne):
        client.force_login(personne)
        pages = " ".join(texte(client.get(adresse)) for adresse in adresses)
        fichiers = [client.get(piece.fichier.get_absolute_url()) for piece in (preparee, iban)]
        for reponse in fichiers:
            b"".join(reponse)
        return "BROUILLON SECRET" in pages, "secret.docx" in pages, [reponse.status_code for reponse in fichiers]

    assert lus(agent) == (False, False, [404, 200])
    assert lus(dossier.cree_par) == (True, True, [200, 200])

    repondre(dossier.demandes.get(), manques_admis=True)

    assert lus(agent) == (True, True, [200, 200])


def test_l_agent_qui_saisit_la_reponse_la_lit(client, dossier, agent, vingt_septembre):
    Dossier.objects.filter(pk=dossier.pk).update(recu_par_courriel_le=DEPOT_OUVERT)
    demander(dossier, [("champ:projet.diagnostic", "Chiffrez.")], par=agent)
    vingt_septembre.shift(timedelta(minutes=1))
    preparee = piece_donnee(dossier, "libre", "saisie.docx")
    client.force_login(agent)

    ecrire(client, dossier, "projet", diagnostic="Saisi pour la structure.")

    page = texte(client.get(reverse("candidatures:rubrique", args=[dossier.numero, "projet"])))
    reponse = client.get(preparee.fichier.get_absolute_url())
    b"".join(reponse)
    assert "Saisi pour la structure." in page
    assert reponse.status_code == 200


def test_une_copie_ne_se_demande_pas_de_ce_qui_n_est_pas_envoye(client, dossier, agent, vingt_septembre):
    adresse = reverse("candidatures:copie_demander", args=[dossier.numero, "cerfa"])
    demande = demander(dossier, par=agent)
    client.force_login(agent)

    refus = client.post(adresse)

    assert refus.status_code == 403
    assert "La structure n’a pas encore envoyé ce qu’elle prépare" in texte(refus)
    page = texte(client.get(reverse("candidatures:copies", args=[dossier.numero])))
    assert "Une nouvelle copie pourra être demandée quand la structure aura envoyé ce qu’elle prépare." in page
    client.force_login(dossier.cree_par)
    assert client.post(adresse).status_code == 302
    repondre(demande, manques_admis=True)
    client.force_login(agent)
    assert client.post(adresse).status_code == 302


# --- The answer -----------------------------------------------------------------------------------
def completer(dossier):
    Dossier.objects.filter(pk=dossier.pk).update(diagnostic="150 marchés, 400 000 heures.")
    PieceJustificative.objects.filter(dossier=dossier, code="comptes_annuels").update(reference="JO du 4 juin 2022")


def test_la_reponse_est_un_nouveau_depot_avec_son_instantane(client, dossier, agent, vingt_septembre):
    demande = demander(dossier, par=agent)
    completer(dossier)
    client.force_login(dossier.cree_par)
    page = texte(client.get(demande.get_absolute_url()))
    assert "2 points répondus sur 2" in page

    envoi = {"cle": uuid.uuid4(), "envoyer": "1", f"reponse_{demande.points.first().pk}": "Source : registre 2021."}
    reponses = [client.post(demande.get_absolute_url(), envoi, follow=True) for _ in range(2)]

    recepisse = reverse("candidatures:recepisse", args=[dossier.numero, 2])
    assert [reponse.redirect_chain[-1][0] for reponse in reponses] == [recepisse] * 2
    assert "En réponse à Demande de compléments n° 1" in texte(reponses[0])
    assert "le silence gardé jusqu’au 15 novembre 2022" in texte(reponses[0])
    premier, second = Depot.objects.all()
    assert premier.instantane["dossier"]["diagnostic"].startswith("132 marchés")
    assert second.instantane["dossier"]["diagnostic"] == "150 marchés, 400 000 heures."
    assert second.instantane["complement"]["points"][0]["reponse"] == "Source : registre 2021."
    demande.refresh_from_db()
    assert (demande.etat, demande.depot) == ("repondue", second)
    assert relire(dossier).est_instructible
    assert Courriel.objects.filter(
        cle=f"complement-{demande.pk}-repondu-service", destinataire="insertion@deets.example"
    ).exists()


def test_un_point_sans_reponse_se_reconnait_comme_une_piece_manquante_au_depot(client, dossier, agent, vingt_septembre):
    demande = demander(dossier, par=agent)
    client.force_login(dossier.cree_par)
    envoi = {"cle": uuid.uuid4(), "envoyer": "1"}

    refus = client.post(demande.get_absolute_url(), envoi)

    assert (refus.status_code, Depot.objects.count()) == (422, 1)
    assert "Vous n’avez pas répondu à « Le projet : diagnostic territorial », « Comptes annuels" in texte(refus)
    assert 'id="manques_admis"' in refus.content.decode()
    client.post(demande.get_absolute_url(), envoi | {"manques_admis": "on"})
    assert Depot.objects.count() == 2


def test_une_regle_de_ce_qui_est_ouvert_refuse_une_regle_du_reste_non(dossier, agent, vingt_septembre):
    demande = demander(dossier, par=agent)
    Dossier.objects.filter(pk=dossier.pk).update(diagnostic=" ", objectifs="", contact_nom="")

    with pytest.raises(ErreurMetier) as refus:
        repondre(demande, manques_admis=True)

    assert [(o.code, o.champ) for o in refus.value.obstacles] == [("reponse_manquante", "diagnostic")]


def test_une_piece_obligatoire_retiree_rend_le_dossier_incomplet_et_se_redemande(dossier, agent, vingt_septembre):
    demande = demander(dossier, par=agent)
    PieceJustificative.objects.filter(dossier=dossier, code="comptes_annuels").update(retiree_le=DEPOT_OUVERT)

    with pytest.raises(ErreurMetier) as refus:
        repondre(demande)
    assert codes(refus) == ["pieces_manquantes"]
    depot = repondre(demande, manques_admis=True)

    dossier = relire(dossier)
    assert (depot.incomplet, dossier.incomplet, dossier.demande_ouverte.au_depot) == (True, True, True)
    assert [point.objet for point in dossier.points_demandes] == ["piece:comptes_annuels"]


def test_les_controles_de_ce_qui_change_sont_a_refaire(dossier, agent, vingt_septembre):
    for objet in ("rubrique:projet", "rubrique:plan", "piece:comptes_annuels"):
        dossier.controler(objet, constat="conforme", par=agent)
    demande = demander(dossier, par=agent)
    completer(dossier)

    repondre(demande)

    assert [controle.objet for controle in relire(dossier).controles.all()] == ["rubrique:plan"]


def test_la_reponse_passe_apres_la_cloture_et_apres_l_echeance(dossier, agent, vingt_septembre):
    demande = demander(dossier, par=agent)
    completer(dossier)
    vingt_septembre.move_to(APRES_CLOTURE)
    assert relire(dossier).attente_depassee

    depot = repondre(demande)

    assert (depot.rang, depot.hors_delai) == (2, False)


@pytest.mark.parametrize(
    ("droit", "enregistre", "envoie"), [("lecteur", 403, 403), ("redacteur", 302, 403), ("signataire", 302, 302)]
)
def test_un_redacteur_prepare_un_signataire_envoie(client, dossier, agent, vingt_septembre, droit, enregistre, envoie):
    demande = demander(dossier, par=agent)
    completer(dossier)
    client.force_login(UtilisateurFactory(**{f"{droit}_de": dossier.structure}))
    champs = {"cle": uuid.uuid4(), f"reponse_{demande.points.first().pk}": "Par écrit."}

    assert client.post(demande.get_absolute_url(), champs).status_code == enregistre
    assert (demande.points.first().reponse == "Par écrit.") == (enregistre == 302)
    assert client.post(demande.get_absolute_url(), champs | {"envoyer": "1"}).status_code == envoie
    assert Depot.objects.count() == (2 if envoie == 302 else 1)


# --- More time, or the end ------------------------------------------------------------------------
@pytest.mark.parametrize(("jour", "accepte"), [(date(2022, 10, 5), False), (date(2022, 10, 6), True)])
def test_prolonger_est_un_geste_trace_et_dit(dossier, agent, vingt_septembre, jour, accepte):
    demande = demander(dossier, par=agent)

    if not accepte:
        with pytest.raises(ErreurMetier) as refus:
            demande.prolonger(jour, par=agent)
        assert codes(refus) == ["echeance"]
        return
    demande.prolonger(jour, par=agent, motif="Comptable absent.")

    assert DemandeComplement.objects.get().echeance_le == jour
    assert "prolongée jusqu’au 06/10/2022. Comptable absent." in dossier.journal.last().motif
    corps = [aplatir(courriel.corps) for courriel in Courriel.objects.filter(cle__contains="prolonge")]
    assert ["6 octobre 2022 inclus" in texte_envoye for texte_envoye in corps] == [True] * 3


def test_clore_remet_le_dossier_tel_qu_il_a_ete_depose(client, dossier, agent, vingt_septembre):
    avant = Depot.objects.get().instantane
    points = [("champ:projet.diagnostic", "A"), ("rubrique:postes", "B"), ("rubrique:budgets", "C"),
              ("piece:comptes_annuels", "D"), ("rubrique:missions", "E")]  # fmt: skip
    demande = demander(dossier, points, par=agent)
    plan = relire(dossier).plan
    Dossier.objects.filter(pk=dossier.pk).update(diagnostic="Commencé", missions=["marches_etat"])
    plan.lignes.update(cout_annuel=1)
    poste = plan.lignes.get().poste
    poste.intitule = "Autre"
    poste.save()
    poste.communes.clear()
    dossier.lignes_budget.update(montant=1)
    dossier.volumes.all().delete()
    dossier.pieces.filter(code="comptes_annuels").update(retiree_le=DEPOT_OUVERT + timedelta(days=5))
    PieceJustificative.objects.create(
        dossier=dossier, code="comptes_annuels", reference="X", ajoutee_par=dossier.cree_par
    )

    demande.clore(par=agent, motif="Sans réponse malgré deux relances.")

    from candidatures.instantane import instantane

    assert instantane(relire(dossier)) == avant
    demande.refresh_from_db()
    assert (demande.etat, relire(dossier).est_instructible) == ("close", True)
    assert Courriel.objects.filter(corps__contains="Sans réponse malgré deux relances.").count() == 3


def test_une_demande_close_ne_prend_plus_de_reponse(client, dossier, agent, vingt_septembre):
    demande = demander(dossier, par=agent)
    demande.clore(par=agent, motif="Délai passé.")
    client.force_login(dossier.cree_par)

    with pytest.raises(ErreurMetier) as refus:
        repondre(demande, manques_admis=True)
    page = texte(client.get(demande.get_absolute_url()))

    assert codes(refus) == ["demande_terminee"]
    assert "Close sans réponse" in page
    assert ecrire(client, dossier, "projet", diagnostic="Trop tard").status_code == 422


def test_un_dossier_incomplet_clos_le_reste_et_n_est_pas_instruit(dossier, agent):
    incomplet = DossierFactory(complet=True)
    PieceJustificative.objects.filter(dossier=incomplet, code="comptes_annuels").delete()
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        Depot.objects.deposer(incomplet, par=incomplet.cree_par, cle=uuid.uuid4(), manques_admis=True)
    demande = incomplet.demandes.get()
    assert (demande.au_depot, demande.echeance_le) == (True, date(2022, 9, 30))

    demande.clore(par=agent, motif="Sans réponse.")

    incomplet = relire(incomplet)
    assert (incomplet.incomplet, incomplet.est_instructible, incomplet.rejet_implicite_le) == (True, False, None)
    incomplet.declarer_irrecevable(par=agent, motif="Incomplet.")
    assert incomplet.etat == "irrecevable"


def test_retirer_le_dossier_clot_la_demande(dossier, agent, vingt_septembre):
    demande = demander(dossier, par=agent)

    relire(dossier).retirer(par=dossier.cree_par, motif="Projet arrêté.")

    demande.refresh_from_db()
    assert (demande.etat, relire(dossier).etat) == ("close", "retire")


# --- Reminders ------------------------------------------------------------------------------------
def test_les_rappels_partent_une_fois_chacun_et_le_dernier_seulement_s_ils_ont_manque(dossier, agent, vingt_septembre):
    from candidatures.rappels_complements import rappeler_les_complements

    demander(dossier, par=agent)  # until 5 October included

    def a(mois, jour, heure=9):
        vingt_septembre.move_to(datetime(2022, mois, jour, heure, 0, tzinfo=MAYOTTE))
        return rappeler_les_complements(), rappeler_les_complements()

    assert a(9, 27) == ("", "")
    assert a(9, 28, 7) == ("", "")
    assert a(9, 28) == ("1 rappel", "")
    assert a(10, 2) == ("", "")
    assert a(10, 4) == ("1 rappel", "")  # the day of « two days before » was missed
    assert a(10, 5) == ("1 rappel", "")
    assert a(10, 6) == ("", "")
    objets = list(Courriel.objects.filter(cle__contains="-rappel-").order_by("pk").values_list("objet", flat=True))
    assert [objet.split(" : ")[1] for objet in objets[::3]] == [
        "plus que 7 jours pour répondre", "plus que 1 jour pour répondre", "dernier jour pour répondre",
    ]  # fmt: skip


def test_une_demande_courte_ne_se_rappelle_pas_elle_meme(dossier, agent, vingt_septembre):
    from candidatures.rappels_complements import rappeler_les_complements

    demander(dossier, par=agent, jours=2)

    assert rappeler_les_complements() == ""


# --- Lists ----------------------------------------------------------------------------------------
def test_la_file_filtre_ce_qui_est_attendu_et_ce_qui_est_repondu(client, dossier, agent, vingt_septembre):
    file = reverse("candidatures:file")

    def trouves(valeur):
        client.force_login(agent)
        return dossier.numero in texte(client.get(file, {"complements": valeur}))

    demande = demander(dossier, par=agent)
    assert (trouves("attente"), trouves("depasse"), trouves("repondu")) == (True, False, False)
    vingt_septembre.move_to(datetime(2022, 10, 6, 9, 0, tzinfo=MAYOTTE))
    assert (trouves("attente"), trouves("depasse"), trouves("repondu")) == (True, True, False)
    assert "Échéance passée" in texte(client.get(file, {"complements": "depasse"}))
    repondre(demande, manques_admis=True)
    assert (trouves("attente"), trouves("depasse"), trouves("repondu")) == (False, False, True)
    assert "Complément répondu" in texte(client.get(file, {"complements": "repondu"}))
