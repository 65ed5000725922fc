"""The missions on which a project may take up a position (AAP 2022, B.2-1): six per métier."""

from django.db import models

from aap_portal.referentiel.models import Metier


class Mission(models.TextChoices):
    COORDINATION = "coordination", "Coordination des facilitateurs à l’échelle régionale"
    DIVERSIFICATION = (
        "diversification",
        "Diversification des secteurs d’activité mobilisés par la commande publique durable",
    )
    ACTEURS_INCLUSIFS_COORDINATION = (
        "c_inclusifs",
        "Mobilisation des acteurs inclusifs du territoire (SIAE, STPA ou équivalents)",
    )
    ZONES_BLANCHES = "zones_blanches", "État des lieux des zones blanches et émergence d’acteurs pour les couvrir"
    COOPERATIONS = "cooperations", "Encouragement des coopérations territoriales infrarégionales"
    VISIBILITE_FORMATION = "visibilite", "Mise en visibilité de l’offre de formation destinée aux bénéficiaires"
    MARCHES_ETAT = (
        "marches_etat",
        "Prise en charge prioritaire des marchés de l’État, de ses établissements et de ses programmes (NPNRU…)",
    )
    ACHETEURS_PUBLICS = "acheteurs_publics", "Accompagnement des autres acheteurs publics du territoire"
    ACHETEURS_PRIVES = "acheteurs_prives", "Le cas échéant, accompagnement des acheteurs privés"
    ACTEURS_INCLUSIFS_FACILITATION = (
        "f_inclusifs",
        "Mobilisation des acteurs inclusifs du territoire (SIAE, STPA ou équivalents)",
    )
    MISE_EN_RELATION = "mise_en_relation", "Mise en relation des acheteurs et du service public de l’emploi"
    PARCOURS = "parcours", "Construction de parcours de qualité avec les structures d’insertion et de formation"


_COORDINATEUR = list(Mission)[:6]
MISSIONS = {Metier.COORDINATEUR: _COORDINATEUR, Metier.FACILITATEUR: list(Mission)[6:]}
