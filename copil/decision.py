"""What bounds a decision: pure rules on what was asked, post by post (AAP 2022, B.2-3 and C.1; readings 10 to 15, 20)."""

from dataclasses import dataclass
from decimal import Decimal

from aap_portal.referentiel.erreurs import Obstacle
from aap_portal.referentiel.formats import etp, euros, pourcentage
from aap_portal.referentiel.plafonds import ZERO, Ligne, Taux, assiette, subvention_max


@dataclass(frozen=True)
class Accord:
    """What is granted for one post."""

    montant: Decimal = ZERO
    etp: Decimal = ZERO


def maximum_accordable(ligne: Ligne, taux: Taux, etp_accorde: Decimal) -> Decimal:
    """Highest grant for a post: what was asked, within the cap on the base of the ETP that are granted."""
    base = assiette(ligne.cout_annuel, min(etp_accorde, ligne.etp), ligne.mois)
    return min(ligne.subvention, subvention_max(base, taux, autre_etat=ligne.autre_etat))


def obstacles_aux_montants(lignes, accords, taux: Taux):
    """Why these grants can't be made, post by post; `accords` maps the key of a line to its Accord."""
    obstacles = []
    for ligne in lignes:
        obstacles += _obstacles_du_poste(ligne, accords.get(ligne.cle, Accord()), taux)
    if not obstacles and not any(accords.get(ligne.cle, Accord()).montant for ligne in lignes):
        obstacles.append(
            Obstacle("rien_accorde", "Une acceptation accorde un montant et des ETP à au moins un poste.", champ="sens")
        )
    return obstacles


def _obstacles_du_poste(ligne, accord, taux):
    montant, quotite = f"montant_{ligne.cle}", f"etp_{ligne.cle}"
    if accord.etp > ligne.etp:
        yield Obstacle(
            "etp_demande",
            f"« {ligne.libelle} » : {etp(accord.etp)} accordés pour {etp(ligne.etp)} demandés. "
            f"Accordez au plus {etp(ligne.etp)}.",
            champ=quotite,
        )
    elif accord.montant > ligne.subvention:
        yield Obstacle(
            "montant_demande",
            f"« {ligne.libelle} » : {euros(accord.montant)} accordés pour {euros(ligne.subvention)} demandés. "
            f"Accordez au plus {euros(ligne.subvention)}.",
            champ=montant,
        )
    elif bool(accord.montant) != bool(accord.etp):
        yield Obstacle(
            "montant_sans_etp",
            f"« {ligne.libelle} » : un poste accordé porte un montant et des ETP ; mettez les deux, ou les deux à zéro.",
            champ=quotite if accord.montant else montant,
        )
    elif accord.montant > (maximum := maximum_accordable(ligne, taux, accord.etp)):
        base = assiette(ligne.cout_annuel, accord.etp, ligne.mois)
        yield Obstacle(
            "plafond",
            f"« {ligne.libelle} » : {euros(accord.montant)} accordés, au plus {euros(maximum)} possibles pour "
            f"{etp(accord.etp)} (plafond de {pourcentage(taux.aap)} de {euros(base)}"
            f"{_autre_plafond(ligne, taux)}). Baissez le montant de {euros(accord.montant - maximum)}.",
            champ=montant,
            reference="AAP 2022, B.2-3",
        )


def _autre_plafond(ligne, taux):
    if taux.etat is None or not ligne.autre_etat:
        return ""
    return f", {pourcentage(taux.etat)} avec les {euros(ligne.autre_etat)} d’autres aides de l’État"
