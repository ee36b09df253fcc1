"""Orders, fills and quotes that cannot be as they stand: refused, or kept and named, and never a raw warning."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import posttrade
from riskresearch.core import ConventionWarning, InvalidInputError


def at(*clock):
    return pd.to_datetime([f"2024-03-05 {each}" for each in clock])


ORDER = pd.DataFrame({"order": ["a"], "units": [1000.0], "decision_price": [50.0], "arrival_price": [50.1]})
FILLS = pd.DataFrame({"order": ["a", "a"], "units": [500.0, 200.0], "price": [50.2, 50.4], "commission": [5.0, 3.0]})
QUOTES = pd.DataFrame({"time": at("09:30", "09:31"), "bid": [9.9, 10.0], "ask": [10.1, 10.2]})


def test_a_lone_order_without_a_final_price_has_a_summary():
    text = posttrade.transaction_costs(ORDER, FILLS).summary()
    assert "1 order (1 part filled), paper notional 0." in text
    assert "1 without final price" in text


@pytest.mark.parametrize("since", ["decided", "arrived"])
def test_an_order_that_ends_before_it_begins_is_named(since):
    orders = ORDER.assign(**{since: at("10:00"), "ended": at("09:00")}, final_price=51.0)
    what = {"decided": "decision", "arrived": "arrival"}[since]
    with pytest.warns(ConventionWarning, match=rf"orders has 1 ended before the {what}: a\. They are kept"):
        found = posttrade.transaction_costs(orders, FILLS)
    assert found.settings.odd[f"ended before the {what}"] == 1


def test_an_end_that_is_a_day_is_that_of_its_orders():
    orders = ORDER.assign(decided=at("10:00"), ended=pd.to_datetime(["2024-03-05"]), final_price=51.0)
    assert not posttrade.transaction_costs(orders, FILLS).settings.odd


@pytest.mark.parametrize("name", ["commission", "fees", "spread", "impact"])
def test_a_cost_that_is_not_known_is_not_nothing(name):
    with pytest.raises(InvalidInputError, match=rf"fills\['{name}'\] must be known, got none on row 1.*fillna"):
        posttrade.transaction_costs(ORDER, FILLS.assign(**{name: [1.0, np.nan]}))
    orders = pd.concat([ORDER, ORDER.assign(order="b")], ignore_index=True).assign(final_price=51.0)
    fills = FILLS.drop(columns="commission")
    with pytest.raises(InvalidInputError, match=rf"orders\['{name}'\] must be known, got none on row 0"):
        posttrade.transaction_costs(orders.assign(**{name: [np.nan, 1.0]}), fills)
    unfilled = posttrade.transaction_costs(orders.assign(**{name: [1.0, np.nan]}), fills)
    assert unfilled.to_frame().loc["b", "fees"] == 0.0


@pytest.mark.parametrize("side", ["bid", "ask"])
@pytest.mark.parametrize("price", [0.0, -1.0])
def test_a_quote_is_positive_or_not_there(side, price):
    fills = pd.DataFrame({"time": at("09:30:30"), "units": [100.0], "price": [10.1]})
    quotes = QUOTES.assign(**{side: [price, 10.0]})
    with pytest.raises(InvalidInputError, match=rf"market\['{side}'\] must be positive where it is known, got .*nan"):
        posttrade.markouts(fills, market=quotes, horizons=[1])
