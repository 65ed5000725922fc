"""What people really send: photos, scans, forms, office files. Every one of them must come in."""

import io
import struct
import zlib
from pathlib import Path

import pikepdf
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from PIL import Image, PngImagePlugin

from . import echantillons as ech

CORPUS = Path(__file__).parent / "corpus"


def _ecrire(image, format_, **options):
    sortie = io.BytesIO()
    image.save(sortie, format_, **options)
    return sortie.getvalue()


def photo_tournee():
    """As a phone held upright writes it: orientation, place, camera and thumbnail in its EXIF."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Exemple", "Téléphone", 6
    exif.get_ifd(0x8825).update({1: "S", 2: (12.0, 46.0, 50.0), 3: "E", 4: (45.0, 13.0, 40.0)})
    return _ecrire(Image.linear_gradient("L").convert("RGB").resize((800, 600)), "JPEG", exif=exif, quality=85)


def png_entrelace():
    """Adam7, which Pillow reads and does not write: 8 × 8 grey points."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    lignes = b"".join(
        b"\0" + bytes(x * 8 + y for x in range(x0, 8, dx)) for x0, y0, dx, dy in passes for y in range(y0, 8, dy)
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _bloc(nom, contenu)
        for nom, contenu in (
            (b"IHDR", struct.pack("!IIBBBBB", 8, 8, 8, 0, 0, 0, 1)),
            (b"IDAT", zlib.compress(lignes)),
            (b"IEND", b""),
        )
    )


def _bloc(nom, contenu):
    return struct.pack("!I", len(contenu)) + nom + contenu + struct.pack("!I", zlib.crc32(nom + contenu))


def capture_commentee():
    texte = PngImagePlugin.PngInfo()
    texte.add_itxt("Description", "Capture d’écran é")
    return _ecrire(Image.new("RGBA", (200, 100), (0, 90, 90, 120)), "PNG", pnginfo=texte, dpi=(96, 96))


def png_anime():
    images = [Image.new("RGB", (20, 20), couleur) for couleur in ("teal", "white")]
    return _ecrire(images[0], "PNG", save_all=True, append_images=images[1:])


def numerisation(pages=3, *, paysage=False):
    """A scan: one JPEG a page."""
    taille = (1170, 827) if paysage else (827, 1170)
    feuilles = [Image.linear_gradient("L").resize(taille) for _ in range(pages)]
    return _ecrire(feuilles[0], "PDF", save_all=True, append_images=feuilles[1:], resolution=100)


def page_tournee(document):
    document.pages[0].Rotate = 90


def page_a0(document):
    document.pages[0].MediaBox = [0, 0, 2384, 3370]


def formulaire_xfa(document):
    ech.formulaire_avec_script(document)
    paquet = document.make_stream(b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"/>')
    document.Root.AcroForm.XFA = pikepdf.Array([pikepdf.String("template"), paquet])
    document.Root.NeedsRendering = True


def facture_jointe(document):
    document.attachments["facture.xml"] = pikepdf.AttachedFileSpec(document, b"<facture/>", mime_type="text/xml")


def notes_et_liens(document):
    lien = pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://www.example.org/")
    document.pages[0].Annots = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], Contents="À revoir"
            ),
            pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[10, 50, 90, 70], A=lien),
        ]
    )


def pdf_signe_apres_coup():
    """Signed by adding to its end, as a signature does: two cross-reference tables, the second naming the first."""
    base = ech.pdf(avant=ech.signature, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    ancien = int(base.rpartition(b"startxref")[2].split()[0])
    with pikepdf.open(io.BytesIO(base)) as document:
        taille, racine = int(document.trailer.Size), document.Root.objgen[0]
    place = len(base) + 1
    objet = b"%d 0 obj\n<< /Type /Exemple >>\nendobj\n" % taille
    table = b"xref\n%d 1\n%010d 00000 n \n" % (taille, place)
    suite = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        taille + 1, racine, ancien, place + len(objet),
    )  # fmt: skip
    return base + b"\n" + objet + table + suite


