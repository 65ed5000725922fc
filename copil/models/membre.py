from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords


class MembreSeance(models.Model):
    """Someone who sits in a session and scores there."""

    seance = models.ForeignKey("copil.Seance", models.CASCADE, related_name="membres", verbose_name="séance")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="seances", verbose_name="personne"
    )
    actif = models.BooleanField("membre de la séance", default=True)
    present = models.BooleanField("présent", null=True, blank=True)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "membre de séance"
        verbose_name_plural = "membres de séance"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seance", "utilisateur"],
                name="membre_seance_unique",
                violation_error_message="Cette personne est déjà membre de la séance.",
            )
        ]

    def __str__(self):
        return str(self.utilisateur)
