"""The spellings of `formats.py` as template filters, loaded in every template."""

from django import template
from django.conf import settings
from django.utils import timezone

from aap_portal.referentiel import formats

register = template.Library()

for _ecriture in (
    formats.nombre,
    formats.euros,
    formats.pourcentage,
    formats.etp,
    formats.jour,
    formats.taille,
    formats.siret,
    formats.iban,
):
    register.filter(_ecriture.__name__, _ecriture)


def _fuseau(service):
    return (service.fuseau, service.fuseau_libelle) if service else (settings.TIME_ZONE, "")


@register.filter
def instant(quand, service=None):
    return formats.instant(quand, *_fuseau(service))


@register.filter
def cloture(quand, service=None):
    return formats.cloture(quand, *_fuseau(service))


@register.filter
def delai(quand):
    return formats.delai(quand, timezone.now())
