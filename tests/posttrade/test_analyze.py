"""One call from fills to every table whose inputs are given; accounts in parallel change no bit."""

import numpy as np
import pandas as pd
import pytest

import riskresearch as rr
from riskresearch import metrics, posttrade, pretrade
from riskresearch.core import InvalidInputError

ROWS = 120
DAYS = pd.bdate_range("2023-01-02", periods=ROWS)
NAMES = ["A", "B", "C", "D"]
RETURNS = pd.DataFrame(np.random.default_rng(1).normal(0.0004, 0.01, (ROWS, 4)), DAYS, NAMES)
PRICES = metrics.wealth_index(RETURNS) * 20.0
GROUPS = {"A": "x", "B": "x", "C": "y", "D": "y"}
EQUAL = dict.fromkeys(NAMES, 0.25)
DEPOSIT = pd.DataFrame({"time": [DAYS[0]], "amount": [1e5], "kind": ["deposit"]})


def fills_of(seed=2, **options):
    """Return the fills of a simulation of random weights."""
    weights = pd.DataFrame(np.random.default_rng(seed).dirichlet(np.ones(4), ROWS) * 0.9, DAYS, NAMES)
    weights.iloc[40:60, 0] = 0.0
    return rr.simulate(weights, PRICES, costs=0.001, capital=1e5, rebalance="week", **options).fills


def in_two_accounts():
    """Return fills of two accounts and their deposits."""
    parts = [fills_of(seed).assign(account=name) for seed, name in ((2, "one"), (3, "two"))]
    flows = pd.concat([DEPOSIT.assign(account=name) for name in ("one", "two")])
    return pd.concat(parts).sort_values("time", kind="stable"), flows


def equal(one, other):
    """Return whether two reports hold the same bits, account by account."""
    pd.testing.assert_frame_equal(one.to_frame(), other.to_frame(), check_exact=True)
    pd.testing.assert_frame_equal(one.round_trips.trips, other.round_trips.trips, check_exact=True)
    for name, part in one.accounts.items():
        pd.testing.assert_frame_equal(part.ledger.pnl, other.accounts[name].ledger.pnl, check_exact=True)
        pd.testing.assert_frame_equal(part.round_trips.trips, other.accounts[name].round_trips.trips, check_exact=True)
    return True


def test_what_is_given_is_made_and_what_is_not_is_named():
    fills = fills_of()
    least = posttrade.analyze(fills, prices=PRICES)
    assert set(least.tables) == {"ledger", "round_trips"}
    assert set(least.skipped) == {"brinson", "risk", "factors", "compliance", "transaction_costs", "markouts"}
    for name, why in least.skipped.items():
        assert getattr(least, name) is None
        assert why in least.summary()
    whole = posttrade.analyze(
        fills, prices=PRICES, cash_flows=DEPOSIT, benchmark_weights=EQUAL, groups=GROUPS,
        factors=RETURNS.mean(axis=1).iloc[1:].to_frame("market"), limits=[pretrade.Leverage(0.5)],
    )  # fmt: skip
    assert whole.compliance.checks["code"].tolist() == ["LEVERAGE"]
    assert set(whole.skipped) == {"transaction_costs", "markouts"}
    assert whole.summary().count("\n\n") >= len(whole.tables)


def test_tables_are_those_of_the_functions():
    fills = fills_of()
    report = posttrade.analyze(
        fills, prices=PRICES, cash_flows=DEPOSIT, benchmark_weights=EQUAL, groups=GROUPS, rule="per_lot",
        matching="lifo", linking="menchero", factors=RETURNS.mean(axis=1).iloc[1:].to_frame("market"),
    )  # fmt: skip
    ledger = posttrade.Ledger.from_fills(fills, prices=PRICES, cash_flows=DEPOSIT, matching="lifo")
    pd.testing.assert_frame_equal(report.ledger.pnl, ledger.pnl)
    pd.testing.assert_frame_equal(report.round_trips.trips, ledger.round_trips(rule="per_lot").trips)
    effects = posttrade.brinson(
        ledger.weights.iloc[1:], EQUAL, RETURNS.iloc[1:], groups=GROUPS, linking="menchero",
        portfolio_returns=ledger.returns.iloc[1:],
    )  # fmt: skip
    np.testing.assert_allclose(report.brinson.to_frame(), effects.to_frame(), rtol=1e-9, atol=1e-12)
    whole = float(np.prod(1.0 + ledger.returns.iloc[1:]) - 1.0)
    assert report.brinson.portfolio_return == pytest.approx(whole, rel=1e-12)
    row = report.to_frame().iloc[0]
    assert row["return"] == pytest.approx(float(np.prod(1.0 + ledger.returns) - 1.0), rel=1e-12)
    assert row["profit"] == pytest.approx(float(ledger.equity.iloc[-1]) - 1e5, rel=1e-9)
    assert row["realised"] + row["unrealised"] - row["costs"] == pytest.approx(row["profit"], rel=1e-9)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_accounts_in_parallel_have_the_same_bits(n_jobs):
    fills, flows = in_two_accounts()
    options = {"prices": PRICES, "cash_flows": flows, "benchmark_weights": EQUAL}
    serial = posttrade.analyze(fills, **options)
    assert list(serial.accounts) == ["one", "two"]
    assert equal(serial, posttrade.analyze(fills, n_jobs=n_jobs, **options))


