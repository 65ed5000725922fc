"""Reference data of a service, as files: a folder with `service.json` and `communes.csv`."""

import csv
import json
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from ..models import Commune, Service

DOSSIER = Path(__file__).parent


def charger_service(nom):
    """Create the service of a folder and its communes, or bring its communes up to date; the service's own page wins.

    Returns the service. Raises FileNotFoundError when there is no such folder.
    """
    dossier = DOSSIER / nom
    champs = json.loads((dossier / "service.json").read_text(encoding="utf-8"))
    with transaction.atomic(), (dossier / "communes.csv").open(encoding="utf-8", newline="") as fichier:
        service, _ = Service.objects.get_or_create(code=champs.pop("code"), defaults=champs)
        for ligne in csv.DictReader(fichier):
            Commune.objects.update_or_create(code_insee=ligne["code_insee"], defaults=_commune(service, ligne))
    return service


def _commune(service, ligne):
    return {
        "service": service,
        "nom": ligne["nom"],
        "epci_siren": ligne["epci_siren"],
        "epci_nom": ligne["epci_nom"],
        "population": int(ligne["population"]),
        "annee_population": int(ligne["annee_population"]),
        "latitude": Decimal(ligne["lat"]),
        "longitude": Decimal(ligne["lon"]),
    }
