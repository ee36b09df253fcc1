"""Measures of each column of returns against a benchmark: (rows, columns) and (rows,) in, (columns,) out."""

import numpy as np

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._ratios import deviation, divide, excess, growth, mean, reward_to_deviation


@shared
def market_excess(benchmark: FloatVector, risk_free: FloatVector) -> FloatMatrix:
    """Return the benchmark less the risk-free rate, shape (rows, 1)."""
    return (benchmark - risk_free)[:, None]


@shared
def beta(values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector) -> FloatVector:
    """Return the slope of the excess returns on the benchmark's."""
    own, market = excess(values, risk_free), market_excess(benchmark, risk_free)
    distance = market - mean(market)
    covariance = mean((own - mean(own)) * distance)
    spread = np.where(deviation(market, 0) == 0.0, 0.0, mean(distance * distance))
    return divide(covariance, np.broadcast_to(spread, covariance.shape))


def alpha(values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, periods: float) -> FloatVector:
    """Return Jensen's alpha: the intercept of that regression times the periods per year."""
    own, market = excess(values, risk_free), market_excess(benchmark, risk_free)
    return (mean(own) - beta(values, benchmark, risk_free) * mean(market)) * periods


def correlation(values: FloatMatrix, benchmark: FloatVector) -> FloatVector:
    """Return Pearson's correlation with the benchmark, within [-1, 1]."""
    market = benchmark[:, None]
    covariance = mean((values - mean(values)) * (market - mean(market)))
    return np.clip(divide(covariance, deviation(values, 0) * deviation(market, 0)), -1.0, 1.0)


def tracking_error(values: FloatMatrix, benchmark: FloatVector, periods: float) -> FloatVector:
    """Return the yearly deviation of the return differences."""
    spread = deviation(excess(values, benchmark), magnitude=float(np.abs(benchmark).max()))
    return spread * np.sqrt(periods)


def information_ratio(values: FloatMatrix, benchmark: FloatVector, periods: float) -> FloatVector:
    """Return the mean return difference over its deviation, times the root of the periods per year."""
    return reward_to_deviation(excess(values, benchmark), benchmark) * np.sqrt(periods)


def capture(values: FloatMatrix, benchmark: FloatVector, side: int, compounding: str, periods: float) -> FloatVector:
    """Return mean return over the benchmark's where the benchmark rose (`side` 1) or fell (-1)."""
    chosen = benchmark * side > 0.0
    if not chosen.any():
        return np.full(values.shape[1], np.nan)
    exponent = periods if compounding == "annualized" else 1.0
    ours = _average(values[chosen], compounding, exponent)
    theirs = _average(benchmark[chosen][:, None], compounding, exponent)
    return divide(ours, np.broadcast_to(theirs, ours.shape))


def _average(values: FloatMatrix, compounding: str, exponent: float) -> FloatVector:
    if compounding == "arithmetic":
        return mean(values)
    total: FloatVector = growth(values)[-1] ** (exponent / values.shape[0])
    return total - 1.0
