"""A wrong setting stops the start, in one sentence that names it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
SECRET = "a-random-text-" + "x" * 50


def demarrer(tmp_path, **variables):
    """Load the settings in a process of its own, with this environment only."""
    systeme = {nom: os.environ[nom] for nom in ("PATH", "HOME", "LD_LIBRARY_PATH") if nom in os.environ}
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import aap_portal.settings as s; print(s.DEBUG, s.DEMONSTRATION, s.HTTPS, s.DATABASES)",
        ],
        cwd=RACINE,
        env=systeme | {"DONNEES_DIR": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def assert_refuse(resultat, phrase):
    assert resultat.returncode == 1
    assert "ImproperlyConfigured" in resultat.stderr
    assert phrase in resultat.stderr


def test_un_secret_choisi_suffit_a_demarrer_ferme_et_en_https(tmp_path):
    resultat = demarrer(tmp_path, SECRET_KEY=SECRET)

    assert resultat.returncode == 0, resultat.stderr
    assert resultat.stdout.startswith("False False True ")


@pytest.mark.parametrize("secret", [None, "", "court", "x" * 49])
def test_sans_debug_un_secret_absent_ou_court_est_refuse(tmp_path, secret):
    resultat = demarrer(tmp_path, **({} if secret is None else {"SECRET_KEY": secret}))

    assert_refuse(resultat, "SECRET_KEY must be set to a random text of 50 characters or more")


def test_le_secret_par_defaut_est_refuse_meme_ecrit_a_la_main(tmp_path):
    resultat = demarrer(tmp_path, SECRET_KEY="insecure-default-for-development-only-never-in-production")

    assert_refuse(resultat, "SECRET_KEY must be set")


@pytest.mark.parametrize("nom", ["DEBUG", "DEMONSTRATION", "HTTPS", "SECOND_FACTEUR_OBLIGATOIRE", "DERRIERE_UN_PROXY"])
@pytest.mark.parametrize("texte", ["oui", "off", "2", ""])
def test_un_booleen_ambigu_est_refuse(tmp_path, nom, texte):
    resultat = demarrer(tmp_path, SECRET_KEY=SECRET, **{nom: texte})

    assert_refuse(resultat, f"{nom} must be 1, 0, true or false, not {texte!r}.")


@pytest.mark.parametrize("hotes", ["aap.example.fr", "localhost,aap.example.fr", "*", ".example.fr"])
def test_la_demonstration_refuse_un_hote_public(tmp_path, hotes):
    resultat = demarrer(tmp_path, SECRET_KEY=SECRET, DEMONSTRATION="1", ALLOWED_HOSTS=hotes)

    assert_refuse(resultat, "ALLOWED_HOSTS must then stay on this machine")


def test_la_demonstration_demarre_sur_la_machine_meme(tmp_path):
    resultat = demarrer(tmp_path, SECRET_KEY=SECRET, DEMONSTRATION="1", ALLOWED_HOSTS="localhost,127.0.0.1")

    assert resultat.returncode == 0, resultat.stderr
    assert resultat.stdout.startswith("False True False ")


def test_une_base_d_un_autre_moteur_est_refusee(tmp_path):
    resultat = demarrer(tmp_path, SECRET_KEY=SECRET, DATABASE_URL="mysql://u:p@localhost/x")

    assert_refuse(resultat, "DATABASE_URL must be of SQLite or of PostgreSQL.")


def test_un_theme_inconnu_est_refuse(tmp_path):
    resultat = demarrer(tmp_path, SECRET_KEY=SECRET, THEME="marianne")

    assert_refuse(resultat, "THEME must be dsfr or neutre.")


def test_l_adresse_d_une_base_postgresql_garde_ses_options(tmp_path):
    adresse = "postgresql://aap@/base?host=/run/postgresql&sslmode=verify-full"
    resultat = demarrer(tmp_path, SECRET_KEY=SECRET, DATABASE_URL=adresse)

    assert resultat.returncode == 0, resultat.stderr
    assert "'host': '/run/postgresql'" in resultat.stdout
    assert "'sslmode': 'verify-full'" in resultat.stdout
    assert "statement_timeout=30000" in resultat.stdout


def test_un_secret_se_lit_aussi_dans_un_fichier(tmp_path):
    (tmp_path / "secret").write_text(SECRET)
    resultat = demarrer(tmp_path, SECRET_KEY_FILE=str(tmp_path / "secret"))

    assert resultat.returncode == 0, resultat.stderr


def test_le_readme_decrit_chaque_reglage():
    reglages = (RACINE / "aap_portal" / "settings.py").read_text()
    lus = set(re.findall(r'(?:env\.\w+|_booleen)\(\s*"([A-Z_]+)"', reglages))

    assert lus - set(re.findall(r"`([A-Z_]+)`", (RACINE / "README.md").read_text())) == set()
