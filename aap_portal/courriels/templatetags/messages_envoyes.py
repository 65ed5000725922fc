import re

from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import mark_safe

register = template.Library()


@register.filter
def avec_liens_du_portail(texte):
    """Text of a message with its addresses of the portal made clickable; any other address stays a text."""
    site = re.escape(settings.SITE_URL)
    morceaux = re.split(rf"({site}/[^\s<>\"']*)", texte)
    return mark_safe("".join(_lien(m) if i % 2 else escape(m) for i, m in enumerate(morceaux)))


def _lien(adresse):
    nette = adresse.rstrip(".,;:!?)»")
    chemin = nette.removeprefix(settings.SITE_URL)  # works whatever name the machine was called by
    return f'<a href="{escape(chemin)}">{escape(nette)}</a>{escape(adresse[len(nette) :])}'
