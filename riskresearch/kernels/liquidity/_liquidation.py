"""Days, units by day and impact of the liquidation of positions of one book: (positions,) in and out.

Sizes are absolute units; a cap is the units that are traded on a day at most, zero where a position cannot be sold.
"""

from __future__ import annotations

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.inlined._fill_rules import square_root_impact

ROUNDING_OF_DAYS = 4.0 * np.finfo(np.float64).eps
"""Relative excess over whole days that is rounding: a cap and a quotient are each off by a unit of the last place."""


def days_to_liquidate(sizes: FloatVector, caps: FloatVector) -> FloatVector:
    """Return the days, with fractions, in which positions are sold at their caps; 0 of nothing, infinite at no cap."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        return np.where(sizes == 0.0, 0.0, sizes / caps)


def whole_days(days: FloatVector) -> FloatVector:
    """Return the number of days on which something is sold; what exceeds a whole number by rounding is that number."""
    below = np.floor(days)
    return np.where((below > 0.0) & (days <= below * (1.0 + ROUNDING_OF_DAYS)), below, np.ceil(days))


def liquidated_after(day: float, sizes: FloatVector, caps: FloatVector, whole: FloatVector) -> FloatVector:
    """Return the part of each position that is sold by the end of a day, counted from 1; all of nothing."""
    sold = (sizes == 0.0) | (whole <= day)
    with np.errstate(all="ignore"):
        return np.where(sold, 1.0, np.where(caps > 0.0, np.minimum(caps * day / sizes, 1.0), 0.0))


def share_of_value(parts: FloatVector, values: FloatVector) -> float:
    """Return the share of the value that parts of positions are; all of nothing, and none of a value not known."""
    with np.errstate(over="ignore"):
        total = float(values.sum())
    if total == 0.0:
        return 1.0
    return min(float((values * parts).sum()) / total, 1.0) if np.isfinite(total) else 0.0


def daily_units(first: int, last: int, sizes: FloatVector, caps: FloatVector, whole: FloatVector) -> FloatMatrix:
    """Return the units sold on each day from `first` to `last`, shape (days, positions): the cap, at last the rest."""
    day = np.arange(first, last + 1, dtype=np.float64)[:, None]
    return np.where(day < whole, caps, np.where(day == whole, rest_of_last_day(sizes, caps, whole), 0.0))


def rest_of_last_day(sizes: FloatVector, caps: FloatVector, whole: FloatVector) -> FloatVector:
    """Return the units left for the last day, never more than the cap; 0 where nothing is ever sold."""
    ends = np.isfinite(whole) & (whole > 0.0)
    before = caps * np.where(ends, whole - 1.0, 0.0)
    return np.where(ends, np.clip(sizes - before, 0.0, caps), 0.0)


def impact_of_positions(
    sizes: FloatVector, values: FloatVector, volumes: FloatVector, volatilities: FloatVector, coefficient: float
) -> FloatVector:
    """Return the impact in money of positions that are each one order, by the rule of fills; `values` are absolute."""
    columns = (sizes.tolist(), values.tolist(), volumes.tolist(), volatilities.tolist())
    return np.array([square_root_impact(*each, coefficient) for each in zip(*columns, strict=True)], dtype=np.float64)


def impact_by_day(
    sizes: FloatVector,
    values: FloatVector,
    volumes: FloatVector,
    volatilities: FloatVector,
    coefficient: float,
    caps: FloatVector,
) -> FloatVector:
    """Return the impact in money where what is sold on a day is an order; sizes, caps and days are above zero."""
    whole = whole_days(days_to_liquidate(sizes, caps))
    rest = rest_of_last_day(sizes, caps, whole)
    money = values / sizes
    full = impact_of_positions(caps, caps * money, volumes, volatilities, coefficient)
    last = impact_of_positions(rest, rest * money, volumes, volatilities, coefficient)
    return (whole - 1.0) * full + last
