"""What is read of the pieces: those given, those that lack."""

from aap_portal.referentiel.formats import taille

from ..pieces import CodePiece
from .elements import Cellule, Reponse, Tableau


def pieces(dossier):
    lignes = tuple(_piece(piece) for piece in dossier.pieces_en_vigueur)
    manquantes = [piece.titre for piece in dossier.pieces_manquantes]
    reponses = [
        Reponse("Pièces obligatoires manquantes", "\n".join(manquantes) or "Aucune", longue=len(manquantes) > 1)
    ]
    colonnes = (("Pièce", False), ("Document ou référence", False), ("Taille", True))
    return reponses, [Tableau("Pièces données", colonnes, lignes)] if lignes else []


def _piece(piece):
    titre, fichier = Cellule(CodePiece(piece.code).label), piece.fichier
    if fichier:
        return (
            titre,
            Cellule(fichier.nom, lien=fichier.get_absolute_url() if fichier.est_lisible else ""),
            Cellule(taille(fichier.taille), nombre=True),
        )
    return titre, Cellule(piece.reference or "Non concerné"), Cellule("—", nombre=True)
