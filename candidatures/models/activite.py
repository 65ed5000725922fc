from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.montants import EtpField, MontantField
from aap_portal.referentiel.plafonds import ZERO

from .. import cerfa


class LigneBudget(models.Model):
    """The amount of one account, or of one of its detail lines, in one of the two budgets of a dossier."""

    class Budget(models.TextChoices):
        STRUCTURE = "structure", "Budget de la structure"
        PROJET = "projet", "Budget du projet"

    dossier = models.ForeignKey("candidatures.Dossier", models.CASCADE, related_name="lignes_budget")
    budget = models.CharField("budget", max_length=10, choices=Budget)
    compte = models.CharField(
        "compte", max_length=30, choices=[(c.code, f"{c.numero} {c.libelle}".strip()) for c in cerfa.LIGNES]
    )
    montant = MontantField("montant (€)", default=ZERO)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "ligne de budget"
        verbose_name_plural = "lignes de budget"
        ordering = ["budget", "compte"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "budget", "compte"], name="ligne_budget_unique"),
            models.CheckConstraint(
                condition=Q(montant__gte=0),
                name="ligne_budget_positive",
                violation_error_message="Un montant ne peut pas être négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.compte} : {self.montant} €"


class VolumeActivite(models.Model):
    """Marchés followed, now and planned, for one kind of buyer (AAP 2022, Annexe 2); None is a cell left empty."""

    class Segment(models.TextChoices):
        ETAT = "etat", "Marchés de l’État et de ses établissements"
        NPNRU = "npnru", "Programmes de l’État (NPNRU…)"
        PUBLIC_LOCAL = "public_local", "Marchés publics locaux"
        PRIVE = "prive", "Marchés privés"

    dossier = models.ForeignKey("candidatures.Dossier", models.CASCADE, related_name="volumes")
    segment = models.CharField("segment", max_length=20, choices=Segment)
    marches_actuels = models.PositiveIntegerField("marchés suivis aujourd’hui", null=True, blank=True)
    montant_actuel = MontantField("montant suivi aujourd’hui (€ HT)", null=True, blank=True)
    heures_actuelles = models.PositiveIntegerField("heures d’insertion aujourd’hui", null=True, blank=True)
    marches_prevus = models.PositiveIntegerField("marchés visés", null=True, blank=True)
    montant_prevu = MontantField("montant visé (€ HT)", null=True, blank=True)
    heures_prevues = models.PositiveIntegerField("heures d’insertion visées", null=True, blank=True)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "volume d’activité"
        verbose_name_plural = "volumes d’activité"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["dossier", "segment"], name="volume_unique")]

    def __str__(self):
        return f"{self.get_segment_display()} : {self.marches_prevus or 0} marchés"


class ProjectionAnnuelle(models.Model):
    """One year of the three that the grid scores (AAP 2022, Annexe 4; reading 23)."""

    dossier = models.ForeignKey("candidatures.Dossier", models.CASCADE, related_name="projections")
    rang = models.PositiveSmallIntegerField("année", choices=[(1, "1re année"), (2, "2e année"), (3, "3e année")])
    etp = EtpField("ETP", default=ZERO)
    cout = MontantField("coût des postes (€)", default=ZERO)
    subvention = MontantField("subvention de l’AAP (€)", default=ZERO)
    cofinancements = MontantField("autres sources (€)", default=ZERO)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "année de projection"
        verbose_name_plural = "projection sur trois ans"
        ordering = ["rang"]
        constraints = [models.UniqueConstraint(fields=["dossier", "rang"], name="projection_unique")]

    def __str__(self):
        return f"{self.get_rang_display()} : {self.cout} €"

    @property
    def ressources(self):
        return self.subvention + self.cofinancements
