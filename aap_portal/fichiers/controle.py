"""Look inside a file: `python -I controle.py PATH` prints a verdict in JSON.

It runs alone, apart from the portal, under limits of time and memory, because opening is where hostile files bite. It
imports nothing of Django, so that it starts fast. A verdict is either {"extension", "pages"} or {"refus": code}; the
sentences are in `refus.py`.
"""

import json
import resource
import sys
import zipfile
from pathlib import Path

TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
DELAI = 30  # seconds, by the clock
PROCESSEUR_MAX = 20  # seconds of processor
MEMOIRE_MAX = 1024**3
PIXELS_MAX = 110_000_000  # the biggest sensors of phones have 108 million
PIXELS_PNG_MAX = 60_000_000  # a PNG cannot be read at a reduced size


class Refus(Exception):
    def __init__(self, code):
        self.code = code
        super().__init__(code)


def limiter():
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSEUR_MAX, PROCESSEUR_MAX))
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def examiner(chemin):
    """Verdict on the file, by its first bytes and then by a real opening."""
    with open(chemin, "rb") as contenu:
        debut = contenu.read(1024)
        contenu.seek(0, 2)
        contenu.seek(max(0, contenu.tell() - 2048))
        fin = contenu.read()
    if debut.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        refuser_archive_collee(chemin)
        return examiner_pdf(chemin, fin)
    if debut.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        if b"%PDF-" in debut:
            raise Refus("piege")
        refuser_archive_collee(chemin)
        return examiner_image(chemin)
    if debut.startswith(b"PK\x03\x04"):
        import controle_archives

        return controle_archives.examiner(chemin)
    raise Refus(_inconnu(chemin, debut))


def _inconnu(chemin, debut):
    if debut[4:8] == b"ftyp" and debut[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"heim", b"hevc"}:
        return "heic"
    if debut.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # OLE: old Office, or a protected new one
        with open(chemin, "rb") as contenu:
            return "chiffre" if "EncryptedPackage".encode("utf-16-le") in contenu.read() else "ancien_format"
    return "type_inconnu"


def refuser_archive_collee(chemin):
    """A PDF or an image that is an archive too, read from its end."""
    with open(chemin, "rb") as contenu:
        contenu.seek(0, 2)
        taille = contenu.tell()
        contenu.seek(max(0, taille - 65557))
        queue = contenu.read()
    place = queue.rfind(b"PK\x05\x06")
    if place < 0 or len(queue) - place < 22:
        return
    commentaire = int.from_bytes(queue[place + 20 : place + 22], "little")
    # An archive merely attached to a PDF is followed by the rest of the PDF: only one that ends the file counts.
    if place + 22 + commentaire >= len(queue) and zipfile.is_zipfile(chemin):
        raise Refus("piege")


def examiner_pdf(chemin, fin):
    import pikepdf

    try:
        try:
            document = pikepdf.open(chemin, attempt_recovery=False, suppress_warnings=True)
        except pikepdf.PasswordError:
            raise
        except pikepdf.PdfError:
            # Readers mend a slightly wrong index, and so do we; but a file without its end lost pages.
            document = pikepdf.open(chemin, suppress_warnings=True)
            if b"%%EOF" not in fin:
                raise Refus("tronque") from None
        with document:
            pages = len(document.pages)
            for page in document.pages:
                page.obj.get("/Contents")
    except pikepdf.PasswordError:
        raise Refus("chiffre") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise Refus("illisible") from None
    if not pages:
        raise Refus("illisible")
    return {"extension": "pdf", "pages": pages}


def examiner_image(chemin):
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # our own limits, below, are checked before anything is decoded
    try:
        with Image.open(chemin, formats=["JPEG", "PNG"]) as image:
            est_png = image.format == "PNG"
            if image.width * image.height > (PIXELS_PNG_MAX if est_png else PIXELS_MAX):
                raise Refus("image_trop_grande")
            if not est_png:
                image.draft("RGB", (image.width // 8, image.height // 8))
            image.load()
    except (OSError, ValueError, SyntaxError, TypeError, IndexError, KeyError):
        raise Refus("illisible") from None
    return {"extension": "png" if est_png else "jpg", "pages": 1}


def main(chemin):
    limiter()
    try:
        verdict = examiner(chemin)
    except Refus as refus:
        verdict = {"refus": refus.code}
    except MemoryError:
        verdict = {"refus": "trop_long"}
    except RecursionError:
        verdict = {"refus": "illisible"}
    sys.stdout.write(json.dumps(verdict))


if __name__ == "__main__":
    sys.path.append(str(Path(__file__).parent))  # -I leaves it out; last, so that it hides no library
    import controle  # the same `Refus` for both modules

    controle.main(sys.argv[1])
