"""What accounts hold without the fills of a bar is what a ledger without those fills has."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.posttrade.breaches._holdings import holdings_of
from tests.examples import examples
from tests.posttrade.ledger.cases import (
    ASSETS,
    BARS,
    DAYS,
    FLOWS,
    PRICES,
    ROWS,
    actions_of,
    fills_of,
    flows_of,
    ledger_of,
)

SPLIT = actions_of((3, "A", "split", 0.5, None, np.nan), (4, "B", "cash_dividend", 0.25, None, np.nan))


def all_of(ledger):
    return holdings_of(ledger.books, range(len(ledger.books.accounts)))


def money(standing):
    return standing.cash + float(np.nansum(standing.units * standing.prices * standing.rates))


@given(ROWS, FLOWS, st.integers(0, BARS - 1), st.booleans())
@examples(60)
def test_before_the_fills_of_a_bar_is_a_ledger_without_them(rows, flows, row, acted):
    actions = SPLIT if acted else None
    fills, flows = fills_of(rows), flows_of(flows)
    later = fills["time"] >= DAYS[row]
    came = flows[(flows["time"] < DAYS[row]) | ((flows["time"] == DAYS[row]) & (flows["amount"] > 0.0))]
    expected = all_of(ledger_of(fills[~later], cash_flows=came, corporate_actions=actions)).after(row)
    found = all_of(ledger_of(fills, cash_flows=flows, corporate_actions=actions)).before(row)
    np.testing.assert_allclose(found.units, expected.units, rtol=1e-9, atol=1e-9)
    assert found.cash == pytest.approx(expected.cash, rel=1e-9, abs=1e-6)


@given(ROWS, st.integers(0, BARS - 1))
@examples(40)
def test_fills_at_their_own_prices_change_nothing_but_their_costs(rows, row):
    ledger = ledger_of(fills_of([(bar, asset, units, 10.0, 0.0) for bar, asset, units, _, _ in rows]))
    without, filled = all_of(ledger).around(row)
    np.testing.assert_array_equal(without.prices, filled.prices)
    assert money(filled) == pytest.approx(money(without), abs=1e-9)


def test_prices_before_fills_by_hand():
    prices = PRICES.copy()
    prices.iloc[:4, 2] = np.nan
    fills = fills_of([(1, "A", 4.0, 7.0, 0.5), (3, "A", 6.0, 3.0, 0.0), (4, "B", 1.0, 9.0, 0.0)])
    holdings = all_of(ledger_of(fills, prices=prices, corporate_actions=SPLIT))
    split = holdings.before(3)
    assert split.units.tolist() == [8.0, 0.0, 0.0]  # 4 became 8; the 6 of the bar are not there
    assert split.prices[0] == PRICES["A"].iloc[2] * 0.5
    assert np.isnan(split.prices[2])
    assert split.cash == -28.5
    without, filled = holdings.around(3)
    assert without.prices[0] == filled.prices[0] == 3.0
    assert filled.units.tolist() == [14.0, 0.0, 0.0]
    assert filled.cash == -28.5 - 18.0
    assert holdings.before(4).prices[1] == PRICES["B"].iloc[3] - 0.25
    assert holdings.before(4).prices[2] == PRICES["C"].iloc[4]  # the first there is
    assert holdings.before(0).prices[0] == PRICES["A"].iloc[0]


def test_a_new_symbol_and_a_delisting_have_the_prices_of_their_bar():
    actions = actions_of((2, "A", "symbol_change", np.nan, "B", np.nan), (4, "B", "delisting", 3.0, None, np.nan))
    holdings = all_of(ledger_of(fills_of([(0, "A", 2.0, 5.0, 0.0)]), corporate_actions=actions))
    before = holdings.before(2)
    assert before.units.tolist() == [0.0, 2.0, 0.0]
    np.testing.assert_array_equal(before.prices[:2], PRICES.iloc[2, :2])
    assert before.prices[2] == PRICES["C"].iloc[1]
    assert holdings.before(4).units.tolist() == [0.0, 0.0, 0.0]
    assert len(holdings.fills) == 1  # the delisting is no order


def test_accounts_currencies_and_multipliers():
    fills = fills_of([(1, "A", 10.0, 2.0, 1.0), (1, "B", 3.0, 4.0, 0.0), (2, "A", 1.0, 2.0, 0.0)])
    fills["account"], fills["currency"] = ["x", "y", "x"], ["EUR", "base", "EUR"]
    rates = pd.DataFrame({"EUR": np.linspace(1.0, 1.7, BARS)}, index=DAYS)
    ledger = ledger_of(fills, rates=rates, multipliers={"A": 5.0})
    first = holdings_of(ledger.books, [0])
    assert first.units[2].tolist() == [11.0, 0.0, 0.0]
    assert first.after(2).cash == pytest.approx(-(101.0 + 10.0) * 1.2)
    assert first.before(2).cash == pytest.approx(-101.0 * 1.1)
    assert first.before(2).rates.tolist() == pytest.approx([1.1, 1.0, 1.0])
    assert first.multiplier.tolist() == [5.0, 1.0, 1.0]
    assert holdings_of(ledger.books, [0, 1]).units[1].tolist() == [10.0, 3.0, 0.0]
    assert list(ASSETS) == list(ledger.books.columns)


def test_settlements_and_bankruptcies_are_no_orders_of_the_holder():
    fills = fills_of([(0, "A", 5.0, 5.0, 0.0), (1, "A", -5.0, 5.0, 0.0)])
    assert all_of(ledger_of(fills.assign(kind=["order", "settlement"]))).fills.tolist() == [0]
    assert all_of(ledger_of(fills.assign(kind=["limit", "market"]))).fills.tolist() == [0, 1]
