"""Posts, plan and pieces in a browser: axe finds nothing, totals follow the typing, files go as they are chosen."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from aap_portal.referentiel.models import FinancementPoste, LignePoste
from tests.factories import (
    CampagneFactory,
    CommuneFactory,
    DossierFactory,
    LignePosteFactory,
    PosteETPFactory,
    ZoneBlancheFactory,
    dossier_depose,
)
from tests.fichiers.echantillons import pdf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dossier(connecter):
    maintenant = timezone.now()
    campagne = CampagneFactory(
        annee=maintenant.year, ouverture_le=maintenant - timedelta(days=9), cloture_le=maintenant + timedelta(days=9)
    )
    dossier = DossierFactory(campagne=campagne)
    connecter(dossier.cree_par)
    return dossier


@pytest.fixture
def juger(page, axe):
    """The page as it stands is right, wide and narrow."""

    def regarder(lien=None):
        if lien:
            page.goto(lien)
        for largeur in (1280, 320):
            page.set_viewport_size({"width": largeur, "height": 900})
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= largeur, f"{page.url} at {largeur}"
        page.set_viewport_size({"width": 1280, "height": 900})

    return regarder


def adresse(nom, dossier, *suite):
    return reverse(f"candidatures:{nom}", args=[dossier.numero, *suite])


def ligne_de(dossier, intitule="Facilitatrice Sud", **champs):
    poste = PosteETPFactory(structure=dossier.structure, intitule=intitule)
    return LignePosteFactory(plan=dossier.plan, poste=poste, **champs)


def test_les_pages_vides(juger, dossier):
    for nom in ("postes", "plan", "pieces"):
        juger(adresse(nom, dossier))


def test_les_pages_pleines_et_les_erreurs(page, juger, dossier):
    ZoneBlancheFactory(commune=CommuneFactory())
    ligne = ligne_de(dossier, sources={"aap": "28000.01", "region_departement": "5000"})
    existant = ligne_de(dossier, intitule="Facilitateur Nord", nature="existant", quotite_avant=Decimal(1))
    existant.financements.create(source="commune", annee=dossier.campagne.annee - 1, montant=Decimal(5))
    PosteETPFactory(structure=dossier.structure, intitule="À reprendre")
    dossier.pieces.create(code="rapport_activite", reference="JO", ajoutee_par=dossier.cree_par)
    for lien in (
        adresse("postes", dossier),
        adresse("poste_ajouter", dossier),
        adresse("poste_modifier", dossier, ligne.pk),
        adresse("poste_retirer", dossier, ligne.pk),
        adresse("plan", dossier),
        adresse("pieces", dossier),
    ):
        juger(lien)
    page.goto(adresse("plan", dossier))
    page.fill(f"#id_ligne_{ligne.pk}-aap-montant", "abc")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_selector(".pa-erreurs")
    juger()
    page.goto(adresse("poste_ajouter", dossier))
    page.get_by_role("button", name="Enregistrer le poste").click()
    page.wait_for_selector(".pa-erreurs")
    juger()


def test_un_plan_fige(juger, connecter):
    dossier = dossier_depose()
    connecter(dossier.cree_par)

    juger(adresse("plan", dossier))
    juger(adresse("postes", dossier))
    juger(adresse("pieces", dossier))


def test_un_poste_se_remplit_au_clavier_et_son_maximum_suit(page, dossier):
    page.goto(adresse("poste_ajouter", dossier))
    page.check("text=Facilitateur", force=True)
    page.fill("#id_intitule", "Facilitatrice Sud")
    page.check("#id_nature_0", force=True)
    page.fill("#id_quotite_apres", "0,80")
    page.fill("#id_cout_annuel", "48 749,99")

    page.wait_for_selector("#calcul :text('27\u202f299,99')")
    page.wait_for_selector("#annonce:text('27\u202f299,99')", state="attached")
    page.press("#id_cout_annuel", "Enter")

    page.wait_for_url(f"**{adresse('postes', dossier)}")
    assert LignePoste.objects.get().quotite_apres == Decimal("0.80")


def test_le_plan_se_mesure_pendant_la_saisie_puis_s_enregistre(page, juger, dossier):
    ligne = ligne_de(dossier)
    page.goto(adresse("plan", dossier))
    page.fill(f"#id_ligne_{ligne.pk}-aap-montant", "28 000")
    page.select_option(f"#id_ligne_{ligne.pk}-0-source", "europe")
    page.fill(f"#id_ligne_{ligne.pk}-0-precision", "FSE+")
    page.fill(f"#id_ligne_{ligne.pk}-0-montant", "11 370")
    page.wait_for_selector("#constat :text('il manque 630,00')")

    page.click("[data-ajouter]")
    assert page.evaluate("document.activeElement.id") == f"id_ligne_{ligne.pk}-1-source"
    page.keyboard.press("F")
    page.select_option(f"#id_ligne_{ligne.pk}-1-source", "fonds_propres")
    page.fill(f"#id_ligne_{ligne.pk}-1-montant", "630")
    page.wait_for_selector("#constat :text('Le plan respecte toutes les règles')")
    page.wait_for_selector("#tableau-plan :text('Fonds propres')")
    juger()
    for _ in range(3):
        page.click("[data-ajouter]")
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer", exact=True).click()

    page.wait_for_selector("text=Enregistré à")
    assert sorted(FinancementPoste.objects.values_list("source", "montant")) == [
        ("aap", 28000), ("europe", 11370), ("fonds_propres", 630),
    ]  # fmt: skip


def test_les_fichiers_partent_des_qu_ils_sont_choisis_et_chacun_est_juge(page, juger, dossier):
    page.goto(adresse("pieces", dossier))
    page.set_input_files(
        "#id_rapport_activite_fichiers",
        [
            {"name": "rapport.pdf", "mimeType": "application/pdf", "buffer": pdf()},
            {"name": "faux.pdf", "mimeType": "application/pdf", "buffer": b"rien"},
        ],
    )

    page.wait_for_selector("#piece-rapport_activite .pd-donnees")
    page.wait_for_selector("#resume-pieces :text('1 sur 2')")
    assert page.evaluate("document.activeElement.matches('#piece-rapport_activite .fr-alert--error')")
    assert [piece.fichier.nom for piece in dossier.pieces.all()] == ["rapport.pdf"]
    juger()


def test_un_fichier_glisse_dans_le_cadre_part_aussi(page, dossier):
    page.goto(adresse("pieces", dossier))
    transfert = page.evaluate_handle(
        """octets => { const t = new DataTransfer();
        t.items.add(new File([new Uint8Array(octets)], "glisse.pdf", {type: "application/pdf"})); return t; }""",
        list(pdf()),
    )
    page.dispatch_event("#piece-comptes_annuels form[data-depot]", "dragover", {"dataTransfer": transfert})
    page.dispatch_event("#piece-comptes_annuels form[data-depot]", "drop", {"dataTransfer": transfert})

    page.wait_for_selector("#piece-comptes_annuels .pd-donnees")
    assert dossier.pieces.get().fichier.nom == "glisse.pdf"


def test_une_piece_se_declare_et_se_retire_sans_quitter_la_page(page, dossier):
    dossier.subventions_publiques = Decimal("153000.00")
    dossier.save()
    page.goto(adresse("pieces", dossier))
    page.get_by_role("button", name="Non concerné").click()
    page.wait_for_selector("#piece-rapport_cac .pd-donnees")
    page.locator("#piece-rapport_cac").get_by_role("button", name="Retirer").click()
    page.wait_for_selector("#piece-rapport_cac .pd-donnees", state="detached")

    assert dossier.pieces.get().retiree_le is not None


@pytest.fixture
def sans_script(browser, browser_context_args, page):
    contexte = browser.new_context(**browser_context_args, java_script_enabled=False)
    contexte.add_cookies(page.context.cookies())
    yield contexte.new_page()
    contexte.close()


def test_tout_se_fait_sans_javascript(dossier, sans_script):
    ligne, page = ligne_de(dossier), sans_script
    page.goto(adresse("plan", dossier))
    assert page.locator("[data-ajouter]").is_hidden()
    page.fill(f"#id_ligne_{ligne.pk}-aap-montant", "28000")
    page.select_option(f"#id_ligne_{ligne.pk}-1-source", "fonds_propres")
    page.fill(f"#id_ligne_{ligne.pk}-1-montant", "12000")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_selector("#constat :text('Le plan respecte toutes les règles')")

    page.goto(adresse("pieces", dossier))
    page.set_input_files("#id_rib_fichiers", {"name": "rib.pdf", "mimeType": "application/pdf", "buffer": pdf()})
    page.click("#piece-rib button")
    page.wait_for_selector("text=« rib.pdf » est ajouté.".replace("« ", "«\u00a0").replace(" »", "\u00a0»"))

    assert FinancementPoste.objects.count() == 2
    assert dossier.pieces.get().code == "rib"
