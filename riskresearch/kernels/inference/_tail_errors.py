"""The sampling error of historical VaR and CVaR of independent rows: (rows, columns) in, (columns,) out."""

from math import ceil, inf, pi

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import deviation
from riskresearch.kernels._quantiles import historical_tail
from riskresearch.kernels.inference._sharpe_errors import normal_quantile

FARTHEST_DEVIATIONS = 40.0


def binomial_ranks(rows: int, level: float, confidence: float) -> tuple[int, int]:
    """Return which order statistics, counted from 1, enclose the `level` quantile with at least `confidence`.

    The number of values at or below the quantile is binomial, so those ranks are the quantiles of that distribution:
    each side misses with at most half of what is left. 0 or `rows` + 1 where the sample has no such value.
    """
    from scipy.special import bdtr  # noqa: PLC0415 (as dear as pandas, and needed for this alone)

    half = ceil(FARTHEST_DEVIATIONS * (rows * level * (1.0 - level)) ** 0.5 + 1.0)
    counts = np.arange(max(0, int(rows * level) - half), min(rows, int(rows * level) + half) + 1)
    reached = bdtr(counts.astype(float), rows, level)
    lower = int(counts[np.searchsorted(reached, 0.5 - 0.5 * confidence)])
    upper = int(counts[np.searchsorted(reached, 0.5 + 0.5 * confidence)])
    return lower, upper + 1


def order_statistic_bounds(values: FloatMatrix, level: float, confidence: float) -> tuple[FloatVector, FloatVector]:
    """Return the losses of those ranks; infinite where the sample ends before."""
    rows, columns = values.shape
    lower, upper = binomial_ranks(rows, level, confidence)
    losses = np.sort(-values, axis=0) + 0.0
    below = losses[lower - 1] if lower >= 1 else np.full(columns, -inf)
    above = losses[upper - 1] if upper <= rows else np.full(columns, inf)
    return below, above


def quantile_error(values: FloatMatrix, level: float) -> FloatVector:
    """Return the standard error of VaR: sqrt(level (1 - level) / n) over the density of the losses at the quantile.

    One over the density is the slope of the quantiles (Siddiqui 1960) within the bandwidth of Hall and Sheather (1988),
    at most halfway to the end of the sample.
    """
    rows, z = values.shape[0], normal_quantile(level)
    density = np.exp(-0.5 * z * z) / (2.0 * pi) ** 0.5
    band = rows ** (-1.0 / 3.0) * normal_quantile(0.975) ** (2.0 / 3.0)
    band *= (1.5 * density**2 / (2.0 * z * z + 1.0)) ** (1.0 / 3.0)
    band = min(band, 0.5 * (1.0 - level))
    low, high = np.quantile(-values, [level - band, level + band], axis=0)
    slope: FloatVector = (high - low) / (2.0 * band)
    return slope * (level * (1.0 - level) / rows) ** 0.5


def shortfall_error(values: FloatMatrix, level: float) -> FloatVector:
    """Return the standard error of CVaR: the deviation of the losses beyond VaR over (1 - level) sqrt(n).

    It is Manistre and Hancock's (2005) sqrt((variance in the tail + level (CVaR - VaR)^2) / (n (1 - level))) and
    Trindade et al.'s (2007) asymptotic error.
    """
    value_at_risk = historical_tail(values, level)[0]
    beyond = np.maximum(-values - value_at_risk, 0.0)
    return deviation(beyond, 0) / ((1.0 - level) * values.shape[0] ** 0.5)
