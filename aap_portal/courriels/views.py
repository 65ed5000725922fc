from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from aap_portal.referentiel.erreurs import ErreurMetier

from .models import Courriel, Etat

PAR_PAGE = 25
DEMONSTRATION_MAX = 50


@require_safe
def courriels(request):
    """The outbox of the agent's services."""
    _reserver_aux_agents(request)
    q, etat = request.GET.get("q", "").strip()[:200], request.GET.get("etat", "")
    trouves = Courriel.objects.visibles_par(request.user).select_related("service").defer("corps", "html")
    if q:
        trouves = trouves.filter(Q(destinataire__icontains=q) | Q(objet__icontains=q) | Q(objet_lie__icontains=q))
    if etat in Etat.values:
        trouves = trouves.filter(etat=etat)
    page = Paginator(trouves, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {"page": page, "q": q, "etat": etat, "etats": Etat.choices, "envoi_configure": settings.EMAIL_CONFIGURE}
    return render(request, "courriels/courriels.html", contexte)


@require_safe
def courriel(request, pk):
    _reserver_aux_agents(request)
    trouve = get_object_or_404(Courriel.objects.visibles_par(request.user).select_related("service"), pk=pk)
    return render(request, "courriels/courriel.html", {"courriel": trouve})


@require_POST
def courriel_relancer(request, pk):
    _reserver_aux_agents(request)
    trouve = get_object_or_404(Courriel.objects.visibles_par(request.user), pk=pk)
    try:
        trouve.relancer()
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, f"Le message à {trouve.destinataire} va être envoyé à nouveau.")
    return redirect(trouve)


@require_safe
@never_cache
@login_not_required
def boite_demo(request):
    """The last messages, links included, so that a demonstration needs no mail server; on the machine itself only."""
    if not settings.DEMONSTRATION:
        raise Http404
    derniers = Courriel.objects.select_related("service").prefetch_related("pieces")[:DEMONSTRATION_MAX]
    return render(request, "courriels/boite_demo.html", {"courriels": derniers})


def _reserver_aux_agents(request):
    if not request.user.est_agent:
        raise PermissionDenied
