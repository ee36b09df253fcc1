"""Splits and dividends: by hand, refused ones, and against adjusted closes of an archive."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch.accounts._corporate_actions import KINDS, read_events
from riskresearch.accounts._inputs import read_layout
from riskresearch.backtest import simulate
from riskresearch.core import InvalidInputError
from riskresearch.core._labels import PandasLabels
from riskresearch.datasets import load
from tests.backtest.samples import market

WEIGHTS, PRICES = market(rows=8, columns=3)


def test_a_split_while_the_price_is_missing_changes_units_and_last_price():
    prices = pd.DataFrame({"A": [100.0, 100.0, np.nan, 52.0]}, index=PRICES.index[:4])
    actions = pd.DataFrame({"symbol": ["A"], "date": [PRICES.index[2]], "kind": ["split"], "value": [0.5]})
    weights = pd.DataFrame({"A": [0.5] * 4}, index=prices.index)
    held = simulate(
        weights, prices, capital=1000.0, missing_prices="hold", rebalance="on_change", corporate_actions=actions
    )
    assert held.units["A"].tolist() == [0.0, 5.0, 10.0, 10.0]
    assert held.equity.tolist() == [1000.0, 1000.0, 1000.0, 1020.0]


def test_bad_corporate_actions_are_refused():
    actions = pd.DataFrame({"symbol": ["S0"], "date": [PRICES.index[2]], "kind": ["split"], "value": [0.5]})
    for change, message in (
        ({"kind": "spinoff"}, "kind must be one of"),
        ({"value": -1.0}, "must have positive values"),
        ({"value": "half"}, r"corporate_actions\['value'\] must hold numbers"),
        ({"date": "someday"}, r"must have dates in the column 'date', got 'someday' .*pd\.to_datetime"),
        ({"date": np.datetime64("9999-12-31", "s")}, "must have dates in the years 1678 to 2261, got 9999-12-31"),
        ({"date": pd.NaT}, "must have a date on each row, got none on row 0"),
    ):
        with pytest.raises(InvalidInputError, match=message):
            simulate(WEIGHTS, PRICES, corporate_actions=actions.assign(**change))
    with pytest.raises(InvalidInputError, match="need prices with dates"):
        simulate(WEIGHTS.to_numpy(), PRICES.to_numpy(), corporate_actions=actions)
    for given, message in (
        ([1.0], "must be a DataFrame of pandas with the columns"),
        (pl.from_pandas(actions), "must be a DataFrame of pandas with the columns"),
        (actions.drop(columns="kind"), "'kind' is missing"),
        (pl.from_pandas(actions).lazy(), "must be a DataFrame of pandas"),
        ("actions.csv", r"riskresearch\.read\('actions\.csv'\)"),
    ):
        with pytest.raises(InvalidInputError, match=message):
            simulate(WEIGHTS, PRICES, corporate_actions=given)


NEW_KINDS = {"symbol": ["S0"], "date": [PRICES.index[2]], "kind": ["spin_off"], "value": [0.5], "new_symbol": ["S1"]}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "for simulate, got a spin_off of S0 at 2023-01-04: .*give weights of both"),
        ({"kind": "delisting", "value": 0.0}, 'got a delisting of S0 .*missing_prices="settle" sells'),
        ({"kind": "symbol_change", "value": None}, "got a symbol_change of S0 .*begin that of the new one"),
        ({"kind": "spin-off"}, "Did you mean 'spin_off'"),
        ({"new_symbol": None}, "'new_symbol' that names that of the spin_off of S0 on 2023-01-04"),
        ({"new_symbol": "Z"}, "another column of prices, got 'Z' for the spin_off of S0"),
        ({"new_symbol": "S0"}, "another column of prices, got 'S0'"),
        ({"basis": 1.0}, r"must have a basis in \[0, 1\).*got 1 of S0 on 2023-01-04"),
        ({"basis": -0.1}, r"must have a basis in \[0, 1\)"),
        ({"value": 0.0}, "must have positive values, got 0 of S0 .* Only a delisting may pay 0"),
        ({"kind": "delisting", "value": -1.0}, "must have positive values, got -1"),
        ({"kind": "delisting", "value": None}, "must have positive values, got nan"),
    ],
)
def test_kinds_that_simulations_do_not_know_are_read_and_refused(change, message):
    with pytest.raises(InvalidInputError, match=message):
        simulate(WEIGHTS, PRICES, corporate_actions=pd.DataFrame(NEW_KINDS).assign(**change))


def events_of(*rows):
    """Return the events of rows of symbol, kind, value and new symbol on one day."""
    frame = pd.DataFrame(rows, columns=["symbol", "kind", "value", "new_symbol"]).assign(date=PRICES.index[2])
    return read_events(frame, read_layout(PandasLabels(PRICES), 3, None))


def test_events_of_one_day_are_in_the_order_in_which_they_act():
    kinds = ["delisting", "cash_dividend", "spin_off", "split", "symbol_change"]
    events = events_of(*((("S0" if kind != "symbol_change" else "S1"), kind, 0.5, "S2") for kind in kinds))
    assert [KINDS[kind] for kind in events.kind] == ["symbol_change", "split", "spin_off", "cash_dividend", "delisting"]
    assert events.other.tolist() == [2, -1, 2, -1, -1]


def test_events_under_the_old_symbol_of_the_day_are_those_of_the_new_one():
    events = events_of(
        ("S0", "symbol_change", None, "S1"), ("S0", "split", 0.5, None), ("S0", "cash_dividend", 1.0, None)
    )
    assert events.column.tolist() == [0, 1, 1]


def test_who_gives_up_a_symbol_goes_before_who_takes_it():
    events = events_of(
        ("S0", "symbol_change", None, "S1"), ("S1", "symbol_change", None, "S2"), ("S1", "split", 0.5, None)
    )
    assert list(zip(events.column.tolist(), events.other.tolist(), strict=True)) == [(1, 2), (0, 1), (1, -1)]
    with pytest.raises(InvalidInputError, match="in a circle on one day, got one through S0"):
        events_of(("S0", "symbol_change", None, "S1"), ("S1", "symbol_change", None, "S0"))


def test_missing_names_and_shares_of_any_kind_are_missing():
    frame = pd.DataFrame({"symbol": ["S0"], "date": PRICES.index[2], "kind": "spin_off", "value": 0.5})
    layout = read_layout(PandasLabels(PRICES), 3, None)
    for nothing in (None, np.nan, pd.NA):
        with pytest.raises(InvalidInputError, match="must have a column 'new_symbol'"):
            read_events(frame.assign(new_symbol=pd.Series([nothing], dtype="string")), layout)
        split = read_events(frame.assign(kind="split", basis=pd.Series([nothing], dtype=object)), layout)
        assert np.isnan(split.basis).all()


def test_no_corporate_actions_are_no_events():
    nothing = pd.DataFrame({"symbol": [], "date": [], "kind": [], "value": []})
    assert simulate(WEIGHTS, PRICES, corporate_actions=nothing).equity.equals(simulate(WEIGHTS, PRICES).equity)


@pytest.mark.parametrize("symbol", ["AAPL", "MSFT"])
def test_bundled_splits_and_dividends_give_the_adjusted_return_of_raw_prices(symbol):
    """Raw closes held over splits and dividends return what the WIKI archive's own adjusted closes do."""
    raw = load("equities_ohlcv").query("symbol == @symbol").set_index("date")["close"].loc["2004":].to_frame(symbol)
    adjusted = load("equities_wiki_adj_close").query("symbol == @symbol").set_index("date")["adj_close"]
    common = raw.index.intersection(adjusted.index)
    raw, adjusted = raw.loc[common], adjusted.loc[common]
    held = simulate(pd.DataFrame(1.0, common, [symbol]), raw, corporate_actions=load("corporate_actions"))
    assert (held.income["dividends"] > 0.0).sum() == {"AAPL": 3, "MSFT": 35}[symbol]
    np.testing.assert_allclose(held.returns.iloc[2:], adjusted.pct_change().iloc[2:], atol=1e-12)
