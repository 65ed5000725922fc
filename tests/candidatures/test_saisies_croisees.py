"""Two people on one section, a session that ends, a double click: nobody's typing is covered or lost in silence."""

import re

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from candidatures.models import Dossier
from tests.candidatures.textes import texte
from tests.factories import DEPOT_OUVERT, DossierFactory, LignePosteFactory, PosteETPFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


@pytest.fixture
def dossier(client):
    dossier = DossierFactory(intitule="Le titre de départ")
    client.force_login(dossier.cree_par)
    return dossier


def adresse(dossier, code="projet"):
    return reverse("candidatures:rubrique", args=[dossier.numero, code])


def cache(reponse, nom):
    return re.search(rf'name="{nom}" value="([^"]+)"', reponse.content.decode())[1]


@pytest.fixture
def collegue(dossier):
    """Awa, in her own browser."""
    client = Client()
    client.force_login(UtilisateurFactory(first_name="Awa", last_name="Exemple", redacteur_de=dossier.structure))
    return client


def test_deux_textes_au_meme_endroit_se_montrent_et_rien_n_est_ecrit(client, collegue, dossier):
    version = cache(client.get(adresse(dossier)), "version")
    with time_machine.travel(DEPOT_OUVERT.replace(hour=14, minute=30), tick=False):
        collegue.post(adresse(dossier), {"version": version, "intitule": "Le départ", "diagnostic": "Trente marchés."})

    refus = client.post(adresse(dossier), {"version": version, "intitule": "Mon titre", "diagnostic": "Dix marchés."})

    lu = texte(refus)
    assert refus.status_code == 422
    assert "Deux personnes ont écrit au même endroit" in lu
    assert "Votre texte Mon titre Celui de Awa Exemple, le 15 septembre 2022 à 14 h 30 Le départ" in lu
    assert "Dix marchés. Celui de Awa Exemple, le 15 septembre 2022 à 14 h 30 Trente marchés." in lu
    assert 'value="Mon titre"' in refus.content.decode()
    assert (Dossier.objects.get().intitule, Dossier.objects.get().diagnostic) == ("Le départ", "Trente marchés.")


@pytest.mark.parametrize(
    ("choix", "garde"),
    [
        ({}, "Dix marchés."),
        ({"garder-diagnostic": "mien"}, "Dix marchés."),
        ({"garder-diagnostic": "autre"}, "Trente marchés."),
        ({"garder-diagnostic": "deux"}, "Dix marchés.\n\nTrente marchés."),
    ],
)
def test_qui_a_vu_les_deux_textes_choisit(client, collegue, dossier, choix, garde):
    version = cache(client.get(adresse(dossier)), "version")
    collegue.post(
        adresse(dossier), {"version": version, "intitule": "Le titre de départ", "diagnostic": "Trente marchés."}
    )
    saisie = {"intitule": "Le titre de départ", "diagnostic": "Dix marchés."}
    refus = client.post(adresse(dossier), {"version": version} | saisie)

    for _ in range(2):  # the same form twice adds nothing
        client.post(adresse(dossier), {"version": cache(refus, "version")} | saisie | choix)

    assert Dossier.objects.get().diagnostic == garde


def test_un_troisieme_texte_se_montre_a_son_tour(client, collegue, dossier):
    version = cache(client.get(adresse(dossier)), "version")
    collegue.post(adresse(dossier), {"version": version, "intitule": "Le deuxième"})
    refus = client.post(adresse(dossier), {"version": version, "intitule": "Le mien"})
    collegue.post(adresse(dossier), {"version": cache(refus, "version"), "intitule": "Le troisième"})

    encore = client.post(
        adresse(dossier), {"version": cache(refus, "version"), "intitule": "Le mien", "garder-intitule": "mien"}
    )

    assert "Le troisième" in texte(encore)
    assert Dossier.objects.get().intitule == "Le troisième"


def test_ce_qu_un_seul_a_change_se_fond_et_c_est_dit(client, collegue, dossier):
    version = cache(client.get(adresse(dossier)), "version")
    collegue.post(adresse(dossier), {"version": version, "intitule": "Le titre de départ", "objectifs": "D’Awa"})

    reponse = client.post(
        adresse(dossier),
        {"version": version, "intitule": "Le titre de départ", "diagnostic": "Le mien", "objectifs": ""},
        follow=True,
    )

    objet = Dossier.objects.get()
    assert (objet.diagnostic, objet.objectifs) == ("Le mien", "D’Awa")
    assert "« Objectifs visés » : changé entre-temps par Awa Exemple" in texte(reponse)


