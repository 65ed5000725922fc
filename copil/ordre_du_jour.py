"""The agenda as one person sees it: the dossiers not hidden from them, and how far their own scores are."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q

from candidatures.models import Dossier

from .deports import personnes_en_deport
from .models import AvisNational, Evaluation, Inscription


@dataclass(frozen=True)
class LigneOrdreDuJour:
    inscription: Inscription
    evaluation: Evaluation | None
    avis_national: AvisNational | None
    deports: int

    @property
    def dossier(self):
        return self.inscription.dossier

    @property
    def demande(self):
        return self.dossier.constat.subvention


def lignes_de_l_ordre_du_jour(seance, personne) -> list:
    inscriptions = list(
        Inscription.objects.visibles_par(personne)
        .filter(seance=seance)
        .prefetch_related(Prefetch("dossier", queryset=Dossier.objects.avec_demande().select_related("avis_national")))
    )
    evaluations = {evaluation.inscription_id: evaluation for evaluation in _evaluations(seance, personne)}
    deports = personnes_en_deport([inscription.dossier for inscription in inscriptions])
    membres = set(seance.membres.filter(actif=True).values_list("utilisateur", flat=True))
    return [
        LigneOrdreDuJour(
            inscription,
            evaluations.get(inscription.pk),
            getattr(inscription.dossier, "avis_national", None),
            len(deports[inscription.dossier_id] & membres),
        )
        for inscription in inscriptions
    ]


def _evaluations(seance, personne):
    return Evaluation.objects.filter(inscription__seance=seance, membre__utilisateur=personne).annotate(
        combien=Count("notes", filter=Q(notes__note__isnull=False))
    )
