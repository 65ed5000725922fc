"""The four ETP targets of a campaign beside what is granted: shown, never a refusal (AAP 2022, C.2; reading 47)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from aap_portal.referentiel.models import Metier, Nature
from aap_portal.referentiel.plafonds import ZERO

from .models import Decision, DecisionPoste


@dataclass(frozen=True)
class Cible:
    libelle: str
    accorde: Decimal
    cible: Decimal | None


def cibles_etp(campagne) -> list:
    """Granted and target ETP, by métier; a rise of quota makes new ETP, as a création does."""
    accordes = dict.fromkeys([(cree, metier) for cree in (True, False) for metier in Metier], ZERO)
    sommes = (
        DecisionPoste.objects.filter(
            decision__sens=Decision.Sens.ACCEPTE, decision__inscription__dossier__campagne=campagne
        )
        .values_list("ligne__nature", "ligne__poste__metier")
        .annotate(somme=Sum("etp"))
        .order_by()
    )
    for nature, metier, somme in sommes:
        accordes[nature != Nature.CONSOLIDATION, metier] += somme
    return [
        Cible(
            f"{Metier(metier).label}s, {'création' if cree else 'consolidation'}",
            accordes[cree, metier],
            getattr(campagne, f"cible_{'creation' if cree else 'consolidation'}_{metier}"),
        )
        for cree, metier in accordes
    ]
