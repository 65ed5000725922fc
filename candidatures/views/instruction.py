"""Pages of the instructor: the queue, the reader and its decisions."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aap_portal.comptes.droits import exiger_agent
from aap_portal.comptes.reverification import export_protege
from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.documents.tableur import reponse_tableur
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.formats import nombre

from ..complements import demandes_envoyees, dernier_point, peut_demander, points_proposes
from ..etapes import etat_public
from ..filtres import FileFilter
from ..forms.instruction import AffectationForm, ControleForm, HorsDelaiForm, MotifForm
from ..instruction import empechements, encarts, points_de_controle
from ..models import Dossier, Message
from ..parcours import etapes
from ..restauration import tel_que_depose
from ..tableau import feuille_dossiers

PAR_PAGE = 25
CLE_FILTRES = "filtres-dossiers"
LECTURE = ("GET", "HEAD", "POST")


@require_safe
def file(request):
    """The filed dossiers of my services; filters live in the URL, and come back with the session."""
    exiger_agent(request.user)
    if "reinitialiser" in request.GET:
        request.session.pop(CLE_FILTRES, None)
        return redirect("candidatures:file")
    if not request.GET and request.session.get(CLE_FILTRES):
        return redirect(f"{reverse('candidatures:file')}?{request.session[CLE_FILTRES]}")
    if request.GET.urlencode() != request.session.get(CLE_FILTRES, ""):
        request.session[CLE_FILTRES] = request.GET.urlencode()
    filtre = _filtre(request)
    page = Paginator(filtre.qs, PAR_PAGE).get_page(request.GET.get("page"))
    combien = page.paginator.count
    a_lire = Message.objects.a_lire_par(request.user).par_dossier()
    for dossier in page:
        dossier.a_lire = a_lire.get(dossier.pk, 0)
    contexte = {
        "filtre": filtre,
        "page": page,
        "onglets": filtre.onglets(filtre.queryset),
        "legende": f"{nombre(combien)} dossier{'s' if combien > 1 else ''}",
    }
    return render(request, "candidatures/file.html", contexte)


@require_safe
@export_protege
def file_tableur(request):
    """The list as it is filtered and sorted, every page of it."""
    exiger_agent(request.user)
    return reponse_tableur("dossiers", [feuille_dossiers(_filtre(request).qs)])


def _filtre(request):
    dossiers = Dossier.objects.instruits_par(request.user).avec_demande()
    return FileFilter(request.GET, queryset=dossiers, request=request)


def dossier_instruit(request, numero):
    """The dossier of my services, as it was last filed; a 403 when I may read it without instructing it, a 404 otherwise."""
    dossier = Dossier.objects.instruits_par(request.user).avec_contenu().avec_couverture().filter(numero=numero).first()
    if dossier:
        return tel_que_depose(dossier)
    if Dossier.objects.visibles_par(request.user).filter(numero=numero).exists():
        raise PermissionDenied(
            "Ce dossier s’instruit dans le service qui l’a reçu : vous pouvez le lire, pas l’instruire."
        )
    raise Http404


@require_safe
def instruire(request, numero):
    """The reader: the list of points to check beside what is checked."""
    return _lecteur(request, dossier_instruit(request, numero))


def _lecteur(request, dossier, *, obstacles=(), form=None, objet="", statut=200):
    points = points_de_controle(dossier)
    choisi = _point_choisi(points, objet or request.GET.get("objet", ""))
    saisie = saisie_a_reprendre(request)
    form = form or ControleForm(saisie, initial={"objet": choisi.objet}, instance=choisi.controle)
    journal = list(dossier.journal.select_related("par", "type_objet"))
    contexte = {
        "dossier": dossier,
        "points": points,
        "choisi": choisi,
        "form_controle": form,
        "faits": sum(point.controle is not None for point in points),
        "empechements": list(empechements(dossier)),
        "reste": [point for point in points if point.bloquant and not point.est_favorable],
        "affectation": AffectationForm(dossier=dossier),
        "journal": journal,
        "etapes": etapes(dossier, journal),
        "depots": dossier.depots.select_related("recepisse", "par"),
        "a_lire": Message.objects.a_lire_par(request.user).filter(dossier=dossier).count(),
        "demandes": demandes_envoyees(dossier),
        "peut_demander": peut_demander(dossier),
        "a_completer": points_proposes(dossier),
        "demande_du_point": dernier_point(dossier, choisi.objet),
        "encarts": encarts(dossier, request.user),
        "obstacles": obstacles,
        "service": dossier.campagne.service,
    }
    return render(request, "candidatures/instruction/lecteur.html", contexte, status=statut)


def _point_choisi(points, objet):
    """The point asked for, else the first that nobody has checked."""
    par_objet = {point.objet: point for point in points}
    a_voir = (point for point in points if point.controle is None)
    return par_objet.get(objet) or next(a_voir, points[0])


def _suivant(points, objet):
    """Where to go after `objet`: the next point that nobody has checked, then the first such one."""
    rang = next((rang for rang, point in enumerate(points) if point.objet == objet), 0)
    a_voir = (point for point in [*points[rang + 1 :], *points[:rang]] if point.controle is None)
    return next(a_voir, points[rang])


@require_POST
def controler(request, numero):
    dossier = dossier_instruit(request, numero)
    form = ControleForm(request.POST)
    objet = request.POST.get("objet", "")
    if not form.is_valid():
        return _lecteur(request, dossier, form=form, objet=objet, statut=422)
    try:
        dossier.controler(par=request.user, **form.cleaned_data)
    except ErreurMetier as erreur:
        return _lecteur(request, dossier, obstacles=erreur.obstacles, form=form, objet=objet, statut=422)
    points = points_de_controle(dossier_instruit(request, numero))
    return redirect(_adresse(dossier, _suivant(points, objet).objet))


def _adresse(dossier, objet=""):
    adresse = reverse("candidatures:instruire", args=[dossier.numero])
    return f"{adresse}?{urlencode({'objet': objet})}" if objet else adresse


@require_POST
def affecter(request, numero):
    dossier = dossier_instruit(request, numero)
    form = AffectationForm(request.POST, dossier=dossier)
    if not form.is_valid():
        messages.error(request, "Choisissez un agent de ce service.")
        return redirect(_adresse(dossier))
    try:
        dossier.affecter(form.cleaned_data["agent"], par=request.user)
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        suivi = f"est suivi par {dossier.instructeur}" if dossier.instructeur else "n’est plus suivi par personne"
        messages.success(request, f"Le dossier {dossier.numero} {suivi}.")
    return redirect(_adresse(dossier))


@require_POST
def declarer_recevable(request, numero):
    dossier = dossier_instruit(request, numero)
    try:
        dossier.declarer_recevable(par=request.user)
    except ErreurMetier as erreur:
        return _lecteur(request, dossier, obstacles=erreur.obstacles, statut=422)
    messages.success(request, f"Le dossier {dossier.numero} est recevable : il peut être inscrit à une séance.")
    return redirect(_adresse(dossier))


@require_http_methods(LECTURE)
@reauthentication_required(allow_get=True)
def declarer_irrecevable(request, numero):
    dossier = dossier_instruit(request, numero)
    form = MotifForm(request.POST if request.method == "POST" else saisie_a_reprendre(request))
    if request.method != "POST":
        return _decision(request, dossier, "irrecevable", form)
    if not form.is_valid():
        return _decision(request, dossier, "irrecevable", form, statut=422)
    try:
        dossier.declarer_irrecevable(par=request.user, motif=form.cleaned_data["motif"])
    except ErreurMetier as erreur:
        return _decision(request, dossier, "irrecevable", form, obstacles=erreur.obstacles, statut=422)
    messages.success(request, f"Le dossier {dossier.numero} est déclaré irrecevable. La structure en est informée.")
    return redirect(_adresse(dossier))


@require_http_methods(LECTURE)
@reauthentication_required(allow_get=True)
def decider_hors_delai(request, numero):
    """Admit or reject a late filing, with a reason (reading 6)."""
    dossier = dossier_instruit(request, numero)
    form = HorsDelaiForm(request.POST if request.method == "POST" else saisie_a_reprendre(request))
    if request.method != "POST" or not form.is_valid():
        return _decision(request, dossier, "hors_delai", form, statut=422 if request.method == "POST" else 200)
    verbe = dossier.admettre_hors_delai if form.cleaned_data["decision"] == "admettre" else dossier.rejeter_hors_delai
    try:
        verbe(par=request.user, motif=form.cleaned_data["motif"])
    except ErreurMetier as erreur:
        return _decision(request, dossier, "hors_delai", form, obstacles=erreur.obstacles, statut=422)
    fait = "admis : il est à instruire" if dossier.hors_delai_admis else "rejeté"
    messages.success(request, f"Le dossier {dossier.numero} est {fait}. La structure en est informée.")
    return redirect(_adresse(dossier))


def _decision(request, dossier, page, form, *, obstacles=(), statut=200):
    contexte = {"dossier": dossier, "form": form, "obstacles": obstacles, "service": dossier.campagne.service}
    return render(request, f"candidatures/instruction/{page}.html", contexte, status=statut)


@require_safe
def lire(request, numero):
    """The whole dossier to read or print, for whoever may see it; nothing of the instruction shows.

    Its structure does not learn a decision here before it is notified.
    """
    dossier = get_object_or_404(
        Dossier.objects.visibles_par(request.user).avec_contenu().avec_couverture(), numero=numero
    )
    du_porteur = dossier.structure_id in request.user.structures()
    if not du_porteur:
        dossier = tel_que_depose(dossier)
    etat = etat_public(dossier) if du_porteur else Dossier.Etat(dossier.etat)
    contexte = {"dossier": dossier, "etat": etat, "service": dossier.campagne.service}
    return render(request, "candidatures/lecture.html", contexte)
