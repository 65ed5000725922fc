"""Draw the pages of a file: `python -I dessin.py PATH FOLDER` writes 0001.webp… and 0000.webp, the first one in small.

It runs alone, apart from the portal, under limits of time and memory, as `controle.py` does; pdftoppm, which reads the
PDFs, inherits them. It prints the number of pages drawn; those drawn before an accident are good.
"""

import io
import resource
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageOps

PROCESSEUR_MAX = 120  # seconds of processor
MEMOIRE_MAX = 1536 * 1024**2
TAILLE_MAX = 20 * 1024**2  # bytes of one drawing
PAGES_MAX = 60
COTE = 1400  # points of the longest side: a page of A4 reads well on a screen
VIGNETTE = 160


def limiter():
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSEUR_MAX, PROCESSEUR_MAX))
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (TAILLE_MAX, TAILLE_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def dessiner(chemin, dossier):
    with open(chemin, "rb") as contenu:
        est_image = contenu.read(8).startswith((b"\xff\xd8\xff", b"\x89PNG"))
    pages = [_image(chemin)] if est_image else _pages(chemin)
    for rang, page in enumerate(pages, start=1):
        page.save(dossier / f"{rang:04}.webp", quality=70, method=4)
        if rang == 1:
            page.thumbnail((VIGNETTE, VIGNETTE))
            page.save(dossier / "0000.webp", quality=60, method=4)


def _pages(chemin):
    for rang in range(1, PAGES_MAX + 1):
        commande = ["pdftoppm", "-q", "-f", str(rang), "-l", str(rang), "-scale-to", str(COTE), str(chemin)]
        sortie = subprocess.run(commande, capture_output=True, stdin=subprocess.DEVNULL, check=False).stdout
        if not sortie:  # past the last one
            return
        yield Image.open(io.BytesIO(sortie))


def _image(chemin):
    Image.MAX_IMAGE_PIXELS = None  # refused at the way in when too large
    with Image.open(chemin, formats=["JPEG", "PNG"]) as image:
        if image.format == "JPEG":
            image.draft("RGB", (COTE, COTE))
        page = ImageOps.exif_transpose(image)
    if page.mode.startswith("I"):
        page = page.point(lambda valeur: valeur / 256).convert("L")
    if page.mode in {"P", "PA", "LA", "RGBA"} or "transparency" in page.info:
        fond = Image.new("RGBA", page.size, "white")
        page = Image.alpha_composite(fond, page.convert("RGBA"))
    page = page.convert("RGB")
    page.thumbnail((COTE, COTE))
    return page


if __name__ == "__main__":
    limiter()
    dessiner(Path(sys.argv[1]), Path(sys.argv[2]))
