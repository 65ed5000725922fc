from .fichier import Analyse, Fichier, FichierQuerySet, Telechargement
from .televersement import Televersement, TropDEnvois

__all__ = ["Analyse", "Fichier", "FichierQuerySet", "Telechargement", "Televersement", "TropDEnvois"]
