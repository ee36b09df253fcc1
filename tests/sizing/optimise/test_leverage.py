"""No default levers: gross is at most the equity, targets are the portfolio's, and the cap that binds is named."""

import dataclasses
import inspect
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch import sizing
from riskresearch.core import ConventionWarning, InvalidInputError, WorstLossWarning
from riskresearch.datasets import load
from riskresearch.metrics import simple_returns, volatility
from riskresearch.sizing import (
    ATRSizer,
    Constraints,
    FixedFractionSizer,
    FixedRiskSizer,
    InverseVolatilitySizer,
    KellyPositionSizer,
    MeanCVaRSizer,
    MinimumCVaRSizer,
    RiskParitySizer,
    VaRPositionSizer,
    VolatilityPositionSizer,
    kelly_weights,
    minimum_cvar,
    optimal_f,
)
from tests.examples import examples
from tests.samples import fat_tailed, returns_arrays
from tests.sizing.cases import signals_like, with_ranges, with_stops

SHORTS = Constraints(lower=-1.0, upper=1.0, total=(-1.0, 1.0))
SETTINGS = {
    "VolatilityPositionSizer": {"halflife": 4.0},
    "VaRPositionSizer": {"window": 8, "level": 0.8},
    "InverseVolatilitySizer": {"halflife": 4.0},
    "ATRSizer": {"window": 4},
    "KellyPositionSizer": {"window": 12, "rebalance_every": 3},
    "RiskParitySizer": {"window": 12, "rebalance_every": 3},
    "MinimumCVaRSizer": {"window": 12, "rebalance_every": 3, "level": 0.8},
    "MeanCVaRSizer": {"window": 12, "rebalance_every": 3, "level": 0.8, "risk_aversion": 0.1},
}
"""Short windows, and no argument that has to do with leverage."""


def found_sizers():
    """Return every public sizer that decides, found by inspection."""
    named = [getattr(sizing, name) for name in sizing.__all__ if name.endswith("Sizer")]
    return [each for each in named if inspect.isclass(each) and dataclasses.is_dataclass(each)]


def stocks():
    """Return returns of nineteen stocks."""
    return simple_returns(load("equities_adj_close").drop(columns="RRC"))


def decided(sizer, returns, signals):
    """Return the weights of any sizer."""
    if isinstance(sizer, FixedRiskSizer | ATRSizer):
        data, extras = (with_stops if isinstance(sizer, FixedRiskSizer) else with_ranges)(returns)
        return sizer.weights(data, **extras)
    if "signals" in inspect.signature(sizer.weights).parameters:
        return sizer.weights(returns, signals=signals)
    return sizer.weights(returns)


# --- nothing levers by default


@pytest.mark.parametrize("sizer", found_sizers(), ids=lambda each: each.__name__)
@given(data=st.data())
@examples(15)
def test_no_sizer_holds_more_than_the_equity_unless_told(sizer, data):
    returns = data.draw(returns_arrays(min_rows=18, max_rows=30, max_columns=4))
    returns = returns + 1e-3 * fat_tailed(*returns.shape, 7)  # a covariance that is not singular
    signals = data.draw(st.sampled_from([None, signals_like(returns)]))
    gross = np.abs(decided(sizer(**SETTINGS.get(sizer.__name__, {})), returns, signals)).sum(axis=1)
    assert gross.max() <= 1.0 + 1e-7


@pytest.mark.parametrize("sizer", [KellyPositionSizer, MinimumCVaRSizer, MeanCVaRSizer])
@pytest.mark.parametrize("constraints", [SHORTS, Constraints(lower=None, total=(-3.0, 0.9))])
def test_short_positions_that_are_allowed_lever_neither(sizer, constraints):
    returns = fat_tailed(60, 4, 2) + np.array([0.01, -0.01, 0.005, 0.0])
    weights = sizer(**SETTINGS[sizer.__name__], constraints=constraints).weights(returns)
    assert (weights < -1e-3).any() or sizer is MinimumCVaRSizer
    assert np.abs(weights).sum(axis=1).max() <= 1.0 + 1e-7


