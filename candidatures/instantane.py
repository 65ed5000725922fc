"""What a filing freezes: the whole dossier as plain data, and its fingerprint."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal

_CHAMPS_DOSSIER = (
    "contact_nom contact_courriel contact_telephone salaries_etp benevoles subventions_publiques presentation intitule "
    "diagnostic objectifs strategie implantation reponse_zones_blanches missions atteste_exactitude atteste_obligations "
    "atteste_engagement atteste_maintien"
).split()
_CHAMPS_STRUCTURE = (
    "siret rna denomination sigle categorie situation adresse code_postal ville representant_prenom representant_nom "
    "representant_qualite courriel telephone"
).split()


def instantane(dossier) -> dict:
    """The dossier's content at this moment; amounts and dates as text, files by their sha256."""
    return _lisible(
        {
            "numero": dossier.numero,
            "campagne": str(dossier.campagne),
            "structure": _champs(dossier.structure, _CHAMPS_STRUCTURE),
            "dossier": _champs(dossier, _CHAMPS_DOSSIER),
            "postes": [_poste(ligne) for ligne in dossier.plan.lignes.all()],
            "budgets": [_champs(ligne, ["budget", "compte", "montant"]) for ligne in dossier.lignes_budget.all()],
            "volumes": [
                _champs(
                    v,
                    "segment marches_actuels montant_actuel heures_actuelles marches_prevus montant_prevu heures_prevues".split(),
                )
                for v in dossier.volumes.all()
            ],
            "projection": [
                _champs(p, "rang etp cout subvention cofinancements".split()) for p in dossier.projections.all()
            ],
            "pieces": [_piece(piece) for piece in dossier.pieces_en_vigueur],
            "pieces_manquantes": [piece.titre for piece in dossier.pieces_manquantes],
            "demande": _champs(dossier.constat, ["etp", "assiette", "subvention", "autres_sources"]),
        }
    )


def empreinte(contenu: dict) -> str:
    """sha256 of the canonical JSON text of a snapshot."""
    texte = json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()


def _champs(objet, noms):
    return {nom: getattr(objet, nom) for nom in noms}


def _poste(ligne):
    return {
        "poste": ligne.poste_id,
        "intitule": ligne.poste.intitule,
        "metier": ligne.poste.metier,
        "titulaire": ligne.poste.titulaire,
        "communes": [commune.nom for commune in ligne.poste.communes.all()],
        **_champs(ligne, ["nature", "quotite_avant", "quotite_apres", "cout_annuel", "motif_baisse"]),
        "financements": [
            _champs(f, ["source", "precision", "annee", "montant", "etat"]) for f in ligne.financements.all()
        ],
    }


def _piece(piece):
    fichier = piece.fichier
    return {
        "code": piece.code,
        "reference": piece.reference,
        "non_concerne": piece.non_concerne,
        "fichier": fichier and {"nom": fichier.nom, "taille": fichier.taille, "sha256": fichier.sha256},
    }


def _lisible(valeur):
    if isinstance(valeur, dict):
        return {cle: _lisible(element) for cle, element in valeur.items()}
    if isinstance(valeur, list):
        return [_lisible(element) for element in valeur]
    if isinstance(valeur, Decimal | date | datetime):
        return str(valeur)
    return valeur
