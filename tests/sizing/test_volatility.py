"""Volatility targeting and inverse volatility: references, scale, policies, and refusals."""

import dataclasses
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.datasets import load
from riskresearch.metrics import rolling, rolling_range_volatility, simple_returns, volatility
from riskresearch.sizing import InverseVolatilitySizer, VolatilityPositionSizer
from tests.examples import examples
from tests.samples import fat_tailed, returns_arrays
from tests.sizing.cases import LastSquare, signals_like

FREE = {"max_weight": 1e9, "max_leverage": None, "periods_per_year": 252}
EACH = {"scope": "asset", **FREE}


# --- reference values


def test_the_ewma_target_by_pandas():
    returns = pd.DataFrame(fat_tailed(300, 3))
    deviation = np.sqrt((returns**2).ewm(halflife=20, adjust=True).mean() * 252)
    expected = (0.1 / deviation).to_numpy()
    weights = VolatilityPositionSizer(target=0.1, halflife=20, **EACH).weights(returns.to_numpy())
    np.testing.assert_allclose(weights[19:], expected[19:], rtol=1e-12)
    assert (weights[:19] == 0.0).all()


def test_the_ewma_target_by_hand():
    """Halflife 1: mean squares of 1, 2 and 0 % are 1, (1 + 2 * 4) / 3 = 3 and (1 + 2 * 4 + 4 * 0) / 7 = 9 / 7 e-4."""
    weights = VolatilityPositionSizer(target=0.03, halflife=1.0, max_leverage=9.0, periods_per_year=1).weights(
        [0.01, 0.02, 0.0]
    )
    assert weights == pytest.approx([3.0, 3.0 / 3.0**0.5, 3.0 / (9.0 / 7.0) ** 0.5])


def test_the_rolling_target_is_target_over_rolling_volatility():
    prices = load("equities_adj_close").iloc[-800:, :5]
    returns = simple_returns(prices)
    weights = VolatilityPositionSizer(
        target=0.12, scope="asset", estimator="rolling", window=60, max_leverage=None
    ).weights(returns)
    expected = 0.12 / rolling(returns, "volatility", window=60)
    pd.testing.assert_frame_equal(weights.iloc[59:], expected.iloc[59:], rtol=1e-12)


def test_the_rolling_portfolio_target_by_the_covariance_matrix():
    returns, signals = fat_tailed(120, 4), signals_like(fat_tailed(120, 4))
    sizer = VolatilityPositionSizer(target=0.08, scope="portfolio", estimator="rolling", window=50, **FREE)
    weights = sizer.weights(returns, signals=signals)
    for row in (49, 80, 119):
        covariance = np.cov(returns[row - 49 : row + 1].T) * 252
        assert np.sqrt(weights[row] @ covariance @ weights[row]) == pytest.approx(0.08, rel=1e-12)
        proportions = signals[row] / np.sqrt(np.diag(covariance))
        np.testing.assert_allclose(weights[row] / np.abs(weights[row]).sum(), proportions / np.abs(proportions).sum())


def test_the_ewma_portfolio_target_by_the_covariance_matrix():
    returns = fat_tailed(120, 4)
    returns[:, 1] = 0.6 * returns[:, 0] + 0.4 * returns[:, 1]
    weights = VolatilityPositionSizer(target=0.08, scope="portfolio", halflife=15.0, **FREE).weights(returns)
    for row in (14, 80, 119):
        share = 0.5 ** (np.arange(row + 1)[::-1] / 15.0)
        covariance = (returns[: row + 1].T * share) @ returns[: row + 1] / share.sum() * 252
        assert np.sqrt(weights[row] @ covariance @ weights[row]) == pytest.approx(0.08, rel=1e-11)


