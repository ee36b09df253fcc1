"""`returns.risk`: every function of returns as a method of pandas' and polars' own classes."""

import inspect
import pickle

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given

import riskresearch as rr
from riskresearch.accessor._risk import RiskAccessor
from riskresearch.core import InvalidInputError
from riskresearch.metrics import Interval
from tests.examples import examples

ROOMS = (rr, rr.backtest, rr.core, rr.files, rr.metrics, rr.models, rr.plots, rr.portfolio, rr.report, rr.sizing)
DATES = pd.bdate_range("2024-01-01", periods=300, name="date")
RETURNS = pd.DataFrame(
    np.random.default_rng(12).normal(0.0005, 0.01, (300, 3)), index=DATES, columns=["AAA", "BBB", "CCC"]
)


def functions_of_returns():
    """Find the public functions whose first argument is returns, by name."""
    found = {}
    for room in ROOMS:
        for name in room.__all__:
            function = getattr(room, name)
            if inspect.isfunction(function) and next(iter(inspect.signature(function).parameters), "") == "returns":
                found[name] = function
    return found


FUNCTIONS = functions_of_returns()


@pytest.fixture(autouse=True)
def _registered():
    rr.register_accessor()


@pytest.fixture
def taken():
    """Put a namespace of another package on both classes of pandas, and take it away afterwards."""
    pd.DataFrame.ledger = property(lambda frame: "another package's")
    yield "ledger"
    del pd.DataFrame.ledger


def test_every_function_of_returns_is_a_method_and_nothing_else_is():
    assert len(FUNCTIONS) > 70
    methods = {name for name in dir(RETURNS.risk) if not name.startswith("_")}
    assert methods == set(FUNCTIONS), "each needs a line in accessor/_risk.py, unless it is a measure"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_method_has_the_signature_and_the_docstring_of_its_function(name):
    method, function = getattr(RETURNS.risk, name), FUNCTIONS[name]
    expected = inspect.signature(function)
    assert inspect.signature(method) == expected.replace(parameters=list(expected.parameters.values())[1:])
    assert inspect.signature(getattr(pd.Series.risk, name)) == expected
    assert method.__doc__ == function.__doc__
    assert method.__name__ == name
    assert method.__func__.__wrapped__ is function


@pytest.mark.parametrize("name", ["sharpe_ratio", "value_at_risk", "max_drawdown", "volatility", "sortino_ratio"])
def test_a_method_gives_what_its_function_gives_for_each_kind_of_data(name):
    function = FUNCTIONS[name]
    for data in (RETURNS["AAA"], pl.Series("AAA", RETURNS["AAA"].to_numpy())):
        rr.register_accessor()
        answer = getattr(data.risk, name)()
        assert type(answer) is float
        assert answer == function(data)
    pd.testing.assert_series_equal(getattr(RETURNS.risk, name)(), function(RETURNS))
    frame = pl.DataFrame({name: RETURNS[name].to_numpy() for name in RETURNS})
    assert getattr(frame.risk, name)().equals(function(frame))


@given(st.lists(st.floats(-0.5, 0.5), min_size=3, max_size=30), st.floats(0.55, 0.99))
@examples(30)
def test_options_and_further_data_reach_the_function(values, level):
    returns = pd.Series(values)
    assert returns.risk.value_at_risk(level=level) == rr.value_at_risk(returns, level=level)
    assert returns.risk.beta(returns + 0.0) == pytest.approx(rr.metrics.beta(returns, returns), nan_ok=True)


def test_the_methods_of_every_room_work():
    fund, weights = RETURNS["AAA"], {"AAA": 0.5, "BBB": 0.3, "CCC": 0.2}
    assert list(fund.risk.rolling("sharpe_ratio", window=50).index) == list(fund.index)
    assert fund.risk.summary().to_frame().equals(rr.summary(fund).to_frame())
    assert isinstance(fund.risk.sharpe_ratio(interval=0.9), Interval)
    parts = RETURNS.risk.risk_contributions(weights=weights)
    assert parts.total == rr.risk_contributions(RETURNS, weights=weights).total
    assert sum(RETURNS.risk.minimum_cvar().weights) == pytest.approx(1.0)
    tested = fund.risk.backtest_breakers(rr.breakers.DrawdownBreaker(limit=0.05, cooldown=20))
    assert len(tested.to_frame()) > 0
    page = fund.risk.build_report(sections=["headline"])
    assert len(page.to_frame()) > 5


def test_a_drawdown_by_hand():
    # 1.1, 0.55, 0.66: half of the peak is lost, then two fifths of it
    path = pd.Series([0.1, -0.5, 0.2]).risk.drawdown()
    np.testing.assert_allclose(path, [0.0, 0.5, 0.4], rtol=1e-15)


