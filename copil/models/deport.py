from django.conf import settings
from django.db import models, transaction
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.erreurs import ErreurMetier

from .seance import Seance


class DeportQuerySet(models.QuerySet):
    def avec_page(self):
        """What the list shows, `commencee` (a session opened on this dossier) included, in one query."""
        commencees = Seance.objects.commencees().filter(inscriptions__dossier=models.OuterRef("dossier"))
        return self.select_related("dossier__structure", "dossier__campagne__service").annotate(
            commencee=models.Exists(commencees)
        )

    def declarer(self, dossier, personne, *, motif):
        """Take a person off a dossier for good. Their scores go with it in a session that is not closed; those of a
        closed session are kept and count no more (reading 46). Said twice, it is the same declaration."""
        from .evaluation import Evaluation

        with transaction.atomic():
            seances = Seance.objects.select_for_update().filter(inscriptions__dossier=dossier).order_by("pk")
            ouvertes = [seance.pk for seance in seances if not seance.est_close]
            deport, _ = self.get_or_create(dossier=dossier, utilisateur=personne, defaults={"motif": motif})
            Evaluation.objects.filter(
                inscription__dossier=dossier, inscription__seance__in=ouvertes, membre__utilisateur=personne
            ).delete()
        return deport


class Deport(models.Model):
    """A conflict of interest declared by a person on a dossier: from then on the dossier is hidden from them."""

    dossier = models.ForeignKey("candidatures.Dossier", models.PROTECT, related_name="deports", verbose_name="dossier")
    utilisateur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deports", verbose_name="personne"
    )
    motif = models.TextField("motif")
    declare_le = models.DateTimeField("déclaré le", auto_now_add=True)

    objects = DeportQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        verbose_name = "déport"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "utilisateur"],
                name="deport_unique",
                violation_error_message="Ce conflit d’intérêts est déjà déclaré.",
            )
        ]

    def __str__(self):
        return f"{self.utilisateur} : {self.dossier}"

    def retirer(self):
        """The person made a mistake: the dossier is shown to them again. The history keeps both gestures."""
        with transaction.atomic():
            seances = Seance.objects.filter(inscriptions__dossier=self.dossier_id)
            list(seances.select_for_update().order_by("pk"))
            if seances.commencees().exists():
                raise ErreurMetier.simple(
                    "deport_definitif",
                    "Une séance s’est ouverte sur ce dossier : votre déport ne se retire plus.",
                )
            self._history_user = self.utilisateur
            self.delete()
