"""How often intervals of alpha and a beta cover the true value: `python -m benchmarks.regression_coverage`."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from benchmarks.horizon_coverage import autocorrelated, clustered, normal
from riskresearch.kernels.inference._regression import coefficient_errors, decompose, newey_west_lags, regress

Matrix = npt.NDArray[np.float64]
REPETITIONS = {60: 4000, 250: 4000, 1000: 2000}
WAYS = {
    "ols": {"errors": "ols"},
    "hac": {"errors": "hac"},
    "hac, corrected": {"errors": "hac", "corrected": True},
}


def heteroskedastic(rng: np.random.Generator, factor: Matrix) -> Matrix:
    """Return residuals whose deviation grows with the size of the factor's return."""
    return 0.5 * rng.standard_normal(factor.shape) * np.abs(factor)


def coverage(name: str, law: Callable[[np.random.Generator, int, int], Matrix], depends: bool) -> None:
    """Print the share of histories whose 95 % interval holds the true value, of alpha and of beta."""
    rng = np.random.default_rng(0)
    for rows, repetitions in REPETITIONS.items():
        factors = law(rng, rows, repetitions)
        residuals = heteroskedastic(rng, factors) if depends else law(rng, rows, repetitions)
        inside = {way: np.zeros(2) for way in WAYS}
        reach = float(stdtrit(rows - 2, 0.975))
        for factor, residual in zip(factors.T, residuals.T, strict=True):
            regressors = decompose(np.column_stack([np.ones(rows), factor]))
            assert regressors is not None
            found = regress(0.8 * factor + residual, regressors)
            for way, options in WAYS.items():
                error = coefficient_errors(found, lags=newey_west_lags(rows), **options)
                inside[way] += np.abs(found.coefficients - [0.0, 0.8]) <= reach * error
        shares = {way: 100.0 * count / repetitions for way, count in inside.items()}
        told = ", ".join(f"{way}: alpha {share[0]:.1f} beta {share[1]:.1f}" for way, share in shares.items())
        print(f"{name:16} {rows:5} rows  {told}", flush=True)


if __name__ == "__main__":
    coverage("normal", normal, depends=False)
    coverage("heteroskedastic", normal, depends=True)
    coverage("autocorrelated", autocorrelated, depends=False)
    coverage("clustered", clustered, depends=True)
