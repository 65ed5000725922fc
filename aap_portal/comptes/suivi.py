"""Which structures a service looks after: those that have a dossier in its campaigns, and those that no service knows yet.

The room of the dossiers says which ones have a dossier: nothing here names it.
"""

from django.db.models import Q

from aap_portal.referentiel.models import Service, Structure

_sources = []
_examens = []


def declarer_suivi(fonction):
    """Register `fonction(services=None)`: a subquery of the ids of structures known to these services, to any by default."""
    if fonction not in _sources:
        _sources.append(fonction)
    return fonction


def declarer_examen(fonction):
    """Register `fonction()`: a subquery of the ids of structures whose request is being examined."""
    if fonction not in _examens:
        _examens.append(fonction)
    return fonction


def est_examinee(structure):
    """While it is, its status stays what was filed: caps, expected pieces and the national advice follow from it."""
    return any(Structure.objects.filter(pk=structure.pk, pk__in=source()).exists() for source in _examens)


def structures_suivies(personne):
    """Those of the services where this person is an agent; one without a dossier is anybody's, so that someone answers."""
    services = personne.services("instructeur", "administrateur")
    if not services:
        return Structure.objects.none()
    siennes, connues = Q(pk__in=[]), Q(pk__in=[])
    for source in _sources:
        siennes |= Q(pk__in=source(services))
        connues |= Q(pk__in=source())
    return Structure.objects.filter(siennes | ~connues)


def services_suivant(structure):
    """The services whose agents `structures_suivies` lets answer for this structure: all of them when none knows it yet."""
    services = list(Service.objects.all())
    connus = [service for service in services if _connait(service, structure)]
    return connus or services


def _connait(service, structure):
    return any(
        Structure.objects.filter(Q(pk=structure.pk) & Q(pk__in=source([service]))).exists() for source in _sources
    )
