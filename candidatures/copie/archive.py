"""One ZIP: the request, its receipts, its pieces under names that can be read, and the list of their fingerprints."""

import contextlib
import hashlib
import shutil
import tempfile
import zipfile

from django.utils import timezone

from . import cerfa
from .contenu import pieces_jointes, recepisses
from .demande import rendre_demande

MORCEAU = 256 * 1024  # bytes
EMPREINTES = "empreintes-sha256.txt"


@contextlib.contextmanager
def composer(dossier):
    """Give the path of the archive, gone at the end. Files are copied chunk by chunk: memory does not grow with them."""
    racine = f"dossier-{dossier.numero}"
    with tempfile.NamedTemporaryFile(suffix=".zip") as sortie:
        with zipfile.ZipFile(sortie.name, "w") as archive:
            empreintes = [_ecrire(archive, racine, nom, contenu) for nom, contenu in _documents(dossier)]
            empreintes += [_copier(archive, racine, nom, fichier) for nom, fichier in _fichiers(dossier)]
            texte = "".join(f"{sha256}  {nom}\n" for nom, sha256 in empreintes)
            _ecrire(archive, racine, EMPREINTES, texte.encode())
        yield sortie.name


_fabriques = []


def declarer_document(fonction):
    """Register `fonction(dossier)`: (name, bytes) of each document that the archive holds beside the request."""
    if fonction not in _fabriques:
        _fabriques.append(fonction)
    return fonction


def _documents(dossier):
    yield "01-demande.pdf", rendre_demande(dossier)
    yield "02-demande-cerfa.pdf", cerfa.rendre_pdf_cerfa(dossier)
    yield "02-demande-cerfa.xlsx", cerfa.rendre_xlsx_cerfa(dossier)
    for fabrique in _fabriques:
        yield from fabrique(dossier)


def _fichiers(dossier):
    for nom, fichier in recepisses(dossier):
        yield f"recepisses/{nom}", fichier
    for piece in pieces_jointes(dossier):
        if piece.fichier:
            yield f"pieces/{piece.nom}", piece.fichier


def _entree(racine, nom, quand):
    entree = zipfile.ZipInfo(f"{racine}/{nom}", date_time=timezone.localtime(quand).timetuple()[:6])
    entree.compress_type = zipfile.ZIP_DEFLATED if nom.endswith(".txt") else zipfile.ZIP_STORED
    entree.external_attr = 0o644 << 16
    return entree


def _ecrire(archive, racine, nom, contenu):
    archive.writestr(_entree(racine, nom, timezone.now()), contenu)
    return nom, hashlib.sha256(contenu).hexdigest()


def _copier(archive, racine, nom, fichier):
    entree = _entree(racine, nom, fichier.depose_le)
    entree.file_size = fichier.taille
    with fichier.ouvrir() as source, archive.open(entree, "w") as cible:
        shutil.copyfileobj(source, cible, MORCEAU)
    return nom, fichier.sha256
