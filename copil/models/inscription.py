from django.db import models
from django.db.models import Exists, OuterRef
from simple_history.models import HistoricalRecords

from candidatures.droits import en_conflit
from candidatures.models import Dossier

from .seance import Seance


class InscriptionQuerySet(models.QuerySet):
    def visibles_par(self, personne):
        """The agendas of the sessions that this person sees, less every dossier of theirs in conflict: a déport wins
        over all roles, membership of the candidate structure included (reading 46)."""
        conflits = Dossier.objects.filter(en_conflit(personne))
        return self.filter(seance__in=Seance.objects.visibles_par(personne)).exclude(dossier__in=conflits)

    def a_examiner(self):
        """What the session still has to hear: a withdrawn dossier stays on the agenda, struck out."""
        return self.filter(dossier__etat=Dossier.Etat.INSCRIT)

    def a_noter_par(self, personne):
        """What this person has not finished scoring in the open sessions where they sit."""
        from .evaluation import Evaluation

        finales = Evaluation.objects.filter(
            inscription=OuterRef("pk"), membre__utilisateur=personne, finalisee_le__isnull=False
        )
        return (
            self.visibles_par(personne)
            .a_examiner()
            .filter(
                seance__etat=Seance.Etat.OUVERTE, seance__membres__utilisateur=personne, seance__membres__actif=True
            )
            .exclude(Exists(finales))
        )


class Inscription(models.Model):
    """A dossier on the agenda of a session."""

    seance = models.ForeignKey(Seance, models.PROTECT, related_name="inscriptions", verbose_name="séance")
    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="inscriptions", verbose_name="dossier")
    ordre = models.PositiveSmallIntegerField("ordre")

    objects = InscriptionQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        ordering = ["ordre", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seance", "dossier"],
                name="inscription_unique",
                violation_error_message="Ce dossier est déjà à l’ordre du jour.",
            )
        ]

    def __str__(self):
        return f"{self.dossier} à la séance {self.seance_id}"

    @property
    def est_retiree(self):
        return self.dossier.etat == Dossier.Etat.RETIRE
