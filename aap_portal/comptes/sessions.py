"""The end of a session: after a time without a click, and without losing what was being typed."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import reverse

CLE_ACTIVITE = "active_le"
CLE_SAISIE = "saisie"
CHAMP_AUTEUR = "_auteur"
SAISIE_MAX = 200 * 1024
_SEL = "comptes.saisie"
_MINUTE = 60
_EXPIREE = "Votre session a expiré : reconnectez-vous, ce que vous avez écrit est gardé."


def est_sensible(personne):
    """Holds a role in a service, or reaches the administration site: shorter sessions, second factor."""
    return personne.is_staff or bool(personne.roles_par_service)


def duree_inactivite(personne):
    return settings.INACTIVITE_AGENT if est_sensible(personne) else settings.INACTIVITE_PORTEUR


def duree_en_mots(secondes):
    minutes = secondes // 60
    if minutes % 60:
        return f"{minutes} minutes"
    return f"{minutes // 60} heure{'s' if minutes >= 120 else ''}"


class InactiviteMiddleware:
    """Log out whoever has not clicked for too long; nothing that a logged-in person saw stays in a cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        connecte = request.user.is_authenticated
        request.session_expiree = connecte and self._expirer(request)
        reponse = self.get_response(request)
        if connecte or request.user.is_authenticated:
            reponse["Cache-Control"] = "no-store"
        return reponse

    def _expirer(self, request):
        maintenant = int(time.time())
        active_le = request.session.get(CLE_ACTIVITE, maintenant)
        duree = duree_inactivite(request.user)
        if maintenant - active_le > duree:
            logout(request)
            messages.warning(request, f"Votre session a expiré après {duree_en_mots(duree)} d’inactivité.")
            return True
        if CLE_ACTIVITE not in request.session or maintenant - active_le > _MINUTE:
            request.session[CLE_ACTIVITE] = maintenant
        return False


class RepriseDeSaisieMiddleware:
    """A form sent after the end of the session is kept for its author, who finds it again after logging in."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self._oublier_celle_d_un_autre(request)
        elif request.method == "POST" and veut_quelques_mots(request) and _auteur(request)[0]:
            return JsonResponse({"phrase": _EXPIREE, "phrases": [_EXPIREE]}, status=401)
        elif request.method == "POST" and (conserver_la_saisie(request) or request.session_expiree):
            return _vers_la_connexion(request)
        reponse = self.get_response(request)
        if request.htmx and _mene_a_la_connexion(reponse):
            return _vers_la_connexion(request)
        return reponse

    def _oublier_celle_d_un_autre(self, request):
        saisie = request.session.get(CLE_SAISIE)
        if saisie and saisie["auteur"] != request.user.pk:
            del request.session[CLE_SAISIE]


def veut_quelques_mots(request):
    """Sent by a script that keeps the typing in its tab and shows the sentence itself."""
    return request.accepts("application/json") and not request.accepts("text/html")


def est_l_auteur(request):
    """The form was opened by the person who is logged in now: computers are shared."""
    return request.user.is_authenticated and _auteur(request)[0] == request.user.pk


def signature(request, chemin=""):
    """What `{% reprise %}` puts in a form: who types it, and on which page."""
    return signing.dumps([request.user.pk, chemin or request.get_full_path()], salt=_SEL)


def conserver_la_saisie(request):
    """Keep a form whose author is known by signature; return whether it was kept.

    Passwords and files are never kept. It goes back to nobody but its author: computers are shared.
    """
    auteur, chemin = _auteur(request)
    if auteur is None or (request.user.is_authenticated and request.user.pk != auteur):
        return False
    donnees = request.POST.copy()
    for champ in [champ for champ in donnees if _est_secret(champ)]:
        del donnees[champ]
    texte = donnees.urlencode()
    if len(texte) > SAISIE_MAX:
        return False
    request.session[CLE_SAISIE] = {"auteur": auteur, "chemin": chemin, "donnees": texte}
    return True


def saisie_a_reprendre(request):
    """The saved typing of this person for this page, once, or None: `Form(saisie_a_reprendre(request))`."""
    if request.method != "GET" or chemin_a_reprendre(request) != request.get_full_path():
        return None
    saisie = request.session.pop(CLE_SAISIE)
    messages.warning(
        request, "Votre session avait expiré. Votre saisie a été conservée : vérifiez-la puis enregistrez."
    )
    return QueryDict(saisie["donnees"])


def chemin_a_reprendre(request):
    saisie = request.session.get(CLE_SAISIE)
    if saisie and request.user.is_authenticated and saisie["auteur"] == request.user.pk:
        return saisie["chemin"]
    return ""


def _auteur(request):
    try:
        return signing.loads(request.POST.get(CHAMP_AUTEUR, ""), salt=_SEL, max_age=7 * 24 * 3600)
    except signing.BadSignature:
        return None, ""


def _est_secret(champ):
    return champ in {CHAMP_AUTEUR, "csrfmiddlewaretoken"} or "password" in champ or "mot_de_passe" in champ


def _mene_a_la_connexion(reponse):
    return reponse.status_code == 302 and reponse["Location"].startswith(resolve_url(settings.LOGIN_URL))


def _vers_la_connexion(request):
    """To the login page; a page asked for by htmx is left whole, not only the part that it refreshes."""
    if not request.htmx:
        return redirect(settings.LOGIN_URL)
    suite = redirect_to_login(request.htmx.current_url_abs_path or reverse("accueil"))
    return HttpResponse(headers={"HX-Redirect": suite["Location"]})


class SecondFacteurMiddleware:
    """Where the setting says so, whoever holds a role activates a second factor before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, *_):
        if not settings.SECOND_FACTEUR_OBLIGATOIRE or not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated or not self._manque(request.user):
            return None
        if request.resolver_match.url_name.startswith(("account_", "mfa_")):
            return None
        messages.warning(request, "Votre rôle demande un second facteur : activez-le pour continuer.")
        return redirect("mfa_activate_totp")

    def _manque(self, personne):
        return est_sensible(personne) and not personne.authenticator_set.filter(type="totp").exists()
