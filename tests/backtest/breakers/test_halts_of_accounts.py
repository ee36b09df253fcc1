"""Halts of simulated accounts: a strategy that goes in and out by itself has no more of them than its breakers."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.backtest import backtest_breakers
from riskresearch.breakers import ClosedTradesBreaker, DrawdownBreaker

FALL = np.array([100.0] * 3 + [90.0] * 17)
# By hand: the fall of bar 3 trips, the order fills on bar 4, and six bars later, after bar 9, the breaker re-arms.
HALT = [1.0] * 5 + [0.0] * 6 + [1.0] * 9


@pytest.mark.parametrize(
    "while_halted",
    [[1, 1, 1, 1, 1, 1], [1, 0, 1, 0, 1, 0], [0, 1, 0, 1, 0, 1], [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 1]],
    ids=lambda weights: "".join(map(str, weights)),
)
def test_a_halt_is_one_halt_whether_or_not_the_strategy_would_have_held_something(while_halted):
    weights = np.array([1, 1, 1, *while_halted] + [1] * 11, dtype=float)
    result = backtest_breakers(
        None, DrawdownBreaker(0.08, cooldown=6), weights=weights[:, None], prices=FALL[:, None], draws=19, rng=1
    )
    assert [event.event for event in result.events] == ["trip", "re-arm"]
    assert result.exposure.tolist() == HALT
    assert result.significance.halts == 1
    assert result.significance.time_halted == 6 / 20


def test_a_halt_of_a_strategy_that_holds_nothing_all_the_time_changes_nothing():
    weights = np.array([1.0] * 3 + [0.0] * 17)
    prices = np.array([100.0] * 3 + [90.0] * 17)
    result = backtest_breakers(
        None, DrawdownBreaker(0.08, cooldown=6), weights=weights[:, None], prices=prices[:, None], draws=19, rng=1
    )
    assert [event.event for event in result.events] == ["trip", "re-arm"]
    assert result.exposure.tolist() == [1.0] * 20
    assert result.significance.halts == 0


def test_halts_on_closed_trades_are_as_many_as_trips():
    rng = np.random.default_rng(7)
    days = pd.bdate_range("2015-01-01", periods=1500)
    close = pd.DataFrame({"A": 100.0 * np.cumprod(1.0 + rng.normal(0, 0.01, 1500))}, index=days)
    held = (close > close.rolling(10).mean()).astype(float)
    result = backtest_breakers(
        None, ClosedTradesBreaker(3, window=60, cooldown=20), weights=held, prices=close, draws=19, rng=1
    )
    trips = sum(event.event == "trip" for event in result.events)
    assert trips > 10
    assert result.significance.halts <= trips
    assert set(result.exposure) == {0.0, 1.0}
