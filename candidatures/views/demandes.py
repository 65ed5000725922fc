"""The instructor's side of a request for complements: prepare and send it, give more time, stop waiting."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.formats import jour

from ..complements import echeance_par_defaut, peut_demander
from ..forms.complements import DemandeForm, ProlongerForm, points_formset
from ..forms.instruction import MotifForm
from ..forms.saisie import lire_saisie
from ..models import DemandeComplement
from .instruction import LECTURE, dossier_instruit


@require_http_methods(LECTURE)
def demander_complements(request, numero):
    """A request starts from what the checklist says is « à compléter »."""
    dossier = dossier_instruit(request, numero)
    if dossier.demande_ouverte and request.method != "POST":
        return redirect(dossier.demande_ouverte)
    if request.method != "POST":
        saisie = saisie_a_reprendre(request)
        initial = {"echeance_le": echeance_par_defaut(dossier.campagne)}
        return _page(request, dossier, DemandeForm(saisie, initial=initial), points_formset(dossier, saisie))
    saisie = lire_saisie(request)
    form, formset = DemandeForm(saisie), points_formset(dossier, saisie)
    if "ajouter" in saisie:
        return _page(request, dossier, form, formset, ajout=True)
    if not (form.is_valid() & formset.is_valid()):
        return _page(request, dossier, form, formset, statut=422)
    try:
        demande = DemandeComplement.objects.demander(dossier, formset.points, par=request.user, **form.cleaned_data)
    except ErreurMetier as erreur:
        return _page(request, dossier, form, formset, obstacles=erreur.obstacles, statut=422)
    messages.success(
        request, f"{demande} est envoyée. La structure a jusqu’au {jour(demande.echeance_le)} pour répondre."
    )
    return redirect("candidatures:instruire", numero)


def _page(request, dossier, form, formset, *, obstacles=(), ajout=False, statut=200):
    contexte = {
        "dossier": dossier,
        "form": form,
        "formset": formset,
        "obstacles": obstacles,
        "ajout": ajout,
        "peut_demander": peut_demander(dossier),
        "service": dossier.campagne.service,
    }
    return render(request, "candidatures/instruction/demander.html", contexte, status=statut)


@require_http_methods(LECTURE)
def complement_prolonger(request, numero, rang):
    dossier, demande = _demande(request, numero, rang)
    form = ProlongerForm(request.POST if request.method == "POST" else saisie_a_reprendre(request))
    if request.method != "POST":
        return _geste(request, demande, form, "prolonger")
    if not form.is_valid():
        return _geste(request, demande, form, "prolonger", statut=422)
    try:
        demande.prolonger(par=request.user, **form.cleaned_data)
    except ErreurMetier as erreur:
        return _geste(request, demande, form, "prolonger", obstacles=erreur.obstacles, statut=422)
    messages.success(
        request, f"La structure a jusqu’au {jour(demande.echeance_le)} pour répondre. Elle en est prévenue."
    )
    return redirect("candidatures:instruire", dossier.numero)


@require_http_methods(LECTURE)
def complement_clore(request, numero, rang):
    dossier, demande = _demande(request, numero, rang)
    form = MotifForm(request.POST if request.method == "POST" else saisie_a_reprendre(request))
    if request.method != "POST":
        return _geste(request, demande, form, "clore")
    if not form.is_valid():
        return _geste(request, demande, form, "clore", statut=422)
    try:
        demande.clore(par=request.user, motif=form.cleaned_data["motif"])
    except ErreurMetier as erreur:
        return _geste(request, demande, form, "clore", obstacles=erreur.obstacles, statut=422)
    messages.success(request, f"{demande} est close. La structure en est prévenue.")
    return redirect("candidatures:instruire", dossier.numero)


def _demande(request, numero, rang):
    dossier = dossier_instruit(request, numero)
    demande = get_object_or_404(DemandeComplement, dossier=dossier, rang=rang)
    demande.dossier = dossier
    return dossier, demande


def _geste(request, demande, form, geste, *, obstacles=(), statut=200):
    dossier = demande.dossier
    contexte = {
        "dossier": dossier,
        "demande": demande,
        "form": form,
        "geste": geste,
        "obstacles": obstacles,
        "service": dossier.campagne.service,
    }
    return render(request, "candidatures/instruction/complement_geste.html", contexte, status=statut)
