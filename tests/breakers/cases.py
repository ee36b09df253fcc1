"""Breakers of every type and composition, and bars to show them."""

import math
from datetime import datetime, time, timedelta

import numpy as np

from riskresearch.breakers import (
    ClosedTradesBreaker,
    CorrelationBreaker,
    CustomBreaker,
    DispersionBreaker,
    DrawdownBreaker,
    ExposureBreaker,
    FeedDivergenceBreaker,
    GapBreaker,
    LossStreakBreaker,
    PeriodLossBreaker,
    PriceBandBreaker,
    RejectRateBreaker,
    StaleDataBreaker,
    TailBreachBreaker,
    TrailingDrawdownBreaker,
    TurnoverBreaker,
    VolatilityBreaker,
    all_of,
    any_of,
    ladder,
)
from riskresearch.core import Bar, ClosedTrade
from riskresearch.core._records import SIDES


def bar_range(state, bar):
    """Return the mean of the ranges of the bars so far: a user's step, with a state of a list."""
    count, total = state
    value = (bar.high - bar.low) / bar.price
    if value != value:
        return state, math.nan
    return [count + 1, total + value], (total + value) / (count + 1)


# Every type, each re-entry rule, stage and clock somewhere among them.
SINGLES = {
    "drawdown": DrawdownBreaker(0.05, cooldown=3),
    "drawdown timer": DrawdownBreaker(0.05, cooldown=2, reentry="timer", inclusive=False),
    "drawdown shadow": DrawdownBreaker(0.06, cooldown=2, reentry="shadow", rearm=0.02),
    "drawdown manual": DrawdownBreaker(0.15, reentry="manual"),
    "drawdown week": DrawdownBreaker(0.03, period="week", cooldown="day", stage="reduce", fraction=0.25),
    "drawdown day": DrawdownBreaker(0.02, period="day", cooldown=timedelta(hours=30), missing="trip"),
    "period loss": PeriodLossBreaker(0.03, period="month", cooldown="month"),
    "period loss shadow": PeriodLossBreaker(0.03, period="week", reentry="shadow", cooldown=1),
    "bar loss": PeriodLossBreaker(0.03, period="bar", cooldown=1, reentry="timer"),
    "loss since start": PeriodLossBreaker(0.04, period="start", cooldown=4, stage="halt"),
    "volatility": VolatilityBreaker(0.35, window=5, periods_per_year=252, cooldown=2, reentry="shadow", rearm=0.3),
    "volatility ratio": VolatilityBreaker(1.3, window=4, long_window=12, cooldown=1),
    "tail breaches": TailBreachBreaker(2, window=10, cooldown=3),
    "streak": LossStreakBreaker(3, min_loss=0.001, cooldown=2),
    "trailing drawdown": TrailingDrawdownBreaker(0.05, window=6, cooldown=1, stage="reduce", fraction=0.5),
    "gap": GapBreaker(0.02, cooldown=1, side="down"),
    "jump": GapBreaker(0.04, field="price", cooldown=1),
    "band": PriceBandBreaker(0.05, window=5, cooldown=2),
    "band given": PriceBandBreaker(0.06, cooldown=0, reentry="shadow", missing="trip"),
    "exposure": ExposureBreaker(1.4, stage="halt", cooldown=1),
    "net exposure": ExposureBreaker(1.2, measure="net", stage="freeze", cooldown=1),
    "turnover": TurnoverBreaker(0.9, window=3, cooldown=2, stage="warn"),
    "rejects": RejectRateBreaker(0.4, window=4, min_orders=5, cooldown=2),
    "stale": StaleDataBreaker(2, cooldown=1, reentry="shadow"),
    "unchanged": StaleDataBreaker(2, unchanged=True, cooldown=1),
    "old": StaleDataBreaker(30.0, field="data_age", cooldown=1),
    "divergence": FeedDivergenceBreaker(0.01, cooldown=1),
    "correlation": CorrelationBreaker(0.5, window=6, cooldown=2),
    "dispersion": DispersionBreaker(0.03, cooldown=1),
    "losing trades": ClosedTradesBreaker(3, window=6, min_loss=0.002, cooldown=2),
    "losing trades shadow": ClosedTradesBreaker(3, window=6, cooldown=1, reentry="shadow", rearm=1, missing="trip"),
    "gross loss": ClosedTradesBreaker(0.05, measure="gross_loss", window=timedelta(hours=60), cooldown=time(9, 30)),
    "net loss": ClosedTradesBreaker(-0.01, measure="net_loss", window=8, min_trades=3, inclusive=False, cooldown=1),
    "trades": ClosedTradesBreaker(1, measure="trades", window=1, cooldown=2, stage="halt"),
    "drawdown until": DrawdownBreaker(0.02, period="day", cooldown=time(16), reentry="timer"),
    "custom": CustomBreaker(0.035, step=bar_range, initial=[0, 0.0], cooldown=2),
}
COMPOSITIONS = {
    "any of": [any_of(SINGLES["drawdown"], SINGLES["streak"], cooldown=2, reentry="peak_reset")],
    "all of": [all_of(SINGLES["drawdown"], SINGLES["volatility"], cooldown=2, reentry="shadow")],
    "nested": [
        any_of(
            all_of(SINGLES["drawdown"], LossStreakBreaker(2)), SINGLES["band given"], SINGLES["custom"],
            cooldown=1, reentry="timer", stage="reduce", fraction=0.1, name="nested",
        )
    ],
    "ladder": list(
        ladder(
            DrawdownBreaker(1.0, reentry="shadow", cooldown=1),
            rungs=[(0.02, "warn"), (0.04, "reduce", 0.6), (0.06, "reduce", 0.3), (0.08, "halt"), (0.1, "liquidate")],
            gap=0.25,
        )
    ),
    "until": [
        all_of(SINGLES["losing trades"], SINGLES["net loss"], cooldown=time(8, 15, 30), stage="reduce", name="both"),
        SINGLES["gross loss"], LossStreakBreaker(2, cooldown=time(23, 59, 59, 999999)),
    ],
    "ten": [
        SINGLES[name] for name in (
            "drawdown", "period loss", "volatility", "streak", "gap", "exposure", "stale", "rejects", "tail breaches",
            "correlation",
        )
    ],
}  # fmt: skip
SETS = {name: [breaker] for name, breaker in SINGLES.items()} | COMPOSITIONS
START = datetime(2021, 2, 24, 15, 30)


