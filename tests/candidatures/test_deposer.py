"""The filing: its instants, its key, what refuses it, who files; then the completion."""

import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from aap_portal.courriels.models import Courriel
from candidatures.models import Depot, Dossier, PieceJustificative
from tests.candidatures.textes import texte
from tests.factories import (
    DEPOT_OUVERT,
    MAYOTTE,
    CampagneFactory,
    DossierFactory,
    StructureFactory,
    UtilisateurFactory,
    dossier_depose,
)

pytestmark = pytest.mark.django_db
OUVERTURE = datetime(2022, 7, 1, tzinfo=MAYOTTE)
CLOTURE = datetime(2022, 10, 31, tzinfo=MAYOTTE)
UNE_SECONDE = timedelta(seconds=1)


def deposer(client, dossier, **champs):
    donnees = {"cle": uuid.uuid4()} | champs
    return client.post(reverse("candidatures:deposer", args=[dossier.numero]), donnees, follow=True)


def completer(client, dossier, **champs):
    """Answer the request that an incomplete filing opened."""
    donnees = {"cle": uuid.uuid4(), "envoyer": "1"} | champs
    return client.post(dossier.demandes.get().get_absolute_url(), donnees, follow=True)


def deposer_a(client, instant, dossier, **champs):
    with time_machine.travel(instant, tick=False):
        client.force_login(dossier.cree_par)
        return deposer(client, dossier, **champs)


@pytest.fixture
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


# --- Instants -------------------------------------------------------------------------------------
@pytest.mark.parametrize("instant", [OUVERTURE, OUVERTURE + UNE_SECONDE, CLOTURE - UNE_SECONDE])
def test_dans_la_periode_le_depot_est_dans_les_delais(client, instant):
    dossier = DossierFactory(complet=True)

    reponse = deposer_a(client, instant, dossier)

    dossier.refresh_from_db()
    assert (dossier.etat, dossier.depose_le, dossier.hors_delai, dossier.incomplet) == ("depose", instant, False, False)
    assert "Toutes les pièces obligatoires sont données." in texte(reponse)
    assert "hors délai" not in texte(reponse)


def test_une_seconde_avant_l_ouverture_le_depot_est_refuse(client):
    dossier = DossierFactory(complet=True)

    reponse = deposer_a(client, OUVERTURE - UNE_SECONDE, dossier)

    assert reponse.status_code == 422
    assert "Les dépôts ouvrent le 1er juillet 2022 à 0 h (heure de Mayotte)." in texte(reponse)
    assert Dossier.objects.get().etat == "brouillon"


@pytest.mark.parametrize("instant", [CLOTURE, CLOTURE + UNE_SECONDE, CLOTURE + timedelta(days=30)])
def test_a_l_instant_de_cloture_le_depot_est_garde_hors_delai(client, instant):
    dossier = DossierFactory(complet=True)

    reponse = deposer_a(client, instant, dossier)

    assert (
        "Déposé hors délai : le dépôt était ouvert jusqu’au 30 octobre 2022 à 23 h 59 (heure de Mayotte). "
        "Votre dossier est conservé" in texte(reponse)
    )
    dossier.refresh_from_db()
    assert (dossier.etat, dossier.hors_delai, dossier.depose_le) == ("depose", True, instant)


@pytest.mark.parametrize(("instant", "depose"), [(CLOTURE - UNE_SECONDE, True), (CLOTURE, False)])
def test_une_campagne_peut_refuser_tout_depot_tardif(client, instant, depose):
    dossier = DossierFactory(complet=True, campagne=CampagneFactory(depot_hors_delai="refuser"))

    reponse = deposer_a(client, instant, dossier)

    refus = "Le dépôt était ouvert jusqu’au 30 octobre 2022 à 23 h 59 (heure de Mayotte)."
    assert (Depot.objects.exists(), refus in texte(reponse)) == (depose, not depose)
    assert reponse.status_code == (200 if depose else 422)


def test_la_page_de_depot_dit_que_la_cloture_est_passee(client):
    dossier = DossierFactory(complet=True)
    with time_machine.travel(CLOTURE, tick=False):
        client.force_login(dossier.cree_par)
        page = texte(client.get(reverse("candidatures:deposer", args=[dossier.numero])))

    assert "Votre dossier sera gardé et signalé hors délai" in page


# --- Once -----------------------------------------------------------------------------------------
def test_la_meme_cle_rend_le_meme_recepisse(client, en_periode_de_depot):
    dossier, cle = DossierFactory(complet=True), uuid.uuid4()
    client.force_login(dossier.cree_par)

    reponses = [deposer(client, dossier, cle=cle) for _ in range(3)]

    assert Depot.objects.count() == 1
    recepisse = reverse("candidatures:recepisse", args=[dossier.numero, 1])
    assert [reponse.redirect_chain[-1][0] for reponse in reponses] == [recepisse] * 3
    assert Courriel.objects.filter(cle__startswith="depot-").count() == 2
    assert dossier.journal.count() == 1


