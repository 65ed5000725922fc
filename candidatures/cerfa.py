"""Accounts of the two budgets, as the Cerfa n°12156*06 lists them; the other statuses use the same plan.

Pure: an account is worth what is typed for it, or the sum of its detail lines as soon as one of them is given.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from aap_portal.referentiel.models import Source
from aap_portal.referentiel.plafonds import ZERO


@dataclass(frozen=True)
class Compte:
    """`code` is the account's number, or a word for the lines that close a budget; `details` are its own lines."""

    code: str
    libelle: str
    details: tuple = field(default=(), compare=False)

    @property
    def numero(self):
        """The number printed before the label; none for a financeur or a line that closes the budget."""
        return self.code if self.code.isdigit() else ""


def _compte(code, libelle, **details):
    return Compte(code, libelle, tuple(Compte(nom.lstrip("_"), texte) for nom, texte in details.items()))


_FINANCEURS = {
    Source.AAP: "État\u00a0: subvention demandée à cet appel à projets",
    Source.ETAT_AUTRE: "État\u00a0: autres ministères, directions ou services",
    Source.REGION_DEPARTEMENT: "Département-Région",
    Source.EPCI: "Intercommunalités",
    Source.COMMUNE: "Communes",
    Source.ORGANISME_SOCIAL: "Organismes sociaux (CAF…)",
    Source.EUROPE: "Fonds européens (FSE, FEDER…)",
    Source.ASP: "Agence de services et de paiement (emplois aidés)",
    Source.AUTRE_PUBLIC: "Autres établissements publics",
    Source.PRIVE: "Aides privées (fondations, entreprises)",
}


def code_financeur(source):
    """Code of a financeur's line under account 74."""
    return f"74-{Source(source).value}"


CHARGES = (
    _compte(
        "60", "Achats", _601="Matières et fournitures", _604="Prestations de services", _606="Autres fournitures"
    ),
    _compte(
        "61", "Services extérieurs", _613="Locations", _615="Entretien et réparation", _616="Assurance",
        _618="Documentation",
    ),
    _compte(
        "62", "Autres services extérieurs", _622="Rémunérations intermédiaires et honoraires",
        _623="Publicité, publication", _625="Déplacements, missions", _627="Services bancaires, autres",
    ),
    _compte("63", "Impôts et taxes", _631="Impôts et taxes sur rémunération", _635="Autres impôts et taxes"),
    _compte(
        "64", "Charges de personnel", _641="Rémunération des personnels", _645="Charges sociales",
        _647="Autres charges de personnel",
    ),
    _compte("65", "Autres charges de gestion courante"),
    _compte("66", "Charges financières"),
    _compte("67", "Charges exceptionnelles"),
    _compte("68", "Dotations aux amortissements, provisions et engagements"),
    _compte("69", "Impôt sur les bénéfices, participation des salariés"),
)  # fmt: skip
PRODUITS = (
    _compte("70", "Ventes de produits finis, marchandises, prestations de services"),
    _compte("73", "Dotations et produits de tarification"),
    Compte(
        "74",
        "Subventions d’exploitation",
        tuple(Compte(code_financeur(source), libelle) for source, libelle in _FINANCEURS.items()),
    ),
    _compte(
        "75", "Autres produits de gestion courante (cotisations, dons)", _756="Cotisations",
        _758="Dons manuels, mécénat", _750="Autres produits de gestion courante",
    ),
    _compte("76", "Produits financiers"),
    _compte("77", "Produits exceptionnels"),
    _compte("78", "Reprises sur amortissements et provisions"),
    _compte("79", "Transfert de charges"),
)  # fmt: skip
INDIRECTES = _compte(
    "indirectes", "Charges indirectes affectées au projet", indirectes_fixes="Charges fixes de fonctionnement",
    indirectes_financiers="Frais financiers", indirectes_autres="Autres charges indirectes",
)  # fmt: skip
EXCEDENT = _compte("excedent", "Excédent prévisionnel (bénéfice)")
PROPRES = _compte("propres", "Ressources propres affectées au projet")
INSUFFISANCE = _compte("insuffisance", "Insuffisance prévisionnelle (autofinancement)")
EMPLOIS_VOLONTAIRES = (
    _compte(
        "86", "Emplois des contributions volontaires en nature", _860="Secours en nature",
        _861="Mise à disposition gratuite de biens et services", _862="Prestations", _864="Personnel bénévole",
    ),
)  # fmt: skip
CONTRIBUTIONS_VOLONTAIRES = (
    _compte(
        "87", "Contributions volontaires en nature", _870="Bénévolat", _871="Prestations en nature",
        _875="Dons en nature",
    ),
)  # fmt: skip

DU_PROJET = (INDIRECTES, PROPRES)  # lines that only the budget of a project has
COTE_CHARGES = (*CHARGES, INDIRECTES, EXCEDENT)
COTE_PRODUITS = (*PRODUITS, PROPRES, INSUFFISANCE)
COMPTES = (*COTE_CHARGES, *COTE_PRODUITS, *EMPLOIS_VOLONTAIRES, *CONTRIBUTIONS_VOLONTAIRES)
LIGNES = tuple(ligne for compte in COMPTES for ligne in (compte, *compte.details))


def du_budget(comptes, *, projet):
    """The accounts of one of the two budgets."""
    return [compte for compte in comptes if projet or compte not in DU_PROJET]


def est_detaille(compte, montants):
    return any(montants.get(ligne.code) is not None for ligne in compte.details)


def total(compte: Compte, montants: dict) -> Decimal:
    """Euros of an account in `montants`, a mapping of codes to euros: its detail lines, or what is typed for it."""
    if est_detaille(compte, montants):
        return sum((montants.get(ligne.code) or ZERO for ligne in compte.details), ZERO)
    return montants.get(compte.code) or ZERO


@dataclass(frozen=True)
class Equilibre:
    """Totals of a budget in euros; accounts 86 and 87 balance apart (Cerfa n°12156*06, part 5)."""

    charges: Decimal
    produits: Decimal
    emplois: Decimal
    contributions: Decimal
    insuffisance: Decimal = ZERO

    @property
    def ecart(self):
        return self.charges - self.produits

    @property
    def ecart_volontaire(self):
        return self.emplois - self.contributions

    @property
    def est_vide(self):
        return not self.charges and not self.produits

    @property
    def ressources(self):
        """Accounts 70 to 79 and own resources, without the shortfall that closes the budget nor account 87."""
        return self.produits - self.insuffisance


def equilibre(montants: dict) -> Equilibre:
    """Totals of `montants`, a mapping of codes to euros; an absent account counts for zero."""

    def somme(comptes):
        return sum((total(compte, montants) for compte in comptes), ZERO)

    return Equilibre(
        somme(COTE_CHARGES),
        somme(COTE_PRODUITS),
        somme(EMPLOIS_VOLONTAIRES),
        somme(CONTRIBUTIONS_VOLONTAIRES),
        total(INSUFFISANCE, montants),
    )