@pytest.mark.parametrize(
    "sizer",
    [
        VolatilityPositionSizer(target=0.3, max_leverage=1.5),
        VaRPositionSizer(budget=0.05, max_leverage=1.5, window=60),
        FixedFractionSizer(fraction=1.4, max_leverage=1.5),
        InverseVolatilitySizer(gross=1.5, max_leverage=1.5),
        KellyPositionSizer(max_leverage=1.5, window=250, uncertainty="ignore"),
    ],
    ids=lambda sizer: type(sizer).__name__,
)
def test_a_higher_max_leverage_has_effect_on_one_series(sizer):
    returns = simple_returns(load("index_sp500")["close"].loc["2012":"2017"])
    weights = sizer.weights(returns)
    assert 1.3 < weights.max() <= 1.5 + 1e-9


@pytest.mark.parametrize("sizer", [FixedRiskSizer, ATRSizer])
def test_it_has_on_sizes_to_a_stop(sizer):
    returns = fat_tailed(40, 1)
    assert np.abs(decided(sizer(risk=0.3, max_leverage=1.5), returns, None)).max() == 1.5
    assert np.abs(decided(sizer(risk=0.3), returns, None)).max() == 1.0


# --- a target is the portfolio's


@pytest.mark.parametrize(
    ("sizer", "start"),
    [(VolatilityPositionSizer(target=0.10), 250), (VolatilityPositionSizer(target=0.10, estimator="rolling"), 250)],
    ids=["ewma", "rolling"],
)
def test_the_realised_volatility_of_stocks_is_near_the_portfolios_target(sizer, start):
    """Nineteen stocks held 7 to 14 times the equity and realised 119 % when each had the target."""
    returns = stocks()
    weights = sizer.weights(returns)
    earned = (weights.shift(1) * returns).sum(axis=1).iloc[start:]
    assert 0.09 < volatility(earned) < 0.115
    assert np.abs(weights).sum(axis=1).max() <= 1.0 + 1e-12


def test_a_var_budget_of_stocks_is_the_portfolios():
    returns = stocks()
    weights = VaRPositionSizer(budget=0.01).weights(returns)
    earned = (weights.shift(1) * returns).sum(axis=1).iloc[260:]
    assert 0.045 < (earned < -0.01).mean() < 0.06
    assert np.abs(weights).sum(axis=1).max() <= 1.0 + 1e-12


@given(returns_arrays(min_rows=20, max_rows=40, max_columns=1), st.sampled_from(["raise", "omit"]))
@examples(40)
def test_for_one_column_the_two_scopes_have_equal_bits(returns, policy):
    if policy == "omit":
        returns = np.where(np.arange(len(returns))[:, None] % 5 == 3, np.nan, returns)
    for make in (
        lambda scope: VolatilityPositionSizer(scope=scope, halflife=4.0, nan_policy=policy),
        lambda scope: VolatilityPositionSizer(scope=scope, estimator="rolling", window=6, nan_policy=policy),
        lambda scope: VaRPositionSizer(scope=scope, window=8, level=0.8, nan_policy=policy),
    ):
        pair = [make(scope).weights(returns, signals=signals_like(returns)) for scope in ("asset", "portfolio")]
        assert np.array_equal(pair[0].view(np.int64), pair[1].view(np.int64))


@pytest.mark.parametrize("estimator", ["ewma", "rolling"])
def test_the_portfolios_forecast_never_exceeds_its_target_and_keeps_proportions_under_the_cap(estimator):
    returns = fat_tailed(120, 4, 1)
    returns[:, 1] = -0.95 * returns[:, 0] + 0.1 * returns[:, 1]
    free = VolatilityPositionSizer(target=0.6, estimator=estimator, window=30, halflife=10.0, max_leverage=None)
    wanted, held = free.weights(returns)[40:], dataclasses.replace(free, max_leverage=1.0).weights(returns)[40:]
    scale = np.abs(held).sum(axis=1) / np.abs(wanted).sum(axis=1)
    assert (scale < 1.0).any()
    assert (scale <= 1.0 + 1e-12).all()
    np.testing.assert_allclose(held, wanted * scale[:, None], rtol=1e-12)


@pytest.mark.parametrize("estimator", ["ewma", "rolling"])
def test_a_hedge_without_risk_keeps_its_proportions_up_to_the_cap(estimator):
    """Half of twice as much: equal weights would not be a hedge at all."""
    one = fat_tailed(60, 1)
    pair = np.concatenate([one, -2.0 * one], axis=1)
    sizer = VolatilityPositionSizer(estimator=estimator, window=20, halflife=10.0, periods_per_year=252)
    np.testing.assert_allclose(sizer.weights(pair)[-1], [2.0 / 3.0, 1.0 / 3.0], rtol=1e-9)


