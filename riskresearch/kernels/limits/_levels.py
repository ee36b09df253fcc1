"""What limits measure of whole books, many at once: positions, sums over them, and sums of what is large."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.inlined._trade_rules import exceeds

Cells = npt.NDArray[np.longlong]


def position_sizes(units: FloatMatrix, value: FloatMatrix | None) -> FloatMatrix:
    """Return absolute positions, in money if the value of a unit is given: nan where it is not known, 0 for none."""
    if value is None:
        return np.abs(units)
    return np.where(units == 0.0, 0.0, np.abs(units) * value)


def sums_over_positions(
    units: FloatMatrix, value: FloatMatrix, longs: FloatVector, shorts: FloatVector, cells: Cells, count: int
) -> FloatMatrix:
    """Return sums over positions, shape (books, cells): nan where a term is not known.

    Parameters
    ----------
    units, value : shape (books, assets)
        Signed units, and the money that one is worth.
    longs, shorts : shape (assets,)
        What long and short positions are multiplied by.
    cells : shape (assets,)
        The sum that each asset adds to, from 0 to `count` - 1, or -1 for none.
    """
    terms = np.where(units == 0.0, 0.0, units * value * np.where(units > 0.0, longs, shorts))
    if count == 1 and (cells == 0).all():
        return np.asarray(terms.sum(axis=1, keepdims=True))
    order = np.argsort(cells, kind="stable")[np.count_nonzero(cells < 0) :]
    used, first = np.unique(cells[order], return_index=True)
    found = np.zeros((len(units), count))
    if len(used):
        found[:, used] = np.add.reduceat(terms[:, order], first, axis=1)
    return found


def sums_of_large(sums: FloatMatrix, threshold: FloatVector) -> FloatVector:
    """Return for each book the sum of those that are over its threshold: nan where one of them is not known."""
    large = exceeds(sums, threshold[:, None], False, False)  # type: ignore[arg-type]
    found = np.where(large, sums, 0.0).sum(axis=1)
    return np.where(np.isnan(sums).any(axis=1) | np.isnan(threshold), np.nan, found)
