"""Putting off a closing: one act, with a reason that everybody reads, and what follows it (AAP 2022, C.2; reading 6)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.models import Dossier
from tests.candidatures.textes import aplatir, texte
from tests.factories import (
    DEPOT_OUVERT,
    CampagneFactory,
    DossierFactory,
    ServiceFactory,
    UtilisateurFactory,
    dossier_depose,
)

pytestmark = pytest.mark.django_db
CLOTURE = DEPOT_OUVERT.replace(month=10, day=31, hour=0)
NOUVELLE = DEPOT_OUVERT.replace(month=11, day=15, hour=0)
UNE_SECONDE = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False) as horloge:
        yield horloge


@pytest.fixture
def campagne():
    return CampagneFactory()


@pytest.fixture
def administrateur():
    return UtilisateurFactory(administrateur_de=ServiceFactory(), first_name="Bacar", last_name="Admin")


def envoyer(client, administrateur, campagne, jusqu_a="2022-11-15T00:00", motif="Cyclone annoncé."):
    client.force_login(administrateur)
    adresse = reverse("referentiel:campagne_prolonger", args=[campagne.pk])
    return client.post(adresse, {"jusqu_a": jusqu_a, "motif": motif}, follow=True)


def test_la_prolongation_est_ecrite_et_son_motif_garde(client, administrateur, campagne):
    reponse = envoyer(client, administrateur, campagne)

    campagne.refresh_from_db()
    assert (campagne.cloture_le, campagne.cloture_initiale_le, campagne.prolongee_le, campagne.motif_prolongation) == (
        NOUVELLE, CLOTURE, DEPOT_OUVERT, "Cyclone annoncé.",
    )  # fmt: skip
    page = texte(reponse)
    assert "Clôture des dépôts : 31 octobre 2022 à 0 h → 15 novembre 2022 à 0 h" in page
    assert "Bacar Admin" in page
    ligne = campagne.historique.first()
    assert (ligne.history_user, ligne.history_change_reason) == (administrateur, "Cyclone annoncé.")


def test_le_motif_est_montre_a_tous(client, administrateur, campagne):
    dossier = DossierFactory(campagne=campagne)
    envoyer(client, administrateur, campagne)
    attendu = "Dépôt prolongé. Il devait se terminer le 30 octobre 2022 à 23 h 59 (heure de Mayotte). Motif : Cyclone annoncé."
    client.logout()
    assert attendu in texte(client.get(reverse("accueil")))
    client.force_login(dossier.cree_par)
    for nom in ("dossier", "verifier", "deposer"):
        assert attendu in texte(client.get(reverse(f"candidatures:{nom}", args=[dossier.numero])))
    autre = UtilisateurFactory(signataire_de=DossierFactory(campagne=CampagneFactory(titre="Autre")).structure)
    client.force_login(autre)
    assert attendu in texte(client.get(reverse("candidatures:dossiers")))


def test_les_brouillons_en_sont_avertis_une_fois(client, administrateur, campagne):
    dossier = DossierFactory(campagne=campagne)
    dossier_depose(campagne=campagne)

    for _ in range(2):
        assert envoyer(client, administrateur, campagne).status_code == 200

    courriel = Courriel.objects.get()
    assert courriel.destinataire == dossier.cree_par.email
    assert aplatir(courriel.objet) == "Dépôt prolongé jusqu’au 14 novembre 2022 à 23 h 59 (heure de Mayotte)"
    assert "Cyclone annoncé." in courriel.corps
    assert campagne.historique.count() == 2


@pytest.mark.parametrize(("ecart", "permis"), [(-UNE_SECONDE, False), (timedelta(0), False), (UNE_SECONDE, True)])
def test_la_cloture_ne_fait_que_reculer(administrateur, campagne, ecart, permis):
    if permis:
        campagne.prolonger(jusqu_a=CLOTURE + ecart, motif="Cyclone.", par=administrateur)
    else:
        with pytest.raises(ErreurMetier, match="choisissez une clôture plus tardive") as refus:
            campagne.prolonger(jusqu_a=CLOTURE + ecart, motif="Cyclone.", par=administrateur)
        assert refus.value.codes == ["cloture_avancee"]

    campagne.refresh_from_db()
    assert campagne.cloture_le == (CLOTURE + ecart if permis else CLOTURE)


@pytest.mark.parametrize(("ecart", "permis"), [(timedelta(0), False), (UNE_SECONDE, True)])
def test_une_campagne_close_se_rouvre_vers_un_instant_a_venir(
    administrateur, campagne, en_periode_de_depot, ecart, permis
):
    en_periode_de_depot.move_to(CLOTURE + timedelta(days=2))
    jusqu_a = CLOTURE + timedelta(days=2) + ecart
    if permis:
        campagne.prolonger(jusqu_a=jusqu_a, motif="Cyclone.", par=administrateur)
        assert campagne.est_ouverte(CLOTURE + timedelta(days=2))
    else:
        with pytest.raises(ErreurMetier, match="déjà passée"):
            campagne.prolonger(jusqu_a=jusqu_a, motif="Cyclone.", par=administrateur)


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"motif": ""}, "obligatoire"),
        ({"motif": "   "}, "obligatoire"),
        ({"jusqu_a": "2022-10-31T00:00"}, "Le dépôt est déjà ouvert jusqu’au 30 octobre 2022 à 23 h 59"),
        ({"jusqu_a": "hier"}, "valide"),
    ],
)
def test_un_refus_garde_la_saisie(client, administrateur, campagne, champs, phrase):
    reponse = envoyer(client, administrateur, campagne, **champs)

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    campagne.refresh_from_db()
    assert campagne.cloture_le == CLOTURE
    if champs.get("jusqu_a"):
        assert "Cyclone annoncé." in reponse.content.decode()


@pytest.mark.parametrize(("depose_le", "admis"), [(NOUVELLE - UNE_SECONDE, True), (NOUVELLE, None)])
def test_un_depot_tardif_que_la_nouvelle_cloture_couvre_est_admis(
    client, administrateur, campagne, en_periode_de_depot, depose_le, admis
):
    dossier = dossier_depose(depose_le, campagne=campagne)
    Dossier.objects.filter(pk=dossier.pk).update(hors_delai=True)
    en_periode_de_depot.move_to(CLOTURE + timedelta(days=1))

    envoyer(client, administrateur, campagne)

    dossier.refresh_from_db()
    assert (dossier.hors_delai, dossier.hors_delai_admis) == (True, admis)
    if admis:
        assert "Le dépôt est prolongé : Cyclone annoncé." in aplatir(dossier.journal.get().motif)


def test_un_rejet_deja_prononce_n_est_pas_repris(administrateur, campagne, en_periode_de_depot):
    dossier = dossier_depose(CLOTURE, campagne=campagne)
    Dossier.objects.filter(pk=dossier.pk).update(hors_delai=True)
    dossier.rejeter_hors_delai(par=administrateur, motif="Trop tard.")
    en_periode_de_depot.move_to(CLOTURE + timedelta(days=1))

    campagne.prolonger(jusqu_a=NOUVELLE, motif="Cyclone.", par=administrateur)

    dossier.refresh_from_db()
    assert (dossier.etat, dossier.hors_delai_admis) == ("irrecevable", False)


@pytest.mark.parametrize(("ecart", "fige"), [(-UNE_SECONDE, False), (timedelta(0), True)])
def test_une_fois_le_depot_ouvert_le_reglage_ne_change_plus_la_cloture(
    client, administrateur, campagne, en_periode_de_depot, ecart, fige
):
    en_periode_de_depot.move_to(campagne.ouverture_le + ecart)
    client.force_login(administrateur)
    page = client.get(reverse("referentiel:campagne", args=[campagne.pk]))

    assert page.context["form"].fields["cloture_le"].disabled is fige
    assert ("Prolonger le dépôt" in texte(page)) is fige


def test_l_administration_ne_la_change_pas_non_plus(client, campagne):
    client.force_login(UtilisateurFactory(is_staff=True, is_superuser=True))

    page = client.get(reverse("admin:referentiel_campagne_change", args=[campagne.pk])).content.decode()

    assert 'name="ouverture_le_0"' in page
    assert 'name="cloture_le_0"' not in page
