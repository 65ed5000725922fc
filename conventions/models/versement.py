from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.models import AvecEtat
from aap_portal.referentiel.montants import MontantField


class Versement(AvecEtat):
    """A payment of a convention: the advance, or the balance (AAP 2022, D.2; readings 31 and 32)."""

    class Nature(models.TextChoices):
        AVANCE = "avance", "Avance"
        SOLDE = "solde", "Solde"

    class Etat(models.TextChoices):
        PREVU = "prevu", "Prévu"
        DU = "du", "Dû"
        SERVICE_FAIT = "service_fait", "Service fait"
        MIS_EN_PAIEMENT = "mis_en_paiement", "Mis en paiement"
        PAYE = "paye", "Payé"

    TRANSITIONS = {
        Etat.PREVU: (Etat.DU,),
        Etat.DU: (Etat.SERVICE_FAIT,),
        Etat.SERVICE_FAIT: (Etat.MIS_EN_PAIEMENT,),
        Etat.MIS_EN_PAIEMENT: (Etat.PAYE,),
    }

    convention = models.ForeignKey(
        "conventions.Convention", models.PROTECT, related_name="versements", verbose_name="convention"
    )
    nature = models.CharField("nature", max_length=10, choices=Nature)
    montant = MontantField("montant (€)")
    etat = models.CharField("état", max_length=20, choices=Etat, default=Etat.PREVU)
    du_le = models.DateField("dû le", null=True, blank=True)
    paye_le = models.DateField("payé le", null=True, blank=True)

    historique = HistoricalRecords()

    class Meta:
        ordering = ["nature"]
        constraints = [
            models.UniqueConstraint(fields=["convention", "nature"], name="versement_unique"),
            models.CheckConstraint(
                condition=Q(montant__gte=0),
                name="versement_positif",
                violation_error_message="Un versement ne peut pas être négatif.",
            ),
        ]

    def __str__(self):
        return f"{self.get_nature_display()} : {self.montant} €"
