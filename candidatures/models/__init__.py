from .activite import LigneBudget, ProjectionAnnuelle, VolumeActivite
from .complement import DemandeComplement, PointComplement
from .copie import CopieDossier
from .depot import Depot
from .dossier import Dossier
from .instruction import ControleDossier
from .message import Cote, Message
from .partage import PartageBrouillon
from .partenaire import Partenaire
from .piece import PieceJustificative
from .rappel import RappelBrouillon

__all__ = [
    "ControleDossier",
    "CopieDossier",
    "Cote",
    "DemandeComplement",
    "Depot",
    "Dossier",
    "LigneBudget",
    "Message",
    "PartageBrouillon",
    "Partenaire",
    "PieceJustificative",
    "PointComplement",
    "ProjectionAnnuelle",
    "RappelBrouillon",
    "VolumeActivite",
]
