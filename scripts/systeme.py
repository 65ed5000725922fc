"""What comes from the system and not from Python: libraries for PDFs, programs for the tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from commun import PYTHON, RACINE, etape, reussir

BIBLIOTHEQUES = ["libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig", "fonts-liberation"]
# A real page, with accents and a font put in the file: an import alone would not notice a machine without fonts.
ESSAI_PDF = """
import weasyprint
from weasyprint.text import ffi
if ffi.harfbuzz_subset is None:
    raise SystemExit("libharfbuzz-subset is missing")
if b"/FontFile" not in weasyprint.HTML(string="<p>À l’économie</p>").write_pdf(uncompressed_pdf=True):
    raise SystemExit("no font was found")
"""


def preparer_bibliotheques():
    """Make a small PDF for real; where it fails, install what is missing and try again."""
    with etape("Checking the libraries that make the PDFs"):
        manque = defaut_pdf()
    if not manque:
        return
    besoin = "to make PDFs"
    if not shutil.which("apt-get"):
        sys.exit(
            f"PDFs cannot be made here ({manque}): install Pango with pangoft2, HarfBuzz with its subset library, "
            "Fontconfig and a font such as Liberation with the package manager of this system, then start again."
        )
    installer_par_apt(BIBLIOTHEQUES, besoin=besoin)
    if manque := defaut_pdf():
        sys.exit(f"PDFs still cannot be made after installing {' '.join(BIBLIOTHEQUES)}: {manque}.")


def defaut_pdf():
    """What keeps WeasyPrint from making a PDF, in one line; nothing when it works."""
    essai = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", ESSAI_PDF], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    if essai.returncode == 0:
        return ""
    lignes = [ligne for ligne in essai.stderr.splitlines() if ligne.strip()] or ["WeasyPrint stopped without a word"]
    bibliotheque = next((ligne for ligne in lignes if "cannot load library" in ligne), lignes[-1])
    return bibliotheque.strip()[:200]


def preparer_apercus():
    """pdftoppm draws the pages of PDFs; without it the portal works, and says that they cannot be shown."""
    if shutil.which("pdftoppm"):
        return
    try:
        installer_par_apt(["poppler-utils"], besoin="to show the pages of PDFs")
    except SystemExit as raison:
        print(f"{raison}\nThe pages of PDFs will not be shown; everything else works.", flush=True)


def preparer_programmes(*, postgresql):
    """Programs that the tests run; each that cannot be installed is named."""
    manquants = [paquet for paquet, present in programmes(postgresql=postgresql).items() if not present()]
    if manquants:
        installer_par_apt(manquants, besoin="to run the tests")
    manquants = [paquet for paquet, present in programmes(postgresql=postgresql).items() if not present()]
    if manquants:
        sys.exit(
            f"The tests need {', '.join(manquants)}, which could not be installed. "
            "A browser from elsewhere can be named in CHROMIUM, a PostgreSQL in DATABASE_URL."
        )


def programmes(*, postgresql):
    def trouve(*noms):
        return lambda: any(map(shutil.which, noms))

    liste = {
        "chromium": lambda: os.environ.get("CHROMIUM") or trouve("chromium", "chromium-browser", "google-chrome")(),
        "poppler-utils": trouve("pdftoppm"),
        "qpdf": trouve("qpdf"),
        "clamav-daemon": lambda: bool(shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")),
        "libatomic1": pilote_du_navigateur_repond,
    }
    return liste | ({"postgresql": dossier_postgresql} if postgresql else {})


def pilote_du_navigateur_repond():
    """Playwright comes with its own Node.js, which needs a library that a bare Debian lacks."""
    pilote = next((RACINE / ".venv").glob("lib/python3*/site-packages/playwright/driver/node"))
    return subprocess.run([pilote, "--version"], capture_output=True, check=False).returncode == 0


def dossier_postgresql():
    """Folder of the newest server installed: Debian keeps its programs out of the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda chemin: int(chemin.parts[-3]))
    initdb = str(debian[-1]) if debian else shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def installer_par_apt(paquets, *, besoin):
    liste = " ".join(paquets)
    prefixe = [] if os.geteuid() == 0 else ["sudo", "-n"]
    a_la_main = f"run « sudo apt-get update && sudo apt-get install -y {liste} », then start again."
    if not shutil.which("apt-get"):
        sys.exit(f"Missing {besoin}: {liste} (names of Debian). Install them with the package manager of this system.")
    if prefixe and not sudo_sans_mot_de_passe():
        sys.exit(f"Missing {besoin}: {a_la_main}")
    with etape(f"Installing {liste} (apt-get), {besoin}"):
        apt = [*prefixe, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
        # Lists that cannot be refreshed may still be good enough: the installation decides.
        subprocess.run([*apt, "update"], capture_output=True, stdin=subprocess.DEVNULL, check=False)
        reussir(
            [*apt, "install", "-y", "--no-install-recommends", *paquets],
            sinon=f"Missing {besoin}, and apt-get failed: {a_la_main}",
        )


def sudo_sans_mot_de_passe():
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
