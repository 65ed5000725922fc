from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from aap_portal.comptes.reverification import export_protege
from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.documents.tableur import reponse_tableur
from aap_portal.referentiel.dates import ajouter_mois
from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.models import Dossier
from copil.models import Decision

from .document import postes, tableau_de_financement
from .export import feuille_conventions
from .filtres import ConventionFiltre
from .forms import PreparationForm, SignatureForm
from .models import Convention, Versement
from .preparation import obstacles_a_la_convention

PAR_PAGE = 50
PARTIES = {"structure": "par la structure", "etat": "par l’État"}


@require_GET
def conventions(request):
    filtre = _filtre(request)
    page = Paginator(filtre.qs, PAR_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "conventions/conventions.html",
        {
            "filtre": filtre,
            "page": page,
            "a_preparer": _decisions_a_preparer(request.user),
            "peut_preparer": request.user.est_administrateur,
            "gere": request.user.est_agent,
        },
    )


@require_GET
@export_protege
def conventions_exporter(request):
    if not request.user.est_agent:
        raise PermissionDenied
    trouvees = _filtre(request).qs.filter(pk__in=Convention.objects.gerees_par(request.user))
    return reponse_tableur("conventions", [feuille_conventions(trouvees.prefetch_related("versements"))])


@require_http_methods(["GET", "POST"])
def convention_preparer(request, decision_id):
    decision = _decision_acceptee(request.user, decision_id)
    dossier = Dossier.objects.avec_contenu().get(pk=decision.inscription.dossier_id)
    metiers = {ligne.poste.metier for ligne in dossier.plan.lignes.all() if ligne.est_demandee}
    saisie = request.POST if request.method == "POST" else saisie_a_reprendre(request)
    form = PreparationForm(saisie, metiers=metiers, cibles=_cibles_proposees(dossier), initial=_effet_propose(dossier))
    obstacles, ecart = [], dossier.constat.subvention - decision.montant
    if request.method == "POST" and form.is_valid():
        try:
            convention = Convention.objects.preparer(
                decision, effet_le=form.cleaned_data["effet_le"], cibles=form.cibles(), par=request.user
            )
        except ErreurMetier as erreur:
            obstacles = erreur.obstacles
        else:
            messages.success(request, f"La convention {convention.numero} est préparée. Relisez-la, puis éditez-la.")
            return redirect(convention)
    contexte = {"form": form, "decision": decision, "dossier": dossier, "obstacles": obstacles, "ecart": ecart}
    if not obstacles:
        contexte["empechements"] = obstacles_a_la_convention(decision, dossier)
    return render(request, "conventions/preparer.html", contexte, status=422 if request.method == "POST" else 200)


@require_GET
def convention(request, numero):
    convention = get_object_or_404(Convention.objects.visibles_par(request.user).avec_contenu(), numero=numero)
    return render(request, "conventions/convention.html", _contexte(request, convention))


@require_GET
def convention_avancement(request, numero):
    """Fragment that the page asks for again while the worker renders the document."""
    convention = get_object_or_404(Convention.objects.visibles_par(request.user).avec_contenu(), numero=numero)
    return render(request, "conventions/_document.html", _contexte(request, convention))


@require_POST
def convention_editer(request, numero):
    convention = _convention_administree(request.user, numero)
    try:
        convention.demander_edition()
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, "L’édition est demandée : le document paraît ici dans quelques instants.")
    return redirect(convention)


@require_http_methods(["GET", "POST"])
def convention_signer(request, numero, partie):
    if partie not in PARTIES:
        raise Http404
    convention = _convention_administree(request.user, numero)
    form = SignatureForm(request.POST or None, initial={"le": timezone.now().astimezone(_zone(convention)).date()})
    obstacles = []
    if request.method == "POST" and form.is_valid():
        try:
            convention.enregistrer_signature(partie, le=form.cleaned_data["le"], par=request.user)
        except ErreurMetier as erreur:
            obstacles = erreur.obstacles
        else:
            messages.success(request, f"La signature {PARTIES[partie]} est enregistrée.")
            return redirect(convention)
    contexte = {"form": form, "convention": convention, "partie": PARTIES[partie], "obstacles": obstacles}
    return render(request, "conventions/signer.html", contexte, status=422 if request.method == "POST" else 200)


def _filtre(request):
    visibles = Convention.objects.visibles_par(request.user).avec_page()
    return ConventionFiltre(request.GET, queryset=visibles)


def _decisions_a_preparer(personne):
    """Notified acceptances that have no convention yet, in the services of this agent."""
    return (
        Decision.objects.filter(
            sens=Decision.Sens.ACCEPTE,
            notifiee_le__isnull=False,
            convention=None,
            inscription__dossier__in=Dossier.objects.instruits_par(personne),
        )
        .select_related("inscription__dossier__structure", "inscription__dossier__campagne__service")
        .order_by("notifiee_le")
    )


def _decision_acceptee(personne, decision_id):
    visibles = Dossier.objects.instruits_par(personne)
    decision = get_object_or_404(
        Decision.objects.select_related("inscription__dossier__campagne"),
        pk=decision_id,
        sens=Decision.Sens.ACCEPTE,
        inscription__dossier__in=visibles,
    )
    _exiger_administrateur(personne, decision.inscription.dossier)
    return decision


def _convention_administree(personne, numero):
    convention = get_object_or_404(Convention.objects.visibles_par(personne).avec_contenu(), numero=numero)
    _exiger_administrateur(personne, convention.dossier)
    return convention


def _exiger_administrateur(personne, dossier):
    if dossier.campagne.service_id not in personne.services("administrateur"):
        raise PermissionDenied


def _contexte(request, convention):
    service = convention.dossier.campagne.service
    return {
        "convention": convention,
        "dossier": convention.dossier,
        "service": service,
        "etapes": _etapes(convention),
        "postes": postes(convention),
        "financement": tableau_de_financement(convention),
        "constat": convention.constat,
        "administre": service.pk in request.user.services("administrateur"),
        "journal": convention.journal.select_related("par", "type_objet"),
        "etats_versement": Versement.Etat,
    }


def _etapes(convention):
    """The life of a convention as a stepper; a termination takes the place of what will not happen."""
    Etat = Convention.Etat
    suite = [Etat.PREPAREE, Etat.EDITEE, Etat.SIGNEE, Etat.EN_COURS, Etat.ECHUE, Etat.SOLDEE]
    if convention.etat == Etat.RESILIEE:
        suite = [Etat.PREPAREE, Etat.EDITEE, Etat.RESILIEE]
    rang = suite.index(convention.etat)
    avancements = ["faite" if i < rang else "courante" if i == rang else "a_venir" for i in range(len(suite))]
    return [
        {"libelle": Etat(etat).label, "avancement": avancement}
        for etat, avancement in zip(suite, avancements, strict=True)
    ]


def _cibles_proposees(dossier):
    """Target values that the dossier itself announces."""
    marches = sum(volume.marches_prevus or 0 for volume in dossier.volumes.all())
    heures = sum(volume.heures_prevues or 0 for volume in dossier.volumes.all())
    return {
        "facilitateur_heures_degagees": heures,
        "facilitateur_marches_accompagnes": marches,
        "coordinateur_marches_accompagnes": marches,
    }


def _effet_propose(dossier):
    aujourd_hui = timezone.now().astimezone(dossier.campagne.service.zone).date()
    return {"effet_le": ajouter_mois(aujourd_hui.replace(day=1), 1)}


def _zone(convention):
    return convention.dossier.campagne.service.zone
