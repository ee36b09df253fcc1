"""Implementation shortfall without times: reference values, identities, edges."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import posttrade
from riskresearch.core import ConventionWarning, InvalidInputError
from tests.examples import examples

CASES = json.loads((Path(__file__).parents[2] / "reference/posttrade/shortfall.json").read_text())
BASES = {"ORDER": "ordered", "EXECUTED": "executed"}
NAMES = {
    "delay": "delay", "trading": "trading", "opportunity": "opportunity", "explicit": "fees", "total": "shortfall",
    "total_bps": "shortfall_bps", "paper_notional": "paper_notional",
}  # fmt: skip


def tables_of(case):
    given = case["input"]
    sign = 1.0 if given["side"] == "BUY" else -1.0
    orders = {
        "order": [given["name"]],
        "units": [sign * given["quantity"]],
        "decision_price": [given["decision_price"]],
        "arrival_price": [given["arrival_price"]],
        "final_price": [given["final_price"]],
    }
    count = given["filled_quantity"]
    fills = pd.DataFrame(
        {
            "order": [given["name"]],
            "units": [sign * count],
            "price": [given["executed_notional"] / max(count, 1)],
            "commission": [given["commission"]],
            "fees": [given["fees"]],
        }
    )
    return pd.DataFrame(orders), fills[fills["units"] != 0.0]


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"]["name"])
def test_equals_the_reference_on_both_delay_bases(case, basis):
    orders, fills = tables_of(case)
    ours = posttrade.transaction_costs(orders, fills, delay_basis=BASES[basis]).to_frame().iloc[0]
    expected = case["by_basis"][basis]
    for theirs, mine in NAMES.items():
        assert ours[mine] == pytest.approx(expected[theirs], rel=1e-12, abs=1e-9)
    assert ours["shortfall"] == pytest.approx(case["perold_by_hand"], rel=1e-12)


def test_totals_over_the_orders_are_money_over_notional():
    tables = [tables_of(case) for case in CASES]
    orders, fills = (pd.concat(each, ignore_index=True) for each in zip(*tables, strict=True))
    costs = posttrade.transaction_costs(orders, fills)
    # By hand: 4984 + 2296 + 3000 - 595 - 2361 over 500,000 + 126,000 + 40,000 + 100,000 + 74,400.
    totals = costs.totals()
    assert totals.loc["shortfall", "money"] == pytest.approx(7324.0)
    assert totals.loc["shortfall", "bps"] == pytest.approx(7324.0 / 840_400.0 * 1e4)
    parts = totals.loc[["delay", "trading", "opportunity", "fees"], "bps"]
    assert parts.sum() == pytest.approx(totals.loc["shortfall", "bps"])
    sides = costs.by("side")
    assert sides["shortfall"].tolist() == pytest.approx([7389.0, -65.0])
    assert sides["orders"].tolist() == [3, 2]


def test_totals_of_orders_may_come_without_fills():
    orders, fills = tables_of(CASES[0])
    given = orders.assign(filled=8000, average_price=50.35, commission=160.0, fees=24.0)
    whole, alone = posttrade.transaction_costs(orders, fills), posttrade.transaction_costs(given)
    columns = ["delay", "trading", "opportunity", "fees", "shortfall"]
    np.testing.assert_allclose(alone.to_frame()[columns], whole.to_frame()[columns], rtol=1e-12)


prices = st.floats(1.0, 200.0)


@st.composite
def books(draw):
    """Return orders, some unfilled or filled in part, and their fills."""
    rows = draw(
        st.lists(
            st.tuples(st.sampled_from([-1.0, 1.0]), st.integers(1, 5000), prices, prices, prices,
                      st.lists(st.tuples(st.floats(0.01, 0.3), prices, st.floats(-5.0, 50.0)), max_size=3)),
            min_size=1, max_size=6,
        )
    )  # fmt: skip
    orders = pd.DataFrame(
        {
            "order": range(len(rows)),
            "units": [side * units for side, units, *_ in rows],
            "decision_price": [row[2] for row in rows],
            "arrival_price": [row[3] for row in rows],
            "final_price": [row[4] for row in rows],
        }
    )
    fills = [
        (number, side * units * share, price, fee)
        for number, (side, units, _, _, _, parts) in enumerate(rows)
        for share, price, fee in parts
    ]
    table = pd.DataFrame(fills, columns=["order", "units", "price", "fees"])
    return orders, table.astype(dict.fromkeys(["units", "price", "fees"], float))


@pytest.mark.parametrize("basis", ["ordered", "executed"])
@given(book=books())
@examples(25)
def test_parts_sum_to_paper_less_real_portfolio(basis, book):
    orders, fills = book
    table = posttrade.transaction_costs(orders, fills, delay_basis=basis).to_frame()
    bought = fills.assign(money=fills["units"] * fills["price"]).groupby("order").sum().reindex(range(len(orders)))
    bought = bought.fillna(0.0)
    # P&L to the final price of the paper portfolio less that of the real one.
    final = orders["final_price"]
    paper = orders["units"] * (final - orders["decision_price"])
    real = bought["units"] * final - bought["money"] - bought["fees"]
    scale = 1e-10 * table["paper_notional"].max() * 200.0
    np.testing.assert_allclose(table["shortfall"], paper - real, atol=scale, rtol=0.0)
    parts = table[["delay", "trading", "opportunity", "fees"]].sum(axis=1)
    np.testing.assert_allclose(parts, table["shortfall"], atol=scale, rtol=0.0)


@given(book=books(), basis=st.sampled_from(["ordered", "executed"]))
@examples(25)
def test_the_mirror_image_changes_each_price_effect_and_money_scales_all(book, basis):
    orders, fills = book
    one = posttrade.transaction_costs(orders, fills, delay_basis=basis).to_frame()
    sides = {"units": lambda table: -table["units"]}
    mirror = posttrade.transaction_costs(orders.assign(**sides), fills.assign(**sides), delay_basis=basis).to_frame()
    effects = ["delay", "trading", "opportunity"]
    assert np.array_equal(mirror[effects], -one[effects], equal_nan=True)
    assert np.array_equal(mirror["fees"], one["fees"])
    money = ["decision_price", "arrival_price", "final_price"]
    cents = orders.assign(**{name: orders[name] * 4.0 for name in money})
    paid = fills.assign(price=fills["price"] * 4.0, fees=fills["fees"] * 4.0)
    other = posttrade.transaction_costs(cents, paid, delay_basis=basis).to_frame()
    assert np.array_equal(other[effects], 4.0 * one[effects])
    assert np.array_equal(other["shortfall_bps"], one["shortfall_bps"])


@given(book=books(), share=st.floats(0.05, 0.95))
@examples(25)
def test_a_fill_split_in_two_changes_nothing(book, share):
    orders, fills = book
    halves = [fills.assign(units=fills["units"] * part, fees=fills["fees"] * part) for part in (share, 1.0 - share)]
    one, two = (posttrade.transaction_costs(orders, each).to_frame() for each in (fills, pd.concat(halves)))
    columns = ["filled", "delay", "trading", "opportunity", "fees", "shortfall"]
    scale = 1e-10 * one["paper_notional"].max() * 200.0
    np.testing.assert_allclose(two[columns], one[columns], rtol=1e-10, atol=scale)


def simple(**columns):
    base = {"order": [1, 2], "units": [100, -50], "decision_price": [10.0, 20.0], "final_price": [11.0, 19.0]}
    return pd.DataFrame({**base, **columns})


FILLS = pd.DataFrame({"order": [1, 2], "units": [60, -50], "price": [10.5, 19.5]})


def test_without_arrivals_delay_and_trading_are_one_and_it_is_said():
    costs = posttrade.transaction_costs(simple(), FILLS)
    assert costs.settings.parts == ("execution", "opportunity", "fees")
    # 60 x 0.5 and 40 x 1; 50 x 0.5.
    assert costs.to_frame()["execution"].tolist() == [30.0, 25.0]
    assert costs.to_frame()["opportunity"].tolist() == [40.0, 0.0]
    assert "No arrivals are known" in costs.summary()
    assert "arrival was left out, for it needs the column 'arrival_price'" in costs.summary()


def test_without_decisions_the_paper_portfolio_trades_at_the_arrival():
    orders = simple(arrival_price=[10.0, 20.0]).drop(columns="decision_price")
    costs = posttrade.transaction_costs(orders, FILLS)
    assert costs.settings.parts == ("trading", "opportunity", "fees")
    assert costs.to_frame()["shortfall"].tolist() == [70.0, 25.0]
    assert "No decisions are known" in costs.conventions()


def test_an_order_without_a_price_is_kept_named_and_counted():
    orders = simple(final_price=[np.nan, np.nan])
    costs = posttrade.transaction_costs(orders, FILLS)
    assert costs.to_frame()["missing"].tolist() == ["final price", ""]
    assert costs.left_out.index.tolist() == [1]
    assert np.isnan(costs.to_frame().loc[1, "shortfall"])
    assert costs.totals().loc["shortfall", ["money", "orders"]].tolist() == [25.0, 1.0]
    assert "Not in the totals: 1 without final price (1)" in costs.summary()


def test_spread_and_impact_beside_the_price_are_part_of_trading():
    costs = posttrade.transaction_costs(simple(), FILLS.assign(spread=[6.0, 5.0], impact=[3.0, 0.0]))
    assert costs.to_frame()["average_price"].tolist() == pytest.approx([10.65, 19.4])
    assert costs.to_frame()["execution"].tolist() == pytest.approx([39.0, 30.0])
    assert "Spread and impact beside the price" in costs.conventions()


def test_costs_may_stand_beside_the_orders_but_not_twice():
    paid = {"commission": [3.0, 0.0], "spread": [6.0, 5.0]}
    beside_fills = posttrade.transaction_costs(simple(), FILLS.assign(**paid)).to_frame()
    beside_orders = posttrade.transaction_costs(simple(**paid), FILLS).to_frame()
    columns = ["average_price", "execution", "fees", "shortfall"]
    np.testing.assert_allclose(beside_orders[columns], beside_fills[columns], rtol=1e-12)
    with pytest.raises(InvalidInputError, match=r"commission must stand in orders or in fills, got it in both"):
        posttrade.transaction_costs(simple(**paid), FILLS.assign(**paid))


def test_a_multiplier_is_money_per_point():
    orders = simple(asset=["ES", "AAPL"])
    one = posttrade.transaction_costs(orders, FILLS).to_frame()
    many = posttrade.transaction_costs(orders, FILLS, multipliers={"ES": 50.0}).to_frame()
    assert many["shortfall"].tolist() == [50.0 * one["shortfall"].iloc[0], one["shortfall"].iloc[1]]
    assert many["shortfall_bps"].tolist() == pytest.approx(one["shortfall_bps"].tolist())


@pytest.mark.parametrize(
    ("orders", "fills", "text"),
    [
        (simple(), FILLS.assign(units=[-60, -50]), r"side of their order, got -60 units on row 0 for order 1 of 100"),
        (simple(order=[1, 1]), FILLS, r"orders\['order'\] must be different on each row, got 1 twice"),
        (simple(units=[0, 1]), FILLS, r"orders\['units'\] must not be zero, got 0 for order 1"),
        (simple(), FILLS.drop(columns="price"), r"fills must have a column 'price'; it has 'order' and 'units'"),
        (simple(), FILLS.assign(price=[0.0, 1.0]), r"fills\['price'\] must be a positive number on each row, got 0"),
        (simple(), FILLS.assign(price=["a", "b"]), r"fills\['price'\] must hold numbers, got 'a' on row 0"),
        (simple(side=["buy", "long"]), FILLS, r"orders\['side'\] must be 'buy' or 'sell' on each row, got 'long'"),
        (simple(side=["buy", "sell"]), FILLS, r"must be positive beside a column 'side', got -50 on row 1"),
        (simple().drop(columns=["decision_price"]), FILLS, r"the prices or the times of decisions or arr"),
        (simple(), FILLS.assign(id=[7, 7]), r"fills\['id'\] must be different on each row, got 7 twice"),
        (simple(asset=["A", "B"]), FILLS.assign(asset=["A", "C"]), r"asset of their order, got 'C' on row 1 for or"),
        (simple(), None, r"orders must have a column 'filled', the units that were filled"),
        (simple().iloc[:0], FILLS, r"orders must have a row, got none"),
        (5, FILLS, r"orders must be a table of named columns"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(orders, fills, text):
    with pytest.raises(InvalidInputError, match=text):
        posttrade.transaction_costs(orders, fills)


def test_benchmarks_that_need_more_than_is_given_are_refused_when_asked_for():
    with pytest.raises(InvalidInputError, match=r"'vwap' needs market="):
        posttrade.transaction_costs(simple(), FILLS, benchmarks=["vwap"])
    with pytest.raises(InvalidInputError, match=r"benchmarks must be one of 'decision', .*Did you mean 'vwap'"):
        posttrade.transaction_costs(simple(), FILLS, benchmarks=["vwapp"])


def test_more_than_ordered_and_no_order_are_named_and_kept():
    with pytest.warns(ConventionWarning, match=r"1 filled more than ordered: 2\. They are kept"):
        costs = posttrade.transaction_costs(simple(), FILLS.assign(units=[60, -55]))
    assert costs.to_frame()["paper_notional"].tolist() == [1000.0, 1100.0]
    assert costs.settings.odd == {"filled more than ordered": 1}
    lost = pd.concat([FILLS, FILLS.assign(order=[8, 9])])
    with pytest.warns(ConventionWarning, match=r"2 fills of 2 orders not in orders, left out: 8 and 9"):
        costs = posttrade.transaction_costs(simple(), lost)
    assert "Fills without an order: 2." in costs.summary()


def test_other_names_tables_and_side_columns_give_the_same():
    costs = posttrade.transaction_costs(simple(), FILLS).to_frame()
    renamed = FILLS.rename(columns={"order": "order_id", "units": "qty"})
    mine = simple(units=[100, 50], side=["Buy", "SELL"]).rename(columns={"order": "order_id", "units": "qty"})
    other = posttrade.transaction_costs(mine, renamed, rename={"order_id": "order", "qty": "units"}).to_frame()
    pd.testing.assert_frame_equal(other, costs)
    pl = pytest.importorskip("polars")
    again = posttrade.transaction_costs(pl.DataFrame(simple().to_dict("list")), pl.DataFrame(FILLS.to_dict("list")))
    pd.testing.assert_frame_equal(again.to_frame(), costs)


def test_several_currencies_need_a_rate():
    with pytest.raises(InvalidInputError, match=r"orders must have a column 'rate' beside 2 currencies"):
        posttrade.transaction_costs(simple(currency=["EUR", "USD"]), FILLS)
    one = posttrade.transaction_costs(simple(), FILLS.assign(fees=[2.0, 3.0])).to_frame()
    orders = simple(currency=["EUR", "USD"], rate=[1.5, 1.0])
    many = posttrade.transaction_costs(orders, FILLS.assign(fees=[2.0, 3.0])).to_frame()
    assert many["fees"].tolist() == [3.0, 3.0]
    assert many["shortfall"].tolist() == pytest.approx((one["shortfall"] * [1.5, 1.0]).tolist())
    assert many["shortfall_bps"].tolist() == pytest.approx(one["shortfall_bps"].tolist())


def test_names_that_no_table_has_are_refused():
    with pytest.raises(InvalidInputError, match=r"rename must name columns of orders or fills .*got 'qty'"):
        posttrade.transaction_costs(simple(), FILLS, rename={"qty": "units"})
    with pytest.raises(InvalidInputError, match=r"multipliers must name assets of orders, got 'ESZ4'"):
        posttrade.transaction_costs(simple(asset=["ES", "NQ"]), FILLS, multipliers={"ESZ4": 50.0})
    with pytest.raises(InvalidInputError, match=r"confidence must be in \(0, 1\), got 95"):
        posttrade.transaction_costs(simple(), FILLS).totals(confidence=95)


def test_the_inputs_are_not_changed():
    orders, fills = simple(), FILLS.copy()
    posttrade.transaction_costs(orders, fills)
    pd.testing.assert_frame_equal(orders, simple())
    pd.testing.assert_frame_equal(fills, FILLS)
