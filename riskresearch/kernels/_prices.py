"""Prices to simple returns, across missing prices: (rows, columns) in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._types import FloatMatrix

if TYPE_CHECKING:
    import numpy.typing as npt


def last_known(prices: FloatMatrix) -> FloatMatrix:
    """Return each price or, where it is missing, the last one before it; nan before the first."""
    present = ~np.isnan(prices)
    latest = np.maximum.accumulate(np.where(present, np.arange(len(present))[:, None], 0), axis=0)
    known: FloatMatrix = np.take_along_axis(prices, latest, axis=0)
    return known


def returns_of(prices: FloatMatrix) -> FloatMatrix:
    """Return each price over the last one before it, minus 1: one row less, nan where a price is missing."""
    before = last_known(prices) if np.isnan(prices).any() else prices
    returns: FloatMatrix = prices[1:] / before[:-1] - 1.0
    return returns


def moves_over_gaps(prices: FloatMatrix) -> npt.NDArray[np.bool_]:
    """Return where, in the rows after the first, a price follows missing ones and an earlier price."""
    present = ~np.isnan(prices)
    if present.all():
        return np.zeros((max(len(prices) - 1, 0), *prices.shape[1:]), dtype=bool)
    spans: npt.NDArray[np.bool_] = present[1:] & ~present[:-1] & ~np.isnan(last_known(prices)[:-1])
    return spans
