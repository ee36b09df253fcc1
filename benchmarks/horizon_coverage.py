"""How often intervals of 10-row VaR and CVaR cover the true value: `python -m benchmarks.horizon_coverage`."""

import sys
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from riskresearch.kernels._horizon import compounded_windows
from riskresearch.metrics import Bootstrap, conditional_value_at_risk, value_at_risk

Matrix = npt.NDArray[np.float64]
HORIZON = 10
REPETITIONS = {500: 1000, 2000: 400}
MEASURES = {
    "VaR 95 %": (value_at_risk, 0.95),
    "VaR 99 %": (value_at_risk, 0.99),
    "CVaR 95 %": (conditional_value_at_risk, 0.95),
}


def normal(rng: np.random.Generator, rows: int, columns: int) -> Matrix:
    """Return independent normal rows of 1 %."""
    return 0.01 * rng.standard_normal((rows, columns))


def fat_tailed(rng: np.random.Generator, rows: int, columns: int) -> Matrix:
    """Return independent rows of Student's t with 4 degrees of freedom and a deviation of 1 %."""
    return 0.01 * rng.standard_t(4, (rows, columns)) / 2.0**0.5


def autocorrelated(rng: np.random.Generator, rows: int, columns: int) -> Matrix:
    """Return an AR(1) of 0.2 with normal shocks of 1 %."""
    shocks = normal(rng, rows + 50, columns)
    for row in range(1, len(shocks)):
        shocks[row] += 0.2 * shocks[row - 1]
    return shocks[50:]


def clustered(rng: np.random.Generator, rows: int, columns: int) -> Matrix:
    """Return a GARCH(1, 1) of 0.09 and 0.90 with a deviation of 1 %."""
    shocks, variance = rng.standard_normal((rows + 300, columns)), np.full(columns, 1e-4)
    for row in range(len(shocks)):
        shocks[row] *= np.sqrt(variance)
        variance = 1e-6 + 0.09 * shocks[row] ** 2 + 0.90 * variance
    return shocks[300:]


def coverage(law: Callable[[np.random.Generator, int, int], Matrix], how: str) -> None:
    """Print the share of histories whose 95 % interval holds the true value, by rows and measure."""
    rng = np.random.default_rng(0)
    windows = np.concatenate([compounded_windows(law(rng, 1000, 2000), HORIZON, HORIZON).ravel() for _ in range(20)])
    truth = {name: measure(windows, level=level) for name, (measure, level) in MEASURES.items()}
    for rows, repetitions in REPETITIONS.items():
        histories = law(rng, rows, repetitions)
        for name, (measure, level) in MEASURES.items():
            settings = Bootstrap(0.95, draws=500, resampling="stationary", rng=1)
            found = measure(histories, level=level, horizon=HORIZON, horizon_method=how, interval=settings)
            share = np.mean((found.lower <= truth[name]) & (truth[name] <= found.upper))
            print(
                f"{law.__name__:14} {how:14} {rows:5} rows {repetitions:5} histories  {name:9} {share:6.1%}", flush=True
            )


if __name__ == "__main__":
    for each in (normal, fat_tailed, autocorrelated, clustered):
        for windows_of in sys.argv[1:] or ["overlapping"]:
            coverage(each, windows_of)
