"""Races in separate processes, on the engine under test: everybody starts at the same instant.

    courir("tests.candidatures.test_courses:deposer", [{"dossier": 1}, {"dossier": 1}])

Each process imports the function, calls it with its arguments and gives back what it returns, or the name of the
exception. With `sans_verrou=True` row locks and SQLite's immediate transactions are off: the negative control that shows
what the lock prevents.
"""

import importlib
import json
import os
import subprocess
import sys

RACINE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def courir(geste, courses, *, sans_verrou=False):
    """Results of `geste`, one by item of `courses`, in their order."""
    environnement = os.environ | {
        "DJANGO_SETTINGS_MODULE": "aap_portal.settings",
        "DATABASE_URL": adresse_de_la_base(),
        "SANS_VERROU": "1" if sans_verrou else "0",
    }
    coureurs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.courses", geste, json.dumps(arguments)],
            cwd=RACINE,
            env=environnement,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for arguments in courses
    ]
    try:
        for coureur in coureurs:
            assert coureur.stdout.readline() == "ready\n"
        for coureur in coureurs:
            coureur.stdin.write("go\n")
            coureur.stdin.flush()
        return [json.loads(coureur.communicate(timeout=60)[0]) for coureur in coureurs]
    finally:
        for coureur in coureurs:
            coureur.kill()
            coureur.communicate()


def adresse_de_la_base():
    from urllib.parse import quote, urlencode

    from django.db import connection

    base = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{base['NAME']}"
    acces = f"{quote(base['USER'])}:{quote(base['PASSWORD'])}@" if base["USER"] else "@"
    hote = "" if base["HOST"].startswith("/") else f"{base['HOST']}:{base['PORT'] or 5432}"
    suite = {"host": base["HOST"]} if base["HOST"].startswith("/") else {}
    return f"postgresql://{acces}{hote}/{base['NAME']}?{urlencode(suite)}"


def _sans_verrou():
    from django.conf import settings
    from django.db.models import QuerySet

    QuerySet.select_for_update = lambda self, **options: self
    settings.DATABASES["default"].get("OPTIONS", {}).pop("transaction_mode", None)


def _dire(texte):
    sys.stdout.write(f"{texte}\n")
    sys.stdout.flush()


def _principal(geste, arguments):
    import django
    from django.conf import settings

    settings.DATABASES["default"].get("OPTIONS", {}).pop("pool", None)
    if os.environ["SANS_VERROU"] == "1":
        _sans_verrou()
    django.setup()
    module, _, nom = geste.partition(":")
    fonction = getattr(importlib.import_module(module), nom)
    _dire("ready")
    sys.stdin.readline()
    try:
        resultat = fonction(**arguments)
    except Exception as erreur:
        resultat = type(erreur).__name__
    _dire(json.dumps(resultat))


if __name__ == "__main__":
    _principal(sys.argv[1], json.loads(sys.argv[2]))
