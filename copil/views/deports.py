"""Declared conflicts of interest: said once, shown to their author, taken back before a session opens."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.droits import lus_par_role
from candidatures.models import Dossier

from ..forms import DeportForm
from ..models import Deport
from .acces import saisie

LECTURE = ("GET", "HEAD", "POST")


@require_safe
def deports(request):
    """One's own. The dossier stays hidden: its structure and one's own words are enough to recognise it."""
    siens = Deport.objects.avec_page().filter(utilisateur=request.user)
    return render(request, "copil/deports.html", {"deports": siens})


@require_http_methods(LECTURE)
def deport_retirer(request, pk):
    deport = get_object_or_404(Deport.objects.avec_page().filter(utilisateur=request.user), pk=pk)
    if request.method != "POST":
        return render(request, "copil/deport_retirer.html", {"deport": deport})
    try:
        deport.retirer()
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(
            request, f"Votre déport est retiré : le dossier de {deport.dossier.structure} vous est de nouveau montré."
        )
    return redirect("copil:deports")


@require_http_methods(LECTURE)
def deport_declarer(request, numero):
    """From now on the dossier is hidden from this person, whatever their roles."""
    dossier = get_object_or_404(Dossier.objects.visibles_par(request.user), numero=numero)
    if not Dossier.objects.filter(lus_par_role(request.user), pk=dossier.pk).exists():
        raise PermissionDenied("Seuls les agents et les membres des comités déclarent un conflit d’intérêts.")
    if dossier.structure_id in request.user.structures():
        raise PermissionDenied("Vous êtes membre de cette structure : vous êtes déjà en déport.")
    form = DeportForm(saisie(request))
    if request.method == "POST" and form.is_valid():
        Deport.objects.declarer(dossier, request.user, motif=form.cleaned_data["motif"])
        messages.success(request, f"Votre déport est enregistré : le dossier {dossier.numero} ne vous est plus montré.")
        return redirect("copil:seances")
    contexte = {"dossier": dossier, "form": form}
    return render(request, "copil/deport.html", contexte, status=422 if form.errors else 200)