# --- the cap that binds is named


def test_explain_names_the_caps_and_has_the_bits_of_weights():
    returns = stocks().iloc[-600:]
    for sizer in (
        VolatilityPositionSizer(target=0.5, max_weight=0.08),
        VaRPositionSizer(budget=0.04),
        FixedFractionSizer(fraction=0.1),
        InverseVolatilitySizer(),
        KellyPositionSizer(window=252, rebalance_every=63),
        MinimumCVaRSizer(rebalance_every=120, constraints=Constraints(upper=0.2)),
    ):
        found = sizer.explain(returns)
        pd.testing.assert_frame_equal(found.weights, sizer.weights(returns), check_exact=True)
        last = found.reasons.iloc[-1]
        expected = {
            "VolatilityPositionSizer": {"LEVERAGE", "WEIGHT+LEVERAGE"}, "VaRPositionSizer": {"LEVERAGE"},
            "FixedFractionSizer": {"LEVERAGE"}, "InverseVolatilitySizer": {""},
        }  # fmt: skip
        names = {found.names_of(int(reason)) for reason in last}
        assert names == expected.get(type(sizer).__name__, names)
    assert any("WEIGHT" in name for name in names)


def test_a_target_that_is_within_the_caps_has_no_reason_and_is_what_was_wanted():
    returns = stocks().iloc[-400:]
    found = VolatilityPositionSizer(target=0.02).explain(returns)
    assert (found.reasons == 0).all().all()
    pd.testing.assert_frame_equal(found.targets, found.weights, check_exact=True)
    assert found.counts()["rows"].sum() == 0


def test_the_stream_names_them_too():
    stream = FixedFractionSizer(fraction=0.8).start(("A", "B"))
    stream.update({"returns": [0.0, 0.0], "signals": [1.0, 0.0]})
    assert stream.reasons() == ("", "")
    assert stream.update({"returns": [0.0, 0.0], "signals": [1.0, -1.0]}).tolist() == [0.5, -0.5]
    assert stream.reasons() == ("LEVERAGE", "LEVERAGE")


def test_without_risk_the_size_is_the_cap_and_says_so():
    found = VolatilityPositionSizer(halflife=2.0, max_leverage=1.5).explain(np.zeros(5))
    assert found.weights[-1] == 1.5
    assert found.targets[-1] == math.inf
    assert found.names_of(int(found.reasons[-1])) == "LEVERAGE"
    assert VolatilityPositionSizer(halflife=2.0, max_leverage=None).weights(np.zeros(5))[-1] == 1.0


