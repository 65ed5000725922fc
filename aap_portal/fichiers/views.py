import logging
import re

from django.http import FileResponse, Http404, JsonResponse, UnreadablePostError
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aap_portal.referentiel.erreurs import ErreurMetier

from . import apercus
from .models import LISIBLES, Apercu, Fichier, Telechargement, Televersement
from .morceaux import MORCEAU_MAX

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
    return _en_lieu_sur(FileResponse(contenu, as_attachment=True, filename=fichier.nom, content_type=fichier.type_mime))


@require_safe
def lire(request, cle):
    """The pages of a file as images, for whoever may read it."""
    fichier = get_object_or_404(Fichier.objects.visibles_par(request.user), cle=cle)
    return render(request, "fichiers/lire.html", {"fichier": fichier})


@require_safe
def image(request, cle, rang):
    """One page of a file as an image, 0 for the first one in small: made by the portal, never the file itself."""
    lisibles = Fichier.objects.visibles_par(request.user).filter(apercu=Apercu.FAIT, analyse__in=LISIBLES)
    fichier = get_object_or_404(lisibles, cle=cle)
    chemin = apercus.chemin_de(fichier.cle, rang)
    if not chemin.is_file():
        raise Http404
    if rang and request.method == "GET":
        Telechargement.objects.noter_lecture(fichier, request.user)
    return _en_lieu_sur(FileResponse(chemin.open("rb"), content_type=apercus.TYPE_MIME))


def _en_lieu_sur(reponse):
    """Nothing of what is sent can act in a browser, nor stay in it."""
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Content-Security-Policy"] = "sandbox; default-src 'none'"
    reponse["Cache-Control"] = "no-store"
    return reponse


@require_http_methods(["GET", "HEAD", "POST"])
def televersement(request, cle):
    """How much of an upload is here; by POST, one more piece of it: the body, and where it starts in `?debut=`."""
    envoi = get_object_or_404(Televersement.objects.de(request.user), cle=cle)
    if request.method != "POST":
        return JsonResponse(envoi.etat)
    debut, annonce = _entier(request.GET.get("debut")), _entier(request.headers.get("Content-Length"))
    if annonce is not None and annonce > MORCEAU_MAX:
        return JsonResponse(envoi.etat | {"erreur": "Ce morceau est trop gros."}, status=413)
    contenu = _corps(request)
    if debut is None or len(contenu) != annonce:  # the line was cut in the middle of a piece
        return JsonResponse(envoi.etat, status=400)
    try:
        envoi.recevoir(debut, contenu)
    except Televersement.DoesNotExist:
        raise Http404 from None
    except ErreurMetier as erreur:
        return JsonResponse(envoi.etat | {"erreur": str(erreur)}, status=422)
    return JsonResponse(envoi.etat)


def _entier(texte):
    return int(texte) if re.fullmatch(r"[0-9]{1,12}", texte or "") else None


def _corps(request):
    try:
        return request.body
    except UnreadablePostError:
        return b""


@require_POST
def televersement_abandonner(request, cle):
    get_object_or_404(Televersement.objects.de(request.user), cle=cle).abandonner()
    return JsonResponse({})
