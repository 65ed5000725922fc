"""What the worker does for the committee's room."""

from django.db import transaction
from django_tasks import task

from aap_portal.documents.pdf import rendre_pdf
from aap_portal.fichiers.models import Fichier

from .lettre import contexte_de_la_lettre
from .models import Decision


@task()
def produire_lettre(decision_id):
    """Render the letter of a notified decision once and keep it; run again, it finds the work done and stops."""
    decision = Decision.objects.select_related("inscription__seance", "notifiee_par").get(pk=decision_id)
    if decision.lettre_id or not decision.est_notifiee:
        return
    contexte = contexte_de_la_lettre(decision)
    numero = contexte["dossier"].numero
    contenu = rendre_pdf("documents/lettre_decision.html", contexte, titre=f"Décision sur le dossier {numero}")
    with transaction.atomic():
        fichier = Fichier.objects.produire(contenu, nom=f"decision-{numero}.pdf", type_mime="application/pdf")
        decision.figer_lettre(fichier)
