"""A draft that starts from another dossier of the structure."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle

from ..etapes import etat_public
from ..models import Dossier
from ..reprise import est_vierge, precedents, reprendre
from .acces import contexte, dossier_a_ecrire


@require_http_methods(["GET", "HEAD", "POST"])
def dossier_reprendre(request, numero):
    """Choose the dossier to start from; the draft must still be empty."""
    dossier = dossier_a_ecrire(request, numero)
    choix = precedents(dossier).filter(pk__in=Dossier.objects.visibles_par(request.user).values("pk"))
    if request.method != "POST":
        return _page(request, dossier, choix)
    source = choix.filter(numero=request.POST.get("source", "")).first()
    if source is None:
        return _page(request, dossier, choix, obstacles=[_CHOISIR])
    try:
        reprendre(dossier, source, par=request.user)
    except ErreurMetier as erreur:
        return _page(request, dossier, choix, obstacles=erreur.obstacles)
    messages.success(
        request,
        f"Le dossier {source.numero} est repris\u00a0: réponses, tableaux, partenaires, postes et budgets. Relisez chaque rubrique.",
    )
    return redirect(dossier)


_CHOISIR = Obstacle("source", "Choisissez le dossier à reprendre.", champ="source")


def _page(request, dossier, choix, *, obstacles=()):
    page = contexte(request, dossier) | {
        "precedents": [(source, etat_public(source)) for source in choix],
        "vierge": est_vierge(dossier),
        "obstacles": obstacles,
    }
    return render(request, "candidatures/reprendre.html", page, status=422 if obstacles else 200)
