"""The data of the benchmarks: simulated returns, the same in every run."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

DAYS = 5000
ASSETS = 500
POSITIONS = 10_000
FACTORS = 50


@dataclass(frozen=True, slots=True)
class Book:
    """Delta-gamma positions on factors."""

    loadings: NDArray[np.float64]
    delta: NDArray[np.float64]
    gamma: NDArray[np.float64]
    covariance: NDArray[np.float64]


def book() -> Book:
    """Return 10,000 positions, long and short, on 50 correlated factors."""
    rng = np.random.default_rng(20260302)
    mix = 0.01 * rng.standard_normal((FACTORS, FACTORS))
    return Book(
        loadings=0.1 * rng.standard_normal((POSITIONS, FACTORS)),
        delta=rng.standard_normal(POSITIONS),
        gamma=2.0 * rng.standard_normal(POSITIONS),
        covariance=mix @ mix.T / FACTORS + 1e-4 * np.eye(FACTORS),
    )


def panel() -> NDArray[np.float64]:
    """Return daily returns of shape (days, assets) with fat tails, in C order."""
    rng = np.random.default_rng(20260301)
    return 0.0003 + 0.01 * rng.standard_t(4, size=(DAYS, ASSETS))


def series(seed: int = 1, name: str = "strategy") -> pd.Series:
    """Return daily returns of one strategy, dated by weekdays."""
    rng = np.random.default_rng(seed)
    values = 0.0004 + 0.008 * rng.standard_t(4, size=DAYS)
    return pd.Series(values, index=pd.bdate_range("2004-01-02", periods=DAYS, name="date"), name=name)


def benchmark_series(returns: pd.Series) -> pd.Series:
    """Return daily returns of a market to which `returns` has a beta of about one half."""
    rng = np.random.default_rng(2)
    values = 0.0002 + 0.6 * returns.to_numpy() + 0.006 * rng.standard_t(5, size=len(returns))
    return pd.Series(values, index=returns.index, name="market")
