"""A structure belongs to the services in whose campaigns it has a dossier, be it a draft or withdrawn."""

from aap_portal.comptes.suivi import declarer_examen, declarer_suivi

from .models import Dossier


@declarer_suivi
def structures_des_services(services=None):
    dossiers = Dossier.objects.all() if services is None else Dossier.objects.filter(campagne__service__in=services)
    return dossiers.values("structure")


@declarer_examen
def structures_examinees():
    etats = Dossier.Etat
    examens = [etats.DEPOSE, etats.RECEVABLE, etats.INSCRIT, etats.EXAMINE, etats.AJOURNE]
    return Dossier.objects.filter(etat__in=examens).values("structure")