def test_un_second_depot_d_un_autre_onglet_dit_que_c_est_fait(client, en_periode_de_depot):
    dossier = DossierFactory(complet=True)
    client.force_login(dossier.cree_par)
    deposer(client, dossier)

    reponse = deposer(client, dossier)

    assert (reponse.status_code, Depot.objects.count()) == (422, 1)
    assert "Ce dossier n’est plus un brouillon : il a déjà été déposé ou retiré." in texte(reponse)


def test_la_cle_d_un_autre_dossier_ne_sert_pas(client, en_periode_de_depot):
    premier, cle = DossierFactory(complet=True), uuid.uuid4()
    client.force_login(premier.cree_par)
    deposer(client, premier, cle=cle)
    second = DossierFactory(complet=True)
    client.force_login(second.cree_par)

    reponse = deposer(client, second, cle=cle)

    assert (reponse.status_code, second.depots.count()) == (422, 0)
    assert "Ce formulaire est celui d’un autre dossier" in texte(reponse)


@pytest.mark.parametrize("cle", ["", "abc", "1\x00"])
def test_une_cle_illisible_demande_de_recharger(client, en_periode_de_depot, cle):
    dossier = DossierFactory(complet=True)
    client.force_login(dossier.cree_par)

    reponse = deposer(client, dossier, cle=cle)

    assert (reponse.status_code, Depot.objects.count()) == (422, 0)
    assert "Rechargez la page puis déposez de nouveau." in texte(reponse)


def test_des_champs_forges_ne_changent_rien_au_depot(client, en_periode_de_depot):
    dossier = DossierFactory(complet=True)
    client.force_login(dossier.cree_par)

    deposer(client, dossier, etat="accepte", hors_delai="1", incomplet="1", depose_le="2020-01-01", numero="2022-9999")

    depose = Dossier.objects.get()
    assert (depose.etat, depose.hors_delai, depose.incomplet, depose.depose_le, depose.numero) == (
        "depose", False, False, DEPOT_OUVERT, dossier.numero,
    )  # fmt: skip


# --- Missing pieces -------------------------------------------------------------------------------
def sans_piece(**champs):
    dossier = DossierFactory(complet=True, **champs)
    PieceJustificative.objects.filter(dossier=dossier, code="comptes_annuels").delete()
    return dossier


def test_une_piece_manquante_demande_d_etre_reconnue(client, en_periode_de_depot):
    dossier = sans_piece()
    client.force_login(dossier.cree_par)

    page = client.get(reverse("candidatures:deposer", args=[dossier.numero]))
    refus = deposer(client, dossier)

    assert "Comptes annuels du dernier exercice clos" in texte(page)
    pieces = reverse("candidatures:rubrique", args=[dossier.numero, "pieces"])
    assert f'href="{pieces}#piece-comptes_annuels"' in page.content.decode()
    assert 'id="manques_admis"' in page.content.decode()
    assert (refus.status_code, Depot.objects.count()) == (422, 0)
    assert "Il manque « Comptes annuels du dernier exercice clos »." in texte(refus)
    assert 'href="#manques_admis"' in refus.content.decode()


def test_un_depot_incomplet_se_complete_et_donne_un_second_recepisse(client, en_periode_de_depot):
    dossier = sans_piece()
    client.force_login(dossier.cree_par)
    premier = deposer(client, dossier, manques_admis="on")
    assert "Le dossier est incomplet. Donnez les pièces qui manquent au plus tard le 30 septembre 2022" in texte(
        premier
    )
    assert "Pièces qui manquent : Comptes annuels du dernier exercice clos" in texte(premier)
    assert "Tant que des pièces manquent, le délai de réponse ne court pas." in texte(premier)
    refus = completer(client, dossier)
    assert (refus.status_code, "Il manque encore « Comptes annuels" in texte(refus)) == (422, True)

    PieceJustificative.objects.create(
        dossier=dossier, code="comptes_annuels", reference="JO du 4 mai 2022", ajoutee_par=dossier.cree_par
    )
    with time_machine.travel(DEPOT_OUVERT + timedelta(hours=3), tick=False):
        second = completer(client, dossier)

    assert second.redirect_chain[-1][0] == reverse("candidatures:recepisse", args=[dossier.numero, 2])
    assert "Sous réserve que la demande soit complète, le silence gardé jusqu’au 15 novembre 2022" in texte(second)
    dossier.refresh_from_db()
    assert (dossier.etat, dossier.incomplet, dossier.complete_le) == (
        "depose",
        False,
        DEPOT_OUVERT + timedelta(hours=3),
    )
    assert dossier.depose_le == DEPOT_OUVERT
    encore = client.get(reverse("candidatures:recepisse", args=[dossier.numero, 1]))
    assert "Pièces qui manquent : Comptes annuels du dernier exercice clos" in texte(encore)


