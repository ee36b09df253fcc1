"""Weights by name, wherever they are an argument: a column that they do not name leaves the portfolio, with a warning.

The functions are found by their signatures, so that a new one is either among the cases or among the exceptions.
"""

import inspect
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch import PortfolioRiskMetrics
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.report import Report
from tests.contract import same
from tests.test_public_api import OBJECTS

ROWS = 120
DATES = pd.bdate_range("2024-01-01", periods=ROWS, name="date")
HELD = pd.DataFrame(
    np.random.default_rng(5).standard_t(5, (ROWS, 3)) * [0.01, 0.02, 0.005], index=DATES, columns=["AAA", "BBB", "CCC"]
)
GAPS = HELD["AAA"].where(np.arange(ROWS) % 7 > 0)
EVERYTHING = HELD.assign(VOLUME=1e6 + np.arange(ROWS), GAPS=GAPS, NAME="text")[
    ["VOLUME", "AAA", "GAPS", "BBB", "NAME", "CCC"]
]
WEIGHTS = {"CCC": 0.25, "AAA": 0.5, "BBB": 0.25}
NOTE = r"weights name 3 of the 6 columns of returns; 'VOLUME', 'GAPS' and 'NAME' have no weight and left the portfolio"

CASES = {
    "PortfolioRiskMetrics": {},
    "build_report": {"sections": ["headline", "contributions"]},
    "conditional_value_at_risk": {},
    "diversification_ratio": {},
    "drawdown_risk": {"drawdown": 0.2, "periods": 20, "paths": 50, "rng": 1},
    "effective_number_of_bets": {},
    "historical_stress": {},
    "hypothetical_stress": {"shocks": {"AAA": -0.1}},
    "portfolio_returns": {},
    "reverse_stress": {"loss": 0.1},
    "risk_contributions": {},
    "tail_risk": {},
    "value_at_risk": {},
}
OTHERS = {
    "herfindahl_index": "has no returns",
    "build_file_report": "reads both from files: tests/report/test_weights.py",
    "simulate": "has weights of every bar",
    "backtest_breakers": "has weights of every bar",
    "apply_caps": "has weights of every bar and brings them within caps",
}
ONLY_PANDAS = ("build_report",)
FUNCTIONS = {
    found.__name__: found
    for found in OBJECTS.values()
    if (inspect.isfunction(found) or found is PortfolioRiskMetrics) and "weights" in inspect.signature(found).parameters
}  # results have a field of that name

each_case = pytest.mark.parametrize("name", CASES)
each_case_of_polars = pytest.mark.parametrize("name", [name for name in CASES if name not in ONLY_PANDAS])


def answer(name, returns, weights):
    """Return what a function says of the portfolio; of a report its numbers, since its conventions name what left."""
    found = FUNCTIONS[name](returns, weights=weights, **CASES[name])
    if not isinstance(found, Report):
        return found
    return [found.tables[table].to_numpy().tolist() for table in ("returns", "headline", "assets", "correlation")]


def warned(name, returns, weights):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = answer(name, returns, weights)
    return found, caught


def test_every_public_function_with_weights_is_a_case_or_an_exception_with_a_reason():
    assert sorted(FUNCTIONS) == sorted([*CASES, *OTHERS])


@each_case
@pytest.mark.parametrize("kind", [dict, pd.Series], ids=["mapping", "series"])
def test_a_portfolio_of_some_columns_is_that_of_these_columns_alone_and_warns_once(name, kind):
    before = EVERYTHING.copy()
    found, caught = warned(name, EVERYTHING, kind(WEIGHTS))
    assert [warning.category for warning in caught] == [ConventionWarning]
    assert caught[0].filename == __file__
    with pytest.warns(ConventionWarning, match=NOTE):
        answer(name, EVERYTHING, kind(WEIGHTS))
    assert same(found, answer(name, HELD, WEIGHTS))
    pd.testing.assert_frame_equal(EVERYTHING, before)


@each_case_of_polars
def test_it_is_so_of_polars_whose_dates_stay(name):
    everything = pl.DataFrame({"date": DATES.to_numpy(), **{column: EVERYTHING[column] for column in EVERYTHING}})
    found, caught = warned(name, everything, WEIGHTS)
    assert len(caught) == 1
    assert same(found, answer(name, everything[["date", "AAA", "BBB", "CCC"]], WEIGHTS))


@each_case
def test_columns_that_are_numbers_are_named_by_their_text(name):
    numbered = EVERYTHING.set_axis(range(6), axis=1)
    found, caught = warned(name, numbered, {5: 0.25, "1": 0.5, 3: 0.25}) if name != "hypothetical_stress" else (0, [0])
    assert len(caught) == 1
    if name != "hypothetical_stress":
        assert same(found, answer(name, HELD.set_axis([1, 3, 5], axis=1), {1: 0.5, 3: 0.25, 5: 0.25}))


@each_case
def test_a_weight_of_zero_keeps_its_column(name):
    kept = HELD.assign(DDD=HELD["AAA"] * HELD["BBB"])
    found, caught = warned(name, kept, {**WEIGHTS, "DDD": 0.0})
    assert not caught
    assert same(found, answer(name, kept, {"DDD": 0.0, **WEIGHTS}))
    with pytest.raises(InvalidInputError):  # a column that is held must have numbers
        answer(name, EVERYTHING, {**WEIGHTS, "NAME": 0.0, "VOLUME": 0.0, "GAPS": 0.0})


@each_case
@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"AAA": 0.5, "BBD": 0.5}, r"but 'BBD' is in weights only\. Did you mean 'BBB'\? The columns are 'VOLUME', 'A"),
        ({"aaa": 0.5, "BBB": 0.5}, r"'aaa' is in weights only\. Names are compared as they are written.* write 'AAA'"),
        ({"AAA": 0.5, " BBB": 0.5}, r"' BBB' is in weights only\. .* write 'BBB'"),
        ({"AAA": 0.5, "BBB": 0.4, "Cash": 0.1}, r"'Cash' is in weights only.* Cash needs a column of its own"),
        ({"AAA": 0.5, "BBB": np.nan}, "one finite number for each of the 2 columns"),
        ({"AAA": 0.5, "BBB": "half"}, "one finite number for each of the 2 columns"),
        (pd.Series([0.5, 0.5], index=["AAA", "AAA"]), "name each column of returns once, got 'AAA' twice"),
        ({}, "weights must name at least one column of returns"),
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore::riskresearch.core.ConventionWarning")
def test_names_that_are_no_columns_are_refused(name, weights, message):
    with pytest.raises(InvalidInputError, match=message):
        answer(name, EVERYTHING, weights)


@each_case
def test_weights_by_position_have_one_for_each_column(name):
    if name == "build_report":
        return  # has names only
    with pytest.raises(InvalidInputError, match="one finite number for each of the 3 columns"):
        answer(name, HELD, [0.5, 0.5])
    with pytest.raises(InvalidInputError, match=r"The columns have no names: pass one number for each, in their order"):
        answer(name, HELD.to_numpy(), {"AAA": 0.5, "BBB": 0.5})
