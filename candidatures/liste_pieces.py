"""The checklist of pieces as it is shown: what is expected, why, what was given."""

from dataclasses import dataclass

from django.conf import settings

from .modeles_pieces import AVEC_MODELE
from .pieces import CodePiece, Exigence, PieceAttendue
from .versement import est_retirable

_LIBELLES = {
    Exigence.OBLIGATOIRE: ("manquante", "Manquante"),
    Exigence.CONVENTION: ("a_completer", "À donner avant la convention"),
    Exigence.FACULTATIVE: ("", "Facultative"),
}


@dataclass(frozen=True)
class Donnee:
    """A piece given; `retirable` while the rules let it be withdrawn."""

    piece: object
    retirable: bool


@dataclass(frozen=True)
class Carte:
    attendue: PieceAttendue
    donnees: list
    fournie: bool
    remplacee: bool
    precedentes: tuple = ()

    @property
    def a_un_modele(self):
        return self.attendue.code in AVEC_MODELE

    @property
    def etat(self):
        return self._badge[0]

    @property
    def libelle(self):
        return self._badge[1]

    @property
    def _badge(self):
        if self.fournie and all(donnee.piece.non_concerne for donnee in self.donnees):
            return "sans_objet", "Non concerné"
        if self.fournie:
            return "fournie", "Donnée"
        if self.remplacee:
            return "fournie", "Remplacée"
        return _LIBELLES[self.attendue.exigence]

    @property
    def a_defaut(self):
        return [CodePiece(code).label for code in self.attendue.a_defaut]

    @property
    def ouverte(self):
        """What waits for an answer lies open; the rest unfolds."""
        if self.fournie or self.remplacee:
            return False
        return self.attendue.exigence != Exigence.FACULTATIVE or self.attendue.non_concerne_admis

    @property
    def peut_remplacer(self):
        return any(donnee.retirable and donnee.piece.fichier_id for donnee in self.donnees)


@dataclass(frozen=True)
class Liste:
    cartes: list
    inattendues: list
    retirees: list
    fichiers: int
    poids: int
    ouvertes: list

    @property
    def obligatoires(self):
        return [carte for carte in self.cartes if carte.attendue.est_obligatoire]

    @property
    def obligatoires_donnees(self):
        return [carte for carte in self.obligatoires if carte.fournie or carte.remplacee]

    @property
    def groupes(self):
        """(title, cards) of what can still be given, in the order of what is required."""
        par_exigence = [
            (exigence, [c for c in self.ouvertes if c.attendue.exigence == exigence]) for exigence in Exigence
        ]
        return [(_TITRES[exigence], cartes) for exigence, cartes in par_exigence if cartes]

    def autour_de(self, code):
        """The card of a piece, and those that it may stand for."""
        return [carte for carte in self.cartes if carte.attendue.code == code or code in carte.attendue.a_defaut]

    @property
    def fichiers_max(self):
        return settings.DOSSIER_FICHIERS_MAX

    @property
    def poids_max(self):
        return settings.DOSSIER_TAILLE_MAX


_TITRES = {
    Exigence.OBLIGATOIRE: "Pièces obligatoires",
    Exigence.CONVENTION: "Avant la convention",
    Exigence.FACULTATIVE: "Pièces facultatives",
}


def lister(dossier):
    attendues, fournies = dossier.pieces_attendues, dossier.pieces_fournies
    en_vigueur = dossier.pieces_en_vigueur
    retirees = [piece for piece in dossier.pieces.all() if piece.retiree_le]
    codes = {attendue.code for attendue in attendues}
    fichiers = [piece.fichier for piece in en_vigueur if piece.fichier]
    cartes = [
        Carte(
            attendue,
            [Donnee(piece, est_retirable(piece, dossier)) for piece in en_vigueur if piece.code == attendue.code],
            fournie=attendue.code in fournies,
            remplacee=attendue.satisfaite_par(fournies),
            precedentes=tuple(piece for piece in retirees if piece.code == attendue.code),
        )
        for attendue in attendues
    ]
    return Liste(
        cartes=cartes,
        inattendues=[Donnee(piece, est_retirable(piece, dossier)) for piece in en_vigueur if piece.code not in codes],
        retirees=[piece for piece in retirees if piece.code not in codes],
        fichiers=len(fichiers),
        poids=sum(fichier.taille for fichier in fichiers),
        ouvertes=[carte for carte in cartes if dossier.ouvre_piece(carte.attendue)],
    )
