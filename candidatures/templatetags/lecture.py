"""What the pages that read a dossier need."""

from datetime import timedelta

from django import template
from django.utils import timezone

from .. import lecture
from ..models import Dossier
from ..rubriques import PAR_CODE
from ..signalements import du_statut, signaler

register = template.Library()
PROCHE = timedelta(days=15)
_EN_COURS = {
    Dossier.Etat.DEPOSE, Dossier.Etat.RECEVABLE, Dossier.Etat.INSCRIT, Dossier.Etat.EXAMINE, Dossier.Etat.AJOURNE,
}  # fmt: skip


@register.simple_tag
def sections_lues(dossier):
    return lecture.lire(dossier)


@register.simple_tag
def section_lue(dossier, code):
    return lecture.lire_rubrique(dossier, code)


@register.simple_tag
def recrutement(dossier):
    return lecture.recrutement(dossier)


@register.inclusion_tag("candidatures/_rejet_implicite.html")
def rejet_implicite(dossier):
    """The day on which silence becomes a rejection, and how near it is while nothing is decided."""
    le = dossier.rejet_implicite_le
    reste = le - timezone.localdate(timezone=dossier.campagne.service.zone) if le else None
    return {
        "dossier": dossier,
        "le": le,
        "en_cours": dossier.etat in _EN_COURS,
        "depasse": reste is not None and reste < timedelta(0),
        "proche": reste is not None and timedelta(0) <= reste <= PROCHE,
        "jours": reste.days if reste is not None else None,
    }


@register.inclusion_tag("candidatures/instruction/_signalements.html")
def signalements(dossier):
    """What is allowed but must be seen: a status to decide on, falls of existing funding, budgets that are not the plan's."""
    points = [(f"rubrique:{code}", PAR_CODE[code].titre, phrase) for code, phrase in signaler(dossier)]
    return {"points": points, "ouvert": any(du_statut(dossier))}
