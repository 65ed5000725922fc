"""The life of a dossier as steps: what is done, where it stands, what comes next."""

from aap_portal.referentiel.formats import jour

from .models import Dossier

_CHEMIN = [
    (Dossier.Etat.DEPOSE, "Déposé"),
    (Dossier.Etat.RECEVABLE, "Recevable"),
    (Dossier.Etat.INSCRIT, "Inscrit au COPIL"),
    (Dossier.Etat.EXAMINE, "Examiné"),
    (Dossier.Etat.ACCEPTE, "Décision"),
]
_DECISIONS = {Dossier.Etat.ACCEPTE, Dossier.Etat.REFUSE, Dossier.Etat.AJOURNE}
_IMPASSES = {Dossier.Etat.IRRECEVABLE, Dossier.Etat.RETIRE}


def etapes(dossier, journal):
    """Steps for the component « étapes », with the day and the author of those that are done."""
    derniers = {ligne.vers: ligne for ligne in journal if ligne.de != ligne.vers}
    if dossier.depose_le:
        derniers.setdefault(Dossier.Etat.DEPOSE, None)
    chemin = list(_CHEMIN)
    if dossier.etat in _IMPASSES:
        chemin = [(etat, libelle) for etat, libelle in chemin if etat in derniers]
        chemin.append((dossier.etat, dossier.get_etat_display()))
    elif dossier.etat in _DECISIONS:
        chemin[-1] = (dossier.etat, dossier.get_etat_display())
    ici = next((rang for rang, (etat, _) in enumerate(chemin) if etat == dossier.etat), -1)
    fini = dossier.etat in _IMPASSES | _DECISIONS - {Dossier.Etat.AJOURNE}
    return [
        {
            "libelle": libelle,
            "avancement": "faite" if rang < ici or (rang == ici and fini) else "courante" if rang == ici else "a_venir",
            "detail": _detail(dossier, etat, derniers.get(etat)) if rang <= ici else "",
        }
        for rang, (etat, libelle) in enumerate(chemin)
    ]


def _detail(dossier, etat, ligne):
    le = ligne.le if ligne else dossier.depose_le if etat == Dossier.Etat.DEPOSE else None
    if le is None:
        return ""
    texte = jour(le.astimezone(dossier.campagne.service.zone))
    return f"{texte}, {ligne.par}" if ligne and ligne.par else texte
