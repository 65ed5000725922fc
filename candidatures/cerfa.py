"""Accounts of the two budgets, as the Cerfa n°12156*06 lists them; the other statuses use the same plan."""

from dataclasses import dataclass
from decimal import Decimal

from aap_portal.referentiel.plafonds import ZERO


@dataclass(frozen=True)
class Compte:
    code: str
    libelle: str


CHARGES = (
    Compte("60", "Achats"),
    Compte("61", "Services extérieurs"),
    Compte("62", "Autres services extérieurs"),
    Compte("63", "Impôts et taxes"),
    Compte("64", "Charges de personnel"),
    Compte("65", "Autres charges de gestion courante"),
    Compte("66", "Charges financières"),
    Compte("67", "Charges exceptionnelles"),
    Compte("68", "Dotations aux amortissements, provisions et engagements"),
    Compte("69", "Impôt sur les bénéfices, participation des salariés"),
)
PRODUITS = (
    Compte("70", "Ventes de produits finis, marchandises, prestations de services"),
    Compte("73", "Dotations et produits de tarification"),
    Compte("74", "Subventions d’exploitation"),
    Compte("75", "Autres produits de gestion courante (cotisations, dons)"),
    Compte("76", "Produits financiers"),
    Compte("77", "Produits exceptionnels"),
    Compte("78", "Reprises sur amortissements et provisions"),
    Compte("79", "Transfert de charges"),
)
EMPLOIS_VOLONTAIRES = (Compte("86", "Emplois des contributions volontaires en nature"),)
CONTRIBUTIONS_VOLONTAIRES = (Compte("87", "Contributions volontaires en nature"),)
COMPTES = (*CHARGES, *PRODUITS, *EMPLOIS_VOLONTAIRES, *CONTRIBUTIONS_VOLONTAIRES)


@dataclass(frozen=True)
class Equilibre:
    """Totals of a budget in euros; accounts 86 and 87 balance apart (Cerfa n°12156*06, part 5)."""

    charges: Decimal
    produits: Decimal
    emplois: Decimal
    contributions: Decimal

    @property
    def ecart(self):
        return self.charges - self.produits

    @property
    def ecart_volontaire(self):
        return self.emplois - self.contributions

    @property
    def est_vide(self):
        return not self.charges and not self.produits


def equilibre(montants: dict) -> Equilibre:
    """Totals of `montants`, a mapping of account codes to euros; an absent account counts for zero."""

    def total(comptes):
        return sum((montants.get(compte.code, ZERO) for compte in comptes), ZERO)

    return Equilibre(total(CHARGES), total(PRODUITS), total(EMPLOIS_VOLONTAIRES), total(CONTRIBUTIONS_VOLONTAIRES))
