from django.db import models
from django.utils import timezone


class RappelBrouillon(models.Model):
    """A reminder that was sent for a draft: the same one never leaves twice; another closing calls for others.

    Without history: a row is written once.
    """

    dossier = models.ForeignKey("candidatures.Dossier", models.PROTECT, related_name="rappels", verbose_name="dossier")
    cloture_le = models.DateTimeField("clôture annoncée")
    jours = models.PositiveSmallIntegerField("jours avant le dernier jour")
    envoye_le = models.DateTimeField("envoyé le", default=timezone.now)

    class Meta:
        verbose_name = "rappel de brouillon"
        verbose_name_plural = "rappels de brouillon"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "cloture_le", "jours"], name="rappel_brouillon_unique")
        ]

    def __str__(self):
        return f"{self.dossier} : rappel à J-{self.jours}"
