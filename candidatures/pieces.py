"""Which pieces this structure must give for this project, and why (AAP 2022, Annexe 2 and B.1; readings 17, 18, 26 to 28).

Computed, never listed: the same function draws the checklist, tells what is missing at filing and drives the check.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from aap_portal.referentiel.formats import euros
from aap_portal.referentiel.models import Structure


class CodePiece(models.TextChoices):
    RAPPORT_ACTIVITE = "rapport_activite", "Rapport d’activité du dernier exercice clos"
    COMPTES_ANNUELS = "comptes_annuels", "Comptes annuels du dernier exercice clos"
    RAPPORT_CAC = "rapport_cac", "Rapport du commissaire aux comptes"
    ATTESTATION_STRUCTURE = "attestation_structure", "Attestation de structure (type AVE ou autre)"
    LETTRE_RECOMMANDATION = "lettre_recommandation", "Lettre de recommandation des acteurs du territoire"
    ATTESTATION_COMPETENCES = "attestation_competences", "Attestation de compétences sur l’honneur"
    RAPPORT_EXPERIENCE = "rapport_experience", "Rapport d’activité montrant l’expérience de la clause sociale"
    IMPLANTATION = "implantation", "Justificatif d’implantation dans la zone à couvrir"
    RIB = "rib", "Relevé d’identité bancaire"
    STATUTS = "statuts", "Statuts"
    POUVOIR = "pouvoir", "Pouvoir donné à la personne qui engage la structure"
    DELIBERATION = "deliberation", "Délibération autorisant la demande"
    LIBRE = "libre", "Autre document utile à l’instruction"


# Given at any time for the convention, whatever a request opens (reading 28).
CODES_DE_CONVENTION = (CodePiece.RIB, CodePiece.POUVOIR, CodePiece.DELIBERATION)

# What replaces a piece when it is given together (AAP 2022, B.1; reading 17).
A_DEFAUT = {CodePiece.LETTRE_RECOMMANDATION: (CodePiece.ATTESTATION_COMPETENCES, CodePiece.RAPPORT_EXPERIENCE)}


class Exigence(models.TextChoices):
    OBLIGATOIRE = "obligatoire", "Obligatoire"
    CONVENTION = "convention", "Avant la convention"
    FACULTATIVE = "facultative", "Facultative"


@dataclass(frozen=True)
class Situation:
    """What the list depends on. Amounts in euros a year, `seuil_certification` from the campaign; `exercice_clos`: last
    civil year closed, for whoever's exercice follows it."""

    categorie: str
    emergente: bool
    demande_coordinateur: bool
    demande_facilitateur: bool
    couvre_zone_blanche: bool
    subventions_publiques: Decimal | None
    seuil_certification: Decimal
    signe_par_mandat: bool = False
    exercice_clos: int | None = None

    @property
    def est_association(self):
        return self.categorie == Structure.Categorie.ASSOCIATION

    @property
    def est_collectivite(self):
        return self.categorie == Structure.Categorie.COLLECTIVITE

    @property
    def comptes_certifies(self):
        return self.subventions_publiques is not None and self.subventions_publiques > self.seuil_certification


@dataclass(frozen=True)
class PieceAttendue:
    """One expected piece; `a_defaut` are the pieces that, given together, replace it."""

    code: CodePiece
    exigence: Exigence
    pourquoi: str
    source: str
    reference_admise: bool = False
    non_concerne_admis: bool = False
    a_defaut: tuple = ()

    @property
    def titre(self):
        return CodePiece(self.code).label

    @property
    def est_obligatoire(self):
        return self.exigence == Exigence.OBLIGATOIRE

    def satisfaite_par(self, fournis):
        """True when the piece itself, or the whole of what replaces it, is among the codes given."""
        return self.code in fournis or (bool(self.a_defaut) and set(self.a_defaut) <= set(fournis))


def pieces_attendues(situation: Situation) -> list[PieceAttendue]:
    """Every piece that concerns this structure, the compulsory ones first."""
    pieces = [*_comptes(situation), *_experience(situation), *_paiement(situation)]
    pieces.append(
        PieceAttendue(
            CodePiece.LIBRE,
            Exigence.FACULTATIVE,
            "Vous pouvez joindre tout document que vous jugez utile.",
            "AAP 2022, annexe 2",
        )
    )
    return sorted(pieces, key=lambda piece: list(Exigence).index(piece.exigence))


def pieces_manquantes(situation: Situation, fournis) -> list[PieceAttendue]:
    """Compulsory pieces that `fournis`, the codes given, does not satisfy."""
    return [p for p in pieces_attendues(situation) if p.est_obligatoire and not p.satisfaite_par(fournis)]


def _comptes(situation):
    exigence = Exigence.OBLIGATOIRE if situation.est_association else Exigence.FACULTATIVE
    pourquoi = (
        "Demandé à toute association."
        if situation.est_association
        else "Vous n’êtes pas une association : vos réponses dans le dossier suffisent, ce document reste bienvenu."
    )
    pieces = [
        PieceAttendue(code, exigence, f"{pourquoi}{_exercice(situation)}", "AAP 2022, annexe 2")
        for code in (CodePiece.RAPPORT_ACTIVITE, CodePiece.COMPTES_ANNUELS)
    ]
    if situation.est_association:
        pieces.append(_rapport_cac(situation))
    return pieces


