"""Reward to the risk that a benchmark does, or does not, explain: (rows, columns) and (rows,) in, (columns,) out."""

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._compounding import excess_growth, yearly_rate
from riskresearch.kernels._moments import deviation, divide, mean, size_of
from riskresearch.kernels._ratios import excess
from riskresearch.kernels.benchmark._relative import alpha, beta, market_excess
from riskresearch.kernels.benchmark._risk_split import specific, systematic


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


def modified_treynor(
    values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, periods: float, compounding: str, ddof: int
) -> FloatVector:
    """Return yearly excess return over the yearly systematic risk."""
    risk = systematic(values, benchmark, risk_free, ddof) * np.sqrt(periods)
    return divide(yearly_excess(values, risk_free, periods, compounding), risk)


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
    if alpha_from == "regression":
        reward = alpha(values, benchmark, risk_free, periods)
    else:
        theirs = excess_growth(benchmark[:, None], risk_free, periods)
        reward = excess_growth(values, risk_free, periods) - beta(values, benchmark, risk_free) * theirs
    return divide(reward, specific(values, benchmark, risk_free, ddof) * np.sqrt(periods))
