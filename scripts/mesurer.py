"""`make bench`: how fast, how heavy and how safe the portal is, on this machine only, with data of its own.

BASES=postgresql measures on PostgreSQL instead of the embedded SQLite; ECRIRE=1 writes docs/mesures.md; PARTIES="charge coupures"
keeps these parts only.
"""

import contextlib
import http.client
import json
import os
import platform
import re
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from commun import (
    PYTHON,
    RACINE,
    arreter,
    demarrer_processus,
    environnement_sans_reglages,
    etape,
    executer,
    reussir,
    se_preparer,
)
from installation import installer
from postgres import port_libre, postgresql_temporaire
from systeme import preparer_bibliotheques, preparer_programmes

# As the README says to serve it.
GUNICORN = ["--workers", "3", "--threads", "4", "--no-control-socket", "--log-level", "warning"]
DEPOTS, COUPURES = 10, 15  # dossiers that each porteur files, in peace then under fire
PARTIES = ["requetes", "octets", "charge", "coupures"]


@contextlib.contextmanager
def serveur(application, port, env, journal):
    """gunicorn, as in production, on this machine only."""
    commande = [PYTHON, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *GUNICORN]
    processus = demarrer_processus(commande, env=env, stdout=journal, stderr=subprocess.STDOUT)
    try:
        attendre(port)
        yield f"127.0.0.1:{port}"
    finally:
        arreter(processus)


@contextlib.contextmanager
def travailleur(env, journal):
    """The background worker, behind the pages as the README says: it makes the receipts' PDFs while the filings go on."""
    commande = ["nice", "-n", "10", PYTHON, "manage.py", "db_worker", "--queue-name", "*"]
    processus = demarrer_processus(commande, env=env, stdout=journal, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        arreter(processus)


def attendre(port):
    for _ in range(150):
        with contextlib.suppress(OSError, http.client.HTTPException):
            connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connexion.request("GET", "/")
            if connexion.getresponse().status < 500:
                return
        time.sleep(0.2)
    sys.exit(f"The server on port {port} does not answer.")


def environnement(dossier, base):
    return environnement_sans_reglages() | base | {
        "DJANGO_SETTINGS_MODULE": "aap_portal.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(RACINE / "scripts"),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DONNEES_DIR": str(dossier / "donnees"),
        "HTTPS": "0",
        "SECOND_FACTEUR_OBLIGATOIRE": "0",
        "LOG_LEVEL": "WARNING",
    }  # fmt: skip


class Mesures:
    """Runs the parts one after the other and gathers what each has measured."""

    def __init__(self, dossier, env):
        self.dossier, self.env, self.faites = dossier, env, []
        self.journal = (dossier / "journal").open("w")

    def preparer(self):
        for phrase, commande in (
            ("Creating the database", ["migrate", "--noinput", "-v", "0"]),
            ("Creating the cache table", ["createcachetable"]),
            ("Collecting the static files", ["collectstatic", "--noinput", "-v", "0"]),
        ):
            with etape(phrase):
                reussir([PYTHON, "manage.py", *commande], sinon=f"manage.py {commande[0]} failed.", env=self.env)
        with etape("Filling it: 20 porteurs and their complete drafts"):
            self.jouer("monde", self.chemin("monde"), DEPOTS, COUPURES)

    def chemin(self, nom):
        return self.dossier / f"{nom}.json"

    def jouer(self, module, *arguments):
        commande = [PYTHON, "-m", f"mesures.{module}", *arguments]
        if executer(commande, env=self.env):
            journal = (self.dossier / "journal").read_text()[-3000:]
            sys.exit(f"{journal}\n« {module} » could not be measured: see above.")

    def mesurer(self, phrase, module, *arguments):
        sortie = self.chemin(f"mesures-{len(self.faites)}")
        with etape(phrase):
            self.jouer(module, *arguments, sortie)
        self.faites += json.loads(sortie.read_text())

    def passer(self, parties):
        for partie in parties:
            getattr(self, partie)()

    def requetes(self):
        self.mesurer("Counting queries", "requetes", self.chemin("monde"))

    def octets(self):
        with self.portail() as portail:
            self.mesurer("Browsing over a line of 400 kbit/s", "octets", self.chemin("monde"), portail)

    def charge(self):
        plancher = serveur("mesures.plancher", port_libre(), self.env, self.journal)
        with self.portail() as portail, plancher as nu, travailleur(self.env, self.journal):
            recus = self.chemin("recus")
            self.mesurer("Saving and filing, 20 at once", "charge", self.chemin("monde"), portail, nu, recus)
        self.mesurer("Looking for losses", "pertes", "Après la charge", self.chemin("recus"))

    def coupures(self):
        self.mesurer("Killing the servers 20 times", "coupures", self.chemin("monde"), self.chemin("recus-coupures"))
        self.mesurer("Looking for losses", "pertes", "Après les coupures", self.chemin("recus-coupures"))

    def portail(self):
        return serveur("aap_portal.wsgi", port_libre(), self.env, self.journal)


@contextlib.contextmanager
def base_demandee():
    """What the environment says of the base: nothing for SQLite."""
    demandee = os.environ.get("BASES", "sqlite")
    if demandee not in {"sqlite", "postgresql"}:
        sys.exit("BASES must be « sqlite » or « postgresql ».")
    if demandee == "sqlite":
        yield {}
        return
    with postgresql_temporaire(durable=True) as url:
        yield {"DATABASE_URL": url}


def parties_demandees():
    parties = os.environ.get("PARTIES", " ".join(PARTIES)).split()
    if not set(parties) <= set(PARTIES):
        sys.exit(f"PARTIES must be among: {' '.join(PARTIES)}.")
    return parties


def machine():
    """The figures mean nothing without what they were measured on."""
    infos = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    processeur = re.search(r"model name\s*:\s*(.+)", infos)
    return (
        f"{os.cpu_count()} cœurs ({processeur[1].strip() if processeur else platform.machine()}), Python {platform.python_version()}, "
        f"{'PostgreSQL' if os.environ.get('BASES') == 'postgresql' else 'SQLite'}, charge {os.getloadavg()[0]:.1f} au départ"
    )


def principal():
    se_preparer()
    parties = parties_demandees()
    installer(dev=True)
    preparer_bibliotheques()
    preparer_programmes(postgresql=os.environ.get("BASES") == "postgresql")
    decrite = machine()
    with (
        tempfile.TemporaryDirectory(prefix="aap-portal-mesures-", ignore_cleanup_errors=True) as dossier,
        base_demandee() as base,
    ):
        (Path(dossier) / "donnees").mkdir()
        mesures = Mesures(Path(dossier), environnement(Path(dossier), base))
        mesures.preparer()
        mesures.passer(parties)
        mesures.chemin("toutes").write_text(json.dumps(mesures.faites))
        code = executer([PYTHON, "-m", "mesures.tableau", mesures.chemin("toutes"), decrite], env=mesures.env)
    sys.exit(code)


if __name__ == "__main__":
    try:
        principal()
    except KeyboardInterrupt:
        sys.exit("\nInterrupted.")