# --- a cap that another makes void


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: VolatilityPositionSizer(max_weight=2.0), "max_weight must be at most max_leverage=1, .*got 2.0"),
        (lambda: VaRPositionSizer(max_weight=2.0, max_leverage=1.5), "max_weight must be at most max_leverage=1.5"),
        (lambda: ATRSizer(max_weight=1.1), "max_weight must be at most max_leverage=1"),
        (lambda: FixedFractionSizer(fraction=2.0), "fraction must be at most max_leverage=1, got 2.0"),
        (lambda: InverseVolatilitySizer(gross=1.5), "gross must be at most max_leverage=1, got 1.5"),
        (lambda: RiskParitySizer(max_leverage=2.0), "max_leverage must be at most 1 for risk parity"),
        (lambda: FixedFractionSizer(max_leverage=0.0), "max_leverage must be positive"),
        (lambda: KellyPositionSizer(max_leverage=-1.0), "max_leverage must be positive"),
        (
            lambda: kelly_weights(fat_tailed(60, 2), constraints=Constraints(total=(0.0, 4.0)), max_leverage=2.0),
            "max_leverage must be at least the greatest total of the constraints, 4, got 2",
        ),
        (
            lambda: kelly_weights(fat_tailed(60, 2), constraints=Constraints(max_gross=1.5), max_leverage=2.0),
            "max_leverage must be max_gross of the constraints where both are given, got 2 and 1.5",
        ),
        (
            lambda: minimum_cvar(fat_tailed(60, 2), max_leverage=2.0),
            "max_leverage must be at most the greatest sum of long positions, 1, got 2.0",
        ),
        (
            lambda: minimum_cvar(fat_tailed(60, 2), constraints=Constraints(lower=-1.0)),
            "max_leverage must be above the sum of the weights, 1, where `lower` allows short positions, got 1",
        ),
    ],
)
def test_it_is_an_error(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()


def test_a_leverage_that_the_largest_weights_cannot_come_to_warns():
    sizer = VolatilityPositionSizer(max_weight=1.0, max_leverage=1.5)
    for decide in (lambda: sizer.weights(fat_tailed(50, 1)), lambda: sizer.start(1)):
        with pytest.warns(ConventionWarning, match=r"max_leverage=1\.5 has no effect: 1 column\(s\) with max_weight=1"):
            decide()
    sizer.weights(fat_tailed(50, 2))


def test_half_of_the_equity_is_a_leverage_too():
    returns = fat_tailed(80, 3) + 0.002
    for sizer in (
        RiskParitySizer(window=40, max_leverage=0.5),
        MinimumCVaRSizer(window=40, max_leverage=0.5),
        KellyPositionSizer(window=40, max_leverage=0.5, uncertainty="ignore"),
    ):
        found = sizer.explain(returns)
        assert np.abs(found.weights[-1]).sum() == pytest.approx(0.5, abs=1e-7)
        assert "LEVERAGE" in found.names_of(int(found.reasons[-1, 0]))
    whole = RiskParitySizer(window=40).weights(returns)
    np.testing.assert_array_equal(RiskParitySizer(window=40, max_leverage=0.5).weights(returns), 0.5 * whole)


# --- Kelly


def test_kelly_says_which_constraint_binds_and_what_it_would_hold_without():
    market = simple_returns(load("index_sp500")["close"].loc["1950":])
    bet = kelly_weights(market, uncertainty="ignore")
    free = kelly_weights(market, uncertainty="ignore", constraints=Constraints(lower=None, total=(-math.inf, math.inf)))
    assert bet.binding == ("total",)
    assert bet.weights == pytest.approx((1.0,), abs=1e-9)
    assert bet.unconstrained == pytest.approx(free.weights, rel=1e-6)
    assert bet.unconstrained[0] > 2.0
    assert (free.binding, free.unconstrained) == ((), free.weights)
    assert "bound by total: gross 1.00, unconstrained 3.27" in bet.summary()
    assert bet.to_frame().columns.tolist() == ["weight", "unconstrained"]
    levered = kelly_weights(market, uncertainty="ignore", max_leverage=1.5)
    assert levered.weights == pytest.approx((1.5,), abs=1e-9)


def test_it_names_bounds_groups_leverage_and_the_drawdown():
    rng = np.random.default_rng(0)
    returns = rng.normal([0.004, 0.003, -0.004], 0.02, (400, 3))
    names = {"0": "x", "1": "x", "2": "y"}
    bound = kelly_weights(
        returns, constraints=Constraints(upper=0.3, groups=names, group_limits={"x": (0.0, 0.5)}), uncertainty="ignore"
    )
    assert bound.binding == ("lower of 2", "upper of 1", "group x")
    short = kelly_weights(returns, constraints=Constraints(lower=-1.0), uncertainty="ignore")
    assert "max_leverage" in short.binding
    assert sum(map(abs, short.weights)) == pytest.approx(1.0, abs=1e-7)
    limited = kelly_weights(returns, uncertainty="ignore", drawdown=0.2, drawdown_probability=0.01, fraction=0.5)
    assert "drawdown" in limited.binding
    assert sum(limited.unconstrained) > sum(limited.weights)
    gains = kelly_weights([[0.1], [0.2], [0.3], [0.2]], uncertainty="ignore")
    assert gains.unconstrained is None
    assert "unconstrained without bound" in gains.summary()


def test_optimal_f_is_held_to_the_equity_as_a_weight():
    trades = [0.02, 0.03, -0.01, 0.01]
    with pytest.warns(WorstLossWarning):
        found = optimal_f(trades)
    assert found.units_per_wealth > 1.0
    assert (found.weight, found.binding) == (1.0, "max_leverage")
    with pytest.warns(WorstLossWarning):
        free = optimal_f(trades, max_leverage=None)
    assert (free.weight, free.binding) == (found.units_per_wealth, "")


def test_the_sizers_of_the_readme_hold_at_most_the_equity():
    weights = riskresearch.VolatilityPositionSizer(target=0.10).weights(stocks())
    assert float(weights.abs().sum(axis=1).max()) <= 1.0 + 1e-12
