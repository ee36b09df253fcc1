"""Cases of implementation shortfall."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from riskresearch.posttrade import transaction_costs
from riskresearch.reference._case import Case
from riskresearch.reference.posttrade import _published_shortfall as published


def shortfall_cases() -> Iterator[Case]:
    """Yield the published numbers of one order that was filled in part."""
    for part, number in published.IMPULSE_ROBOTICS.items():
        yield Case(
            "transaction_costs", f"delay_basis=executed, {part}", number, partial(_of_paper, part),
            published.IMPULSE_SOURCE,
        )  # fmt: skip


def _of_paper(part: str) -> float:
    """Return a part of the shortfall as a fraction of the paper portfolio."""
    table = transaction_costs(published.IMPULSE_ORDER, published.IMPULSE_FILL, delay_basis="executed").to_frame()
    return float(table[part].iloc[0] / table["paper_notional"].iloc[0])
