"""Sessions: the list, the preparation, the life of one of them."""

from collections import Counter

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aap_portal.referentiel.erreurs import ErreurMetier

from ..cloture import reste_a_finaliser
from ..droits import notes_masquees
from ..forms import ClotureForm, MembresForm, OrdreDuJourForm, SeanceForm
from ..models import Grille, Inscription, MembreSeance, Seance
from ..models.seance import AGENTS
from ..ordre_du_jour import lignes_de_l_ordre_du_jour
from .acces import gere, inscription_geree, saisie, seance_geree, seance_visible

LECTURE = ("GET", "HEAD", "POST")
PAR_PAGE = 25


@require_safe
def seances(request):
    """An agent's sessions; a member's, once convened."""
    visibles = Seance.objects.visibles_par(request.user).select_related("campagne__service")
    visibles = visibles.order_by("-tenue_le", "pk").annotate(
        combien_dossiers=Count("inscriptions", distinct=True),
        combien_membres=Count("membres", filter=Q(membres__actif=True), distinct=True),
        siege=Exists(MembreSeance.objects.filter(seance=OuterRef("pk"), utilisateur=request.user, actif=True)),
    )
    a_noter = Counter(Inscription.objects.a_noter_par(request.user).values_list("seance", flat=True))
    page = Paginator(visibles, PAR_PAGE).get_page(request.GET.get("page"))
    for seance in page:
        seance.a_noter = a_noter[seance.pk]
    return render(request, "copil/seances.html", {"page": page, "agent": request.user.est_agent})


@require_http_methods(LECTURE)
def seance_creer(request):
    services = request.user.services(*AGENTS)
    if not services:
        raise PermissionDenied("Seuls les agents d’un service créent une séance.")
    form = SeanceForm(saisie(request), services=services)
    if request.method == "POST" and form.is_valid():
        seance = form.save()
        messages.success(request, "La séance est créée. Ajoutez ses membres et son ordre du jour, puis convoquez.")
        return redirect(seance)
    return _formulaire(request, form, "Créer une séance")


@require_http_methods(LECTURE)
def seance_modifier(request, pk):
    seance = seance_geree(request.user, pk)
    if not seance.est_preparee:
        messages.error(request, "Une séance convoquée ne se modifie plus : reprenez d’abord sa préparation.")
        return redirect(seance)
    services = request.user.services(*AGENTS)
    form = SeanceForm(saisie(request), instance=seance, services=services)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "La séance est modifiée.")
        return redirect(form.save())
    return _formulaire(request, form, "Modifier la séance", seance)


def _formulaire(request, form, titre, seance=None):
    contexte = {"form": form, "titre": titre, "seance": seance}
    return render(request, "copil/seance_form.html", contexte, status=422 if form.errors else 200)


@require_safe
def seance(request, pk):
    return _page(request, seance_visible(request.user, pk))


@require_POST
def membres_ajouter(request, pk):
    seance = seance_geree(request.user, pk)
    form = MembresForm(request.POST, seance=seance)
    if not form.is_valid():
        return _page(request, seance, membres_form=form)
    personnes = form.cleaned_data["personnes"]
    return _geste(
        request, seance, lambda: seance.ajouter_membres(personnes, par=request.user), "Les membres sont ajoutés."
    )


@require_POST
def membre_retirer(request, pk, membre_pk):
    seance = seance_geree(request.user, pk)
    membre = get_object_or_404(seance.membres.filter(actif=True), pk=membre_pk)
    return _geste(request, seance, lambda: seance.retirer_membre(membre), f"{membre} ne siège plus à cette séance.")


@require_POST
def dossiers_inscrire(request, pk):
    seance = seance_geree(request.user, pk)
    form = OrdreDuJourForm(request.POST, seance=seance, personne=request.user)
    if not form.is_valid():
        return _page(request, seance, dossiers_form=form)
    dossiers = form.cleaned_data["dossiers"]
    return _geste(
        request,
        seance,
        lambda: seance.inscrire_tous(dossiers, par=request.user),
        "Les dossiers sont à l’ordre du jour.",
    )


