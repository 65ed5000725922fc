"""Who must not score what: the declared conflicts, and whoever belongs to the candidate structure (reading 46)."""

from collections import defaultdict

from aap_portal.comptes.models import Membre

from .models import Deport


def personnes_en_deport(dossiers) -> dict:
    """{dossier id: ids of the people who must not see it}, in two queries."""
    deports = defaultdict(set)
    structures = defaultdict(list)
    for dossier in dossiers:
        structures[dossier.structure_id].append(dossier.pk)
    for dossier_id, personne_id in Deport.objects.filter(dossier__in=dossiers).values_list("dossier", "utilisateur"):
        deports[dossier_id].add(personne_id)
    membres = Membre.objects.filter(structure__in=structures, actif=True).values_list("structure", "utilisateur")
    for structure_id, personne_id in membres:
        for dossier_id in structures[structure_id]:
            deports[dossier_id].add(personne_id)
    return deports
