"""The showcase in Chromium: accessible, narrow, focused, sent once."""

import pytest

from aap_portal.comptes.models.droits import Role

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = ["/vitrine/", f"/vitrine/?role={Role.ADMINISTRATEUR}", "/vitrine/formulaires/", "/vitrine/refus/", "/vitrine/rien/",
         "/accessibilite/", "/mentions-legales/", "/donnees-personnelles/"]  # fmt: skip


@pytest.mark.parametrize("theme", ["dsfr", "neutre"])
@pytest.mark.parametrize("largeur", [320, 1280])
def test_les_pages_du_cadre_sont_accessibles_et_tiennent_dans_la_largeur(page, site, axe, largeur, theme):
    site.THEME, site.DEMONSTRATION, site.CONTACT_COURRIEL = theme, True, "aap@service.example"
    page.set_viewport_size({"width": largeur, "height": 900})
    for chemin in PAGES:
        page.goto(chemin)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") == largeur, chemin


@pytest.mark.parametrize("largeur", [320, 1280])
def test_un_formulaire_refuse_est_accessible_et_son_resume_a_le_focus(page, site, axe, largeur):
    page.set_viewport_size({"width": largeur, "height": 900})
    page.goto("/vitrine/formulaires/")
    page.click("#libre button.fr-btn")
    page.wait_for_url("**/formulaires/")
    assert page.title().startswith("Erreur : ")
    assert page.locator(".pa-erreurs").first.evaluate("resume => resume === document.activeElement")
    axe(page)
    page.click("text=Montant demandé : Saisissez un montant.")
    assert page.evaluate("document.activeElement.id") == "id_montant"
    assert page.evaluate("document.documentElement.scrollWidth") == largeur


def test_le_menu_s_ouvre_sur_un_telephone(page, site, axe):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"/vitrine/?role={Role.INSTRUCTEUR}")
    page.click("#ouvrir-menu")
    page.locator("#menu").get_by_role("link", name="Conventions").wait_for()
    assert page.locator("#menu").get_by_role("button", name="Se déconnecter").is_visible()
    page.wait_for_timeout(400)  # the end of the fade: axe measures colours
    axe(page)


def test_un_double_clic_n_envoie_le_formulaire_qu_une_fois(page, site):
    envois = []
    page.on("request", lambda requete: envois.append(requete.url) if requete.method == "POST" else None)
    page.goto("/vitrine/formulaires/")
    page.dblclick("#libre button.fr-btn")
    page.wait_for_load_state("networkidle")
    assert len(envois) == 1


def test_sans_javascript_le_menu_et_le_compte_restent_atteignables(browser, live_server, site):
    contexte = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    try:
        page = contexte.new_page()
        page.goto(f"{live_server.url}/vitrine/?role={Role.INSTRUCTEUR}")
        assert page.locator("#navigation").get_by_text("Conventions").is_visible()
        assert page.locator(".fr-header__tools").get_by_text("Se déconnecter").is_visible()
        assert page.locator("#fil-ariane").get_by_text("Mes dossiers").is_visible()
        assert page.get_by_role("button", name="Menu", exact=True).count() == 0
    finally:
        contexte.close()


def test_la_region_d_annonce_parle_aux_lecteurs_d_ecran(page, site):
    page.goto("/vitrine/")
    page.evaluate("annoncer('Enregistré à 14 h 32')")
    page.locator("#annonce", has_text="Enregistré à 14 h 32").wait_for(state="attached")
    assert page.locator("#annonce").get_attribute("aria-live") == "polite"
