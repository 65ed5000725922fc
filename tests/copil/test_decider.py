from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import Campagne
from candidatures.models import Dossier
from copil import enveloppe
from copil.decision import Accord
from copil.models import Decision, DecisionPoste, Inscription
from tests.copil.situations import (
    accepter,
    accords,
    lisible,
    noter,
    recevable,
    rendre_avis_national,
    seance_close,
    seance_preparee,
)
from tests.factories import StructureFactory

pytestmark = pytest.mark.django_db


def adresse(inscription):
    return reverse("copil:decider", args=[inscription.seance_id, inscription.dossier.numero])


def envoi(inscription, sens="accepte", montant="28000", etp="1", **champs):
    ligne = inscription.dossier.plan.lignes.get()
    donnees = {"version": 0, "sens": sens, "avis_copil": sens, "motifs": ""}
    return donnees | {f"montant_{ligne.pk}": montant, f"etp_{ligne.pk}": etp} | champs


def close(client, dossiers=1, **champs):
    """A closed session, its agent logged in; returns (session, its agenda)."""
    seance = seance_close(dossiers=dossiers, **champs)
    client.force_login(seance.agent)
    return seance, list(seance.inscriptions.all())


def etat(inscription):
    return Dossier.objects.get(pk=inscription.dossier_id).etat


# --- What is granted ------------------------------------------------------------------------------
def test_une_acceptation_reserve_son_montant_et_change_l_etat(client):
    seance, (inscription,) = close(client)

    reponse = client.post(adresse(inscription), envoi(inscription, montant="28 000,00", etp="1,00"))

    assertRedirects(reponse, reverse("copil:salle", args=[seance.pk]))
    decision = Decision.objects.get()
    assert (decision.montant, decision.etp, decision.decidee_par) == (
        Decimal("28000.00"),
        Decimal("1.00"),
        seance.agent,
    )
    assert [(poste.montant, poste.etp) for poste in decision.postes.all()] == [(Decimal("28000.00"), Decimal("1.00"))]
    assert etat(inscription) == Dossier.Etat.ACCEPTE
    assert enveloppe.reste(seance.campagne) == Decimal("372000.00")


@pytest.mark.parametrize(
    ("montant", "etp", "phrase"),
    [
        ("28000,01", "1", "28 000,01 € accordés pour 28 000,00 € demandés. Accordez au plus 28 000,00 €."),
        ("28000", "1,01", "1,01 ETP accordés pour 1,00 ETP demandés. Accordez au plus 1,00 ETP."),
        ("14000,01", "0,5", "Baissez le montant de 0,01 €."),
        ("100", "0,49", "0,49 ETP accordés : un projet couvre au moins 0,50 ETP. Accordez 0,50 ETP ou plus"),
        ("0", "0", "Une acceptation accorde un montant et des ETP à au moins un poste."),
        ("-1", "1", "Le nombre ne peut pas être négatif."),
        ("abc", "1", "Saisissez un nombre"),
    ],
)
def test_un_montant_hors_bornes_est_refuse_et_rien_ne_change(client, montant, etp, phrase):
    _, (inscription,) = close(client)

    reponse = client.post(adresse(inscription), envoi(inscription, montant=montant, etp=etp))

    assert reponse.status_code == 422
    assert phrase in lisible(reponse)
    assert not Decision.objects.exists()
    assert etat(inscription) == Dossier.Etat.EXAMINE


@pytest.mark.parametrize(("minimum", "accorde"), [("0.50", "0,5"), ("0.50", "0,51"), ("0.80", "0,8")])
def test_le_minimum_d_etp_de_la_campagne_s_accorde_avec_aussi_peu_d_argent_que_l_on_veut(client, minimum, accorde):
    _, (inscription,) = close(client)
    Campagne.objects.update(etp_minimum=Decimal(minimum))

    client.post(adresse(inscription), envoi(inscription, montant="0,01", etp=accorde))

    assert Decision.objects.get().montant == Decimal("0.01")


@pytest.mark.parametrize(("enveloppe_fixee", "accepte"), [("56000.00", True), ("55999.99", False), (None, True)])
def test_le_dernier_euro_de_l_enveloppe_se_donne_et_le_centime_de_trop_se_refuse(client, enveloppe_fixee, accepte):
    seance, (premiere, seconde) = close(client, dossiers=2)
    Campagne.objects.update(enveloppe=enveloppe_fixee and Decimal(enveloppe_fixee))
    accepter(premiere, seance.agent)

    reponse = client.post(adresse(seconde), envoi(seconde))

    assert (reponse.status_code, etat(seconde) == Dossier.Etat.ACCEPTE) == ((302, True) if accepte else (422, False))
    if not accepte:
        assert (
            "L’enveloppe ne le permet pas : 28 000,00 € accordés pour 27 999,99 € disponibles, sur 55 999,99 €. "
            "Baissez le montant de 0,01 €, ou ajournez le dossier." in lisible(reponse)
        )


