"""The text of a message, from its template: a first line « Objet : … », then the body."""

import re
import unicodedata

from django.conf import settings
from django.template import Context
from django.template.loader import get_template

OBJET_MAX = 200


def rediger(gabarit: str, contexte: dict) -> tuple[str, str]:
    """Subject and body of `templates/courriels/<gabarit>.txt`, written for a plain text: nothing is escaped."""
    modele = get_template(f"courriels/{gabarit}.txt").template
    texte = modele.render(Context({"site_url": settings.SITE_URL, **contexte}, autoescape=False))
    premiere, _, corps = texte.lstrip().partition("\n")
    trouve = re.fullmatch(r"Objet\s*:\s*(.+?)\s*", premiere)
    if trouve is None:
        raise ValueError(f"courriels/{gabarit}.txt must begin with « Objet : … »")
    return une_ligne(trouve[1]), sans_controle(re.sub(r"\n{3,}", "\n\n", corps)).strip() + "\n"


def une_ligne(texte: str) -> str:
    """A subject cannot hold a line break: it would begin another header."""
    return " ".join(sans_controle(texte).split(" ")).replace("\n", " ").replace("\t", " ").strip()[:OBJET_MAX]


def sans_controle(texte: str) -> str:
    """Without control characters, but for line feeds and tabs: PostgreSQL refuses NUL, mail servers the others."""
    texte = texte.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(signe for signe in texte if signe in "\n\t" or unicodedata.category(signe) != "Cc")


def adresse_complete(lien: str) -> str:
    """Absolute address of a page of the portal."""
    return f"{settings.SITE_URL}{lien}" if lien.startswith("/") else lien
