"""What follows a filing: the mails that acknowledge it, then the receipt's PDF, made once and kept."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from aap_portal.courriels.entretien import declarer_tache_periodique
from aap_portal.courriels.models import Courriel
from aap_portal.documents.pdf import rendre_pdf
from aap_portal.fichiers.models import Fichier

RECEPISSE_OUBLIE = timedelta(minutes=15)
NOUVEL_ESSAI = timedelta(hours=1)


def annoncer_depot(depot):
    """Called inside the filing: the messages are rows of the same transaction, the PDF waits for its commit."""
    from .recepisse import Recepisse

    dossier = depot.dossier
    a_prevenir = (_adresse_de_qui_depose(depot), dossier.contact_courriel)
    adresses = {adresse.lower(): adresse for adresse in a_prevenir if adresse}
    for adresse in adresses.values():
        Courriel.objects.deposer(
            cle=f"depot-{depot.pk}-{adresse.lower()}",
            destinataire=adresse,
            gabarit="depot_recepisse",
            contexte={"recepisse": Recepisse(depot, dossier), "depot": depot, "dossier": dossier},
            service=dossier.campagne.service,
            objet_lie=dossier.numero,
            lien=reverse("candidatures:recepisse", args=[dossier.numero, depot.rang]),
        )
    # Robust: the filing is made; a queue out of order must not turn it into an error page.
    transaction.on_commit(partial(produire_recepisse.enqueue, depot.pk), robust=True)


def _adresse_de_qui_depose(depot):
    """The person who filed; the structure itself when an agent filed for it what came by e-mail (reading 5)."""
    structure = depot.dossier.structure
    saisi = depot.dossier.est_recu_par_courriel and structure.pk not in depot.par.structures()
    return structure.courriel if saisi else depot.par.email


@task()
def produire_recepisse(pk):
    """Render the receipt of one filing; done again, it changes nothing."""
    from .models import Depot
    from .recepisse import Recepisse

    depot = Depot.objects.select_related("par", "dossier__campagne__service").get(pk=pk)
    if depot.recepisse_id:
        return
    recepisse = Recepisse(depot, depot.dossier)
    contexte = {"recepisse": recepisse, "depot": depot, "service": recepisse.service, "reference": depot.dossier.numero}
    contenu = rendre_pdf("documents/recepisse.html", contexte, titre=recepisse.titre)
    nom = f"recepisse-{depot.dossier.numero}-{depot.rang}.pdf"
    with transaction.atomic():
        if Depot.objects.select_for_update().get(pk=pk).recepisse_id:
            return
        fichier = Fichier.objects.produire(contenu, nom=nom, type_mime="application/pdf")
        Depot.objects.filter(pk=pk).update(recepisse=fichier)


@declarer_tache_periodique("récépissés")
def refaire_recepisses_oublies():
    """Queue the receipts that nothing will make: their server was killed between the commit and the queue."""
    from .models import Depot

    maintenant = timezone.now()
    sans_pdf = Depot.objects.filter(recepisse=None, depose_le__lt=maintenant - RECEPISSE_OUBLIE)
    oublies = set(sans_pdf.values_list("pk", flat=True)) - _demandes(depuis=maintenant - NOUVEL_ESSAI)
    for pk in sorted(oublies):
        produire_recepisse.enqueue(pk)
    return f"redemandés {len(oublies)}" if oublies else ""


def _demandes(*, depuis):
    """Filings whose receipt waits its turn, or was tried since then."""
    en_cours = Q(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]) | Q(enqueued_at__gt=depuis)
    taches = DBTaskResult.objects.filter(en_cours, task_path=produire_recepisse.module_path)
    return {demande["args"][0] for demande in taches.values_list("args_kwargs", flat=True)}
