"""The records that pass between rooms: what a decision lets pass, what a fill makes of a position, what a bar is."""

import math
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import (
    Account,
    Bar,
    Decision,
    Fill,
    Fills,
    InvalidInputError,
    Order,
    Position,
    TradingState,
)
from riskresearch.core._bar_checks import LEAST, NUMBERS, check_bar
from riskresearch.pretrade import Orders
from tests.examples import examples

ACCOUNT = Account("main", ("A",), 1.0, 1.0, 0.5, np.ones(1), np.ones(1), np.ones(1, dtype=bool))
UNITS = st.sampled_from([-7.0, -5.0, -2.0, 0.0, 2.0, 5.0, 7.0])


# --- decisions and orders


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        (Decision(), "ACTIVE"),
        (Decision(0.5), "REDUCING"),
        (Decision(np.array([1.0, 0.5])), "REDUCING"),
        (Decision(np.array([1.0, 2.0])), "ACTIVE"),
        (Decision(1.0, reduce_only=True), "HALTED"),
        (Decision(1.0, np.array([False, True])), "HALTED"),
        (Decision(1.0, frozen=True), "HALTED"),
        (Decision(1.0, np.zeros(2, dtype=bool), np.zeros(2, dtype=bool)), "ACTIVE"),
    ],
)
def test_the_state_follows_from_what_is_decided(decision, state):
    assert decision.state is TradingState[state]


@pytest.mark.parametrize(
    ("units", "held", "reduces"),
    [(-2.0, 5.0, True), (-5.0, 5.0, True), (-7.0, 5.0, False), (2.0, 5.0, False), (0.0, 5.0, False),
     (2.0, -5.0, True), (7.0, -5.0, False), (2.0, 0.0, False), (-10.0, 5.0, False)],
)  # fmt: skip
def test_an_order_reduces_where_the_position_is_smaller_and_on_the_same_side(units, held, reduces):
    assert Order("A", units).reduces(held) is reduces


@given(st.lists(st.tuples(UNITS, UNITS), min_size=1, max_size=8), st.booleans(), st.booleans())
@examples(60)
def test_many_orders_pass_as_each_of_them_does(pairs, reduce_only, frozen):
    units, held = (np.array(values) for values in zip(*pairs, strict=True))
    orders = Orders(("A", "B"), np.arange(len(pairs), dtype=np.intp) % 2, units)
    decision = Decision(1.0, reduce_only, frozen)
    one_by_one = [decision.allows(orders[i], held=held[i]) for i in range(len(orders))]
    assert decision.allows(orders, held=held).tolist() == one_by_one
    assert not (frozen and any(one_by_one))
    if reduce_only and not frozen:
        assert one_by_one == [orders[i].reduces(held[i]) for i in range(len(orders))]
    if not reduce_only and not frozen:
        assert all(one_by_one)


def test_flags_by_column_decide_for_the_order_of_each_column():
    orders = Orders(("A", "B", "C"), np.arange(3), np.array([1.0, 1.0, -1.0]))
    decision = Decision(1.0, np.array([False, True, True]), np.array([False, False, True]))
    assert decision.allows(orders, held=np.array([5.0, 5.0, 5.0])).tolist() == [True, False, False]


def test_orders_are_a_table_and_rows_of_it():
    orders = Orders(("A", "B"), np.array([1, 0]), np.array([3.0, -4.0]))
    assert orders[0] == Order("B", 3.0)
    expected = pd.DataFrame({"asset": pd.Categorical(["B", "A"], categories=["A", "B"]), "units": [3.0, -4.0]})
    pd.testing.assert_frame_equal(orders.to_frame(), expected)
    assert repr(orders) == "Orders(2 orders of 2 assets)"


# --- fills and positions


def test_a_fill_moves_a_position_and_values_it_at_its_price():
    position = Position("A", 5.0, 10.0)
    assert position.value == 50.0
    assert position.after(Fill("A", "main", None, "order", -7.0, 11.0)) == Position("A", -2.0, 11.0)
    assert Position("A", 0.0).value == 0.0
    assert math.isnan(Position("A", 1.0).value)


def test_fills_are_a_table_and_rows_of_it():
    one = np.ones(2)
    fills = Fills(
        np.array([0, 2]), np.array([1, 0]), np.array([0, 1], dtype=np.int8), np.array([2.0, -3.0]), 10.0 * one,
        0.1 * one, 0.2 * one, 0.3 * one, ("A", "B"), ("x", "y"), np.array([0, 1]), range(3),
    )  # fmt: skip
    assert fills[0] == Fill("B", "y", 0, "order", 2.0, 10.0, 0.1, 0.2, 0.3)
    assert fills[1].notional == fills.notional[1] == -30.0
    table = fills.to_frame()
    assert table["kind"].tolist() == ["order", "settlement"]
    assert table["account"].tolist() == ["y", "x"]
    assert table["time"].tolist() == [0, 2]
    assert [len(fills), repr(fills)] == [2, "Fills(2 fills of 2 assets)"]


# --- bars


def test_a_bar_knows_nothing_but_what_it_is_given():
    assert check_bar(Bar()) == ()
    assert check_bar(Bar(equity=1.0, volume=0.0)) == (1, Bar._fields.index("volume"))
    assert set(LEAST) == {*NUMBERS, "asset_returns"}


def test_a_row_of_asset_returns_may_be_an_array():
    assert check_bar(Bar(price=1.0, asset_returns=np.array([0.1, 0.2]))) == (Bar._fields.index("price"),)
    with pytest.raises(InvalidInputError, match="asset_returns must be finite"):
        check_bar(Bar(asset_returns=np.array([0.1, np.inf])))


@pytest.mark.parametrize(
    ("bar", "message"),
    [
        (None, "bar must be a Bar, got None"),
        (Bar(volume=-1.0), "volume must not be negative, got -1.0"),
        (Bar(account=1.0), "account must be an Account or None, got 1.0"),
        (Bar(account=ACCOUNT, row=1.5), "row must be a whole number or None, got 1.5"),
        (Bar(units={"A": Bar(price=0.0)}), r"units\['A'\].price must be positive"),
    ],
)
def test_a_bar_that_cannot_be_is_refused(bar, message):
    with pytest.raises(InvalidInputError, match=message):
        check_bar(bar)


def test_records_survive_pickle():
    bar = Bar(equity=1.0, account=ACCOUNT, row=3)
    assert pickle.loads(pickle.dumps(bar)).account.columns == ("A",)
    assert check_bar(bar) == (1,)
