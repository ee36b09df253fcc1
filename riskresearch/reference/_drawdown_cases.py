"""Cases of drawdowns by hand."""

from __future__ import annotations

from collections.abc import Iterator

from riskresearch.reference import _published_drawdowns as drawdowns
from riskresearch.reference._case import Case, case


def drawdown_cases() -> Iterator[Case]:
    """Yield the cases of drawdowns by hand."""
    returns, source = drawdowns.DRAWDOWN_RETURNS, "by hand: twelve returns"
    for name, published in (
        ("max_drawdown", drawdowns.DRAWDOWN_MAX),
        ("pain_index", drawdowns.DRAWDOWN_MEAN_OF_SERIES),
        ("average_drawdown", drawdowns.DRAWDOWN_MEAN_OF_DEPTHS),
        ("ulcer_index", drawdowns.DRAWDOWN_ULCER),
    ):
        yield case(name, returns, published, source)
