"""A dossier received by e-mail, entered by an agent for its structure (AAP 2022, B; reading 5)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from aap_portal.comptes.droits import exiger_agent
from aap_portal.comptes.forms import SiretForm
from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.forms import StructureForm
from aap_portal.referentiel.identifiants import valider_siret
from aap_portal.referentiel.models import Structure

from ..droits import sans_conflit, services_d_agent
from ..forms.reception import ReceptionForm
from ..models import Dossier

LECTURE = ("GET", "HEAD", "POST")


@require_http_methods(LECTURE)
def receptions(request):
    """Those being entered, and the start of another one."""
    exiger_agent(request.user)
    form = SiretForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("candidatures:reception", form.cleaned_data["siret"])
    en_saisie = Dossier.objects.en_saisie().filter(campagne__service__in=services_d_agent(request.user))
    page = {"form": form, "dossiers": sans_conflit(en_saisie, request.user).avec_page().select_related("cree_par")}
    return render(request, "candidatures/instruction/receptions.html", page, status=422 if form.errors else 200)


@require_http_methods(LECTURE)
def reception(request, siret):
    """When it came, for which campaign; and who the structure is, when the portal does not know it."""
    exiger_agent(request.user)
    _verifier(siret)
    structure = Structure.objects.filter(siret=siret).first()
    saisie = request.POST if request.method == "POST" else saisie_a_reprendre(request)
    form = ReceptionForm(saisie, personne=request.user)
    fiche = None if structure else StructureForm(saisie, instance=Structure(siret=siret), avec_banque=False)
    page = {"siret": siret, "structure": structure, "form": form, "fiche": fiche}
    if request.method != "POST":
        return render(request, "candidatures/instruction/reception.html", page)
    obstacles = []
    if form.is_valid() & (fiche is None or fiche.is_valid()):
        try:
            return redirect(_recevoir(structure, fiche, form.cleaned_data, par=request.user))
        except ErreurMetier as erreur:
            obstacles = erreur.obstacles
    return render(request, "candidatures/instruction/reception.html", page | {"obstacles": obstacles}, status=422)


def _recevoir(structure, fiche, donnees, *, par):
    with transaction.atomic():
        structure = structure or fiche.save()
        return Dossier.objects.recevoir(
            campagne=donnees["campagne"], structure=structure, recu_le=donnees["recu_le"], par=par
        )


def _verifier(siret):
    try:
        valider_siret(siret)
    except ValidationError:
        raise Http404 from None
