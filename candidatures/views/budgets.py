"""The budgets beside their section: live totals, the workbook given out, the filled one taken back."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aap_portal.documents.tableur import reponse_classeur
from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle

from ..classeur_budget import modele_budget
from ..droits import exiger_redacteur
from ..forms.budgets import BudgetsForm
from ..forms.import_budget import ImportForm, apercevoir
from ..rubriques import PAR_CODE
from .acces import contexte, dossier_visible


@require_POST
def budgets_equilibre(request, numero):
    """Totals of what is being typed; writes nothing."""
    dossier = dossier_visible(request, numero)
    exiger_redacteur(request.user, dossier)
    form = BudgetsForm(request.POST, dossier=dossier)
    form.is_valid()
    return render(request, "candidatures/rubriques/_equilibres.html", {"form": form, "hors_page": True})


@require_safe
def budgets_modele(request, numero):
    """The workbook to fill, with what the portal holds already."""
    dossier = dossier_visible(request, numero)
    contenu = modele_budget(dossier, BudgetsForm(dossier=dossier).initial)
    return reponse_classeur(f"budgets-{dossier.numero}", contenu)


@require_http_methods(["GET", "HEAD", "POST"])
def budgets_importer(request, numero):
    """What a filled workbook would change; the section itself writes it, once the person has seen it."""
    dossier = dossier_visible(request, numero)
    exiger_redacteur(request.user, dossier)
    if dossier.ouverture.champs("budgets") is not None:
        raise PermissionDenied("Ce dossier n’est plus un brouillon : ses budgets ne peuvent plus être modifiés.")
    page = contexte(request, dossier) | {"rubrique": PAR_CODE["budgets"], "form": ImportForm()}
    if request.method != "POST":
        return render(request, "candidatures/budgets_importer.html", page)
    form = ImportForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise ErreurMetier([Obstacle("fichier", form.errors["fichier"][0], "id_fichier", "#id_fichier")])
        page["apercu"] = apercevoir(dossier, form.cleaned_data["fichier"])
    except ErreurMetier as erreur:
        return render(request, "candidatures/budgets_importer.html", page | {"obstacles": erreur.obstacles}, status=422)
    return render(request, "candidatures/budgets_apercu.html", page)
