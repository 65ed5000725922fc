"""What a copy of a dossier holds, and the fingerprint that tells when it must be made again."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from aap_portal.fichiers.models import Analyse

from ..lecture import lire
from ..pieces import CodePiece

VERSION = 2  # to be raised when the documents themselves change: copies are then made again
NOM_MAX = 60


@dataclass(frozen=True)
class PieceJointe:
    """A piece given, in the order of the copy; `fichier` is None for a reference, « non concerné » or a file kept away."""

    rang: int
    titre: str
    mention: str
    fichier: object = None

    @property
    def nom(self):
        """« 02-comptes-annuels-du-dernier-exercice-clos.pdf »: it sorts and reads well on any computer."""
        return f"{self.rang:02d}-{en_nom_de_fichier(self.titre)}.{self.fichier.extension}"


def pieces_jointes(dossier):
    """The pieces in force, numbered in the order of Annexe 2."""
    ordre = list(CodePiece)
    pieces = sorted(dossier.pieces_en_vigueur, key=lambda piece: (ordre.index(piece.code), piece.pk))
    return [_jointe(rang, piece) for rang, piece in enumerate(pieces, start=1)]


def _jointe(rang, piece):
    titre = str(CodePiece(piece.code).label)
    if piece.fichier is None:
        return PieceJointe(rang, titre, piece.reference or "Non concerné")
    if piece.fichier.analyse in {Analyse.INFECTE, Analyse.EN_ATTENTE}:
        return PieceJointe(rang, titre, f"{piece.fichier.nom} (antivirus\u00a0: {piece.fichier.get_analyse_display()})")
    return PieceJointe(rang, titre, piece.fichier.nom, piece.fichier)


def recepisses(dossier):
    """(name in the copy, file) of each receipt that is made."""
    depots = dossier.depots.select_related("recepisse").exclude(recepisse=None)
    zone = dossier.campagne.service.zone
    return [
        (f"recepisse-{depot.rang}-{depot.depose_le.astimezone(zone):%Y-%m-%d}.pdf", depot.recepisse) for depot in depots
    ]


def empreinte_du_contenu(dossier) -> str:
    """sha256 of all that the copies show: the answers as they are read, the bytes of the files, the filings."""
    matiere = [
        VERSION,
        dossier.etat == dossier.Etat.BROUILLON,
        dossier.depose_le,
        dossier.hors_delai,
        [repr(section) for section in lire(dossier)],
        [(piece.nom, piece.fichier.sha256) if piece.fichier else piece.mention for piece in pieces_jointes(dossier)],
        [(nom, fichier.sha256) for nom, fichier in recepisses(dossier)],
    ]
    return hashlib.sha256(repr(matiere).encode()).hexdigest()


def en_nom_de_fichier(texte: str) -> str:
    """ASCII, lower case, words joined by hyphens, whole words only, at most `NOM_MAX` characters."""
    texte = unicodedata.normalize("NFKD", texte.replace("’", " ").replace("œ", "oe")).encode("ascii", "ignore").decode()
    mots = re.findall(r"[a-z0-9]+", texte.lower())
    nom = ""
    for mot in mots:
        if nom and len(nom) + 1 + len(mot) > NOM_MAX:
            break
        nom = f"{nom}-{mot}" if nom else mot[:NOM_MAX]
    return nom or "piece"
