from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from ..identifiants import valider_siret


def valider_fuseau(valeur):
    if valeur not in available_timezones():
        raise ValidationError("Ce fuseau horaire n’existe pas (exemple : Indian/Mayotte).", code="fuseau")


class Service(models.Model):
    """The State service in charge of campaigns; Mayotte's is data like any other's."""

    code = models.SlugField("code", max_length=20, unique=True)
    nom = models.CharField("nom", max_length=150)
    entete = models.TextField("en-tête", help_text="Bloc-marque des documents, une ligne par ligne.")
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[valider_siret])
    adresse = models.TextField("adresse postale", blank=True)
    ville = models.CharField("ville de signature", max_length=80)
    courriel = models.EmailField("courriel")
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    fuseau = models.CharField("fuseau horaire", max_length=50, validators=[valider_fuseau])
    fuseau_libelle = models.CharField("nom de l’heure", max_length=50, help_text="Par exemple « heure de Mayotte ».")
    signataire_nom = models.CharField("signataire : prénom et nom", max_length=120)
    signataire_qualite = models.CharField("signataire : qualité", max_length=200)
    autorite = models.CharField("autorité", max_length=120, help_text="Par exemple « le préfet de Mayotte ».")
    delegation = models.CharField("arrêté de délégation", max_length=250, blank=True)
    tribunal = models.CharField("tribunal compétent", max_length=200)
    recours_distance = models.TextField(
        "délais de distance",
        blank=True,
        help_text="Phrase ajoutée aux voies de recours, par exemple celle de l’article R. 421-7 du code de justice administrative.",
    )
    comptable = models.CharField("comptable assignataire", max_length=200, blank=True)

    historique = HistoricalRecords()

    class Meta:
        ordering = ["nom"]

    def __str__(self):
        return self.nom

    @property
    def zone(self):
        return ZoneInfo(self.fuseau)
