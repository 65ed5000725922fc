import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from copil.models import Critere, Decision, Deport, Evaluation, Grille, NoteCritere
from tests.copil.situations import accepter, noter, seance_close, seance_ouverte
from tests.factories import GrilleFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administratrice(client):
    personne = UtilisateurFactory(is_staff=True, is_superuser=True)
    client.force_login(personne)
    return personne


def page(modele, vue="changelist", *args):
    return reverse(f"admin:copil_{modele}_{vue}", args=args)


def test_la_grille_se_modifie_jusqu_a_l_ouverture(client, administratrice):
    grille = GrilleFactory()
    critere = Critere.objects.first()
    donnees = {
        "bloc": critere.bloc_id, "ordre": 1, "intitule": "Expérience", "maximum": 15, "consigne": "", "motif_obligatoire": "on",
    }  # fmt: skip

    libre = client.post(page("critere", "change", critere.pk), donnees)
    Grille.objects.update(figee_le="2022-11-15T06:00:00Z")
    figee = client.post(page("critere", "change", critere.pk), donnees | {"maximum": 5})
    revenue = client.post(
        page("critere", "simple_history", critere.pk, critere.historique.latest().pk), donnees | {"maximum": 5}
    )

    assert (libre.status_code, figee.status_code, revenue.status_code) == (302, 403, 403)
    critere.refresh_from_db()
    assert (critere.intitule, critere.maximum) == ("Expérience", 15)
    assert client.post(page("grille", "delete", grille.pk), {"post": "yes"}).status_code == 403


def test_un_bloc_ne_s_ajoute_pas_a_une_grille_figee(client, administratrice):
    grille = GrilleFactory()
    Grille.objects.update(figee_le="2022-11-15T06:00:00Z")
    vide = {"criteres-TOTAL_FORMS": 0, "criteres-INITIAL_FORMS": 0}

    reponse = client.post(page("blocgrille", "add"), {"grille": grille.pk, "ordre": 4, "titre": "En plus"} | vide)

    assertContains(reponse, "Sélectionnez un choix valide")
    assert grille.blocs.count() == 3


@pytest.mark.parametrize(
    "modele", ["seance", "membreseance", "inscription", "evaluation", "notecritere", "deport", "avisnational",
               "decision", "decisionposte"]
)  # fmt: skip
def test_le_reste_ne_fait_que_se_lire(client, administratrice, modele):
    seance = seance_close()
    accepter(seance.inscriptions.get(), seance.agent)

    assert client.get(page(modele)).status_code == 200
    assert client.get(page(modele, "add")).status_code == 403


def test_une_decision_ne_se_modifie_pas_ici(client, administratrice):
    seance = seance_close()
    decision = accepter(seance.inscriptions.get(), seance.agent)

    assert client.post(page("decision", "change", decision.pk), {"montant": "1"}).status_code == 403
    assert client.post(page("decision", "delete", decision.pk), {"post": "yes"}).status_code == 403
    assert Decision.objects.get().montant == decision.montant


def test_les_notes_d_une_seance_ouverte_n_y_sont_pas(client, administratrice):
    seance = seance_ouverte(membres=2)
    evaluation = noter(seance.inscriptions.get(), seance.membres.first())
    note = NoteCritere.objects.first()

    liste = client.get(page("notecritere"))
    fiche = client.get(page("evaluation", "change", evaluation.pk))

    assert list(liste.context["cl"].queryset) == []
    assert client.get(page("notecritere", "change", note.pk)).status_code == 302
    assert client.get(page("notecritere", "history", note.pk)).status_code == 404
    assertNotContains(fiche, "Motif écrit.")
    noter(seance.inscriptions.get(), seance.membres.last())
    seance.clore(par=seance.agent)
    assert len(client.get(page("notecritere")).context["cl"].queryset) == 18


def test_un_deport_n_est_pas_contourne_par_l_administration(client, administratrice):
    seance = seance_close()
    inscription = seance.inscriptions.get()
    decision = accepter(inscription, seance.agent)
    deport = Deport.objects.declarer(inscription.dossier, administratrice, motif="Lien familial.")
    evaluation = Evaluation.objects.get()

    pages = {"inscription": inscription.pk, "evaluation": evaluation.pk, "decision": decision.pk, "deport": deport.pk}
    for modele, pk in pages.items():
        assertNotContains(client.get(page(modele)), inscription.dossier.numero)
        assert client.get(page(modele, "change", pk)).status_code == 302
        assert client.get(page(modele, "history", pk)).status_code == 404
