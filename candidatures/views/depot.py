"""Check, review, file, keep the receipt."""

import uuid

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from aap_portal.comptes.models import Droit, Membre
from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle

from .. import verification
from ..droits import exiger_signataire
from ..forms.depot import DepotForm
from ..lecture import lire
from ..models import Depot
from ..recepisse import Recepisse
from ..resume import resumer
from .acces import contexte, dossier_visible


@require_safe
def verifier(request, numero):
    """Every rule that is not kept and every piece that is missing, each with a link to its place."""
    dossier = dossier_visible(request, numero)
    page = contexte(request, dossier) | {"resume": resumer(dossier)}
    if dossier.est_brouillon:
        page["periode"] = list(
            verification.obstacles_de_periode(dossier.campagne, le=dossier.recu_le or timezone.now())
        )
    return render(request, "candidatures/verifier.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def deposer(request, numero):
    """The whole dossier to read again and, for a draft, its filing."""
    dossier = dossier_visible(request, numero)
    if request.method != "POST":
        return _relecture(request, dossier, DepotForm(initial={"cle": uuid.uuid4()}, avec_manques=_a_admettre(dossier)))
    exiger_signataire(request.user, dossier)
    form = DepotForm(request.POST, avec_manques=_a_admettre(dossier))
    if not form.is_valid():
        neuf = DepotForm(initial={"cle": uuid.uuid4()}, avec_manques=_a_admettre(dossier))
        return _relecture(request, dossier, neuf, [Obstacle("cle", form.errors["cle"][0])])
    try:
        depot = Depot.objects.deposer(
            dossier,
            par=request.user,
            cle=form.cleaned_data["cle"],
            manques_admis=form.cleaned_data.get("manques_admis", False),
        )
    except ErreurMetier as erreur:
        return _relecture(request, dossier, form, erreur.obstacles)
    return redirect("candidatures:recepisse", dossier.numero, depot.rang)


@require_safe
def recepisse(request, numero, rang):
    dossier = dossier_visible(request, numero)
    depot = get_object_or_404(Depot.objects.select_related("par", "recepisse"), dossier=dossier, rang=rang)
    page = contexte(request, dossier) | {"depot": depot, "recepisse": Recepisse(depot, dossier)}
    return render(request, "candidatures/recepisse.html", page)


def _a_admettre(dossier):
    return dossier.est_brouillon and bool(dossier.pieces_manquantes)


def _relecture(request, dossier, form, obstacles=()):
    maintenant = timezone.now()
    signataires = Membre.objects.filter(structure=dossier.structure, droit=Droit.SIGNATAIRE, actif=True)
    page = contexte(request, dossier) | {
        "form": form,
        "obstacles": obstacles,
        "sections": lire(dossier),
        "resume": resumer(dossier),
        "signataires": signataires.select_related("utilisateur"),
        "a_deposer": dossier.est_brouillon,
        "en_retard": dossier.est_brouillon and (dossier.recu_le or maintenant) >= dossier.campagne.cloture_le,
    }
    return render(request, "candidatures/relecture.html", page, status=422 if obstacles else 200)
