from .activite import LigneBudget, ProjectionAnnuelle, VolumeActivite
from .depot import Depot
from .dossier import Dossier
from .instruction import ControleDossier
from .partenaire import Partenaire
from .piece import PieceJustificative

__all__ = [
    "ControleDossier",
    "Depot",
    "Dossier",
    "LigneBudget",
    "Partenaire",
    "PieceJustificative",
    "ProjectionAnnuelle",
    "VolumeActivite",
]
