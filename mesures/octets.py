"""Bytes moved and seconds waited, in Chromium, over a line of 400 kbit/s with 300 ms there and back.

python -m mesures.octets monde.json PORTAIL mesures.json
"""

import json
import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from .tableau import Mesure, noter

DEBIT, ATTENTE = 400_000 / 8, 300  # bytes a second, ms
PREMIERE_OCTETS, SUIVANTE_OCTETS = 350, 40  # KB, compressed
PREMIERE_S, SUIVANTE_S = 4.0, 1.5
GROUPE = "Ligne à 400 kbit/s, 300 ms d’aller-retour (Chromium)"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
OPTIONS += ["--disable-component-update", "--disable-sync", "--no-first-run"]
# The instant when the largest text or image of the page was painted, in ms from the start of the navigation.
PEINT = """() => new Promise((fini) => {
    let dernier = 0;
    new PerformanceObserver((liste) => {
        for (const entree of liste.getEntries()) dernier = Math.max(dernier, entree.startTime);
    }).observe({ type: "largest-contentful-paint", buffered: true });
    setTimeout(() => fini(dernier), 300);
})"""
PREMIERE_PEINTURE = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0"


class Onglet:
    """A page whose line is slow and whose bytes are counted, headers included."""

    def __init__(self, contexte):
        self.page = contexte.new_page()
        self.session = contexte.new_cdp_session(self.page)
        self.session.send("Network.enable")
        self.session.on("Network.loadingFinished", self._compter)
        self.session.on("Network.responseReceived", self._nommer)
        self.octets, self.requetes, self.noms = 0, [], {}

    def ralentir(self):
        regles = {"offline": False, "latency": ATTENTE, "downloadThroughput": DEBIT, "uploadThroughput": DEBIT}
        self.session.send("Network.emulateNetworkConditions", regles)

    def aller(self, adresse):
        """(first paint, largest paint, end of the loading) in seconds, bytes."""
        self.octets, self.requetes = 0, []
        self.page.goto(adresse, wait_until="load", timeout=60_000)
        peint, premier = self.page.evaluate(PEINT), self.page.evaluate(PREMIERE_PEINTURE)
        self.page.wait_for_load_state("networkidle")
        charge = self.page.evaluate("() => performance.getEntriesByType('navigation')[0].loadEventEnd")
        return premier / 1000, peint / 1000, charge / 1000, self.octets

    def _nommer(self, evenement):
        self.noms[evenement["requestId"]] = evenement["response"]["url"]

    def _compter(self, evenement):
        self.octets += evenement["encodedDataLength"]
        nom = self.noms.get(evenement["requestId"], "").rpartition("/")[2]
        self.requetes.append((int(evenement["encodedDataLength"]), nom))


def chromium(playwright):
    noms = ("chromium", "chromium-browser", "google-chrome")
    programme = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, noms)))
    return playwright.chromium.launch(executable_path=programme, args=OPTIONS)


def mesurer(monde, portail):
    base = f"http://{portail}"
    with sync_playwright() as playwright:
        navigateur = chromium(playwright)
        contexte = navigateur.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
        onglet = Onglet(contexte)
        onglet.ralentir()
        yield from _premiere(onglet.aller(f"{base}/"))
        _detailler("première visite", onglet)
        _se_connecter(onglet.page, base, monde["riche"]["courriel"], monde["mot_de_passe"])
        numero = monde["riche"]["numero"]
        onglet.aller(f"{base}/dossiers/")
        for nom, chemin in (
            ("son accueil", "/"),
            ("le dossier le plus lourd", f"/dossiers/{numero}/"),
            ("sa rubrique projet", f"/dossiers/{numero}/projet/"),
            ("ses budgets", f"/dossiers/{numero}/budgets/"),
            ("ses 30 fichiers", f"/dossiers/{numero}/pieces/"),
            ("sa relecture", f"/dossiers/{numero}/deposer/"),
        ):
            yield from _suivante(nom, onglet.aller(base + chemin))
            _detailler(nom, onglet)
        navigateur.close()


def _premiere(mesure):
    premier, peint, charge, octets = mesure
    yield Mesure(GROUPE, "première visite, cache vide : octets", octets / 1000, "Ko", PREMIERE_OCTETS)
    yield Mesure(GROUPE, "première visite : premier texte", premier, "s", PREMIERE_S)
    yield Mesure(GROUPE, "première visite : page dessinée", peint, "s", PREMIERE_S)
    yield Mesure(GROUPE, "première visite : tout est chargé", charge, "s")


def _suivante(nom, mesure):
    _, peint, _, octets = mesure
    yield Mesure(GROUPE, f"page suivante, {nom} : octets", octets / 1000, "Ko", SUIVANTE_OCTETS)
    yield Mesure(GROUPE, f"page suivante, {nom} : page dessinée", peint, "s", SUIVANTE_S)


def _se_connecter(page, base, courriel, mot_de_passe):
    page.goto(f"{base}/compte/connexion/", timeout=60_000)
    page.fill("input[name=login]", courriel)
    page.fill("input[name=password]", mot_de_passe)
    page.click("main form button[type=submit]", timeout=60_000)
    page.wait_for_url(lambda adresse: "connexion" not in adresse, timeout=60_000)


def _detailler(nom, onglet):
    """DETAIL=1 says which file weighs what."""
    if os.environ.get("DETAIL"):
        print(f"\n{nom}: {sorted(onglet.requetes, reverse=True)}", flush=True)


if __name__ == "__main__":
    lu, portail, sortie = sys.argv[1:]
    noter(sortie, list(mesurer(json.loads(Path(lu).read_text()), portail)))
