"""Market timing regressions: (rows, columns) and (rows,) in, (coefficients, columns) out."""

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import deviation, size_of
from riskresearch.kernels._rounding import rounding_of

REGRESSORS = 3


def timing_regressor(market: FloatVector, model: str) -> FloatVector:
    """Return the third regressor: the square of the market's excess return, or the payoff of a put on it."""
    regressor: FloatVector = market * market if model == "treynor_mazuy" else np.maximum(-market, 0.0)
    return regressor


def automatic_lags(rows: int) -> int:
    """Return Newey and West's (1994) rule of thumb for the number of lags."""
    return min(int(4.0 * (rows / 100.0) ** (2.0 / 9.0)), rows - 1)


def timing_regression(
    values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector, model: str, errors: str, lags: int | None
) -> FloatMatrix:
    """Return as rows: alpha per period, beta, timing, their standard errors, R squared, lags used, and rows counted.

    nan where the regressors are linearly dependent but for rounding. They are scaled to 1, so that squares of small
    returns keep rank.
    """
    market = benchmark - risk_free
    third = timing_regressor(market, model)
    scale = np.array([1.0, np.abs(market).max() or 1.0, np.abs(third).max() or 1.0])
    design = np.column_stack([np.ones(market.size), market, third]) / scale
    unknown = rounding_of(market) * max(
        1.0 / scale[1], (2.0 * scale[1] if model == "treynor_mazuy" else 1.0) / scale[2]
    )
    used = 0 if errors == "ols" else automatic_lags(market.size) if lags is None else lags
    result = np.full((2 * REGRESSORS + 3, values.shape[1]), np.nan)
    result[-2:] = [[float(used)], [float(market.size)]]
    least = float(np.linalg.svd(design, compute_uv=False)[-1])
    if np.linalg.matrix_rank(design) == REGRESSORS and least > unknown * market.size**0.5:
        for column in range(values.shape[1]):
            excess = values[:, column] - risk_free
            result[:-2, column] = _fit(excess, design, scale, errors, used, size_of(risk_free))
    return result


def _fit(
    excess: FloatVector, design: FloatMatrix, scale: FloatVector, errors: str, lags: int, magnitude: float
) -> FloatVector:
    from statsmodels.regression.linear_model import OLS  # noqa: PLC0415 (four times pandas, only for regressions)

    varies = deviation(excess[:, None], 0, magnitude=magnitude)[0] > 0.0
    unit = float(np.ldexp(1.0, int(np.frexp(np.abs(excess).max())[1]) - 1))  # a power of two: squares keep their digits
    excess = excess / unit
    model = OLS(excess, design)
    fit = model.fit() if errors == "ols" else model.fit(cov_type="HAC", cov_kwds={"maxlags": lags})
    explained = 1.0 - fit.ssr / np.sum((excess - excess.mean()) ** 2) if varies else np.nan
    return np.concatenate([fit.params * unit / scale, fit.bse * unit / scale, [explained]])
