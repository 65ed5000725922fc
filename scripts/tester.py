"""`make test`, `make lint`, `make format`: everything is checked, and what failed is listed at the end."""

import os
import shlex
import sys
import tempfile
import time

from commun import PYTHON, RACINE, environnement_sans_reglages, executer, se_preparer
from installation import installer
from postgres import postgresql_temporaire
from systeme import preparer_bibliotheques, preparer_programmes

BIN = PYTHON.parent
# The tests build their base from the models: the migrations are run apart, on an empty base.
MIGRER = [PYTHON, "manage.py", "migrate", "--noinput", "-v", "0"]
SECRET = "checks-only-" + "0123456789" * 5


def gabarits():
    return sorted(RACINE.glob("templates/**/*.html"))


def verifications_du_code():
    return {
        "ruff check": [BIN / "ruff", "check", "--quiet", "."],
        "ruff format": [BIN / "ruff", "format", "--quiet", "--check", "."],
        "djade": [BIN / "djade", "--check", "--target-version", "5.2", *gabarits()],
    }


def mises_en_forme():
    return {
        "ruff check --fix": [BIN / "ruff", "check", "--fix", "."],
        "ruff format": [BIN / "ruff", "format", "."],
        "djade": [BIN / "djade", "--target-version", "5.2", *gabarits()],
    }


class Bilan:
    """Each check is run, said and timed; one failure does not hide the next."""

    def __init__(self):
        self.echecs = []

    def verifier(self, nom, commande, env=None):
        print(f"\n=== {nom}", flush=True)
        debut = time.monotonic()
        code = executer(commande, env=env)
        print(f"=== {nom}: {'FAILED' if code else 'passed'} in {time.monotonic() - debut:.0f} s", flush=True)
        if code:
            self.echecs.append(nom)

    def verifier_tous(self, commandes):
        for nom, commande in commandes.items():
            self.verifier(nom, commande)

    def conclure(self):
        if self.echecs:
            sys.exit(f"\nFailed: {', '.join(self.echecs)}.")
        print("\nAll passed.", flush=True)


def verifier_reglages(bilan):
    """As in production: every warning of `check --deploy` counts, and so does a missing migration."""
    with tempfile.TemporaryDirectory(prefix="aap-portal-checks-") as dossier:
        env = environnement_sans_reglages() | {"SECRET_KEY": SECRET, "DONNEES_DIR": dossier}
        for commande in ("check --deploy --fail-level WARNING", "makemigrations --check --dry-run"):
            bilan.verifier(f"manage.py {commande}", [PYTHON, "manage.py", *commande.split()], env)


def passer_les_tests(bilan, bases):
    # In a folder of its own, browsers and interrupted tests leave nothing behind.
    with tempfile.TemporaryDirectory(prefix="aap-portal-tests-", ignore_cleanup_errors=True) as dossier:
        env = environnement_sans_reglages() | {"TMPDIR": dossier, "SECRET_KEY": SECRET, "DONNEES_DIR": dossier}
        if "sqlite" in bases:
            bilan.verifier("migrations on SQLite", MIGRER, env)
            bilan.verifier("tests on SQLite", pytest(), env)
        # What axe sees of a page does not depend on the engine: after SQLite, its looks are not taken again.
        seconde = pytest(*(["-m", "not axe"] if "sqlite" in bases else []))
        if "postgresql" in bases and (fournie := os.environ.get("DATABASE_URL")):
            bilan.verifier("tests on PostgreSQL", seconde, env | {"DATABASE_URL": fournie})
        elif "postgresql" in bases:
            with postgresql_temporaire() as url:
                bilan.verifier("migrations on PostgreSQL", MIGRER, env | {"DATABASE_URL": url})
                bilan.verifier("tests on PostgreSQL", seconde, env | {"DATABASE_URL": url})


def pytest(*choix):
    processus = str(min(4, os.cpu_count() or 2))
    options = ["-q", "-n", processus, "--dist", "worksteal", "--durations=10"]
    return [PYTHON, "-m", "pytest", *options, *choix, *shlex.split(os.environ.get("ARGS", ""))]


def bases_demandees():
    bases = os.environ.get("BASES", "sqlite postgresql").split()
    if not bases or not set(bases) <= {"sqlite", "postgresql"}:
        sys.exit("BASES must be « sqlite », « postgresql » or « sqlite postgresql ».")
    return bases


def principal(quoi):
    se_preparer()
    bilan = Bilan()
    bases = bases_demandees()
    installer(dev=True)
    if quoi == "format":
        bilan.verifier_tous(mises_en_forme())
        return bilan.conclure()
    if quoi == "test":
        preparer_bibliotheques()
        preparer_programmes(postgresql="postgresql" in bases and not os.environ.get("DATABASE_URL"))
    bilan.verifier_tous(verifications_du_code())
    if quoi == "test":
        verifier_reglages(bilan)
        passer_les_tests(bilan, bases)
    return bilan.conclure()


if __name__ == "__main__":
    try:
        principal(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit("\nInterrupted.")
