"""What a filing freezes: the whole dossier as plain data, and its fingerprint."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal

_CHAMPS_STRUCTURE = (
    "siret rna recepisse_prefecture denomination sigle site_web categorie situation adresse code_postal ville "
    "correspondance_adresse correspondance_code_postal correspondance_ville representant_prenom representant_nom "
    "representant_qualite representant_telephone representant_courriel courriel telephone utilite_publique "
    "utilite_publique_le assujettie_impots reseaux adherents_personnes_morales"
).split()
_CHAMPS_REGLES = "ouverture_le cloture_le delai_rejet_implicite_mois delai_complement_jours".split()
_CHAMPS_VOLUME = (
    "segment marches_actuels montant_actuel heures_actuelles marches_prevus montant_prevu heures_prevues"
).split()
_CHAMPS_PARTENAIRE = "siret denomination role contact_nom contact_courriel contact_telephone".split()


def instantane(dossier) -> dict:
    """The dossier's content at this moment; amounts and dates as text, files by their sha256."""
    return _lisible(
        {
            "numero": dossier.numero,
            "campagne": str(dossier.campagne),
            "regles": _champs(dossier.campagne, _CHAMPS_REGLES),
            "recu_par_courriel_le": dossier.recu_par_courriel_le,
            "structure": _champs(dossier.structure, _CHAMPS_STRUCTURE),
            "agrements": [
                _champs(a, ["type", "attribue_par", "attribue_le"]) for a in dossier.structure.agrements.all()
            ],
            "partenaires": [_champs(p, _CHAMPS_PARTENAIRE) for p in dossier.partenaires.all()],
            "dossier": _champs(dossier, dossier.champs_reponses()),
            "postes": [_poste(ligne) for ligne in dossier.plan.lignes.all()],
            "budgets": [_champs(ligne, ["budget", "compte", "montant"]) for ligne in dossier.lignes_budget.all()],
            "volumes": [_champs(volume, _CHAMPS_VOLUME) for volume in dossier.volumes.all()],
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
