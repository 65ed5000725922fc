"""Twenty porteurs at once, without a pause between two clicks: first the floor, then saving sections, then filing.

python -m mesures.charge monde.json PORTAIL PLANCHER recus.json mesures.json
"""

import http.client
import json
import re
import sys
import threading
import time
from pathlib import Path

from .monde import TEXTE
from .tableau import Mesure, centile, noter
from .visiteur import Visiteur, formulaires

ENREGISTREMENTS, PLANCHER = 20, 40  # by porteur
DUREE_MAX = 60  # seconds for each part, whatever remains to be done
EMPREINTE = re.compile(r"\b[0-9a-f]{64}\b")
RECEPISSE = re.compile(r"/dossiers/([^/]+)/recepisse/(\d+)/")
RUBRIQUE = re.compile(r'href="(/dossiers/[^/"]+/[a-z-]+/)"')


class Chrono:
    """Durations by gesture and what went wrong, noted by many threads."""

    def __init__(self):
        self.durees, self.erreurs, self.verrou = {}, [], threading.Lock()

    def noter(self, geste, reponse, attendu):
        with self.verrou:
            self.durees.setdefault(geste, []).append(reponse.duree)
            if reponse.statut not in attendu:
                self.erreurs.append(f"{geste}: {reponse.statut} at {reponse.adresse} {_dit(reponse)}")

    def echouer(self, geste, erreur):
        with self.verrou:
            self.erreurs.append(f"{geste}: {erreur!r}")


