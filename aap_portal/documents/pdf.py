"""HTML to PDF, from our own templates only: archivable (PDF/A-3a) and accessible (PDF/UA-1) in one file.

Slow (about a second for seven pages, and three for the first one of a process): outside transactions, in the worker
when there are many. Two renders of the same page differ by their bytes: a document is rendered once and kept.
"""

import io
import logging
import mimetypes
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone

journal = logging.getLogger(__name__)
for _bavard in ("weasyprint.progress", "fontTools", "pikepdf"):  # ten lines a document otherwise
    logging.getLogger(_bavard).setLevel(logging.WARNING)

# PDF/A wants every vocabulary that it does not know described in the file itself.
_XMP_UA = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


class RenduImpossible(Exception):
    """The template asks for something that a document may not have: a defect of ours, never of the person's input."""


@dataclass(frozen=True)
class PieceJointe:
    """A file carried inside the PDF, such as the data that it was made from."""

    nom: str
    contenu: bytes
    description: str


def rendre_pdf(gabarit: str, contexte: dict, *, titre: str, langue: str = "fr", pieces_jointes=()) -> bytes:
    """The PDF of a template that extends `documents/base_pdf.html`; nothing is ever fetched but data: addresses."""
    contexte = {"produit_le": timezone.now().replace(microsecond=0), **contexte, "titre": titre, "langue": langue}
    brut = _composer(render_to_string(gabarit, contexte), render_to_string("documents/pdf.css"), pieces_jointes)
    return _rendre_conforme(brut, langue)


def _composer(html, css, pieces_jointes):
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    joints = [
        Attachment(
            file_obj=io.BytesIO(piece.contenu), name=piece.nom, description=piece.description, relationship="Source"
        )
        for piece in pieces_jointes
    ]
    try:
        coursier = URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
        feuille = CSS(string=css, url_fetcher=coursier)
        document = HTML(string=html, url_fetcher=coursier)
        return document.write_pdf(stylesheets=[feuille], attachments=joints, pdf_variant="pdf/a-3a")
    except FatalURLFetchingError as erreur:  # a BaseException: it would end the worker
        journal.error("a document asked for an address that is not its own: %s", erreur)
        raise RenduImpossible("The template fetches an address: only data: ones are allowed.") from None


def _rendre_conforme(brut: bytes, langue: str) -> bytes:
    """Say in the file that it is PDF/UA-1 as well, and let readers show its title."""
    import pikepdf

    sortie = io.BytesIO()
    with pikepdf.open(io.BytesIO(brut)) as document:
        xmp = document.Root.Metadata.read_bytes().decode()
        flux = pikepdf.Stream(document, xmp.replace("</rdf:RDF>", _XMP_UA, 1).encode())
        flux.Type, flux.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        document.Root.Metadata = document.make_indirect(flux)
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        document.Root.Lang = pikepdf.String(langue)
        for joint in document.Root.get("/AF", []):
            _typer(joint)
        document.save(sortie, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
    return sortie.getvalue()


def _typer(joint):
    import pikepdf

    for flux in joint.EF.values():
        if "/Subtype" not in flux:
            type_, _ = mimetypes.guess_type(str(joint.UF))
            flux.Subtype = pikepdf.Name("/" + (type_ or "application/octet-stream"))
