"""Scoring: the grid beside the dossier."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from aap_portal.referentiel.erreurs import ErreurMetier, Obstacle
from aap_portal.referentiel.formats import nombre
from candidatures.models import Dossier

from ..droits import notes_masquees
from ..forms import EvaluationForm
from ..models import Evaluation, SaisieDepassee
from .acces import inscription_visible, rapporter, saisie

LECTURE = ("GET", "HEAD", "POST")


@require_http_methods(LECTURE)
def evaluer(request, pk, numero):
    """Read a dossier of the agenda and, while the session is open, save one's own scores of it."""
    inscription, membre = _place(request.user, pk, numero)
    if request.method == "POST":
        return _enregistrer(request, inscription, membre, finaliser=False)
    evaluation = _evaluation(inscription, membre)
    form = EvaluationForm(saisie(request), grille=inscription.seance.grille, evaluation=evaluation)
    return _page(request, inscription, evaluation, form)


@require_POST
def evaluation_finaliser(request, pk, numero):
    inscription, membre = _place(request.user, pk, numero)
    return _enregistrer(request, inscription, membre, finaliser=True)


def _place(personne, pk, numero):
    inscription = inscription_visible(personne, pk, numero)
    membre = inscription.seance.membres.filter(utilisateur=personne, actif=True).first()
    if membre is None:
        raise PermissionDenied("Vous ne siégez pas à cette séance : vous ne notez pas ses dossiers.")
    return inscription, membre


def _evaluation(inscription, membre):
    return Evaluation.objects.filter(inscription=inscription, membre=membre).prefetch_related("notes").first()


def _enregistrer(request, inscription, membre, *, finaliser):
    form = EvaluationForm(request.POST, grille=inscription.seance.grille)
    obstacles = []
    if form.is_valid():
        try:
            evaluation = Evaluation.objects.enregistrer(
                inscription,
                membre,
                form.saisie(),
                version=form.cleaned_data["version"] or 0,
                finaliser=finaliser,
            )
        except SaisieDepassee as depassee:
            return _conflit(request, inscription, depassee.evaluation, form)
        except ErreurMetier as erreur:
            obstacles = rapporter(form, erreur.obstacles)
        else:
            return _enregistre(request, inscription, evaluation, finaliser=finaliser)
    else:
        obstacles = _obstacles_de_saisie(form)
    if _veut_json(request):
        return JsonResponse({"phrases": [o.message for o in obstacles]}, status=422)
    return _page(request, inscription, _evaluation(inscription, membre), form, obstacles=obstacles)


def _veut_json(request):
    """The page saves by itself as one types."""
    return request.headers.get("Accept") == "application/json"


def _enregistre(request, inscription, evaluation, *, finaliser):
    if _veut_json(request):
        return JsonResponse({"version": evaluation.version, "total": nombre(evaluation.total.normalize())})
    if not finaliser:
        messages.success(request, "Vos notes sont enregistrées. Elles ne comptent qu’une fois finalisées.")
        return redirect("copil:evaluer", inscription.seance_id, inscription.dossier.numero)
    messages.success(request, f"Vos notes du dossier {inscription.dossier.numero} sont finales.")
    return redirect(inscription.seance)


def _obstacles_de_saisie(form):
    """What can't be read as a score, criterion by criterion."""
    return [
        Obstacle("saisie", f"« {critere.intitule} » : {message}", champ=champ.auto_id)
        for _, lignes in form.blocs()
        for critere, *champs in lignes
        for champ in champs
        for message in champ.errors
    ]


def _conflit(request, inscription, evaluation, form):
    """Both texts side by side: nothing was overwritten, the person says which one stays."""
    if _veut_json(request):
        return JsonResponse(
            {"phrases": ["Vos notes ont changé dans une autre fenêtre : rechargez la page."]}, status=409
        )
    enregistrees = {note.critere_id: note for note in evaluation.notes.all()}
    lignes = [
        (critere, enregistrees.get(critere.pk), note, motif)
        for critere in inscription.seance.grille.criteres
        for note, motif in [form.saisie()[critere.pk]]
    ]
    contexte = {"inscription": inscription, "evaluation": evaluation, "lignes": lignes, "form": form}
    return render(request, "copil/conflit.html", contexte, status=409)


def _page(request, inscription, evaluation, form, *, obstacles=()):
    seance, dossier = inscription.seance, inscription.dossier
    finale = bool(evaluation) and evaluation.est_finale
    contexte = {
        "inscription": inscription,
        "seance": seance,
        "dossier": dossier,
        "service": seance.campagne.service,
        "evaluation": evaluation,
        "form": form,
        "note": seance.est_ouverte and dossier.etat == Dossier.Etat.INSCRIT and not finale,
        "total": evaluation.total if evaluation else 0,
        "notes_masquees": notes_masquees(request.user, seance),
        "obstacles": obstacles,
    }
    return render(request, "copil/evaluer.html", contexte, status=422 if obstacles else 200)
