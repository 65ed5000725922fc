"""Before a decision, a change of rights or of bank details, an export: whoever is at the keyboard says again who they are.

A form that is sent waits in the session and goes on by itself once the password is given. A download goes on from a page of
its own, since a browser that downloads stays where it is.
"""

from functools import wraps
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe


def exiger_mot_de_passe_recent(request):
    """Inside a view, before the write: the form is kept, and sent again once the password is given."""
    if is_reauthentication_required(request, app="comptes"):
        raise ReauthenticationRequired


def export_protege(vue):
    """A table that leaves the portal: the password first, then the download, filters and all."""

    @wraps(vue)
    def gardee(request, *args, **kwargs):
        if not is_reauthentication_required(request, app="comptes"):
            return vue(request, *args, **kwargs)
        export = urlencode({"fichier": request.get_full_path(), "retour": _page_d_avant(request)})
        suite = urlencode({"next": f"{reverse('comptes:export_pret')}?{export}"})
        verification = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
        return redirect(f"{verification}?{suite}")

    gardee.est_export = True
    return gardee


@require_safe
def export_pret(request):
    """The download asked for before the password: it starts by itself, or by the button."""
    fichier = request.GET.get("fichier", "")
    if not _est_locale(fichier) or not getattr(resolve(fichier.partition("?")[0]).func, "est_export", False):
        raise Http404
    retour = request.GET.get("retour", "")
    contexte = {"fichier": fichier, "retour": retour if _est_locale(retour) else reverse("accueil")}
    return render(request, "comptes/export_pret.html", contexte)


def _page_d_avant(request):
    """Path of the page whose link was followed; empty when the browser does not say."""
    avant = request.headers.get("Referer", "")
    origine = f"{request.scheme}://{request.get_host()}"
    return avant.removeprefix(origine) if avant.startswith(f"{origine}/") else ""


def _est_locale(adresse):
    return adresse.startswith("/") and url_has_allowed_host_and_scheme(adresse, allowed_hosts=None)
