from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier


class PartageBrouillonQuerySet(models.QuerySet):
    def ouverts(self):
        return self.filter(ferme_le=None)

    def ouvrir(self, dossier, *, par):
        """Let the service read this draft, to help (AAP 2022, C.3); asked twice, it is done once."""
        from .dossier import Dossier

        with transaction.atomic():
            if not Dossier.objects.select_for_update().get(pk=dossier.pk).est_brouillon:
                raise ErreurMetier.simple(
                    "plus_brouillon", "Ce dossier n’est plus un brouillon\u00a0: il ne se partage plus."
                )
            return self.ouverts().filter(dossier=dossier).first() or self.create(dossier=dossier, ouvert_par=par)

    def fermer(self, dossier, *, par):
        """Take the leave to read back; asked twice, it is done once."""
        with transaction.atomic():
            for partage in self.select_for_update().filter(dossier=dossier, ferme_le=None):
                partage.ferme_le, partage.ferme_par = timezone.now(), par
                partage.save()


class PartageBrouillon(models.Model):
    """A time during which the structure lets its service read a draft: who opened it, who closed it."""

    dossier = models.ForeignKey("candidatures.Dossier", models.PROTECT, related_name="partages", verbose_name="dossier")
    ouvert_le = models.DateTimeField("ouvert le", default=timezone.now)
    ouvert_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="ouvert par"
    )
    ferme_le = models.DateTimeField("fermé le", null=True, blank=True)
    ferme_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fermé par"
    )

    objects = PartageBrouillonQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        verbose_name = "partage de brouillon"
        verbose_name_plural = "partages de brouillon"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["dossier"], condition=Q(ferme_le=None), name="partage_un_ouvert"),
            models.CheckConstraint(
                condition=Q(ferme_le=None, ferme_par=None) | Q(ferme_le__isnull=False, ferme_par__isnull=False),
                name="partage_ferme_par_quelqu_un",
            ),
        ]

    def __str__(self):
        return f"{self.dossier} : partagé par {self.ouvert_par}"
