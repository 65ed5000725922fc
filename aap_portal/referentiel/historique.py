"""What changed in a row, by whom, when and why: the versions of django-simple-history, told in French."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from django.utils import timezone

from .formats import ABSENT, heure, jour, nombre

VERSIONS_MAX = 50


@dataclass(frozen=True)
class Changement:
    le: object
    par: str
    motif: str
    ecarts: tuple


def changements(objet):
    """The last changes of an object, the newest first; a version that changes nothing is left out."""
    versions = list(
        objet.historique.select_related("history_user").order_by("-history_date", "-history_id")[:VERSIONS_MAX]
    )
    trouves = []
    for apres, avant in pairwise(versions):
        ecarts = tuple(_ecart(objet, change) for change in apres.diff_against(avant).changes)
        if ecarts:
            par = str(apres.history_user) if apres.history_user else "Le portail"
            trouves.append(Changement(apres.history_date, par, apres.history_change_reason or "", ecarts))
    return trouves


def _ecart(objet, change):
    """(name of the field, before, after)."""
    libelle = str(objet._meta.get_field(change.field).verbose_name)
    return libelle[:1].upper() + libelle[1:], _valeur(change.old), _valeur(change.new)


def _valeur(valeur):
    if valeur is None or valeur == "":
        return ABSENT
    if isinstance(valeur, datetime):
        local = timezone.localtime(valeur)
        return f"{jour(local)} à {heure(local)}"
    return nombre(valeur) if isinstance(valeur, Decimal | int) else str(valeur)
