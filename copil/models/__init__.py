from .avis import AvisNational
from .decision import Decision, DecisionPoste
from .deport import Deport
from .evaluation import Evaluation, NoteCritere, SaisieDepassee
from .grille import BlocGrille, Critere, Grille
from .inscription import Inscription
from .membre import MembreSeance
from .seance import Seance

__all__ = [
    "AvisNational",
    "BlocGrille",
    "Critere",
    "Decision",
    "DecisionPoste",
    "Deport",
    "Evaluation",
    "Grille",
    "Inscription",
    "MembreSeance",
    "NoteCritere",
    "SaisieDepassee",
    "Seance",
]
