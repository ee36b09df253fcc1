"""Moving windows take the same differences for rounding as a whole sample does."""

from array import array

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch import rolling
from riskresearch.kernels.compiled import _breaker_triggers
from riskresearch.metrics import (
    Online,
    beta,
    correlation,
    excess_kurtosis,
    sharpe_ratio,
    simple_returns,
    skewness,
    volatility,
)
from tests.examples import examples
from tests.kernels.uncompiled import UNCOMPILED

ROWS, WINDOW = 200, 40
VOLATILITY, VOLATILITY_RATIO = 2, 3
PRICES = {
    "product": lambda rate: 100.0 * np.cumprod(np.full(ROWS, 1.0 + rate)),
    "power": lambda rate: 37.0 * (1.0 + rate) ** np.arange(ROWS),
    "logarithm": lambda rate: np.exp(np.cumsum(np.full(ROWS, np.log1p(rate)))),
}
MEASURES = ("sharpe_ratio", "skewness", "excess_kurtosis")
BATCH = {"sharpe_ratio": sharpe_ratio, "skewness": skewness, "excess_kurtosis": excess_kurtosis}


@pytest.mark.parametrize("prices", PRICES.values(), ids=PRICES.keys())
@given(rate=st.floats(-0.01, 0.02).filter(lambda rate: abs(rate) > 1e-6), window=st.sampled_from([WINDOW, None]))
@examples(10)
def test_a_moving_window_of_constant_growth_has_no_dispersion(prices, rate, window):
    returns = simple_returns(prices(rate))
    market = np.random.default_rng(3).normal(0.0, 0.01, returns.size)
    window = window or returns.size
    assert (rolling(returns, "volatility", window=window)[window - 1 :] == 0.0).all()
    for name in MEASURES:
        assert np.isnan(rolling(returns, name, window=window)).all(), name
        running = Online(name).start()
        assert np.isnan([running.update(value) for value in returns.tolist()][-1]), name
    for name in ("alpha", "beta", "correlation"):
        assert np.isnan(rolling(market, name, benchmark=returns, window=window)).all()
    assert (rolling(returns, "beta", benchmark=market, window=window)[window - 1 :] == 0.0).all()
    assert np.isnan(rolling(returns, "correlation", benchmark=market, window=window)).all()
    assert volatility(returns, periods_per_year=252) == 0.0


@given(seed=st.integers(0, 99), exponent=st.floats(-12.0, -2.0))
@examples(20)
def test_small_dispersion_is_dispersion_in_a_window_too(seed, exponent):
    rng = np.random.default_rng(seed)
    returns, market = 1e-4 + 10.0**exponent * rng.normal(size=ROWS), rng.normal(0.0, 0.01, ROWS)
    for name in MEASURES:
        arguments = {"periods_per_year": 252} if name == "sharpe_ratio" else {}
        last = rolling(returns, name, window=WINDOW, **arguments)[-1]
        assert last == pytest.approx(BATCH[name](returns[-WINDOW:], **arguments), rel=1e-3, abs=1e-3), name
    for name, whole in (("beta", beta), ("correlation", correlation)):
        last = rolling(returns, name, benchmark=market, window=WINDOW)[-1]
        assert last == pytest.approx(whole(returns[-WINDOW:], market[-WINDOW:]), rel=1e-3), name


def test_a_window_sees_dispersion_begin_and_end():
    flat, alive = np.full(80, 0.001), 0.001 + np.random.default_rng(0).normal(0.0, 0.01, 80)
    flat = simple_returns(100.0 * np.cumprod(1.0 + flat))
    returns = np.concatenate((flat, alive, flat))
    deviation = rolling(returns, "volatility", window=20)
    assert (deviation[19 : flat.size] == 0.0).all()
    assert (deviation[flat.size : flat.size + 99] > 1e-4).all()
    assert (deviation[flat.size + 80 + 20 :] == 0.0).all()


def numbers(module, kind, returns):
    """Return what a trigger over `WINDOW` rows, or of 10 rows against them, shows after each row of returns."""
    found = np.empty(returns.size)
    trigger = module.Trigger(kind, WINDOW, 10, 1.0, array("d", bytes(16 * WINDOW)))
    trigger.run(returns, returns, found)
    return found


@pytest.mark.parametrize("prices", PRICES.values(), ids=PRICES.keys())
@pytest.mark.parametrize("rate", [0.001, -0.004, 0.02])
def test_a_volatility_trigger_sees_no_dispersion_in_constant_growth(prices, rate):
    returns = simple_returns(prices(rate))
    for module in (_breaker_triggers, UNCOMPILED["_breaker_triggers"]):
        assert numbers(module, VOLATILITY, returns)[WINDOW:].tolist() == [0.0] * (returns.size - WINDOW)
        assert np.isnan(numbers(module, VOLATILITY_RATIO, returns)).all()
    moving = returns + np.random.default_rng(1).normal(0.0, 1e-9, returns.size)
    assert (numbers(_breaker_triggers, VOLATILITY, moving)[WINDOW:] > 5e-10).all()
