"""Reward to the risk that a benchmark does, or does not, explain: (rows, columns) and (rows,) in, (columns,) out."""

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._compounding import excess_growth, yearly_rate
from riskresearch.kernels._moments import deviation, divide, mean, size_of
from riskresearch.kernels._ratios import excess
from riskresearch.kernels.benchmark._relative import alpha, beta, market_excess


def yearly_excess(values: FloatMatrix, risk_free: FloatVector, periods: float, compounding: str) -> FloatVector:
    """Return yearly return above the risk-free rate, compounded or as a mean times periods."""
    if compounding == "geometric":
        return excess_growth(values, risk_free, periods)
    return mean(excess(values, risk_free)) * periods


def treynor(
    values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, periods: float, compounding: str
) -> FloatVector:
    """Return yearly excess return over beta."""
    return divide(yearly_excess(values, risk_free, periods, compounding), beta(values, benchmark, risk_free))


def m_squared(
    values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, periods: float, compounding: str
) -> FloatVector:
    """Return the yearly return of the column mixed with cash so that it deviates as much as the benchmark."""
    yearly = yearly_rate(risk_free, periods) if compounding == "geometric" else mean(risk_free[:, None]) * periods
    size = size_of(risk_free)
    ours = deviation(excess(values, risk_free), magnitude=size)
    theirs = deviation(market_excess(benchmark, risk_free), magnitude=size)
    share = divide(np.broadcast_to(theirs, ours.shape), ours)
    return yearly + yearly_excess(values, risk_free, periods, compounding) * share


def appraisal(
    values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, periods: float, alpha_from: str, ddof: int
) -> FloatVector:
    """Return yearly alpha over the yearly deviation of the residuals of the regression of excess returns."""
    slope = beta(values, benchmark, risk_free)
    market = market_excess(benchmark, risk_free)
    if alpha_from == "regression":
        reward = alpha(values, benchmark, risk_free, periods)
    else:
        theirs = excess_growth(benchmark[:, None], risk_free, periods)
        reward = excess_growth(values, risk_free, periods) - slope * theirs
    residuals = excess(values, risk_free) - slope * market
    spread = deviation(residuals, ddof, magnitude=size_of(values) + size_of(risk_free))
    return divide(reward, spread * np.sqrt(periods))
