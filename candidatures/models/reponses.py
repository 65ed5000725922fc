from django.db import models

from aap_portal.referentiel.montants import EtpField, MontantField


class Frequence(models.TextChoices):
    """Nature of the request, Cerfa n°12156*06, page 1; its other three answers are the same for the whole call."""

    PREMIERE = "premiere", "Première demande"
    RENOUVELLEMENT = "renouvellement", "Renouvellement ou poursuite"


class QualiteSignataire(models.TextChoices):
    REPRESENTANT = "representant", "Le représentant légal de la structure"
    MANDATAIRE = "mandataire", "Une personne qui a reçu pouvoir du représentant légal"


class AidesPubliques(models.TextChoices):
    """Public aid over three exercices, as the Cerfa n°12156*06 has it attested."""

    JUSQU_A_500_000 = "jusqu_a", "Inférieur ou égal à 500\u202f000\u00a0€"
    PLUS_DE_500_000 = "plus_de", "Supérieur à 500\u202f000\u00a0€"


MOYENS_HUMAINS = (
    "benevoles", "volontaires", "salaries", "emplois_aides", "salaries_etp", "mis_a_disposition", "adherentes", "adherents",
)  # fmt: skip


class AvecReponses(models.Model):
    """What the structure answers, section by section (AAP 2022, B and annexe 2; Cerfa n°12156*06).

    What does not change from one request to the next is on the structure, never here.
    """

    # 1 La structure
    contact_nom = models.CharField("personne chargée de la demande", max_length=120, blank=True)
    contact_fonction = models.CharField("fonction de la personne chargée de la demande", max_length=120, blank=True)
    contact_courriel = models.EmailField("courriel", blank=True)
    contact_telephone = models.CharField("téléphone", max_length=30, blank=True)
    presentation = models.TextField("présentation de la structure et de son activité", blank=True)
    benevoles = models.PositiveIntegerField("bénévoles", null=True, blank=True)
    volontaires = models.PositiveIntegerField("volontaires", null=True, blank=True)
    salaries = models.PositiveIntegerField("salariés", null=True, blank=True)
    emplois_aides = models.PositiveIntegerField("salariés en emploi aidé", null=True, blank=True)
    salaries_etp = EtpField("salariés (ETP)", null=True, blank=True)
    mis_a_disposition = models.PositiveIntegerField(
        "personnels mis à disposition ou détachés par une autorité publique", null=True, blank=True
    )
    adherentes = models.PositiveIntegerField("adhérentes (femmes)", null=True, blank=True)
    adherents = models.PositiveIntegerField("adhérents (hommes)", null=True, blank=True)
    subventions_publiques = MontantField(
        "subventions publiques reçues en argent sur le dernier exercice clos (€)", null=True, blank=True
    )
    # 2 Le projet
    frequence = models.CharField("fréquence de la demande", max_length=20, choices=Frequence, blank=True)
    intitule = models.CharField("intitulé du projet", max_length=200, blank=True)
    diagnostic = models.TextField("diagnostic territorial", blank=True)
    objectifs = models.TextField("objectifs visés", blank=True)
    strategie = models.TextField("stratégie et mise en œuvre", blank=True)
    beneficiaires = models.TextField("bénéficiaires", blank=True)
    quartiers = models.CharField("quartiers prioritaires concernés", max_length=300, blank=True)
    moyens = models.TextField("moyens matériels et humains", blank=True)
    realisation_debut_le = models.DateField("début de la réalisation", null=True, blank=True)
    realisation_fin_le = models.DateField("fin de la réalisation", null=True, blank=True)
    indicateurs = models.TextField("indicateurs et méthode d’évaluation", blank=True)
    informations_complementaires = models.TextField("informations complémentaires", blank=True)
    # 3 Territoire et zones blanches
    implantation = models.TextField("présence et implantation dans le territoire", blank=True)
    reponse_zones_blanches = models.TextField("réponse aux zones blanches", blank=True)
    # 4 Missions et volumes d'activité
    missions = models.JSONField("missions", default=list, blank=True)
    positions = models.JSONField("positions sur les missions", default=dict, blank=True)
    # 9 Attestations
    atteste_exactitude = models.BooleanField("informations exactes et sincères", default=False)
    atteste_obligations = models.BooleanField("à jour des obligations sociales et fiscales", default=False)
    atteste_engagement = models.BooleanField("contrat d’engagement républicain", default=False)
    atteste_charte = models.BooleanField("charte des engagements réciproques", default=False)
    atteste_maintien = models.BooleanField("maintien des financements existants", default=False)
    atteste_compte = models.BooleanField("versement au compte bancaire de la structure", default=False)
    aides_publiques = models.CharField(
        "aides publiques des trois derniers exercices", max_length=20, choices=AidesPubliques, blank=True
    )
    qualite_signataire = models.CharField(
        "personne qui engage la structure", max_length=20, choices=QualiteSignataire, blank=True
    )
    mandataire_nom = models.CharField("nom de la personne mandatée", max_length=120, blank=True)
    mandataire_fonction = models.CharField("fonction de la personne mandatée", max_length=120, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def champs_reponses(cls):
        """Names of all the answers: what a snapshot keeps and what a next request may start from."""
        return [champ.name for champ in AvecReponses._meta.local_fields]

    @property
    def est_signe_par_mandat(self):
        return self.qualite_signataire == QualiteSignataire.MANDATAIRE
