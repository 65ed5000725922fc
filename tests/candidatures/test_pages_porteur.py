"""The porteur's pages in a browser: axe finds nothing, nothing overflows, totals follow the typing, the chain files."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from candidatures.models import Depot, Dossier, PieceJustificative
from tests.factories import (
    CampagneFactory,
    CommuneFactory,
    DossierFactory,
    StructureFactory,
    UtilisateurFactory,
    ZoneBlancheFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
RUBRIQUES = ["structure", "projet", "territoire", "missions", "budgets", "attestations"]


@pytest.fixture
def campagne():
    maintenant = timezone.now()
    return CampagneFactory(
        annee=maintenant.year, ouverture_le=maintenant - timedelta(days=9), cloture_le=maintenant + timedelta(days=9)
    )


@pytest.fixture
def juger(page, axe):
    """The page as it stands is right, wide and narrow."""

    def regarder(adresse=None):
        if adresse:
            page.goto(adresse)
        for largeur in (1280, 320):
            page.set_viewport_size({"width": largeur, "height": 900})
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= largeur, f"{page.url} at {largeur}"
        page.set_viewport_size({"width": 1280, "height": 900})

    return regarder


def adresse(nom, dossier, *suite):
    return reverse(f"candidatures:{nom}", args=[dossier.numero, *suite])


def test_les_pages_vides_puis_pleines(juger, connecter, campagne):
    connecter(UtilisateurFactory())
    juger(reverse("candidatures:dossiers"))
    vide = DossierFactory(campagne=campagne)
    CampagneFactory(
        titre="Autre", annee=campagne.annee, ouverture_le=campagne.ouverture_le, cloture_le=campagne.cloture_le
    )
    connecter(vide.cree_par)
    juger(reverse("candidatures:dossiers"))
    for nom in ("dossier", "verifier", "deposer", "retirer"):
        juger(adresse(nom, vide))


def test_les_rubriques_a_remplir_et_a_lire(juger, connecter, campagne):
    dossier = DossierFactory(complet=True, campagne=campagne)
    for nom in ("Sada", "Acoua"):
        ZoneBlancheFactory(commune=CommuneFactory(nom=nom))
    connecter(dossier.cree_par)
    for code in RUBRIQUES:
        juger(adresse("rubrique", dossier, code))
    connecter(UtilisateurFactory(lecteur_de=dossier.structure))
    for code in RUBRIQUES:
        juger(adresse("rubrique", dossier, code))
    juger(adresse("deposer", dossier))


def test_une_saisie_refusee_prend_le_focus_et_garde_tout(page, juger, connecter, campagne):
    dossier = DossierFactory(campagne=campagne)
    connecter(dossier.cree_par).goto(adresse("rubrique", dossier, "budgets"))

    page.fill("#id_structure_60", "-5")
    page.fill("#id_projet_64", "beaucoup")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_selector(".pa-erreurs")
    assert page.title().startswith("Erreur")

    juger()
    assert page.evaluate("document.activeElement.classList.contains('pa-erreurs')")
    assert (page.input_value("#id_structure_60"), page.input_value("#id_projet_64")) == ("-5", "beaucoup")
    page.get_by_role("link", name="Le nombre ne peut pas être négatif").click()
    assert page.evaluate("document.activeElement.id") == "id_structure_60"


def test_l_equilibre_suit_la_frappe(page, connecter, campagne):
    dossier = DossierFactory(campagne=campagne)
    connecter(dossier.cree_par).goto(adresse("rubrique", dossier, "budgets"))

    page.fill("#id_structure_60", "1 200,50")
    page.locator("#equilibre-structure").get_by_text("Il manque 1 200,50 € de produits").wait_for()
    page.fill("#id_structure_70", "1200,5")
    page.locator("#equilibre-structure").get_by_text("Budget équilibré.").wait_for()

    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.get_by_text("Enregistré à").first.wait_for()
    assert dossier.lignes_budget.count() == 2


def test_du_brouillon_au_second_recepisse(page, juger, connecter, campagne):
    structure = StructureFactory()
    connecter(UtilisateurFactory(signataire_de=structure)).goto(reverse("candidatures:dossiers"))
    page.get_by_role("button", name="Commencer un dossier").click()
    page.get_by_text("Brouillon, non déposé").wait_for()
    assert Dossier.objects.get().structure == structure
    Dossier.objects.all().delete()

    dossier = DossierFactory(complet=True, campagne=campagne, structure=structure)
    PieceJustificative.objects.filter(dossier=dossier, code="comptes_annuels").delete()
    page.goto(adresse("deposer", dossier))
    page.get_by_role("button", name="Déposer le dossier").click()
    page.wait_for_selector(".pa-erreurs")
    assert page.title().startswith("Erreur")
    juger()
    page.locator(".pa-erreurs a").click()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Déposer le dossier").click()

    page.get_by_role("heading", name="Récépissé de dépôt").wait_for()
    page.get_by_role("link", name="Télécharger le récépissé").wait_for()
    juger()
    juger(adresse("dossier", dossier))
    PieceJustificative.objects.create(
        dossier=dossier, code="comptes_annuels", reference="JO du 4 mai", ajoutee_par=dossier.cree_par
    )
    page.goto(adresse("dossier", dossier))
    page.get_by_role("link", name="Compléter le dossier").click()
    juger()
    page.get_by_role("button", name="Envoyer ma réponse").click()
    page.get_by_text("Toutes les pièces obligatoires sont données.").wait_for()
    assert list(Depot.objects.values_list("rang", "incomplet")) == [(1, True), (2, False)]


def test_sans_javascript_l_essentiel_fonctionne(browser, live_server, campagne, browser_context_args):
    from django.conf import settings
    from django.test import Client

    dossier = DossierFactory(complet=True, campagne=campagne)
    client = Client()
    client.force_login(dossier.cree_par, backend="django.contrib.auth.backends.ModelBackend")
    contexte = browser.new_context(**browser_context_args, java_script_enabled=False)
    jeton = client.cookies[settings.SESSION_COOKIE_NAME].value
    contexte.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": live_server.url}])
    page = contexte.new_page()

    page.goto(adresse("rubrique", dossier, "budgets"))
    page.fill("#id_structure_60", "10")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    assert "Il manque 10,00 € de produits" in page.inner_text("#equilibre-structure").replace("\u00a0", " ")
    page.fill("#id_structure_60", "")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.goto(adresse("deposer", dossier))
    page.get_by_role("button", name="Déposer le dossier").click()

    assert "Récépissé de dépôt" in page.inner_text("h1")
    contexte.close()
