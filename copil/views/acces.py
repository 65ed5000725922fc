"""How the pages fetch what they show: through what the person may see, then 403 for what they may not do."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from aap_portal.comptes.sessions import saisie_a_reprendre
from candidatures.models import Dossier

from ..models import Inscription, Seance
from ..models.seance import AGENTS


def gere(personne, service_id):
    return service_id in personne.services(*AGENTS)


def exiger_agent_du_service(personne, service_id):
    if not gere(personne, service_id):
        raise PermissionDenied("Ce geste est réservé aux agents du service.")


def seance_visible(personne, pk):
    return get_object_or_404(Seance.objects.visibles_par(personne).avec_page(), pk=pk)


def seance_geree(personne, pk):
    seance = seance_visible(personne, pk)
    exiger_agent_du_service(personne, seance.campagne.service_id)
    return seance


def inscription_visible(personne, pk, numero):
    """A dossier of the agenda with its whole content, never one that this person is in conflict with."""
    inscriptions = Inscription.objects.visibles_par(personne).filter(seance=pk, dossier__numero=numero)
    return get_object_or_404(
        inscriptions.select_related("seance__campagne__service", "seance__grille").prefetch_related(
            Prefetch("dossier", queryset=Dossier.objects.avec_contenu()), "seance__grille__blocs__criteres"
        )
    )


def inscription_geree(personne, pk, numero):
    inscription = inscription_visible(personne, pk, numero)
    exiger_agent_du_service(personne, inscription.seance.campagne.service_id)
    return inscription


def saisie(request):
    """What a form is bound to: what is posted, or the typing that an expired session had kept."""
    return request.POST if request.method == "POST" else saisie_a_reprendre(request)


def rapporter(form, obstacles):
    """Put each obstacle on its field, and give them all back with the anchor of their field, for the summary."""
    for obstacle in obstacles:
        if obstacle.champ in form.fields:
            form.add_error(obstacle.champ, obstacle.message)
    return [replace(o, champ=f"id_{o.champ}") if o.champ in form.fields else o for o in obstacles]
