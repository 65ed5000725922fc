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
    site_web = models.URLField("site web", blank=True)
    recepisse_prefecture = models.CharField("numéro de récépissé en préfecture", max_length=30, blank=True)
    categorie = models.CharField("statut juridique", max_length=20, choices=Categorie)
    categorie_juridique = models.CharField("catégorie juridique (Insee)", max_length=4, blank=True)
    situation = models.CharField("situation", max_length=20, choices=Situation)
    adresse = models.CharField("adresse du siège", max_length=250)
    code_postal = models.CharField("code postal", max_length=5)
    ville = models.CharField("commune du siège", max_length=100)
    correspondance_adresse = models.CharField("adresse de correspondance", max_length=250, blank=True)
    correspondance_code_postal = models.CharField("code postal de correspondance", max_length=5, blank=True)
    correspondance_ville = models.CharField("commune de correspondance", max_length=100, blank=True)
    representant_prenom = models.CharField("prénom du représentant légal", max_length=80)
    representant_nom = models.CharField("nom du représentant légal", max_length=80)
    representant_qualite = models.CharField("qualité du représentant légal", max_length=120)
    representant_telephone = models.CharField("téléphone du représentant légal", max_length=30, blank=True)
    representant_courriel = models.EmailField("courriel du représentant légal", blank=True)
    courriel = models.EmailField("courriel de la structure")
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    utilite_publique = models.BooleanField("reconnue d’utilité publique", default=False)
    utilite_publique_le = models.DateField(
        "publication au Journal officiel de la reconnaissance", null=True, blank=True
    )
    assujettie_impots = models.BooleanField("assujettie aux impôts commerciaux", null=True, blank=True)
    reseaux = models.CharField("réseau, union ou fédération", max_length=300, blank=True)
    adherents_personnes_morales = models.TextField("adhérents personnes morales", blank=True)
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
    def correspondance(self):
        """Where to write when it is not the seat; empty otherwise (Cerfa n°12156*06, part 1)."""
        commune = f"{self.correspondance_code_postal} {self.correspondance_ville}".strip()
        return ", ".join(filter(None, [self.correspondance_adresse, commune]))

    @property
    def iban_masque(self):
        return masquer_iban(self.iban)


class Agrement(models.Model):
    """An administrative approval that a structure holds (Cerfa n°12156*06, part 2)."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="agrements", verbose_name="structure")
    type = models.CharField("type d’agrément", max_length=200)
    attribue_par = models.CharField("attribué par", max_length=200, blank=True)
    attribue_le = models.DateField("en date du", null=True, blank=True)

    historique = HistoricalRecords()

    class Meta:
        verbose_name = "agrément"
        ordering = ["pk"]

    def __str__(self):
        return self.type
