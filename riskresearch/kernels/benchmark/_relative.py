"""Measures of each column of returns against a benchmark: (rows, columns) and (rows,) in, (columns,) out."""

import numpy as np

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._compounding import compounded, log_growth, rate
from riskresearch.kernels._moments import deviation, divide, mean, moderating, size_of
from riskresearch.kernels._ratios import excess, reward_to_deviation
from riskresearch.kernels._rounding import only_rounding, rounding_of


@shared
def market_excess(benchmark: FloatVector, risk_free: FloatVector) -> FloatMatrix:
    """Return the benchmark less the risk-free rate, shape (rows, 1)."""
    return (benchmark - risk_free)[:, None]


@shared
def beta(values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector) -> FloatVector:
    """Return the slope of the excess returns on the benchmark's; zero for a column without deviation."""
    own, market = excess(values, risk_free), market_excess(benchmark, risk_free)
    size = size_of(risk_free)
    distance, back = _moderate(market, deviation(market, 0, magnitude=size))
    if back[0] != back[0]:
        return np.full(values.shape[1], np.nan)
    still, own_back = only_rounding(own, size), np.ones(1)
    if back[0] != 1.0:
        own_back = 1.0 / moderating(np.abs(own).max(axis=0))
        own = own / own_back
    covariance = mean((own - mean(own)) * distance)
    return np.where(still, 0.0, covariance / mean(distance * distance) * (own_back / back))


def _moderate(values: FloatMatrix, spread: FloatVector) -> tuple[FloatMatrix, FloatVector]:
    """Return the distances from the mean, times a power of two that lets them be squared, and one over that power.

    The power is nan where the deviation `spread` is zero.
    """
    factor = np.where(spread == 0.0, np.nan, moderating(spread))
    if not (factor == 1.0).all():
        values = values * np.where(factor == factor, factor, 1.0)
    return values - mean(values), 1.0 / factor


def alpha(values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, periods: float) -> FloatVector:
    """Return Jensen's alpha: the intercept of that regression times the periods per year."""
    own, market = excess(values, risk_free), market_excess(benchmark, risk_free)
    return (mean(own) - beta(values, benchmark, risk_free) * mean(market)) * periods


def correlation(values: FloatMatrix, benchmark: FloatVector) -> FloatVector:
    """Return Pearson's correlation with the benchmark, within [-1, 1]."""
    market = benchmark[:, None]
    ours, theirs = deviation(values, 0), deviation(market, 0)
    own, own_back = _moderate(values, ours)
    distance, back = _moderate(market, theirs)
    covariance = mean(own * distance)
    return np.clip(divide(covariance, (ours / own_back) * (theirs / back)), -1.0, 1.0)


def tracking_error(values: FloatMatrix, benchmark: FloatVector, periods: float) -> FloatVector:
    """Return the yearly deviation of the return differences."""
    spread = deviation(excess(values, benchmark), magnitude=size_of(benchmark))
    return spread * np.sqrt(periods)


def information_ratio(values: FloatMatrix, benchmark: FloatVector, periods: float) -> FloatVector:
    """Return the mean return difference over its deviation, times the root of the periods per year."""
    return reward_to_deviation(excess(values, benchmark), benchmark) * np.sqrt(periods)


def capture(values: FloatMatrix, benchmark: FloatVector, side: int, compounding: str, periods: float) -> FloatVector:
    """Return mean return over the benchmark's where the benchmark rose (`side` 1) or fell (-1)."""
    chosen = benchmark * side > rounding_of(benchmark)
    if not chosen.any():
        return np.full(values.shape[1], np.nan)
    exponent = periods if compounding == "annualized" else 1.0
    ours = _average(values[chosen], compounding, exponent)
    theirs = _average(benchmark[chosen][:, None], compounding, exponent)
    return divide(ours, np.broadcast_to(theirs, ours.shape))


def capture_terms(values: FloatMatrix, benchmark: FloatVector, side: int, compounding: str) -> FloatMatrix:
    """Return what `capture_of_sums` needs the sums of, shape (rows, 3): both returns of chosen rows, and 1."""
    chosen = benchmark * side > rounding_of(benchmark)
    pair = np.stack([values[:, 0], benchmark], axis=1)
    grown = pair if compounding == "arithmetic" else log_growth(pair)
    return np.column_stack([np.where(chosen[:, None], grown, 0.0), chosen])


def capture_of_sums(sums: FloatMatrix, compounding: str, periods: float) -> FloatVector:
    """Return `capture` of each draw from its sums of `capture_terms`."""
    means = divide(sums[:, :2], np.rint(sums[:, 2:]))
    if compounding != "arithmetic":
        means = rate(means, periods if compounding == "annualized" else 1.0)
    return divide(means[:, 0], means[:, 1])


def _average(values: FloatMatrix, compounding: str, exponent: float) -> FloatVector:
    if compounding == "arithmetic":
        return mean(values)
    return compounded(values, exponent / values.shape[0]) - 1.0
