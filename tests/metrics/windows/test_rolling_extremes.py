"""Moving windows over data that fade, grow or stand still: what the whole-sample measure says of each window."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics
from riskresearch.core import InvalidInputError
from riskresearch.kernels._rounding import only_rounding
from riskresearch.metrics import Online
from tests.examples import examples
from tests.samples import of_any_size

WINDOW = 40
ONE = ("volatility", "sharpe_ratio", "sortino_ratio", "skewness", "excess_kurtosis")
PAIRED = ("alpha", "beta", "correlation")
YEARLY = ("volatility", "sharpe_ratio", "sortino_ratio", "alpha")
# Rolling sums stay within some hundred units of the last place for shape (docs/architecture.md).
NEAR = {"skewness": 1e-9, "excess_kurtosis": 1e-9}


def whole(name, values, *market):
    options = {"periods_per_year": 1} if name in YEARLY else {}
    return getattr(metrics, name)(values, *market, **options)


def rolled(name, values, *market):
    options = {"benchmark": market[0]} if market else {}
    if name in YEARLY:
        options["periods_per_year"] = 1
    return metrics.rolling(values, name, window=WINDOW, **options)


def streamed(name, values, *market):
    options = {"periods_per_year": 1} if name in YEARLY else {}
    running = Online(name, window=WINDOW, **options).start()
    return np.array([running.update(observed(*map(float, row))) for row in zip(values, *market, strict=True)])


def observed(value, *market):
    """Return one observation, with the benchmark's return if there is one."""
    return {"returns": value, "benchmark": market[0]} if market else value


def windows(values):
    return [values[end - WINDOW : end] for end in range(WINDOW, len(values) + 1)]


def assert_each_window_is_as_if_alone(name, values, *market):
    found = rolled(name, values, *market)
    alone = [whole(name, *part) for part in zip(windows(values), *map(windows, market), strict=True)]
    spread = 1.0 if name in PAIRED or name in NEAR else np.abs(alone)
    finite = np.isfinite(alone)
    assert np.array_equal(np.isnan(found[WINDOW - 1 :]), ~finite)
    error = np.abs(found[WINDOW - 1 :] - alone) / np.maximum(spread, np.finfo(float).tiny)
    limit = NEAR.get(name, 1e-9 if name in ("sharpe_ratio", "sortino_ratio") else 1e-12)  # their mean may be near zero
    assert np.nanmax(error, initial=0.0) <= limit
    assert np.array_equal(streamed(name, values, *market), found, equal_nan=True)


@of_any_size
@pytest.mark.parametrize("name", ONE)
@given(st.integers(0, 2**32 - 1), st.sampled_from([-20.0, -12.0, 12.0, 20.0]), st.booleans())
@examples(6)
def test_data_that_fade_or_grow_by_orders_of_magnitude_are_measured_right(name, seed, orders, at_once):
    steps = np.where(np.arange(200) < 100, 0.0, orders) if at_once else np.linspace(0.0, orders, 200)
    values = np.random.default_rng(seed).normal(0.2, 1.0, 200) * 10.0 ** (steps - 2.0)
    assert_each_window_is_as_if_alone(name, values)


@of_any_size
@pytest.mark.parametrize("name", PAIRED)
@given(st.integers(0, 2**32 - 1), st.sampled_from([-20.0, 20.0]), st.sampled_from([0.0, 20.0]))
@examples(6)
def test_pairs_that_fade_or_grow_by_orders_of_magnitude_are_measured_right(name, seed, orders, of_market):
    rng = np.random.default_rng(seed)
    market = rng.normal(0.0, 0.01, 200) * 10.0 ** np.linspace(0.0, of_market, 200)
    values = (rng.normal(0.0, 0.01, 200) + 0.5 * market) * 10.0 ** np.linspace(0.0, orders, 200)
    if name != "correlation":  # the size of a beta is that of the ratio of the deviations, of an alpha that of returns
        found, alone = rolled(name, values, market)[WINDOW - 1 :], [
            whole(name, *part) for part in zip(windows(values), windows(market), strict=True)
        ]  # fmt: skip
        unit = [
            x.std() / (y.std() if name == "beta" else 1.0)
            for x, y in zip(windows(values), windows(market), strict=True)
        ]
        assert np.max(np.abs(found - alone) / unit) <= 1e-12
    else:
        assert_each_window_is_as_if_alone(name, values, market)


def steady(rate, rows):
    """Return returns of a price of constant growth, which differ by the rounding of the prices alone."""
    prices = 100.0 * np.exp(math.log1p(rate) * np.arange(rows + 1))
    return metrics.simple_returns(prices)


@pytest.mark.parametrize("rate", [0.001, 0.0, -0.0005, 1e-6])
@pytest.mark.parametrize("before", [0, 60])
def test_a_price_of_constant_growth_has_no_rolling_dispersion(rate, before):
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.normal(0.0, 0.01, before), steady(rate, 150)])
    market = rng.normal(0.0, 0.01, len(values))
    for name in ONE:
        assert_each_window_is_as_if_alone(name, values)
    for name in ("alpha", "correlation"):
        assert_each_window_is_as_if_alone(name, values, market)
    for name in ("alpha", "beta"):
        assert_each_window_is_as_if_alone(name, market, values)
    flat = slice(before + WINDOW - 1, None)
    assert (rolled("volatility", values)[flat] == 0.0).all()
    for name in ("sharpe_ratio", "skewness", "excess_kurtosis"):
        assert np.isnan(rolled(name, values)[flat]).all()
    assert np.isnan(rolled("beta", market, values)[flat]).all()
    assert (rolled("beta", values, market)[flat] == 0.0).all()
    free = metrics.rolling(values, "sharpe_ratio", window=WINDOW, risk_free=rate, periods_per_year=1)
    assert np.isnan(free[flat]).all()
    growing = metrics.rolling(steady(rate, 150), "sharpe_ratio", window=None, min_periods=5, periods_per_year=1)
    assert np.isnan(growing).all()


@of_any_size
@given(
    st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, -1.0]), min_size=WINDOW, max_size=2 * WINDOW),
    st.sampled_from([1e-15, 5e-15, 1.3e-14, 3e-14, 1e-20]),
    st.sampled_from([0.0, 1e-12, 0.01, 1.0]),
)
@examples(40)
def test_the_rule_of_rounding_is_that_of_whole_samples(steps, step, level):
    values = level + step * np.array(steps)
    found = rolled("volatility", values)[WINDOW - 1 :]
    assert [deviation == 0.0 for deviation in found] == [bool(only_rounding(w[:, None])[0]) for w in windows(values)]


@of_any_size
@pytest.mark.parametrize("name", [*ONE, *PAIRED])
@pytest.mark.parametrize("scale", [1e-200, 1e-160, 1e160, 1e300])
def test_sizes_that_no_window_can_square_are_refused(name, scale):
    values, market = np.random.default_rng(2).normal(0.0, 0.01, (2, 100)) * scale
    with pytest.raises(InvalidInputError, match=r"must be zero or from 1e-\d+ to 1e\+\d+ in size"):
        rolled(name, values, *([market] if name in PAIRED else []))
    online = Online(name, window=WINDOW).start()
    before = online.to_dict()
    with pytest.raises(InvalidInputError, match="in size"):
        online.update(observed(float(values[0]), *([0.01] if name in PAIRED else [])))
    assert online.to_dict() == before