def random_bars(seed, rows, gaps=0.0, assets=3):
    """Return bars of every field; a share of `gaps` of the numbers is missing."""
    rng = np.random.default_rng(seed)
    returns = rng.standard_t(3, rows) * 0.015
    close = 100.0 * np.cumprod(1.0 + np.clip(returns, -0.3, 0.3))
    fields = {
        "strategy_return": np.clip(returns, -0.3, 0.3), "price": close.round(2),
        "open": np.r_[100.0, close[:-1]] * (1.0 + rng.normal(0, 0.01, rows)),
        "high": close * 1.02, "low": close * 0.985,
        "reference_price": np.r_[100.0, close[:-1]], "other_price": close * (1.0 + rng.normal(0, 0.006, rows)),
        "value_at_risk": np.full(rows, 0.02), "conditional_value_at_risk": np.full(rows, 0.03),
        "gross_exposure": rng.uniform(0.5, 1.6, rows), "net_exposure": rng.uniform(-1.5, 1.5, rows),
        "turnover": rng.uniform(0, 0.5, rows), "orders": rng.integers(0, 5, rows).astype(float),
        "rejects": rng.integers(0, 3, rows).astype(float), "data_age": rng.exponential(15.0, rows),
    }  # fmt: skip
    for values in fields.values():
        values[rng.random(rows) < gaps] = math.nan
    rows_of_assets = (rng.normal(0, 0.02, (rows, assets)) + rng.normal(0, 0.015, (rows, 1))).tolist()
    closed = [
        None if rng.random() < gaps else tuple(
            ClosedTrade(float(rng.normal(0.0, 0.02)), "AB"[int(rng.integers(2))], SIDES[int(rng.integers(2))])
            for _ in range(rng.poisson(0.7))
        )
        for _ in range(rows)
    ]  # fmt: skip
    times = [START + timedelta(days=int(day), hours=int(hour)) for day, hour in zip(
        np.arange(rows) * 7 // 5, np.arange(rows) % 3, strict=True)]  # fmt: skip
    return [
        Bar(
            time=times[row], asset_returns=tuple(rows_of_assets[row]), closed_trades=closed[row],
            **{name: float(values[row]) for name, values in fields.items()},
        )
        for row in range(rows)
    ]  # fmt: skip
