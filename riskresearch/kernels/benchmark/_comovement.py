"""How columns move with a benchmark beyond correlation: (rows, columns) and (rows,) in, (columns,) out."""

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import mean, standardized
from riskresearch.kernels._rounding import rounding_of
from riskresearch.kernels.benchmark._relative import beta


def comoment(values: FloatMatrix, benchmark: FloatVector, power: int) -> FloatVector:
    """Return E[z m^power] of standardised returns z and benchmark m: 2 is co-skewness, 3 co-kurtosis."""
    product, market = standardized(values), standardized(benchmark[:, None])
    for _ in range(power):
        product = product * market
    return mean(product)


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
