"""What an instructor checks of a dossier, and what stops it from being declared recevable (AAP 2022, B.2; readings 6, 21, 25)."""

from dataclasses import dataclass, field

from aap_portal.referentiel.erreurs import Obstacle
from aap_portal.referentiel.formats import jour

from .models.instruction import ControleDossier
from .pieces import CodePiece, Exigence
from .rubriques import RUBRIQUES

_encarts = []


@dataclass(frozen=True)
class Encart:
    """A block that an upper room adds to the reader: the template is included with `contexte` as `encart`."""

    gabarit: str
    contexte: dict = field(default_factory=dict)


def declarer_encart(fonction):
    """`fonction(dossier, personne)` gives the Encart to show in the instructor's reader, or None."""
    if fonction not in _encarts:
        _encarts.append(fonction)
    return fonction


def encarts(dossier, personne):
    return [encart for fonction in _encarts if (encart := fonction(dossier, personne))]


@dataclass(frozen=True)
class Point:
    """One thing to check. `objet` names it (« rubrique:projet », « piece:rib »), `bloquant`: recevabilité waits for it."""

    objet: str
    titre: str
    controle: ControleDossier | None
    bloquant: bool = True
    attendue: object = None
    fournies: tuple = ()

    @property
    def nature(self):
        return self.objet.partition(":")[0]

    @property
    def code(self):
        return self.objet.partition(":")[2]

    @property
    def ancre(self):
        return self.objet.replace(":", "-")

    @property
    def est_une_piece_absente(self):
        return self.nature == "piece" and not self.fournies

    @property
    def est_favorable(self):
        return self.controle is not None and self.controle.constat != ControleDossier.Constat.A_COMPLETER

    @property
    def etat(self):
        return self.controle.constat if self.controle else "a_controler"

    @property
    def libelle(self):
        return self.controle.get_constat_display() if self.controle else "À contrôler"


def points_de_controle(dossier):
    """The pieces then the sections of a dossier, each with what was found of it."""
    controles = {controle.objet: controle for controle in dossier.controles.all()}
    return [*_pieces(dossier, controles), *_rubriques(controles)]


def _pieces(dossier, controles):
    """Compulsory pieces, and whatever else was given; only the first, or what replaces one of them, is waited for."""
    par_code = {}
    for piece in dossier.pieces_en_vigueur:
        par_code.setdefault(piece.code, []).append(piece)
    attendues = {piece.code: piece for piece in dossier.pieces_attendues}
    exigees = {code for code, piece in attendues.items() if piece.est_obligatoire}
    remplacantes = {
        code
        for piece in attendues.values()
        if piece.est_obligatoire and piece.code not in par_code
        for code in piece.a_defaut
    }
    codes = [
        code for code in attendues if code in exigees or code in par_code or _est_attendue_plus_tard(attendues[code])
    ]
    codes += [code for code in par_code if code not in attendues]
    for code in codes:
        objet = f"piece:{code}"
        yield Point(
            objet,
            CodePiece(code).label,
            controles.get(objet),
            bloquant=code in exigees or (code in remplacantes and code in par_code),
            attendue=attendues.get(code),
            fournies=tuple(par_code.get(code, ())),
        )


def _est_attendue_plus_tard(piece):
    return piece.exigence == Exigence.CONVENTION


def _rubriques(controles):
    for rubrique in RUBRIQUES:
        if rubrique.code != "pieces":
            objet = f"rubrique:{rubrique.code}"
            yield Point(objet, rubrique.titre, controles.get(objet))


def empechements(dossier):
    """Why this dossier is not instructed yet: sentences, none when it is (readings 6 and 25)."""
    if dossier.etat != dossier.Etat.DEPOSE:
        yield Obstacle("etat", f"Le dossier est « {dossier.get_etat_display()} » : il n’est plus à instruire.")
        return
    if dossier.attend_decision_hors_delai:
        yield Obstacle(
            "hors_delai",
            "Ce dossier a été déposé hors délai : admettez-le ou rejetez-le, avec un motif, avant de l’instruire.",
            reference="AAP 2022, C.2",
        )
    if (demande := dossier.demande_ouverte) and not demande.au_depot:
        yield Obstacle(
            "complement_attendu",
            f"{demande} attend la réponse de la structure, jusqu’au {jour(demande.echeance_le)}\u00a0: l’instruction reprend "
            "quand elle a répondu, ou quand vous mettez fin à la demande.",
            reference="AAP 2022, B.2-2",
        )
    if dossier.incomplet:
        titres = ", ".join(f"« {piece.titre} »" for piece in dossier.pieces_manquantes)
        manque = f" Il manque {titres}." if titres else ""
        yield Obstacle(
            "incomplet",
            f"Ce dossier est incomplet : il n’est pas instruit tant que la structure ne l’a pas complété.{manque}",
            reference="AAP 2022, B.2-2",
        )


def obstacles_a_la_recevabilite(dossier):
    """Every reason why this dossier can't be declared recevable now."""
    obstacles = list(empechements(dossier))
    if obstacles:
        return obstacles
    for point in points_de_controle(dossier):
        if point.bloquant and not point.est_favorable:
            reste = "est à contrôler" if point.controle is None else "reste à compléter"
            obstacles.append(
                Obstacle("controle", f"« {point.titre} » {reste}.", champ=point.ancre, reference="AAP 2022, B.2-2")
            )
    return obstacles
