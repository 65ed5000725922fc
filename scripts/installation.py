"""The virtual environment of the project, filled from the lock: every package with its exact version and hash."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys

from commun import PYTHON, RACINE, etape, executer, reussir, se_preparer
from systeme import installer_par_apt

UV = PYTHON.parent / "uv"
TEMOIN = RACINE / ".venv" / "verrou.sha256"
# What uv calls the options of pip that say where packages come from.
DE_PIP_A_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}


def installer(*, dev=False):
    """Make `.venv` hold what the lock says; nothing is done when it already does."""
    verrous = ["requirements.txt", "requirements-dev.txt"] if dev else ["requirements.txt"]
    empreintes = [f"{nom} {hashlib.sha256((RACINE / nom).read_bytes()).hexdigest()}" for nom in verrous]
    creer_environnement()
    if TEMOIN.exists() and set(empreintes) <= set(TEMOIN.read_text().splitlines()):
        return
    TEMOIN.unlink(missing_ok=True)
    installer_uv()
    with etape("Installing the Python packages of the lock"):
        installer_verrou(verrous[-1])
    TEMOIN.write_text("\n".join(empreintes) + "\n")


def creer_environnement():
    condition = "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", condition], check=False).returncode == 0:
        return
    paquet = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True, check=False).returncode:
        installer_par_apt([paquet], besoin="to make a virtual environment")
    with etape(f"Making the virtual environment .venv with Python {sys.version.split()[0]}"):
        shutil.rmtree(RACINE / ".venv", ignore_errors=True)
        reussir(
            [sys.executable, "-m", "venv", RACINE / ".venv"],
            sinon=f"Python could not make a virtual environment in .venv (on Debian or Ubuntu the package is {paquet}).",
        )


def installer_uv():
    if UV.exists():
        return
    with etape("Installing uv, which installs the rest faster than pip"):
        if subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
            reussir([PYTHON, "-m", "ensurepip"], sinon="pip is missing from .venv: remove this folder and start again.")
        reussir(
            [*pip_install(), "-r", "scripts/uv.txt"],
            sinon="The Python package index could not be reached: check the network or the configuration of pip.",
        )


def pip_install():
    return [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]


def installer_verrou(verrou):
    par_uv = [UV, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", verrou]
    essai = subprocess.run(par_uv, cwd=RACINE, env=environnement_uv(), stdin=subprocess.DEVNULL, check=False)
    if essai.returncode:
        print("\nuv did not manage: pip takes over, which lasts a few minutes…", end="", flush=True)
        reussir([*pip_install(), "-r", verrou], sinon=f"The packages of {verrou} could not be installed.")


def environnement_uv():
    """uv ignores the configuration of pip: hand it the same index, certificates and exceptions."""
    lignes = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    variables = {"UV_LINK_MODE": "copy"}
    for ligne in lignes.splitlines():
        nom, _, valeur = ligne.partition("=")
        if variable := DE_PIP_A_UV.get(nom.rpartition(".")[2]):
            variables[variable] = ast.literal_eval(valeur)
    if "UV_INDEX" in variables:
        variables["UV_INDEX_STRATEGY"] = "unsafe-best-match"  # as pip does; the hashes decide what is accepted
    return variables | os.environ


def verrouiller():
    """Write the three locks anew; UV_UPGRADE=1 in the environment takes the newest versions."""
    creer_environnement()
    installer_uv()
    options = "--universal --generate-hashes --no-annotate --no-header --quiet --python-version 3.11".split()
    for sources, verrou in (
        (["pyproject.toml"], "requirements.txt"),
        (["pyproject.toml", "--group", "dev", "-c", "requirements.txt"], "requirements-dev.txt"),
        (["scripts/uv.in"], "scripts/uv.txt"),
    ):
        with etape(f"Locking {verrou}"):
            commande = [UV, "pip", "compile", *options, "--python", PYTHON, *sources, "-o", verrou]
            code = executer(commande, env=environnement_uv(), stdout=subprocess.DEVNULL)
        if code:
            sys.exit(f"{verrou} could not be written.")


if __name__ == "__main__":
    se_preparer()
    verrouiller()
