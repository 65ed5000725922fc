"""Bytes on disk: written beside their place, flushed, then put in place in one go.

Django's FileSystemStorage never calls fsync: a receipt would promise a file that a power cut can take away.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

SUFFIXE_TEMPORAIRE = ".part"
AGE_TEMPORAIRE_MAX = 3600  # seconds; an upload that takes longer is dead


class TropGros(Exception):
    """More bytes came than the limit allows."""


@dataclass(frozen=True)
class Temporaire:
    chemin: Path
    taille: int
    sha256: str


def chemin_de(cle) -> Path:
    """Place of a file: two hexadecimal digits for the folder, so that none holds too many entries."""
    texte = cle.hex
    return Path(settings.FICHIERS_DIR) / texte[:2] / texte


@contextlib.contextmanager
def temporaire(morceaux, *, taille_max=None):
    """Write the chunks to a temporary file, flushed to disk; it is gone at the end unless it was put in place."""
    dossier = _dossier_temporaire()
    descripteur, nom = tempfile.mkstemp(dir=dossier, suffix=SUFFIXE_TEMPORAIRE)
    chemin = Path(nom)
    try:
        with os.fdopen(descripteur, "wb") as sortie:
            taille, empreinte = _copier(morceaux, sortie, taille_max)
            sortie.flush()
            os.fsync(sortie.fileno())
        yield Temporaire(chemin, taille, empreinte)
    finally:
        chemin.unlink(missing_ok=True)


def _copier(morceaux, sortie, taille_max):
    empreinte, taille = hashlib.sha256(), 0
    for morceau in morceaux:
        taille += len(morceau)
        if taille_max is not None and taille > taille_max:
            raise TropGros
        empreinte.update(morceau)
        sortie.write(morceau)
    return taille, empreinte.hexdigest()


@contextlib.contextmanager
def dossier_temporaire():
    """A folder of one's own on the disk of the files; it is gone at the end unless it was put in place."""
    dossier = Path(tempfile.mkdtemp(dir=_dossier_temporaire(), suffix=SUFFIXE_TEMPORAIRE))
    try:
        yield dossier
    finally:
        shutil.rmtree(dossier, ignore_errors=True)


def ranger(chemin: Path, cle) -> None:
    """Put a temporary file in its place: rename, then flush the folder that names it."""
    cible = chemin_de(cle)
    nouveau = not cible.parent.exists()
    cible.parent.mkdir(parents=True, exist_ok=True)
    os.rename(chemin, cible)
    _synchroniser(cible.parent)
    if nouveau:
        _synchroniser(cible.parent.parent)


def purger_temporaires(*, age=AGE_TEMPORAIRE_MAX) -> int:
    """Remove temporary files that a killed process left behind; nothing that has its place is ever touched."""
    limite, retires = time.time() - age, 0
    for chemin in _dossier_temporaire().glob(f"*{SUFFIXE_TEMPORAIRE}"):
        with contextlib.suppress(FileNotFoundError):  # the upload ended meanwhile
            if chemin.stat().st_mtime < limite:
                shutil.rmtree(chemin) if chemin.is_dir() else chemin.unlink()
                retires += 1
    return retires


def _dossier_temporaire() -> Path:
    dossier = Path(settings.FICHIERS_DIR) / "temporaires"  # same disk as the rest: the rename must be atomic
    dossier.mkdir(parents=True, exist_ok=True)
    return dossier


def _synchroniser(dossier: Path) -> None:
    descripteur = os.open(dossier, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
