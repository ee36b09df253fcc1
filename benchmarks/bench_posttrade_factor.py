"""Regressions on factors with Newey-West errors, for all rows and rolling, against statsmodels."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.compare import Case
from benchmarks.peers import peer
from riskresearch.kernels.inference._regression import coefficient_errors, decompose, regress, rolling_coefficients

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
ROWS, FACTORS, LAGS, WINDOW = 2_500, 5, 8, 250
REGRESSION_TARGET = 1.0
ROLLING_TARGET = 0.1


def factor_cases() -> list[Case]:
    """Return one regression with HAC errors and a rolling one, if statsmodels is installed."""
    models, rolling = peer("statsmodels.regression.linear_model"), peer("statsmodels.regression.rolling")
    if models is None or rolling is None:
        return []
    target, design = random_factors()

    def by_statsmodels() -> tuple[Vector, Vector]:
        fit = models.OLS(target, design).fit(cov_type="HAC", cov_kwds={"maxlags": LAGS})
        return fit.params, fit.bse

    def rolled_by_statsmodels() -> Matrix:
        params: Matrix = rolling.RollingOLS(target, design, WINDOW).fit(params_only=True).params
        return params[WINDOW - 1 :]

    ours, ours_rolling = partial(regression, target, design), partial(rolling_coefficients, target, design, WINDOW)

    def check() -> None:
        for mine, other in zip(ours(), by_statsmodels(), strict=True):
            np.testing.assert_allclose(mine, other, rtol=1e-9)

    def check_rolling() -> None:
        np.testing.assert_allclose(ours_rolling(), rolled_by_statsmodels(), rtol=1e-7, atol=1e-10)

    work = f"regression of {ROWS:,} rows on {FACTORS} factors"
    return [
        Case(f"{work}, HAC errors of {LAGS} lags", "statsmodels OLS", ours, by_statsmodels, check,
             "coefficients and errors equal to 1e-9", REGRESSION_TARGET),
        Case(f"{work}, windows of {WINDOW}", "statsmodels RollingOLS", ours_rolling, rolled_by_statsmodels,
             check_rolling, "coefficients equal to 1e-7", ROLLING_TARGET),
    ]  # fmt: skip


def regression(target: Vector, design: Matrix) -> tuple[Vector, Vector]:
    """Return coefficients and HAC errors."""
    regressors = decompose(design)
    assert regressors is not None
    found = regress(target, regressors)
    return found.coefficients, coefficient_errors(found, errors="hac", lags=LAGS)


def random_factors() -> tuple[Vector, Matrix]:
    """Return daily returns, and a constant beside correlated factors."""
    rng = np.random.default_rng(20261128)
    factors = 0.006 * rng.standard_normal((ROWS, 1)) + 0.006 * rng.standard_normal((ROWS, FACTORS))
    returns = factors @ rng.uniform(0.0, 0.5, FACTORS) + 0.008 * rng.standard_t(4, ROWS)
    return returns, np.column_stack([np.ones(ROWS), factors])
