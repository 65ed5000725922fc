"""Reminders of a request for complements: what is due and was not sent, whenever this runs."""

from django.utils import timezone

from aap_portal.courriels.entretien import declarer_tache_periodique
from aap_portal.courriels.models import Courriel

from .models import DemandeComplement

JOURS_AVANT = (7, 2, 0)
HEURE = 8  # in the service's time


@declarer_tache_periodique("rappels de compléments")
def rappeler_les_complements():
    """One message to the structure seven days before the last day, two days before and on the day."""
    ouvertes = DemandeComplement.objects.filter(etat=DemandeComplement.Etat.OUVERTE)
    demandes = ouvertes.select_related("dossier__campagne__service", "dossier__structure").prefetch_related("points")
    combien = sum(_rappeler(demande) for demande in demandes)
    return f"{combien} rappel{'s' if combien > 1 else ''}" if combien else ""


def rappel_du(demande, le):
    """The reminder that is due on the day `le`, in days before the last one, or None.

    Only the latest is: those that were missed would say what is no longer true. The request itself stands for those that
    would come on its own day.
    """
    reste = (demande.echeance_le - le).days
    dus = [jours for jours in JOURS_AVANT if 0 <= reste <= jours]
    if not dus:
        return None
    annonce = (demande.echeance_le - demande.envoyee_le.astimezone(demande.zone).date()).days
    return min(dus) if annonce > min(dus) else None


def _rappeler(demande):
    maintenant = timezone.localtime(timezone=demande.zone)
    aujourd_hui = maintenant.date()
    jours = rappel_du(demande, aujourd_hui)
    if jours is None or maintenant.hour < HEURE:
        return 0
    suffixe = f"-{demande.echeance_le:%Y%m%d}-{jours}"
    if Courriel.objects.filter(cle__startswith=f"complement-{demande.pk}-rappel{suffixe}-").exists():
        return 0
    reste = (demande.echeance_le - aujourd_hui).days
    demande._prevenir("candidatures/complement_rappel", suffixe=suffixe, jours=reste)
    return 1
