"""What stops a session from being closed: scores still due, or a dossier that nobody has scored."""

from aap_portal.referentiel.erreurs import Obstacle

from .deports import personnes_en_deport
from .models import Evaluation


def reste_a_finaliser(seance) -> dict:
    """{member: number of dossiers whose scores are not final}, for the members who still have some to give."""
    inscriptions, membres, deports, finales = _situation(seance)
    restes = {}
    for membre in membres:
        attendues = [
            inscription
            for inscription in inscriptions
            if membre.utilisateur_id not in deports[inscription.dossier_id]
            and (inscription.pk, membre.pk) not in finales
        ]
        if attendues:
            restes[membre] = len(attendues)
    return restes


def obstacles_a_la_cloture(seance, absents) -> list:
    """Every reason not to close, `absents` being the ids of the members noted absent. The session is locked."""
    obstacles = [
        Obstacle(
            "notes_attendues",
            f"{membre} n’a pas finalisé ses notes pour {combien} dossier{'s' if combien > 1 else ''} : "
            "attendez, ou notez cette personne absente.",
            champ=f"absent-{membre.pk}",
        )
        for membre, combien in reste_a_finaliser(seance).items()
        if membre.pk not in absents
    ]
    return obstacles or _dossiers_sans_note(seance, absents)


def _dossiers_sans_note(seance, absents):
    inscriptions, membres, deports, finales = _situation(seance)
    presents = [membre for membre in membres if membre.pk not in absents]
    return [
        Obstacle(
            "sans_note",
            f"Le dossier n° {inscription.ordre} de l’ordre du jour n’a aucune note qui compte : "
            "faites-le noter, ou retirez-le de l’ordre du jour.",
        )
        for inscription in inscriptions
        if not any(
            (inscription.pk, membre.pk) in finales and membre.utilisateur_id not in deports[inscription.dossier_id]
            for membre in presents
        )
    ]


def _situation(seance):
    inscriptions = list(seance.inscriptions.a_examiner().select_related("dossier"))
    membres = list(seance.membres.filter(actif=True).select_related("utilisateur"))
    deports = personnes_en_deport([inscription.dossier for inscription in inscriptions])
    finales = set(Evaluation.objects.finales().filter(inscription__seance=seance).values_list("inscription", "membre"))
    return inscriptions, membres, deports, finales
