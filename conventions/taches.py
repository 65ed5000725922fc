"""What the worker does for conventions."""

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from aap_portal.courriels.entretien import declarer_tache_periodique
from aap_portal.courriels.models import Courriel
from aap_portal.documents.pdf import rendre_pdf
from aap_portal.fichiers.models import Fichier

from .document import contexte_convention
from .models import Convention


@task()
def editer_convention(convention_id):
    """Render the document once, store it and freeze it; run again, it finds the work done and stops."""
    convention = Convention.objects.avec_contenu().get(pk=convention_id)
    if convention.etat != Convention.Etat.PREPAREE:
        return
    contenu = rendre_pdf(
        "documents/convention.html", contexte_convention(convention), titre=f"Convention {convention.numero}"
    )
    with transaction.atomic():
        fichier = Fichier.objects.produire(
            contenu, nom=f"convention-{convention.numero}.pdf", type_mime="application/pdf"
        )
        convention.figer_document(fichier)
        _annoncer(convention)


def _annoncer(convention):
    service = convention.dossier.campagne.service
    Courriel.objects.deposer(
        cle=f"convention-editee-{convention.pk}",
        destinataire=convention.dossier.structure.courriel,
        gabarit="convention_editee",
        contexte={"convention": convention, "service": service},
        service=service,
        lien=convention.get_absolute_url(),
        objet_lie=convention.numero,
    )


@declarer_tache_periodique("conventions")
def suivre_les_conventions(maintenant=None):
    """In force from the effect, ended after the term, each by its own service's calendar."""
    maintenant = maintenant or timezone.now()
    vivantes = Convention.objects.filter(etat__in=[Convention.Etat.SIGNEE, Convention.Etat.EN_COURS])
    for convention in list(vivantes.select_related("dossier__campagne__service")):
        convention.suivre_le_calendrier(maintenant.astimezone(convention.dossier.campagne.service.zone).date())
