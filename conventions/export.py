"""The list of conventions as a spreadsheet, with the filters of the screen."""

from aap_portal.documents.tableur import Colonne, Feuille

_COLONNES = [
    Colonne("Convention", largeur=24),
    Colonne("Dossier", largeur=14),
    Colonne("Structure", largeur=40),
    Colonne("SIRET", largeur=18),
    Colonne("Statut juridique", largeur=26),
    Colonne("Année", "entier", 8),
    Colonne("État", largeur=16),
    Colonne("Montant", "montant"),
    Colonne("Base retenue", "montant"),
    Colonne("Avance", "montant"),
    Colonne("Solde", "montant"),
    Colonne("Notifiée le", "instant"),
    Colonne("Signature limite", "jour"),
    Colonne("Signée par la structure", "jour"),
    Colonne("Signée par l’État", "jour"),
    Colonne("Effet", "jour"),
    Colonne("Terme", "jour"),
    Colonne("Empreinte du document (sha256)", largeur=66),
]


def feuille_conventions(conventions):
    """`conventions` comes with `avec_page()` and its payments."""
    return Feuille("Conventions", _COLONNES, (_ligne(convention) for convention in conventions))


def _ligne(convention):
    structure, campagne = convention.dossier.structure, convention.dossier.campagne
    return (
        convention.numero,
        convention.dossier.numero,
        structure.denomination,
        structure.siret,
        structure.get_categorie_display(),
        campagne.annee,
        convention.get_etat_display(),
        convention.montant,
        convention.assiette,
        convention.avance.montant,
        convention.solde.montant,
        convention.decision.notifiee_le,
        convention.limite_signature_le,
        convention.signature_structure_le,
        convention.signature_etat_le,
        convention.effet_le,
        convention.terme_le,
        convention.document.sha256 if convention.document else "",
    )
