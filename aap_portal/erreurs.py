"""Error pages in French, with the right status. The page of a 500 needs neither session nor database."""

from django.http import Http404, HttpResponse, HttpResponseBadRequest, HttpResponseServerError, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from aap_portal.comptes.sessions import chemin_a_reprendre, conserver_la_saisie, est_l_auteur, veut_quelques_mots
from aap_portal.contexte import cadre


def _sans_requete(request, page):
    """A page of the frame for nobody in particular: the request itself may be what went wrong."""
    contexte = cadre(request)["cadre"] | {"navigation": [], "role": "", "compte_inconnu": True}
    return loader.render_to_string(page, {"cadre": contexte})


class AdresseSansNulMiddleware:
    """PostgreSQL cannot even look for a NUL: a path that holds one names nothing, a filter is read without it.

    Forms refuse it by themselves.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path_info:
            raise Http404
        request.META["QUERY_STRING"] = request.META.get("QUERY_STRING", "").replace("%00", "")
        return self.get_response(request)


@requires_csrf_token
def requete_incorrecte(request, exception=None):
    return HttpResponseBadRequest(_sans_requete(request, "400.html"))


@requires_csrf_token
def acces_refuse(request, exception=None):
    return render(request, "403.html", {"raison": str(exception or "")}, status=403)


@requires_csrf_token
def page_introuvable(request, exception=None):
    return render(request, "404.html", status=404)


@requires_csrf_token
def trop_de_requetes(request, exception=None):
    return HttpResponse(_sans_requete(request, "429.html"), status=429)


@requires_csrf_token
def erreur_interne(request):
    return HttpResponseServerError(_sans_requete(request, "500.html"))


@requires_csrf_token
def csrf(request, reason=""):
    """The form came without its token: cookies refused, or another tab logged out meanwhile.

    A form that names its author gets its typing back all the same.
    """
    if veut_quelques_mots(request):
        return _csrf_en_quelques_mots(request)
    if request.user.is_authenticated and conserver_la_saisie(request):
        return redirect(chemin_a_reprendre(request))
    return render(request, "403_csrf.html", status=403)


def _csrf_en_quelques_mots(request):
    """A page that saves by itself goes on with the token of the new session, if it is the same person's."""
    if est_l_auteur(request):
        return JsonResponse({"jeton": get_token(request)}, status=403)
    phrase = "une autre personne est connectée dans ce navigateur. Copiez ce que vous avez écrit."
    return JsonResponse({"phrase": phrase, "phrases": [phrase], "fin": True}, status=403)
