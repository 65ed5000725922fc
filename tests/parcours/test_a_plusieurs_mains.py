"""Two members of a structure fill one dossier in two browsers, over a line cut at random: nothing is lost, nothing is twice."""

import contextlib
import random
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Error

from aap_portal.referentiel.models import FinancementPoste, LignePoste
from candidatures.forms.sections import SECTIONS
from candidatures.forms.versions import poser
from candidatures.models import Depot, Dossier
from tests.factories import CampagneFactory, DossierFactory, StructureFactory, UtilisateurFactory
from tests.fichiers.echantillons import pdf
from tests.parcours.navigation import lire, remplir

pytestmark = pytest.mark.django_db(transaction=True)
GRAINE = 976
TAPEES = {"budgets": ("structure_", "projection_2", "projection_3")}  # the rest comes from the plan
ENSEMBLE = {"missions": ("missions", "position_")}  # answers that one person gives together


class LigneAuHasard:
    """Cuts requests, before they reach the server or before its answer comes back: the seed and the request decide, not the time."""

    def __init__(self, graine, part=0.4, de_suite=2):
        self.graine, self.part, self.de_suite = graine, part, de_suite
        self.rangs, self.suites = {}, {}
        self.avant, self.apres = 0, 0

    def porter(self, route):
        cle = (route.request.method, urlsplit(route.request.url).path)
        rang = self.rangs[cle] = self.rangs.get(cle, 0) + 1
        tirage = random.Random(f"{self.graine} {cle} {rang}").random()
        de_suite = 1 if route.request.is_navigation_request() else self.de_suite
        if tirage >= self.part or self.suites.get(cle, 0) == de_suite:
            self.suites[cle] = 0
            return route.continue_()
        self.suites[cle] = self.suites.get(cle, 0) + 1
        if tirage < self.part / 2:
            self.avant += 1
        else:
            self.apres += 1
            route.fetch(max_redirects=0)
        return route.abort("connectionreset")


class Membre:
    """One person in a browser of their own."""

    def __init__(self, contexte, personne, ligne, site):
        client = Client()
        client.force_login(personne, backend="django.contrib.auth.backends.ModelBackend")
        jeton = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page = contexte.new_page()
        contexte.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": jeton, "url": site}])
        contexte.route(re.compile(r"/dossiers/"), ligne.porter)
        self.page.set_default_timeout(10_000)
        self.page.clock.install()
        self.page.on("dialog", lambda dialogue: dialogue.accept())

    def aller(self, adresse):
        for _ in range(6):
            try:
                return self.page.goto(adresse)
            except Error:
                with contextlib.suppress(Error):  # the browser's own page of error, to its end
                    self.page.wait_for_url("chrome-error://chromewebdata/", timeout=3000)
        raise AssertionError(f"{adresse} never came")

    def taper(self, reponses):
        for nom, valeurs in reponses.items():
            champ = self.page.locator(f'form[data-enregistrement] [name="{nom}"]')
            if champ.first.get_attribute("type") in {"checkbox", "radio"}:
                for valeur in valeurs:
                    precis = self.page.locator(f'form[data-enregistrement] [name="{nom}"][value="{valeur}"]')
                    (precis if precis.count() else champ).check(force=True)
            else:
                remplir(self.page, **{nom: valeurs[0]})

    def laisser_partir(self):
        """Pauses, and what the page does in them, until it says that all is saved."""
        for _ in range(40):
            self.page.clock.run_for(3000)
            self.page.locator("[data-suivi]:not([data-etat='envoi'])").wait_for()
            dit = self.page.locator("[data-suivi]")
            if dit.get_attribute("data-etat") == "enregistre" and not self.en_attente():
                return
        raise AssertionError(f"never saved: {dit.inner_text()}")

    def en_attente(self):
        return self.page.evaluate("Object.keys(sessionStorage).some(cle => cle.startsWith('aap-saisie:'))")

    def presser(self, nom, arrivee):
        """Press a button of a form that goes again by itself until it is answered, then leads elsewhere."""
        self.page.get_by_role("button", name=nom, exact=True).click()
        for _ in range(40):
            if self.page.url.endswith(arrivee) or "chrome-error" in self.page.url:
                return self.aller(arrivee)
            try:
                self.page.clock.run_for(3000)
                self.page.locator("[data-suivi]:not([data-etat='envoi'])").wait_for(timeout=2000)
            except Error:
                continue  # the page is leaving
        raise AssertionError(f"« {nom} » never answered")


@pytest.fixture
def equipe(browser, browser_context_args, live_server, settings):
    """`equipe(structure, ligne)`: Awa, who signs, and Youssouf, who writes."""
    settings.SITE_URL = live_server.url
    contextes = []

    def reunir(structure, ligne):
        personnes = [UtilisateurFactory(signataire_de=structure), UtilisateurFactory(redacteur_de=structure)]
        contextes.extend(browser.new_context(**browser_context_args) for _ in personnes)
        return [Membre(*paire, ligne, live_server.url) for paire in zip(contextes, personnes, strict=True)]

    yield reunir
    for contexte in contextes:
        contexte.close()


@pytest.fixture
def modele():
    """A complete dossier of another structure: what the two will type."""
    maintenant = timezone.now()
    campagne = CampagneFactory(
        annee=maintenant.year, ouverture_le=maintenant - timedelta(days=9), cloture_le=maintenant + timedelta(days=9)
    )
    return DossierFactory(complet=True, campagne=campagne)


@pytest.fixture
def dossier(modele):
    return DossierFactory(campagne=modele.campagne, structure=StructureFactory())


