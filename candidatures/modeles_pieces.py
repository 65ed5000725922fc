"""Models of the pieces that a structure writes or has written: filled in with what the dossier knows, the rest is blank."""

from django.template.loader import render_to_string

from aap_portal.documents.pdf import rendre_pdf
from aap_portal.documents.texte import lire_blocs, rendre_odt

from .pieces import CodePiece

AVEC_MODELE = {
    CodePiece.ATTESTATION_STRUCTURE,
    CodePiece.LETTRE_RECOMMANDATION,
    CodePiece.ATTESTATION_COMPETENCES,
    CodePiece.POUVOIR,
    CodePiece.DELIBERATION,
}
FORMATS = {"odt": "application/vnd.oasis.opendocument.text", "pdf": "application/pdf"}
_BLANC = "____________________"


def rediger(dossier, code, format_) -> bytes:
    """The model of this piece for this dossier, in one of FORMATS; the PDF takes about a second."""
    blocs = lire_blocs(render_to_string(f"documents/modeles/{code}.txt", _contexte(dossier)))
    if format_ == "odt":
        return rendre_odt(blocs)
    titre, *suite = blocs
    contexte = {"blocs": suite, "service": None, "reference": dossier.numero}
    return rendre_pdf("documents/modele_piece.html", contexte, titre=titre.texte)


def _contexte(dossier):
    structure = dossier.structure
    adresse = " ".join(filter(None, [structure.adresse, structure.code_postal, structure.ville]))
    return {
        "dossier": dossier,
        "campagne": dossier.campagne,
        "structure": structure,
        "representant": structure.representant.strip() or _BLANC,
        "qualite": structure.representant_qualite or _BLANC,
        "adresse": adresse or _BLANC,
        "mandataire": dossier.mandataire_nom or _BLANC,
        "mandataire_fonction": dossier.mandataire_fonction or _BLANC,
    }