def test_deux_comptes_differents_du_budget_se_fondent_le_meme_se_croise(client, collegue, dossier):
    version = cache(client.get(adresse(dossier, "budgets")), "version")
    collegue.post(adresse(dossier, "budgets"), {"version": version, "structure_64": "10"})

    fondu = client.post(adresse(dossier, "budgets"), {"version": version, "structure_74": "10"})
    croise = client.post(adresse(dossier, "budgets"), {"version": version, "structure_64": "20", "structure_74": "10"})

    assert (fondu.status_code, croise.status_code) == (302, 422)
    assert "Celui de Awa Exemple, le 15 septembre 2022 à 10 h 10,00" in texte(croise)
    assert dict(dossier.lignes_budget.values_list("compte", "montant")) == {"64": 10, "74": 10}


def test_les_missions_cochees_se_croisent_par_leurs_noms(client, collegue, dossier):
    version = cache(client.get(adresse(dossier, "missions")), "version")
    collegue.post(adresse(dossier, "missions"), {"version": version, "missions": ["parcours"]})

    croise = client.post(adresse(dossier, "missions"), {"version": version, "missions": ["marches_etat"]})

    assert "Construction de parcours" in texte(croise)
    assert Dossier.objects.get().missions == ["parcours"]


def test_un_changement_du_plan_n_est_pas_un_croisement_du_budget(client, dossier):
    version = cache(client.get(adresse(dossier, "budgets")), "version")
    LignePosteFactory(
        plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure), sources={"aap": "28000.00"}
    )

    assert client.post(adresse(dossier, "budgets"), {"version": version, "structure_64": "10"}).status_code == 302


def test_le_budget_du_projet_pre_rempli_par_le_plan_ne_se_croise_pas(client, collegue, dossier):
    LignePosteFactory(
        plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure), sources={"aap": "28000.00"}
    )
    version = cache(client.get(adresse(dossier, "budgets")), "version")
    propose = {"version": version, "projet_64": "40 000,00", "projet_74": "28 000,00"}
    collegue.post(adresse(dossier, "budgets"), propose | {"projet_64": "41000"})

    assert client.post(adresse(dossier, "budgets"), propose | {"structure_64": "5"}).status_code == 302
    assert dossier.lignes_budget.get(budget="projet", compte="64").montant == 41000


def test_les_autres_rubriques_ne_se_genent_pas(client, dossier):
    version = cache(client.get(adresse(dossier)), "version")
    client.post(adresse(dossier, "structure"), {"contact_nom": "Claude"})

    assert client.post(adresse(dossier), {"version": version, "intitule": "Mon titre"}).status_code == 302


@pytest.mark.parametrize(
    ("code", "saisie"),
    [
        ("projet", {"intitule": "Mon titre"}),
        ("missions", {"missions": ["parcours"], "volumes_etat_marches_prevus": "1 000"}),
        ("budgets", {"structure_64": "10,50", "projection_1_etp": "0,5"}),
        ("attestations", {"atteste_exactitude": "on"}),
    ],
)
def test_un_double_clic_n_est_pas_un_conflit(client, dossier, code, saisie):
    version = cache(client.get(adresse(dossier, code)), "version")

    reponses = [client.post(adresse(dossier, code), {"version": version} | saisie) for _ in range(2)]

    assert [reponse.status_code for reponse in reponses] == [302, 302]


def test_une_session_expiree_rend_la_saisie_a_son_auteur(client, dossier):
    auteur = cache(client.get(adresse(dossier)), "_auteur")
    client.logout()

    envoi = client.post(adresse(dossier), {"_auteur": auteur, "intitule": "Tapé pendant une heure"})
    assert envoi.url.startswith(reverse("account_login"))
    client.force_login(dossier.cree_par)
    page = client.get(adresse(dossier))

    assert "Votre saisie a été conservée : vérifiez-la puis enregistrez." in texte(page)
    assert 'value="Tapé pendant une heure"' in page.content.decode()
    assert Dossier.objects.get().intitule == "Le titre de départ"


REQUETES_D_UNE_BRIBE = {"projet": 12, "missions": 15, "budgets": 18}


@pytest.mark.parametrize("code", REQUETES_D_UNE_BRIBE)
def test_enregistrer_ce_que_l_on_tape_coute_peu_de_requetes(client, dossier, code, django_assert_max_num_queries):
    LignePosteFactory.create_batch(2, plan=dossier.plan, poste__structure=dossier.structure)
    saisie = {
        "projet": {"diagnostic": "Trente"},
        "missions": {"missions": ["parcours"]},
        "budgets": {"structure_64": "5"},
    }
    version = cache(client.get(adresse(dossier, code)), "version")

    with django_assert_max_num_queries(REQUETES_D_UNE_BRIBE[code]):
        reponse = client.post(
            adresse(dossier, code),
            {"version": version, "bribe": "1"} | saisie[code],
            headers={"Accept": "application/json"},
        )

    assert reponse.json()["phrase"] == "Enregistré à 10\u00a0h."
