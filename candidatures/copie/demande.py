"""The request itself as a PDF: cover, contents, the nine sections, the list of pieces; archivable and accessible."""

from aap_portal.documents.pdf import rendre_pdf
from aap_portal.referentiel.formats import etp, euros, instant

from ..lecture import NON_RENSEIGNE, lire
from .contenu import pieces_jointes


def rendre_demande(dossier) -> bytes:
    """`dossier` with its content (`avec_contenu`). About a second: in the worker."""
    service = dossier.campagne.service
    contexte = {
        "dossier": dossier,
        "service": service,
        "reference": f"Dossier {dossier.numero}{' — BROUILLON' if dossier.est_brouillon else ''}",
        "sections": lire(dossier),
        "pieces": pieces_jointes(dossier),
        "couverture": _couverture(dossier, service),
    }
    return rendre_pdf("documents/dossier.html", contexte, titre=titre(dossier))


def titre(dossier):
    return f"Dossier {dossier.numero}, {dossier.structure}"


def _couverture(dossier, service):
    demande = dossier.constat
    lignes = [
        ("Structure", f"{dossier.structure}, SIRET {dossier.structure.siret}"),
        ("Appel à projets", str(dossier.campagne)),
        ("Projet", dossier.intitule or NON_RENSEIGNE),
        ("Demande", f"{euros(demande.subvention)} pour {etp(demande.etp)}"),
    ]
    for depot in dossier.depots.all():
        etat = "incomplet" if depot.incomplet else "complet"
        retard = ", hors délai" if depot.hors_delai else ""
        lignes.append(
            (
                f"Dépôt n° {depot.rang}",
                f"{instant(depot.depose_le, service.fuseau, service.fuseau_libelle)}, {etat}{retard}",
            )
        )
    return lignes
