"""The money of a post: what its cost is, what the State may pay of it, and whether every euro has a source.

Pure arithmetic on `Decimal` euros and ETP, without the ORM: the form advises with it, the filing refuses with it, the
decision and the convention bound amounts with it (AAP 2022, B.2-1 and B.2-3; readings 10 to 15).
"""

from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

from .montants import CENTIME, arrondir

ZERO = Decimal("0.00")
NATURE_CREATION, NATURE_AUGMENTATION, NATURE_CONSOLIDATION, NATURE_EXISTANT = (
    "creation",
    "augmentation",
    "consolidation",
    "existant",
)
SOURCE_AAP, SOURCE_ETAT_AUTRE = "aap", "etat_autre"


@dataclass(frozen=True)
class Taux:
    """The two rates of a legal category: the grant of the AAP, and all State money (None: no second limit)."""

    aap: Decimal
    etat: Decimal | None = None


@dataclass(frozen=True)
class Ligne:
    """A post asked for: its cost at full time over twelve months, and who pays what of it.

    `sources` maps a category of financeur to an amount; `SOURCE_AAP` is the grant asked for.
    """

    cle: str
    libelle: str
    nature: str
    quotite_avant: Decimal
    quotite_apres: Decimal
    cout_annuel: Decimal
    mois: int
    sources: dict = field(default_factory=dict)

    @property
    def etp(self):
        return etp_demande(self.nature, self.quotite_avant, self.quotite_apres)

    @property
    def assiette(self):
        return assiette(self.cout_annuel, self.etp, self.mois)

    @property
    def subvention(self):
        return self.sources.get(SOURCE_AAP, ZERO)

    @property
    def autre_etat(self):
        return self.sources.get(SOURCE_ETAT_AUTRE, ZERO)

    @property
    def finance(self):
        return sum(self.sources.values(), ZERO)

    @property
    def reste(self):
        """What no source pays yet; negative when the sources exceed the cost."""
        return self.assiette - self.finance


def etp_demande(nature: str, avant: Decimal, apres: Decimal) -> Decimal:
    """ETP that the grant would pay for: the rise of a quota, or the whole of a consolidated post (reading 13)."""
    return apres if nature == NATURE_CONSOLIDATION else max(apres - avant, ZERO)


def assiette(cout_annuel: Decimal, etp: Decimal, mois: int) -> Decimal:
    """Base of a post in euros: full-time annual cost × ETP × months / 12, rounded once, to the cent (reading 13)."""
    return arrondir(cout_annuel * etp * mois / 12)


def subvention_max(assiette: Decimal, taux: Taux, *, autre_etat: Decimal = ZERO) -> Decimal:
    """Highest grant for a base, in euros, rounded down to the cent (AAP 2022, B.2-3; readings 10 and 11)."""
    plafond = _part(assiette, taux.aap)
    if taux.etat is not None:
        plafond = min(plafond, _part(assiette, taux.etat) - autre_etat)
    return max(plafond, ZERO)


def etat_max(assiette: Decimal, taux: Taux) -> Decimal | None:
    """All State money that a base admits, in euros, rounded down to the cent; None without that limit (reading 11)."""
    return None if taux.etat is None else _part(assiette, taux.etat)


def taux_constate(montant: Decimal, assiette: Decimal) -> Decimal:
    """Share of the base, as shown; a rate is never used to compute an amount back."""
    return montant / assiette if assiette else Decimal(0)


def _part(assiette: Decimal, taux: Decimal) -> Decimal:
    return (assiette * taux).quantize(CENTIME, rounding=ROUND_DOWN)


