"""The money of a dossier in a browser: sums that follow the details, the maximum in one click, an import; axe finds nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from candidatures.models import LigneBudget
from tests.candidatures.test_budgets import SOURCES
from tests.factories import CampagneFactory, DossierFactory, LignePosteFactory, PosteETPFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dossier(connecter):
    maintenant = timezone.now()
    campagne = CampagneFactory(
        annee=maintenant.year, ouverture_le=maintenant - timedelta(days=9), cloture_le=maintenant + timedelta(days=9)
    )
    dossier = DossierFactory(campagne=campagne)
    LignePosteFactory(plan=dossier.plan, poste=PosteETPFactory(structure=dossier.structure), sources=SOURCES)
    connecter(dossier.cree_par)
    return dossier


@pytest.fixture
def juger(page, axe):
    def regarder():
        for largeur in (1280, 320):
            page.set_viewport_size({"width": largeur, "height": 900})
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= largeur, f"{page.url} at {largeur}"
        page.set_viewport_size({"width": 1280, "height": 900})

    return regarder


def adresse(dossier, nom="rubrique", *suite):
    return reverse(f"candidatures:{nom}", args=[dossier.numero, *suite])


def test_un_compte_detaille_montre_sa_somme_et_se_libere_quand_on_vide_le_detail(page, juger, dossier):
    page.goto(adresse(dossier, "rubrique", "budgets"))
    assert page.input_value("#id_projet_74") == "33\u202f000,00"
    page.locator("#id_budget_structure details summary").first.click()
    page.locator("#id_budget_structure details details summary", has_text="Achats").click()
    page.fill("#id_structure_601", "300")
    page.fill("#id_structure_604", "400,50")

    achats = page.locator("#id_structure_60")
    expect(achats).to_have_value("700,50")
    expect(achats).not_to_be_editable()
    juger()

    page.fill("#id_structure_601", "")
    page.fill("#id_structure_604", "")
    expect(achats).to_be_editable()
    achats.fill("12")
    with page.expect_navigation():  # not the words of the autosave, which may have passed before
        page.get_by_role("button", name="Enregistrer", exact=True).click()
    assert LigneBudget.objects.get(budget="structure").montant == 12
    assert LigneBudget.objects.get(budget="projet", compte="74-commune").montant == 5000


def test_demander_le_maximum_remplit_la_subvention_sans_quitter_la_page(page, dossier):
    ligne = dossier.plan.lignes.get()
    ligne.financements.filter(source="aap").update(montant=Decimal("1.00"))
    page.goto(adresse(dossier, "plan"))
    page.get_by_text("Comment ce montant est calculé").click()
    page.get_by_role("button", name="Demander le maximum").click()

    page.wait_for_selector("#constat :text('Le plan respecte toutes les règles'), #constat :text('donnez le nom')")
    assert page.input_value(f"#id_ligne_{ligne.pk}-aap-montant") == "28\u202f000,00"
    assert page.locator("#calcul-maximum").get_attribute("open") is not None


def test_entree_dans_le_plan_enregistre_et_ne_demande_pas_le_maximum(page, dossier):
    ligne = dossier.plan.lignes.get()
    page.goto(adresse(dossier, "plan"))
    page.fill(f"#id_ligne_{ligne.pk}-aap-montant", "20 000")
    page.press(f"#id_ligne_{ligne.pk}-aap-montant", "Enter")

    page.wait_for_selector("text=Enregistré à")
    assert ligne.financements.get(source="aap").montant == 20000


def test_le_modele_se_telecharge_s_importe_et_l_apercu_se_lit(page, juger, dossier, tmp_path):
    page.goto(adresse(dossier, "budgets_importer"))
    with page.expect_download() as recu:
        page.get_by_role("link", name="Télécharger le modèle de budget").click()
    chemin = tmp_path / "budgets.xlsx"
    recu.value.save_as(chemin)

    livre = load_workbook(chemin)
    livre["Budget du projet"]["C2"] = 1500
    livre.save(chemin)
    page.set_input_files("#id_fichier", chemin)
    page.get_by_role("button", name="Voir ce qui change").click()
    page.get_by_role("heading", name="Ce que l’import changerait").wait_for()
    juger()
    page.get_by_role("button", name="Enregistrer ces budgets").click()

    page.wait_for_selector("text=Enregistré à")
    assert LigneBudget.objects.get(budget="projet", compte="60").montant == 1500
    page.goto(adresse(dossier, "budgets_importer"))
    page.get_by_role("button", name="Voir ce qui change").click()
    page.wait_for_selector("text=Choisissez le classeur rempli.")
    juger()
