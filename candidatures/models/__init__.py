from .activite import LigneBudget, ProjectionAnnuelle, VolumeActivite
from .depot import Depot
from .dossier import Dossier
from .instruction import ControleDossier
from .piece import PieceJustificative

__all__ = [
    "ControleDossier",
    "Depot",
    "Dossier",
    "LigneBudget",
    "PieceJustificative",
    "ProjectionAnnuelle",
    "VolumeActivite",
]
