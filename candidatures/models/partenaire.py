from django.db import models
from simple_history.models import HistoricalRecords

from aap_portal.referentiel.identifiants import valider_siret


class Partenaire(models.Model):
    """Another structure that carries the project with the chef de file, who alone signs (AAP 2022, C.3; reading 42)."""

    dossier = models.ForeignKey("candidatures.Dossier", models.CASCADE, related_name="partenaires")
    siret = models.CharField("SIRET", max_length=14, validators=[valider_siret])
    denomination = models.CharField("dénomination", max_length=200)
    role = models.TextField("rôle et apport dans le projet")
    contact_nom = models.CharField("personne à contacter", max_length=120, blank=True)
    contact_courriel = models.EmailField("courriel", blank=True)
    contact_telephone = models.CharField("téléphone", max_length=30, blank=True)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "partenaire"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "siret"],
                name="partenaire_unique",
                violation_error_message="Cette structure est déjà partenaire du projet.",
            )
        ]

    def __str__(self):
        return self.denomination

    @property
    def contact(self):
        """Who to reach there, in one line."""
        return ", ".join(filter(None, [self.contact_nom, self.contact_courriel, self.contact_telephone]))
