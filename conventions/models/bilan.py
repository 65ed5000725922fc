from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.models import AvecEtat, Metier


class Bilan(AvecEtat):
    """A report that the convention asks for, with its due date (AAP 2022, B and D.1; readings 33 to 36)."""

    class Nature(models.TextChoices):
        INTERMEDIAIRE = "intermediaire", "Rapport intermédiaire"
        ANNUEL = "annuel", "Rapport annuel"

    class Etat(models.TextChoices):
        ATTENDU = "attendu", "Attendu"
        BROUILLON = "brouillon", "Brouillon"
        REMIS = "remis", "Remis"
        VALIDE = "valide", "Validé"
        A_CORRIGER = "a_corriger", "À corriger"

    TRANSITIONS = {
        Etat.ATTENDU: (Etat.BROUILLON,),
        Etat.BROUILLON: (Etat.REMIS,),
        Etat.REMIS: (Etat.VALIDE, Etat.A_CORRIGER),
        Etat.A_CORRIGER: (Etat.REMIS,),
    }

    convention = models.ForeignKey(
        "conventions.Convention", models.PROTECT, related_name="bilans", verbose_name="convention"
    )
    nature = models.CharField("nature", max_length=20, choices=Nature)
    attendu_le = models.DateField("attendu le")
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.ATTENDU)

    historique = HistoricalRecords()

    class Meta:
        ordering = ["attendu_le"]
        constraints = [models.UniqueConstraint(fields=["convention", "nature"], name="bilan_unique")]

    def __str__(self):
        return f"{self.get_nature_display()} attendu le {self.attendu_le:%d/%m/%Y}"


class IndicateurCible(models.Model):
    """A target value that a convention sets for one indicator of a métier (AAP 2022, D.1)."""

    convention = models.ForeignKey(
        "conventions.Convention", models.CASCADE, related_name="indicateurs", verbose_name="convention"
    )
    code = models.CharField("indicateur", max_length=40)
    metier = models.CharField("métier", max_length=20, choices=Metier)
    cible = models.PositiveIntegerField("valeur cible")

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "indicateur"
        ordering = ["metier", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "code", "metier"], name="indicateur_unique"),
            models.CheckConstraint(condition=Q(cible__gte=0), name="indicateur_positif"),
        ]

    def __str__(self):
        return f"{self.code} : {self.cible}"
