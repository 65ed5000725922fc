"""Autosave in a browser: what it says, what it does when the line is cut, the session over, the page closed."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from candidatures.models import Dossier
from tests.factories import MOT_DE_PASSE, CampagneFactory, DossierFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dossier(connecter, page):
    maintenant = timezone.now()
    campagne = CampagneFactory(
        annee=maintenant.year, ouverture_le=maintenant - timedelta(days=9), cloture_le=maintenant + timedelta(days=9)
    )
    dossier = DossierFactory(campagne=campagne, intitule="Le titre de départ")
    connecter(dossier.cree_par)
    page.clock.install()
    return dossier


def adresse(dossier, code="projet"):
    return reverse("candidatures:rubrique", args=[dossier.numero, code])


def attendre(page, etat, phrase=""):
    """The sentence under the form, once it is in this state."""
    suivi = page.locator(f"[data-suivi][data-etat='{etat}']", has_text=re.compile(phrase))
    suivi.wait_for()
    return suivi.inner_text().replace("\u00a0", " ")


def se_taire(page):
    """A pause in the typing."""
    page.clock.run_for(1600)


def couper(page):
    page.route("**/projet/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())


def en_attente(page):
    """How many typings wait in the tab."""
    return page.evaluate("Object.keys(sessionStorage).filter(cle => cle.startsWith('aap-saisie:')).length")


def retablir(page):
    page.unroute_all(behavior="wait")


def test_ce_que_l_on_tape_s_enregistre_tout_seul_et_c_est_dit(page, dossier):
    page.goto(adresse(dossier))
    assert page.locator("[data-suivi]").is_hidden()
    page.fill("#id_diagnostic", "Trente marchés")
    attendre(page, "frappe", "Saisie en cours")
    assert page.locator("#annonce").inner_text() == ""
    se_taire(page)

    assert re.fullmatch(r"Enregistré à \d{1,2} h( \d\d)?\.", attendre(page, "enregistre"))
    page.clock.run_for(200)
    assert page.locator("#annonce").inner_text().startswith("Enregistré à")
    assert Dossier.objects.get().diagnostic == "Trente marchés"

    page.fill("#id_diagnostic", "Trente marchés suivis")
    se_taire(page)
    attendre(page, "enregistre")
    assert en_attente(page) == 0
    assert Dossier.objects.get().diagnostic == "Trente marchés suivis"
    page.reload()
    assert page.locator("[data-brouillon]").count() == 0


def test_une_ligne_coupee_garde_la_saisie_et_la_renvoie_toute_seule(page, dossier):
    page.goto(adresse(dossier))
    couper(page)
    page.fill("#id_diagnostic", "Tapé hors ligne")
    se_taire(page)
    assert "reste dans cet onglet et partira au retour de la ligne" in attendre(page, "hors-ligne")
    page.fill("#id_objectifs", "Et la suite")

    retablir(page)
    page.clock.run_for(2100)

    attendre(page, "enregistre")
    se_taire(page)
    attendre(page, "enregistre")
    assert en_attente(page) == 0
    objet = Dossier.objects.get()
    assert (objet.diagnostic, objet.objectifs) == ("Tapé hors ligne", "Et la suite")


def test_une_reponse_perdue_n_est_pas_un_croisement_avec_soi_meme(page, dossier):
    """Saved, but the answer was cut: the very same goes again, then what was typed since."""
    page.goto(adresse(dossier))
    perdues = []

    def perdre(route):
        if not perdues:
            perdues.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    page.route("**/projet/", perdre)
    page.fill("#id_diagnostic", "Premier jet")
    se_taire(page)
    attendre(page, "hors-ligne")
    assert perdues == [200]
    page.fill("#id_diagnostic", "Premier jet, puis le second")
    page.clock.run_for(2100)
    attendre(page, "enregistre")
    se_taire(page)
    attendre(page, "enregistre")
    assert en_attente(page) == 0

    assert Dossier.objects.get().diagnostic == "Premier jet, puis le second"


def test_ce_qui_ne_se_lit_pas_est_nomme_et_le_reste_s_enregistre(page, dossier):
    page.goto(adresse(dossier, "structure"))
    page.fill("#id_contact_nom", "Claude")
    page.fill("#id_contact_courriel", "claude@")
    se_taire(page)

    dit = attendre(page, "partiel")
    assert dit.startswith("Non enregistré : « Courriel de cette personne » :")
    assert dit.endswith("Le reste est enregistré.")
    assert (Dossier.objects.get().contact_nom, Dossier.objects.get().contact_courriel) == ("Claude", "")


def test_apres_un_rechargement_la_saisie_non_envoyee_est_proposee_puis_reprise(page, dossier, axe):
    page.goto(adresse(dossier))
    couper(page)
    page.fill("#id_diagnostic", "Tapé hors ligne")
    se_taire(page)
    attendre(page, "hors-ligne")
    retablir(page)
    page.on("dialog", lambda dialogue: dialogue.accept())
    page.reload()

    assert "« Diagnostic territorial »." in page.locator("[data-brouillon]").inner_text().replace("\u00a0", " ")
    assert page.input_value("#id_diagnostic") == ""
    page.locator("[data-brouillon]:focus").wait_for()  # a reloaded page opens where it was left, far below
    axe(page)
    page.set_viewport_size({"width": 320, "height": 900})
    axe(page)
    page.get_by_role("button", name="Reprendre ce texte").click()
    page.wait_for_selector("text=Enregistré à")

    assert page.locator("[data-brouillon]").count() == 0
    assert Dossier.objects.get().diagnostic == "Tapé hors ligne"


def test_la_saisie_proposee_peut_etre_effacee(page, dossier):
    page.goto(adresse(dossier))
    couper(page)
    page.fill("#id_diagnostic", "À oublier")
    se_taire(page)
    attendre(page, "hors-ligne")
    page.on("dialog", lambda dialogue: dialogue.accept())
    page.reload()
    page.get_by_role("button", name="L’effacer").click()
    page.reload()

    assert page.locator("[data-brouillon]").count() == 0
    assert en_attente(page) == 0


def test_une_session_expiree_se_dit_et_rend_la_saisie_apres_la_connexion(page, dossier, connecter):
    personne = dossier.cree_par
    personne.set_password(MOT_DE_PASSE)
    personne.save()
    connecter(personne)
    page.goto(adresse(dossier))
    Session.objects.all().delete()
    page.fill("#id_diagnostic", "Tapé après la fin de la session")
    se_taire(page)
    assert attendre(page, "expiree").startswith(
        "Votre session a expiré : reconnectez-vous, ce que vous avez écrit est gardé."
    )

    page.fill("#id_objectifs", "Et encore après")
    page.get_by_role("button", name="Se reconnecter").click()
    page.fill("[name=login]", personne.email)
    page.fill("[name=password]", MOT_DE_PASSE)
    page.get_by_role("button", name="Se connecter").click()

    page.wait_for_url(f"**{adresse(dossier)}")
    assert page.input_value("#id_diagnostic") == "Tapé après la fin de la session"
    assert page.input_value("#id_objectifs") == "Et encore après"
    assert page.locator("[data-brouillon]").count() == 0
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_selector("text=Enregistré à")
    assert Dossier.objects.get().objectifs == "Et encore après"


def test_reconnecte_dans_un_autre_onglet_la_page_continue_d_elle_meme(page, dossier, connecter):
    page.goto(adresse(dossier))
    page.context.clear_cookies(name="csrftoken")
    page.goto(adresse(dossier))
    page.context.add_cookies([{"name": "csrftoken", "value": "n" * 32, "url": page.url}])
    page.fill("#id_diagnostic", "Sans recharger")
    se_taire(page)
    page.clock.run_for(100)

    attendre(page, "enregistre")
    assert Dossier.objects.get().diagnostic == "Sans recharger"


def test_un_autre_compte_dans_le_meme_navigateur_ne_recoit_pas_la_saisie(page, dossier, connecter):
    page.goto(adresse(dossier))
    connecter(UtilisateurFactory(redacteur_de=dossier.structure))
    page.context.add_cookies([{"name": "csrftoken", "value": "n" * 32, "url": page.url}])
    page.fill("#id_diagnostic", "D’une autre")
    se_taire(page)

    assert "une autre personne est connectée dans ce navigateur" in attendre(page, "refus")
    assert Dossier.objects.get().diagnostic == ""
    page.on("dialog", lambda dialogue: dialogue.accept())
    page.goto(reverse("candidatures:dossiers"))
    assert en_attente(page) == 0


def test_se_deconnecter_oublie_ce_qui_attend_dans_l_onglet(page, dossier):
    page.goto(adresse(dossier))
    couper(page)
    page.fill("#id_diagnostic", "Sur un poste partagé")
    se_taire(page)
    attendre(page, "hors-ligne")
    assert en_attente(page) == 1
    retablir(page)
    page.on("dialog", lambda dialogue: dialogue.accept())
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/")

    assert en_attente(page) == 0


def test_quitter_la_page_n_interroge_que_si_quelque_chose_n_est_pas_parti(page, dossier):
    questions = []
    page.on("dialog", lambda dialogue: (questions.append(dialogue.type), dialogue.accept()))
    page.goto(adresse(dossier))
    page.fill("#id_diagnostic", "Tapé juste avant de partir")
    page.goto(reverse("candidatures:dossiers"))
    for _ in range(100):  # sent while leaving, it may arrive after the next page
        if Dossier.objects.get(pk=dossier.pk).diagnostic == "Tapé juste avant de partir":
            break
        page.wait_for_timeout(100)
    page.goto(adresse(dossier))
    assert (questions, page.input_value("#id_diagnostic")) == ([], "Tapé juste avant de partir")

    couper(page)
    page.fill("#id_diagnostic", "Jamais parti")
    se_taire(page)
    attendre(page, "hors-ligne")
    page.goto(reverse("candidatures:dossiers"))
    assert questions == ["beforeunload"]


def test_enregistrer_et_continuer_attend_la_ligne_puis_passe_a_la_suite(page, dossier):
    page.goto(adresse(dossier))
    couper(page)
    page.fill("#id_diagnostic", "Trente marchés")
    page.get_by_role("button", name="Enregistrer et continuer").click()
    attendre(page, "hors-ligne")
    retablir(page)
    page.clock.run_for(2100)

    page.wait_for_url(f"**{reverse('candidatures:postes', args=[dossier.numero])}")
    assert "Enregistré à" in page.locator("main").inner_text()
    assert Dossier.objects.get().diagnostic == "Trente marchés"


def test_ce_qu_une_collegue_a_change_entre_dans_la_page_et_ce_qui_se_croise_se_montre(page, dossier, axe):
    page.goto(adresse(dossier))
    Dossier.objects.update(objectifs="D’Awa")
    page.fill("#id_diagnostic", "Le mien")
    se_taire(page)
    page.locator("[data-suivi]", has_text="changé entre-temps").wait_for()
    assert page.input_value("#id_objectifs") == "D’Awa"

    Dossier.objects.update(strategie="La stratégie d’Awa")
    page.fill("#id_strategie", "Ma stratégie")
    page.fill("#id_objectifs", "D’Awa et de moi")
    se_taire(page)
    assert "enregistrez pour voir les deux textes" in attendre(page, "partiel")
    assert (Dossier.objects.get().strategie, Dossier.objects.get().objectifs) == (
        "La stratégie d’Awa",
        "D’Awa et de moi",
    )

    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_selector("text=Deux personnes ont écrit au même endroit")
    for largeur in (1280, 320):
        page.set_viewport_size({"width": largeur, "height": 900})
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= largeur
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_selector("text=Enregistré à")
    assert Dossier.objects.get().strategie == "Ma stratégie\n\nLa stratégie d’Awa"