def classeur_avec_graphique():
    classeur = Workbook()
    feuille = classeur.active
    for ligne in (("Compte", "Montant"), ("60", 1200.5), ("64", 52000), ("Total", "=SUM(B2:B3)")):
        feuille.append(ligne)
    feuille["A2"].comment = Comment("Achats", "Relecteur")  # an old drawing (VML) goes with it
    graphique = BarChart()
    graphique.add_data(Reference(feuille, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    feuille.add_chart(graphique, "D2")
    classeur.create_sheet("Vide")
    sortie = io.BytesIO()
    classeur.save(sortie)
    return sortie.getvalue()


def word_avec_classeur_incorpore():
    return ech.docx(plus=[("word/embeddings/Classeur.xlsx", ech.xlsx()), ("word/media/image1.png", ech.image("PNG"))])


def word_avec_champs():
    """Fields of every day, one of which leads to a site whose name is also that of a dangerous field."""
    champ = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
    return ech.docx(
        document='<?xml version="1.0"?><w:document '
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
        + champ.format(' TOC \\o "1-3" ')
        + champ.format(' HYPERLINK "http://www.dde.example/" ')
        + '<w:fldSimple w:instr=" PAGE "/></w:p></w:body></w:document>'
    )


def _commites():
    for chemin in sorted(CORPUS.glob("libreoffice-*")):
        yield chemin.name, chemin.read_bytes()


FLUX = pikepdf.ObjectStreamMode.generate
# (name, content, pages); 11 more come from the folder, written by LibreOffice.
ORDINAIRES = [
    ("photo tournée.jpg", photo_tournee(), 1),
    ("photo à plusieurs images.jpeg", ech.photo_de_telephone(), 1),
    ("progressive.jpg", _ecrire(Image.new("RGB", (300, 200), "teal"), "JPEG", progressive=True), 1),
    ("quadrichromie.jpg", _ecrire(Image.new("CMYK", (300, 200)), "JPEG"), 1),
    ("noir et blanc.jpg", _ecrire(Image.new("L", (300, 200), 90), "JPEG"), 1),
    ("48 millions de points.jpg", _ecrire(Image.new("RGB", (8000, 6000), "teal"), "JPEG", quality=50), 1),
    ("IMG_0001.JPG", ech.image(), 1),
    ("capture.png", capture_commentee(), 1),
    ("16 bits.png", _ecrire(Image.new("I;16", (60, 40), 40000), "PNG"), 1),
    ("palette.png", _ecrire(Image.new("P", (60, 40)), "PNG", transparency=0), 1),
    ("un bit.png", _ecrire(Image.new("1", (60, 40)), "PNG"), 1),
    ("entrelacée.png", png_entrelace(), 1),
    ("animée.png", png_anime(), 1),
    ("numérisation.pdf", numerisation(), 3),
    ("numérisation en paysage.pdf", numerisation(1, paysage=True), 1),
    ("page tournée.pdf", ech.pdf(avant=page_tournee), 1),
    ("cerfa_12156-06.pdf", ech.pdf(avant=ech.formulaire_avec_script), 1),
    ("formulaire XFA.pdf", ech.pdf(avant=formulaire_xfa), 1),
    ("signé.pdf", ech.pdf(avant=ech.signature), 1),
    ("signé après coup.pdf", pdf_signe_apres_coup(), 1),
    ("facture électronique.pdf", ech.pdf(avant=facture_jointe), 1),
    ("annoté.pdf", ech.pdf(avant=notes_et_liens), 1),
    ("plan A0.pdf", ech.pdf(avant=page_a0), 1),
    ("pour le web.pdf", ech.pdf(pages=2, linearize=True), 2),
    ("compressé.pdf", ech.pdf(pages=2, object_stream_mode=FLUX), 2),
    ("protégé contre la copie.pdf", ech.pdf_chiffre(""), 1),
    ("rapport de 300 pages.pdf", ech.pdf(pages=300), 300),
    ("suivi de lignes vides.pdf", ech.pdf() + b"\r\n\r\n", 1),
    ("précédé d’une marque.pdf", b"\xef\xbb\xbf\n" + ech.pdf(), 1),
    ("index abîmé.pdf", ech.pdf().replace(b"startxref\n", b"startxref\n9"), 1),
    ("projet.docx", ech.docx(), None),
    ("projet avec classeur.docx", word_avec_classeur_incorpore(), None),
    (
        "modèle du bureau.docx",
        ech.docx(relations=ech.relation("attachedTemplate", "file:///C:\\Modeles\\a.dotx")),
        None,
    ),
    ("courrier de la DDE.docx", word_avec_champs(), None),
    ("liens.docx", ech.docx(relations=ech.relation("hyperlink", "https://www.example.org/")), None),
    ("budget.xlsx", classeur_avec_graphique(), None),
    ("projet.odt", ech.odf(), None),
    ("budget.ods", ech.odf("spreadsheet"), None),
    *((nom, contenu, 1 if nom.endswith(".pdf") else None) for nom, contenu in _commites()),
]
