"""The ledger of whole histories: currencies, futures, lots by name, tables, and the books of `simulate`."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import simulate
from riskresearch.core import AccountingError, InvalidInputError
from riskresearch.datasets import load
from riskresearch.posttrade import Ledger
from riskresearch.posttrade.ledger import _profit
from tests.examples import examples
from tests.posttrade.ledger.cases import (
    ASSETS,
    BARS,
    DAYS,
    PRICES,
    ROWS,
    RULES,
    actions_of,
    fills_of,
    flows_of,
    ledger_of,
)

TWO = DAYS[:2]


def test_currency_and_price_worked_by_hand():
    """10 at 10 USD bought at 0.9; the price 12 and the rate 1.0 a day later; half sold there at 12.

    Cash and value are nothing net before the second day, so all profit is of the price: 20 USD at 1.0. By lots, half of
    the price's 20 is realised, and half of 100 USD of cost at a rate 0.1 higher; cash has lost what lots gained by it.
    """
    fills = pd.DataFrame({"asset": "A", "time": TWO, "units": [10.0, -5.0], "price": [10.0, 12.0], "currency": "USD"})
    ledger = Ledger.from_fills(
        fills, prices=pd.DataFrame({"A": [10.0, 12.0]}, index=TWO), base_currency="EUR",
        rates=pd.DataFrame({"USD": [0.9, 1.0]}, index=TWO),
    )  # fmt: skip
    assert ledger.equity.tolist() == pytest.approx([0.0, 20.0])
    assert ledger.pnl.to_numpy().tolist() == [pytest.approx([0.0]), pytest.approx([20.0])]
    assert ledger.cash.tolist() == pytest.approx([-90.0, -40.0])
    for table, name in ((ledger.closings, "realised"), (ledger.lots, "unrealised")):
        assert table[[name, "price_effect", "currency_effect"]].iloc[0].tolist() == pytest.approx([15.0, 10.0, 5.0])
    assert ledger.by("currency").loc["USD", ["realised", "unrealised", "other", "profit"]].tolist() == pytest.approx(
        [15.0, 15.0, -10.0, 20.0]
    )
    funded = Ledger.from_fills(
        fills, prices=pd.DataFrame({"A": [10.0, 12.0]}, index=TWO), base_currency="EUR",
        rates=pd.DataFrame({"USD": [0.9, 1.0]}, index=TWO),
        cash_flows=pd.DataFrame({"time": TWO[:1], "amount": 100.0, "kind": "deposit", "currency": "USD"}),
    )  # fmt: skip
    assert funded.pnl.iloc[-1].to_dict() == pytest.approx({"price": 20.0, "currency": 10.0})
    assert funded.flows.tolist() == pytest.approx([90.0, 0.0])
    assert funded.returns.tolist() == pytest.approx([0.0, 30.0 / 90.0])


@given(ROWS, st.lists(st.sampled_from(["EUR", "USD", "CHF"]), min_size=3, max_size=3), st.sampled_from(RULES))
@examples(40)
def test_causes_add_up_in_any_currencies(rows, money, matching):
    fills = fills_of(rows)
    fills["currency"] = fills["asset"].map(dict(zip(ASSETS, money, strict=True))).astype(str)
    rates = pd.DataFrame(np.random.default_rng(1).uniform(0.5, 2.0, (BARS, 2)), index=DAYS, columns=["USD", "CHF"])
    ledger = ledger_of(fills, matching=matching, rates=rates, base_currency="EUR")
    end = ledger.equity.iloc[-1]
    near = pytest.approx(end, rel=1e-9, abs=1e-7)
    assert ledger.pnl.to_numpy().sum() == near
    for column in ("account", "currency"):
        assert ledger.by(column)["profit"].sum() == near
    lots = ledger.by("asset")
    assert lots["realised"].sum() == pytest.approx(ledger.closings["realised"].sum(), rel=1e-9, abs=1e-7)
    assert lots["unrealised"].sum() == pytest.approx(ledger.lots["unrealised"].sum(), rel=1e-9, abs=1e-7)
    assert lots["costs"].sum() == pytest.approx(-ledger.pnl.get("fees", pd.Series(0.0)).sum(), rel=1e-9, abs=1e-7)


def test_futures_have_a_multiplier():
    fills = fills_of([(0, "A", 2.0, 100.0, 1.0), (1, "A", -3.0, 101.0, 1.5)])
    prices = PRICES.assign(A=102.0)
    ledger = ledger_of(fills, prices=prices, multipliers={"A": 50.0})
    assert ledger.realised["A"].iloc[-1] == 2.0 * 50.0
    assert ledger.unrealised["A"].iloc[-1] == -1.0 * 50.0
    assert ledger.equity.iloc[-1] == 100.0 - 50.0 - 2.5
    assert ledger.lots[["units", "price", "costs"]].iloc[0].tolist() == [-1.0, 101.0, 0.5]


def test_a_fill_names_the_lot_that_it_closes():
    fills = fills_of([(0, "A", 5.0, 10.0, 0.0), (0, "A", 5.0, 12.0, 0.0), (1, "A", -5.0, 13.0, 0.0)])
    named = fills.assign(id=list("xyz"), lot=[None, None, "y"])
    assert ledger_of(named, matching="specific").realised["A"].iloc[-1] == 5.0
    assert ledger_of(named.assign(lot=[None, None, "x"]), matching="specific").realised["A"].iloc[-1] == 15.0
    assert ledger_of(named.drop(columns="lot")).realised["A"].iloc[-1] == 15.0
    flip = fills_of([(0, "A", 5.0, 10.0, 0.0), (1, "A", -8.0, 13.0, 0.8)]).assign(id=list("xy"), lot=[None, "x"])
    ledger = ledger_of(flip, matching="specific")
    assert ledger.positions["A"].iloc[-1] == -3.0
    assert ledger.closings["close_costs"].tolist() == pytest.approx([0.5])
    assert ledger.lots["costs"].tolist() == pytest.approx([0.3])
    for wrong, why in (
        (named.assign(lot=None), "must name an open lot"),
        (named.assign(lot=[None, None, "q"]), "must name the id of an earlier fill, got 'q' on row 2"),
        (named.assign(units=[5.0, 5.0, -6.0]), "must not close more than the lot"),
        (named.drop(columns="id"), "names fills by their id"),
    ):
        with pytest.raises(InvalidInputError, match=why):
            ledger_of(wrong, matching="specific")


def test_profit_by_a_column_of_fills_is_that_of_the_fill_that_opened():
    fills = fills_of([(0, "A", 10.0, 10.0, 1.0), (1, "A", 10.0, 12.0, 1.0), (2, "A", -15.0, 15.0, 3.0)])
    fills["strategy"] = ["slow", "fast", "slow"]
    ledger = ledger_of(fills, prices=PRICES.assign(A=20.0))
    found = ledger.by("strategy")
    assert found["realised"].to_dict() == {"slow": 50.0, "fast": 15.0}
    assert found["unrealised"].to_dict() == {"slow": 0.0, "fast": 40.0}
    assert found["costs"].to_dict() == {"slow": 4.0, "fast": 1.0}
    assert found["profit"].sum() == ledger.equity.iloc[-1]
    with pytest.raises(InvalidInputError, match="a pool was opened by"):
        ledger_of(fills, matching="average").by("strategy")
    for wrong in ("units", "nobody", 3):
        with pytest.raises(InvalidInputError, match="column must be asset, account, currency or a group of fills"):
            ledger.by(wrong)


def test_cash_flows_are_causes_or_no_profit():
    flows = flows_of(
        [(0, 100.0, "deposit"), (1, 3.0, "interest"), (2, -1.0, "fee"), (3, -20.0, "withdrawal"), (4, -2.0, "tax")]
    )
    ledger = ledger_of(fills_of([]), cash_flows=flows)
    assert ledger.equity.iloc[-1] == 80.0
    assert ledger.flows.tolist() == [100.0, 0.0, 0.0, -20.0, 0.0, 0.0, 0.0, 0.0]
    assert ledger.pnl.sum().to_dict() == {"price": 0.0, "interest": 3.0, "fee": -1.0, "tax": -2.0}
    assert ledger.returns.tolist() == pytest.approx([0.0, 0.03, -1.0 / 103.0, 0.0, -2.0 / 82.0, 0.0, 0.0, 0.0])


def test_weights_begin_the_bar_whose_return_they_earned():
    fills = fills_of([(0, "A", 4.0, 10.0, 0.0), (2, "B", 2.0, 10.0, 0.0)])
    ledger = ledger_of(fills, cash_flows=flows_of([(0, 100.0, "deposit")]))
    assert (ledger.weights.iloc[1:].to_numpy() == ledger.weights_held.iloc[:-1].to_numpy()).all()
    asset = PRICES.pct_change().fillna(0.0)
    earned = (ledger.weights * asset).sum(axis=1)
    assert ledger.returns.iloc[[1, 3, 4]].tolist() == pytest.approx(earned.iloc[[1, 3, 4]].tolist())


def test_the_books_are_those_of_a_simulation_with_splits_dividends_and_costs():
    raw, actions = load("equities_ohlcv"), load("corporate_actions")
    prices = raw.pivot_table(index="date", columns="symbol", values="close").loc["2004":"2006"].dropna(axis=1)
    rng = np.random.default_rng(4)
    weights = pd.DataFrame(rng.uniform(-0.4, 0.5, prices.shape), index=prices.index, columns=prices.columns)
    result = simulate(weights, prices, costs=0.001, capital=1e6, corporate_actions=actions)
    flows = [pd.DataFrame({"time": prices.index[:1], "amount": [1e6], "kind": ["deposit"]})]
    for kind, sign, own in (("interest", 1.0, result.income), ("borrow", -1.0, result.costs)):
        moved = own[kind][own[kind] != 0.0]
        flows.append(pd.DataFrame({"time": moved.index, "amount": sign * moved.to_numpy(), "kind": kind}))
    for matching in RULES:
        ledger = Ledger.from_fills(
            result.fills, prices=prices, matching=matching, cash_flows=pd.concat(flows), corporate_actions=actions
        )
        assert np.abs(ledger.equity - result.equity).max() <= 1e-9 * result.equity.abs().max()
        assert np.abs(ledger.cash - result.cash).max() <= 1e-9 * result.cash.abs().max()
        assert ledger.pnl["dividend"].sum() == pytest.approx(result.income["dividends"].sum(), rel=1e-9)
        assert ledger.weights_held.to_numpy() == pytest.approx(result.weights.to_numpy(), abs=1e-9)


def test_books_that_do_not_balance_are_named_by_their_first_date(monkeypatch):
    ledger = ledger_of(fills_of([(0, "A", 5.0, 10.0, 0.0), (2, "A", -5.0, 12.0, 0.0)]))
    ledger.check_identity()
    ledger.books.profit.causes["price"][3:] += 1e-3
    with pytest.raises(
        AccountingError, match=r"on row 3 \(2024-01-04\) in account 'portfolio': they differ by 0.00099"
    ):
        ledger.check_identity()
    huge = fills_of([(0, "A", 1e300, 1e300, 0.0)])
    with pytest.raises(AccountingError, match="so large that sums overflow"):
        ledger_of(huge)
    assert _profit.TOLERANCE == 1e-9


def test_corporate_actions_between_purchase_and_sale():
    rows = [(0, "A", 8.0, 10.0, 0.8), (4, "A", -6.0, 6.0, 0.0)]
    split = ledger_of(fills_of(rows), corporate_actions=actions_of((2, "A", "split", 0.5, None, np.nan)))
    assert split.closings[["units", "open_price", "realised", "open_costs"]].iloc[0].tolist() == pytest.approx(
        [6.0, 5.0, 6.0, 0.3]
    )
    assert split.positions["A"].tolist() == [8.0, 8.0, 16.0, 16.0, 10.0, 10.0, 10.0, 10.0]
    spun = ledger_of(fills_of(rows[:1]), corporate_actions=actions_of((3, "A", "spin_off", 0.25, "C", 0.2)))
    assert spun.lots[["asset", "units", "price", "costs"]].to_numpy().tolist() == [
        ["A", 8.0, 8.0, pytest.approx(0.64)],
        ["C", 2.0, 8.0, pytest.approx(0.16)],
    ]
    first = PRICES.iloc[3]
    share = 0.25 * first["C"] / (0.25 * first["C"] + first["A"])
    by_price = ledger_of(fills_of(rows[:1]), corporate_actions=actions_of((3, "A", "spin_off", 0.25, "C", np.nan)))
    assert by_price.lots["price"].tolist() == pytest.approx([10.0 * (1.0 - share), 10.0 * share / 0.25])
    renamed = ledger_of(
        fills_of([rows[0], (4, "C", -6.0, 11.0, 0.0)]),
        corporate_actions=actions_of((3, "A", "symbol_change", np.nan, "C", np.nan)),
    )
    assert renamed.closings[["asset", "units", "open_price", "realised", "episode"]].iloc[0].tolist() == [
        "C",
        6.0,
        10.0,
        6.0,
        0,
    ]
    for value in (0.0, 3.0):
        gone = ledger_of(fills_of(rows[:1]), corporate_actions=actions_of((5, "A", "delisting", value, None, np.nan)))
        assert gone.positions["A"].iloc[-1] == 0.0
        assert gone.realised["A"].iloc[-1] == 8.0 * (value - 10.0)
        assert gone.closings["closed"].tolist() == [DAYS[5]]
        assert gone.closings["close_price"].tolist() == [value]
    paid = ledger_of(
        fills_of([(0, "A", -8.0, 10.0, 0.0)]),
        corporate_actions=actions_of((1, "A", "cash_dividend", 0.5, None, np.nan)),
    )
    assert paid.pnl["dividend"].sum() == -4.0
    assert paid.by("asset").loc["A", "dividends"] == -4.0


@pytest.mark.parametrize("matching", ["fifo", "lifo", "hifo", "average"])
def test_a_new_symbol_has_its_split_and_dividend_on_the_day_of_the_change(matching):
    """100 OLD at 10 become 100 NEW, split 2 for 1, which pay 0.5: 200 units and 100 of dividends, by hand."""
    days = pd.bdate_range("2024-01-01", periods=4)
    prices = pd.DataFrame({"OLD": [10.0, 10.0, np.nan, np.nan], "NEW": [np.nan, np.nan, 5.0, 5.5]}, index=days)
    fills = pd.DataFrame({"asset": ["OLD"], "time": days[:1], "units": [100.0], "price": [10.0]})
    change = {"symbol": "OLD", "date": days[2], "kind": "symbol_change", "value": np.nan, "new_symbol": "NEW"}
    for symbol in ("OLD", "NEW"):  # the events of the day under either name
        others = [
            {"symbol": symbol, "date": days[2], "kind": kind, "value": value}
            for kind, value in (("cash_dividend", 0.5), ("split", 0.5))
        ]
        ledger = Ledger.from_fills(
            fills, prices=prices, corporate_actions=pd.DataFrame([*others, change]), matching=matching
        )
        assert ledger.positions["NEW"].tolist() == [0.0, 0.0, 200.0, 200.0]
        assert ledger.pnl["dividend"].tolist() == [0.0, 0.0, 100.0, 0.0]
        assert ledger.equity.tolist() == [0.0, 0.0, 100.0, 200.0]
        # One OLD at 10 became two NEW at 5, each with 0.5.
        np.testing.assert_allclose(ledger.asset_returns["OLD"], [0.0, 0.0, 0.1, 0.0], atol=1e-15)


def test_what_is_spun_off_pays_its_dividend_on_its_first_day():
    days = pd.bdate_range("2024-01-01", periods=3)
    prices = pd.DataFrame({"P": [10.0, 8.0, 8.0], "S": [np.nan, 4.0, 4.0]}, index=days)
    fills = pd.DataFrame({"asset": ["P"], "time": days[:1], "units": [100.0], "price": [10.0]})
    actions = pd.DataFrame(
        {
            "symbol": ["S", "P"], "date": days[1], "kind": ["cash_dividend", "spin_off"], "value": [0.25, 0.5],
            "new_symbol": [None, "S"],
        }
    )  # fmt: skip
    ledger = Ledger.from_fills(fills, prices=prices, corporate_actions=actions)
    assert ledger.positions["S"].tolist() == [0.0, 50.0, 50.0]
    assert ledger.pnl["dividend"].tolist() == [0.0, 12.5, 0.0]
