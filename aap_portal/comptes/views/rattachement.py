from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aap_portal.comptes.droits import exiger_agent, structures_visibles
from aap_portal.comptes.forms import DroitForm, SiretForm
from aap_portal.comptes.models import DemandeRattachement, Droit, Membre
from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.forms import StructureForm
from aap_portal.referentiel.identifiants import valider_siret
from aap_portal.referentiel.models import Structure


@require_http_methods(["GET", "HEAD", "POST"])
def rattachement(request):
    """Attach oneself to a structure: one that is known is asked, one that is not is created."""
    form = SiretForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _rattacher(request, form.cleaned_data["siret"])
    contexte = {
        "form": form,
        "demandes": request.user.demandes_rattachement.en_attente().select_related("structure"),
        "structures": Structure.objects.filter(pk__in=request.user.structures()),
    }
    return render(request, "comptes/rattachement.html", contexte, status=422 if form.errors else 200)


def _rattacher(request, siret):
    structure = Structure.objects.filter(siret=siret).first()
    if structure is None:
        return redirect("comptes:structure_creer", siret)
    if structure.pk in request.user.droits_par_structure:
        messages.info(request, "Vous êtes déjà membre de cette structure.")
        return redirect("comptes:structure", structure.pk)
    DemandeRattachement.objects.demander(request.user, structure)
    messages.success(request, f"Votre demande est transmise : un signataire de {structure} ou le service y répondra.")
    return redirect("comptes:rattachement")


@require_http_methods(["GET", "HEAD", "POST"])
def structure_creer(request, siret):
    _verifier(siret)
    if Structure.objects.filter(siret=siret).exists():
        messages.info(request, "Cette structure est maintenant connue : demandez à la rejoindre.")
        return redirect("comptes:rattachement")
    saisie = request.POST if request.method == "POST" else saisie_a_reprendre(request)
    form = StructureForm(saisie, instance=Structure(siret=siret))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                structure = form.save()
                Membre.objects.rattacher(request.user, structure, Droit.SIGNATAIRE)
        except IntegrityError:  # described by someone else at the same instant
            return _devenue_connue(request)
        messages.success(request, f"{structure} est enregistrée. Vous en êtes signataire.")
        return redirect("accueil")
    statut = 422 if request.method == "POST" else 200
    return render(request, "comptes/structure_creer.html", {"siret": siret, "form": form}, status=statut)


def _devenue_connue(request):
    messages.info(request, "Cette structure est maintenant connue : demandez à la rejoindre.")
    return redirect("comptes:rattachement")


def _verifier(siret):
    try:
        valider_siret(siret)
    except ValidationError:
        raise Http404 from None


@require_safe
def demandes(request):
    exiger_agent(request.user)
    attente = (
        DemandeRattachement.objects.traitables_par(request.user).en_attente().select_related("utilisateur", "structure")
    )
    contexte = {"demandes": attente, "droits": Droit.choices}
    return render(request, "comptes/demandes.html", contexte)


@require_POST
@reauthentication_required
def demande_accepter(request, pk):
    demande = _demande(request, pk)
    form = DroitForm(request.POST)
    if form.is_valid():
        droit = form.cleaned_data["droit"]
        _repondre(request, lambda: demande.accepter(par=request.user, droit=droit), "La demande est acceptée.")
    return _suite(request, demande)


@require_POST
def demande_refuser(request, pk):
    demande = _demande(request, pk)
    _repondre(request, lambda: demande.refuser(par=request.user), "La demande est refusée.")
    return _suite(request, demande)


def _demande(request, pk):
    visibles = DemandeRattachement.objects.filter(structure__in=structures_visibles(request.user))
    demande = get_object_or_404(visibles.select_related("structure", "utilisateur"), pk=pk)
    if demande.utilisateur == request.user:
        raise PermissionDenied("Personne ne répond à sa propre demande de rattachement.")
    if not DemandeRattachement.objects.traitables_par(request.user).filter(pk=pk).exists():
        raise PermissionDenied("Seul un signataire de la structure peut répondre à cette demande.")
    return demande


def _repondre(request, geste, succes):
    try:
        geste()
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, succes)


def _suite(request, demande):
    """Back to the page where the answer was given: the agents' list or the structure's page."""
    if request.user.est_agent:
        return redirect("comptes:demandes")
    return redirect("comptes:structure", demande.structure_id)