def _exercice(situation):
    """Which exercice is the last closed one, and that older ones are welcome (reading 27)."""
    annee = situation.exercice_clos
    if annee is None:
        return ""
    return (
        f" Dernier exercice clos : {annee} si vos comptes suivent l’année civile. Ceux de {annee - 1} et de {annee - 2} "
        "sont bienvenus."
    )


def _rapport_cac(situation):
    seuil = euros(situation.seuil_certification)
    if situation.subventions_publiques is None:
        exigence, pourquoi = (
            Exigence.FACULTATIVE,
            (
                "Indiquez d’abord, dans votre dossier, les subventions publiques reçues sur le dernier exercice clos : ce "
                f"rapport est obligatoire au-delà de {seuil}."
            ),
        )
    elif situation.comptes_certifies:
        exigence, pourquoi = (
            Exigence.OBLIGATOIRE,
            (
                f"Vous recevez plus de {seuil} de subventions publiques par an : joignez le rapport"
                f"{_de_l_exercice(situation)}, ou donnez la référence de sa publication au Journal officiel."
            ),
        )
    else:
        exigence, pourquoi = (
            Exigence.FACULTATIVE,
            (
                f"Vos subventions publiques ne dépassent pas {seuil} par an : déclarez-vous non concerné, ou joignez le "
                "rapport si vous en avez un."
            ),
        )
    return PieceAttendue(
        CodePiece.RAPPORT_CAC,
        exigence,
        pourquoi,
        "AAP 2022, annexe 2 ; code de commerce, art. L. 612-4 et D. 612-5",
        reference_admise=True,
        non_concerne_admis=exigence == Exigence.FACULTATIVE and situation.subventions_publiques is not None,
    )


def _de_l_exercice(situation):
    return f" de l’exercice {situation.exercice_clos}" if situation.exercice_clos else ""


def _experience(situation):
    if situation.emergente:
        return _experience_emergente(situation)
    if situation.est_collectivite:
        return []
    if situation.demande_coordinateur:
        pourquoi = "Vous portez déjà un poste et demandez un coordinateur."
    elif situation.couvre_zone_blanche:
        pourquoi = "Vous portez déjà un poste et demandez à couvrir une zone blanche."
    else:
        return []
    return [PieceAttendue(CodePiece.ATTESTATION_STRUCTURE, Exigence.OBLIGATOIRE, pourquoi, "AAP 2022, B.1")]


def _experience_emergente(situation):
    pieces = []
    if situation.demande_coordinateur:
        pieces.append(
            PieceAttendue(
                CodePiece.LETTRE_RECOMMANDATION,
                Exigence.OBLIGATOIRE,
                "Structure émergente demandant un coordinateur. À défaut de lettre, joignez une attestation sur "
                "l’honneur et un rapport d’activité montrant votre expérience.",
                "AAP 2022, B.1",
                a_defaut=A_DEFAUT[CodePiece.LETTRE_RECOMMANDATION],
            )
        )
        pieces += [
            PieceAttendue(code, Exigence.FACULTATIVE, "À défaut de lettre de recommandation.", "AAP 2022, B.1")
            for code in A_DEFAUT[CodePiece.LETTRE_RECOMMANDATION]
        ]
    if situation.demande_facilitateur and situation.couvre_zone_blanche:
        pieces.append(
            PieceAttendue(
                CodePiece.IMPLANTATION,
                Exigence.FACULTATIVE,
                "Appuie ce que vous écrivez de votre présence dans la zone blanche.",
                "AAP 2022, B.1",
            )
        )
    return pieces


def _paiement(situation):
    pieces = [
        PieceAttendue(
            CodePiece.RIB,
            Exigence.CONVENTION,
            "Nécessaire au paiement ; le dossier est recevable sans lui.",
            "Circulaire n°5811/SG du 29 septembre 2015",
        )
    ]
    if situation.signe_par_mandat:
        pieces.append(
            PieceAttendue(
                CodePiece.POUVOIR,
                Exigence.CONVENTION,
                "Une autre personne que le représentant légal engage la structure : joignez le pouvoir qu’elle a reçu, "
                "avec les deux signatures ; le dossier est recevable sans lui.",
                "Cerfa n°12156*06, attestations",
            )
        )
    if situation.est_association:
        pieces.append(
            PieceAttendue(CodePiece.STATUTS, Exigence.FACULTATIVE, "Utile à une première demande.", "Cerfa n°12156*06")
        )
    elif situation.categorie != Structure.Categorie.AUTRE:
        pieces.append(
            PieceAttendue(
                CodePiece.DELIBERATION,
                Exigence.CONVENTION,
                "Autorise votre représentant à demander la subvention et à signer la convention.",
                "Code général des collectivités territoriales",
            )
        )
    return pieces