def test_apres_un_depot_incomplet_le_dossier_dit_quoi_donner_et_avant_quand(client, en_periode_de_depot):
    dossier = sans_piece()
    client.force_login(dossier.cree_par)
    deposer(client, dossier, manques_admis="on")

    page = texte(client.get(dossier.get_absolute_url()))
    assert "Pièces à donner avant le 30 septembre 2022 inclus" in page
    assert "Compléter le dossier" in page

    PieceJustificative.objects.create(
        dossier=dossier, code="comptes_annuels", reference="JO du 4 mai 2022", ajoutee_par=dossier.cree_par
    )
    page = texte(client.get(dossier.demandes.get().get_absolute_url()))
    assert "Tout est répondu. L’envoi vaut nouveau dépôt" in page
    assert "Envoyer ma réponse" in page


# --- Who ------------------------------------------------------------------------------------------
def test_l_anonyme_est_mene_a_la_connexion(client, en_periode_de_depot):
    dossier = DossierFactory(complet=True)

    reponse = client.post(reverse("candidatures:deposer", args=[dossier.numero]), {"cle": uuid.uuid4()})

    assert (reponse.status_code, Depot.objects.count()) == (302, 0)
    assert reponse.url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("droit", "phrase"), [("lecteur", "Demandez à un signataire"), ("redacteur", "Demandez à un signataire")]
)
def test_seul_un_signataire_depose(client, en_periode_de_depot, droit, phrase):
    dossier = DossierFactory(complet=True)
    client.force_login(UtilisateurFactory(**{f"{droit}_de": dossier.structure}))

    page = client.get(reverse("candidatures:deposer", args=[dossier.numero]))
    envoi = deposer(client, dossier)

    assert f"{phrase} : {dossier.cree_par.get_full_name()}" in texte(page)
    assert "Déposer le dossier</button>" not in page.content.decode()
    assert (envoi.status_code, Depot.objects.count()) == (403, 0)
    assert "Seul un signataire de la structure peut faire ce geste." in texte(envoi)


def test_le_dossier_d_une_autre_structure_n_existe_pas(client, en_periode_de_depot):
    dossier = DossierFactory(complet=True)
    client.force_login(UtilisateurFactory(signataire_de=StructureFactory()))

    assert (deposer(client, dossier).status_code, Depot.objects.count()) == (404, 0)


def test_un_agent_ne_voit_pas_un_brouillon_et_ne_depose_rien(client, en_periode_de_depot):
    brouillon, depose = DossierFactory(complet=True), dossier_depose()
    client.force_login(UtilisateurFactory(instructeur_de=brouillon.campagne.service))

    assert [deposer(client, dossier).status_code for dossier in (brouillon, depose)] == [404, 403]
    assert Depot.objects.count() == 0


# --- Withdrawal -----------------------------------------------------------------------------------
def test_retirer_demande_une_confirmation_puis_se_lit(client, en_periode_de_depot):
    dossier = dossier_depose()
    client.force_login(dossier.cree_par)
    adresse = reverse("candidatures:retirer", args=[dossier.numero])

    assert "ne sera plus instruit" in texte(client.get(adresse))
    assert Dossier.objects.get().etat == "depose"
    refus = client.post(adresse, {"motif": " "})
    assert (refus.status_code, "Dites pourquoi vous retirez cette demande." in texte(refus)) == (422, True)
    reponse = client.post(adresse, {"motif": "Recrutement reporté."}, follow=True)

    assert f"Le dossier {dossier.numero} est retiré." in texte(reponse)
    assert Dossier.objects.get().etat == "retire"
    assert (dossier.journal.get().par, dossier.journal.get().motif) == (dossier.cree_par, "Recrutement reporté.")
    envois = {c.destinataire: c.corps for c in Courriel.objects.filter(cle__contains="retrait")}
    attendus = {
        "contact@structure.example",
        "claude@structure.example",
        dossier.cree_par.email,
        "insertion@deets.example",
    }
    assert set(envois) == attendus
    assert all("Recrutement reporté." in corps for corps in envois.values())


@pytest.mark.parametrize(
    ("etat", "droit", "statut"),
    [
        ("brouillon", "lecteur", 403),
        ("brouillon", "redacteur", 200),
        ("depose", "redacteur", 403),
        ("examine", "signataire", 200),
        ("accepte", "signataire", 403),
        ("retire", "signataire", 403),
    ],
)
def test_qui_peut_retirer_et_jusqu_a_quand(client, en_periode_de_depot, etat, droit, statut):
    dossier = DossierFactory(complet=True) if etat == "brouillon" else dossier_depose(etat=etat)
    client.force_login(UtilisateurFactory(**{f"{droit}_de": dossier.structure}))

    reponse = client.post(
        reverse("candidatures:retirer", args=[dossier.numero]), {"motif": "Projet arrêté."}, follow=True
    )

    assert reponse.status_code == statut
    assert Dossier.objects.get().etat == ("retire" if statut == 200 else etat)
