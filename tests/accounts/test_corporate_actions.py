"""Splits and dividends: by hand, refused ones, and against adjusted closes of an archive."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch.backtest import simulate
from riskresearch.core import InvalidInputError
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
