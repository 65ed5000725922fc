"""The whole dossier as one PDF or one ZIP: asked for, made by the worker, then downloaded like any file."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ..droits import exiger_copie, peut_copier
from ..models import CopieDossier
from .acces import contexte, dossier_visible


@require_safe
def copies(request, numero):
    dossier = dossier_visible(request, numero)
    etats = list(CopieDossier.objects.etats(dossier, request.user))
    attendues = [copie for _, copie, _ in etats if copie and not copie.est_prete and not copie.est_en_panne]
    page = contexte(request, dossier) | {"etats": etats, "en_preparation": bool(attendues)}
    page["peut_copier"] = peut_copier(request.user, dossier)
    return render(request, "candidatures/copies.html", page)


@require_POST
def copie_demander(request, numero, format):
    """Whoever may read the dossier may have its copy, save of what its structure has not sent."""
    dossier = dossier_visible(request, numero)
    if format not in CopieDossier.Format.values:
        raise Http404
    exiger_copie(request.user, dossier)
    CopieDossier.objects.demander(dossier, format, par=request.user)
    return redirect("candidatures:copies", dossier.numero)