def reponses(code, dossier):
    """What a section of this dossier would send, answer by answer."""
    form, donnees = SECTIONS[code](dossier=dossier), QueryDict(mutable=True)
    for nom, valeur in form.enregistre.items():
        poser(donnees, nom, form.fields[nom], valeur)
    return {nom: valeurs for nom, valeurs in donnees.lists() if any(valeurs) and nom.startswith(TAPEES.get(code, ""))}


def partager(code, toutes):
    """Every other answer to each; what goes together stays together."""
    ensemble = {nom: valeurs for nom, valeurs in toutes.items() if nom.startswith(ENSEMBLE.get(code, ("\0",)))}
    reste = [nom for nom in toutes if nom not in ensemble]
    return ensemble | {nom: toutes[nom] for nom in reste[::2]}, {nom: toutes[nom] for nom in reste[1::2]}


def remplir_ensemble(code, dossier, modele, *membres):
    for membre in membres:
        membre.aller(f"/dossiers/{dossier.numero}/{code}/")
    for membre, part in zip(membres, partager(code, reponses(code, modele)), strict=True):
        membre.taper(part)
    for membre in membres:
        if membre.en_attente():
            membre.laisser_partir()


def ajouter_le_poste(membre, dossier, modele):
    ligne = modele.plan.lignes.get()
    membre.aller(f"/dossiers/{dossier.numero}/postes/ajouter/")
    membre.taper(
        {
            "metier": [ligne.poste.metier], "intitule": [ligne.poste.intitule], "nature": [ligne.nature],
            "quotite_apres": ["1"], "cout_annuel": ["40 000"],
            "communes": [str(commune.pk) for commune in ligne.poste.communes.all()],
        }
    )  # fmt: skip
    membre.presser("Enregistrer le poste", f"/dossiers/{dossier.numero}/postes/")


def financer_ensemble(dossier, awa, youssouf):
    prefixe = f"ligne_{dossier.plan.lignes.get().pk}"
    for membre in (awa, youssouf):
        membre.aller(f"/dossiers/{dossier.numero}/plan/")
    awa.taper({f"{prefixe}-aap-montant": ["28 000"]})
    youssouf.taper({f"{prefixe}-0-source": ["fonds_propres"], f"{prefixe}-0-montant": ["12 000"]})
    awa.laisser_partir()
    youssouf.laisser_partir()


def donner_les_pieces(membre, dossier, codes):
    for code in codes:
        membre.aller(f"/dossiers/{dossier.numero}/pieces/")
        carte = membre.page.locator(f"#piece-{code}")
        if carte.locator("details:not([open])").count():
            carte.locator("summary").first.click()
        carte.locator("input[type=file]").first.set_input_files(
            {"name": f"{code}.pdf", "mimeType": "application/pdf", "buffer": pdf(pages=len(code))}
        )
        for _ in range(40):
            membre.page.clock.run_for(500)
            with contextlib.suppress(Error):  # checked by the portal meanwhile, or sent again
                carte.get_by_text("est ajouté").first.wait_for(timeout=500)
                break


def deposer(membre, dossier):
    for _ in range(8):
        membre.aller(f"/dossiers/{dossier.numero}/deposer/")
        bouton = membre.page.get_by_role("button", name="Déposer le dossier")
        if not bouton.count():
            break
        try:
            with membre.page.expect_navigation():
                bouton.click()
        except Error:
            continue
    membre.aller(f"/dossiers/{dossier.numero}/recepisse/1/")


def test_a_deux_sur_une_ligne_coupee_rien_ne_se_perd_ni_ne_se_repete(equipe, dossier, modele):
    ligne = LigneAuHasard(GRAINE)
    awa, youssouf = equipe(dossier.structure, ligne)

    ajouter_le_poste(awa, dossier, modele)
    financer_ensemble(dossier, awa, youssouf)
    for code in SECTIONS:
        remplir_ensemble(code, dossier, modele, awa, youssouf)
    donner_les_pieces(youssouf, dossier, modele.pieces.values_list("code", flat=True))

    ecrit = Dossier.objects.get(pk=dossier.pk)
    for code in SECTIONS:
        assert reponses(code, ecrit) == reponses(code, modele), code
    assert LignePoste.objects.filter(plan=dossier.plan).count() == 1
    assert sorted(FinancementPoste.objects.filter(ligne__plan=dossier.plan).values_list("source", "montant")) == [
        ("aap", 28000), ("fonds_propres", 12000),
    ]  # fmt: skip
    assert sorted(dossier.pieces.values_list("code", flat=True)) == sorted(modele.pieces.values_list("code", flat=True))

    deposer(awa, dossier)
    assert "Récépissé de dépôt" in lire(awa.page)
    assert (Dossier.objects.get(pk=dossier.pk).etat, Depot.objects.count()) == (Dossier.Etat.DEPOSE, 1)
    assert min(ligne.avant, ligne.apres) >= 5  # the line was cut indeed, both ways


def test_sans_nouvel_essai_la_meme_ligne_perd_des_reponses(equipe, dossier, modele):
    """Negative control: the same script that gives up after a cut leaves the server without what was typed."""
    ligne = LigneAuHasard(GRAINE, part=1, de_suite=1)
    membres = equipe(dossier.structure, ligne)

    def sans_essai(route):
        script = route.fetch().text()
        assert script.count("programmer(Math.min(ESSAI_MAX") == 1
        route.fulfill(body=script.replace("programmer(Math.min(ESSAI_MAX", "void (Math.min(ESSAI_MAX"))

    for membre in membres:
        membre.page.route(re.compile(r"enregistrement.*\.js"), sans_essai)
    with pytest.raises(AssertionError, match="never saved: Hors ligne"):
        remplir_ensemble("projet", dossier, modele, *membres)

    assert reponses("projet", Dossier.objects.get(pk=dossier.pk)) != reponses("projet", modele)