@dataclass(frozen=True)
class Constat:
    """A plan measured against the rules: totals, and what each line may ask for at most."""

    lignes: tuple
    taux: Taux

    @property
    def etp(self):
        return sum((ligne.etp for ligne in self.lignes), ZERO)

    @property
    def assiette(self):
        return sum((ligne.assiette for ligne in self.lignes), ZERO)

    @property
    def subvention(self):
        return sum((ligne.subvention for ligne in self.lignes), ZERO)

    @property
    def autres_sources(self):
        return sum((ligne.finance - ligne.subvention for ligne in self.lignes), ZERO)

    @property
    def reste(self):
        return sum((ligne.reste for ligne in self.lignes), ZERO)

    @property
    def maximum(self):
        """The most that the dossier may ask for: the sum of its posts' maxima (reading 13)."""
        return sum((self.maximum_de(ligne) for ligne in self.lignes), ZERO)

    @property
    def taux_subvention(self):
        return taux_constate(self.subvention, self.assiette)

    @property
    def taux_autres(self):
        return taux_constate(self.autres_sources, self.assiette)

    def maximum_de(self, ligne):
        return subvention_max(ligne.assiette, self.taux, autre_etat=ligne.autre_etat)

    def etat_de_trop(self, ligne):
        """Other State money that a post could not hold even without any grant; mostly nil (reading 11)."""
        limite = etat_max(ligne.assiette, self.taux)
        return ZERO if limite is None else max(ligne.autre_etat - limite, ZERO)


@dataclass(frozen=True)
class Baisse:
    """Less money from one year to the next, for one financeur or, with None, for the whole post."""

    financeur: object
    annee: int
    avant: Decimal
    apres: Decimal

    @property
    def montant(self):
        return self.avant - self.apres


@dataclass(frozen=True)
class Maintien:
    """Who paid and pays for a post that exists: it must not fall (AAP 2022, B.2-3 and annexe 2; reading 15).

    `montants` maps a financeur to its euros by year. `annees` are told by all, a missing amount is nil; `prevue`, the
    year to come, may be unknown: it counts only for the financeurs that tell it, and as a total once all of them do.
    """

    montants: dict
    annees: tuple
    prevue: int | None = None

    def montant(self, financeur, annee):
        """Euros of a financeur in a year; None for a year to come that it does not tell."""
        return self.montants[financeur].get(annee, None if annee == self.prevue else ZERO)

    def total(self, annee):
        """Euros of a year, all financeurs together; None as long as one who pays now has not told the year to come."""
        if annee == self.prevue and not self.est_prevu:
            return None
        return sum((self.montant(financeur, annee) or ZERO for financeur in self.montants), ZERO)

    @property
    def est_prevu(self):
        """The year to come is told by somebody, and by all those who pay now."""
        tues = [financeur for financeur in self.montants if self.montant(financeur, self.prevue) is None]
        return len(tues) < len(self.montants) and not any(self.montant(qui, self.annees[-1]) for qui in tues)

    @property
    def est_declare(self):
        """The present year is told (annexe 2); nil everywhere tells nothing, unless somebody paid the year before."""
        avant, actuelle = self.annees
        dite = any(actuelle in par_annee for par_annee in self.montants.values())
        return dite and (self.total(actuelle) > ZERO or self.total(avant) > ZERO)

    @property
    def a_expliquer(self):
        """Falls that need a reason: of the whole post and, in the years when the whole does not fall, of a financeur."""
        du_total = self.baisses
        annees = {baisse.annee for baisse in du_total}
        return du_total + [baisse for baisse in self.baisses_par_financeur if baisse.annee not in annees]

    @property
    def baisses(self):
        """Falls of the whole post."""
        return list(self._comparer(None, self.total))

    @property
    def baisses_par_financeur(self):
        """Falls of each financeur, even when another one makes up for it."""
        return [
            baisse
            for financeur in self.montants
            for baisse in self._comparer(financeur, lambda annee, qui=financeur: self.montant(qui, annee))
        ]

    def _comparer(self, financeur, montant):
        annees = [*self.annees, *([self.prevue] if self.prevue else [])]
        for annee, suivante in pairwise(annees):
            avant, apres = montant(annee), montant(suivante)
            if avant is not None and apres is not None and apres < avant:
                yield Baisse(financeur, suivante, avant, apres)
