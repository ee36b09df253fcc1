"""The checks of the dates of returns and prices, at the door of every function that takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.core.dates._carried import check_carried
from riskresearch.core.dates._gap_checks import check_gaps

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, Labels


def check_dates(values: FloatMatrix, labels: Labels, *, name: str, has_nan: bool, prices: bool = False) -> None:
    """Warn of gaps in the dates, and of returns that are zero because values were carried forward."""
    check_gaps(values, labels, name=name, has_nan=has_nan, prices=prices)
    if not prices:
        check_carried(values, labels, name=name)
