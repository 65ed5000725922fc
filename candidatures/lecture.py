"""The dossier as it is read: the same sections for the review, the read-only pages and the instruction."""

from dataclasses import dataclass, field

from aap_portal.referentiel.formats import INSECABLE, etp, euros, jour, nombre, taille
from aap_portal.referentiel.plafonds import ZERO

from . import cerfa
from .missions import Mission
from .models import LigneBudget, VolumeActivite
from .pieces import CodePiece
from .rubriques import PAR_CODE, RUBRIQUES, Rubrique

NON_RENSEIGNE = "Non renseigné"


@dataclass(frozen=True)
class Reponse:
    question: str
    valeur: str
    longue: bool = False


@dataclass(frozen=True)
class Cellule:
    texte: str
    nombre: bool = False
    lien: str = ""


@dataclass(frozen=True)
class Tableau:
    """`colonnes`: (title, is a number); the first cell of a row is its heading."""

    legende: str
    colonnes: tuple
    lignes: tuple
    total: tuple = ()


@dataclass(frozen=True)
class Section:
    rubrique: Rubrique
    reponses: list = field(default_factory=list)
    tableaux: list = field(default_factory=list)


def lire(dossier):
    return [lire_rubrique(dossier, rubrique.code) for rubrique in RUBRIQUES]


def lire_rubrique(dossier, code):
    reponses, tableaux = _LECTURES[code](dossier)
    return Section(PAR_CODE[code], list(reponses), list(tableaux))


def _texte(dossier, *champs):
    """Answers typed in the form, under the model's own names."""
    for champ in champs:
        colonne = dossier._meta.get_field(champ)
        libelle = str(colonne.verbose_name)
        longue = colonne.get_internal_type() == "TextField"
        yield Reponse(libelle[:1].upper() + libelle[1:], getattr(dossier, champ) or NON_RENSEIGNE, longue)


def _structure(dossier):
    structure = dossier.structure
    reponses = [
        Reponse("Dénomination", f"{structure.denomination}{f' ({structure.sigle})' if structure.sigle else ''}"),
        Reponse("SIRET", structure.siret),
        Reponse("Statut juridique", structure.get_categorie_display()),
        Reponse("Situation", structure.get_situation_display()),
        Reponse("Siège", f"{structure.adresse}, {structure.code_postal} {structure.ville}"),
        Reponse("Représentant légal", f"{structure.representant}, {structure.representant_qualite}"),
        *_texte(dossier, "contact_nom", "contact_courriel", "contact_telephone"),
        Reponse("Salariés", NON_RENSEIGNE if dossier.salaries_etp is None else etp(dossier.salaries_etp)),
    ]
    if structure.est_association:
        reponses += [
            Reponse("Bénévoles", NON_RENSEIGNE if dossier.benevoles is None else nombre(dossier.benevoles)),
            Reponse(
                "Subventions publiques reçues en argent sur le dernier exercice clos",
                NON_RENSEIGNE if dossier.subventions_publiques is None else euros(dossier.subventions_publiques),
            ),
        ]
    return [*reponses, *_texte(dossier, "presentation")], []


def _projet(dossier):
    return _texte(dossier, "intitule", "diagnostic", "objectifs", "strategie"), []


def _territoire(dossier):
    zones = [(zone.commune.nom, zone.get_motif_display(), jour(zone.constatee_le)) for zone in dossier.zones_blanches]
    reponses = [
        Reponse("Communes couvertes", ", ".join(commune.nom for commune in dossier.communes) or NON_RENSEIGNE),
        *_texte(dossier, "implantation", "reponse_zones_blanches"),
    ]
    tableaux = [
        Tableau(
            "Zones blanches couvertes par la demande",
            (("Commune", False), ("Motif", False), ("Constatée le", False)),
            tuple(tuple(Cellule(texte) for texte in zone) for zone in zones),
        )
    ]
    return reponses, tableaux if zones else []


def _missions(dossier):
    choisies = [str(Mission(code).label) for code in dossier.missions if code in Mission]
    reponses = [Reponse("Missions prises", "\n".join(choisies) or NON_RENSEIGNE, longue=True)]
    lignes = tuple(
        (
            Cellule(volume.get_segment_display()),
            *(Cellule(forme(getattr(volume, champ)), nombre=True) for champ, forme in _VOLUMES.items()),
        )
        for volume in dossier.volumes.all()
    )
    titres = [VolumeActivite._meta.get_field(champ).verbose_name for champ in _VOLUMES]
    colonnes = (("Marchés", False), *((titre[:1].upper() + titre[1:], True) for titre in titres))
    return reponses, [Tableau("Volumes d’activité", colonnes, lignes)] if lignes else []


_VOLUMES = {
    "marches_actuels": nombre, "montant_actuel": euros, "heures_actuelles": nombre,
    "marches_prevus": nombre, "montant_prevu": euros, "heures_prevues": nombre,
}  # fmt: skip


