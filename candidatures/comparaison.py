"""What differs between two filings: two snapshots (`instantane`) read section by section, without the database.

Fields with their two texts, tables row by row, pieces with the sha256 of their file.
"""

from dataclasses import dataclass, field

from aap_portal.referentiel.models import Agrement, FinancementPoste, LignePoste, PosteETP, Structure

from .comparaison_textes import dire, mots
from .forms.sections import SECTIONS
from .models.activite import LigneBudget, ProjectionAnnuelle, VolumeActivite
from .models.dossier import Dossier
from .models.partenaire import Partenaire
from .pieces import CodePiece
from .rubriques import PAR_CODE, RUBRIQUES, Rubrique

AJOUT, RETRAIT, MODIFICATION = "ajoutee", "retiree", "modifiee"


@dataclass(frozen=True)
class Changement:
    """One value that differs; `objet` names it as a request would (« champ:projet.diagnostic »)."""

    objet: str
    libelle: str
    avant: str
    apres: str
    longue: bool = False

    @property
    def mots(self):
        """Pieces of the two texts, each (egal, retire or ajoute, words)."""
        return mots(self.avant, self.apres)


@dataclass(frozen=True)
class LigneChangee:
    """A row added, removed or modified; `valeurs`: (label, before, after) of what differs, or of the whole row."""

    etat: str
    titre: str
    valeurs: tuple


@dataclass(frozen=True)
class TableauChange:
    objet: str
    titre: str
    lignes: tuple


@dataclass(frozen=True)
class PieceChangee:
    """A piece given, withdrawn or replaced; each side is (name or reference, sha256 or nothing), or None."""

    objet: str
    etat: str
    titre: str
    avant: tuple | None
    apres: tuple | None


@dataclass
class SectionChangee:
    rubrique: Rubrique
    changements: list = field(default_factory=list)
    tableaux: list = field(default_factory=list)
    pieces: list = field(default_factory=list)

    @property
    def objets(self):
        return {partie.objet for partie in (*self.changements, *self.tableaux, *self.pieces)}


@dataclass(frozen=True)
class _Table:
    """A list of the snapshot: its section, the model whose labels it bears, what identifies and what names a row."""

    rubrique: str
    groupe: str
    titre: str
    modele: type
    cle: tuple
    nom: str
    ignores: tuple = ()


_TABLES = {
    "volumes": _Table("missions", "volumes", "Volumes d’activité", VolumeActivite, ("segment",), "segment"),
    "partenaires": _Table("structure", "", "Partenaires", Partenaire, ("siret",), "denomination"),
    "agrements": _Table("structure", "", "Agréments", Agrement, ("type", "attribue_par"), "type"),
    "projection": _Table("budgets", "projection", "Projection sur trois ans", ProjectionAnnuelle, ("rang",), "rang"),
}
# Read with the tables above, or told otherwise: the keys of a snapshot that `comparer` knows.
CLES = {
    "numero", "campagne", "regles", "recu_par_courriel_le", "structure", "dossier", "postes", "budgets", "pieces", "pieces_manquantes", "demande",
    "complement", *_TABLES,
}  # fmt: skip


def comparer(avant: dict, apres: dict) -> list[SectionChangee]:
    """The sections that differ, in their order; nothing when the two filings say the same."""
    sections = {rubrique.code: SectionChangee(rubrique) for rubrique in RUBRIQUES}
    _champs(sections, avant, apres)
    _postes(sections, avant.get("postes", []), apres.get("postes", []))
    _budgets(sections, avant.get("budgets", []), apres.get("budgets", []))
    for cle, table in _TABLES.items():
        _ajouter(sections, table, avant.get(cle, []), apres.get(cle, []))
    sections["pieces"].pieces += _pieces(avant.get("pieces", []), apres.get("pieces", []))
    return [section for section in sections.values() if section.objets]


def objets_changes(avant: dict, apres: dict) -> set[str]:
    """Names of all that differs: fields, tables and pieces, and the sections that hold them."""
    trouves = set()
    for section in comparer(avant, apres):
        trouves |= section.objets | {f"rubrique:{section.rubrique.code}"}
    return trouves


def _champs(sections, avant, apres):
    for partie, modele in (("structure", Structure), ("dossier", Dossier)):
        ancien, nouveau = avant.get(partie, {}), apres.get(partie, {})
        for nom in dict.fromkeys([*ancien, *nouveau]):
            if ancien.get(nom) != nouveau.get(nom):
                code = _section_de(nom) if partie == "dossier" else "structure"
                sections[code].changements.append(_changement(modele, code, nom, ancien.get(nom), nouveau.get(nom)))


def _section_de(nom):
    codes = (code for code, formulaire in SECTIONS.items() if nom in formulaire.champs_nommables())
    return next(codes, "structure")


def _changement(modele, code, nom, avant, apres):
    colonne = modele._meta.get_field(nom)
    longue = colonne.get_internal_type() == "TextField"
    return Changement(f"champ:{code}.{nom}", _libelle(modele, nom), dire(colonne, avant), dire(colonne, apres), longue)


def _libelle(modele, nom):
    libelle = str(modele._meta.get_field(nom).verbose_name)
    return libelle[:1].upper() + libelle[1:]


