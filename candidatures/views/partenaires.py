"""The partners of a joint project (AAP 2022, C.3; reading 42)."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.referentiel.erreurs import ErreurMetier

from ..forms.partenaires import PartenaireForm, retirer_partenaire
from ..forms.saisie import lire_saisie
from ..models import Dossier, Partenaire
from ..rubriques import PAR_CODE
from .acces import contexte, dossier_a_ecrire

LECTURE = ("GET", "HEAD", "POST")
_ANCRE = "partenaires"


@require_http_methods(LECTURE)
def partenaire_ajouter(request, numero):
    dossier = dossier_a_ecrire(request, numero)
    return _formulaire(request, dossier, Partenaire(dossier=dossier))


@require_http_methods(LECTURE)
def partenaire_modifier(request, numero, pk):
    dossier = dossier_a_ecrire(request, numero)
    return _formulaire(request, dossier, get_object_or_404(dossier.partenaires, pk=pk))


@require_http_methods(LECTURE)
def partenaire_retirer(request, numero, pk):
    dossier = dossier_a_ecrire(request, numero)
    partenaire = get_object_or_404(dossier.partenaires, pk=pk)
    if request.method != "POST":
        page = {
            "titre": f"Retirer «\u00a0{partenaire}\u00a0» du projet\u00a0?",
            "texte": "Son rôle et son contact seront effacés de ce dossier.",
            "bouton": "Retirer ce partenaire",
            "retour": _retour(dossier),
            "danger": True,
            "service": dossier.campagne.service,
        }
        return render(request, "cadre/confirmation.html", page)
    try:
        with transaction.atomic():
            retirer_partenaire(partenaire)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, f"«\u00a0{partenaire}\u00a0» n’est plus partenaire du projet.")
    return redirect(_retour(dossier))


def _formulaire(request, dossier, partenaire):
    if request.method != "POST":
        return _page(request, dossier, PartenaireForm(saisie_a_reprendre(request), instance=partenaire))
    form = PartenaireForm(lire_saisie(request), instance=partenaire)
    try:
        with transaction.atomic():
            Dossier.objects.en_redaction(dossier.pk)
            if not form.is_valid():
                return _page(request, dossier, form, statut=422)
            form.enregistrer()
    except ErreurMetier as erreur:
        return _page(request, dossier, form, obstacles=erreur.obstacles, statut=422)
    messages.success(request, f"«\u00a0{form.instance}\u00a0» est partenaire du projet.")
    return redirect(_retour(dossier))


def _page(request, dossier, form, *, obstacles=(), statut=200):
    page = contexte(request, dossier) | {"form": form, "obstacles": obstacles, "retour": _retour(dossier)}
    return render(request, "candidatures/partenaire.html", page, status=statut)


def _retour(dossier):
    return PAR_CODE["structure"].lien(dossier, _ANCRE)
