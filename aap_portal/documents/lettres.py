"""Amounts in words, as a convention writes them beside the figures (spelling of 1990, without its extra hyphens)."""

from decimal import Decimal

CENT = Decimal(100)


def montant_en_lettres(montant: Decimal) -> str:
    """« douze mille trois cent quarante-cinq euros et cinquante centimes » ; « un million d’euros »."""
    from num2words import num2words

    centimes = montant * CENT
    if montant < 0 or centimes != centimes.to_integral_value():
        raise ValueError(f"{montant} is not a positive amount in cents.")
    euros, reste = divmod(int(centimes), 100)
    parts = []
    if euros or not reste:
        parts.append(f"{num2words(euros, lang='fr')} {_unite_euro(euros)}")
    if reste:
        parts.append(f"{num2words(reste, lang='fr')} {'centime' if reste == 1 else 'centimes'}")
    texte = " et ".join(parts)
    return texte if euros else f"{texte} d’euro" if reste else texte


def _unite_euro(euros: int) -> str:
    if euros < 2:
        return "euro"
    # « million » and « milliard » are nouns: they take « de » unless another number follows.
    return "d’euros" if euros % 1_000_000 == 0 else "euros"
