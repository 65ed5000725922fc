"""The way in of an uploaded file: size, name, then a look inside by a child process."""

import contextlib
import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from aap_portal.referentiel.erreurs import ErreurMetier

from . import stockage
from .controle import DELAI, TYPES
from .noms import couper, nettoyer_nom
from .refus import phrase

journal = logging.getLogger(__name__)
IMAGES = {"jpg", "jpeg", "png"}


@dataclass(frozen=True)
class Recu:
    """A file that passed, still at its temporary place."""

    chemin: Path
    nom: str
    extension: str
    taille: int
    sha256: str
    type_mime: str
    pages: int | None


def refuser(code, nom, **details):
    raise ErreurMetier.simple(f"fichier_{code}", phrase(code, nom, **details))


def exiger_recevable(brut, taille):
    """What can be said of a file before its content is there: its name and its size in bytes. Gives the clean name."""
    nom = nettoyer_nom(brut)
    if couper(nom)[1] not in TYPES:
        refuser("extension", nom)
    if taille == 0:
        refuser("vide", nom)
    if taille > settings.FICHIER_TAILLE_MAX:
        refuser("trop_gros", nom, max=settings.FICHIER_TAILLE_MAX)
    return nom


@contextlib.contextmanager
def examiner_televersement(televerse):
    """Give a `Recu` or raise `ErreurMetier`; whatever happens, no temporary file stays."""
    nom = nettoyer_nom(getattr(televerse, "name", ""))
    extension = couper(nom)[1]
    if extension not in TYPES:
        refuser("extension", nom, extension=extension)
    try:
        with stockage.temporaire(televerse.chunks(), taille_max=settings.FICHIER_TAILLE_MAX) as ecrit:
            if ecrit.taille == 0:
                refuser("vide", nom)
            yield _recu(ecrit, nom, extension)
    except stockage.TropGros:
        refuser("trop_gros", nom, max=settings.FICHIER_TAILLE_MAX)
    except OSError:
        journal.exception("an uploaded file could not be written")
        refuser("rangement", nom)


def ranger(recu, cle):
    try:
        stockage.ranger(recu.chemin, cle)
    except OSError:
        journal.exception("an uploaded file could not be put in place")
        refuser("rangement", recu.nom)


def _recu(ecrit, nom, extension):
    verdict = controler(ecrit.chemin)
    if code := verdict.get("refus"):
        refuser(code, nom, extension=extension)
    trouvee = verdict["extension"]
    if TYPES[trouvee] != TYPES[extension] and {trouvee, extension} <= IMAGES:
        # A JPEG named .png is what messaging apps make: both are shown alike, so the name is put right.
        nom, extension = f"{couper(nom)[0]}.{trouvee}", trouvee
    if TYPES[trouvee] != TYPES[extension]:
        refuser("type_different", nom, extension=extension, trouvee=trouvee)
    return Recu(ecrit.chemin, nom, extension, ecrit.taille, ecrit.sha256, TYPES[extension], verdict.get("pages"))


def controler(chemin):
    """Verdict of `controle.py`, run apart: whatever a hostile file does to it, the portal goes on."""
    commande = [sys.executable, "-I", str(Path(__file__).with_name("controle.py")), str(chemin)]
    try:
        fin = subprocess.run(commande, capture_output=True, timeout=DELAI, stdin=subprocess.DEVNULL, check=False)
    except subprocess.TimeoutExpired:
        return {"refus": "trop_long"}
    if fin.returncode < 0:  # killed by a limit
        return {"refus": "trop_long"}
    try:
        return json.loads(fin.stdout)
    except ValueError:
        journal.error("file check ended with code %s: %s", fin.returncode, fin.stderr[-2000:].decode(errors="replace"))
        return {"refus": "controle"}
