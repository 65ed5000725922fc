"""`make demo`: from a bare checkout to a running portal with its demonstration data, on this machine only."""

import contextlib
import errno
import fcntl
import http.client
import os
import re
import secrets
import socket
import subprocess
import sys

from commun import PYTHON, RACINE, environnement_sans_reglages, etape, executer, reussir, se_preparer
from installation import installer
from superviseur import Service, Superviseur
from systeme import preparer_apercus, preparer_bibliotheques

VAR = RACINE / "var"
JOURNAL = VAR / "demo.log"
APPARENCE = {"THEME": "dsfr", "BLOC_MARQUE": "Préfet|de Mayotte", "CONTACT_COURRIEL": "contact@demo.example"}


def port_demande():
    texte = os.environ.get("PORT") or "8000"
    if not re.fullmatch(r"[0-9]{1,5}", texte) or not 1 <= int(texte) <= 65535:
        sys.exit(f"PORT must be a number from 1 to 65535, not « {texte} ».")
    return int(texte)


def exiger_port_libre(port):
    with socket.socket() as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind(("127.0.0.1", port))
        except OSError as erreur:
            raison = "is already taken" if erreur.errno == errno.EADDRINUSE else "is not allowed"
            libre = "8001" if port == 8000 else "8000"
            sys.exit(f"Port {port} {raison}: stop what uses it, or choose another one: PORT={libre} make demo")


@contextlib.contextmanager
def seul():
    """Two demonstrations in one folder would write to the same base and the same environment."""
    VAR.mkdir(exist_ok=True)
    with open(VAR / "demo.lock", "w") as verrou:
        try:
            fcntl.flock(verrou, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("The demonstration already runs from this folder: stop it with Ctrl-C first.")
        yield


def environnement(port):
    apparence = {nom: os.environ.get(nom, defaut) for nom, defaut in APPARENCE.items()}
    return (
        environnement_sans_reglages()
        | apparence
        | {
            "DJANGO_SETTINGS_MODULE": "aap_portal.settings",
            "PYTHONUNBUFFERED": "1",
            "DEMONSTRATION": "1",
            "SECRET_KEY": secret(),
            "DONNEES_DIR": str(VAR),
            "SITE_URL": f"http://127.0.0.1:{port}",
        }
    )


def secret():
    """Drawn once and kept, so that sessions outlive a restart; readable by its owner only."""
    fichier = VAR / "demo.env"
    if not fichier.exists() or not fichier.stat().st_size:
        with open(os.open(fichier, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as ecrit:
            ecrit.write(f"SECRET_KEY={secrets.token_urlsafe(64)}\n")
    return dict(ligne.split("=", 1) for ligne in fichier.read_text().splitlines())["SECRET_KEY"]


def preparer_donnees(env):
    for phrase, commande in (
        ("Creating or updating the database", ["migrate", "--noinput"]),
        ("Creating the cache table", ["createcachetable"]),
        ("Collecting the static files", ["collectstatic", "--noinput", "-v", "0"]),
    ):
        with etape(phrase):
            reussir([PYTHON, "manage.py", *commande], sinon=f"manage.py {commande[0]} failed: see above.", env=env)
    print("Loading the demonstration data…", flush=True)
    if executer([PYTHON, "manage.py", "demonstration"], env=env):
        sys.exit("The demonstration data could not be loaded: see above.")


def services(port):
    gunicorn = [PYTHON, "-m", "gunicorn", "aap_portal.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    gunicorn += ["--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--log-level", "warning"]
    return [
        Service("The web server", gunicorn),
        # Recycled now and then: making PDFs costs memory that Python does not give back.
        Service("The background worker", [PYTHON, "manage.py", "db_worker", "--queue-name", "*", "--max-tasks", "200"]),
        Service("The upkeep", [PYTHON, "manage.py", "entretien"], pause=60),
    ]


def attendre_reponse(port, superviseur):
    for _ in range(300):
        superviseur.veiller()
        if superviseur.services[0].echecs >= 3 or superviseur.fin.wait(0.2):
            return False
        with contextlib.suppress(OSError, http.client.HTTPException):
            connexion = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connexion.request("GET", "/")
            return connexion.getresponse().status < 500
    return False


def servir(port, env):
    with open(JOURNAL, "w") as journal:
        superviseur = Superviseur(services(port), env=env, stdout=journal, stderr=subprocess.STDOUT)
        try:
            with etape("Starting the web server and the background worker"):
                superviseur.demarrer()
                repond = attendre_reponse(port, superviseur)
            if not repond and not superviseur.fin.is_set():
                sys.exit(
                    f"{JOURNAL.read_text()[-3000:]}\nThe portal answers with an error, or not at all: its log is {JOURNAL}."
                )
            if repond:
                print(f"\nThe portal is ready: http://127.0.0.1:{port}/ (log: {JOURNAL}). Ctrl-C stops it.", flush=True)
            superviseur.tourner()
        finally:
            superviseur.arreter()
    print("\nStopped; the data stay in var/.", flush=True)


def principal():
    se_preparer()
    port = port_demande()
    exiger_port_libre(port)
    with seul():
        installer()
        preparer_bibliotheques()
        preparer_apercus()
        env = environnement(port)
        preparer_donnees(env)
        exiger_port_libre(port)
        servir(port, env)


if __name__ == "__main__":
    try:
        principal()
    except KeyboardInterrupt:
        sys.exit("\nInterrupted.")
