"""Dossiers of the demonstration: their answers, posts, plan, budgets and pieces."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from aap_portal.documents.pdf import rendre_pdf
from aap_portal.fichiers.models import Fichier
from aap_portal.referentiel.models import Commune, FinancementPoste, LignePoste, Metier, Nature, PosteETP, Source
from aap_portal.referentiel.plafonds import ZERO, assiette, subvention_max
from candidatures.budget import depuis_le_plan
from candidatures.models import Dossier, LigneBudget, PieceJustificative, ProjectionAnnuelle, VolumeActivite
from candidatures.pieces import CodePiece
from candidatures.versement import verser

from .reponses import repondre


@dataclass(frozen=True)
class Poste:
    intitule: str
    metier: str
    communes: tuple
    quotite: str = "1.00"
    cout: str = "42100.00"
    nature: str = Nature.CREATION
    avant: str = "0.00"
    titulaire: str = ""
    demande: str = ""  # euros; empty: the most that the rules allow
    cofinanceur: str = Source.FONDS_PROPRES
    baisse: str = ""  # why its financeur gives 4 000 € less this year, for a post that exists


@dataclass(frozen=True)
class Projet:
    structure: str
    intitule: str
    postes: tuple
    subventions_publiques: str = "98000.00"
    marches: int = 24
    heures: int = 31000
    sans: tuple = ()  # codes of the pieces that are missing


FACILITATEUR, COORDINATEUR = Metier.FACILITATEUR, Metier.COORDINATEUR


def commencer(campagne, structure, projet, *, par):
    """A draft with every answer, a balanced plan and every piece but those that the project goes without."""
    dossier = Dossier.objects.commencer(campagne=campagne, structure=structure, par=par)
    repondre(dossier, projet)
    for poste in projet.postes:
        _ajouter_poste(dossier, poste)
    dossier = Dossier.objects.avec_contenu().get(pk=dossier.pk)
    _budgeter(dossier)
    _activite(dossier, projet)
    _joindre(dossier, projet, par)
    return Dossier.objects.avec_contenu().get(pk=dossier.pk)


def _ajouter_poste(dossier, fiche):
    poste, nouveau = PosteETP.objects.get_or_create(
        structure=dossier.structure,
        intitule=fiche.intitule,
        defaults={"metier": fiche.metier, "titulaire": fiche.titulaire},
    )
    if nouveau:
        poste.communes.set(Commune.objects.filter(nom__in=fiche.communes))
    ligne = LignePoste.objects.create(
        plan=dossier.plan,
        poste=poste,
        nature=fiche.nature,
        quotite_avant=Decimal(fiche.avant),
        quotite_apres=Decimal(fiche.quotite),
        cout_annuel=Decimal(fiche.cout),
        motif_baisse=fiche.baisse,
    )
    if ligne.est_demandee:
        _financer(dossier, ligne, fiche)
    else:
        for annee in (dossier.campagne.annee - 1, dossier.campagne.annee):
            FinancementPoste.objects.create(
                ligne=ligne,
                source=fiche.cofinanceur,
                precision=_NOMS.get(fiche.cofinanceur, "").format(commune=fiche.communes[0]),
                annee=annee,
                montant=Decimal(fiche.cout)
                - (Decimal(4000) if fiche.baisse and annee == dossier.campagne.annee else 0),
                etat="acquis",
            )


def _financer(dossier, ligne, fiche):
    base = assiette(ligne.cout_annuel, ligne.mesurer(dossier.plan.mois).etp, dossier.plan.mois)
    demande = Decimal(fiche.demande) if fiche.demande else subvention_max(base, dossier.taux)
    nom = _NOMS.get(fiche.cofinanceur, "").format(commune=fiche.communes[0])
    for source, precision, montant in ((Source.AAP, "", demande), (fiche.cofinanceur, nom, base - demande)):
        if montant:
            FinancementPoste.objects.create(ligne=ligne, source=source, precision=precision, montant=montant)


_NOMS = {
    Source.COMMUNE: "Commune de {commune}",
    Source.EPCI: "Intercommunalité de {commune}",
    Source.EUROPE: "FSE+",
    Source.PRIVE: "Fondation Fictive",
}


def _budgeter(dossier):
    constat, repris = dossier.constat, depuis_le_plan(dossier)
    projet = {"61": Decimal("2400.00"), "62": Decimal("3600.00"), "64": constat.assiette}
    structure = {"60": Decimal("18000.00"), "62": Decimal("24000.00"), "64": Decimal("310000.00") + constat.assiette}
    aides = sum((montant for code, montant in repris.items() if code.startswith("74-")), ZERO)
    produits = {code: montant for code, montant in repris.items() if code != "64"}
    produits["propres"] = sum(projet.values(), ZERO) - aides
    for budget, comptes in (
        (LigneBudget.Budget.PROJET, projet | produits),
        (LigneBudget.Budget.STRUCTURE, structure | {"74": aides + Decimal("98000.00")}),
    ):
        comptes |= {"86": Decimal("4000.00"), "87": Decimal("4000.00")}
        if budget == LigneBudget.Budget.STRUCTURE:
            comptes["75"] = sum(structure.values(), ZERO) - comptes["74"]
        for compte, montant in comptes.items():
            LigneBudget.objects.create(dossier=dossier, budget=budget, compte=compte, montant=montant)


def _activite(dossier, projet):
    segments = VolumeActivite.Segment
    parts = {segments.ETAT: 40, segments.NPNRU: 20, segments.PUBLIC_LOCAL: 35, segments.PRIVE: 5}
    for segment, part in parts.items():
        VolumeActivite.objects.create(
            dossier=dossier,
            segment=segment,
            marches_actuels=projet.marches * part // 200,
            montant_actuel=Decimal(projet.heures * part // 250) * 36,
            heures_actuelles=projet.heures * part // 250,
            marches_prevus=projet.marches * part // 100,
            montant_prevu=Decimal(projet.heures * part // 100) * 36,
            heures_prevues=projet.heures * part // 100,
        )
    constat = dossier.constat
    for rang in (1, 2, 3):
        ProjectionAnnuelle.objects.create(
            dossier=dossier,
            rang=rang,
            etp=constat.etp,
            cout=constat.assiette,
            subvention=constat.subvention,
            cofinancements=constat.assiette - constat.subvention,
        )


def _joindre(dossier, projet, par):
    codes = [piece.code for piece in dossier.pieces_manquantes if piece.code not in projet.sans]
    codes += [
        code for code in (CodePiece.RIB, CodePiece.DELIBERATION) if _attendue(dossier, code) and code not in projet.sans
    ]
    for code in codes:
        fichier = Fichier.objects.deposer(_document(dossier, code), par=par)
        PieceJustificative.objects.create(dossier=dossier, code=code, fichier=fichier, ajoutee_par=par)


def remplacer(dossier, code, nom, *, par):
    """A newer version of a piece given before; the older one stays readable."""
    attendue = next(piece for piece in dossier.pieces_attendues if piece.code == code)
    verser(dossier, attendue, [_document(dossier, code, nom)], par=par, remplacer=True)


def _document(dossier, code, nom=""):
    titre = CodePiece(code).label
    contexte = {"structure": dossier.structure, "piece": titre, "service": None}
    contenu = rendre_pdf("documents/piece_fictive.html", contexte, titre=titre)
    return SimpleUploadedFile(nom or f"{code.replace('_', '-')}.pdf", contenu, content_type="application/pdf")


def _attendue(dossier, code):
    return any(piece.code == code for piece in dossier.pieces_attendues)
