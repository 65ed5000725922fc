from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from aap_portal.fichiers.models import Analyse

from ..pieces import CodePiece


class PieceQuerySet(models.QuerySet):
    def en_vigueur(self):
        return self.filter(retiree_le=None)


class PieceJustificative(models.Model):
    """A piece given for a dossier: a file, a reference where the text accepts one, or « non concerné » declared."""

    dossier = models.ForeignKey("candidatures.Dossier", models.PROTECT, related_name="pieces", verbose_name="dossier")
    code = models.CharField("pièce", max_length=40, choices=CodePiece)
    fichier = models.ForeignKey(
        "fichiers.Fichier", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="fichier"
    )
    reference = models.CharField("référence de publication", max_length=200, blank=True)
    non_concerne = models.BooleanField("non concerné", default=False)
    ajoutee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="ajoutée par"
    )
    ajoutee_le = models.DateTimeField("ajoutée le", auto_now_add=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    objects = PieceQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        verbose_name = "pièce justificative"
        verbose_name_plural = "pièces justificatives"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fichier__isnull=False, reference="", non_concerne=False)
                | (Q(fichier=None, non_concerne=False) & ~Q(reference=""))
                | Q(fichier=None, reference="", non_concerne=True),
                name="piece_une_forme",
                violation_error_message="Donnez un fichier, ou une référence, ou déclarez-vous non concerné.",
            )
        ]

    def __str__(self):
        return self.get_code_display()

    @property
    def est_infectee(self):
        return self.fichier is not None and self.fichier.analyse == Analyse.INFECTE
