"""Images of the pages of the files: made once, in a child process, kept beside the files; they can always be made again."""

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from . import stockage

journal = logging.getLogger(__name__)
DELAI = 180  # seconds, by the clock
EXTENSIONS = {"pdf", "jpg", "jpeg", "png"}
TYPE_MIME = "image/webp"


def chemin_de(cle, rang: int) -> Path:
    """Place of an image: that of the page `rang`, from 1, or the first one in small for 0."""
    return _dossier(cle) / f"{rang:04}.webp"


def dessiner(source: Path, cle) -> int:
    """Draw the pages of a stored file; the number of those that could be, 0 when none."""
    with stockage.dossier_temporaire() as brouillon:
        _executer([sys.executable, "-I", str(Path(__file__).with_name("dessin.py")), str(source), str(brouillon)])
        pages = len(list(brouillon.glob("0*.webp"))) - 1
        if pages < 1 or not (brouillon / "0000.webp").exists():
            return 0
        _ranger(brouillon, _dossier(cle))
    return pages


def _ranger(brouillon, place):
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(place, ignore_errors=True)
    with contextlib.suppress(OSError):  # drawn twice at once: the other one is as good
        os.rename(brouillon, place)


def _executer(commande):
    enfant = subprocess.Popen(
        commande, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        _, dit = enfant.communicate(timeout=DELAI)
        if enfant.returncode:
            journal.warning(
                "pages could not all be drawn (%s): %s", enfant.returncode, dit[-500:].decode(errors="replace")
            )
    except subprocess.TimeoutExpired:
        journal.warning("drawing pages took more than %s seconds", DELAI)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(enfant.pid, signal.SIGKILL)  # its own children too
        enfant.communicate()


def _dossier(cle) -> Path:
    return Path(settings.FICHIERS_DIR) / "apercus" / cle.hex[:2] / cle.hex
