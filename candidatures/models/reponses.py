from django.db import models

from aap_portal.referentiel.montants import EtpField, MontantField


class AvecReponses(models.Model):
    """What the structure answers, section by section (AAP 2022, B and annexe 2; Cerfa n°12156*06)."""

    # 1 La structure
    contact_nom = models.CharField("personne chargée de la demande", max_length=120, blank=True)
    contact_courriel = models.EmailField("courriel", blank=True)
    contact_telephone = models.CharField("téléphone", max_length=30, blank=True)
    salaries_etp = EtpField("salariés (ETP)", null=True, blank=True)
    benevoles = models.PositiveIntegerField("bénévoles", null=True, blank=True)
    subventions_publiques = MontantField(
        "subventions publiques reçues en argent sur le dernier exercice clos (€)", null=True, blank=True
    )
    presentation = models.TextField("présentation de la structure et de son activité", blank=True)
    # 2 Le projet
    intitule = models.CharField("intitulé du projet", max_length=200, blank=True)
    diagnostic = models.TextField("diagnostic territorial", blank=True)
    objectifs = models.TextField("objectifs visés", blank=True)
    strategie = models.TextField("stratégie et mise en œuvre", blank=True)
    # 3 Territoire et zones blanches
    implantation = models.TextField("présence et implantation dans le territoire", blank=True)
    reponse_zones_blanches = models.TextField("réponse aux zones blanches", blank=True)
    # 4 Missions et volumes d'activité
    missions = models.JSONField("missions", default=list, blank=True)
    # 9 Attestations
    atteste_exactitude = models.BooleanField("informations exactes et sincères", default=False)
    atteste_obligations = models.BooleanField("à jour des obligations sociales et fiscales", default=False)
    atteste_engagement = models.BooleanField("contrat d’engagement républicain", default=False)
    atteste_maintien = models.BooleanField("maintien des financements existants", default=False)

    class Meta:
        abstract = True
