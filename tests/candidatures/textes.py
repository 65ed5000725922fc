"""What a reader sees of an answer: its text, without tags, with ordinary spaces."""

import html
import re


def texte(reponse):
    contenu = reponse.content.decode() if hasattr(reponse, "content") else str(reponse)
    sans_balises = re.sub(r"<[^>]+>", " ", contenu)
    return aplatir(html.unescape(sans_balises))


def aplatir(phrase):
    return " ".join(re.sub("[\u00a0\u202f]", " ", phrase).split())
