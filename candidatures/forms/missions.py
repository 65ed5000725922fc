"""Section « missions »: the missions taken up with a position on each, and the volumes of activity by kind of buyer."""

from django import forms

from aap_portal.referentiel.models import Metier
from aap_portal.referentiel.montants import MontantFormField

from ..missions import MISSIONS, Mission
from ..models import VolumeActivite
from .saisie import EntierFormField, RubriqueForm, ajouter_champ, synchroniser

_VOLUMES = {
    "marches_actuels": EntierFormField, "montant_actuel": MontantFormField, "heures_actuelles": EntierFormField,
    "marches_prevus": EntierFormField, "montant_prevu": MontantFormField, "heures_prevues": EntierFormField,
}  # fmt: skip
POSITION_MAX = 2_000
_TITRES = {Metier.COORDINATEUR: "Pour un coordinateur", Metier.FACILITATEUR: "Pour un facilitateur"}


class MissionsForm(RubriqueForm):
    ensembles = {
        "positions": ("position_", "Positions sur les missions"),
        "volumes": ("volumes_", "Volumes d’activité"),
    }

    missions = forms.MultipleChoiceField(
        label="Missions prises par votre projet",
        widget=forms.CheckboxSelectMultiple,
        help_text="Cochez celles que vous prenez, et dites pour chacune comment vous la remplirez.",
    )

    a_lire = ("plan__lignes__poste", "volumes")

    class Meta(RubriqueForm.Meta):
        fields = ["missions"]

    def __init__(self, data=None, *, dossier):
        super().__init__(data, dossier=dossier)
        self.fields["missions"].choices = [
            (_TITRES[metier], [(mission.value, mission.label) for mission in MISSIONS[metier]])
            for metier in _metiers_demandes(dossier)
        ]
        self.initial["missions"] = dossier.missions
        for mission in self._missions:
            self.fields[f"position_{mission}"] = _position(mission)
            self.initial[f"position_{mission}"] = dossier.positions.get(mission, "")
        volumes = {volume.segment: volume for volume in dossier.volumes.all()}
        for segment in VolumeActivite.Segment:
            for champ, classe in _VOLUMES.items():
                libelle = VolumeActivite._meta.get_field(champ).verbose_name
                ajouter_champ(self, f"volumes_{segment}_{champ}", classe, f"{segment.label}, {libelle}")
                self.initial[f"volumes_{segment}_{champ}"] = getattr(volumes.get(segment), champ, None)
        self.marquer(self.initial)

    @property
    def _missions(self):
        return [Mission(code) for _, missions in self.fields["missions"].choices for code, _ in missions]

    @property
    def groupes(self):
        """(title of the métier, its missions): each its box, then the field of the position taken on it."""
        cases = {case.data["value"]: case for case in self["missions"].subwidgets}
        return [
            (titre, [(cases[code], self[f"position_{code}"]) for code, _ in missions])
            for titre, missions in self.fields["missions"].choices
        ]

    @property
    def volumes(self):
        """Rows of the table: a kind of buyer, its fields."""
        return [
            (segment.label, [self[f"volumes_{segment}_{champ}"] for champ in _VOLUMES])
            for segment in VolumeActivite.Segment
        ]

    def valeurs(self):
        """The missions and what is said of each; a position on a mission that is not shown, or not taken, is kept."""
        montrees = {mission.value: self.cleaned_data[f"position_{mission}"].strip() for mission in self._missions}
        toutes = self.instance.positions | montrees
        return super().valeurs() | {"positions": {code: texte for code, texte in toutes.items() if texte}}

    def enregistrer(self, dossier):
        super().enregistrer(dossier)
        voulus = {}
        for segment in VolumeActivite.Segment:
            valeurs = {champ: self.cleaned_data[f"volumes_{segment}_{champ}"] for champ in _VOLUMES}
            if any(valeur is not None for valeur in valeurs.values()):
                voulus[(segment.value,)] = valeurs
        synchroniser(dossier.volumes, ["segment"], voulus)

    def traces(self, dossier, champ):
        segments = [segment for segment in VolumeActivite.Segment if champ.startswith(f"volumes_{segment}_")]
        return [VolumeActivite.historique.filter(dossier=dossier.pk, segment__in=segments)]


def _position(mission):
    champ = forms.CharField(
        label=f"Votre position : {mission.label}",
        required=False,
        max_length=POSITION_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    champ.widget.attrs.pop("maxlength", None)  # a paste must not be cut without a word
    return champ


def _metiers_demandes(dossier):
    """Métiers of the posts asked for; both while there is no post yet."""
    demandes = {ligne.poste.metier for ligne in dossier.plan.lignes.all() if ligne.est_demandee}
    return [metier for metier in Metier if metier in demandes] or list(Metier)
