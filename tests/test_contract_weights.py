"""Weights by name, wherever they are an argument: a column that they do not name leaves the portfolio, with a warning.

The functions are found by their signatures, so that a new one is either among the cases or among the exceptions.
"""

import inspect
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch import PortfolioRiskMetrics, backtest_breakers, simulate
from riskresearch.accounts import Costs
from riskresearch.breakers import DrawdownBreaker
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.portfolio import entropy_pooling, hypothetical_stress, monte_carlo_risk, normal_scenarios
from riskresearch.report import Report
from riskresearch.sizing import Caps, apply_caps, risk_parity
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
    "build_report": {"sections": ["headline", "contributions"], "periods_per_year": 1},
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
    "brinson": "has weights of two sides, and a column that neither names adds nothing: tests/posttrade/attribution",
    "factor_attribution": "has weights of two sides, as brinson: tests/posttrade/attribution",
    "risk_attribution": "has weights of two sides, as brinson: tests/posttrade/attribution",
    "herfindahl_index": "has no returns",
    "continuous_growth_rate": "has moments and no returns",
    "build_file_report": "reads both from files: tests/report/test_weights.py",
    "simulate": "has weights of every bar: below",
    "backtest_breakers": "has weights of every bar: below",
    "apply_caps": "has weights of every bar, and no portfolio of other columns",
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
    return [
        getattr(found.tables, table).to_numpy().tolist() for table in ("returns", "headline", "assets", "correlation")
    ]


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
def test_weights_in_percent_are_refused_or_warn_once_with_both_readings(name):
    percent = {column: 100.0 * weight for column, weight in WEIGHTS.items()}
    if name in ("build_report", "portfolio_returns"):
        with pytest.raises(
            InvalidInputError, match=r"weights must sum to 1, got 100\. .* They are fractions: 60 % is 0\.6"
        ):
            answer(name, HELD, percent)
        return
    with pytest.warns(
        ConventionWarning, match=r"100 times the equity; as percent it is 1 times: divide by 100"
    ) as caught:
        answer(name, HELD * 0.01, percent)
    assert len(caught) == 1


@each_case
def test_weights_by_position_have_one_for_each_column(name):
    if name == "build_report":
        return  # has names only
    with pytest.raises(InvalidInputError, match="one finite number for each of the 3 columns"):
        answer(name, HELD, [0.5, 0.5])
    with pytest.raises(InvalidInputError, match=r"The columns have no names: pass one number for each, in their order"):
        answer(name, HELD.to_numpy(), {"AAA": 0.5, "BBB": 0.5})


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (
            lambda: hypothetical_stress(HELD, weights=WEIGHTS, shocks={"aaa": -0.1}),
            r"got 'aaa', which is neither .* write 'AAA'",
        ),
        (
            lambda: entropy_pooling(HELD, means={"AAB": 0.0}),
            r"got 'AAB'\. Did you mean 'AAA'\? The columns are 'AAA', 'B",
        ),
        (lambda: simulate([[1.0]], [[1.0]], accounts={"0": "a", "1": "b"}), r"got '1'\. The columns are '0'\."),
        (
            lambda: apply_caps(HELD * 0.0, Caps(max_weight=0.5), held={"AAA": 0.1}),
            "held must name the columns of weights, but 'BBB' is in weights only",
        ),
        (
            lambda: risk_parity(HELD.cov(), budgets={"AAA": 1.0}),
            "budgets must name the columns of covariance, but 'BBB' is in",
        ),
        (
            lambda: monte_carlo_risk(HELD[:2].T, scenarios=normal_scenarios(np.eye(2) * 1e-4), delta={"AAA": 1.0}),
            "delta must name the rows of loadings, but 'BBB' is in loadings only",
        ),
    ],
)
def test_what_is_no_portfolio_is_not_completed(ask, message):
    with pytest.raises(InvalidInputError, match=message):
        ask()


