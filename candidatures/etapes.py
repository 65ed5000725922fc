"""Where a filed dossier is, as its structure is told: a decision is not said before it is notified."""

from .models import Dossier

Etat = Dossier.Etat
_DECIDES = {Etat.ACCEPTE, Etat.REFUSE, Etat.AJOURNE}
_RANGS = {
    Etat.DEPOSE: 1, Etat.IRRECEVABLE: 1, Etat.RECEVABLE: 2, Etat.INSCRIT: 2, Etat.EXAMINE: 3,
    Etat.ACCEPTE: 4, Etat.REFUSE: 4, Etat.AJOURNE: 4,
}  # fmt: skip
_notifications = []


def declarer_notification(fonction):
    """`fonction(dossiers)` gives the ids of those whose present decision is notified; the COPIL's room declares it."""
    _notifications.append(fonction)
    return fonction


def notifies(dossiers):
    """Ids of the decided dossiers whose structure knows the decision, in a constant number of queries."""
    decides = [dossier.pk for dossier in dossiers if dossier.etat in _DECIDES]
    if not decides:
        return set()
    return set().union(*(fonction(decides) for fonction in _notifications))


def etat_public(dossier, connus=None):
    """The state to show to the structure: « Examiné » until the decision is notified."""
    if connus is None:
        connus = notifies([dossier])
    secret = dossier.etat in _DECIDES and dossier.pk not in connus
    return Etat.EXAMINE if secret else Etat(dossier.etat)


def etapes(dossier):
    """Steps of the component `_etapes.html`: done, present, to come."""
    etat = etat_public(dossier)
    if etat == Etat.RETIRE:
        return []
    noms = [
        ("Dépôt", "Dossier déposé"),
        ("Recevabilité", _RECEVABILITE.get(etat, "Le service vérifie les pièces et les règles")),
        ("Examen par le COPIL", "Chaque membre note le dossier"),
        ("Décision", etat.label if etat in _DECIDES else "Elle vous est notifiée"),
    ]
    rang = _RANGS[etat]
    return [
        {"libelle": libelle, "detail": detail, "avancement": _avancement(indice, rang)}
        for indice, (libelle, detail) in enumerate(noms)
    ]


_RECEVABILITE = {Etat.IRRECEVABLE: "Déclaré irrecevable"} | dict.fromkeys(
    [Etat.RECEVABLE, Etat.INSCRIT, Etat.EXAMINE, *_DECIDES], "Déclaré recevable"
)


def _avancement(indice, rang):
    return "faite" if indice < rang else "courante" if indice == rang else "a_venir"