def test_a_missing_return_keeps_the_correlation_of_the_others():
    """A column that is missing on some rows: the correlation by the outer products of rows with zeros in the gaps."""
    returns = fat_tailed(80, 2, seed=3)
    returns[[20, 21, 50], 1] = np.nan
    sizer = VolatilityPositionSizer(target=0.08, scope="portfolio", halflife=15.0, nan_policy="omit", **FREE)
    weights = sizer.weights(returns)[79]
    filled = np.nan_to_num(returns)
    share = 0.5 ** (np.arange(80)[::-1] / 15.0)
    sums = (filled.T * share) @ filled
    correlation = sums / np.sqrt(np.outer(np.diag(sums), np.diag(sums)))
    deviations = np.array([np.sqrt((returns[:, i] ** 2)[~np.isnan(returns[:, i])] @ 0.5 ** (
        np.arange((~np.isnan(returns[:, i])).sum())[::-1] / 15.0) / (0.5 ** (
        np.arange((~np.isnan(returns[:, i])).sum()) / 15.0)).sum()) for i in range(2)])  # fmt: skip
    at_risk = weights * deviations * 252**0.5
    assert np.sqrt(at_risk @ correlation @ at_risk) == pytest.approx(0.08, rel=1e-11)


def test_inverse_volatility_by_hand_and_by_pandas():
    returns = fat_tailed(100, 3)
    weights = InverseVolatilitySizer(gross=1.2, max_leverage=1.2, estimator="rolling", window=30).weights(returns)
    inverse = 1.0 / pd.DataFrame(returns).rolling(30).std()
    expected = 1.2 * inverse.div(inverse.sum(axis=1), axis=0).to_numpy()
    np.testing.assert_allclose(weights[29:], expected[29:], rtol=1e-10)


def test_it_beats_its_target_on_no_real_index_by_much():
    """Decided at t and held over t + 1, the S&P 500 of 1990 to 2022 comes out near the target, a little above it."""
    returns = simple_returns(load("index_sp500")["close"].loc["1990":])
    weights = VolatilityPositionSizer(target=0.10, max_leverage=5.0).weights(returns)
    earned = (weights.shift(1) * returns).iloc[250:]
    assert 0.10 < volatility(earned) < 0.115


# --- properties


@given(
    returns_arrays(min_rows=12, max_rows=40),
    st.sampled_from(["ewma", "rolling"]),
    st.sampled_from(["asset", "portfolio"]),
)
@examples(60)
def test_doubling_the_returns_halves_the_weights(returns, estimator, scope):
    sizer = VolatilityPositionSizer(
        target=0.1,
        estimator=estimator,
        scope=scope,
        halflife=5.0,
        window=6,
        max_weight=1e6,
        max_leverage=None,
        periods_per_year=252,
    )
    once, twice = sizer.weights(returns), sizer.weights(2.0 * returns)
    free = (np.abs(once) < 1e6) & (np.abs(twice) < 1e6)
    if scope == "portfolio":  # one that is capped changes what the others get
        free &= free.all(axis=-1, keepdims=True)
    np.testing.assert_allclose(twice[free], once[free] / 2.0, rtol=1e-9, atol=0.0)


@given(returns_arrays(min_rows=12, max_rows=40))
@examples(40)
def test_doubling_leaves_inverse_volatility_alone_and_its_sizes_sum_to_gross(returns):
    sizer = InverseVolatilitySizer(halflife=4.0, gross=0.9)
    weights = sizer.weights(returns)
    np.testing.assert_allclose(sizer.weights(2.0 * returns), weights, rtol=1e-12)
    gross = np.abs(weights).sum(axis=1)
    assert ((gross == 0.0) | (np.abs(gross - 0.9) < 1e-12)).all()


@given(returns_arrays(min_rows=12, max_rows=40), st.floats(0.1, 3.0), st.floats(0.1, 5.0))
@pytest.mark.filterwarnings("ignore:max_leverage=.* has no effect")
@examples(60)
def test_caps_are_never_exceeded(returns, max_weight, max_leverage):
    max_weight = min(max_weight, max_leverage)
    for scope in ("asset", "portfolio"):
        sizer = VolatilityPositionSizer(
            target=0.3, scope=scope, halflife=4.0, max_weight=max_weight, max_leverage=max_leverage, band=0.2
        )
        weights = np.abs(sizer.weights(returns, signals=signals_like(returns)))
        assert weights.max() <= max_weight
        assert weights.sum(axis=1).max() <= max_leverage * (1.0 + 1e-12)


