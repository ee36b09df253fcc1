""" "A 10 % stop, 20 days, against luck", as a newcomer to the library writes it."""

import numpy as np
import pandas as pd
import pytest

import riskresearch as rr
from riskresearch.breakers import BreakerSet, ClosedTradesBreaker, DrawdownBreaker
from riskresearch.core import ConventionWarning, InvalidInputError

PRICES = 100.0 * np.cumprod(1.0 + pd.Series(np.random.default_rng(2).normal(0.0003, 0.012, 500)))
PRICES.index = pd.bdate_range("2020-01-01", periods=500)
RETURNS = PRICES.pct_change().dropna()
STOP = DrawdownBreaker(0.10, cooldown=20)


def judged(returns, breakers=STOP, **options):
    return rr.backtest_breakers(returns, breakers, draws=50, rng=1, **options).path.exposure


@pytest.mark.parametrize(
    "guess",
    [
        lambda: judged(RETURNS.to_frame("fund")),
        lambda: judged(RETURNS.to_list()),
        lambda: judged(RETURNS, [STOP]),
        lambda: judged(RETURNS, BreakerSet(STOP)),
        lambda: judged(RETURNS, DrawdownBreaker(limit=0.1, cooldown=20.0)),
        lambda: judged(None, prices=PRICES)[1:],
        lambda: judged(None, prices=PRICES.to_frame())[1:],
    ],
)
def test_what_means_the_same_gives_the_same(guess):
    assert guess().tolist() == judged(RETURNS).tolist()


@pytest.mark.parametrize(
    ("guess", "remedy"),
    [
        (lambda: DrawdownBreaker(10, cooldown=20), "It is the fraction lost: 10 % is 0.1, not 10"),
        (lambda: DrawdownBreaker(-0.10, cooldown=20), "It is the fraction lost: 10 % is 0.1"),
        (lambda: DrawdownBreaker("10%"), r"got '10%'\. It is the fraction lost: 10 % is 0\.1"),
        (lambda: DrawdownBreaker(0.1, cooldown="20d"), "20 bars are cooldown=20, 20 calendar days timedelta"),
        (lambda: DrawdownBreaker(0.1, cooldown=pd.offsets.BDay(20)), "20 bars are cooldown=20"),
        (lambda: judged(RETURNS, 0.10), r"A stop at 10 % for 20 bars is DrawdownBreaker\(0\.10, cooldown=20\)"),
        (lambda: judged(RETURNS, "drawdown"), r"DrawdownBreaker\(0\.10, cooldown=20\)"),
        (lambda: judged(RETURNS, {"limit": 0.1}), r"DrawdownBreaker\(0\.10, cooldown=20\)"),
        (lambda: judged(RETURNS, DrawdownBreaker), r"Give it its parameters: DrawdownBreaker\(\.\.\.\)"),
        (lambda: judged(STOP, RETURNS), "breakers must be breakers, or sequences of them, got a Series"),
        (lambda: judged(PRICES.pct_change()), r"got 1 non-finite, the first at 2020-01-01\. .*: returns\.dropna\(\)"),
        (lambda: judged(None, prices=PRICES.where(PRICES.index != "2020-01-02")), r"prices\.dropna\(\)"),
        (lambda: judged(pd.concat([RETURNS, RETURNS], axis=1)), "returns must be one series, got 2 columns. Pass one"),
        (lambda: judged(100.0 * RETURNS), "Returns are fractions: -5 % is -0.05"),
        (lambda: judged(RETURNS, confidence=95), "A 95 % interval is 0.95"),
        (
            lambda: rr.backtest_breakers(RETURNS, limit=0.1, cooldown=20),
            r"breakers=DrawdownBreaker\(0\.10, cooldown=20\)",
        ),
        (lambda: rr.backtest_breakers(RETURNS, breaker=STOP), "has no argument 'breaker'.*Write breakers="),
        (lambda: rr.backtest_breakers(RETURNS, STOP, seed=1), "Write rng=1"),
        (lambda: rr.backtest_breakers(RETURNS, STOP, fees=0.001), r"Write costs=0\.001"),
        (lambda: DrawdownBreaker(max_drawdown=0.1), r"Write limit=0\.1"),
        (
            lambda: DrawdownBreaker(0.1, days=20),
            r"20 bars are cooldown=20, 20 calendar days cooldown=timedelta\(days=20\)",
        ),
        (lambda: ClosedTradesBreaker(4, lookback_period_candles=24), "Write window=24"),
        (lambda: ClosedTradesBreaker(4, only_per_side=True), "By side is scope='side'"),
    ],
)
def test_what_is_wrong_is_told_with_the_remedy(guess, remedy):
    with pytest.raises(InvalidInputError, match=remedy):
        guess()


def test_prices_as_returns_are_found():
    with pytest.warns(ConventionWarning, match="returns looks like prices"):
        with pytest.raises(InvalidInputError, match="Prices are given as prices="):
            judged(PRICES)


def test_basis_points_as_costs_are_found():
    with pytest.warns(ConventionWarning, match=r"costs of 5 are 500% of the exposure moved, .*: 5 bp are 0\.0005"):
        judged(RETURNS, costs=5)


def test_names_of_breakers_are_found_from_the_top():
    with pytest.raises(AttributeError, match=r"Did you mean riskresearch\.breakers\.DrawdownBreaker"):
        _ = rr.DrawdownBreaker
