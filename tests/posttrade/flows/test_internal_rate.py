"""Internal rates of return: published values, polynomials with known roots, and the refusals."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import posttrade
from riskresearch.core import InvalidInputError
from tests.examples import examples
from tests.posttrade.flows.test_returns_with_flows import ledger

REFERENCE = json.loads((Path(__file__).parents[2] / "reference/posttrade/returns_flows.json").read_text())
DATED = [name for name in REFERENCE if name.startswith("xirr")]
rates_of = posttrade.internal_rate_of_return


@pytest.mark.parametrize("name", DATED)
def test_dated_rates_are_those_of_pyxirr(name):
    case = REFERENCE[name]
    result = rates_of(case["amounts"], dates=case["dates"])
    assert result.rate == pytest.approx(case["xirr_act365"], rel=2e-9)
    assert abs(result.net_present_values[0]) < 1e-9
    by_date = pd.Series(case["amounts"], pd.to_datetime(case["dates"]))
    assert rates_of(by_date[::-1]).roots == result.roots


def test_periodic_rates():
    assert rates_of(REFERENCE["irr_annual"]["amounts"]).rate == pytest.approx(REFERENCE["irr_annual"]["irr"], rel=1e-12)
    two = rates_of(REFERENCE["irr_two_roots"]["amounts"])
    assert two.roots == pytest.approx(REFERENCE["irr_two_roots"]["roots_by_hand"], rel=1e-12)
    assert two.rate is None
    assert "none of them is the return" in two.verdict


def test_no_rate_says_why():
    assert "one sign" in rates_of([100.0, 200.0]).verdict
    assert rates_of([1000.0, -3000.0, 2500.0]).verdict == "No rate between -99% and 10000%."
    assert "one outside" in rates_of([-100.0, 110.0], high=0.05).verdict
    assert rates_of([-100.0, 110.0], low=0.1, high=0.2).rate == pytest.approx(0.1)


@examples(40)
@given(st.lists(st.integers(-60, 300), min_size=1, max_size=5, unique=True))
def test_every_root_of_a_polynomial_is_found(percents):
    roots = sorted(each / 100.0 for each in percents)
    found = rates_of(np.poly([1.0 + root for root in roots])).roots
    assert found == pytest.approx(roots, abs=1e-6)


@pytest.mark.parametrize("distance", [1e-2, 1e-4, 1e-6])
def test_close_pairs_are_not_missed(distance):
    found = rates_of(np.poly([1.1, 1.1 + distance]))
    assert found.roots == pytest.approx([0.1, 0.1 + distance], abs=distance / 3.0)
    assert found.touching == (False, False)


def test_a_double_root_touches_zero_and_one_just_missed_is_none():
    double = rates_of([-1.0, 2.2, -1.21])
    assert double.roots == pytest.approx([0.1], abs=1e-7)
    assert double.touching == (True,)
    assert rates_of([-1.0, 2.2, -1.21 - 1e-9]).roots == ()
    assert len(rates_of([-1.0, 2.2, -1.21 + 1e-9]).roots) == 2


def test_a_triple_root_is_one():
    found = rates_of(np.poly([1.1, 1.1, 1.1]))
    assert found.roots == pytest.approx([0.1], abs=1e-4)
    assert found.touching == (False,)


def test_a_dense_grid_finds_no_other_changes_of_sign():
    rng = np.random.default_rng(5)
    for _ in range(20):
        times, amounts = np.sort(rng.integers(0, 4000, 12)), rng.normal(size=12)
        dates = pd.Timestamp("2010-01-01") + pd.to_timedelta(times, unit="D")
        grid = np.linspace(np.log1p(-0.9), np.log1p(5.0), 200_001)
        worth = np.exp(-np.outer(grid, (times - times[0]) / 365.0)) @ amounts
        crossed = np.expm1(grid[1:][worth[1:] * worth[:-1] < 0.0])
        assert rates_of(pd.Series(amounts, dates), low=-0.9, high=5.0).roots == pytest.approx(list(crossed), rel=1e-3)


def test_a_ledger_pays_its_deposits_and_receives_its_equity():
    book = ledger()
    result = rates_of(book)
    flows = -book.flows
    flows.iloc[-1] += book.equity.iloc[-1]
    assert result.roots == rates_of(flows).roots
    assert rates_of(pd.DataFrame({"time": flows.index, "amount": flows.to_numpy()})).roots == result.roots


def test_flows_of_one_day_are_added_and_zones_show_their_clock():
    days = pd.to_datetime(["2024-01-01 09:00", "2024-01-01 15:00", "2024-12-31 23:30"])
    once = rates_of(pd.Series([-100.0, 110.0], [days[0], days[2]])).roots
    assert rates_of(pd.Series([-60.0, -40.0, 110.0], days)).roots == once
    assert rates_of(pd.Series([-60.0, -40.0, 110.0], days.tz_localize("America/New_York"))).roots == once


@pytest.mark.parametrize(
    ("flows", "options", "match"),
    [
        ([-1.0, 1.1], {"low": -1.0}, "range above -1"),
        ([-1.0, 1.1], {"low": 0.5, "high": 0.5}, "range above -1"),
        ([-1.0], {}, "at two times or more"),
        ([], {}, "at two times or more"),
        (pd.Series([-1.0, 2.0], pd.to_datetime(["2024-01-01"] * 2)), {}, "at two times or more"),
        ([-1.0, np.nan], {}, "must be finite"),
        (["-1", "2"], {}, "one number for each"),
        (pd.Series([-1.0, 2.0], [20240101, 20250101]), {}, "must have dates, or row numbers"),
        ([-1.0, 2.0], {"dates": ["2024-01-01"]}, "one for each amount"),
        ([-1.0, 2.0], {"dates": ["2024-01-01", "soon"]}, "must hold times .* got 'soon'"),
        ([-1.0, 2.0], {"dates": ["31.01.2024", "01.02.2025"]}, "must hold times"),
        ([-1.0, 2.0], {"dates": [20240101, 20250101]}, "must hold times"),
        ([-1.0, 2.0], {"dates": "2024-01-01"}, "goes into a list"),
        ([-1.0, 2.0], {"dates": [None, "2024-01-01"]}, "must have a date on each row, got none on row 0"),
        (pd.DataFrame({"time": [0, 1], "amount": [1.0, 2.0], "kind": "deposit"}), {}, "column 'kind'"),
        ("flows.csv", {}, "Read a file"),
        ([-1.0, 2.0], {"guess": 0.1}, "none needs a first guess"),
    ],
)
def test_what_has_no_rate_is_refused(flows, options, match):
    with pytest.raises(InvalidInputError, match=match):
        rates_of(flows, **options)


def test_a_total_loss_has_no_rate_and_is_no_error():
    for flows in ([-1000.0, 0.0, 0.0], pd.Series([-1000.0, 0.0], pd.to_datetime(["2024-01-01", "2025-01-01"]))):
        result = rates_of(flows)
        assert result.roots == ()
        assert result.verdict == "No rate: all amounts have one sign."
