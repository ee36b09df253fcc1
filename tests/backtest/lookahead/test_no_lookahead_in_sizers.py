"""The public look-ahead check, on every sizer and on breakers over a history."""

import dataclasses
import inspect

import pytest

from riskresearch import sizing
from riskresearch.backtest import backtest_breakers, check_no_lookahead
from riskresearch.breakers import DrawdownBreaker, VolatilityBreaker
from riskresearch.sizing import (
    ATRSizer,
    Caps,
    FixedFractionSizer,
    FixedRiskSizer,
    InverseVolatilitySizer,
    KellyPositionSizer,
    MeanCVaRSizer,
    MinimumCVaRSizer,
    RiskParitySizer,
    VaRPositionSizer,
    VolatilityPositionSizer,
    apply_caps,
)
from tests.backtest.samples import market

_, PRICES = market(rows=90, columns=3)
RETURNS = PRICES.pct_change().fillna(0.0)
METHODS = ("historical", "normal", "student_t", "cornish_fisher", "volatility_weighted")

OF_RETURNS = [
    FixedFractionSizer(0.2),
    InverseVolatilitySizer(halflife=5),
    *(
        VolatilityPositionSizer(target=0.1, scope=scope, estimator=estimator, halflife=5, window=10)
        for scope in ("asset", "portfolio")
        for estimator in ("ewma", "rolling")
    ),
    *(VaRPositionSizer(budget=0.02, method=method, window=40, level=0.9, halflife=10) for method in METHODS),
    VaRPositionSizer(budget=0.02, scope="asset", window=40, level=0.9),
    VaRPositionSizer(budget=0.02, scope="portfolio", window=40, level=0.9, measure="conditional_value_at_risk"),
    RiskParitySizer(window=30, rebalance_every=7),
    KellyPositionSizer(window=30, rebalance_every=7),
    MinimumCVaRSizer(window=30, rebalance_every=7, level=0.9),
    MeanCVaRSizer(window=30, rebalance_every=7, level=0.9, risk_aversion=1.0),
]


def test_every_sizer_is_here():
    named = {name for name in sizing.__all__ if inspect.isclass(getattr(sizing, name)) and name.endswith("Sizer")}
    concrete = {name for name in named if dataclasses.is_dataclass(getattr(sizing, name))}
    assert concrete == {type(sizer).__name__ for sizer in OF_RETURNS} | {"ATRSizer", "FixedRiskSizer"}


@pytest.mark.parametrize("sizer", OF_RETURNS, ids=lambda sizer: repr(sizer)[:60])
def test_a_sizer_knows_no_future(sizer):
    assert check_no_lookahead(RETURNS, sizer.weights, rng=1, cuts=12).bitwise


def test_neither_do_those_of_prices():
    def stopped(prices):
        return FixedRiskSizer(risk=0.01).weights(prices, stops=0.9 * prices)

    def ranged(prices):
        return ATRSizer(risk=0.01, window=5).weights(prices, high=1.01 * prices, low=0.99 * prices)

    for function in (stopped, ranged):
        assert check_no_lookahead(PRICES, function, rng=1, cuts=12).bitwise


def test_nor_caps_nor_breakers():
    def capped(weights):
        return apply_caps(weights, Caps(max_leverage=0.5, max_turnover=0.2)).weights

    def broken(returns):
        breakers = [DrawdownBreaker(0.02, cooldown=5), VolatilityBreaker(0.2, window=5, cooldown=3)]
        return backtest_breakers(returns, breakers, draws=1, rng=1).exposure

    weights = VolatilityPositionSizer(target=0.3, halflife=5).weights(RETURNS)
    assert check_no_lookahead(weights, capped, rng=1, cuts=12).bitwise
    assert check_no_lookahead(RETURNS["S0"], broken, rng=1, cuts=12).bitwise
