from .fichier import LISIBLES, Analyse, Apercu, Fichier, FichierQuerySet, Telechargement
from .televersement import Televersement, TropDEnvois

__all__ = [
    "LISIBLES",
    "Analyse",
    "Apercu",
    "Fichier",
    "FichierQuerySet",
    "Telechargement",
    "Televersement",
    "TropDEnvois",
]
