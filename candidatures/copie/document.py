"""One PDF: the request, then each piece behind a page that names it. Pages come from disk, one file after another."""

import contextlib
import io
import tempfile
from dataclasses import dataclass

import pikepdf
from PIL import Image, ImageOps

from aap_portal.documents.pdf import rendre_pdf
from aap_portal.fichiers import stockage

from .contenu import PieceJointe, pieces_jointes
from .demande import rendre_demande, titre

IMAGE_MAX = (1800, 1800)  # pixels: a phone's photo, still sharp on an A4
_ILLISIBLE = (pikepdf.PdfError, OSError, ValueError, SyntaxError, RuntimeError, KeyError, TypeError, AttributeError)


@dataclass
class _Annexe:
    piece: PieceJointe
    pdf: object = None  # an open pikepdf.Pdf

    @property
    def pages(self):
        return len(self.pdf.pages) if self.pdf else 0


@contextlib.contextmanager
def composer(dossier):
    """Give the path of the document, gone at the end. `dossier` with its content."""
    with contextlib.ExitStack() as pile:
        sortie = pile.enter_context(tempfile.NamedTemporaryFile(suffix=".pdf"))
        document = pile.enter_context(pikepdf.open(io.BytesIO(rendre_demande(dossier))))
        annexes = [_Annexe(piece, _ouvrir(piece, pile)) for piece in pieces_jointes(dossier)]
        if any(annexe.pages for annexe in annexes):
            _joindre(document, annexes, dossier, pile)
        document.save(sortie.name, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        yield sortie.name


def _ouvrir(piece, pile):
    """The piece as a PDF, or None when it is not one, nor an image, or cannot be read: the archive holds it as it is."""
    if piece.fichier is None:
        return None
    try:
        if piece.fichier.extension == "pdf":
            chemin = stockage.chemin_de(piece.fichier.cle)
            return pile.enter_context(pikepdf.open(chemin, suppress_warnings=True))
        if piece.fichier.extension in {"jpg", "jpeg", "png"}:
            return pile.enter_context(pikepdf.open(_image(piece.fichier)))
    except _ILLISIBLE:
        return None
    return None


def _image(fichier):
    sortie = io.BytesIO()
    with Image.open(stockage.chemin_de(fichier.cle), formats=["JPEG", "PNG"]) as image:
        image.draft("RGB", IMAGE_MAX)
        droite = ImageOps.exif_transpose(image)
        droite.thumbnail(IMAGE_MAX)
        if droite.mode in {"RGBA", "LA", "P"}:
            calque = droite.convert("RGBA")
            droite = Image.new("RGB", calque.size, "white")
            droite.paste(calque, mask=calque.getchannel("A"))
        droite.convert("RGB").save(sortie, "PDF", resolution=200, quality=80)
    sortie.seek(0)
    return sortie


def _joindre(document, annexes, dossier, pile):
    """Add the pages, and their entries in the bookmarks."""
    contexte = {"annexes": annexes, "service": None, "reference": f"Dossier {dossier.numero}"}
    gardes = pile.enter_context(
        pikepdf.open(io.BytesIO(rendre_pdf("documents/annexes.html", contexte, titre=f"Pièces du {titre(dossier)}")))
    )
    debut = len(document.pages)
    signets = []
    for annexe, garde in zip(annexes, gardes.pages, strict=True):
        signets.append((f"Pièce {annexe.piece.rang}. {annexe.piece.titre}", len(document.pages)))
        document.pages.append(garde)
        if annexe.pdf:
            for page in annexe.pdf.pages:
                document.pages.append(page)
    for page in document.pages[debut:]:
        _desarmer(page)
    with document.open_outline() as plan:
        plan.root.extend(pikepdf.OutlineItem(libelle, page) for libelle, page in signets)
    # What was archivable and tagged alone is no longer so once followed by other people's pages.
    del document.Root.Metadata


def _desarmer(page):
    """Pages of others come without what would act: scripts, launches, automatic actions; a link stays a link."""
    _retirer(page.obj, "/AA", "/StructParents")
    for annotation in page.obj.get("/Annots", []):
        if isinstance(annotation, pikepdf.Dictionary):
            _retirer(annotation, "/AA", "/StructParent")
            action = annotation.get("/A")
            if not isinstance(action, pikepdf.Dictionary) or action.get("/S") != pikepdf.Name.URI:
                _retirer(annotation, "/A")


def _retirer(objet, *cles):
    for cle in cles:
        if cle in objet:
            del objet[cle]
