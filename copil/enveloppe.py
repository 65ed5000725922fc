"""What is left of a campaign's envelope (reading 4): each acceptance reserves its amount, from the decision on.

Whoever commits money holds the campaign's row (`Campagne.objects.verrouillee`) before reading what is left.
"""

from decimal import Decimal

from django.db.models import Sum

from aap_portal.referentiel.engagements import declarer_engagement
from aap_portal.referentiel.erreurs import Obstacle
from aap_portal.referentiel.formats import euros
from aap_portal.referentiel.plafonds import ZERO

from .models import Decision


@declarer_engagement
def reserve(campagne, *, hors=None) -> Decimal:
    """Euros reserved by the acceptances of this campaign; `hors`: a decision to leave out, the one being corrected."""
    acceptees = Decision.objects.filter(sens=Decision.Sens.ACCEPTE, inscription__dossier__campagne=campagne)
    if hors is not None:
        acceptees = acceptees.exclude(pk=hors.pk)
    return acceptees.aggregate(total=Sum("montant"))["total"] or ZERO


def reste(campagne, *, hors=None) -> Decimal | None:
    """Euros left to grant; None when the envelope is not filled in: it is then not checked, and shown as such."""
    return None if campagne.enveloppe is None else campagne.enveloppe - reserve(campagne, hors=hors)


def obstacle_d_enveloppe(campagne, montant: Decimal, *, hors=None):
    """Why this amount does not fit, or None. Call it with the campaign locked."""
    disponible = reste(campagne, hors=hors)
    if disponible is None or montant <= disponible:
        return None
    return Obstacle(
        "enveloppe",
        f"L’enveloppe ne le permet pas : {euros(montant)} accordés pour {euros(max(disponible, ZERO))} disponibles, sur "
        f"{euros(campagne.enveloppe)}. Baissez le montant de {euros(montant - disponible)}, ou ajournez le dossier.",
        reference="AAP 2022, C.1",
    )
