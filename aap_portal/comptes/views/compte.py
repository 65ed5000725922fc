from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from aap_portal.comptes.forms import CompteInviteForm, MonCompteForm
from aap_portal.comptes.models import Invitation, Utilisateur
from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.referentiel.erreurs import ErreurMetier


@require_http_methods(["GET", "HEAD", "POST"])
def mon_compte(request):
    saisie = request.POST if request.method == "POST" else saisie_a_reprendre(request)
    form = MonCompteForm(saisie, instance=Utilisateur.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Votre compte est enregistré.")
        return redirect("comptes:mon_compte")
    contexte = {"form": form, "second_facteur": request.user.authenticator_set.filter(type="totp").exists()}
    return render(request, "comptes/mon_compte.html", contexte, status=422 if request.method == "POST" else 200)


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, jeton):
    """The link of an invitation: accept it, or open the account that accepts it."""
    objet = Invitation.objects.par_jeton(jeton)
    if objet is None:
        raise Http404
    if not objet.est_en_cours:
        return render(request, "comptes/invitation_perimee.html", {"invitation": objet}, status=410)
    if request.user.is_authenticated:
        return _accepter(request, objet)
    if Utilisateur.objects.filter(email=objet.courriel).exists():
        connexion = f"{reverse('account_login')}?next={request.path}"
        return render(request, "comptes/invitation.html", {"invitation": objet, "connexion": connexion})
    return _creer_le_compte(request, objet)


def _accepter(request, objet):
    contexte = {"invitation": objet, "autre_adresse": request.user.email != objet.courriel}
    if request.method != "POST" or contexte["autre_adresse"]:
        return render(request, "comptes/invitation.html", contexte, status=403 if contexte["autre_adresse"] else 200)
    try:
        objet.accepter(request.user)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, f"Vous êtes maintenant {objet.intitule}.")
    return redirect("accueil")


def _creer_le_compte(request, objet):
    form = CompteInviteForm(request.POST or None, courriel=objet.courriel)
    if request.method != "POST" or not form.is_valid():
        statut = 422 if request.method == "POST" else 200
        return render(request, "comptes/invitation.html", {"invitation": objet, "form": form}, status=statut)
    try:
        with transaction.atomic():
            utilisateur = form.creer()
            objet.accepter(utilisateur)
    except (IntegrityError, ErreurMetier):  # the same link, followed twice at once: its page says where things stand
        return redirect(request.path)
    return perform_login(request, utilisateur)
