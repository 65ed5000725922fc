"""The shared model: every other room of the portal builds on these rows and none redefines them."""

from .campagne import Campagne, PlafondCategorie
from .compteur import Compteur
from .journal import AvecEtat, JournalEtat
from .poste import FinancementPoste, LignePoste, Metier, Nature, PlanFinancement, PosteETP, Source
from .service import Service
from .structure import Agrement, Structure
from .territoire import Commune, ZoneBlanche

__all__ = [
    "Agrement",
    "AvecEtat",
    "Campagne",
    "Commune",
    "Compteur",
    "FinancementPoste",
    "JournalEtat",
    "LignePoste",
    "Metier",
    "Nature",
    "PlafondCategorie",
    "PlanFinancement",
    "PosteETP",
    "Service",
    "Source",
    "Structure",
    "ZoneBlanche",
]
