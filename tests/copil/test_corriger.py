from decimal import Decimal

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import Campagne
from candidatures.models import Dossier
from copil import enveloppe
from copil.models import Decision, DecisionPoste
from tests.copil.situations import (
    accepter,
    lisible,
    seance_close,
    seance_ouverte,
    seance_preparee,
)
from tests.factories import UtilisateurFactory

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


def test_rien_ne_se_decide_avant_la_cloture(client):
    seance = seance_ouverte()
    inscription = seance.inscriptions.get()
    client.force_login(seance.agent)

    reponse = client.post(adresse(inscription), envoi(inscription))

    assertContains(reponse, "La décision se prend après la clôture de la séance", status_code=422)


def test_un_dossier_retire_apres_l_examen_ne_se_decide_plus():
    seance = seance_close()
    inscription = seance.inscriptions.get()
    inscription.dossier.retirer(par=inscription.dossier.cree_par)

    with pytest.raises(ErreurMetier) as refus:
        accepter(inscription, seance.agent)

    assert str(refus.value).replace("\u00a0", " ") == "Le dossier est « Retiré » : il n’est plus à décider ici."


def test_la_seconde_de_deux_personnes_lit_ce_que_la_premiere_a_decide(client):
    seance, (inscription,) = close(client)
    autre = UtilisateurFactory(instructeur_de=seance.campagne.service, first_name="Amina", last_name="Exemple")
    accepter(inscription, autre)

    reponse = client.post(adresse(inscription), envoi(inscription, sens="refuse", motifs="Non."))

    assert reponse.status_code == 422
    page = lisible(reponse)
    assert "Amina Exemple a décidé entre-temps" in page
    assert "« Accepté ». Rien n’a été changé" in page
    assert etat(inscription) == Dossier.Etat.ACCEPTE


def test_une_decision_se_corrige_avant_sa_notification_avec_sa_trace(client):
    seance, (inscription,) = close(client)
    accepter(inscription, seance.agent)

    client.post(adresse(inscription), envoi(inscription, montant="14000", etp="0,5", version=1))
    client.post(adresse(inscription), envoi(inscription, sens="refuse", motifs="Après vérification.", version=2))

    decision = Decision.objects.get()
    assert (decision.sens, decision.montant, decision.version) == ("refuse", 0, 3)
    assert [(v.sens, v.montant) for v in decision.historique.all()] == [
        ("refuse", Decimal("0.00")), ("accepte", Decimal("14000.00")), ("accepte", Decimal("28000.00")),
    ]  # fmt: skip
    assert not DecisionPoste.objects.exists()
    assert [ligne.vers for ligne in inscription.dossier.journal.all()][-3:] == ["accepte", "examine", "refuse"]
    assert enveloppe.reserve(seance.campagne) == 0


def test_la_correction_revoit_l_argent_sans_compter_deux_fois_la_meme_decision(client):
    seance, (inscription, autre) = close(client, dossiers=2)
    Campagne.objects.update(enveloppe=Decimal("42000.00"))
    accepter(inscription, seance.agent, montant="14000.00", etp="0.50")

    meme = client.post(adresse(inscription), envoi(inscription, version=1))
    trop = client.post(adresse(autre), envoi(autre, montant="14000,01"))

    assert (meme.status_code, trop.status_code) == (302, 422)
    assert enveloppe.reste(Campagne.objects.get()) == Decimal("14000.00")


def test_une_decision_notifiee_ne_change_plus(client):
    seance, (inscription,) = close(client)
    accepter(inscription, seance.agent).notifier(par=seance.agent)

    reponse = client.post(adresse(inscription), envoi(inscription, sens="refuse", motifs="Non.", version=1))

    assert "Cette décision est notifiée depuis le" in lisible(reponse)
    assert etat(inscription) == Dossier.Etat.ACCEPTE


def test_un_ajourne_reinscrit_ailleurs_ne_se_corrige_plus_a_l_ancienne_seance(client):
    _seance, (inscription,) = close(client)
    client.post(adresse(inscription), envoi(inscription, sens="ajourne", motifs="À préciser."))
    suivante = seance_preparee(dossiers=0)
    suivante.inscrire(Dossier.objects.get(), par=suivante.agent)

    reponse = client.post(adresse(inscription), envoi(inscription, version=1))

    assert "Le dossier est « Inscrit au COPIL » : il n’est plus à décider ici." in lisible(reponse)
    assert etat(inscription) == Dossier.Etat.INSCRIT


def test_seuls_les_agents_du_service_decident(client):
    seance = seance_close()
    inscription = seance.inscriptions.get()
    codes = {}
    personnes = {
        "membre": seance.membres.get().utilisateur,
        "porteur": inscription.dossier.cree_par,
        "autre membre": UtilisateurFactory(membre_copil_de=seance.campagne.service),
    }
    for nom, personne in personnes.items():
        client.force_login(personne)
        codes[nom] = (
            client.get(adresse(inscription)).status_code,
            client.post(adresse(inscription), envoi(inscription)).status_code,
        )

    assert codes == {"membre": (403, 403), "porteur": (404, 404), "autre membre": (404, 404)}
    assert not Decision.objects.exists()


def test_decider_demande_de_se_reauthentifier(client):
    seance = seance_close()
    agent = UtilisateurFactory(instructeur_de=seance.campagne.service, password="mot-de-passe-de-test")
    client.force_login(agent)
    inscription = seance.inscriptions.get()

    reponse = client.post(adresse(inscription), envoi(inscription))

    assert reponse.status_code == 302
    assert reverse("account_reauthenticate") in reponse["Location"]
    assert not Decision.objects.exists()
