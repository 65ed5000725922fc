"""What the README tells whoever installs the portal is true: it is copied and pasted."""

import os
import re
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

from django.conf import settings

RACINE = Path(__file__).resolve().parents[2]
README = (RACINE / "README.md").read_text(encoding="utf-8")


def test_le_proxy_laisse_passer_toutes_les_pieces_d_un_dossier():
    (limite,) = re.findall(r"client_max_body_size (\d+)m;", README)

    assert int(limite) * 1024 * 1024 > settings.DOSSIER_TAILLE_MAX


def test_la_commande_de_sauvegarde_copie_une_base_sqlite_ouverte(tmp_path):
    (commande,) = re.findall(r"^\.venv/bin/python (manage\.py shell .*VACUUM INTO.*)$", README, re.MULTILINE)
    copie = tmp_path / "copie.sqlite3"
    arguments = [mot.replace("/sauvegardes/base.sqlite3", str(copie)) for mot in shlex.split(commande)]
    ouverte = sqlite3.connect(tmp_path / "aap_portal.sqlite3")
    ouverte.executescript("PRAGMA journal_mode=WAL; CREATE TABLE dossier (numero TEXT)")
    ouverte.execute("INSERT INTO dossier VALUES ('2022-001')")
    ouverte.commit()
    ouverte.execute("INSERT INTO dossier VALUES ('pas encore enregistré')")

    variables = {nom: valeur for nom, valeur in os.environ.items() if nom != "DATABASE_URL"}
    variables |= {"DONNEES_DIR": str(tmp_path)}
    subprocess.run([sys.executable, *arguments], cwd=RACINE, env=variables, check=True, capture_output=True)
    ouverte.close()

    assert sqlite3.connect(copie).execute("SELECT numero FROM dossier").fetchall() == [("2022-001",)]
