"""Formulas that more than one kernel needs, each defined once as an ordinary function of numbers.

Cython inlines what it finds in a .pxd file, so `setup.py` writes `_formulas.pxd` from this file, with the same bodies
under C declarations. Uncompiled kernels and NumPy code import the functions from here; the bits are the same. Arguments
are annotated with `float`, `bool`, `int`, `Number` or `FloatMatrix`. A formula does not check its divisor for zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector

Number = TypeVar("Number", float, "FloatVector")

ROUNDING = 2.0**-46
"""64 epsilon: how far returns may differ, as a fraction of 1 + r, and be equal but for rounding."""
SMALLEST_RATE = 2.0**-30
"""The size from which on numbers are taken for returns of prices."""


def drawdown(peak: float, value: float) -> float:
    """Return the fraction of `peak` that is lost; within a factor of two of the peak the subtraction is exact."""
    return (peak - value) / peak


def sum_error(before: float, value: float) -> float:
    """Return what rounding takes off `before + value`, exactly (Knuth's two-sum)."""
    after = before + value
    part = after - before
    return (before - (after - part)) + (value - part)


def difference_error(before: float, value: float) -> float:
    """Return what rounding takes off `before - value`, exactly."""
    after = before - value
    part = after - before
    return (before - (after - part)) - (value + part)


def add_compensated(sums: FloatMatrix, column: int, place: int, value: float) -> None:
    """Add `value` to a sum, and what rounding takes off it to the place after the sum."""
    before = sums[column, place]
    sums[column, place] = before + value
    sums[column, place + 1] += sum_error(before, value)


def compensated_sum(sums: FloatMatrix, column: int, place: int) -> float:
    """Return a sum with what was rounded off it."""
    return sums[column, place] + sums[column, place + 1]


def is_rate(size: float) -> bool:
    """Return whether numbers of this size are taken for returns of prices."""
    return size >= SMALLEST_RATE


def is_beyond_rounding(spread: float, size: float) -> bool:
    """Return whether returns of at most `size` that lie `spread` apart differ by more than rounding."""
    return spread > ROUNDING * (1.0 + size)


def is_rounding(spread: float, size: float, over_one: bool) -> bool:
    """Return whether numbers of at most `size` that lie `spread` apart are equal but for rounding.

    `over_one` says that each of them is a difference that 1 + r can show. See `_rounding` for the rule.
    """
    if is_beyond_rounding(spread, size):
        return False
    return over_one or is_rate(size) or spread <= ROUNDING * size


def is_over_one(value: float) -> bool:
    """Return whether 1 + `value` shows every digit of `value`, as it does for a return of prices."""
    return (1.0 + value) - 1.0 == value


def decayed_sum(decay: float, total: Number, value: Number) -> Number:
    """Return an exponentially weighted sum after `value`: the recursion of every moment with decaying weights."""
    return decay * total + value


def cornish_fisher(z: float, skew: Number, kurtosis: Number) -> Number:
    """Return the second-order Cornish-Fisher quantile of a standardised variable; `z` is that of the normal."""
    rise = z + (z * z - 1.0) * skew / 6.0 + (z * z * z - 3.0 * z) * kurtosis / 24.0
    return rise - (2.0 * z * z * z - 5.0 * z) * skew * skew / 36.0


def edgeworth_terms(h: Number, skew: Number, kurtosis: Number) -> Number:
    """Return by what the second-order Edgeworth density multiplies the normal's mean below `h`.

    With Hermite polynomials He the density is phi * (1 + skew/6 He3 + kurtosis/24 He4 + skew^2/72 He6), and the
    integral of z He_n phi up to h is -phi(h) (He_n(h) + n He_{n-2}(h)).
    """
    h2 = h * h
    terms = 1.0 + skew / 6.0 * (h2 * h) + kurtosis / 24.0 * (h2 * h2 - 2.0 * h2 - 1.0)
    return terms + skew * skew / 72.0 * (h2 * h2 * h2 - 9.0 * h2 * h2 + 9.0 * h2 + 3.0)
