"""Sizing to a budget of VaR or CVaR: every estimate against the measure of the same rows, policies, refusals."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.datasets import load
from riskresearch.metrics import conditional_value_at_risk, simple_returns, value_at_risk
from riskresearch.sizing import VaRPositionSizer
from tests.examples import examples
from tests.samples import fat_tailed, returns_arrays
from tests.sizing.cases import TAILS, LastSquare

MEASURES = {"value_at_risk": value_at_risk, "conditional_value_at_risk": conditional_value_at_risk}
each_measure = pytest.mark.parametrize("measure", MEASURES)
WITH_MEASURE = ("historical", "normal", "student_t", "cornish_fisher")
ROWS = (99, 141, 183)
FREE = {"max_weight": 1e9, "max_leverage": None, "window": 100, "refit_every": 21}
EACH = {"scope": "asset", **FREE}


def hull_white(returns, level, halflife, measure):
    """Return the volatility-weighted measure of one series by pandas, from the definition."""
    series = pd.Series(returns)
    known = np.sqrt((series**2).ewm(halflife=halflife).mean())
    before = known.shift(1)
    before[: int(np.ceil(halflife))] = np.nan
    return series / before * known.iloc[-1], MEASURES[measure], level


# --- reference values


@each_measure
@pytest.mark.parametrize("method", WITH_MEASURE)
def test_each_asset_has_the_budget_by_the_measure_of_the_window(method, measure):
    returns = fat_tailed(200, 3)
    sizer = VaRPositionSizer(budget=0.02, method=method, measure=measure, level=0.9, **EACH)
    weights = sizer.weights(returns)
    for row in ROWS:
        risk = MEASURES[measure](returns[row - 99 : row + 1], level=0.9, method=method)
        np.testing.assert_allclose(weights[row] * risk, 0.02, rtol=1e-9)


@pytest.mark.filterwarnings("ignore:skewness and kurtosis of column 0:UserWarning")
@each_measure
@pytest.mark.parametrize("method", WITH_MEASURE)
def test_the_portfolio_has_the_budget_by_the_measure_of_its_returns(method, measure):
    returns, signals = fat_tailed(200, 3), np.tile([1.0, -0.5, 0.7], (200, 1))
    sizer = VaRPositionSizer(budget=0.02, method=method, measure=measure, level=0.9, scope="portfolio", **FREE)
    weights = sizer.weights(returns, signals=signals)
    for row in ROWS:
        earned = returns[row - 99 : row + 1] @ weights[row]
        assert MEASURES[measure](earned, level=0.9, method=method) == pytest.approx(0.02, rel=1e-9)
        assert (np.sign(weights[row]) == [1.0, -1.0, 1.0]).all()


@each_measure
@pytest.mark.parametrize("method", WITH_MEASURE)
def test_a_short_position_has_the_risk_of_the_other_tail(method, measure):
    returns = fat_tailed(120, 2)
    sizer = VaRPositionSizer(budget=0.02, method=method, measure=measure, level=0.9, **EACH)
    short = sizer.weights(returns, signals=-np.ones((120, 2)))
    np.testing.assert_array_equal(short, -sizer.weights(-returns))


@each_measure
def test_the_volatility_weighted_risk_by_pandas(measure):
    """Hull & White 1998 by the definition: 20 rows start the volatility, the next 100 make the window."""
    returns = fat_tailed(300, 1)[:, 0]
    sizer = VaRPositionSizer(
        budget=0.02, method="volatility_weighted", measure=measure, level=0.9, halflife=20.0, **FREE
    )
    weights = sizer.weights(returns)
    assert (weights[:119] == 0.0).all()
    for row in (119, 200, 299):
        scaled, function, level = hull_white(returns[: row + 1], 0.9, 20.0, measure)
        assert 0.02 / weights[row] == pytest.approx(function(scaled.to_numpy()[-100:], level=level), rel=1e-11)


@each_measure
def test_the_volatility_weighted_portfolio_by_pandas(measure):
    returns = fat_tailed(150, 2)
    sizer = VaRPositionSizer(
        budget=0.02, method="volatility_weighted", measure=measure, level=0.9, halflife=20.0, scope="portfolio", **FREE
    )
    weights = sizer.weights(returns)
    for row in (125, 149):
        scaled, function, level = hull_white(returns[row - 99 : row + 1] @ weights[row], 0.9, 20.0, measure)
        assert function(scaled.dropna().to_numpy(), level=level) == pytest.approx(0.02, rel=1e-11)


def test_a_window_by_hand():
    """Losses of the last five rows are 1, 4, -3, 2, 0 %: VaR 0.7 is rank 4, 2 %; CVaR 2 % + (4 - 2) % / 1.5."""
    returns = [-0.01, -0.04, 0.03, -0.02, 0.0]
    sizer = VaRPositionSizer(budget=0.01, level=0.7, window=5)
    assert sizer.weights(returns)[-1] == 0.5
    sizer = VaRPositionSizer(budget=0.01, level=0.7, window=5, measure="conditional_value_at_risk")
    assert sizer.weights(returns)[-1] == pytest.approx(0.01 / (0.02 + 0.02 / 1.5))


def test_a_student_t_is_fitted_when_its_turn_comes_and_moves_with_the_deviation_between():
    returns = fat_tailed(150, 1)[:, 0]
    weights = VaRPositionSizer(budget=0.02, method="student_t", **FREE).weights(returns)
    fitted = value_at_risk(returns[:100], method="student_t") / np.std(returns[:100], ddof=1)
    for row in range(99, 120):
        deviation = np.std(returns[row - 99 : row + 1], ddof=1)
        assert weights[row] == pytest.approx(0.02 / (fitted * deviation), rel=1e-9)
    assert weights[120] == pytest.approx(0.02 / value_at_risk(returns[21:121], method="student_t"), rel=1e-9)


def test_the_sp500_loses_more_than_the_budget_on_about_five_days_in_a_hundred():
    returns = simple_returns(load("index_sp500")["close"].loc["1990":])
    for method in ("historical", "volatility_weighted"):
        weights = VaRPositionSizer(budget=0.02, method=method, max_leverage=9.0).weights(returns)
        earned = (weights.shift(1) * returns).iloc[300:]
        assert 0.045 < (earned < -0.02).mean() < 0.06


# --- properties


@given(
    returns_arrays(min_rows=14, max_rows=30),
    st.sampled_from([method for method in TAILS if method != "student_t"]),
    st.sampled_from(sorted(MEASURES)),
    st.sampled_from(["asset", "portfolio"]),
)
@examples(80)
def test_doubling_the_returns_halves_the_weights(returns, method, measure, scope):
    sizer = VaRPositionSizer(
        method=method,
        measure=measure,
        scope=scope,
        level=0.8,
        window=10,
        halflife=3.0,
        max_weight=1e5,
        max_leverage=None,
    )
    once, twice = sizer.weights(returns), sizer.weights(2.0 * returns)
    free = (np.abs(once) < 1e4) & (np.abs(twice) < 1e4)
    if scope == "portfolio":  # one that is capped changes what the others get
        free &= free.all(axis=-1, keepdims=True)
    np.testing.assert_allclose(twice[free], once[free] / 2.0, rtol=1e-7, atol=0.0)


@given(returns_arrays(min_rows=14, max_rows=30), st.sampled_from(["historical", "normal", "volatility_weighted"]))
@examples(60)
def test_a_cvar_budget_never_allows_more_than_a_var_budget(returns, method):
    sizes = [
        VaRPositionSizer(
            method=method,
            measure=measure,
            scope="asset",
            level=0.8,
            window=10,
            halflife=3.0,
            max_weight=1.0,
            max_leverage=None,
        ).weights(returns)
        for measure in ("value_at_risk", "conditional_value_at_risk")
    ]
    assert (sizes[1] <= sizes[0] * (1.0 + 1e-12)).all()


def test_a_model_of_the_users_own_forecasts_the_risk_of_assets_and_of_the_portfolio():
    returns = fat_tailed(60, 2)
    weights = VaRPositionSizer(budget=0.02, model=LastSquare(), scope="asset", max_leverage=None, window=20).weights(
        returns
    )
    risk = np.sqrt(0.5 * (returns[1:] ** 2 + returns[:-1] ** 2))
    np.testing.assert_allclose(weights[1:], 0.02 / risk, rtol=1e-12)
    sizer = VaRPositionSizer(budget=0.02, model=LastSquare(), max_leverage=None, window=20, scope="portfolio")
    weights = sizer.weights(returns)
    earned = returns[40:60] @ weights[59]
    assert np.sqrt(0.5 * (earned[-1] ** 2 + earned[-2] ** 2)) == pytest.approx(0.02, rel=1e-12)


def test_forecasts_from_elsewhere_are_losses_per_period():
    weights = VaRPositionSizer(budget=0.02).weights([0.0, 0.0, 0.0], forecasts=[np.nan, 0.04, -0.01])
    assert weights.tolist() == [0.0, 0.5, 1.0]


# --- policies and refusals


@pytest.mark.parametrize("scope", ["asset", "portfolio"])
def test_gains_even_in_the_tail_give_the_cap(scope):
    returns = 0.01 + 0.001 * np.abs(fat_tailed(40, 2))
    weights = VaRPositionSizer(window=20, scope=scope, max_weight=1.5, max_leverage=None).weights(returns)
    assert (weights[19:] == 1.5).all()


@pytest.mark.parametrize("method", TAILS)
def test_zero_returns_give_the_cap(method):
    sizer = VaRPositionSizer(method=method, window=10, halflife=3.0, max_weight=0.7, max_leverage=None)
    assert (sizer.weights(np.zeros((20, 2)))[13:] == 0.7).all()


def test_an_infinite_cvar_gives_no_weight():
    """Twelve rows of which two are wild: the fitted t has one degree of freedom or less; no size meets the budget."""
    returns = 1e-4 * np.array([1.0, -2.0, 1.3, 3.0, -1.2, 2.0, -3.3, 0.6, -0.8, 2.4, 50.0, -40.0])
    options = {"method": "student_t", "window": 12, "level": 0.9, "max_leverage": 5.0}
    with pytest.raises(InvalidInputError, match="infinite"):
        conditional_value_at_risk(returns, method="student_t", level=0.9)
    assert VaRPositionSizer(measure="conditional_value_at_risk", **options).weights(returns)[-1] == 0.0
    assert VaRPositionSizer(measure="value_at_risk", **options).weights(returns)[-1] > 0.0


def test_a_budget_beyond_the_leverage_allowed_is_not_reached():
    returns = fat_tailed(60, 3)
    weights = VaRPositionSizer(budget=0.5, window=20, scope="portfolio", max_leverage=1.0).weights(returns)
    np.testing.assert_allclose(np.abs(weights[-1]).sum(), 1.0)
    assert value_at_risk(returns[-20:] @ weights[-1]) < 0.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"budget": 2},
            r"budget must be in \(0, 1\), got 2. It is a loss per period, a fraction: 2 % of net asset value",
        ),
        ({"budget": -0.02}, "budget must be in"),
        ({"level": 0.05}, r"level must be in \(0.5, 1\), got 0.05"),
        ({"measure": "cvar"}, "measure must be one of 'value_at_risk', 'conditional_value_at_risk', got 'cvar'"),
        ({"method": "historic"}, "Did you mean 'historical'"),
        ({"window": 1}, "window must be a whole number of at least 2"),
        ({"window": 50, "min_periods": 51}, "min_periods must be at most window=50"),
        ({"refit_every": 0}, "refit_every must be"),
        ({"scope": "all"}, "scope must be one of"),
    ],
)
def test_parameters_that_are_none(arguments, message):
    with pytest.raises(InvalidInputError, match=message):
        VaRPositionSizer(**arguments)


def test_the_window_of_a_portfolio_must_also_start_its_volatility():
    sizer = VaRPositionSizer(method="volatility_weighted", window=50)
    with pytest.raises(InvalidInputError, match="halflife must be at most half of window=50"):
        sizer.weights(fat_tailed(60, 2))
    assert sizer.weights(fat_tailed(90, 1))[-1, 0] > 0.0
