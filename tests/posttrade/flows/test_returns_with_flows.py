"""Time-weighted and Modified Dietz returns: worked by hand, as compounding, and at their edges."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import posttrade
from riskresearch.core import InvalidInputError
from tests.examples import examples

REFERENCE = json.loads((Path(__file__).parents[2] / "reference/posttrade/returns_flows.json").read_text())
DAYS = pd.to_datetime(["2024-05-31", "2024-06-10", "2024-06-25", "2024-06-30"])
FLOWS = pd.Series([10_000.0, -4_000.0], DAYS[1:3])
VALUES = pd.Series([100_000.0, 112_000.0, 111_360.0, 118_000.0], DAYS)


def ledger(first=2_000.0, **options):
    days = pd.bdate_range("2024-01-01", periods=60)
    prices = pd.DataFrame({"A": 100.0 * np.cumprod(1 + np.random.default_rng(0).normal(0, 0.01, 60))}, days)
    at = days[[0, 5, 20]]
    fills = pd.DataFrame(
        {"asset": "A", "time": at, "units": [10, 5, -7], "price": prices.loc[at, "A"].to_numpy() * 0.99}
    )
    cash = pd.DataFrame({"time": days[[0, 10, 30]], "amount": [first, 500, -300], "kind": "transfer"})
    return posttrade.Ledger.from_fills(fills, prices=prices, cash_flows=cash, **options)


def test_the_time_weighted_return_is_that_of_the_sub_periods():
    expected = REFERENCE["true_time_weighted"]
    result = posttrade.time_weighted_return(VALUES, FLOWS)
    ends = [end for _, end in expected["subperiods_begin_end"]]
    np.testing.assert_allclose(result.closing - result.flows, ends, rtol=1e-15)
    assert result.total == pytest.approx(expected["return"], rel=1e-13)


@pytest.mark.parametrize(("flow_at", "name"), [("end", "return"), ("begin", "start_of_day_return")])
def test_dietz_weighs_flows_by_the_days_that_they_were_there(flow_at, name):
    ends = VALUES.iloc[[0, -1]]
    result = posttrade.modified_dietz(ends, FLOWS, flow_at=flow_at)
    assert result.total == pytest.approx(REFERENCE["modified_dietz"][name], rel=1e-13)
    assert posttrade.modified_dietz(VALUES, FLOWS, flow_at=flow_at).total == result.total


def test_a_flow_at_the_beginning_of_its_day_earns_that_day():
    result = posttrade.time_weighted_return([100.0, 220.0], [0.0, 100.0], flow_at="begin")
    assert result.total == pytest.approx(0.1)
    assert posttrade.time_weighted_return([100.0, 220.0], [0.0, 100.0]).total == pytest.approx(0.2)


def test_linked_months_compound_from_the_last_value_of_the_month_before():
    days = pd.to_datetime(["2024-01-31", "2024-02-14", "2024-02-29", "2024-03-28"])
    result = posttrade.modified_dietz(pd.Series([100.0, 150.0, 165.0, 132.0], days), linked="month")
    np.testing.assert_allclose(result.returns, [0.65, -0.2], rtol=1e-14)
    assert result.total == pytest.approx(1.65 * 0.8 - 1.0, rel=1e-14)
    assert list(result.ends) == list(days[2:])


@examples(30)
@given(
    st.lists(st.floats(-0.2, 0.2), min_size=2, max_size=30),
    st.lists(st.floats(-50.0, 400.0), min_size=30, max_size=30),
    st.sampled_from(["begin", "end"]),
)
def test_flows_are_no_return(returns, flows, flow_at):
    values, value = [1_000.0], 1_000.0
    for each, flow in zip(returns, flows, strict=False):
        value = (value + flow) * (1.0 + each) if flow_at == "begin" else value * (1.0 + each) + flow
        if value < 100.0:
            value -= flow
        values.append(value)
    used = [0.0, *flows[: len(returns)]]
    if min(values) < 100.0:
        return
    result = posttrade.time_weighted_return(values, used, flow_at=flow_at)
    grown = [1.0 + each for each in result.returns]
    assert result.total == pytest.approx(np.prod(grown) - 1.0, rel=1e-12, abs=1e-13)
    without = posttrade.modified_dietz(values, used, flow_at=flow_at)
    assert without.gain[0] == pytest.approx(result.gain.sum(), rel=1e-9, abs=1e-7)


def test_a_ledger_brings_its_values_and_flows():
    book = ledger()
    result = posttrade.time_weighted_return(book)
    assert result.total == pytest.approx((1.0 + book.returns).prod() - 1.0, rel=1e-12)
    assert result.gain.sum() == pytest.approx(book.pnl.to_numpy().sum(), rel=1e-9)
    own = posttrade.time_weighted_return(book.equity, book.flows)
    np.testing.assert_array_equal(own.returns, result.returns[1:])
    monthly = posttrade.modified_dietz(book, linked="month")
    assert monthly.gain.sum() == pytest.approx(result.gain.sum(), rel=1e-9)


def test_order_and_doubled_dates_of_flows_do_not_matter():
    table = pd.DataFrame({"time": DAYS[[2, 1, 1]], "amount": [-4_000.0, 4_000.0, 6_000.0]})
    assert posttrade.time_weighted_return(VALUES, table).total == posttrade.time_weighted_return(VALUES, FLOWS).total
    kinds = pd.DataFrame({"time": [*DAYS[1:3], DAYS[3]], "amount": [10_000.0, -4_000.0, 9.0]})
    kinds["kind"] = ["deposit", "withdrawal", "dividend"]
    assert posttrade.time_weighted_return(VALUES, kinds).total == posttrade.time_weighted_return(VALUES, FLOWS).total


def test_a_flow_of_the_first_day_is_in_its_value_and_one_of_the_last_day_is_counted():
    first = pd.concat([FLOWS, pd.Series([77.0], DAYS[:1])])
    result = posttrade.time_weighted_return(VALUES, first)
    assert (result.total, result.opening_flows) == (posttrade.time_weighted_return(VALUES, FLOWS).total, 1)
    assert "includes 1 flow" in result.conventions()
    last = posttrade.time_weighted_return([100.0, 1_110.0], [0.0, 1_000.0])
    assert last.total == pytest.approx(0.1)


def test_an_empty_account_is_opened_by_its_first_flow():
    assert posttrade.time_weighted_return([0.0, 0.0, 110.0], [0.0, 0.0, 100.0]).total == pytest.approx(0.1)
    assert posttrade.modified_dietz([0.0, 110.0], [0.0, 100.0]).total == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("values", "flows", "match"),
    [
        (VALUES, pd.Series([5.0], [DAYS[0] - pd.Timedelta(days=1)]), "from the first value to the last"),
        (VALUES, pd.Series([5.0], [DAYS[3] + pd.Timedelta(days=1)]), "1 outside, the first at 2024-07-01"),
        (VALUES, pd.Series([5.0], [DAYS[1] + pd.Timedelta(days=1)]), "use modified_dietz"),
        (VALUES, FLOWS.tz_localize("UTC"), "must have a zone"),
        (VALUES.tz_localize("UTC"), FLOWS, "must have a zone"),
        (VALUES[::-1], FLOWS, "in the order of its dates"),
        (VALUES.iloc[[0, 1, 1]], FLOWS, "values"),
        (pd.DataFrame({"a": VALUES, "b": VALUES}), FLOWS, "of one account"),
        (VALUES, [1.0, 2.0], "one number for each value"),
        (VALUES, FLOWS * np.nan, "must be finite"),
        (VALUES * np.nan, FLOWS, "must be finite"),
        (VALUES, FLOWS.to_frame("money"), "must have a column 'time'; it has 'money'"),
        ([100.0, -5.0, 90.0], None, "not lose more than the capital"),
        ([100.0, 0.0, 90.0], None, "capital above zero"),
        ([0.0, 5.0], [0.0, -10.0], "capital above zero"),
    ],
)
def test_what_has_no_return_is_refused(values, flows, match):
    with pytest.raises(InvalidInputError, match=match):
        posttrade.time_weighted_return(values, flows)


def test_a_value_at_zero_before_a_flow_needs_the_flow_at_the_beginning():
    values, flows = [100.0, -0.5, 60.0], [0.0, -100.0, 50.0]
    with pytest.raises(InvalidInputError, match='flow_at="begin"'):
        posttrade.time_weighted_return(values, flows)


def test_a_ledger_without_a_deposit_has_no_capital():
    with pytest.raises(InvalidInputError, match="deposit on its first bar"):
        posttrade.time_weighted_return(ledger(first=0.0))
    with pytest.raises(InvalidInputError, match="flows must be None"):
        posttrade.modified_dietz(ledger(), FLOWS)
    with pytest.raises(InvalidInputError, match="linked"):
        posttrade.modified_dietz([1.0, 2.0], linked="month")


def test_one_value_a_day_counts_by_its_day_whatever_its_time():
    closes, morning = VALUES.copy(), FLOWS.copy()
    closes.index, morning.index = DAYS + pd.Timedelta(hours=16), FLOWS.index + pd.Timedelta(hours=9)
    assert posttrade.time_weighted_return(closes, morning).total == posttrade.time_weighted_return(VALUES, FLOWS).total
    months = pd.period_range("2024-01", periods=3, freq="M")
    result = posttrade.modified_dietz(pd.Series([100.0, 160.0, 150.0], months), pd.Series([50.0], months[1:2]))
    assert result.flows[0] == 50.0


@pytest.mark.parametrize("flows", [["0", "5"], [True, False], "flows.csv", [[1.0, 2.0]], {"2024-06-10": 5.0}])
def test_flows_are_numbers(flows):
    with pytest.raises(InvalidInputError, match="flows"):
        posttrade.time_weighted_return([1.0, 2.0], flows)


def test_an_analysis_compounds_the_same_returns():
    book = ledger()
    fills, cash = (
        book.fills,
        pd.DataFrame({"time": book.flows.index, "amount": book.flows.to_numpy(), "kind": "transfer"}),
    )
    path = 100.0 * np.cumprod(1 + np.random.default_rng(0).normal(0, 0.01, 60))
    prices = pd.DataFrame({"A": path}, book.flows.index)
    frame = posttrade.analyze(fills, prices=prices, cash_flows=cash[cash["amount"] != 0.0]).to_frame()
    assert frame["return"].iloc[0] == pytest.approx(posttrade.time_weighted_return(book).total, rel=1e-10)
    assert np.isnan(posttrade.analyze(fills, prices=prices).to_frame()["return"].iloc[0])


def test_a_period_without_capital_names_the_remedy_that_works():
    withdrawn = ([100.0, 0.0], [0.0, -120.0])
    with pytest.raises(InvalidInputError, match='flow_at="end"'):
        posttrade.time_weighted_return(*withdrawn, flow_at="begin")
    assert posttrade.time_weighted_return(*withdrawn, flow_at="end").total == pytest.approx(0.2)
    with pytest.raises(InvalidInputError, match="use time_weighted_return"):
        posttrade.modified_dietz([100.0, 0.0, 0.0, 0.0], [0.0, -250.0, 0.0, 0.0])
