from itertools import groupby
from operator import attrgetter

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from aap_portal.comptes.droits import exiger_agent, services_administres, services_consultes
from aap_portal.comptes.forms import InvitationAgentForm
from aap_portal.comptes.models import Habilitation, Invitation
from aap_portal.referentiel.erreurs import ErreurMetier


@require_safe
def equipe(request):
    """Agents and COPIL members of one's services; only an administrateur changes anything."""
    exiger_agent(request.user)
    return _page(request, InvitationAgentForm(services=services_administres(request.user)))


@require_POST
@reauthentication_required
def agent_inviter(request):
    exiger_agent(request.user)
    services = services_administres(request.user)
    if not services:
        raise PermissionDenied("Seul un administrateur invite une personne dans l’équipe.")
    form = InvitationAgentForm(request.POST, services=services)
    if not form.is_valid():
        return _page(request, form, status=422)
    invitation, _ = Invitation.objects.inviter(par=request.user, **form.cleaned_data)
    messages.success(request, f"L’invitation est envoyée à {invitation.courriel}.")
    return redirect("comptes:equipe")


@require_POST
@reauthentication_required
def habilitation_desactiver(request, pk):
    exiger_agent(request.user)
    visibles = Habilitation.objects.filter(actif=True, service__in=services_consultes(request.user))
    habilitation = get_object_or_404(visibles.select_related("utilisateur", "service"), pk=pk)
    _exiger_administrateur(request.user, habilitation.service_id)
    try:
        habilitation.desactiver()
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
    else:
        messages.success(request, f"{habilitation.utilisateur} n’a plus ce rôle.")
    return redirect("comptes:equipe")


@require_POST
def invitation_agent_annuler(request, pk):
    exiger_agent(request.user)
    visibles = Invitation.objects.en_cours().filter(service__in=services_consultes(request.user))
    invitation = get_object_or_404(visibles, pk=pk)
    _exiger_administrateur(request.user, invitation.service_id)
    invitation.annuler()
    messages.success(request, f"L’invitation de {invitation.courriel} est annulée.")
    return redirect("comptes:equipe")


def _exiger_administrateur(personne, service_id):
    if not services_administres(personne).filter(pk=service_id).exists():
        raise PermissionDenied("Seul un administrateur du service peut faire ce geste.")


def _page(request, form, status=200):
    services = services_consultes(request.user)
    invitations = Invitation.objects.en_cours().filter(service__in=services)
    contexte = {
        "services": list(_personnes_par_service(services)),
        "invitations": invitations.select_related("service", "invite_par"),
        "administres": set(services_administres(request.user).values_list("pk", flat=True)),
        "form": form,
    }
    return render(request, "comptes/equipe.html", contexte, status=status)


def _personnes_par_service(services):
    """(service, [(person, their roles)]) for each service that has people, all in one query."""
    habilitations = Habilitation.objects.filter(service__in=services, actif=True)
    ordonnees = habilitations.select_related("utilisateur", "service").order_by(
        "service__nom", "service", "utilisateur__last_name", "utilisateur__first_name", "utilisateur", "role"
    )
    for service, du_service in groupby(ordonnees, key=attrgetter("service")):
        yield service, [(qui, list(roles)) for qui, roles in groupby(du_service, key=attrgetter("utilisateur"))]
