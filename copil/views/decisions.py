"""The decision of the service on a dossier, its notification, and the page where the structure reads it."""

from itertools import zip_longest

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.formats import euros
from candidatures.models import Dossier

from .. import enveloppe
from ..classement import deports_de, synthese_de
from ..droits import notes_masquees
from ..forms import DecisionForm
from ..models import AvisNational, Decision
from .acces import inscription_geree, rapporter, saisie

LECTURE = ("GET", "HEAD", "POST")


@require_http_methods(LECTURE)
@reauthentication_required(allow_get=True)
def decider(request, pk, numero):
    """Record the decision, or correct it before its notification."""
    inscription = inscription_geree(request.user, pk, numero)
    decision = Decision.objects.filter(inscription=inscription).prefetch_related("postes").first()
    form = DecisionForm(saisie(request), dossier=inscription.dossier, decision=decision)
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            rendue = _rendre(inscription, form, par=request.user)
        except ErreurMetier as erreur:
            obstacles = rapporter(form, erreur.obstacles)
        else:
            messages.success(request, f"La décision est enregistrée : {rendue.get_sens_display().lower()}.")
            return redirect("copil:salle", inscription.seance_id)
    return _page(request, inscription, decision, form, obstacles)


@require_http_methods(LECTURE)
@reauthentication_required(allow_get=True)
def notifier(request, pk, numero):
    """Confirm, then tell the structure, once."""
    inscription = inscription_geree(request.user, pk, numero)
    decision = get_object_or_404(Decision, inscription=inscription)
    if request.method == "POST":
        if decision.notifier(par=request.user):
            messages.success(request, "La décision est notifiée : la structure est prévenue, la lettre se prépare.")
        else:
            messages.info(request, "Cette décision était déjà notifiée : rien n’a été envoyé de nouveau.")
        return redirect("copil:decider", pk, numero)
    contexte = {"inscription": inscription, "dossier": inscription.dossier, "decision": decision}
    return render(request, "copil/notifier.html", contexte)


@require_safe
def decision(request, numero):
    """What the structure reads, once notified; its first reading is noted (CRPA L.112-15)."""
    dossier = get_object_or_404(Dossier.objects.visibles_par(request.user).avec_page(), numero=numero)
    if dossier.structure_id not in request.user.structures():
        raise PermissionDenied("Cette page est celle de la structure.")
    decisions = list(
        Decision.objects.notifiees()
        .filter(inscription__dossier=dossier)
        .select_related("lettre", "inscription__seance__campagne__service")
        .prefetch_related("postes__ligne__poste")
        .order_by("-notifiee_le")
    )
    if not decisions:
        raise Http404
    if request.method == "GET":
        for lue in decisions:
            lue.consulter(par=request.user)
    contexte = {"dossier": dossier, "decisions": decisions, "service": dossier.campagne.service}
    return render(request, "copil/decision.html", contexte)


def _rendre(inscription, form, *, par):
    donnees = form.cleaned_data
    return Decision.objects.rendre(
        inscription,
        sens=donnees["sens"],
        avis_copil=donnees["avis_copil"],
        accords=form.accords(),
        motifs=donnees["motifs"],
        version=donnees["version"] or 0,
        par=par,
    )


def _page(request, inscription, decision, form, obstacles):
    seance = inscription.seance
    campagne = seance.campagne
    masquees = notes_masquees(request.user, seance)
    contexte = {
        "inscription": inscription,
        "seance": seance,
        "dossier": inscription.dossier,
        "service": campagne.service,
        "decision": decision,
        "form": form,
        "obstacles": obstacles,
        "synthese": None if masquees else synthese_de(inscription),
        "deports": deports_de(inscription),
        "avis_national": AvisNational.objects.filter(dossier=inscription.dossier).first(),
        "campagne": campagne,
        "disponible": enveloppe.reste(campagne, hors=decision),
        "modifiable": seance.est_close and not (decision and decision.est_notifiee),
        "historique": _historique(decision),
    }
    status = 422 if obstacles or form.errors else 200
    return render(request, "copil/decider.html", contexte, status=status)


def _historique(decision):
    """What happened to the decision, the latest first: (instant, what, who)."""
    versions = list(decision.historique.select_related("history_user")) if decision else []
    return [
        (version.history_date, _fait(version, precedente), version.history_user)
        for version, precedente in zip_longest(versions, versions[1:])
    ]


def _fait(version, precedente):
    """What one row of the history changed."""
    if precedente and version.version == precedente.version:
        if version.notifiee_le and not precedente.notifiee_le:
            return "notifiée"
        if version.consultee_le and not precedente.consultee_le:
            return "lue par la structure"
        return "lettre produite"
    montant = f", {euros(version.montant)}" if version.sens == Decision.Sens.ACCEPTE else ""
    return f"{'corrigée' if precedente else 'décidée'} : {version.get_sens_display().lower()}{montant}"
