"""The request in the order of the Cerfa n°12156*06: its numbered parts, the two budgets side by side, the attestations.

For every status: those that are no association give the same data « sur papier libre » (AAP 2022, annexe 2; reading 27).
"""

import contextlib
import tempfile
from dataclasses import dataclass, field

from aap_portal.documents.pdf import rendre_pdf
from aap_portal.documents.tableur import Colonne, Feuille, classeur
from aap_portal.referentiel.formats import euros, instant

from .. import cerfa, signalements
from ..budget import Budget, lire_budget, phrase_subvention
from ..lecture import Reponse, lire_rubrique
from ..lecture import argent as lu_argent
from ..lecture import structure as lue
from ..lecture.elements import champ
from ..lecture.projet import nature
from ..models import LigneBudget

TITRE = "Demande de subvention, présentation conforme au Cerfa n°\u00a012156*06"


@dataclass(frozen=True)
class Partie:
    """A numbered part of the form; part 0 is its first page."""

    numero: int
    titre: str
    reponses: list = field(default_factory=list)
    tableaux: list = field(default_factory=list)
    sections: list = field(default_factory=list)  # parts of the dossier, each under its own heading
    budget: Budget | None = None
    suite: list = field(default_factory=list)  # answers that come after the budget


def parties(dossier):
    """The parts in the order of the form. `dossier` with its content."""
    structure, association = dossier.structure, dossier.structure.est_association
    budget_structure, budget_projet = (lire_budget(dossier, nature_) for nature_ in LigneBudget.Budget)
    yield Partie(0, "Nature de la demande", _nature(dossier))
    yield Partie(
        1,
        "Identification",
        [*lue.identite(structure), *lue.contact(dossier), champ(dossier, "presentation")],
        _donnes(lue.partenaires(dossier)),
    )
    if association:
        agrements = _donnes(lue.agrements(structure))
        yield Partie(2, "Relations avec l’administration", lue.administration(structure), agrements)
        yield Partie(3, "Relations avec d’autres associations", lue.reseaux(structure))
    yield Partie(4, "Moyens humains", tableaux=_donnes(lue.moyens_humains(dossier)))
    publiques = [champ(dossier, "subventions_publiques")] if association else []
    yield Partie(5, "Budget de la structure", publiques, budget=budget_structure)
    yield _projet(dossier, budget_projet)
    yield Partie(7, "Attestations", _attestations(dossier))


def _donnes(tableau):
    return [tableau] if tableau else []


def _nature(dossier):
    service = dossier.campagne.service
    return [
        Reponse("Forme, fréquence, objet et période", nature(dossier)),
        Reponse("Adressée à", service.nom),
        Reponse("Appel à projets", str(dossier.campagne)),
        Reponse("Dossier", dossier.numero),
    ]


def _projet(dossier, budget):
    sections = [lire_rubrique(dossier, code) for code in ("projet", "territoire", "missions", "postes", "plan")]
    projection = lu_argent.tableau_projection(dossier)
    phrase = phrase_subvention(dossier, budget)
    return Partie(
        6,
        "Projet, objet de la demande",
        tableaux=[projection] if projection.lignes else [],
        sections=sections,
        budget=budget,
        suite=[
            *([Reponse("Part de la subvention", phrase, longue=True)] if phrase else []),
            *(
                Reponse("Écart avec le plan ou dans la projection", e, longue=True)
                for e in signalements.des_budgets(dossier)
            ),
        ],
    )


def _attestations(dossier):
    constat = dossier.constat
    demande = f"{euros(constat.subvention)} au titre de l’exercice {dossier.campagne.annee}"
    return [*lire_rubrique(dossier, "attestations").reponses, Reponse("Subvention demandée", demande)]


# --- The two sides of a budget ---------------------------------------------------------------------------
@dataclass(frozen=True)
class LigneCerfa:
    """A line of one side: `niveau` is compte, detail or total; an empty amount stays blank, as on the form."""

    numero: str
    libelle: str
    montant: object
    niveau: str


def cotes(budget):
    """(heading, lines) of the charges then of the produits, every account printed, the details that are given."""
    equilibre = budget.equilibre
    yield (
        "Charges",
        [
            *_lignes(budget, cerfa.COTE_CHARGES),
            LigneCerfa("", "Total des charges", equilibre.charges, "total"),
            *_lignes(budget, cerfa.EMPLOIS_VOLONTAIRES),
            LigneCerfa("", "Total général", equilibre.charges + equilibre.emplois, "total"),
        ],
    )
    yield (
        "Produits",
        [
            *_lignes(budget, cerfa.COTE_PRODUITS),
            LigneCerfa("", "Total des produits", equilibre.produits, "total"),
            *_lignes(budget, cerfa.CONTRIBUTIONS_VOLONTAIRES),
            LigneCerfa("", "Total général", equilibre.produits + equilibre.contributions, "total"),
        ],
    )


def _lignes(budget, comptes):
    for compte in budget.comptes(comptes):
        yield LigneCerfa(compte.numero, compte.libelle, budget.total(compte) or None, "compte")
        for ligne, montant in budget.details(compte):
            yield LigneCerfa(ligne.numero, ligne.libelle, montant, "detail")


