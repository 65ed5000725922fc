"""The national committee's advice on emerging structures: asked by the service, given by the committee or recorded for it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.models import Dossier

from ..forms import AvisNationalForm
from ..models import AvisNational
from .acces import exiger_agent_du_service, saisie

LECTURE = ("GET", "HEAD", "POST")
PAR_PAGE = 25


@require_safe
def avis_demandes(request):
    """The advices awaited, then those given."""
    if not request.user.services("instructeur", "administrateur", "comite_national"):
        raise PermissionDenied("Cette page est réservée au comité national et aux agents du service.")
    demandes = AvisNational.objects.visibles_par(request.user).select_related(
        "dossier__structure", "dossier__campagne__service"
    )
    page = Paginator(demandes.order_by(F("rendu_le").desc(nulls_first=True), "demande_le"), PAR_PAGE)
    return render(request, "copil/avis_demandes.html", {"page": page.get_page(request.GET.get("page"))})


@require_http_methods(LECTURE)
def avis(request, numero):
    """Read the dossier, give the advice; correct it until the dossier is decided."""
    avis = get_object_or_404(AvisNational.objects.visibles_par(request.user), dossier__numero=numero)
    avis.dossier = Dossier.objects.avec_contenu().get(pk=avis.dossier_id)
    rendu = avis.est_rendu
    form = AvisNationalForm(saisie(request), instance=avis)
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            avis.rendre(par=request.user, **form.cleaned_data)
        except ErreurMetier as erreur:
            obstacles = erreur.obstacles
        else:
            messages.success(request, "L’avis du comité national est enregistré.")
            return redirect("copil:avis_demandes")
    contexte = {"avis": avis, "dossier": avis.dossier, "service": avis.dossier.campagne.service, "form": form}
    contexte |= {"obstacles": obstacles, "rendu": rendu}
    return render(request, "copil/avis.html", contexte, status=422 if obstacles or form.errors else 200)


@require_POST
def avis_demander(request, numero):
    dossier = get_object_or_404(Dossier.objects.visibles_par(request.user).avec_page(), numero=numero)
    exiger_agent_du_service(request.user, dossier.campagne.service_id)
    try:
        AvisNational.objects.demander(dossier, par=request.user)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return redirect("copil:avis_demandes")
    messages.success(request, f"L’avis du comité national est demandé sur le dossier {dossier.numero}.")
    return redirect("copil:avis", dossier.numero)
