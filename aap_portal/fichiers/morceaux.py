"""Bytes of an upload that comes in pieces: one file each, written at the place that the sender says, flushed each time."""

import contextlib
import os
import time
from pathlib import Path

from django.conf import settings

MORCEAU_MAX = 1024 * 1024
MORCEAU_MIN = 16 * 1024  # but for the last one: else a file would cost thousands of requests


def chemin_de(cle) -> Path:
    return _dossier() / cle.hex


def ecrire(cle, debut: int, contenu: bytes) -> None:
    """Write bytes at their place. Written twice they change nothing, so no lock is needed."""
    descripteur = os.open(chemin_de(cle), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        reste = memoryview(contenu)
        while reste:
            ecrits = os.pwrite(descripteur, reste, debut)
            debut, reste = debut + ecrits, reste[ecrits:]
        os.fsync(descripteur)
    finally:
        os.close(descripteur)


def oublier(cle) -> None:
    chemin_de(cle).unlink(missing_ok=True)


def purger(*, connues, age: int) -> int:
    """Remove the files older than `age` seconds whose key is not among `connues`."""
    limite, retires = time.time() - age, 0
    for chemin in _dossier().iterdir():
        with contextlib.suppress(FileNotFoundError):
            if chemin.name not in connues and chemin.stat().st_mtime < limite:
                chemin.unlink()
                retires += 1
    return retires


def _dossier() -> Path:
    dossier = Path(settings.FICHIERS_DIR) / "televersements"
    dossier.mkdir(parents=True, exist_ok=True)
    return dossier