# --- Documents -------------------------------------------------------------------------------------------
def etat(dossier):
    """« Déposé le … », or that it is a draft: said on the first page."""
    service = dossier.campagne.service
    if dossier.depose_le is None:
        return "BROUILLON, non déposé\u00a0: ce document ne vaut pas dépôt."
    return f"Déposé le {instant(dossier.depose_le, service.fuseau, service.fuseau_libelle)}."


def rendre_pdf_cerfa(dossier) -> bytes:
    """About a second: in the worker. `dossier` with its content."""
    lues = [(partie, list(cotes(partie.budget)) if partie.budget else []) for partie in parties(dossier)]
    contexte = {
        "dossier": dossier,
        "service": dossier.campagne.service,
        "reference": f"Dossier {dossier.numero}{' — BROUILLON, non déposé' if dossier.est_brouillon else ''}",
        "parties": lues,
        "etat": etat(dossier),
    }
    return rendre_pdf("documents/cerfa.html", contexte, titre=TITRE)


def rendre_xlsx_cerfa(dossier) -> bytes:
    """The same as a workbook, amounts as numbers."""
    lues = list(parties(dossier))
    feuilles = [_feuille_reponses(dossier, lues)]
    feuilles += [_feuille_budget(partie.budget) for partie in lues if partie.budget]
    return classeur([*feuilles, _feuille_plan(dossier), _feuille_projection(dossier)])


def _feuille_reponses(dossier, lues):
    colonnes = [Colonne("Partie", largeur=34), Colonne("Question", largeur=44), Colonne("Réponse", largeur=90)]
    lignes = [("Présentation", TITRE, etat(dossier))]
    for partie in lues:
        nom = f"{partie.numero}. {partie.titre}" if partie.numero else partie.titre
        lues_ici = [reponse for section in partie.sections for reponse in section.reponses]
        lignes += [(nom, r.question, r.valeur) for r in [*partie.reponses, *lues_ici, *partie.suite]]
        for tableau in [*(t for section in partie.sections for t in section.tableaux), *partie.tableaux]:
            titres = [titre for titre, _ in tableau.colonnes[1:]]
            for ligne in [*tableau.lignes, *([tableau.total] if tableau.total else [])]:
                suite = [
                    f"{titre}\u00a0: {cellule.texte}"
                    for titre, cellule in zip(titres, ligne[1:], strict=True)
                    if cellule.texte
                ]
                lignes.append((nom, f"{tableau.legende}, {ligne[0].texte}", " ; ".join(suite)))
    return Feuille("Demande", colonnes, lignes)


def _feuille_budget(budget):
    (_, charges), (_, produits) = cotes(budget)
    colonnes = [
        Colonne("Compte", largeur=10), Colonne("Charges", largeur=48), Colonne("Montant des charges", "montant"),
        Colonne("Compte ", largeur=10), Colonne("Produits", largeur=48), Colonne("Montant des produits", "montant"),
    ]  # fmt: skip
    vide = LigneCerfa("", "", None, "compte")
    hauteur = max(len(charges), len(produits))
    paires = zip(
        charges + [vide] * (hauteur - len(charges)), produits + [vide] * (hauteur - len(produits)), strict=True
    )
    return Feuille(
        budget.titre,
        colonnes,
        [(c.numero, _retrait(c), c.montant, p.numero, _retrait(p), p.montant) for c, p in paires],
    )


def _retrait(ligne):
    return f"   dont {ligne.libelle}" if ligne.niveau == "detail" else ligne.libelle


def _feuille_plan(dossier):
    colonnes = [
        Colonne("Poste"), Colonne("Demande", largeur=24), Colonne("Financeur", largeur=44), Colonne("Nom du financeur"),
        Colonne("État", largeur=12), Colonne("Année", "entier"), Colonne("Montant", "montant"),
    ]  # fmt: skip
    lignes = [
        (
            ligne.poste.intitule, ligne.get_nature_display(), financement.get_source_display(), financement.precision,
            financement.get_etat_display(), financement.annee, financement.montant,
        )
        for ligne in dossier.plan.lignes.all()
        for financement in ligne.financements.all()
    ]  # fmt: skip
    return Feuille("Plan de financement", colonnes, lignes)


def _feuille_projection(dossier):
    colonnes = [
        Colonne("Année", largeur=14), Colonne("ETP", "etp"), Colonne("Coût des postes", "montant"),
        Colonne("Subvention de l’AAP", "montant"), Colonne("Autres sources", "montant"), Colonne("Écart", "montant"),
    ]  # fmt: skip
    lignes = [
        (a.get_rang_display(), a.etp, a.cout, a.subvention, a.cofinancements, a.cout - a.ressources)
        for a in dossier.projections.all()
    ]
    return Feuille("Projection sur trois ans", colonnes, lignes)


@contextlib.contextmanager
def _chemin(contenu, suffixe):
    with tempfile.NamedTemporaryFile(suffix=suffixe) as sortie:
        sortie.write(contenu)
        sortie.flush()
        yield sortie.name


def composer_pdf(dossier):
    """Give the path of the document, gone at the end."""
    return _chemin(rendre_pdf_cerfa(dossier), ".pdf")


def composer_xlsx(dossier):
    return _chemin(rendre_xlsx_cerfa(dossier), ".xlsx")
