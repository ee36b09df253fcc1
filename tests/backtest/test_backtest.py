"""The result of a simulation: its tables, their labels, and what it says of itself."""

import pickle

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch.accounts import Costs
from riskresearch.backtest import Backtest, simulate
from riskresearch.plots import blank_axes
from tests.backtest.samples import EVERY_COST, impact_panels, market

WEIGHTS, PRICES = market(rows=30, columns=4)
ACCOUNTS = {"S0": "trend", "S1": "carry", "S2": "trend", "S3": "carry"}
ONE = simulate(WEIGHTS, PRICES, capital=100.0, costs=EVERY_COST, **impact_panels(PRICES))
TWO = simulate(WEIGHTS, PRICES, capital=100.0, costs=EVERY_COST, accounts=ACCOUNTS, **impact_panels(PRICES))
FILL_COLUMNS = "time asset account kind units price notional commission spread impact".split()


def test_one_account_has_series_and_several_have_frames_with_the_index_of_the_prices():
    for name in ("equity", "cash", "returns", "turnover", "gross_exposure", "net_exposure"):
        alone, both = getattr(ONE, name), getattr(TWO, name)
        assert isinstance(alone, pd.Series)
        assert alone.index.equals(PRICES.index)
        assert list(both.columns) == ["trend", "carry"]
        assert both.index.equals(PRICES.index)
    for name in ("units", "weights"):
        for done in (ONE, TWO):
            assert getattr(done, name).columns.equals(PRICES.columns)
            assert getattr(done, name).index.equals(PRICES.index)


def test_costs_and_income_come_by_kind():
    assert list(ONE.costs.columns) == ["commission", "spread", "impact", "borrow"]
    assert list(ONE.income.columns) == ["interest", "dividends", "written_off"]
    assert TWO.costs.columns.to_list()[:2] == [("commission", "trend"), ("commission", "carry")]
    np.testing.assert_allclose(TWO.costs["spread"].sum().sum(), TWO.fills["spread"].sum(), rtol=1e-12)
    free = simulate(WEIGHTS, PRICES)
    assert (free.costs == 0.0).all().all()
    assert free.costs.shape == (30, 4)


def test_exposures_are_sums_of_the_weights_held():
    weights = TWO.weights
    for account in ("trend", "carry"):
        own = weights[[name for name, owner in ACCOUNTS.items() if owner == account]]
        np.testing.assert_allclose(TWO.gross_exposure[account], own.abs().sum(axis=1), rtol=1e-13)
        np.testing.assert_allclose(TWO.net_exposure[account], own.sum(axis=1), rtol=1e-11, atol=1e-14)


def test_turnover_is_what_was_traded_over_the_equity_before():
    traded = ONE.fills.assign(size=ONE.fills["notional"].abs()).groupby("time")["size"].sum()
    before = ONE.equity.shift(1).fillna(100.0)
    np.testing.assert_allclose(ONE.turnover, (traded / before).reindex(PRICES.index).fillna(0.0), rtol=1e-13)


def test_fills_are_one_tidy_table():
    fills = TWO.fills
    assert list(fills.columns) == FILL_COLUMNS
    assert fills["time"].is_monotonic_increasing
    assert fills["time"].dtype == PRICES.index.dtype
    assert set(fills["account"]) == {"trend", "carry"}
    assert {(row.asset, row.account) for row in fills.itertuples()} == set(ACCOUNTS.items())
    np.testing.assert_array_equal(fills["notional"], fills["units"] * fills["price"])
    assert (fills[["commission", "spread", "impact"]] >= 0.0).all().all()
    none = simulate(0.0 * WEIGHTS, PRICES).fills
    assert list(none.columns) == FILL_COLUMNS
    assert none.empty


def test_returns_feed_the_measures_as_they_are():
    assert riskresearch.sharpe_ratio(ONE.returns) == pytest.approx(
        ONE.returns.mean() / ONE.returns.std() * np.sqrt(252.0), rel=1e-12
    )


def test_the_table_has_a_row_for_each_account_and_for_holding_what_it_first_bought():
    whole = TWO.to_frame()
    assert whole.index.names == ["account", "series"]
    assert whole.index.tolist() == [(name, row) for name in ("trend", "carry") for row in ("account", "holding")]
    table = whole.xs("account", level="series")
    np.testing.assert_allclose(table["total_return"], TWO.equity.iloc[-1] / 100.0 - 1.0, rtol=1e-12)
    np.testing.assert_allclose(table["commission"], TWO.costs["commission"].sum(), rtol=1e-12)
    np.testing.assert_allclose(table["annual_turnover"], 252.0 * TWO.turnover.iloc[1:].mean(), rtol=1e-12)
    assert table["bankrupt"].isna().all()


def test_it_says_what_it_is():
    assert repr(TWO) == "Backtest(30 bars, 4 columns, 2 accounts)"
    assert repr(simulate([0.0, 0.0], [1.0, 1.0])) == "Backtest(2 bars, 1 column, 1 account)"
    text = TWO.summary()
    assert [line.split()[0] for line in text.splitlines()[:6]] == [
        "account",
        "trend",
        "carry",
        "holding",
        "trend",
        "carry",
    ]
    assert "lag 1, filled at prices, rebalanced every bar" in text
    assert "borrowing allowed; every bar balances." in text
    banded = simulate(WEIGHTS, PRICES, rebalance=0.1, borrowing=False, lag=2, fill_prices=PRICES.shift(1).bfill())
    assert "lag 2, filled at fill_prices, rebalanced within 0.1" in banded.conventions()
    assert "borrowing not allowed" in banded.conventions()
    assert TWO._repr_html_().count("<tr") == 2 * (1 + 2)
    many = simulate(*market(rows=9, columns=12), accounts="columns")
    assert "... and 2 more accounts" in many.summary()
    assert many.summary().count("\nS") == 2 * 10


def test_the_plot_is_the_growth_of_one_in_each_account():
    ax = TWO.plot(ax=blank_axes())
    np.testing.assert_allclose(ax.lines[0].get_ydata()[-1], TWO.equity["trend"].iloc[-1] / 100.0, rtol=1e-12)
    broken = simulate([1.0] * 3, [10.0] * 3, costs=Costs(commission_minimum=2.0))
    assert broken.plot(ax=blank_axes()).get_ylabel() == "Growth of 1"


def test_results_travel_between_processes():
    copy = pickle.loads(pickle.dumps(TWO))
    assert isinstance(copy, Backtest)
    pd.testing.assert_frame_equal(copy.fills, TWO.fills)
    pd.testing.assert_frame_equal(copy.equity, TWO.equity)


def test_flows_that_do_not_occur_take_no_memory():
    flows = simulate(WEIGHTS, PRICES, costs=0.001, accounts="columns").record.flows
    assert {kind: len(flow) for kind, flow in flows.items()} == {
        "commission": 30, "spread": 1, "impact": 1, "borrow": 1, "interest": 1, "dividends": 1,
    }  # fmt: skip