def test_signals_scale_and_turn_the_weight():
    returns = fat_tailed(60, 2)
    sizer = VolatilityPositionSizer(halflife=5.0, **EACH)
    long, signals = sizer.weights(returns), signals_like(returns)
    np.testing.assert_allclose(sizer.weights(returns, signals=signals), long * signals, rtol=1e-12)


def test_a_band_holds_the_weight_within_it_and_lets_exits_pass():
    returns = fat_tailed(200, 1)
    free = VolatilityPositionSizer(halflife=5.0, **FREE).weights(returns)[:, 0]
    held = VolatilityPositionSizer(halflife=5.0, band=0.2, **FREE).weights(returns)[:, 0]
    moved = np.diff(held) != 0.0
    assert 0 < moved.sum() < 120
    assert (np.abs(held - free) <= 0.2 * np.abs(free)).all()
    assert (held[1:][moved] == free[1:][moved]).all()
    signals = np.ones((200, 1))
    signals[100:] = 0.0
    assert (
        VolatilityPositionSizer(halflife=5.0, band=0.9, **FREE).weights(returns, signals=signals)[100:] == 0.0
    ).all()


def test_a_perfect_hedge_goes_to_the_caps_for_its_covariance_is_singular():
    returns = fat_tailed(60, 1)
    pair = np.concatenate([returns, -returns], axis=1)
    for estimator in ("ewma", "rolling"):
        sizer = VolatilityPositionSizer(
            scope="portfolio", estimator=estimator, window=20, halflife=10.0, max_weight=2.0, max_leverage=None
        )
        np.testing.assert_array_equal(sizer.weights(pair)[-1], [2.0, 2.0])
        limited = dataclasses.replace(sizer, max_weight=None, max_leverage=1.0)
        np.testing.assert_array_equal(limited.weights(pair)[-1], [0.5, 0.5])


def test_more_assets_than_rows_are_no_hindrance():
    returns = fat_tailed(40, 30)
    for estimator in ("ewma", "rolling"):
        sizer = VolatilityPositionSizer(scope="portfolio", estimator=estimator, window=10, halflife=5.0, **FREE)
        weights = sizer.weights(returns)
        assert np.isfinite(weights).all()
        assert (weights[-1] > 0.0).all()


def test_zero_volatility_gets_the_cap_alone_and_in_a_portfolio():
    returns = fat_tailed(60, 2)
    returns[:, 1] = 0.0
    for scope in ("asset", "portfolio"):
        for estimator in ("ewma", "rolling"):
            sizer = VolatilityPositionSizer(
                scope=scope, estimator=estimator, window=20, halflife=10.0, max_weight=3.0, max_leverage=None
            )
            weights = sizer.weights(returns, signals=np.tile([1.0, -0.5], (60, 1)))
            assert weights[-1, 1] == -1.5
            assert 0.0 < weights[-1, 0] < 3.0
    assert InverseVolatilitySizer(halflife=5.0).weights(returns)[-1].tolist() == [1.0, 0.0]
    assert (InverseVolatilitySizer(halflife=5.0).weights(np.zeros((20, 2))) == 0.0).all()


def test_an_asset_that_comes_later_has_zeros_until_its_own_start_up_is_over():
    returns = fat_tailed(60, 2)
    returns[:30, 1] = np.nan
    weights = VolatilityPositionSizer(halflife=10.0, nan_policy="omit").weights(returns)
    assert (weights[:39, 1] == 0.0).all()
    assert (weights[39:, 1] > 0.0).all()


# --- forecasts from elsewhere


