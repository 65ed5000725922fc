from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from ..identifiants import masquer_iban, valider_iban, valider_rna, valider_siret


class Structure(models.Model):
    """An applicant body. It owns its dossiers; the people who work for it come and go."""

    class Categorie(models.TextChoices):
        ASSOCIATION = "association", "Association"
        COLLECTIVITE = "collectivite", "Collectivité territoriale"
        EPCI = "epci", "Établissement public de coopération intercommunale (EPCI)"
        EPA = "epa", "Établissement public administratif (EPA)"
        AUTRE = "autre", "Autre statut"

    class Situation(models.TextChoices):
        EXISTANTE = "existante", "Porte déjà un poste de facilitateur ou de coordinateur"
        EMERGENTE = "emergente", "Émergente : ne porte encore aucun de ces postes"

    siret = models.CharField("SIRET", max_length=14, unique=True, validators=[valider_siret])
    rna = models.CharField("numéro RNA", max_length=10, blank=True, validators=[valider_rna])
    denomination = models.CharField("dénomination", max_length=200)
    sigle = models.CharField("sigle", max_length=30, blank=True)
    categorie = models.CharField("statut juridique", max_length=20, choices=Categorie)
    categorie_juridique = models.CharField("catégorie juridique (Insee)", max_length=4, blank=True)
    situation = models.CharField("situation", max_length=20, choices=Situation)
    adresse = models.CharField("adresse du siège", max_length=250)
    code_postal = models.CharField("code postal", max_length=5)
    ville = models.CharField("commune du siège", max_length=100)
    representant_prenom = models.CharField("prénom du représentant légal", max_length=80)
    representant_nom = models.CharField("nom du représentant légal", max_length=80)
    representant_qualite = models.CharField("qualité du représentant légal", max_length=120)
    courriel = models.EmailField("courriel de la structure")
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True, validators=[valider_iban])
    bic = models.CharField("BIC", max_length=11, blank=True)

    historique = HistoricalRecords()

    class Meta:
        ordering = ["denomination"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rna="") | Q(categorie="association"),
                name="structure_rna_association",
                violation_error_message="Seule une association a un numéro RNA.",
            )
        ]

    def __str__(self):
        return self.denomination

    @property
    def est_association(self):
        return self.categorie == self.Categorie.ASSOCIATION

    @property
    def est_collectivite(self):
        return self.categorie == self.Categorie.COLLECTIVITE

    @property
    def est_emergente(self):
        return self.situation == self.Situation.EMERGENTE

    @property
    def representant(self):
        return f"{self.representant_prenom} {self.representant_nom}"

    @property
    def iban_masque(self):
        return masquer_iban(self.iban)
