"""What a draft still lacks, in a few words: its sections, its pieces, the money that nobody brings yet."""

from dataclasses import dataclass
from decimal import Decimal

from aap_portal.referentiel.formats import euros
from aap_portal.referentiel.plafonds import ZERO

from .rubriques import RUBRIQUES, Rubrique
from .verification import verifier

_REPONSES = {
    "structure": "contact_nom contact_fonction contact_courriel contact_telephone presentation subventions_publiques "
    "salaries emplois_aides salaries_etp mis_a_disposition benevoles volontaires adherentes adherents",
    "projet": "intitule diagnostic objectifs strategie beneficiaires quartiers moyens realisation_debut_le "
    "realisation_fin_le indicateurs informations_complementaires",
    "territoire": "implantation reponse_zones_blanches",
    "missions": "missions",
    "attestations": "atteste_exactitude atteste_obligations atteste_engagement atteste_charte atteste_maintien "
    "atteste_compte aides_publiques qualite_signataire",
}


@dataclass(frozen=True)
class EtatRubrique:
    """One row of the task list; `etat` is a_remplir, a_completer or complet."""

    rubrique: Rubrique
    rang: int
    lien: str
    etat: str
    libelle: str
    detail: str = ""
    obstacles: tuple = ()


@dataclass(frozen=True)
class Resume:
    rubriques: tuple
    pieces_manquantes: tuple = ()
    cofinancement_manquant: Decimal = ZERO

    @property
    def completes(self):
        return sum(ligne.etat == "complet" for ligne in self.rubriques)

    @property
    def avancement(self):
        """« 6 rubriques sur 9 complètes »."""
        pluriel = "s" if self.completes > 1 else ""
        return f"{self.completes} rubrique{pluriel} sur {len(self.rubriques)} complète{pluriel}"

    @property
    def rubriques_incompletes(self):
        """Sections to fill or mend, less those that the other two figures tell."""
        return [ligne for ligne in self.rubriques if ligne.obstacles and not _dit_le_reste(ligne)]

    @property
    def bloquants(self):
        """How many answers and rules stop the filing; a missing piece does not (reading 25)."""
        return sum(len(ligne.obstacles) for ligne in self.rubriques)

    @property
    def rubriques_bloquantes(self):
        return [ligne for ligne in self.rubriques if ligne.obstacles]

    @property
    def rubriques_completes(self):
        return [ligne for ligne in self.rubriques if ligne.etat == "complet"]

    @property
    def est_complet(self):
        return self.completes == len(self.rubriques)

    @property
    def manque(self):
        """« 2 pièces, 1 rubrique, 630 € de cofinancement », or nothing."""
        parts = []
        if self.pieces_manquantes:
            parts.append(compter(len(self.pieces_manquantes), "pièce"))
        if self.rubriques_incompletes:
            parts.append(compter(len(self.rubriques_incompletes), "rubrique"))
        if self.cofinancement_manquant:
            parts.append(f"{euros(self.cofinancement_manquant)} de cofinancement")
        return ", ".join(parts)


def compter(combien, nom):
    """« 1 pièce », « 2 pièces »."""
    return f"{combien}\u00a0{nom}{'s' if combien > 1 else ''}"


def resumer(dossier) -> Resume:
    """State of the nine sections and what is missing, from the same check as the filing; no query after avec_contenu."""
    constats = verifier(dossier)
    manquantes = dossier.pieces_manquantes
    lignes = [
        _ligne(dossier, rang, rubrique, constats[rubrique.code], manquantes)
        for rang, rubrique in enumerate(RUBRIQUES, start=1)
    ]
    reste = sum((ligne.reste for ligne in dossier.constat.lignes if ligne.reste > 0), ZERO)
    return Resume(tuple(lignes), tuple(manquantes), reste)


def _ligne(dossier, rang, rubrique, obstacles, manquantes):
    etat, libelle, detail = "complet", "Complet", ""
    if rubrique.code == "pieces":
        etat, libelle, detail = _pieces(dossier, manquantes)
    elif rubrique.code == "plan" and not dossier.constat.lignes:
        etat, libelle, detail = "a_remplir", "À remplir", "Ajoutez d’abord les postes demandés."
    elif obstacles:
        vide = _est_vide(dossier, rubrique.code)
        etat, libelle = ("a_remplir", "À remplir") if vide else ("a_completer", "À compléter")
        detail = "" if vide else _detail(obstacles)
    return EtatRubrique(rubrique, rang, rubrique.lien(dossier), etat, libelle, detail, tuple(obstacles))


def _pieces(dossier, manquantes):
    obligatoires = [piece for piece in dossier.pieces_attendues if piece.est_obligatoire]
    pluriel = "s" if len(obligatoires) > 1 else ""
    detail = f"{len(obligatoires) - len(manquantes)} sur {len(obligatoires)} pièce{pluriel} obligatoire{pluriel}"
    if not manquantes:
        return "complet", "Complet", detail if obligatoires else ""
    if not dossier.pieces_en_vigueur:
        return "a_remplir", "À remplir", detail
    return "a_completer", "À compléter", detail


def _detail(obstacles):
    return obstacles[0].message if len(obstacles) == 1 else f"{len(obstacles)} points à revoir"


def _est_vide(dossier, code):
    if code == "postes":
        return not dossier.plan.lignes.all()
    if code == "plan":
        return not any(ligne.financements.all() for ligne in dossier.plan.lignes.all())
    if code == "budgets":
        return not (dossier.lignes_budget.all() or dossier.projections.all())
    if code == "missions" and dossier.volumes.all():
        return False
    return not any(getattr(dossier, champ) for champ in _REPONSES[code].split())


def _dit_le_reste(ligne):
    """The plan lacks nothing but money: the amount says it better than « 1 rubrique »."""
    return {obstacle.code for obstacle in ligne.obstacles} == {"equilibre"}
