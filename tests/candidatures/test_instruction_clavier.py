"""The reader in a browser: keys 1, 2, 3, the next point by itself, and nothing lost without a script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from candidatures.models import ControleDossier, Dossier
from tests.factories import UtilisateurFactory, dossier_depose

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dossier():
    return dossier_depose()


@pytest.fixture
def agent(dossier):
    return UtilisateurFactory(instructeur_de=dossier.campagne.service)


def lecteur(dossier):
    return reverse("candidatures:instruire", args=[dossier.numero])


def test_les_touches_1_2_3_constatent_et_passent_au_point_suivant(connecter, agent, dossier, axe):
    page = connecter(agent)
    page.goto(lecteur(dossier))
    expect(page.locator("#titre-point")).to_have_text("Rapport d’activité du dernier exercice clos")
    page.locator("#titre-point").focus()

    page.keyboard.press("1")
    expect(page.locator("#titre-point")).to_have_text("Comptes annuels du dernier exercice clos")
    expect(page.locator("#titre-point")).to_be_focused()
    page.keyboard.press("2")
    commentaire = page.get_by_label("Commentaire")
    expect(commentaire).to_be_focused()
    commentaire.fill("Page 123 manquante.")
    page.get_by_role("button", name="À compléter").click()
    expect(page.locator("#titre-point")).to_have_text("Relevé d’identité bancaire")
    expect(page.locator("#titre-point")).to_be_focused()
    page.keyboard.press("3")
    expect(page.locator("#titre-point")).to_have_text("La structure")

    constats = list(ControleDossier.objects.values_list("objet", "constat", "commentaire"))
    assert constats == [
        ("piece:rapport_activite", "conforme", ""),
        ("piece:comptes_annuels", "a_completer", "Page 123 manquante."),
        ("piece:rib", "sans_objet", ""),
    ]
    assert "objet=rubrique" in page.url
    axe(page)


def test_un_refus_prend_le_focus_et_mene_au_point(connecter, agent, dossier, axe):
    page = connecter(agent)
    page.goto(lecteur(dossier))

    page.get_by_role("button", name="Déclarer recevable").click()

    expect(page.locator("[data-focus]")).to_be_focused()
    assert page.title().startswith("Erreur")
    axe(page)
    assert Dossier.objects.get().etat == Dossier.Etat.DEPOSE


@pytest.mark.parametrize("largeur", [320, 1280])
def test_les_pages_de_l_agent_sont_accessibles(connecter, agent, dossier, axe, largeur):
    page = connecter(agent)
    page.set_viewport_size({"width": largeur, "height": 900})
    adresses = [
        f"{reverse('candidatures:file')}?onglet=tous",
        f"{lecteur(dossier)}?objet=rubrique:plan",
        reverse("candidatures:lire", args=[dossier.numero]),
        reverse("candidatures:declarer_irrecevable", args=[dossier.numero]),
        reverse("candidatures:decider_hors_delai", args=[dossier.numero]),
    ]
    for adresse in adresses:
        page.goto(adresse)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur, adresse
