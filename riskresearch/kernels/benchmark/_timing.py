"""Market timing regressions: (rows, columns) and (rows,) in, (coefficients, columns) out."""

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import deviation, size_of
from riskresearch.kernels._rounding import rounding_of
from riskresearch.kernels.inference._regression import (
    Regressors,
    coefficient_errors,
    decompose,
    newey_west_lags,
    regress,
    scale_of,
)

REGRESSORS = 3


def timing_regressor(market: FloatVector, model: str) -> FloatVector:
    """Return the third regressor: the square of the market's excess return, or the payoff of a put on it."""
    regressor: FloatVector = market * market if model == "treynor_mazuy" else np.maximum(-market, 0.0)
    return regressor


def timing_regression(
    values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, model: str, errors: str, lags: int | None
) -> FloatMatrix:
    """Return as rows: alpha per period, beta, timing, their standard errors, R squared, lags used, and rows counted.

    nan where the regressors are linearly dependent but for rounding. They are scaled to 1, so that squares of small
    returns keep rank.
    """
    market = benchmark - risk_free
    third = timing_regressor(market, model)
    design = np.column_stack([np.ones(market.size), market, third])
    size = scale_of(design)
    unknown = rounding_of(market) * max(1.0 / size[1], (2.0 * size[1] if model == "treynor_mazuy" else 1.0) / size[2])
    used = 0 if errors == "ols" else newey_west_lags(market.size) if lags is None else lags
    result = np.full((2 * REGRESSORS + 3, values.shape[1]), np.nan)
    result[-2:] = [[float(used)], [float(market.size)]]
    regressors = decompose(design, unknown=unknown)
    if regressors is not None:
        for column in range(values.shape[1]):
            excess = values[:, column] - risk_free
            result[:-2, column] = _fit(excess, regressors, errors, used, size_of(risk_free))
    return result


def _fit(excess: FloatVector, regressors: Regressors, errors: str, lags: int, magnitude: float) -> FloatVector:
    varies = deviation(excess[:, None], 0, magnitude=magnitude)[0] > 0.0
    unit = float(np.ldexp(1.0, int(np.frexp(np.abs(excess).max())[1]) - 1))  # a power of two: squares keep their digits
    excess = excess / unit
    found = regress(excess, regressors)
    left_over = found.residuals @ found.residuals
    explained = 1.0 - left_over / np.sum((excess - excess.mean()) ** 2) if varies else np.nan
    spread = coefficient_errors(found, errors=errors, lags=lags)
    return np.concatenate([found.coefficients * unit, spread * unit, [explained]])