def test_forecasts_of_ranges_are_taken_where_real_opens_exist():
    bars = load("equities_ohlcv").query("symbol == 'IBM'").set_index("date").loc["2005":"2006"]
    yearly = rolling_range_volatility(bars["close"], high=bars["high"], low=bars["low"], open=bars["open"], window=21)
    returns = bars["close"].pct_change().fillna(0.0)
    weights = riskresearch.VolatilityPositionSizer(target=0.1, max_leverage=9.0).weights(returns, forecasts=yearly)
    pd.testing.assert_series_equal(weights, (0.1 / yearly).fillna(0.0), check_names=False, rtol=1e-12)
    stream = riskresearch.VolatilityPositionSizer(target=0.1, max_leverage=9.0).start(1)
    for row in range(40):
        found = stream.update({"returns": [returns.iloc[row]], "forecasts": [yearly.iloc[row]]})
        assert found[0] == weights.iloc[row]


def test_a_model_of_the_users_own():
    returns = fat_tailed(50, 2)
    weights = VolatilityPositionSizer(target=0.1, model=LastSquare(), **EACH).weights(returns)
    deviations = np.sqrt(0.5 * (returns[1:] ** 2 + returns[:-1] ** 2) * 252)
    np.testing.assert_allclose(weights[1:], 0.1 / deviations, rtol=1e-12)
    sizer = VolatilityPositionSizer(target=0.1, scope="portfolio", model=LastSquare(), halflife=5.0, **FREE)
    assert (np.abs(sizer.weights(returns)[1:]).sum(axis=1) > 0.0).all()


def test_a_model_that_forecasts_too_little_is_refused():
    class Wrong:
        def start(self, columns):
            return self

        state: ClassVar[dict] = {}

        def update(self, row):
            return np.zeros(1)

    with pytest.raises(InvalidInputError, match="model must forecast one number for each of the 2 columns"):
        VolatilityPositionSizer(model=Wrong()).weights(fat_tailed(5, 2))


def test_negative_forecasts_are_refused_in_history_and_stream():
    with pytest.raises(InvalidInputError, match=r"forecasts must be 0 or more, got a volatility of -0.2"):
        VolatilityPositionSizer().weights([0.1, 0.1], forecasts=[0.2, -0.2])
    stream = VolatilityPositionSizer().start(1)
    before = stream.to_dict()
    with pytest.raises(InvalidInputError, match=r"forecasts must be 0 or more"):
        stream.update({"returns": [0.1], "forecasts": [-0.2]})
    assert str(stream.to_dict()) == str(before)


# --- refusals


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"target": 10},
            r"target must be in \(0, 5\), got 10. It is a yearly volatility, a fraction: 10 % is 0.1, not 10",
        ),
        ({"target": 0.0}, "target must be in"),
        ({"scope": "assets"}, "scope must be one of 'portfolio', 'asset', got 'assets'. Did you mean 'asset'"),
        ({"estimator": "ewm"}, "estimator must be one of 'ewma', 'rolling', got 'ewm'"),
        ({"halflife": 0.0}, "halflife must be positive"),
        ({"window": 1}, "window must be a whole number of at least 2"),
        ({"estimator": "rolling", "window": 5, "min_periods": 6}, "min_periods must be at most window=5, got 6"),
        ({"max_weight": 0.0}, "max_weight must be positive"),
        ({"max_leverage": -1.0}, "max_leverage must be positive"),
        ({"band": 10}, r"band must be in \[0, 1\), got 10"),
    ],
)
def test_parameters_that_are_none(arguments, message):
    with pytest.raises(InvalidInputError, match=message):
        VolatilityPositionSizer(**arguments)


def test_periods_that_the_dates_contradict_warn():
    returns = pd.Series(fat_tailed(50, 1)[:, 0], index=pd.bdate_range("2020-01-01", periods=50))
    with pytest.warns(ConventionWarning, match="periods_per_year=12 was given, but the dates show 252"):
        VolatilityPositionSizer(periods_per_year=12).weights(returns)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"gross": 0.0}, "gross must be positive"),
        ({"band": -0.1}, "band must be in"),
        ({"halflife": -1}, "halflife must be"),
    ],
)
def test_parameters_of_inverse_volatility_that_are_none(arguments, message):
    with pytest.raises(InvalidInputError, match=message):
        InverseVolatilitySizer(**arguments)