def _dit(reponse):
    """The sentence of a refusal, for whoever reads the output."""
    trouve = re.search(r"data-focus.*?</div>|fr-error-text[^>]*>.*?<", reponse.texte, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", trouve[0]).split())[:300] if trouve else ""


def ensemble(geste, visiteurs, chrono):
    """Each visitor in a thread of their own, all started at the same instant; seconds until the last is done."""
    depart = threading.Barrier(len(visiteurs) + 1)

    def courir(visiteur):
        depart.wait()
        limite = time.monotonic() + DUREE_MAX
        try:
            for _ in geste(visiteur, chrono):
                if time.monotonic() > limite:
                    return
        except (OSError, http.client.HTTPException, RuntimeError, StopIteration) as erreur:
            chrono.echouer(geste.__name__, erreur)

    fils = [threading.Thread(target=courir, args=(visiteur,)) for visiteur in visiteurs]
    for fil in fils:
        fil.start()
    depart.wait()
    debut = time.monotonic()
    for fil in fils:
        fil.join()
    return time.monotonic() - debut


class Porteur(Visiteur):
    def __init__(self, hote, fiche, mot_de_passe):
        super().__init__(hote)
        self.fiche, self.recus = fiche, []
        self.se_connecter(fiche["courriel"], mot_de_passe)

    def rubriques(self):
        """The sections of the draft to type in that have a long text to fill."""
        racine = f"/dossiers/{self.fiche['a_saisir']}/"
        liens = dict.fromkeys(RUBRIQUE.findall(self.lire(racine).texte))
        pages = [self.lire(lien) for lien in liens if lien.startswith(racine)]
        return [page.adresse for page in pages if any(_a_saisir(form) for form in formulaires(page))]


def _a_saisir(formulaire):
    return bool(formulaire.textes) and "version" in formulaire.noms()


def nue(visiteur, chrono):
    for _ in range(PLANCHER):
        chrono.noter("page nue", visiteur.lire("/"), {200})
        yield


def ecriture_nue(visiteur, chrono):
    for _ in range(PLANCHER):
        chrono.noter("écriture nue", visiteur.ecrire("/ecriture/", {"texte": TEXTE}), {204})
        yield


def enregistrer(porteur, chrono):
    """Open a section, change its texts, save, read the answer, and so on from section to section."""
    rubriques = porteur.rubriques()
    for rang in range(ENREGISTREMENTS):
        page = porteur.lire(rubriques[rang % len(rubriques)])
        chrono.noter("ouvrir une rubrique", page, {200})
        formulaire = next(form for form in formulaires(page) if _a_saisir(form))
        textes = {nom: f"Version {rang}. {TEXTE}"[: longueur or None] for nom, longueur in formulaire.textes}
        reponse = porteur.ecrire(formulaire.action, formulaire.remplir(**textes))
        chrono.noter("enregistrer une rubrique", reponse, {302})
        porteur.suivre(reponse)
        yield


def deposer(porteur, chrono):
    """Read the whole dossier again, file it, keep the receipt that is shown."""
    for numero in porteur.fiche["a_deposer"]:
        page = porteur.lire(f"/dossiers/{numero}/deposer/")
        chrono.noter("relire le dossier", page, {200})
        reponse = porteur.ecrire(*envoi_du_depot(page))
        chrono.noter("déposer", reponse, {302})
        recepisse = porteur.suivre(reponse)
        chrono.noter("lire le récépissé", recepisse, {200})
        porteur.recus.append(recu(recepisse))
        yield


def envoi_du_depot(page):
    formulaire = next(form for form in formulaires(page) if "cle" in form.noms())
    cases = {nom: valeur for nom, valeur, exigee in formulaire.cases if exigee}
    return formulaire.action, formulaire.remplir(**cases)


def recu(page):
    """What a receipt page promises: the dossier, the rank of the filing, the fingerprints shown."""
    trouve = RECEPISSE.search(page.adresse)
    if not trouve or page.statut != 200:
        raise RuntimeError(f"no receipt at {page.adresse}: {page.statut} {_dit(page)}")
    return {"numero": trouve[1], "rang": int(trouve[2]), "empreintes": sorted(set(EMPREINTE.findall(page.texte)))}


def mesurer(monde, portail, plancher):
    chrono = Chrono()
    simultanes = len(monde["porteurs"])
    for geste in (nue, ecriture_nue):
        ensemble(geste, [Visiteur(plancher) for _ in range(simultanes)], chrono)
    porteurs = [Porteur(portail, fiche, monde["mot_de_passe"]) for fiche in monde["porteurs"]]
    duree_saisie = ensemble(enregistrer, porteurs, chrono)
    duree_depots = ensemble(deposer, porteurs, chrono)
    recus = [un for porteur in porteurs for un in porteur.recus]
    for erreur in chrono.erreurs[:10]:
        print(erreur, flush=True)
    saisies = len(chrono.durees.get("enregistrer une rubrique", ()))
    groupe = f"{simultanes} porteurs à la fois, sans pause"
    return recus, [
        *_durees(groupe, chrono, "ouvrir une rubrique", "page nue", 1.0),
        *_durees(groupe, chrono, "enregistrer une rubrique", "écriture nue", 1.0),
        Mesure(groupe, "enregistrements par seconde", saisies / duree_saisie),
        *_durees(groupe, chrono, "relire le dossier", "page nue", 1.0),
        *_durees(groupe, chrono, "déposer", "écriture nue", 2.0),
        *_durees(groupe, chrono, "lire le récépissé", "page nue", 1.0),
        Mesure(groupe, "dépôts par seconde", len(recus) / duree_depots),
        Mesure(groupe, "dépôts faits", len(recus)),
        Mesure(groupe, "erreurs", len(chrono.erreurs), cible=0, exigee=True),
    ]


def _durees(groupe, chrono, geste, nu, cible):
    durees, nues = chrono.durees.get(geste, ()), chrono.durees.get(nu, ())
    for part, nom, borne in ((0.5, "p50", None), (0.95, "p95", cible * 1000)):
        yield Mesure(groupe, f"{geste}, {nom}", centile(durees, part) * 1000, "ms", borne, centile(nues, part) * 1000)


if __name__ == "__main__":
    lu, portail, plancher, sortie_recus, sortie = sys.argv[1:]
    recus, mesures = mesurer(json.loads(Path(lu).read_text()), portail, plancher)
    Path(sortie_recus).write_text(json.dumps(recus))
    noter(sortie, mesures)
