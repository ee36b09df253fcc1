"""Which differences between returns are rounding: the one test of a deviation, a shortfall or a drawdown of zero.

A return is a price over the price before it, less 1, so it is known to the precision of 1 + r, whatever its own size.
A price is rounded by what computes it: to half a unit of the last place by a product, to a few by a power, and to
log(price) units where it is the exponential of a sum of logarithms. Two such prices make a return, and two returns a
difference: 64 epsilon (1.4e-14) of 1 + r covers a hundredfold rise in logarithms, and lies 100,000 times below the
deviation of a money market fund.

Numbers that cannot be returns of prices are measured by their own size alone: numbers of less than 2^-30 (1e-9), unless
all of them are differences that 1 + r can show, which are whole multiples of 2^-53.
"""

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector, Required
from riskresearch.kernels.inlined._formulas import ROUNDING, SMALLEST_RATE


def rounding_of(vector: FloatVector) -> float:
    """Return the size at and below which a number of `vector` is zero but for rounding."""
    return ROUNDING if _over_one(vector, float(np.abs(vector).max())) else 0.0


def only_rounding(values: FloatMatrix, magnitude: float = 0.0) -> npt.NDArray[np.bool_]:
    """Return for each column whether its values differ by rounding alone, shape (columns,).

    `magnitude` is the size of what was subtracted to get `values`.
    """
    return range_is_rounding(values, values.min(axis=0), values.max(axis=0), magnitude)


def range_is_rounding(
    values: FloatMatrix, low: FloatVector, high: FloatVector, magnitude: float = 0.0
) -> npt.NDArray[np.bool_]:
    """Do the same where the least and the greatest value of each column are known."""
    size = np.maximum(np.maximum(-low, high), magnitude)
    # Halves, for from the least to the greatest double is farther than a double reaches.
    spread = 0.5 * high - 0.5 * low
    flat: npt.NDArray[np.bool_] = spread <= 0.5 * ROUNDING * (1.0 + size)
    if not any(flat.tolist()):
        return flat
    for column in np.flatnonzero(flat & (spread > 0.5 * ROUNDING * size)):
        flat[column] = _over_one(values[:, column], float(size[column]))
    return flat


def unless_rounding(denominator: FloatVector, values: FloatMatrix, required: Required = 0.0) -> FloatVector:
    """Return `denominator`, which comes from the shortfalls below `required`, zero where they are rounding alone.

    At most it is the number of rows times the worst shortfall, as sums, root mean squares and drawdowns are.
    """
    demanded = float(np.abs(required).max())
    unit = 1.0 + demanded
    doubtful = (denominator > 0.0) & (denominator <= values.shape[0] * ROUNDING * unit)
    if not doubtful.any():
        return denominator
    result = denominator.copy()
    for column in np.flatnonzero(doubtful):
        own = values[:, column]
        size = max(float(np.abs(own).max()), demanded)
        worst = float((required - own).max())
        if worst <= ROUNDING * demanded or (worst <= ROUNDING * unit and _over_one(own, size)):
            result[column] = 0.0
    return result


def size_unless_rounding(quantile: FloatVector, values: FloatMatrix) -> FloatVector:
    """Return the absolute value of a quantile of each column, zero where it is of the size of rounding."""
    result: FloatVector = np.abs(quantile)
    for column in np.flatnonzero((result > 0.0) & (result <= ROUNDING)):
        own = values[:, column]
        if _over_one(own, float(np.abs(own).max())):
            result[column] = 0.0
    return result


def is_nothing(total: float, parts: FloatVector) -> bool:
    """Return whether a total is what rounding leaves of parts that cancel, so that nothing can be a share of it."""
    return not abs(total) > ROUNDING * float(np.abs(parts).sum())


def shares_of(parts: FloatVector, total: float) -> FloatVector:
    """Return what part of the total each part is, nan where the parts cancel but for rounding: a perfect hedge."""
    return np.full(parts.shape, np.nan) if is_nothing(total, parts) else parts / total


def moves(covariance: FloatMatrix, weights: FloatVector) -> bool:
    """Return whether the variance of these weights is more than what rounding leaves of a perfect hedge."""
    parts = np.abs(weights) * np.sqrt(np.diag(covariance))
    variance = float(weights @ covariance @ weights)
    return variance > 0.0 and not is_nothing(variance, np.add.reduce(parts) * parts)


def _over_one(values: FloatVector, size: float) -> bool:
    """Return whether these numbers, of at most this size, can be returns of prices."""
    return size >= SMALLEST_RATE or bool(((1.0 + values) - 1.0 == values).all())
