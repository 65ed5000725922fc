"""The list of dossiers as a sheet: the columns of the screen, and what identifies the structure."""

from aap_portal.documents.tableur import Colonne, Feuille

COLONNES = [
    Colonne("Numéro", largeur=14),
    Colonne("Structure", largeur=40),
    Colonne("SIRET", largeur=18),
    Colonne("Statut juridique"),
    Colonne("Situation", largeur=20),
    Colonne("Campagne", largeur=40),
    Colonne("État", largeur=18),
    Colonne("Complétude", largeur=14),
    Colonne("Délai", largeur=22),
    Colonne("Subvention demandée", "montant"),
    Colonne("Assiette", "montant"),
    Colonne("ETP demandés", "etp"),
    Colonne("Déposé le", "instant"),
    Colonne("Rejet implicite le", "jour"),
    Colonne("Suivi par"),
]


def feuille_dossiers(dossiers):
    """`dossiers`: a queryset made by `avec_demande`; instants are those of the service of the first one."""
    premier = dossiers.first()
    fuseau = premier.campagne.service.zone if premier else None
    return Feuille("Dossiers", COLONNES, map(_ligne, dossiers.iterator(chunk_size=500)), fuseau)


def _ligne(dossier):
    structure, demande = dossier.structure, dossier.constat
    return (
        dossier.numero,
        structure.denomination,
        structure.siret,
        structure.get_categorie_display(),
        "Émergente" if structure.est_emergente else "Porteur existant",
        str(dossier.campagne),
        dossier.get_etat_display(),
        "Incomplet" if dossier.incomplet else "Complet",
        _delai(dossier),
        demande.subvention,
        demande.assiette,
        demande.etp,
        dossier.recu_le,
        dossier.rejet_implicite_le,
        str(dossier.instructeur or ""),
    )


def _delai(dossier):
    if not dossier.hors_delai:
        return "Dans le délai"
    return {None: "Hors délai", True: "Hors délai, admis", False: "Hors délai, rejeté"}[dossier.hors_delai_admis]