def test_the_data_are_not_changed_and_pickle_as_before():
    before = RETURNS.copy()
    RETURNS.risk.summary()
    pd.testing.assert_frame_equal(RETURNS, before)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(RETURNS)), before)
    copied = pickle.loads(pickle.dumps(RETURNS.risk))
    assert copied.max_drawdown().equals(RETURNS.risk.max_drawdown())


def test_bad_input_is_refused_as_by_the_function():
    with pytest.raises(InvalidInputError, match=r"level must be in \(0\.5, 1\), got 0\.05"):
        RETURNS.risk.value_at_risk(level=0.05)
    with pytest.raises(InvalidInputError, match="returns has 1 non-finite value"):
        pd.Series([0.01, np.nan, 0.02]).risk.volatility()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sharpe", "sharpe_ratio"),
        ("var", "value_at_risk"),
        ("cvar", "conditional_value_at_risk"),
        ("VaR", "value_at_risk"),
        ("max_drawdow", "max_drawdown"),
        ("vol", "volatility"),
        ("kelly", "kelly_weights"),
        ("report", "build_report"),
        ("stress", "historical_stress"),
    ],
)
def test_a_wrong_name_says_what_may_be_meant(written, meant):
    with pytest.raises(AttributeError, match=rf"no method '{written}'\. Did you mean {meant}\?"):
        getattr(RETURNS.risk, written)


@pytest.mark.parametrize("written", ["zzz", "_ipython_display_", "__wrapped__"])
def test_a_name_like_no_other_is_refused_without_a_suggestion(written):
    with pytest.raises(AttributeError, match=rf"no method '{written}'\.$"):
        getattr(RETURNS.risk, written)


def test_registering_again_changes_nothing_and_warns_of_nothing():
    before = [vars(owner)["risk"] for owner in (pd.Series, pd.DataFrame, pl.Series, pl.DataFrame)]
    rr.register_accessor("risk")
    assert [vars(owner)["risk"] for owner in (pd.Series, pd.DataFrame, pl.Series, pl.DataFrame)] == before


def test_the_namespace_is_listed_and_may_have_another_name():
    rr.register_accessor("riskresearch")
    assert "riskresearch" in dir(RETURNS)
    assert RETURNS.riskresearch.max_drawdown().equals(RETURNS.risk.max_drawdown())
    assert pd.Series.riskresearch is RiskAccessor


def test_the_accessor_shows_what_it_is_of():
    assert repr(RETURNS.risk) == "RiskAccessor(DataFrame of 300 rows)"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("mean", r"pandas\.Series\.mean is pandas\.core\..*mean: pass another, such as register_accessor\(\"rr\"\)"),
        ("columns", r"pandas\.DataFrame\.columns is "),
        ("shift", r"pandas\.Series\.shift is "),
    ],
)
def test_a_name_that_something_else_has_is_refused(name, said):
    with pytest.raises(InvalidInputError, match="name must be free, but " + said):
        rr.register_accessor(name)


def test_a_name_that_is_taken_on_one_class_is_registered_on_none(taken):
    with pytest.raises(InvalidInputError, match=r"pandas\.DataFrame\.ledger is property"):
        rr.register_accessor(taken)
    assert not hasattr(pd.Series, taken)


@pytest.mark.parametrize("name", ["", "two words", "class", "_risk", "__len__", "1st", None, 3, RETURNS])
def test_a_name_that_is_no_identifier_is_refused(name):
    with pytest.raises(InvalidInputError, match="name must be an identifier without a leading underscore"):
        rr.register_accessor(name)


def test_polars_is_registered_only_where_it_is_loaded_and_later_calls_add_it(run_python):
    code = """
import pandas as pd, riskresearch as rr
rr.register_accessor()
print("polars" in sys.modules, pd.Series([0.1, -0.1]).risk.max_drawdown() > 0)
import polars as pl
print(hasattr(pl.Series, "risk"))
rr.register_accessor()
print(pl.Series([0.1, -0.1]).risk.max_drawdown() > 0)
"""
    assert run_python(code).split("\n") == ["False True", "False", "True"]


def test_after_unloading_the_namespace_is_registered_afresh_without_a_warning(run_python):
    code = """
import warnings
warnings.simplefilter("error")
import pandas as pd, riskresearch as rr
rr.register_accessor()
old = pd.Series.risk
rr.unload("metrics")
rr.register_accessor()
print(pd.Series.risk is old, pd.Series([0.1, -0.1]).risk.max_drawdown() > 0)
"""
    assert run_python(code) == "False True"
