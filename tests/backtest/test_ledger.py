"""The ledger of a simulation reaches its equity, cash, returns and weights: a second, independent account of both."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import riskresearch as rr
from riskresearch.backtest import _ledger, simulate
from riskresearch.core import AccountingError, InvalidInputError
from tests.backtest.samples import EVERY_COST, impact_panels, market, markets
from tests.examples import examples

RULES = ("fifo", "lifo", "hifo", "average")
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "lag": st.integers(1, 3),
        "rebalance": st.sampled_from(["on_change", 0.1, "week"]),
        "lot_size": st.sampled_from([0.5, 3.0]),
        "min_trade_notional": st.just(2.0),
        "borrowing": st.just(False),
        "accounts": st.just("columns"),
    },
)
"""Settings of random simulations."""
ACTIONS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 39), st.sampled_from(["split", "cash_dividend"]), st.floats(0.2, 3.0)),
    max_size=5,
)


def actions_of(drawn, prices):
    """Return a table of splits and dividends within the rows and columns of prices."""
    rows = [
        {"symbol": prices.columns[c % prices.shape[1]], "date": prices.index[r % len(prices)], "kind": k, "value": v}
        for c, r, k, v in drawn
    ]
    return pd.DataFrame(rows, columns=["symbol", "date", "kind", "value"]) if rows else None


def check(result, matching):
    """Check that the ledger of a result, which compares equity and cash itself, shows the result's tables."""
    ledger = result.ledger(matching=matching)
    capital = result.settings.capital
    np.testing.assert_allclose(ledger.equity, result.equity, rtol=1e-9, atol=1e-9 * capital)
    np.testing.assert_allclose(ledger.cash, result.cash, rtol=1e-9, atol=1e-9 * np.abs(result.cash).to_numpy().max())
    alive = result.equity.to_numpy() > 1e-6 * capital
    before = np.concatenate([np.ones((1, *alive.shape[1:]), dtype=bool), alive[:-1]])
    np.testing.assert_allclose(
        np.where(before, ledger.returns, 0.0), np.where(before, result.returns, 0.0), rtol=1e-9, atol=1e-7
    )
    return ledger


