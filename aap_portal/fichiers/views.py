import logging

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from .models import Fichier, Telechargement

journal = logging.getLogger(__name__)


@require_safe
def telecharger(request, cle):
    """The only way out of a file: always an attachment, never shown inside a page."""
    fichier = get_object_or_404(Fichier.objects.visibles_par(request.user), cle=cle)
    try:
        contenu = fichier.ouvrir()
    except FileNotFoundError:
        journal.critical("file %s has its row but no content", fichier.cle)
        raise Http404 from None
    if request.method == "GET":
        Telechargement.objects.create(fichier=fichier, personne=request.user)
    reponse = FileResponse(contenu, as_attachment=True, filename=fichier.nom, content_type=fichier.type_mime)
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "sandbox; default-src 'none'"
    reponse["Cache-Control"] = "no-store"
    return reponse