def test_an_account_is_what_it_is_alone_and_all_are_the_sum():
    fills, flows = in_two_accounts()
    report = posttrade.analyze(fills, prices=PRICES, cash_flows=flows)
    alone = posttrade.analyze(fills_of(3).assign(account="two"), prices=PRICES, cash_flows=DEPOSIT)
    pd.testing.assert_frame_equal(report.accounts["two"].ledger.pnl, alone.ledger.pnl)
    frame = report.to_frame()
    for name in ("equity", "flows", "profit", "realised", "unrealised", "costs", "round_trips", "net_profit_of_trips"):
        assert frame.loc["all accounts", name] == pytest.approx(frame.loc[["one", "two"], name].sum(), rel=1e-9)
    assert report.accounts["one"].skipped["transaction_costs"] == "It is of all accounts."


def test_without_capital_there_are_no_weights_to_attribute():
    report = posttrade.analyze(fills_of(), prices=PRICES, benchmark_weights=EQUAL)
    assert report.brinson is None
    assert "give the capital as a deposit" in report.skipped["brinson"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"rule": "per_trade"}, "rule must be"),
        ({"n_jobs": 0}, "n_jobs must be a whole number of at least 1"),
        ({"matching": "fife"}, "matching must be"),
        ({"rename": {"symbol": "asset"}}, "rename must name columns of fills"),
        ({"prices": PRICES[["A"]]}, "prices must have a column for each asset of fills"),
    ],
)
def test_wrong_arguments_are_named(wrong, message):
    with pytest.raises(InvalidInputError, match=message):
        posttrade.analyze(fills_of(), **{"prices": PRICES, **wrong})


def test_columns_of_others_are_renamed():
    theirs = fills_of().rename(columns={"asset": "symbol", "units": "qty"})
    found = posttrade.analyze(theirs, prices=PRICES, rename={"symbol": "asset", "qty": "units"})
    assert equal(found, posttrade.analyze(fills_of(), prices=PRICES))


def test_asset_returns_hold_splits_dividends_and_spin_offs():
    prices = pd.DataFrame({"P": [100.0, 50.0, 48.0, 30.0], "N": [5.0, 5.0, 5.0, 20.0]}, index=DAYS[:4])
    actions = pd.DataFrame(
        {
            "symbol": ["P", "P", "P"], "date": DAYS[1:4], "kind": ["split", "cash_dividend", "spin_off"],
            "value": [0.5, 2.0, 1.0], "new_symbol": [None, None, "N"],
        }
    )  # fmt: skip
    fills = pd.DataFrame({"asset": ["P"], "time": DAYS[:1], "units": [1.0], "price": [100.0]})
    ledger = posttrade.Ledger.from_fills(fills, prices=prices, corporate_actions=actions)
    # By hand: 50 / (100 / 2) - 1 = 0; (48 + 2) / 50 - 1 = 0; (30 + 20) / 48 - 1 = 1 / 24.
    np.testing.assert_allclose(ledger.asset_returns["P"], [0.0, 0.0, 0.0, 1.0 / 24.0], atol=1e-15)


def test_asset_returns_are_in_the_base_currency_so_that_currencies_are_no_trading_effect():
    rates = pd.DataFrame({"EUR": np.linspace(1.0, 1.3, ROWS)}, DAYS)
    fills = pd.DataFrame(
        {"asset": ["A", "B"], "time": DAYS[:1].repeat(2), "units": [10.0, 10.0], "currency": ["EUR", "base"]}
    )
    fills["price"] = PRICES.iloc[0][["A", "B"]].to_numpy()
    paid = pd.DataFrame(
        {
            "time": DAYS[:1].repeat(2), "amount": (10.0 * fills["price"]).tolist(), "kind": "deposit",
            "currency": ["EUR", "base"],
        }
    )  # fmt: skip
    report = posttrade.analyze(
        fills, prices=PRICES, rates=rates, cash_flows=paid, benchmark_weights={"A": 0.5, "B": 0.5}
    )
    moved = PRICES["A"].iloc[5] / PRICES["A"].iloc[4] * rates["EUR"].iloc[5] / rates["EUR"].iloc[4] - 1.0
    assert report.ledger.asset_returns["A"].iloc[5] == pytest.approx(moved, rel=1e-12)
    assert report.brinson.totals()["trading"] == pytest.approx(0.0, abs=1e-12)  # nothing is traded, nor held in cash


def test_cash_flows_of_several_accounts_may_be_of_polars():
    polars = pytest.importorskip("polars")
    fills, flows = in_two_accounts()
    found = posttrade.analyze(fills, prices=PRICES, cash_flows=polars.from_pandas(flows))
    assert equal(found, posttrade.analyze(fills, prices=PRICES, cash_flows=flows))
