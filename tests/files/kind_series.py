"""Made series of every kind of number that files hold, each by the process that it has in the markets."""

import numpy as np
import pandas as pd

DAYS = pd.bdate_range("2021-01-04", periods=260)
WEEK_DAYS = pd.date_range("2021-01-01", periods=260)
MONTHS = pd.date_range("2005-01-31", periods=180, freq="ME")
ROOT = {"days": np.sqrt(252.0), "week": np.sqrt(365.0), "months": np.sqrt(12.0)}
DATES = {"days": DAYS, "week": WEEK_DAYS, "months": MONTHS}


def returns(volatility, *, seed, drift=0.05, every="days", rows=None):
    """Return simple returns as fractions, fat-tailed (Student's t with 5 degrees of freedom)."""
    dates = DATES[every][:rows]
    shocks = np.random.default_rng(seed).standard_t(5, len(dates)) * np.sqrt(3.0 / 5.0)
    return pd.Series(np.expm1(shocks * volatility / ROOT[every] + drift / ROOT[every] ** 2), index=dates)


def prices(start, volatility, *, seed, digits=None, every="days", rows=None, drift=0.05):
    """Return prices that begin at `start`, with so many digits behind the decimal mark."""
    own = returns(volatility, seed=seed, every=every, rows=rows, drift=drift)
    own.iloc[0] = 0.0
    levels = start * (1.0 + own).cumprod()
    return levels if digits is None else levels.round(digits)


def reverting(level, volatility, *, seed, pull, digits=2, every="days"):
    """Return levels whose logarithm reverts to that of `level`: an index of volatility, a yield."""
    dates = DATES[every]
    shocks = np.random.default_rng(seed).standard_normal(len(dates)) * volatility / ROOT[every]
    path = np.zeros(len(dates))
    for row in range(1, len(dates)):
        path[row] = (1.0 - pull) * path[row - 1] + shocks[row]
    return pd.Series(level * np.exp(path), index=dates).round(digits)


def cash(rate, *, every="days", seed=0):
    """Return the returns of a deposit whose yearly rate moves by a little."""
    dates = DATES[every]
    path = rate * np.exp(np.random.default_rng(seed).normal(0.0, 0.003, len(dates)).cumsum())
    return pd.Series(path / ROOT[every] ** 2, index=dates)


def cumulative(volatility, *, seed, every="days", drift=0.05):
    """Return returns since the first row, which is zero."""
    return prices(1.0, volatility, seed=seed, every=every, drift=drift) - 1.0


def profit(size, *, seed, every="days"):
    """Return profit and loss in money, to the cent."""
    dates = DATES[every]
    return pd.Series(np.random.default_rng(seed).standard_t(4, len(dates)) * size, index=dates).round(2)


def smoothed(volatility, *, seed, weight=0.4):
    """Return monthly returns that are marked to a model: each is partly the one before."""
    own = returns(volatility, seed=seed, every="months")
    return own * (1.0 - weight) + own.shift(fill_value=0.0) * weight
