"""Prices, weights and costs that the tests of simulations share."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from riskresearch.accounts import Costs

EVERY_COST = Costs(
    commission=0.0005,
    commission_per_unit=0.001,
    commission_minimum=0.01,
    half_spread=0.0002,
    impact=0.1,
    borrow_rate=0.0001,
    cash_rate=0.00005,
    debit_rate=0.0002,
)


def market(rows: int = 60, columns: int = 4, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return random target weights, long and short, and prices over the same dates."""
    rng = np.random.default_rng(seed)
    dates = pd.bdate_range("2023-01-02", periods=rows, name="date")
    names = [f"S{number}" for number in range(columns)]
    returns = 0.0003 + 0.012 * rng.standard_t(4, (rows, columns))
    prices = 50.0 * np.cumprod(1.0 + returns.clip(-0.4, 0.4), axis=0)
    weights = rng.uniform(-0.5, 0.6, (rows, columns))
    return pd.DataFrame(weights, dates, names), pd.DataFrame(prices, dates, names)


def markets() -> st.SearchStrategy:
    """Return a strategy for such pairs of any size."""
    return st.builds(market, st.integers(2, 40), st.integers(1, 5), st.integers(0, 2**32 - 1))


def impact_panels(prices: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the average volume and volatility that an impact needs."""
    return {"average_volume": 0.0 * prices + 500.0, "volatility": 0.0 * prices + 0.01}
