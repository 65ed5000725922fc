"""Section « plan »: who pays what for each post; the rules are seen while one types."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from aap_portal.comptes.sessions import saisie_a_reprendre
from aap_portal.referentiel.erreurs import ErreurMetier

from ..droits import exiger_redacteur
from ..forms.plan import PlanForm, demander_le_maximum
from ..forms.saisie import lire_saisie
from ..lecture import lire_rubrique
from ..plan import vue
from .acces import dossier_visible
from .enregistrement import annoncer_enregistrement
from .rubriques import page_de_rubrique, suite


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, numero):
    dossier = dossier_visible(request, numero)
    if request.method == "POST":
        return _enregistrer(request, dossier)
    page = page_de_rubrique(request, dossier, "plan")
    if not page["peut_rediger"]:
        return render(
            request,
            "candidatures/plan_lu.html",
            page | {"section": lire_rubrique(dossier, "plan"), "vue": vue(dossier)},
        )
    form = PlanForm(dossier, saisie_a_reprendre(request))
    return _formulaire(request, page, form)


@require_POST
def plan_calcul(request, numero):
    """The plan as typed so far, measured by the same rules as at filing; writes nothing."""
    dossier = dossier_visible(request, numero)
    exiger_redacteur(request.user, dossier)
    form = PlanForm(dossier, request.POST)
    form.appliquer()
    return render(request, "candidatures/_plan_constat.html", {"vue": vue(dossier), "form": form, "hors_page": True})


def _enregistrer(request, dossier):
    exiger_redacteur(request.user, dossier)
    form = PlanForm(dossier, demander_le_maximum(dossier, lire_saisie(request)))
    page = page_de_rubrique(request, dossier, "plan")
    if not form.is_valid():
        return _formulaire(request, page, form, statut=422)
    try:
        form.enregistrer()
    except ErreurMetier as erreur:
        if erreur.codes == ["plus_brouillon"]:
            page |= {"section": lire_rubrique(dossier, "plan"), "vue": vue(dossier), "obstacles": erreur.obstacles}
            return render(request, "candidatures/plan_lu.html", page, status=409)
        return _formulaire(request, page | {"obstacles": erreur.obstacles}, form, statut=409)
    annoncer_enregistrement(request, dossier)
    return redirect(suite(request, dossier, "plan"))


def _formulaire(request, page, form, statut=200):
    if form.is_bound:
        form.appliquer()
    return render(request, "candidatures/plan.html", page | {"form": form, "vue": vue(page["dossier"])}, status=statut)
