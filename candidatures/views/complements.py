"""A request for complements as both sides read it, its answer, and what an answer changed."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from aap_portal.comptes.models import Droit, Membre
from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle

from ..comparaison import comparer
from ..complements import bilan, rubriques_ouvertes
from ..droits import exiger_redacteur, exiger_signataire, peut_dialoguer, peut_saisir
from ..forms.complements import ReponseForm
from ..forms.saisie import lire_saisie
from ..models import DemandeComplement, Depot
from .acces import contexte, dossier_visible


@require_http_methods(["GET", "HEAD", "POST"])
def complement(request, numero, rang):
    """What is asked, what is answered, what is not; the structure answers from here."""
    dossier, demande = _demande(request, numero, rang)
    if request.method == "POST":
        return _recevoir(request, dossier, demande)
    return _page(request, dossier, demande, _formulaire(dossier, demande, saisie_a_reprendre(request)))


def _recevoir(request, dossier, demande):
    exiger_redacteur(request.user, dossier)
    envoi = "envoyer" in request.POST
    if envoi:
        exiger_signataire(request.user, dossier)
    form = _formulaire(dossier, demande, lire_saisie(request))
    if not form.is_valid():
        return _refus(request, dossier, demande, form)
    try:
        if envoi:
            depot = Depot.objects.repondre(
                demande,
                par=request.user,
                cle=form.cleaned_data["cle"],
                reponses=form.reponses,
                manques_admis=form.cleaned_data.get("manques_admis", False),
            )
            return redirect("candidatures:recepisse", dossier.numero, depot.rang)
        demande.repondre_par_ecrit(form.reponses, par=request.user)
    except ErreurMetier as erreur:
        dossier, demande = _demande(request, dossier.numero, demande.rang)
        return _page(request, dossier, demande, form, obstacles=erreur.obstacles, statut=422)
    messages.success(request, "Vos réponses sont enregistrées. Elles ne sont pas encore envoyées au service.")
    return redirect(demande)


def _refus(request, dossier, demande, form):
    """An unreadable key asks for another; the other errors stand at their fields."""
    obstacles = [Obstacle("cle", erreur) for erreur in form.errors.get("cle", [])]
    if obstacles:
        form.errors.pop("cle")
        form.data["cle"] = str(uuid.uuid4())
    return _page(request, dossier, demande, form, obstacles=obstacles, statut=422)


def _demande(request, numero, rang):
    """The request, for the structure and for the agents who instruct the dossier."""
    dossier = dossier_visible(request, numero)
    _exiger_partie(request, dossier)
    demande = next((demande for demande in dossier.demandes_lues if demande.rang == rang), None)
    if demande is None:
        raise Http404
    return dossier, demande


def _exiger_partie(request, dossier):
    if not peut_dialoguer(request.user, dossier):
        raise PermissionDenied("Les échanges avec la structure se lisent dans la structure et dans le service.")


def _est_de_la_structure(request, dossier):
    return dossier.structure_id in request.user.structures()


def _formulaire(dossier, demande, saisie=None):
    """The box is offered whatever lacks now: it is read only when something does."""
    return ReponseForm(saisie, initial={"cle": uuid.uuid4()}, demande=demande, avec_manques=not demande.au_depot)


def _page(request, dossier, demande, form, *, obstacles=(), statut=200):
    page = contexte(request, dossier) | {"demande": demande, "obstacles": obstacles}
    if demande.est_ouverte and (_est_de_la_structure(request, dossier) or peut_saisir(request.user, dossier)):
        etat = bilan(dossier, demande)
        signataires = Membre.objects.filter(structure=dossier.structure, droit=Droit.SIGNATAIRE, actif=True)
        page |= {
            "form": form,
            "bilan": etat,
            "lignes": [(suivi, form.champ_de(suivi.point)) for suivi in etat.points],
            "rubriques": rubriques_ouvertes(dossier),
            "signataires": signataires.select_related("utilisateur"),
        }
        return render(request, "candidatures/complement_repondre.html", page, status=statut)
    page["est_agent"] = not _est_de_la_structure(request, dossier)
    return render(request, "candidatures/complement.html", page, status=statut)


@require_safe
def comparaison(request, numero, rang):
    """What a filing changed since the one before it."""
    dossier = dossier_visible(request, numero)
    _exiger_partie(request, dossier)
    depots = {depot.rang: depot for depot in Depot.objects.filter(dossier=dossier, rang__in=[rang - 1, rang])}
    if len(depots) < 2:
        raise Http404
    avant, apres = depots[rang - 1], depots[rang]
    page = contexte(request, dossier) | {
        "avant": avant,
        "apres": apres,
        "sections": comparer(avant.instantane, apres.instantane),
        "demande": DemandeComplement.objects.filter(depot=apres).prefetch_related("points").first(),
        "est_agent": not _est_de_la_structure(request, dossier),
    }
    return render(request, "candidatures/comparaison.html", page)