def _postes(dossier):
    mesures = {ligne.cle: ligne for ligne in dossier.constat.lignes}
    lignes = []
    for ligne in dossier.plan.lignes.all():
        mesure = mesures.get(str(ligne.pk))
        lignes.append(
            (
                Cellule(ligne.poste.intitule),
                Cellule(ligne.poste.get_metier_display()),
                Cellule(ligne.get_nature_display()),
                Cellule(f"{nombre(ligne.quotite_avant, 2)} → {nombre(ligne.quotite_apres, 2)}", nombre=True),
                Cellule(etp(mesure.etp) if mesure else "—", nombre=True),
                Cellule(euros(ligne.cout_annuel), nombre=True),
                Cellule(", ".join(commune.nom for commune in ligne.poste.communes.all()) or NON_RENSEIGNE),
            )
        )
    colonnes = (
        ("Poste", False), ("Métier", False), ("Demande", False), ("Quotité", True), ("ETP demandés", True),
        ("Coût à temps plein", True), ("Communes couvertes", False),
    )  # fmt: skip
    if not lignes:
        return [Reponse("Postes demandés", NON_RENSEIGNE)], []
    return [Reponse("ETP demandés au total", etp(dossier.constat.etp))], [Tableau("Postes", colonnes, tuple(lignes))]


def _plan(dossier):
    constat = dossier.constat
    if not dossier.plan.lignes.all():
        return [Reponse("Plan de financement", NON_RENSEIGNE)], []
    reponses = [
        Reponse("Assiette", euros(constat.assiette)),
        Reponse("Subvention demandée", f"{euros(constat.subvention)}, sur {euros(constat.maximum)} au plus"),
        Reponse("Autres sources", euros(constat.autres_sources)),
        Reponse("Reste à financer", euros(constat.reste)),
    ]
    return reponses, [_financements(ligne) for ligne in dossier.plan.lignes.all()]


def _financements(ligne):
    lignes = tuple(
        (
            Cellule(financement.get_source_display()),
            Cellule(financement.precision or "—"),
            Cellule(str(financement.annee or "—")),
            Cellule(financement.get_etat_display()),
            Cellule(euros(financement.montant), nombre=True),
        )
        for financement in ligne.financements.all()
    )
    colonnes = (("Financeur", False), ("Précision", False), ("Année", False), ("État", False), ("Montant", True))
    total = sum((financement.montant for financement in ligne.financements.all()), ZERO)
    return Tableau(f"Financement de « {ligne.poste.intitule} »", colonnes, lignes, _total("Total", 3, total))


def _total(libelle, vides, *montants):
    return (
        Cellule(libelle),
        *(Cellule("") for _ in range(vides)),
        *(Cellule(euros(montant), nombre=True) for montant in montants),
    )


def _budgets(dossier):
    tableaux = [_budget(dossier, budget) for budget in LigneBudget.Budget]
    lignes = tuple(
        (
            Cellule(annee.get_rang_display()),
            Cellule(etp(annee.etp), nombre=True),
            *(Cellule(euros(getattr(annee, champ)), nombre=True) for champ in ("cout", "subvention", "cofinancements")),
        )
        for annee in dossier.projections.all()
    )
    colonnes = (
        ("Année", False),
        ("ETP", True),
        ("Coût", True),
        ("Subvention de l’AAP", True),
        ("Autres sources", True),
    )
    projection = [Tableau("Projection sur trois ans", colonnes, lignes)] if lignes else []
    tableaux = [tableau for tableau in tableaux if tableau.lignes] + projection
    return [] if tableaux else [Reponse("Budgets et projection", NON_RENSEIGNE)], tableaux


def _budget(dossier, budget):
    montants = {ligne.compte: ligne.montant for ligne in dossier.lignes_budget.all() if ligne.budget == budget}
    lignes = []
    for compte in cerfa.COMPTES:
        if montant := montants.get(compte.code):
            charge = compte in (*cerfa.CHARGES, *cerfa.EMPLOIS_VOLONTAIRES)
            lignes.append(
                (
                    Cellule(f"{compte.code}{INSECABLE}{compte.libelle}"),
                    Cellule(euros(montant) if charge else "", nombre=True),
                    Cellule("" if charge else euros(montant), nombre=True),
                )
            )
    equilibre = cerfa.equilibre(montants)
    total = _total("Total, hors comptes 86 et 87", 0, equilibre.charges, equilibre.produits)
    return Tableau(budget.label, (("Compte", False), ("Charges", True), ("Produits", True)), tuple(lignes), total)


def _pieces(dossier):
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
            Cellule(fichier.nom, lien=fichier.get_absolute_url()),
            Cellule(taille(fichier.taille), nombre=True),
        )
    return titre, Cellule(piece.reference or "Non concerné"), Cellule("—", nombre=True)


def _attestations(dossier):
    champs = ["atteste_exactitude", "atteste_obligations", "atteste_maintien"]
    if dossier.structure.est_association:
        champs.insert(2, "atteste_engagement")
    reponses = []
    for champ in champs:
        libelle = str(dossier._meta.get_field(champ).verbose_name)
        reponses.append(
            Reponse(libelle[:1].upper() + libelle[1:], "Attesté" if getattr(dossier, champ) else NON_RENSEIGNE)
        )
    return reponses, []


_LECTURES = {
    "structure": _structure,
    "projet": _projet,
    "postes": _postes,
    "territoire": _territoire,
    "missions": _missions,
    "plan": _plan,
    "budgets": _budgets,
    "pieces": _pieces,
    "attestations": _attestations,
}
