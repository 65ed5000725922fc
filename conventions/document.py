"""What the convention's document says, gathered from the rows: nothing is typed for it."""

from aap_portal.documents.lettres import montant_en_lettres
from aap_portal.referentiel.models import Source
from aap_portal.referentiel.plafonds import ZERO
from candidatures.missions import Mission
from candidatures.models import VolumeActivite

from .indicateurs import PAR_CLE

_PRODUITS_DU_PLAN = [source for source in Source if source != Source.AAP]


def contexte_convention(convention):
    """Context of `documents/convention.html`; `convention` comes with `avec_contenu()`."""
    dossier, constat = convention.dossier, convention.constat
    campagne, structure = dossier.campagne, dossier.structure
    return {
        "convention": convention,
        "dossier": dossier,
        "campagne": campagne,
        "service": campagne.service,
        "structure": structure,
        "reference": convention.numero,
        "signataire_structure": f"{structure.representant}, {structure.representant_qualite.lower()}",
        "montant_lettres": montant_en_lettres(convention.montant),
        "avance_lettres": montant_en_lettres(convention.avance.montant),
        "solde_lettres": montant_en_lettres(convention.solde.montant),
        "taux": constat.taux_subvention,
        "constat": constat,
        "postes": postes(convention),
        "financement": tableau_de_financement(convention),
        "missions": [Mission(code).label for code in dossier.missions],
        "volumes": VolumeActivite.objects.filter(dossier=dossier),
        "indicateurs": [(PAR_CLE[f"{cible.metier}_{cible.code}"], cible) for cible in convention.indicateurs.all()],
        "communes": sorted({commune.nom for ligne in _demandees(convention) for commune in ligne.poste.communes.all()}),
        "inscription": convention.decision.inscription,
        "calendrier": calendrier(convention),
    }


def calendrier(convention):
    """Rows (day, what is due), in the order of the days (Annexe IV)."""
    jours = convention.dossier.campagne.delai_signature_jours
    echeances = [
        (convention.limite_signature_le, f"Limite de signature ({jours} jours à compter de la notification)"),
        (convention.effet_le, "Prise d’effet"),
        *((bilan.attendu_le, bilan.get_nature_display()) for bilan in convention.bilans.all()),
        (convention.terme_le, "Terme"),
    ]
    return sorted(echeances, key=lambda echeance: echeance[0])


def postes(convention):
    """Rows (line, measured line) of the posts that the convention funds."""
    return [(ligne, ligne.mesurer(convention.plan.mois)) for ligne in _demandees(convention)]


def tableau_de_financement(convention):
    """Rows (label, amount, share of the base) of who pays the posts, the grant first; they add up to the base."""
    constat = convention.constat
    totaux = dict.fromkeys(Source, ZERO)
    for ligne in constat.lignes:
        for source, montant in ligne.sources.items():
            totaux[Source(source)] += montant
    lignes = [("Subvention de l’État, objet de la convention", totaux[Source.AAP])]
    lignes += [(source.label, totaux[source]) for source in _PRODUITS_DU_PLAN if totaux[source]]
    return [(libelle, montant, montant / constat.assiette) for libelle, montant in lignes]


def _demandees(convention):
    return [ligne for ligne in convention.plan.lignes.all() if ligne.est_demandee]
