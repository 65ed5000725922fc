"""The workbook of the budgets: given out with what the portal holds, taken back with each error named by its cell."""

from dataclasses import dataclass, field
from decimal import Decimal

from aap_portal.documents.modele import Case, FeuilleModele, modele, nombre_de_cellule
from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle
from aap_portal.referentiel.formats import euros
from aap_portal.referentiel.montants import ecrire_montant, lire_montant

from . import cerfa
from .budget import PROJET
from .models import LigneBudget, ProjectionAnnuelle

PROJECTION = "Projection sur trois ans"
_TITRES = {nature.label: nature for nature in LigneBudget.Budget}
_ANNEE = ("etp", "cout", "subvention", "cofinancements")
_RANGS = ProjectionAnnuelle._meta.get_field("rang").choices
ERREURS_MAX = 30


# --- Given out -------------------------------------------------------------------------------------------
def modele_budget(dossier, valeurs) -> bytes:
    """The template, filled with `valeurs`: {name of the form's field: euros or ETP}."""
    feuilles = [
        _mode_d_emploi(dossier),
        *(_feuille_budget(nature, valeurs) for nature in LigneBudget.Budget),
        _feuille_projection(valeurs),
    ]
    return modele(feuilles, titre=f"Budgets du dossier {dossier.numero}")


def _mode_d_emploi(dossier):
    phrases = [
        f"Dossier {dossier.numero}, {dossier.structure}",
        "Remplissez les cellules encadrées des trois feuilles suivantes, en euros, puis enregistrez ce classeur au format "
        "Excel (.xlsx).",
        "Un compte se remplit en un montant, ou en son détail\u00a0: dès qu’une ligne de détail est remplie, le total du compte "
        "est leur somme. Laissez vide ce qui n’a pas de montant.",
        "Les totaux se calculent dans la colonne D. Charges et produits doivent être égaux, les comptes 86 et 87 aussi.",
        "Dans le portail, rubrique « Budgets et projection », choisissez « Importer un budget rempli »\u00a0: vous verrez ce qui "
        "change avant que rien ne soit enregistré.",
        "Ne renommez pas les feuilles et gardez les codes de la colonne A\u00a0: ils disent où va chaque montant.",
    ]
    lignes = [[Case("Comment remplir ce classeur", "titre")], *([Case(phrase)] for phrase in phrases)]
    return FeuilleModele("Mode d’emploi", (100,), lignes, sans_entete=True)


def _feuille_budget(nature, valeurs):
    lignes = [[Case(titre, "entete") for titre in ("Compte", "Libellé", "Montant (€)", "Total du compte (€)")]]
    cotes = {}
    for titre, comptes in (
        ("Total des charges", cerfa.COTE_CHARGES),
        ("Total des produits", cerfa.COTE_PRODUITS),
        ("Total des emplois (86)", cerfa.EMPLOIS_VOLONTAIRES),
        ("Total des contributions (87)", cerfa.CONTRIBUTIONS_VOLONTAIRES),
    ):
        totaux = [_ecrire_compte(lignes, nature, c, valeurs) for c in cerfa.du_budget(comptes, projet=nature == PROJET)]
        lignes.append(_ligne_total(titre, "+".join(totaux)))
        cotes[titre] = f"D{len(lignes)}"
    charges, produits, emplois, contributions = cotes.values()
    lignes.append(_ligne_total("Écart entre charges et produits (doit être nul)", f"{charges}-{produits}"))
    lignes.append(_ligne_total("Écart entre les comptes 86 et 87 (doit être nul)", f"{emplois}-{contributions}"))
    return FeuilleModele(nature.label, (16, 58, 18, 20), lignes)


def _ecrire_compte(lignes, nature, compte, valeurs):
    """Add an account and its details; the cell of its total."""
    detaille = any(valeurs.get(f"{nature}_{ligne.code}") is not None for ligne in compte.details)
    saisi = None if detaille else valeurs.get(f"{nature}_{compte.code}")
    rang = len(lignes) + 1
    total = f"=N(C{rang})"
    if compte.details:
        plage = f"C{rang + 1}:C{rang + len(compte.details)}"
        total = f"=IF(COUNT({plage})>0,SUM({plage}),N(C{rang}))"
    lignes.append(
        [Case(compte.code, "titre"), Case(compte.libelle, "titre"), Case(saisi, "saisie"), Case(total, "formule")]
    )
    for ligne in compte.details:
        valeur = valeurs.get(f"{nature}_{ligne.code}")
        lignes.append([Case(ligne.code), Case(f"dont {ligne.libelle}"), Case(valeur, "saisie")])
    return f"D{rang}"


def _ligne_total(titre, somme):
    return [None, Case(titre, "titre"), None, Case(f"={somme}", "formule")]


def _feuille_projection(valeurs):
    titres = ("Année", "ETP", "Coût des postes (€)", "Subvention de l’AAP (€)", "Autres sources (€)", "Écart (€)")
    lignes = [[Case(titre, "entete") for titre in titres]]
    for rang, annee in _RANGS:
        saisies = [
            Case(valeurs.get(f"projection_{rang}_{champ}"), "saisie", "etp" if champ == "etp" else "montant")
            for champ in _ANNEE
        ]
        lignes.append([Case(annee, "titre"), *saisies, Case(f"=C{rang + 1}-D{rang + 1}-E{rang + 1}", "formule")])
    return FeuilleModele(PROJECTION, (14, 10, 20, 24, 20, 16), lignes)


