"""What the structures of the demonstration answer, section by section."""

from decimal import Decimal

from aap_portal.referentiel.formats import nombre
from aap_portal.referentiel.models import Metier
from candidatures.missions import Mission
from candidatures.models.reponses import AidesPubliques, QualiteSignataire

_POSITIONS = {
    Mission.COORDINATION: "Une réunion mensuelle des facilitateurs, un calendrier commun et une boîte à outils partagée.",
    Mission.ZONES_BLANCHES: "Un état des lieux commune par commune au premier semestre, puis un appui à deux structures.",
    Mission.COOPERATIONS: "Une convention avec chaque intercommunalité pour mutualiser les permanences.",
    Mission.MARCHES_ETAT: "Chaque service de l’État et chaque établissement est rencontré au premier trimestre ; les "
    "marchés du renouvellement urbain sont programmés avec les maîtres d’ouvrage.",
    Mission.ACHETEURS_PUBLICS: "Une permanence par mois dans chaque commune couverte, sur rendez-vous le reste du temps.",
    Mission.ACTEURS_INCLUSIFS_FACILITATION: "Un annuaire tenu à jour et une rencontre par trimestre entre acheteurs et SIAE.",
    Mission.PARCOURS: "Chaque bénéficiaire a un référent ; un bilan est fait avec l’entreprise à trois mois.",
}
_FACILITATION = [
    Mission.MARCHES_ETAT, Mission.ACHETEURS_PUBLICS, Mission.ACTEURS_INCLUSIFS_FACILITATION, Mission.PARCOURS,
]  # fmt: skip
_COORDINATION = [Mission.COORDINATION, Mission.ZONES_BLANCHES, Mission.COOPERATIONS]


def repondre(dossier, projet):
    """Every answer of this project, in the words of its structure."""
    missions = list(_FACILITATION)
    if any(poste.metier == Metier.COORDINATEUR for poste in projet.postes):
        missions = [*_COORDINATION, *missions]
    reponses = (
        _structure(dossier.structure, projet)
        | _projet(dossier.structure, projet)
        | _attestations(dossier.structure)
        | {
            "missions": [mission.value for mission in missions],
            "positions": {mission.value: _POSITIONS[mission] for mission in missions},
        }
    )
    for nom, valeur in reponses.items():
        setattr(dossier, nom, valeur)
    dossier.save()


def _structure(structure, projet):
    humains = {"salaries": 10, "salaries_etp": Decimal("8.50"), "emplois_aides": 3}
    if structure.est_association:
        humains |= {"benevoles": 12, "volontaires": 1, "adherentes": 48, "adherents": 41}
        humains["subventions_publiques"] = Decimal(projet.subventions_publiques)
    return humains | {
        "contact_nom": structure.representant,
        "contact_fonction": structure.representant_qualite,
        "contact_courriel": structure.courriel,
        "contact_telephone": structure.telephone,
        "presentation": (
            f"{structure.denomination} agit à Mayotte depuis 2017 pour l’insertion par l’activité économique. "
            "Elle accompagne acheteurs publics et entreprises dans la mise en œuvre de la clause sociale."
        ),
    }


def _projet(structure, projet):
    return {
        "intitule": projet.intitule,
        "diagnostic": (
            "En 2021, 132 marchés clausés ont été suivis à Mayotte auprès de 19 acheteurs publics, pour 367\u202f069 heures "
            "d’insertion. Le premier acheteur réunit à lui seul 35 marchés et 142\u202f066 heures\u00a0: les communes restent peu "
            "couvertes, et les marchés de l’État ne le sont qu’en partie."
        ),
        "objectifs": (
            f"Suivre {projet.marches} marchés de plus en douze mois et dégager {nombre(projet.heures)} heures d’insertion, "
            "en priorité dans les marchés de l’État et du renouvellement urbain."
        ),
        "strategie": (
            "Rencontrer chaque acheteur du territoire au premier trimestre, programmer avec lui ses marchés de l’année, "
            "puis tenir une permanence mensuelle avec les structures d’insertion et France Travail."
        ),
        "beneficiaires": (
            "Demandeurs d’emploi de longue durée, jeunes sans qualification et bénéficiaires du RSA, orientés par France "
            "Travail et la mission locale."
        ),
        "quartiers": "Toutes les communes couvertes sont en quartier prioritaire.",
        "moyens": "Un bureau équipé, un véhicule de service, le logiciel de suivi de la clause, l’appui d’une assistante.",
        "indicateurs": "Marchés accompagnés, heures d’insertion clausées et réalisées, bénéficiaires et sorties, par trimestre.",
        "implantation": f"Locaux à {structure.ville}, permanences dans les mairies des communes couvertes.",
        "reponse_zones_blanches": "Une permanence par mois dans chaque commune sans facilitateur, dès le deuxième mois.",
    }


def _attestations(structure):
    return {
        "atteste_exactitude": True,
        "atteste_obligations": True,
        "atteste_engagement": structure.est_association,
        "atteste_charte": structure.est_association,
        "atteste_maintien": True,
        "atteste_compte": True,
        "aides_publiques": AidesPubliques.JUSQU_A_500_000 if structure.est_association else "",
        "qualite_signataire": QualiteSignataire.REPRESENTANT,
    }
