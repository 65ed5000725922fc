"""What is read of the missions taken up, with the position on each, and of the volumes of activity."""

from aap_portal.referentiel.formats import euros, nombre

from ..missions import Mission
from ..models import VolumeActivite
from .elements import NON_RENSEIGNE, Cellule, Reponse, Tableau, majuscule

_VOLUMES = {
    "marches_actuels": nombre, "montant_actuel": euros, "heures_actuelles": nombre,
    "marches_prevus": nombre, "montant_prevu": euros, "heures_prevues": nombre,
}  # fmt: skip


def missions(dossier):
    prises = [Mission(code) for code in dossier.missions if code in Mission]
    reponses = [
        Reponse(mission.label, dossier.positions.get(mission, "") or "Mission prise.", longue=True)
        for mission in prises
    ]
    return reponses or [Reponse("Missions prises", NON_RENSEIGNE)], _volumes(dossier)


def _volumes(dossier):
    lignes = tuple(
        (
            Cellule(volume.get_segment_display()),
            *(Cellule(forme(getattr(volume, nom)), nombre=True) for nom, forme in _VOLUMES.items()),
        )
        for volume in dossier.volumes.all()
    )
    titres = [VolumeActivite._meta.get_field(nom).verbose_name for nom in _VOLUMES]
    colonnes = (("Marchés", False), *((majuscule(titre), True) for titre in titres))
    return [Tableau("Volumes d’activité", colonnes, lignes)] if lignes else []
