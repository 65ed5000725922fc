from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aap_portal.comptes.droits import exiger_redacteur, exiger_signataire, peut_gerer, structures_visibles
from aap_portal.comptes.forms import DroitForm, InvitationMembreForm
from aap_portal.comptes.models import Droit, Invitation, Membre
from aap_portal.comptes.reverification import exiger_mot_de_passe_recent
from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.comptes.suivi import est_examinee
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.forms_fiche import AgrementsFormSet, FicheForm
from aap_portal.referentiel.models import Structure


@require_safe
def structure(request, pk=None):
    """One's structure; without a number, the only one, or the choice between several."""
    if pk is not None:
        objet = get_object_or_404(structures_visibles(request.user), pk=pk)
        return _page(request, objet, InvitationMembreForm(structure=objet))
    siennes = _siennes(request.user)
    if not siennes:
        return redirect("comptes:rattachement")
    if len(siennes) == 1:
        return redirect("comptes:structure", siennes[0].pk)
    droits = request.user.droits_par_structure
    lignes = [(objet, Droit(droits[objet.pk]).label) for objet in siennes]
    return render(request, "comptes/structures.html", {"lignes": lignes})


@require_http_methods(["GET", "HEAD", "POST"])
def structure_modifier(request, pk):
    objet = get_object_or_404(structures_visibles(request.user), pk=pk)
    exiger_redacteur(request.user, pk)
    saisie = request.POST if request.method == "POST" else saisie_a_reprendre(request)
    form = FicheForm(saisie, instance=objet, avec_banque=peut_gerer(request.user, pk), statut_fige=est_examinee(objet))
    agrements = AgrementsFormSet(_lignes(saisie), instance=objet) if objet.est_association else None
    envoyes = agrements is not None and agrements.is_bound
    if request.method == "POST" and form.is_valid() and (not envoyes or agrements.is_valid()):
        if form.change_la_banque:
            exiger_mot_de_passe_recent(request)
        with transaction.atomic():
            form.save()
            if envoyes:
                agrements.save()
        messages.success(request, "Les informations de la structure sont enregistrées.")
        return redirect("comptes:structure", pk)
    statut = 422 if request.method == "POST" else 200
    contexte = {"structure": objet, "form": form, "agrements": agrements}
    return render(request, "comptes/structure_modifier.html", contexte, status=statut)


def _lignes(saisie):
    """The typing of a table, when the page that was sent had it."""
    return saisie if saisie and "agrements-TOTAL_FORMS" in saisie else None


@require_POST
@reauthentication_required
def membre_inviter(request, pk):
    objet = get_object_or_404(structures_visibles(request.user), pk=pk)
    exiger_signataire(request.user, pk)
    form = InvitationMembreForm(request.POST, structure=objet)
    if not form.is_valid():
        return _page(request, objet, form, status=422)
    invitation, _ = Invitation.objects.inviter(par=request.user, structure=objet, **form.cleaned_data)
    messages.success(request, f"L’invitation est envoyée à {invitation.courriel}.")
    return redirect("comptes:structure", pk)


@require_POST
@reauthentication_required
def membre_changer_droit(request, pk):
    membre = _membre(request, pk)
    form = DroitForm(request.POST)
    if form.is_valid():
        _faire(request, lambda: membre.changer_droit(form.cleaned_data["droit"]), "Le droit est changé.")
    return redirect("comptes:structure", membre.structure_id)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def membre_retirer(request, pk):
    """A signataire takes someone out; anybody may leave. What follows is said before."""
    membre = _membre(request, pk, soi_meme=True)
    part = membre.utilisateur == request.user
    if request.method != "POST":
        return render(request, "comptes/membre_retirer.html", {"membre": membre, "part": part})
    succes = f"{membre.utilisateur} n’est plus membre de la structure."
    if part:
        succes = f"Vous n’êtes plus membre de {membre.structure}."
    fait = _faire(request, lambda: membre.retirer(par=request.user), succes)
    return redirect("accueil") if part and fait else redirect("comptes:structure", membre.structure_id)


@require_POST
def invitation_membre_annuler(request, pk):
    visibles = Invitation.objects.en_cours().filter(structure__in=structures_visibles(request.user))
    invitation = get_object_or_404(visibles, pk=pk)
    exiger_signataire(request.user, invitation.structure_id)
    invitation.annuler()
    messages.success(request, f"L’invitation de {invitation.courriel} est annulée.")
    return redirect("comptes:structure", invitation.structure_id)


def _membre(request, pk, *, soi_meme=False):
    """An active member whom this person may change; oneself too when `soi_meme`."""
    visibles = Membre.objects.filter(actif=True, structure__in=structures_visibles(request.user))
    membre = get_object_or_404(visibles.select_related("utilisateur", "structure"), pk=pk)
    if not (soi_meme and membre.utilisateur_id == request.user.pk):
        exiger_signataire(request.user, membre.structure_id)
    return membre


def _faire(request, geste, succes):
    try:
        geste()
    except ErreurMetier as erreur:
        messages.error(request, str(erreur))
        return False
    messages.success(request, succes)
    return True


def _page(request, objet, form, status=200):
    membres = list(
        objet.membres.filter(actif=True).select_related("utilisateur").order_by("utilisateur__last_name", "pk")
    )
    signataires = [m for m in membres if m.droit == Droit.SIGNATAIRE and m.utilisateur.is_active]
    contexte = {
        "structure": objet,
        "siennes": _siennes(request.user) if len(request.user.droits_par_structure) > 1 else [],
        "membres": membres,
        "seul_signataire": signataires[0] if len(signataires) == 1 else None,
        "demandes": objet.demandes_rattachement.en_attente().select_related("utilisateur"),
        "invitations": objet.invitations.en_cours().select_related("invite_par"),
        "droits": Droit.choices,
        "peut_gerer": peut_gerer(request.user, objet.pk),
        "peut_modifier": request.user.droits_par_structure.get(objet.pk) in {Droit.REDACTEUR, Droit.SIGNATAIRE},
        "form": form,
    }
    return render(request, "comptes/structure.html", contexte, status=status)


def _siennes(personne):
    return Structure.objects.filter(pk__in=personne.structures())