def test_l_enveloppe_d_une_autre_campagne_ne_compte_pas():
    seance = seance_close()
    autre = seance_close(campagne__annee=2021)
    accepter(autre.inscriptions.get(), autre.agent)

    assert enveloppe.reserve(seance.campagne) == Decimal("0.00")
    assert enveloppe.reserve(autre.campagne) == Decimal("28000.00")


def test_un_poste_d_un_autre_dossier_ne_recoit_rien():
    seance = seance_close(dossiers=2)
    inscription, autre = seance.inscriptions.all()
    forges = accords(inscription) | {str(autre.dossier.plan.lignes.get().pk): Accord(Decimal("9.00"), Decimal("1.00"))}

    decision = Decision.objects.rendre(
        inscription, sens="accepte", avis_copil="accepte", accords=forges, par=seance.agent
    )

    assert decision.montant == Decimal("28000.00")
    assert DecisionPoste.objects.count() == 1


def test_des_champs_forges_ne_changent_rien(client):
    seance, (inscription,) = close(client)
    forge = envoi(inscription) | {
        "montant": "999999",
        "notifiee_le": "2022-01-01",
        "decidee_par": "1",
        "etat": "refuse",
    }

    client.post(adresse(inscription), forge)

    decision = Decision.objects.get()
    assert (decision.montant, decision.est_notifiee, decision.decidee_par) == (Decimal("28000.00"), False, seance.agent)


# --- Reasons and advice ---------------------------------------------------------------------------
@pytest.mark.parametrize("sens", ["refuse", "ajourne"])
def test_un_refus_ou_un_ajournement_se_motive(client, sens):
    _, (inscription,) = close(client)

    refusee = client.post(adresse(inscription), envoi(inscription, sens=sens, motifs="   "))
    client.post(adresse(inscription), envoi(inscription, sens=sens, motifs="Le besoin n’est pas établi."))

    assertContains(refusee, "Un refus ou un ajournement se motive", status_code=422)
    decision = Decision.objects.get()
    assert (decision.montant, decision.etp, decision.postes.count()) == (0, 0, 0)
    assert etat(inscription) == sens


def emergente(client):
    seance = seance_preparee(dossiers=0)
    inscription = seance.inscrire(recevable(seance, structure=StructureFactory(emergente=True)), par=seance.agent)
    seance.convoquer(par=seance.agent)
    seance.ouvrir(par=seance.agent)
    noter(inscription, seance.membres.get())
    seance.clore(par=seance.agent)
    client.force_login(seance.agent)
    return seance, Inscription.objects.get()


@pytest.mark.parametrize("sens", ["accepte", "refuse"])
def test_une_structure_emergente_attend_l_avis_national(client, sens):
    seance, inscription = emergente(client)

    refusee = client.post(adresse(inscription), envoi(inscription, sens=sens, motifs="Écrits."))
    rendre_avis_national(inscription.dossier, seance.agent)
    client.post(adresse(inscription), envoi(inscription, sens=sens, motifs="Écrits."))

    assertContains(refusee, "le comité national n’a pas rendu son avis", status_code=422)
    assert etat(inscription) == sens


def test_une_structure_emergente_s_ajourne_sans_avis_national(client):
    _, inscription = emergente(client)

    client.post(adresse(inscription), envoi(inscription, sens="ajourne", motifs="Avis national attendu."))

    assert etat(inscription) == Dossier.Etat.AJOURNE


def test_tous_les_refus_se_disent_ensemble():
    seance = seance_preparee(dossiers=0)
    inscription = seance.inscrire(recevable(seance, structure=StructureFactory(emergente=True)), par=seance.agent)
    seance.convoquer(par=seance.agent)
    seance.ouvrir(par=seance.agent)
    noter(inscription, seance.membres.get())
    seance.clore(par=seance.agent)
    inscription = Inscription.objects.get()

    with pytest.raises(ErreurMetier) as refus:
        accepter(inscription, seance.agent, montant="28000.01")

    assert refus.value.codes == ["avis_national", "montant_demande"]
