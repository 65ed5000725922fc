"""Fictional structures of each legal type; their SIRET pass the check and belong to nobody."""

from dataclasses import dataclass

from aap_portal.referentiel.models import Structure

_C, _S = Structure.Categorie, Structure.Situation


@dataclass(frozen=True)
class Fiche:
    cle: str
    denomination: str
    sigle: str
    categorie: str
    ville: str
    code_postal: str
    prenom: str
    nom: str
    qualite: str
    situation: str = _S.EXISTANTE


FICHES = (
    Fiche("sud", "Association Exemple Insertion Sud (fictive)", "AEIS", _C.ASSOCIATION, "Bandrele", "97660", "Anli", "Fictif", "Président"),
    Fiche("reseau", "Réseau Exemple de l’économie solidaire (fictif)", "REES", _C.ASSOCIATION, "Mamoudzou", "97600", "Fatima", "Fictive", "Présidente"),
    Fiche("nord", "Commune d’Exemple-Nord (fictive)", "", _C.COLLECTIVITE, "Koungou", "97690", "Moina", "Fictive", "Maire"),
    Fiche("centre", "Intercommunalité Exemple Centre (fictive)", "IEC", _C.EPCI, "Tsingoni", "97680", "Ali", "Fictif", "Président"),
    Fiche("ccas", "CCAS d’Exemple-Ouest (fictif)", "CCAS", _C.EPA, "Sada", "97640", "Roukia", "Fictive", "Présidente"),
    Fiche("cooperative", "Coopérative Exemple Clauses (fictive)", "", _C.AUTRE, "Mamoudzou", "97600", "Jean", "Fictif", "Gérant"),
    Fiche("ouest", "Association émergente Exemple Ouest (fictive)", "AEEO", _C.ASSOCIATION, "Bouéni", "97620", "Salama", "Fictive", "Présidente", _S.EMERGENTE),
    Fiche("petite_terre", "Mission Exemple Petite-Terre (fictive)", "MEPT", _C.ASSOCIATION, "Pamandzi", "97615", "Omar", "Fictif", "Président"),
    Fiche("jeunes", "Tremplin Exemple Jeunes (fictif)", "TEJ", _C.ASSOCIATION, "Dembeni", "97660", "Halima", "Fictive", "Présidente"),
    Fiche("batisseurs", "Bâtisseurs solidaires Exemple (fictif)", "BSE", _C.ASSOCIATION, "Chiconi", "97670", "Ahamada", "Fictif", "Président"),
    Fiche("femmes", "Collectif Exemple Femmes et emploi (fictif)", "CEFE", _C.ASSOCIATION, "Chirongui", "97620", "Toiyfati", "Fictive", "Présidente"),
    Fiche("littoral", "Ateliers Exemple du littoral (fictif)", "AEL", _C.ASSOCIATION, "Acoua", "97630", "Kamal", "Fictif", "Président", _S.EMERGENTE),
)  # fmt: skip


def installer_structures():
    return {fiche.cle: _installer(rang, fiche) for rang, fiche in enumerate(FICHES)}


def _installer(rang, fiche):
    structure, _ = Structure.objects.get_or_create(
        siret=siret_fictif(rang),
        defaults={
            "denomination": fiche.denomination,
            "sigle": fiche.sigle,
            "categorie": fiche.categorie,
            "situation": fiche.situation,
            "adresse": f"{rang + 1} rue de l’Exemple",
            "code_postal": fiche.code_postal,
            "ville": fiche.ville,
            "representant_prenom": fiche.prenom,
            "representant_nom": fiche.nom,
            "representant_qualite": fiche.qualite,
            "courriel": f"{fiche.cle.replace('_', '-')}@demo.example",
            "telephone": "02 69 00 00 00",
            "iban": "FR1420041010050500013M02606",
        },
    )
    return structure


def siret_fictif(rang):
    """A number of a range that the Insee does not give, with the two keys that make it pass the check."""
    return _avec_cle(_avec_cle(f"{90000000 + rang:08d}") + "0001")


def _avec_cle(chiffres):
    somme = 0
    for position, chiffre in enumerate(reversed(chiffres)):
        double = int(chiffre) * (2 if position % 2 == 0 else 1)
        somme += double - 9 if double > 9 else double
    return f"{chiffres}{-somme % 10}"
