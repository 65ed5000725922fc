from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from .poste import PosteETP


class CommuneQuerySet(models.QuerySet):
    def avec_couverture(self):
        """Each commune with its open white zone (`zones_ouvertes`) and the posts at work there (`postes_en_place`)."""
        en_place = PosteETP.objects.en_place(timezone.localdate()).select_related("structure")
        return self.avec_zones().prefetch_related(Prefetch("postes", queryset=en_place, to_attr="postes_en_place"))

    def avec_zones(self):
        """Each commune with its open white zone, if any: `zones_ouvertes` then asks nothing more."""
        ouvertes = ZoneBlanche.objects.ouvertes().select_related("poste__structure")
        return self.prefetch_related(Prefetch("zones_blanches", queryset=ouvertes))


class Commune(models.Model):
    service = models.ForeignKey("referentiel.Service", models.PROTECT, related_name="communes", verbose_name="service")
    code_insee = models.CharField("code Insee", max_length=5, unique=True)
    nom = models.CharField("nom", max_length=100)
    epci_siren = models.CharField("SIREN de l’EPCI", max_length=9, blank=True)
    epci_nom = models.CharField("EPCI", max_length=120, blank=True)
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    annee_population = models.PositiveSmallIntegerField("année de la population", null=True, blank=True)
    latitude = models.DecimalField("latitude", max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField("longitude", max_digits=7, decimal_places=4, null=True, blank=True)

    objects = CommuneQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        ordering = ["nom"]

    def __str__(self):
        return self.nom

    @property
    def zones_ouvertes(self):
        return [zone for zone in self.zones_blanches.all() if zone.levee_le is None]


class ZoneBlancheQuerySet(models.QuerySet):
    def ouvertes(self):
        return self.filter(levee_le=None)


class ZoneBlanche(models.Model):
    """Why a commune is white, since when and on what evidence (AAP 2022, B.1; reading 41)."""

    class Motif(models.TextChoices):
        NON_COUVERTE = "non_couverte", "Non couverte"
        EXTENSION = "extension", "Couverte par extension d’un facilitateur limitrophe"
        CAPACITE = "capacite", "Capacité insuffisante au regard des besoins"

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="zones_blanches", verbose_name="commune")
    motif = models.CharField("motif", max_length=20, choices=Motif)
    constatee_le = models.DateField("constatée le")
    constat = models.TextField("constat", help_text="Ce qui a été observé : marchés non suivis, source, date.")
    levee_le = models.DateField("levée le", null=True, blank=True)
    poste = models.ForeignKey(
        "referentiel.PosteETP",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="zones_levees",
        verbose_name="poste qui met fin à la zone blanche",
    )

    objects = ZoneBlancheQuerySet.as_manager()
    historique = HistoricalRecords()

    class Meta:
        ordering = ["commune__nom", "-constatee_le"]
        constraints = [
            models.UniqueConstraint(
                fields=["commune"],
                condition=Q(levee_le=None),
                name="zone_blanche_une_ouverte",
                violation_error_message="Cette commune a déjà une zone blanche ouverte : levez-la d’abord.",
            ),
            models.CheckConstraint(
                condition=Q(levee_le=None) | Q(levee_le__gte=F("constatee_le")),
                name="zone_blanche_dates",
                violation_error_message="La zone blanche ne peut pas être levée avant d’avoir été constatée.",
            ),
        ]

    def __str__(self):
        return f"{self.commune} : {self.get_motif_display()}"
