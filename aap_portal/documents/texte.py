"""Short letters to be completed by hand: written once as plain text, given as an editable text (ODT) or for a PDF.

# The title
A paragraph on one line, a blank line between two.
- an item of a list
"""

import io
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

_ESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2"'
)
_ENTETE = '<?xml version="1.0" encoding="UTF-8"?>'
_TYPE = "application/vnd.oasis.opendocument.text"
_MANIFESTE = f"""{_ENTETE}
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:media-type="{_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
_STYLES = f"""{_ENTETE}
<office:document-styles {_ESPACES}><office:styles>
<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.35cm"/>
<style:text-properties fo:font-family="Liberation Sans" fo:font-size="11pt" fo:language="fr" fo:country="FR"/></style:default-style>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:default-outline-level="1">
<style:text-properties fo:font-size="16pt" fo:font-weight="bold"/></style:style>
</office:styles></office:document-styles>"""


@dataclass
class Bloc:
    """`genre`: titre, paragraphe or liste; `lignes` are the items of a list, or the text alone."""

    genre: str
    lignes: list = field(default_factory=list)

    @property
    def texte(self):
        return " ".join(self.lignes)


def lire_blocs(texte: str) -> list[Bloc]:
    """The blocks of a plain text written as above."""
    blocs = []
    for ligne in map(str.strip, texte.splitlines()):
        if ligne.startswith("- "):
            if not blocs or blocs[-1].genre != "liste":
                blocs.append(Bloc("liste"))
            blocs[-1].lignes.append(ligne[2:])
        elif ligne.startswith("# "):
            blocs.append(Bloc("titre", [ligne[2:]]))
        elif ligne:
            blocs.append(Bloc("paragraphe", [ligne]))
    return blocs


def rendre_odt(blocs: list[Bloc]) -> bytes:
    """An OpenDocument text that Word and LibreOffice open and edit."""
    corps = "".join(map(_bloc, blocs))
    contenu = (
        f"{_ENTETE}<office:document-content {_ESPACES}><office:body><office:text>{corps}</office:text></office:body>"
        "</office:document-content>"
    )
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _TYPE, zipfile.ZIP_STORED)  # first and uncompressed, so that it is recognised
        for nom, part in (("content.xml", contenu), ("styles.xml", _STYLES), ("META-INF/manifest.xml", _MANIFESTE)):
            archive.writestr(nom, part)
    return sortie.getvalue()


def _bloc(bloc):
    if bloc.genre == "titre":
        return f'<text:h text:style-name="Heading_20_1" text:outline-level="1">{_propre(bloc.texte)}</text:h>'
    if bloc.genre == "liste":
        elements = "".join(
            f"<text:list-item><text:p>{_propre(ligne)}</text:p></text:list-item>" for ligne in bloc.lignes
        )
        return f"<text:list>{elements}</text:list>"
    return f"<text:p>{_propre(bloc.texte)}</text:p>"


def _propre(texte):
    """XML admits no control character."""
    return escape("".join(signe for signe in texte if signe.isprintable() or signe in "\u00a0\u202f"))
