"""A structure belongs to the services in whose campaigns it has a dossier, be it a draft or withdrawn.

What an agent types from an e-mail is not yet the structure's word: until it is recorded it opens nothing that others look after.
"""

from django.db.models import Q

from aap_portal.comptes.suivi import declarer_examen, declarer_suivi

from .models import Dossier

SEULEMENT_SAISI = Q(recu_par_courriel_le__isnull=False, depose_le=None)


@declarer_suivi
def structures_des_services(services=None):
    if services is None:
        return Dossier.objects.values("structure")
    siens = Dossier.objects.filter(campagne__service__in=services)
    ayant_mieux = Dossier.objects.exclude(SEULEMENT_SAISI).values("structure")
    return siens.exclude(SEULEMENT_SAISI, structure__in=ayant_mieux).values("structure")


@declarer_examen
def structures_examinees():
    etats = Dossier.Etat
    examens = [etats.DEPOSE, etats.RECEVABLE, etats.INSCRIT, etats.EXAMINE, etats.AJOURNE]
    return Dossier.objects.filter(etat__in=examens).values("structure")