# --- Taken back ------------------------------------------------------------------------------------------
@dataclass
class Releve:
    """What a filled workbook says: texts by field of the form, the cell of each, sheets that it does not have."""

    textes: dict = field(default_factory=dict)
    cellules: dict = field(default_factory=dict)
    absentes: list = field(default_factory=list)
    erreurs: list = field(default_factory=list)

    def refuser(self, cellule, motif):
        phrase = f"Feuille « {cellule.feuille} », cellule {cellule.coordonnee}\u00a0: {motif}"
        self.erreurs.append(Obstacle("cellule", phrase))

    def exiger_lisible(self):
        if self.erreurs:
            reste = len(self.erreurs) - ERREURS_MAX
            suite = [Obstacle("suite", f"Et {reste} autres erreurs.")] if reste > 0 else []
            raise ErreurMetier([*self.erreurs[:ERREURS_MAX], *suite])


def relever_budget(feuilles: dict) -> Releve:
    """Read the sheets of `releve.relever`; every error at once, ErreurMetier when none of the sheets is there."""
    releve = Releve()
    par_nom = {nom.strip().lower(): cellules for nom, cellules in feuilles.items()}
    for titre in (*_TITRES, PROJECTION):
        cellules = par_nom.get(titre.lower())
        if cellules is None:
            releve.absentes.append(titre)
        elif titre == PROJECTION:
            _relever_projection(releve, cellules)
        else:
            _relever_comptes(releve, cellules, _TITRES[titre])
    if len(releve.absentes) == len(_TITRES) + 1:
        noms = ", ".join(f"« {titre} »" for titre in (*_TITRES, PROJECTION))
        raise ErreurMetier.simple(
            "classeur_inconnu",
            f"Ce classeur n’a aucune des feuilles {noms}\u00a0: remplissez le modèle que vous donne cette page.",
        )
    return releve


def _relever_comptes(releve, cellules, nature):
    connus = {
        ligne.code
        for compte in cerfa.du_budget(cerfa.COMPTES, projet=nature == PROJET)
        for ligne in (compte, *compte.details)
    }
    for coordonnee, cle in _colonne(cellules, "A"):
        rang = coordonnee[1:]
        montant = cellules.get(f"C{rang}")
        code = cle.texte.strip().removesuffix(".0")
        if code in connus:
            _relever(releve, f"{nature}_{code}", montant, cle)
        elif montant is not None and rang != "1":
            releve.refuser(cle, f"le compte « {cle.texte} » n’existe pas dans ce budget.")
    for coordonnee, montant in _colonne(cellules, "C"):
        if f"A{coordonnee[1:]}" not in cellules and coordonnee != "C1":
            releve.refuser(montant, f"« {montant.texte} » est sur une ligne sans code de compte.")
    for compte in cerfa.COMPTES:
        _confronter_au_detail(releve, nature, compte)


def _confronter_au_detail(releve, nature, compte):
    """An amount typed beside its details must be their sum."""
    champ = f"{nature}_{compte.code}"
    details = [texte for ligne in compte.details if (texte := releve.textes.get(f"{nature}_{ligne.code}"))]
    saisi = releve.textes.get(champ)
    if details and saisi:
        somme = sum((lire_montant(texte) for texte in details), Decimal(0))
        if lire_montant(saisi) != somme:
            motif = f"le détail de ce compte fait {euros(somme)}, et non {euros(lire_montant(saisi))}. Videz cette cellule ou corrigez le détail."
            releve.refuser(releve.cellules[champ], motif)
        releve.textes[champ] = ""


def _relever_projection(releve, cellules):
    rangs = {annee.lower(): rang for rang, annee in _RANGS}
    for coordonnee, cle in _colonne(cellules, "A"):
        if rang := rangs.get(cle.texte.strip().lower()):
            for colonne, champ in zip("BCDE", _ANNEE, strict=True):
                _relever(releve, f"projection_{rang}_{champ}", cellules.get(f"{colonne}{coordonnee[1:]}"), cle)


def _relever(releve, champ, cellule, cle):
    if champ in releve.textes:
        releve.refuser(cle, f"« {cle.texte} » est déjà plus haut dans cette feuille.")
        return
    releve.textes[champ] = ""
    if cellule is None:
        return
    releve.cellules[champ] = cellule
    try:
        releve.textes[champ] = _lire(cellule)
    except ValueError as erreur:
        releve.refuser(cellule, str(erreur))


def _lire(cellule):
    """The text of an amount as the form takes it; ValueError with the sentence that says what is wrong."""
    if cellule.nature == "formule":
        raise ValueError(
            "cette formule n’a pas de résultat dans le fichier\u00a0: ouvrez-le dans votre tableur et enregistrez-le, ou tapez le montant."
        )
    if cellule.nature not in {"nombre", "texte"}:
        raise ValueError(f"« {cellule.texte} » n’est pas un montant.")
    if cellule.nature == "texte" and not cellule.texte.strip():
        return ""
    try:
        valeur = nombre_de_cellule(cellule.texte) if cellule.nature == "nombre" else lire_montant(cellule.texte)
    except ArithmeticError:
        raise ValueError(f"« {cellule.texte} » n’est pas un montant.") from None
    except ValueError:
        motif = "a plus de deux décimales" if cellule.nature == "nombre" else "n’est pas un montant"
        raise ValueError(
            f"« {cellule.texte.replace('.', ',') if cellule.nature == 'nombre' else cellule.texte} » {motif}."
        ) from None
    return ecrire_montant(valeur)


def _colonne(cellules, lettre):
    """(coordinate, cell) of a column, from top to bottom."""
    trouvees = [(nom, cellule) for nom, cellule in cellules.items() if nom[0] == lettre and nom[1:].isdigit()]
    return sorted(trouvees, key=lambda paire: int(paire[0][1:]))
