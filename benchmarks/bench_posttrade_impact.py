"""Spreads from bars against bidask, by the authors of EDGE."""

from functools import partial

import numpy as np
import pandas as pd

from benchmarks.compare import Case
from benchmarks.peers import peer
from riskresearch.posttrade import estimated_spread

ROWS, TICKS, WINDOW = 5_000, 20, 63
ROLLING_TARGET = 1.0


def impact_cases() -> list[Case]:
    """Return EDGE over all bars and over moving windows, if bidask is installed."""
    bidask = peer("bidask")
    if bidask is None:
        return []
    bars = random_bars()
    columns = tuple(bars[name].to_numpy() for name in bars)
    ours, theirs = partial(estimated_spread, bars), partial(bidask.edge, *columns, sign=True)
    ours_rolling = partial(estimated_spread, bars, window=WINDOW)
    theirs_rolling = partial(bidask.edge_rolling, bars, window=WINDOW, sign=True)

    def check() -> None:
        np.testing.assert_allclose(ours().spread[0], theirs(), rtol=1e-10)

    def check_rolling() -> None:
        np.testing.assert_allclose(ours_rolling().to_frame()["bars"], theirs_rolling(), rtol=1e-6, atol=1e-8)

    work = f"EDGE spread of {ROWS:,} bars"
    return [
        Case(work, "bidask edge", ours, theirs, check, "equal to 1e-10"),
        Case(f"{work}, windows of {WINDOW}", "bidask edge_rolling", ours_rolling, theirs_rolling, check_rolling,
             "equal to 1e-6", ROLLING_TARGET),
    ]  # fmt: skip


def random_bars() -> pd.DataFrame:
    """Return daily bars of trades at bid and ask, a spread of 1 %."""
    rng = np.random.default_rng(20261128)
    middle = np.cumsum(rng.normal(0.0, 0.02 / np.sqrt(TICKS), ROWS * TICKS))
    trades = (50.0 * np.exp(middle) * (1.0 + rng.choice([-0.005, 0.005], ROWS * TICKS))).reshape(ROWS, TICKS)
    prices = np.column_stack([trades[:, 0], trades.max(axis=1), trades.min(axis=1), trades[:, -1]])
    dates = pd.bdate_range("2004-01-01", periods=ROWS, name="date")
    return pd.DataFrame(prices, dates, ["open", "high", "low", "close"])
