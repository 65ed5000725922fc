"""Reminders « brouillon non déposé »: 15, 7 and 2 days before the last day of filing, and on that day.

They are computed as due and not sent: late by a week, the periodic task sends one, the right one.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from aap_portal.courriels.entretien import declarer_tache_periodique
from aap_portal.courriels.models import Courriel
from aap_portal.referentiel.models import Campagne

from .models import Dossier, RappelBrouillon
from .notification import membres_actifs
from .resume import resumer

journal = logging.getLogger(__name__)
JOURS = (15, 7, 2, 0)
HEURE = time(8)
AU_PLUS_TARD = timedelta(hours=12)  # before the closing, when it falls early on the last day


@dataclass(frozen=True)
class Rappel:
    """`jours` before the last day of filing, due from the instant `le`."""

    jours: int
    le: datetime


def rappels(cloture_le, zone):
    """The reminders of a closing (an excluded instant), the first one first: at 8 in the zone, the last one never less
    than twelve hours before the closing."""
    dernier_jour = (cloture_le - timedelta(microseconds=1)).astimezone(zone).date()
    a_huit_heures = [
        Rappel(jours, datetime.combine(dernier_jour - timedelta(days=jours), HEURE, tzinfo=zone)) for jours in JOURS
    ]
    return [Rappel(rappel.jours, min(rappel.le, cloture_le - AU_PLUS_TARD)) for rappel in a_huit_heures]


def rappel_du(cloture_le, zone, *, depuis, le):
    """The reminder to send at the instant `le`, or None: the last one due, if it fell due after `depuis` (the start of the
    draft, or the announcement of this closing) and filing is not over."""
    if le >= cloture_le:
        return None
    dus = [rappel for rappel in rappels(cloture_le, zone) if rappel.le <= le]
    return dus[-1] if dus and dus[-1].le >= depuis else None


@declarer_tache_periodique("brouillons non déposés")
def rappeler_les_brouillons():
    maintenant, envoyes = timezone.now(), 0
    for campagne in Campagne.objects.ouvertes(maintenant).select_related("service"):
        brouillons = Dossier.objects.filter(campagne=campagne, etat=Dossier.Etat.BROUILLON, recu_par_courriel_le=None)
        for pk, cree_le in list(brouillons.order_by("pk").values_list("pk", "cree_le")):
            depuis = max(cree_le, campagne.prolongee_le or cree_le)
            rappel = rappel_du(campagne.cloture_le, campagne.service.zone, depuis=depuis, le=maintenant)
            if rappel:
                envoyes += _rappeler_sans_faillir(pk, rappel, maintenant)
    return f"envoyés {envoyes}" if envoyes else ""


def _rappeler_sans_faillir(pk, rappel, le):
    """One draft that fails must not deprive the others of theirs."""
    try:
        return _rappeler(pk, rappel, le)
    except Exception:
        journal.exception("reminder of dossier %s failed", pk)
        return False


def _rappeler(pk, rappel, le):
    """Send it once, unless it was, or the draft was filed or its closing put off meanwhile; say whether it left."""
    with transaction.atomic():
        verrouille = Dossier.objects.select_for_update().get(pk=pk)
        dossier = Dossier.objects.avec_contenu().get(pk=verrouille.pk)
        cloture_le = dossier.campagne.cloture_le
        if not dossier.est_brouillon or rappel not in rappels(cloture_le, dossier.campagne.service.zone):
            return False
        _, nouveau = RappelBrouillon.objects.get_or_create(
            dossier=dossier, cloture_le=cloture_le, jours=rappel.jours, defaults={"envoye_le": le}
        )
        if nouveau:
            _ecrire(dossier, rappel)
        return nouveau


def _ecrire(dossier, rappel):
    """To each member who may act, with what lacks."""
    service, resume = dossier.campagne.service, resumer(dossier)
    for personne in membres_actifs(dossier.structure):
        Courriel.objects.deposer(
            cle=f"rappel-{dossier.pk}-{dossier.campagne.cloture_le.timestamp():.0f}-{rappel.jours}-{personne.pk}",
            destinataire=personne.email,
            gabarit="candidatures/rappel_brouillon",
            contexte={"dossier": dossier, "service": service, "resume": resume, "dernier_jour": rappel.jours == 0},
            service=service,
            objet_lie=dossier.numero,
            lien=reverse("candidatures:verifier", args=[dossier.numero]),
        )
