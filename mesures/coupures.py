"""The servers are killed (kill -9) twenty times while porteurs file; each sends again what was cut, as a person would.

    python -m mesures.coupures monde.json recus.json mesures.json

Needs `scripts` in the path of the modules, for the processes.
"""

import contextlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from commun import PYTHON, arreter, demarrer_processus
from postgres import port_libre

from .charge import RECEPISSE, envoi_du_depot, recu
from .monde import COUPES
from .tableau import Mesure, noter
from .visiteur import Visiteur

COUPURES, DUREE_MAX = 20, 150
COUPE = (OSError, http.client.HTTPException)
GROUPE = f"Serveurs tués {COUPURES} fois (kill -9) pendant les dépôts"


class Serveurs:
    """gunicorn and the background worker, killed then started again on the same port."""

    def __init__(self):
        self.port, self.processus = port_libre(), []

    def demarrer(self):
        gunicorn = ["-m", "gunicorn", "aap_portal.wsgi", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        gunicorn += ["--workers", "2", "--threads", "4", "--log-level", "critical"]
        for suite in (gunicorn, ["manage.py", "db_worker", "--queue-name", "*"]):
            self.processus.append(
                demarrer_processus([PYTHON, *suite], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )
        self.attendre()

    def attendre(self):
        for _ in range(300):
            with contextlib.suppress(*COUPE):
                connexion = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connexion.request("GET", "/mentions-legales/")
                if connexion.getresponse().status == 200:
                    return
            time.sleep(0.1)
        raise RuntimeError("the server did not start again")

    def tuer(self):
        """Every process at once, without a chance to finish anything."""
        for processus in self.processus:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(processus.pid, signal.SIGKILL)
            processus.wait()
        self.processus = []

    def arreter(self):
        for processus in self.processus:
            arreter(processus)


class Deposant(threading.Thread):
    """Files one dossier after the other; `recus` are the receipts seen, `coupes` the sendings that were cut."""

    def __init__(self, hote, fiche, mot_de_passe, fin):
        super().__init__()
        self.visiteur, self.numeros, self.fin = Visiteur(hote, delai=10), fiche["a_couper"], fin
        self.recus, self.coupes, self.erreurs = [], 0, []
        self.visiteur.se_connecter(fiche["courriel"], mot_de_passe)

    def run(self):
        try:
            for numero in self.numeros:
                self.deposer(numero)
        except (RuntimeError, StopIteration) as erreur:
            self.erreurs.append(repr(erreur))

    def deposer(self, numero):
        page = self.obstinement(lambda: self.visiteur.lire(f"/dossiers/{numero}/deposer/"))
        chemin, envoi = envoi_du_depot(page)
        # The very same sending, key included: what a browser does when its page is sent again.
        reponse = self.obstinement(lambda: self.visiteur.ecrire(chemin, envoi), envoi=True)
        trouve = RECEPISSE.search(reponse.suite)
        if not trouve:
            raise RuntimeError(f"{numero}: no receipt but {reponse.statut}")
        self.recus.append({"numero": trouve[1], "rang": int(trouve[2]), "empreintes": []})
        self.recus[-1] = recu(self.obstinement(lambda: self.visiteur.lire(reponse.suite)))

    def obstinement(self, geste, *, envoi=False):
        """Again and again until the server answers; an answer 5xx is an error that nobody should see."""
        while not self.fin.is_set():
            try:
                reponse = geste()
            except COUPE:
                self.coupes += envoi
                time.sleep(0.1)
                continue
            if reponse.statut < 500:
                return reponse
            self.erreurs.append(f"{reponse.adresse}: {reponse.statut}")
            time.sleep(0.1)
        raise RuntimeError("out of time")


def couper(monde):
    hasard, fin, serveurs = random.Random(2022), threading.Event(), Serveurs()
    limite = time.monotonic() + DUREE_MAX
    try:
        serveurs.demarrer()
        fiches = monde["porteurs"][:COUPES]
        deposants = [Deposant(f"127.0.0.1:{serveurs.port}", f, monde["mot_de_passe"], fin) for f in fiches]
        for deposant in deposants:
            deposant.start()
        faites = 0
        while faites < COUPURES and time.monotonic() < limite and any(d.is_alive() for d in deposants):
            time.sleep(hasard.uniform(0.05, 0.7))
            serveurs.tuer()
            faites += 1
            serveurs.demarrer()
        for deposant in deposants:
            deposant.join(30)
        fin.set()
    finally:
        fin.set()
        serveurs.arreter()
    return faites, deposants


def mesurer(monde):
    faites, deposants = couper(monde)
    recus = [un for deposant in deposants for un in deposant.recus]
    erreurs = [erreur for deposant in deposants for erreur in deposant.erreurs]
    for erreur in erreurs[:10]:
        print(erreur, flush=True)
    attendus = sum(len(deposant.numeros) for deposant in deposants)
    return recus, [
        Mesure(GROUPE, "coupures faites", faites),
        Mesure(GROUPE, "dépôts menés au récépissé", len(recus)),
        Mesure(GROUPE, "envois coupés puis renvoyés", sum(deposant.coupes for deposant in deposants)),
        Mesure(GROUPE, "dépôts jamais aboutis", attendus - len(recus), cible=0, exigee=True),
        Mesure(GROUPE, "erreurs montrées", len(erreurs), cible=0, exigee=True),
    ]


if __name__ == "__main__":
    lu, sortie_recus, sortie = sys.argv[1:]
    recus, mesures = mesurer(json.loads(Path(lu).read_text()))
    Path(sortie_recus).write_text(json.dumps(recus))
    noter(sortie, mesures)
