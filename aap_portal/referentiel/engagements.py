"""What is granted already on the money of a campaign. The rooms that grant say so here: nothing names them."""

from decimal import Decimal

_sources = []


def declarer_engagement(fonction):
    """Register `fonction(campagne)`: the euros that this room has granted in this campaign."""
    if fonction not in _sources:
        _sources.append(fonction)
    return fonction


def engage(campagne) -> Decimal:
    """Euros granted in this campaign; hold its row to rely on it."""
    return sum((source(campagne) for source in _sources), Decimal("0.00"))
