"""Section « plan »: who pays what for each post; the rules are seen while one types."""

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from aap_portal.comptes.sessions import saisie_a_reprendre, veut_quelques_mots
from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle

from ..droits import exiger_redacteur
from ..forms.plan import PlanForm, demander_le_maximum
from ..forms.saisie import lire_saisie, par_bribes
from ..lecture import lire_rubrique
from ..models import Dossier
from ..plan import vue
from .acces import dossier_a_ecrire, dossier_visible
from .enregistrement import bribes_du_plan, enregistre, refuse
from .rubriques import page_de_rubrique, suite


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request, numero):
    if request.method == "POST":
        return _enregistrer(request, numero)
    dossier = dossier_visible(request, numero)
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


def _enregistrer(request, numero):
    dossier = dossier_a_ecrire(request, numero)
    try:
        with transaction.atomic():
            verrouille = Dossier.objects.en_redaction(dossier.pk, objet="rubrique:plan")
            prefetch_related_objects([verrouille], *PlanForm.a_lire)
            donnees = demander_le_maximum(verrouille, lire_saisie(request))
            form = PlanForm(verrouille, donnees)
            ecrit = form.ecrire(verrouille, donnees, partielle=par_bribes(request))
    except ErreurMetier as erreur:
        return _ferme(request, numero, erreur)
    if not ecrit:
        return _refuse(request, numero, form, donnees)
    if par_bribes(request):
        return JsonResponse(bribes_du_plan(verrouille, form))
    return enregistre(request, verrouille, form, suite(request, dossier, "plan"))


def _ferme(request, numero, erreur):
    if veut_quelques_mots(request):
        return refuse(str(erreur), fin=True)
    dossier = dossier_visible(request, numero)
    page = page_de_rubrique(request, dossier, "plan") | {"obstacles": erreur.obstacles}
    page |= {"section": lire_rubrique(dossier, "plan"), "vue": vue(dossier)}
    return render(request, "candidatures/plan_lu.html", page, status=409)


def _refuse(request, numero, form, donnees):
    if veut_quelques_mots(request):
        return refuse("Une ligne ne peut pas être enregistrée telle quelle.")
    dossier = dossier_visible(request, numero)
    montre = PlanForm(dossier, donnees)
    page = page_de_rubrique(request, dossier, "plan")
    if not form.is_valid():
        return _formulaire(request, page, montre, statut=422)
    montre.croisements, montre.version = form.croisements, form.version
    page["obstacles"] = [Obstacle("nature", _NATURE.format(lue.ligne.poste.intitule)) for lue in form.changees]
    return _formulaire(request, page, montre, statut=409)


_NATURE = "«\u00a0{}\u00a0»\u00a0: la demande a changé de nature depuis l’ouverture de cette page. Rouvrez le plan."


def _formulaire(request, page, form, statut=200):
    if form.is_bound:
        form.appliquer()
    return render(request, "candidatures/plan.html", page | {"form": form, "vue": vue(page["dossier"])}, status=statut)
