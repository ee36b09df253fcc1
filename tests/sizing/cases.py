"""Every sizer of this package that goes over rows, and what it is fed: one table that the tests over all share."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskresearch.sizing import (
    ATRSizer,
    FixedFractionSizer,
    FixedRiskSizer,
    InverseVolatilitySizer,
    VaRPositionSizer,
    VolatilityPositionSizer,
)


def from_returns(returns):
    """Return returns as they are."""
    return returns, {}


def with_stops(returns):
    """Return prices, and stops on changing sides of them."""
    prices = 100.0 * np.cumprod(1.0 + returns, axis=0)
    rows = np.arange(len(returns))[:, None]
    return prices, {"stops": prices * np.where(rows % 7 < 4, 0.95, 1.03)}


def with_ranges(returns):
    """Return closes, highs and lows."""
    close = 100.0 * np.cumprod(1.0 + returns, axis=0)
    spread = 0.001 + np.abs(returns)
    return close, {"high": close * (1.0 + spread), "low": close * (1.0 - 0.5 * spread)}


@dataclass(frozen=True)
class LastSquare:
    """A user's own forecaster: the root of the mean of the last two squares."""

    def start(self, columns):
        return RunningLastSquare(np.zeros(columns))

    def resume(self, state):
        return RunningLastSquare(np.array(state["before"]))


class RunningLastSquare:
    """Its state: the last square."""

    def __init__(self, before):
        self.before = before

    def update(self, row):
        square = np.where(np.isnan(row), self.before, row * row)
        forecast = np.sqrt(0.5 * (square + self.before))
        self.before = square
        return forecast

    def to_dict(self):
        return {"before": self.before.tolist()}


@dataclass(frozen=True)
class Case:
    """A sizer and how its inputs are made of returns."""

    name: str
    sizer: Any
    inputs: Callable[[Any], tuple[Any, Mapping[str, Any]]] = from_returns
    signals: bool = True
    """Whether any signals may be given."""
    start_up: int = 0
    """Rows of zeros before the first decision."""

    def decide(self, returns, *, signals=None, nan_policy="raise"):
        data, extras = self.inputs(returns)
        extras = extras if signals is None else {**extras, "signals": signals}
        return self.with_policy(nan_policy).weights(data, **extras)

    def with_policy(self, nan_policy):
        return dataclasses.replace(self.sizer, nan_policy=nan_policy)


TAILS = ("historical", "normal", "student_t", "cornish_fisher", "volatility_weighted")
SHORT = {"window": 12, "level": 0.8, "halflife": 4.0, "refit_every": 5, "min_periods": 12}
CASES = (
    Case("fixed fraction", FixedFractionSizer(fraction=0.3)),
    Case("fixed risk", FixedRiskSizer(risk=0.01, costs=0.001, band=0.05), with_stops, signals=False),
    Case("true range", ATRSizer(window=5, band=0.1), with_ranges, start_up=5),
    Case("inverse volatility", InverseVolatilitySizer(halflife=6.0, gross=1.5, max_leverage=2.0), start_up=5),
    Case("inverse rolling", InverseVolatilitySizer(estimator="rolling", window=8, band=0.1, min_periods=8), start_up=7),
    Case("own model", VolatilityPositionSizer(model=LastSquare(), periods_per_year=252)),
    *(
        Case(
            f"volatility {estimator} {scope}",
            VolatilityPositionSizer(
                scope=scope, estimator=estimator, halflife=6.0, window=9, min_periods=9, band=0.05, max_leverage=0.95,
                max_weight=0.9, periods_per_year=252,
            ),
            start_up=8,
        )
        for estimator in ("ewma", "rolling")
        for scope in ("asset", "portfolio")
    ),
    *(
        Case(
            f"{measure} {method} {scope}",
            VaRPositionSizer(method=method, measure=measure, scope=scope, budget=0.005, **SHORT),
            start_up=15 if method == "volatility_weighted" else 11,
        )
        for method in TAILS
        for measure in ("value_at_risk", "conditional_value_at_risk")
        for scope in ("asset", "portfolio")
    ),
)  # fmt: skip
QUICK = tuple(case for case in CASES if "student_t" not in case.name)


def signals_like(returns, seed=0):
    """Return signals of both signs, some of them 0, that stay for some rows."""
    drawn = np.random.default_rng(seed).choice(
        [-1.0, -0.5, 0.0, 0.7, 1.0], size=(len(returns) // 6 + 1, returns.shape[1])
    )
    return np.repeat(drawn, 6, axis=0)[: len(returns)]


def gaps_in(returns, seed=1):
    """Return returns of which one in twelve is missing."""
    return np.where(np.random.default_rng(seed).random(returns.shape) < 1 / 12, np.nan, returns)
