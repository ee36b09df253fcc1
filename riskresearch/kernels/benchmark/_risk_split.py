"""Risk that a benchmark explains, or does not: (rows, columns) and (rows,) in, (columns,) out, per period."""

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import deviation, size_of
from riskresearch.kernels._ratios import excess
from riskresearch.kernels.benchmark._relative import beta, market_excess


def systematic(values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, ddof: int) -> FloatVector:
    """Return the size of beta times the deviation of the benchmark's excess returns."""
    market = deviation(market_excess(benchmark, risk_free), ddof, magnitude=size_of(risk_free))
    return np.abs(beta(values, benchmark, risk_free)) * market


def specific(values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, ddof: int) -> FloatVector:
    """Return the deviation of the residuals of the regression of excess returns; nan without a beta."""
    slope = beta(values, benchmark, risk_free)
    residuals = excess(values, risk_free) - slope * market_excess(benchmark, risk_free)
    spread = deviation(residuals, ddof, magnitude=size_of(values) + size_of(risk_free))
    return np.where(np.isnan(slope), np.nan, spread)


def total(values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, ddof: int) -> FloatVector:
    """Return the root of the sum of the squares of both."""
    return np.hypot(systematic(values, benchmark, risk_free, ddof), specific(values, benchmark, risk_free, ddof))
