"""The ranking as a spreadsheet: the same rows as the screen, one column for each thing that it says."""

from aap_portal.documents.tableur import Colonne, Feuille

_COLONNES = [
    Colonne("Rang", "entier", 8),
    Colonne("Dossier", largeur=14),
    Colonne("Structure", largeur=40),
    Colonne("Déjà porteuse", largeur=14),
    Colonne("Note moyenne", "etp", 14),
    Colonne("Médiane", "etp", 12),
    Colonne("Écart", "etp", 10),
    Colonne("Notes comptées", "entier", 14),
    Colonne("Déports", "entier", 10),
    Colonne("ETP demandés", "etp", 14),
    Colonne("Demandé", "montant"),
    Colonne("Proposé", "montant"),
    Colonne("Cumul", "montant"),
    Colonne("État du dossier", largeur=20),
    Colonne("Décision", largeur=14),
    Colonne("Montant accordé", "montant"),
    Colonne("ETP accordés", "etp", 14),
    Colonne("Notifiée le", "instant"),
]


def feuille_classement(seance, lignes):
    return Feuille("Classement", _COLONNES, [_ligne(ligne) for ligne in lignes], fuseau=seance.campagne.service.zone)


def _ligne(ligne):
    dossier, synthese, decision = ligne.dossier, ligne.synthese, ligne.decision
    return (
        ligne.rang,
        dossier.numero,
        dossier.structure.denomination,
        "non" if dossier.structure.est_emergente else "oui",
        synthese and synthese.moyenne,
        synthese and synthese.mediane,
        synthese and synthese.ecart,
        len(synthese.totaux) if synthese else 0,
        ligne.deports,
        ligne.etp,
        ligne.demande,
        ligne.propose,
        ligne.cumul,
        dossier.get_etat_display(),
        decision and decision.get_sens_display(),
        decision and decision.montant,
        decision and decision.etp,
        decision and decision.notifiee_le,
    )
