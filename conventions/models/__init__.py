from .bilan import Bilan, IndicateurCible
from .convention import Convention
from .versement import Versement

__all__ = ["Bilan", "Convention", "IndicateurCible", "Versement"]