@pytest.mark.filterwarnings("ignore::riskresearch.core.ConventionWarning")
def test_a_shock_of_a_column_needs_its_weight_of_zero():
    shocked = HELD.assign(RATE=HELD["CCC"] - HELD["AAA"])
    with pytest.raises(
        InvalidInputError, match=r"got 'RATE', which is neither .* The names are 'AAA', 'BBB' and 'CCC'"
    ):
        hypothetical_stress(shocked, weights=WEIGHTS, shocks={"RATE": -0.1})
    assert hypothetical_stress(shocked, weights={**WEIGHTS, "RATE": 0.0}, shocks={"RATE": -0.1}).assets[-1] == "RATE"


# --- weights of every bar, by the names of the columns of prices

PRICES = (1.0 + HELD).cumprod() * 100.0
MARKET = PRICES.assign(DDD=PRICES["AAA"].where(np.arange(ROWS) % 5 > 0), EEE=-1.0)[["EEE", "CCC", "AAA", "DDD", "BBB"]]
TARGETS = pd.DataFrame(
    np.random.default_rng(6).dirichlet([1.0, 1.0, 1.0], ROWS), index=DATES, columns=["BBB", "AAA", "CCC"]
)
LEFT = (
    r"weights name 3 of the 5 columns of prices; 'EEE' and 'DDD' have no weight and left the portfolio\. .* prices\[w"
)


def polars(frame):
    return pl.DataFrame({"date": DATES.to_numpy(), **{column: frame[column].to_numpy() for column in frame}})


@pytest.mark.parametrize("kind", [lambda frame: frame, polars], ids=["pandas", "polars"])
@pytest.mark.parametrize("groups", [None, "columns", "mapping"])
def test_a_simulation_of_some_columns_is_that_of_these_columns_alone_and_warns_once(kind, groups):
    accounts = {"AAA": "one", "BBB": "two", "CCC": "one"} if groups == "mapping" else groups
    every = {**accounts, "DDD": "three", "EEE": "one"} if groups == "mapping" else groups
    costs = Costs(commission=0.001, impact=0.5)
    inside, beyond = PRICES[list(TARGETS)], MARKET
    panels = {"average_volume": beyond.abs() * 1e4, "volatility": beyond.abs() * 1e-4, "fill_prices": beyond * 1.001}
    own = {name: kind(panel[list(TARGETS)]) for name, panel in panels.items()}
    all_of_them = {name: kind(panel) for name, panel in panels.items()}
    with pytest.warns(ConventionWarning, match=LEFT) as caught:
        found = simulate(kind(TARGETS), kind(beyond), costs=costs, accounts=every, **all_of_them)
    assert len(caught) == 1
    alone = simulate(kind(TARGETS), kind(inside), costs=costs, accounts=accounts, **own)
    assert same(found.equity, alone.equity)
    assert same(found.units, alone.units)


def test_breakers_over_some_columns_are_those_of_these_columns_alone_and_warn_once():
    breaker = DrawdownBreaker(0.02, cooldown=3)
    with pytest.warns(ConventionWarning, match=LEFT) as caught:
        found = backtest_breakers(None, breaker, weights=TARGETS, prices=MARKET, rng=1, draws=20)
    assert len(caught) == 1
    alone = backtest_breakers(None, breaker, weights=TARGETS, prices=PRICES[list(TARGETS)], rng=1, draws=20)
    assert same(found.path, alone.path)


def test_weights_of_every_bar_name_columns_of_prices_and_all_of_them_in_order_or_some():
    with pytest.raises(
        InvalidInputError, match=r"'AAB' is in weights only\. Did you mean 'AAA'\? The columns are 'AAA'"
    ):
        simulate(TARGETS.rename(columns={"AAA": "AAB"}), PRICES)
    with pytest.raises(InvalidInputError, match=r"They stand in another order: pass weights\[prices\.columns\]"):
        simulate(TARGETS, PRICES)
    with pytest.raises(InvalidInputError, match="must have the shape of prices"):
        simulate(TARGETS.to_numpy(), MARKET.abs().ffill().to_numpy())
