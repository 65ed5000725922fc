"""What the server answers to a page that saves by itself: few words, the same rules as the button."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from candidatures.models import Dossier
from tests.candidatures.textes import texte
from tests.factories import DEPOT_OUVERT, DossierFactory, UtilisateurFactory, dossier_depose

pytestmark = pytest.mark.django_db
BRIBE = {"bribe": "1"}
JSON = {"headers": {"Accept": "application/json"}}


@pytest.fixture(autouse=True)
def heure():
    with time_machine.travel(DEPOT_OUVERT.replace(hour=14, minute=32), tick=False) as horloge:
        yield horloge


@pytest.fixture
def dossier(client):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)
    return dossier


def adresse(dossier, code="projet"):
    return reverse("candidatures:rubrique", args=[dossier.numero, code])


def test_une_bribe_enregistree_rend_l_heure_et_la_version(client, dossier):
    reponse = client.post(adresse(dossier), BRIBE | {"version": "v1", "intitule": "La clause"}, **JSON)

    assert reponse.json()["phrase"] == "Enregistré à 14\u00a0h\u00a032."
    assert reponse.json()["version"].startswith("v1 intitule:")
    assert Dossier.objects.get().intitule == "La clause"
    assert list(client.get(adresse(dossier)).context["messages"]) == []


def test_une_bribe_laisse_ce_qui_ne_se_lit_pas_et_enregistre_le_reste(client, dossier):
    Dossier.objects.update(subventions_publiques=5)
    saisie = {"version": "v1", "presentation": "Active", "subventions_publiques": "beaucoup", "contact_nom": ""}

    reponse = client.post(adresse(dossier, "structure"), BRIBE | saisie, **JSON)

    assert len(reponse.json()["reste"]) == 1
    assert "Saisissez un nombre" in reponse.json()["reste"][0]
    objet = Dossier.objects.get()
    assert (objet.presentation, objet.subventions_publiques) == ("Active", 5)


def test_une_bribe_n_ecrase_jamais_ce_qu_un_autre_a_ecrit(client, dossier):
    Dossier.objects.update(diagnostic="D’Awa", objectifs="D’Awa")
    saisie = {"version": "v1", "diagnostic": "Le mien", "objectifs": "", "intitule": "Le mien"}

    corps = client.post(adresse(dossier), BRIBE | saisie | {"garder-diagnostic": "mien"}, **JSON).json()

    objet = Dossier.objects.get()
    assert (objet.diagnostic, objet.objectifs, objet.intitule) == ("D’Awa", "D’Awa", "Le mien")
    assert corps["reprises"] == {"objectifs": ["D’Awa"]}
    assert "diagnostic:" not in corps["version"]
    assert "enregistrez pour voir les deux textes" in corps["reste"][0]


def test_ce_que_l_on_tape_a_la_suite_ne_fait_qu_une_ligne_d_historique(client, dossier, heure):
    avant = dossier.historique.count()
    for rang in range(3):
        client.post(adresse(dossier), BRIBE | {"intitule": f"Titre {rang}"}, **JSON)
        heure.shift(timedelta(minutes=2))
    assert dossier.historique.count() == avant + 1
    assert dossier.historique.first().intitule == "Titre 2"

    client.post(adresse(dossier), {"intitule": "Par le bouton"})
    client.post(adresse(dossier), BRIBE | {"intitule": "Titre 3"}, **JSON)
    assert dossier.historique.count() == avant + 3
    heure.shift(timedelta(minutes=10))
    client.post(adresse(dossier), BRIBE | {"intitule": "Titre 4"}, **JSON)
    client.force_login(UtilisateurFactory(redacteur_de=dossier.structure))
    client.post(adresse(dossier), BRIBE | {"intitule": "Titre 5"}, **JSON)
    assert dossier.historique.count() == avant + 5


def test_le_bouton_par_script_est_tout_ou_rien_et_donne_la_suite(client, dossier):
    refus = client.post(adresse(dossier, "structure"), {"subventions_publiques": "x", "presentation": "A"}, **JSON)
    fait = client.post(adresse(dossier, "structure"), {"presentation": "A", "continuer": "1"}, **JSON)

    assert (refus.status_code, fait.json()["suite"]) == (422, adresse(dossier, "projet"))
    assert "Enregistré à 14 h 32." in texte(client.get(adresse(dossier)))


def test_un_dossier_depose_entre_temps_le_dit_et_rien_ne_s_ecrit(client):
    dossier = dossier_depose()
    client.force_login(dossier.cree_par)

    reponse = client.post(adresse(dossier), BRIBE | {"intitule": "Autre"}, **JSON)

    assert (reponse.status_code, reponse.json()["fin"]) == (422, True)
    assert "n’est plus un brouillon" in reponse.json()["phrase"]
    assert Dossier.objects.get().intitule == dossier.intitule


def test_continuer_dit_ce_qui_manque_encore_avec_le_chemin_du_retour(client, dossier):
    page = client.post(adresse(dossier), {"intitule": "La clause", "continuer": "1"}, follow=True)

    assert "Il reste à compléter dans « Le projet » : Rédigez le diagnostic territorial." in texte(page)
    assert f'<a href="{adresse(dossier)}#id_diagnostic">' in page.content.decode()


def test_continuer_une_rubrique_complete_ne_dit_rien(client):
    dossier = DossierFactory(complet=True)
    client.force_login(dossier.cree_par)
    saisie = {nom: getattr(dossier, nom) for nom in ("intitule", "diagnostic", "objectifs", "strategie")}

    page = client.post(adresse(dossier), saisie | {"continuer": "1"}, follow=True)

    assert "Il reste à compléter" not in texte(page)
