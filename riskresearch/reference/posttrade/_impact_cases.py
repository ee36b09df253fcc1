"""Cases of market impact."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from riskresearch.posttrade import almgren_impact
from riskresearch.reference._case import Case
from riskresearch.reference.posttrade._published_impact import ALMGREN_ORDERS, ALMGREN_TABLE

SOURCE = "Almgren, Thum, Hauptmann and Li 2005, Table 3"
TENTH_OF_A_DAY = 0.1
BASIS_POINTS = 1e4


def impact_cases() -> Iterator[Case]:
    """Yield the example of Almgren et al., in basis points as it is printed."""
    for stock, duration, *published in ALMGREN_TABLE:
        for part, number in zip(("permanent", "temporary", "realised"), published, strict=True):
            compute = partial(_basis_points, stock, duration, part)
            yield Case("almgren_impact", f"{stock}, duration={duration:g}, {part}", float(number), compute, SOURCE, 0.5)


def _basis_points(stock: str, duration: float, part: str) -> float:
    volume, shares, volatility = ALMGREN_ORDERS[stock]
    found = almgren_impact(
        TENTH_OF_A_DAY * volume,
        average_volume=volume,
        volatility=volatility,
        shares_outstanding=shares,
        duration=duration,
    )
    return float(BASIS_POINTS * getattr(found, part)[0])
