"""What is allowed but must be seen: gaps that the structure may leave, and that whoever reads the dossier is told.

Nothing here stops a filing; what stops one is in `verification`.
"""

from aap_portal.referentiel.formats import euros
from aap_portal.referentiel.models import Structure

from .budget import ecarts_au_plan, ecarts_de_projection, lire_budgets
from .verification.argent import phrase_baisse


def du_statut(dossier):
    """A status that the text does not cite: its list is open, so somebody decides (AAP 2022, B.1; reading 16)."""
    if dossier.structure.categorie == Structure.Categorie.AUTRE:
        yield (
            "Statut « autre » : le texte cite notamment les associations, collectivités et EPA ; "
            "à apprécier (AAP 2022, B.1)."
        )


def du_plan(dossier):
    """Falls of the present funding of existing posts, with the structure's reason (AAP 2022, B.2-3; reading 15)."""
    for ligne in dossier.plan.lignes.all():
        if ligne.est_demandee:
            continue
        maintien = ligne.maintien(dossier.campagne.annee)
        motif = ligne.motif_baisse.strip()
        raison = f"Raison donnée : « {motif} »" if motif else "Aucune raison n’est donnée."
        for baisse in maintien.a_expliquer:
            compense = baisse.financeur is not None and maintien.total(baisse.annee) is not None
            total = " (le total du poste ne baisse pas)" if compense else ""
            yield f"« {ligne.poste.intitule} » : {phrase_baisse(baisse)}, soit {euros(baisse.montant)} de moins{total}. {raison}"


def des_budgets(dossier):
    """What differs from the plan in the project's budget, and the gaps of the projection (design 3; reading 23)."""
    for budget in lire_budgets(dossier):
        for ecart in ecarts_au_plan(dossier, budget):
            yield ecart.phrase
    yield from ecarts_de_projection(dossier, dossier.projections.all())


def signaler(dossier):
    """(section, sentence) of all that an instructor should look at. `dossier` with its content."""
    yield from (("structure", phrase) for phrase in du_statut(dossier))
    yield from (("plan", phrase) for phrase in du_plan(dossier))
    yield from (("budgets", phrase) for phrase in des_budgets(dossier))
