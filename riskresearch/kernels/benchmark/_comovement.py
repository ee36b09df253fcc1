"""How columns move with a benchmark beyond correlation: (rows, columns) and (rows,) in, (columns,) out."""

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import deviation, mean, standardized
from riskresearch.kernels._rounding import is_nothing, rounding_of
from riskresearch.kernels.benchmark._relative import beta


def comoment(values: FloatMatrix, benchmark: FloatVector, power: int) -> FloatVector:
    """Return E[z m^power] of standardised returns z and benchmark m: 2 is co-skewness, 3 co-kurtosis."""
    product, market = standardized(values), standardized(benchmark[:, None])
    for _ in range(power):
        product = product * market
    return mean(product)


def comoment_beta(values: FloatMatrix, benchmark: FloatVector, power: int) -> FloatVector:
    """Return E[r m^power] over E[m^(power + 1)] of distances from the mean: 2 is that of co-skewness, 3 co-kurtosis.

    It is nan where the benchmark's moment cannot be told from zero, and zero for a column without deviation.
    """
    market = standardized(benchmark[:, None])
    parts = (market ** (power + 1))[:, 0]
    own = mean(parts[:, None])[0]
    if np.isnan(own) or is_nothing(own * parts.size, parts):
        return np.full(values.shape[1], np.nan)
    ours, theirs = deviation(values, 0), deviation(benchmark[:, None], 0)
    slope = comoment(values, benchmark, power) * (ours / theirs) / own
    return np.where(ours == 0.0, 0.0, slope)


def conditional_beta(
    values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, side: int, threshold: str
) -> FloatVector:
    """Return beta over the rows where the benchmark's excess return is above (`side` 1) or below (-1) a threshold."""
    market = benchmark - risk_free
    middle = mean(market[:, None])[0] if threshold == "mean" else 0.0
    chosen = (market - middle) * side > 0.0
    if chosen.sum() < 2:
        return np.full(values.shape[1], np.nan)
    return beta(values[chosen], benchmark[chosen], risk_free[chosen])


def batting_average(values: FloatMatrix, benchmark: FloatVector) -> FloatVector:
    """Return the share of rows on which a column did better than the benchmark, by more than rounding."""
    away = values - benchmark[:, None]
    nothing = np.array([max(rounding_of(column), rounding_of(benchmark)) for column in values.T])
    share: FloatVector = (away > nothing * (1.0 + np.abs(benchmark[:, None]))).mean(axis=0)
    return share