@pytest.mark.filterwarnings("ignore:corporate_actions has", "ignore:weights")
@given(
    markets(), st.sampled_from(RULES), OPTIONS, ACTIONS, st.sampled_from([0.0, 0.002, EVERY_COST]), st.floats(0.5, 6)
)
@examples(80)
def test_random_simulations_and_their_ledgers_agree(pair, matching, options, drawn, costs, leverage):
    weights, prices = pair
    panels = impact_panels(prices) if costs is EVERY_COST else {}
    if options.get("rebalance") == "week" and len(prices) < 3:
        options = {}
    done = simulate(
        weights * leverage, prices, costs=costs, capital=1e4, corporate_actions=actions_of(drawn, prices), **panels,
        **options,
    )  # fmt: skip
    ledger = check(done, matching)
    if "accounts" not in options and not done.bankruptcies:
        np.testing.assert_allclose(ledger.weights_held, done.weights, rtol=1e-8, atol=1e-8)
        np.testing.assert_array_equal(ledger.weights.iloc[1:], ledger.weights_held.iloc[:-1])
    paid = done.costs.to_numpy().sum()
    counted = -sum(
        each.sum() for kind, each in ledger.books.profit.causes.items() if kind in done.costs or kind == "borrow"
    )
    assert counted == pytest.approx(paid, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("missing", ["settle", "hold"])
@pytest.mark.parametrize("matching", RULES)
def test_positions_without_a_price(missing, matching):
    weights, prices = market(rows=50, columns=3, seed=5)
    prices.iloc[10:14, 0] = np.nan
    prices.iloc[30:, 2] = np.nan
    actions = pd.DataFrame({"symbol": ["S0"], "date": prices.index[12:13], "kind": "split", "value": 0.5})
    done = simulate(weights, prices, costs=0.001, missing_prices=missing, corporate_actions=actions, capital=1e5)
    ledger = check(done, matching)
    np.testing.assert_allclose(ledger.positions, done.units, rtol=1e-12)
    gone = ledger.positions["S2"].iloc[30:]
    assert (gone == 0.0).all() if missing == "settle" else (gone != 0.0).all()
    assert (done.fills["kind"] == "settlement").sum() == (2 if missing == "settle" else 0)


def test_fill_prices_apart_gates_and_several_accounts():
    weights, prices = market(rows=80, columns=4, seed=2)
    accounts = {"S0": "a", "S1": "b", "S2": "a", "S3": "b"}
    done = simulate(
        weights, prices, fill_prices=prices * 1.01, costs=EVERY_COST, accounts=accounts, capital=1e5, lag=2,
        **impact_panels(prices), gates=[rr.breakers.DrawdownBreaker(0.05)],
    )  # fmt: skip
    ledger = check(done, "hifo")
    assert list(ledger.equity.columns) == ["a", "b"]
    np.testing.assert_allclose(ledger.positions, done.units, rtol=1e-12)


@pytest.mark.parametrize("index", ["undated", "zoned", "periods", "clock change"])
def test_every_kind_of_rows(index):
    weights, prices = market(rows=40, columns=2, seed=3)
    labels = {
        "undated": None,
        "zoned": prices.index.tz_localize("America/New_York"),
        "periods": prices.index.to_period("D"),
        "clock change": pd.date_range("2023-10-28 20:00", periods=40, freq="h", tz="Europe/Berlin"),
    }[index]
    if labels is None:
        weights, prices = weights.to_numpy(), prices.to_numpy()
    else:
        weights.index = prices.index = labels
    done = simulate(weights, prices, costs=0.001)
    ledger = done.ledger()
    np.testing.assert_allclose(ledger.equity, done.equity, rtol=1e-9)
    assert ledger.to_frame().shape[0] == 2


def test_polars_prices():
    polars = pytest.importorskip("polars")
    weights, prices = market(rows=20, columns=2)
    done = simulate(polars.from_pandas(weights.reset_index()), polars.from_pandas(prices.reset_index()))
    np.testing.assert_allclose(done.ledger().equity.to_numpy(), done.record.equity[:, 0], rtol=1e-9)


def test_real_prices_with_their_splits_and_dividends():
    bars = rr.datasets.load("equities_ohlcv")
    actions = rr.datasets.load("corporate_actions")
    bars["date"] = pd.to_datetime(bars["date"])
    prices = bars.pivot(index="date", columns="symbol", values="close").loc["2004":, ["AAPL", "GPS", "IBM", "INTC"]]
    prices = prices.dropna()
    weights = pd.DataFrame(1.0 / prices.shape[1], prices.index, prices.columns)
    done = simulate(weights, prices, costs=0.0005, rebalance="month", capital=1e6, corporate_actions=actions)
    for matching in RULES:
        ledger = check(done, matching)
        assert ledger.pnl["dividend"].sum() == pytest.approx(done.income["dividends"].sum(), rel=1e-12)
        assert done.income["dividends"].sum() > 0.0


def test_bankruptcy_is_written_off():
    done = simulate([-3.0] * 12, [10.0] * 6 + [20.0] * 6, costs=0.001)
    ledger = done.ledger()
    assert float(ledger.equity.iloc[-1]) == 0.0
    assert ledger.pnl["written_off"].sum() == pytest.approx(done.income["written_off"].sum(), rel=1e-12)
    assert done.income["written_off"].sum() > 0.0


@pytest.mark.parametrize("what", ["equity", "cash"])
def test_a_difference_names_the_first_bar(what):
    weights, prices = market(rows=10, columns=2)
    done = simulate(weights, prices)._simulated
    getattr(done.record, what)[6:, 0] += 0.01
    with pytest.raises(AccountingError, match=rf"{what} of the ledger.*row 6 \(2023-01-10"):
        _ledger.ledger_of(done, "fifo")


def test_the_lot_that_a_fill_names_is_no_rule_of_simulations():
    with pytest.raises(InvalidInputError, match="matching must be"):
        simulate([1.0, 0.0], [1.0, 2.0]).ledger(matching="specific")
