from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

ABANDON = timedelta(minutes=30)


class CopieDossier(models.Model):
    """The whole dossier as one document, made once for a given content, kept with its sha256."""

    class Format(models.TextChoices):
        PDF = "pdf", "Un seul document PDF"
        ZIP = "zip", "Une archive ZIP"

    dossier = models.ForeignKey("candidatures.Dossier", models.PROTECT, related_name="copies", verbose_name="dossier")
    format = models.CharField("format", max_length=5, choices=Format)
    empreinte = models.CharField("empreinte sha256 du contenu", max_length=64)
    fichier = models.ForeignKey(
        "fichiers.Fichier", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fichier"
    )
    demandee_le = models.DateTimeField("demandée le", default=timezone.now)
    demandee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="demandée par"
    )
    prete_le = models.DateTimeField("prête le", null=True, blank=True)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "copie d’un dossier"
        verbose_name_plural = "copies de dossiers"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["dossier", "format", "empreinte"], name="copie_dossier_unique")]

    def __str__(self):
        return f"{self.dossier} : {self.get_format_display().lower()}"

    @property
    def est_prete(self):
        return self.fichier_id is not None

    @property
    def est_en_panne(self):
        """Asked for long ago and still not there: it may be asked again."""
        return not self.est_prete and timezone.now() - self.demandee_le > ABANDON
