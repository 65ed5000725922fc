"""Small files made on the spot: honest ones as people's software writes them, and hostile ones."""

import io
import zipfile

import pikepdf
from openpyxl import Workbook
from PIL import Image

_TYPES_DOCX = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="{principal}"/>{plus}</Types>'
)
PRINCIPAL_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
PRINCIPAL_DOCM = "application/vnd.ms-word.document.macroEnabled.main+xml"
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>Projet associatif</w:t></w:r></w:p></w:body></w:document>"
)


def archive(entrees, *, compression=zipfile.ZIP_DEFLATED):
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", compression) as zip_:
        for nom, contenu in entrees:
            zip_.writestr(nom, contenu)
    return sortie.getvalue()


def relation(nature, cible, *, externe=True):
    mode = ' TargetMode="External"' if externe else ""
    return f'<Relationship Id="rId1" Type="{_OFFICE}/{nature}" Target="{cible}"{mode}/>'


def docx(*, principal=PRINCIPAL_DOCX, relations="", document=_DOCUMENT, plus=()):
    return archive(
        [
            ("[Content_Types].xml", _TYPES_DOCX.format(principal=principal, plus="")),
            ("_rels/.rels", _RELATIONS.format(relation("officeDocument", "word/document.xml", externe=False))),
            ("word/document.xml", document),
            ("word/_rels/settings.xml.rels", _RELATIONS.format(relations)),
            *plus,
        ]
    )


def xlsx():
    classeur = Workbook()
    classeur.active.append(["Budget", 12345.5])
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def odf(genre="text", *, contenu="", manifeste="", plus=()):
    racine = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        f'xmlns:xlink="http://www.w3.org/1999/xlink"><office:body>{contenu}</office:body></office:document-content>'
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        f'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{manifeste}</manifest:manifest>'
    )
    return archive(
        [
            ("mimetype", f"application/vnd.oasis.opendocument.{genre}"),
            ("content.xml", racine),
            ("META-INF/manifest.xml", manifest),
            *plus,
        ]
    )


def pdf(*, pages=1, avant=None, **options):
    """A PDF; `avant(document)` may add what a real one has: a form, a script, a signature."""
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page()
    if avant:
        avant(document)
    sortie = io.BytesIO()
    document.save(sortie, **options)
    return sortie.getvalue()


def pdf_chiffre(mot_de_passe="secret"):
    return pdf(encryption=pikepdf.Encryption(owner="proprietaire", user=mot_de_passe))


def formulaire_avec_script(document):
    """Like the official fillable Cerfa: a form, and JavaScript that adds up its columns."""
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="AFNumber_Format(2, 2, 0, 0, '', true);")
    champ = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T="total",
            Rect=[10, 10, 90, 30],
            AA=pikepdf.Dictionary(F=action),
        )
    )
    document.pages[0].Annots = pikepdf.Array([champ])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([champ]))
    document.Root.OpenAction = action


def signature(document):
    sceau = pikepdf.Dictionary(
        Type=pikepdf.Name.Sig,
        Filter=pikepdf.Name("/Adobe.PPKLite"),
        SubFilter=pikepdf.Name("/adbe.pkcs7.detached"),
        Contents=pikepdf.String(b"\x30\x80" + bytes(64)),
        ByteRange=[0, 100, 200, 100],
    )
    champ = document.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Sig, T="sig", Rect=[0] * 4, V=sceau
        )
    )
    document.pages[0].Annots = pikepdf.Array([champ])
    document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([champ]), SigFlags=3)


def image(format_="JPEG", taille=(40, 30), **options):
    sortie = io.BytesIO()
    Image.new("RGB", taille, "teal").save(sortie, format_, **options)
    return sortie.getvalue()


def photo_de_telephone():
    """JPEG of several pictures, with the trailer that some phones add."""
    sortie = io.BytesIO()
    grande, vignette = Image.new("RGB", (400, 300), "teal"), Image.new("RGB", (80, 60), "teal")
    grande.save(sortie, "MPO", save_all=True, append_images=[vignette])
    return sortie.getvalue() + b"SEFT" + bytes(32)


def png_immense():
    """A few kilobytes that would unfold into 400 million points."""
    entete = image("PNG")
    dimensions = (20_000).to_bytes(4, "big") * 2
    bloc = b"IHDR" + dimensions + entete[24:29]
    import zlib

    return entete[:12] + bloc + zlib.crc32(bloc).to_bytes(4, "big") + entete[33:]


def pdf_lourd(taille):
    """A valid PDF of a little more than `taille` bytes, that no compression shortens."""
    import random

    def remplir(document):
        document.Root.Remplissage = document.make_stream(random.Random(976).randbytes(taille))

    return pdf(avant=remplir, compress_streams=False)


def archive_ajoutee(base, *entrees):
    """An archive with more parts at its end."""
    sortie = io.BytesIO(base)
    with zipfile.ZipFile(sortie, "a", zipfile.ZIP_DEFLATED) as zip_:
        for nom, contenu in entrees:
            zip_.writestr(nom, contenu)
    return sortie.getvalue()