@require_POST
def dossier_desinscrire(request, pk, numero):
    inscription = inscription_geree(request.user, pk, numero)
    seance = inscription.seance
    return _geste(
        request, seance, lambda: seance.desinscrire(inscription, par=request.user), f"{inscription.dossier} est retiré."
    )


@require_POST
def dossier_avancer(request, pk, numero):
    inscription = inscription_geree(request.user, pk, numero)
    seance = inscription.seance
    return _geste(request, seance, lambda: seance.avancer(inscription), "L’ordre du jour est modifié.")


@require_POST
def seance_convoquer(request, pk):
    seance = seance_geree(request.user, pk)
    return _geste(request, seance, lambda: seance.convoquer(par=request.user), "Les convocations partent.")


@require_POST
def seance_preparer(request, pk):
    seance = seance_geree(request.user, pk)
    return _geste(
        request,
        seance,
        lambda: seance.reprendre_la_preparation(par=request.user),
        "La convocation est retirée : les membres ne voient plus la séance. Convoquez-les de nouveau quand elle est prête.",
    )


@require_POST
def seance_ouvrir(request, pk):
    seance = seance_geree(request.user, pk)
    return _geste(
        request, seance, lambda: seance.ouvrir(par=request.user), "La séance est ouverte : les membres notent."
    )


@require_http_methods(LECTURE)
def seance_clore(request, pk):
    """Who has not finished is named; closing without them is said one by one."""
    seance = seance_geree(request.user, pk)
    form = ClotureForm(request.POST if request.method == "POST" else None, seance=seance)
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            seance.clore(par=request.user, absents=form.pks())
        except ErreurMetier as erreur:
            obstacles = erreur.obstacles
        else:
            messages.success(request, "La séance est close : les notes ne changent plus, les dossiers se décident.")
            return redirect("copil:salle", seance.pk)
    contexte = {
        "seance": seance,
        "obstacles": obstacles,
        "restes": reste_a_finaliser(seance),
        "absents": form.pks() if form.is_bound and form.is_valid() else set(),
    }
    return render(request, "copil/clore.html", contexte, status=422 if request.method == "POST" else 200)


@require_safe
def grille(request, pk):
    """The grid, for agents of its service and for whoever sits in a session that uses it."""
    seances = Seance.objects.visibles_par(request.user)
    lisibles = Q(campagne__service__in=request.user.services(*AGENTS)) | Q(pk__in=seances.values("grille"))
    grilles = Grille.objects.filter(lisibles).select_related("campagne__service").prefetch_related("blocs__criteres")
    grille = get_object_or_404(grilles, pk=pk)
    contexte = {"grille": grille, "editable": request.user.is_staff and not grille.est_figee}
    return render(request, "copil/grille.html", contexte)


def _geste(request, seance, verbe, succes):
    """One gesture on a session, and back to its page: done, or every reason why not."""
    try:
        verbe()
    except ErreurMetier as erreur:
        return _page(request, seance_visible(request.user, seance.pk), obstacles=erreur.obstacles)
    messages.success(request, succes)
    return redirect(seance)


def _page(request, seance, *, obstacles=(), membres_form=None, dossiers_form=None):
    agent = gere(request.user, seance.campagne.service_id)
    membres = list(seance.membres.filter(actif=True).select_related("utilisateur"))
    contexte = {
        "seance": seance,
        "service": seance.campagne.service,
        "gere": agent,
        "siege": any(membre.utilisateur_id == request.user.pk for membre in membres),
        "membres": membres,
        "lignes": lignes_de_l_ordre_du_jour(seance, request.user),
        "notes_masquees": notes_masquees(request.user, seance),
        "obstacles": obstacles,
        "form": membres_form or dossiers_form,
    }
    if agent and not seance.est_close:
        contexte["membres_form"] = membres_form or MembresForm(seance=seance)
    if agent and seance.est_a_venir:
        contexte["dossiers_form"] = dossiers_form or OrdreDuJourForm(seance=seance, personne=request.user)
    status = 422 if obstacles or membres_form or dossiers_form else 200
    return render(request, "copil/seance.html", contexte, status=status)
