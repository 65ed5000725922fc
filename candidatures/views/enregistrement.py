"""How a save answers: a page to whoever pressed a button, a few words to the script that saves while one types."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html

from aap_portal.comptes.sessions import veut_quelques_mots
from aap_portal.referentiel.formats import heure

from ..forms.saisie import par_bribes
from ..models import Dossier
from ..rubriques import PAR_CODE
from ..verification import verifier_rubrique

_CITES = 3


def enregistre_a(dossier):
    maintenant = timezone.now().astimezone(dossier.campagne.service.zone)
    return f"Enregistré à {heure(maintenant)}"


def annoncer_enregistrement(request, dossier):
    messages.success(request, f"{enregistre_a(dossier)}.")


def enregistre(request, dossier, form, suite):
    """What was typed is saved: « Enregistré à 14 h 32 », then `suite` for whoever pressed a button."""
    phrase = enregistre_a(dossier)
    if par_bribes(request):
        return JsonResponse(_bribes(phrase, form))
    if form.reprises:
        messages.info(request, _reprises(form))
    annoncer_enregistrement(request, dossier)
    if veut_quelques_mots(request):
        return JsonResponse({"suite": suite, "phrase": f"{phrase}.", "version": form.version_suivante()})
    return redirect(suite)


def refuse(phrase, **suite):
    """Nothing was saved: the page keeps what was typed and says why."""
    return JsonResponse({"phrase": phrase} | suite, status=422)


def ce_qui_refuse(form):
    """What can't be saved as it is, a sentence for each answer."""
    motifs = form.motifs or {champ: liste[0] for champ, liste in form.errors.items()}
    dits = [
        f"«\u00a0{form.fields[champ].label}\u00a0»\u00a0: {m}" if champ in form.fields else m
        for champ, m in motifs.items()
    ]
    return " ".join(dits) or "deux personnes ont écrit au même endroit, enregistrez pour voir les deux textes."


def ce_qui_manque(request, dossier, code):
    """« Enregistrer et continuer » leaves a section that is not complete: what it lacks, with the way back."""
    rubrique = PAR_CODE[code]
    obstacles = verifier_rubrique(Dossier.objects.avec_contenu().get(pk=dossier.pk), code)
    if not obstacles:
        return
    cites = " ".join(obstacle.message for obstacle in obstacles[:_CITES])
    reste = len(obstacles) - _CITES
    suite = f" Et {reste} autre{'s' if reste > 1 else ''} point{'s' if reste > 1 else ''}." if reste > 0 else ""
    messages.info(
        request,
        format_html(
            'Il reste à compléter dans <a href="{}">« {} »</a>\u00a0: {}{}',
            obstacles[0].lien,
            rubrique.titre,
            cites,
            suite,
        ),
    )


def _bribes(phrase, form):
    illisibles = [f"«\u00a0{form.fields[champ].label}\u00a0»\u00a0: {motif}" for champ, motif in form.motifs.items()]
    corps = _quelques_mots(phrase, form, illisibles)
    if form.reprises:
        corps["reprises"] = {champ: form.data.getlist(form.add_prefix(champ)) for champ in form.reprises}
        corps["empreintes"] = form.empreintes_reprises()
    return corps


def bribes_du_plan(dossier, form):
    """The answer to a plan saved while one types; a post that can't be read is left whole."""
    laisses = [
        f"«\u00a0{saisie.ligne.poste.intitule}\u00a0»\u00a0: {erreur}"
        for saisie in form.lignes
        for erreur in saisie.erreurs
    ]
    laisses += [
        f"«\u00a0{lue.ligne.poste.intitule}\u00a0»\u00a0: sa demande a changé de nature, rouvrez le plan."
        for lue in form.changees
    ]
    return _quelques_mots(enregistre_a(dossier), form, laisses)


def _quelques_mots(phrase, form, laisses):
    croises = [
        f"«\u00a0{c.libelle}\u00a0» a aussi été changé par {c.de}\u00a0: enregistrez pour voir les deux textes."
        for c in form.croisements
    ]
    corps = {"phrase": f"{phrase}.", "version": form.version_suivante(), "reste": [*laisses, *croises]}
    return corps | ({"annonce": _reprises(form)} if form.reprises else {})


def _reprises(form):
    """« Objectifs visés » : changé entre-temps par Awa Exemple, le 15 septembre 2022 à 14 h 30."""
    dits = form.dire_reprises()
    noms = ", ".join(f"«\u00a0{libelle}\u00a0»" for libelle, _ in dits)
    return f"{noms}\u00a0: changé entre-temps par {dits[0][1]}. Ce qui y est écrit est gardé."