def _postes(sections, avant, apres):
    """Posts in their own section, who pays them in the plan."""
    champs = (
        "intitule",
        "metier",
        "titulaire",
        "communes",
        "nature",
        "quotite_avant",
        "quotite_apres",
        "cout_annuel",
        "motif_baisse",
    )
    lignes = tuple(_lignes(_Table("postes", "", "", LignePoste, ("poste",), "intitule"), avant, apres, champs))
    if lignes:
        sections["postes"].tableaux.append(TableauChange("rubrique:postes", "Postes", lignes))
    anciens, nouveaux, vus = _par_cle(avant, ("poste",)), _par_cle(apres, ("poste",)), {}
    for cle in dict.fromkeys([*anciens, *nouveaux]):
        ancien, nouveau = anciens.get(cle, {}), nouveaux.get(cle, {})
        intitule = (nouveau or ancien)["intitule"]
        vus[intitule] = vus.get(intitule, 0) + 1
        homonyme = f" ({vus[intitule]})" if vus[intitule] > 1 else ""
        titre = f"Financement de «\u00a0{intitule}\u00a0»{homonyme}"
        table = _Table("plan", "", titre, FinancementPoste, ("source", "precision", "annee"), "source")
        _ajouter(sections, table, ancien.get("financements", []), nouveau.get("financements", []))


def _budgets(sections, avant, apres):
    for budget in LigneBudget.Budget:
        table = _Table("budgets", budget.value, budget.label, LigneBudget, ("compte",), "compte", ("budget",))
        _ajouter(sections, table, *([ligne for ligne in cote if ligne["budget"] == budget] for cote in (avant, apres)))


def _ajouter(sections, table, avant, apres):
    if lignes := tuple(_lignes(table, avant, apres)):
        objet = f"champ:{table.rubrique}.{table.groupe}" if table.groupe else f"rubrique:{table.rubrique}"
        sections[table.rubrique].tableaux.append(TableauChange(objet, table.titre, lignes))


def _lignes(table, avant, apres, champs=None):
    anciens, nouveaux = _par_cle(avant, table.cle), _par_cle(apres, table.cle)
    for cle in dict.fromkeys([*anciens, *nouveaux]):
        ancienne, nouvelle = anciens.get(cle), nouveaux.get(cle)
        noms = champs or [nom for nom in (nouvelle or ancienne) if nom not in (*table.cle, *table.ignores)]
        valeurs = tuple(_valeurs(table.modele, noms, ancienne, nouvelle))
        if valeurs:
            etat = AJOUT if ancienne is None else RETRAIT if nouvelle is None else MODIFICATION
            yield LigneChangee(etat, _nom(table, nouvelle or ancienne), valeurs)


def _valeurs(modele, noms, ancienne, nouvelle):
    for nom in noms:
        avant, apres = (ancienne or {}).get(nom), (nouvelle or {}).get(nom)
        if avant != apres:
            porteur = PosteETP if nom in {"intitule", "metier", "titulaire", "communes"} else modele
            colonne = porteur._meta.get_field(nom)
            yield (
                _libelle(porteur, nom),
                "" if ancienne is None else dire(colonne, avant),
                "" if nouvelle is None else dire(colonne, apres),
            )


def _nom(table, ligne):
    """How a row is called: the label of what identifies it, with the name and the year that a source may have."""
    if table.modele is LignePoste:
        return ligne[table.nom]
    titre = dire(table.modele._meta.get_field(table.nom), ligne[table.nom])
    suites = [str(ligne[nom]) for nom in ("precision", "annee") if ligne.get(nom)]
    return ", ".join([titre, *suites])


def _par_cle(lignes, cle):
    return {tuple(ligne[nom] for nom in cle): ligne for ligne in lignes}


def _pieces(avant, apres):
    """By code: what only one side holds; one gone and one come under the same code is a replacement."""
    anciennes, nouvelles = _par_code(avant), _par_code(apres)
    for code in dict.fromkeys([*anciennes, *nouvelles]):
        parties = [p for p in anciennes.get(code, []) if p not in nouvelles.get(code, [])]
        venues = [p for p in nouvelles.get(code, []) if p not in anciennes.get(code, [])]
        objet, titre = f"piece:{code}", str(CodePiece(code).label)
        remplacees = min(len(parties), len(venues))
        for ancienne, nouvelle in zip(parties[:remplacees], venues[:remplacees], strict=True):
            yield PieceChangee(objet, "remplacee", titre, ancienne, nouvelle)
        for ancienne in parties[remplacees:]:
            yield PieceChangee(objet, RETRAIT, titre, ancienne, None)
        for nouvelle in venues[remplacees:]:
            yield PieceChangee(objet, AJOUT, titre, None, nouvelle)


def _par_code(pieces):
    par_code = {}
    for piece in pieces:
        fichier = piece["fichier"]
        donnee = (fichier["nom"], fichier["sha256"]) if fichier else (piece["reference"] or "Non concerné", "")
        par_code.setdefault(piece["code"], []).append(donnee)
    return par_code


def rubrique_de(objet):
    """The section of an object's name."""
    nature, _, code = objet.partition(":")
    return PAR_CODE["pieces" if nature == "piece" else code.partition(".")[0]]
