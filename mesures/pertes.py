"""Is every receipt that was shown in the base, whole? And is there no dossier filed by half?

python -m mesures.pertes "groupe" recus.json mesures.json
"""

import hashlib
import json
import sys
from pathlib import Path

import django

from .tableau import Mesure, noter


def recepisses_manquants(recus):
    """Sentences, one for each receipt shown that the base does not hold with its snapshot, or not the same."""
    from candidatures.instantane import empreinte
    from candidatures.models import Depot

    depots = {(depot.dossier.numero, depot.rang): depot for depot in Depot.objects.select_related("dossier")}
    for recu in recus:
        nom = f"{recu['numero']}, dépôt {recu['rang']}"
        depot = depots.get((recu["numero"], recu["rang"]))
        if depot is None:
            yield f"{nom} : absent de la base"
        elif recu["empreintes"] and depot.empreinte not in recu["empreintes"]:
            yield f"{nom} : le récépissé montrait une autre empreinte"
        elif empreinte(depot.instantane) != depot.empreinte:
            yield f"{nom} : l’instantané ne correspond plus à son empreinte"
        elif depot.dossier.etat == "brouillon":
            yield f"{nom} : le dossier est resté un brouillon"


def depots_a_moitie():
    """Sentences: a state without its filing, a filing without its state or done twice, a lost file."""
    from candidatures.models import Depot, Dossier

    for dossier in Dossier.objects.filter(etat="depose", depots=None):
        yield f"{dossier.numero} : déposé sans dépôt"
    for depot in Depot.objects.filter(dossier__etat="brouillon").select_related("dossier"):
        yield f"{depot.dossier.numero} : un dépôt, mais le dossier est un brouillon"
    for depot in Depot.objects.filter(rang__gt=1).select_related("dossier"):
        yield f"{depot.dossier.numero} : déposé deux fois"
    for dossier in Dossier.objects.filter(etat="depose", plan__fige_le=None):
        yield f"{dossier.numero} : déposé sans que son plan soit figé"
    yield from fichiers_perdus()


def fichiers_perdus():
    """Sentences: a row whose file is not there, or not the same bytes."""
    from aap_portal.fichiers.models import Fichier

    for fichier in Fichier.objects.all():
        try:
            contenu = fichier.lire()
        except FileNotFoundError:
            contenu = b""
        if hashlib.sha256(contenu).hexdigest() != fichier.sha256:
            yield f"{fichier.nom} : le contenu n’est plus là, ou a changé"


def mesurer(groupe, recus):
    manquants, moities = list(recepisses_manquants(recus)), list(depots_a_moitie())
    for phrase in [*manquants, *moities][:10]:
        print(phrase, flush=True)
    return [
        Mesure(groupe, "récépissés montrés et absents de la base", len(manquants), cible=0, exigee=True),
        Mesure(groupe, "dépôts faits à moitié", len(moities), cible=0, exigee=True),
    ]


if __name__ == "__main__":
    django.setup()
    noter(sys.argv[3], mesurer(sys.argv[1], json.loads(Path(sys.argv[2]).read_text())))
