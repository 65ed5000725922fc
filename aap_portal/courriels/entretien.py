"""What must be done from time to time; the command `entretien` does all of it, as often as one likes.

It lives with the outbox because sending again is its first duty and because this app stands above `fichiers`. Apps
above add theirs:

    @declarer_tache_periodique("rappels")
    def envoyer_rappels():
        ...
        return "3 rappels"

A task is idempotent, and computes what is due rather than believe that it ran before.
"""

import logging
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from aap_portal.fichiers import antivirus, stockage
from aap_portal.fichiers.models import Fichier, Televersement

from .models import Courriel

journal = logging.getLogger(__name__)
ENVOIS_PAR_PASSAGE = 100
FICHIERS_PAR_PASSAGE = 50
APERCUS_PAR_PASSAGE = 10
TACHE_MORTE = timedelta(minutes=15)
REPRISES_MAX = 3
RESULTATS_GARDES = timedelta(days=30)
_taches = {}


def declarer_tache_periodique(nom):
    """Register a function without argument; it returns the sentence that tells what was done, or nothing."""

    def declarer(fonction):
        _taches[nom] = fonction
        return fonction

    return declarer


def taches_periodiques():
    return dict(_taches)


@declarer_tache_periodique("messages")
def relancer_courriels():
    """Send what is due: first attempts that the queue missed, and new attempts after a failure."""
    envoyes = echecs = 0
    for courriel in list(Courriel.objects.dus().order_by("prochain_essai_le")[:ENVOIS_PAR_PASSAGE]):
        parti = courriel.envoyer()
        envoyes += parti is True
        echecs += parti is False
        if echecs > 3 and not envoyes:
            break  # the mail server is down: each attempt would wait for its time-out
    return f"envoyés {envoyes}, refusés {echecs}" if envoyes or echecs else ""


@declarer_tache_periodique("tâches interrompues")
def reprendre_taches_mortes():
    """A killed worker leaves its task RUNNING for ever: put it back, unless it kills its workers each time."""
    mortes = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=timezone.now() - TACHE_MORTE)
    reprises = abandons = 0
    for tache in mortes.only("pk", "started_at", "worker_ids"):
        # Conditional on its start: a worker that ends it meanwhile, or takes it again, wins.
        encore = DBTaskResult.objects.filter(pk=tache.pk, status=TaskResultStatus.RUNNING, started_at=tache.started_at)
        if len(tache.worker_ids) > REPRISES_MAX:
            abandons += encore.update(status=TaskResultStatus.FAILED, finished_at=timezone.now())
        else:
            reprises += encore.update(status=TaskResultStatus.READY, started_at=None)
    return f"reprises {reprises}, abandonnées {abandons}" if reprises or abandons else ""


@declarer_tache_periodique("fichiers temporaires")
def retirer_fichiers_temporaires():
    retires = stockage.purger_temporaires()
    return f"retirés {retires}" if retires else ""


@declarer_tache_periodique("envois inachevés")
def oublier_envois_inacheves():
    oublies = Televersement.objects.purger()
    return f"oubliés {oublies}" if oublies else ""


@declarer_tache_periodique("antivirus")
def analyser_fichiers_en_retard():
    """What the queue missed, or came while clamd was down; without an antivirus, nothing waits for it."""
    if not antivirus.est_configure():
        liberes = Fichier.objects.liberer()
        return f"libérés {liberes}" if liberes else ""
    analyses = 0
    for fichier in list(Fichier.objects.a_analyser()[:FICHIERS_PAR_PASSAGE]):
        try:
            fichier.analyser()
        except antivirus.AntivirusIndisponible as erreur:
            journal.warning("the antivirus does not answer: %s", erreur)
            break  # each file would wait for its time-out
        except FileNotFoundError:
            journal.critical("file %s has its row but no content", fichier.cle)
        else:
            analyses += 1
    return f"analysés {analyses}" if analyses else ""


@declarer_tache_periodique("aperçus")
def dessiner_apercus_en_retard():
    dessines = 0
    for fichier in list(Fichier.objects.a_dessiner()[:APERCUS_PAR_PASSAGE]):
        fichier.dessiner()
        dessines += 1
    return f"dessinés {dessines}" if dessines else ""


@declarer_tache_periodique("sessions")
def retirer_sessions_expirees():
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@declarer_tache_periodique("tâches terminées")
def retirer_resultats_anciens():
    anciens = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - RESULTATS_GARDES)
    retires, _ = anciens.delete()
    return f"retirées {retires}" if retires else ""
