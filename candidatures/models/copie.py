from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

ABANDON = timedelta(minutes=10)


class CopieDossierQuerySet(models.QuerySet):
    def lisibles_par(self, personne):
        """All of one's own structures'; of the others that one may see, those of a filed content only.

        What was asked of a draft, or while an answer was being prepared, may hold what was never sent.
        """
        from .complement import DemandeComplement
        from .depot import Depot
        from .dossier import Dossier

        faite_le = OuterRef("demandee_le")
        depots = Depot.objects.filter(dossier=OuterRef("dossier"), depose_le__lte=faite_le)
        en_cours = DemandeComplement.objects.filter(
            Q(terminee_le=None) | Q(terminee_le__gt=faite_le), dossier=OuterRef("dossier"), envoyee_le__lte=faite_le
        )
        visibles = Dossier.objects.visibles_par(personne).values("pk")
        siennes = Q(dossier__structure__in=personne.structures())
        return self.filter(siennes | Q(Exists(depots), ~Exists(en_cours)), dossier__in=visibles)

    def oublier_ce_qui_porte(self, fichier):
        """The copies of a dossier that held this file are no longer given: they are made again without it."""
        from .piece import PieceJustificative

        dossiers = PieceJustificative.objects.filter(fichier=fichier).values("dossier")
        self.filter(dossier__in=dossiers).update(fichier=None, prete_le=None)

    def demander(self, dossier, format, *, par):
        """The copy of this content, asked for once: made already, on its way, or put in the queue again after a failure.

        `dossier` with its content.
        """
        from ..copie.contenu import empreinte_du_contenu

        with transaction.atomic():
            copie, nouvelle = self.get_or_create(
                dossier=dossier, format=format, empreinte=empreinte_du_contenu(dossier), defaults={"demandee_par": par}
            )
            if copie.est_en_panne or (copie.est_prete and not self.lisibles_par(par).filter(pk=copie.pk).exists()):
                reprise = {"demandee_le": timezone.now(), "fichier": None, "prete_le": None}
                nouvelle = self.filter(pk=copie.pk, demandee_le=copie.demandee_le).update(**reprise)
            if nouvelle:
                copie._produire_apres_validation()
        return copie

    def etats(self, dossier, personne):
        """For each format, of what this person may read: (format, the copy of the present content, the last one before)."""
        from ..copie.contenu import empreinte_du_contenu

        empreinte, copies = empreinte_du_contenu(dossier), self.filter(dossier=dossier).select_related("fichier")
        copies = list(copies.filter(Q(fichier=None) | Q(pk__in=self.lisibles_par(personne).values("pk"))))
        for format in CopieDossier.Format:
            du_format = [copie for copie in copies if copie.format == format]
            actuelle = next((copie for copie in du_format if copie.empreinte == empreinte), None)
            anterieures = [copie for copie in du_format if copie.est_prete and copie is not actuelle]
            yield format, actuelle, max(anterieures, key=lambda copie: copie.prete_le, default=None)


class CopieDossier(models.Model):
    """The whole dossier as one document, made once for a given content, kept with its sha256."""

    class Format(models.TextChoices):
        PDF = "pdf", "Un seul document PDF"
        ZIP = "zip", "Une archive ZIP"
        CERFA = "cerfa", "Demande conforme au Cerfa, en PDF"
        XLSX = "xlsx", "Demande conforme au Cerfa, en XLSX"

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

    objects = CopieDossierQuerySet.as_manager()
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

    def remplacer(self, dossier):
        """The content changed before it was made: ask for the new one in its place."""
        with transaction.atomic():
            self.delete()
            type(self).objects.demander(dossier, self.format, par=self.demandee_par)

    def _produire_apres_validation(self):
        from ..copie.taches import produire_copie

        transaction.on_commit(partial(produire_copie.enqueue, self.pk))
