"""The room: one screen for the ranking of a session, readable from the back."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aap_portal.comptes.reverification import export_protege
from aap_portal.documents.tableur import reponse_tableur
from aap_portal.referentiel.models import Commune

from .. import enveloppe
from ..cibles import cibles_etp
from ..classement import credits_de_la_seance, deports_de, evaluations_de, synthese_de, tableau
from ..droits import notes_masquees
from ..export import feuille_classement
from .acces import gere, inscription_visible, seance_visible


@require_safe
def salle(request, pk):
    seance = _seance_revelee(request.user, pk)
    campagne = seance.campagne
    lignes = tableau(seance, request.user)
    contexte = {
        "seance": seance,
        "campagne": campagne,
        "service": campagne.service,
        "lignes": lignes,
        "caches": seance.inscriptions.count() - len(lignes),
        "reserve": enveloppe.reserve(campagne),
        "reste": enveloppe.reste(campagne),
        "credits": credits_de_la_seance(seance, lignes),
        "cibles": cibles_etp(campagne),
        "gere": gere(request.user, campagne.service_id),
    }
    return render(request, "copil/salle.html", contexte)


@require_safe
@export_protege
def salle_tableur(request, pk):
    """The ranking as it is on screen for this person."""
    seance = _seance_revelee(request.user, pk)
    jour = seance.tenue_le.astimezone(seance.campagne.service.zone).date()
    return reponse_tableur(f"classement-{jour}", [feuille_classement(seance, tableau(seance, request.user))])


@require_safe
def salle_dossier(request, pk, numero):
    """One row opened: each criterion by member, with the reasons, and the white zones that the dossier would cover."""
    seance = _seance_revelee(request.user, pk)
    inscription = inscription_visible(request.user, pk, numero)
    evaluations = evaluations_de(inscription)
    contexte = {
        "seance": seance,
        "inscription": inscription,
        "dossier": inscription.dossier,
        "service": seance.campagne.service,
        "evaluations": evaluations,
        "blocs": _criteres_par_membre(inscription.seance.grille, evaluations),
        "zones": _zones(inscription.dossier),
        "synthese": synthese_de(inscription),
        "deports": deports_de(inscription),
        "decision": getattr(inscription, "decision", None),
        "gere": gere(request.user, seance.campagne.service_id),
    }
    return render(request, "copil/salle_dossier.html", contexte)


def _seance_revelee(personne, pk):
    """The session, for whoever has no score left to finalise in it."""
    seance = seance_visible(personne, pk)
    if notes_masquees(personne, seance):
        raise PermissionDenied(
            "Il vous reste des dossiers à noter dans cette séance : les notes des autres membres vous seront montrées "
            "quand les vôtres seront toutes finales."
        )
    return seance


def _criteres_par_membre(grille, evaluations):
    """[(block, [(criterion, [(member, score)])])], members in the order of `evaluations`."""
    notes = [
        (evaluation.membre, {note.critere_id: note for note in evaluation.notes.all()}) for evaluation in evaluations
    ]
    return [
        (
            bloc,
            [
                (critere, [(membre, par_critere.get(critere.pk)) for membre, par_critere in notes])
                for critere in bloc.criteres.all()
            ],
        )
        for bloc in grille.blocs.all()
    ]


def _zones(dossier):
    """The open white zones that the dossier would cover, each with who works there already (reading 41)."""
    communes = Commune.objects.filter(pk__in=[commune.pk for commune in dossier.communes]).avec_couverture()
    zones = []
    for commune in communes:
        for zone in commune.zones_ouvertes:
            zone.commune = commune
            zones.append(zone)
    return zones
