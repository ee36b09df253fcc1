"""What holds of any simulation: scale, order of columns, whose account, and the past whatever the future."""

import numpy as np
import pandas as pd
from hypothesis import given, strategies as st

from riskresearch.accounts import Costs
from riskresearch.backtest import check_no_lookahead, simulate
from tests.backtest.samples import EVERY_COST, impact_panels, market, markets
from tests.examples import examples

LINEAR = Costs(commission=0.001, half_spread=0.0004, borrow_rate=0.0002, cash_rate=0.0001, debit_rate=0.0003)
OPTIONS = st.fixed_dictionaries(
    {
        "rebalance": st.sampled_from(["every_bar", "on_change", 0.05]),
        "lag": st.integers(1, 3),
        "lot_size": st.sampled_from([None, 0.001]),
        "borrowing": st.booleans(),
        "min_trade_notional": st.sampled_from([0.0, 0.02]),
    }
)


@given(markets(), OPTIONS)
@examples(60)
def test_the_parts_of_the_account_add_up_in_what_the_user_sees(data, options):
    weights, prices = data
    done = simulate(weights, prices, costs=EVERY_COST, **impact_panels(prices), **options)
    fills, alive = done.fills, done.equity > 0.0
    held = (done.units * prices).sum(axis=1)
    np.testing.assert_allclose(done.equity, (done.cash + held).where(alive, 0.0), rtol=1e-12, atol=1e-12)
    for kind in ("commission", "spread", "impact"):
        np.testing.assert_allclose(fills[kind].sum(), done.costs[kind].sum(), rtol=1e-11, atol=1e-14)
    by_asset = fills.groupby("asset", observed=False)["units"].sum().reindex(prices.columns)
    np.testing.assert_allclose(by_asset, done.units.iloc[-1], rtol=1e-9, atol=1e-12)
    by_bar = fills.groupby("time")["notional"].sum().reindex(prices.index).fillna(0.0)
    flows = done.income.sum(axis=1) - done.costs.sum(axis=1) - by_bar
    np.testing.assert_allclose(1.0 + flows.cumsum(), done.cash, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose((1.0 + done.returns).prod(), done.equity.iloc[-1], rtol=1e-9, atol=1e-12)


@given(markets(), OPTIONS)
@examples(40)
def test_without_borrowing_cash_does_not_fall_below_zero_by_buying(data, options):
    weights, prices = data
    long = weights.abs()
    done = simulate(
        long,
        prices,
        costs=Costs(commission=0.01, commission_per_unit=0.02, commission_minimum=0.005, half_spread=0.001),
        **options | {"borrowing": False},
    )
    overdrawn = done.cash.index[done.cash < -1e-12]  # by the costs of a sale alone
    bought = done.fills.query("units > 0.0")["time"]
    assert not bought.isin(overdrawn).any()


@given(markets(), st.sampled_from([2.0**-10, 8.0]))
@examples(40)
def test_money_has_no_unit(data, scale):
    weights, prices = data
    one = simulate(weights, prices, costs=LINEAR)
    other = simulate(weights, prices * scale, costs=LINEAR, capital=scale)
    pd.testing.assert_series_equal(other.equity, one.equity * scale, check_exact=True)
    pd.testing.assert_frame_equal(other.units, one.units, check_exact=True)


@given(markets())
@examples(40)
def test_the_order_of_columns_is_irrelevant(data):
    weights, prices = data
    one = simulate(weights, prices, costs=LINEAR)
    other = simulate(weights.iloc[:, ::-1], prices.iloc[:, ::-1], costs=LINEAR)
    np.testing.assert_allclose(other.equity, one.equity, rtol=1e-10)


@given(markets(), st.data())
@examples(40)
def test_an_account_among_others_has_the_bits_of_the_account_alone(data, draw):
    weights, prices = data
    accounts = {name: draw.draw(st.sampled_from("abc")) for name in prices.columns}
    options = {"costs": EVERY_COST, "rebalance": draw.draw(st.sampled_from(["every_bar", "on_change", 0.05]))}
    all_of_them = simulate(weights, prices, accounts=accounts, **options, **impact_panels(prices))
    for account in all_of_them.accounts:
        own = [name for name in prices.columns if accounts[name] == account]
        alone = simulate(weights[own], prices[own], **options, **impact_panels(prices[own]))
        equity = all_of_them.equity if len(all_of_them.accounts) == 1 else all_of_them.equity[account]
        np.testing.assert_array_equal(equity, alone.equity)
        pd.testing.assert_frame_equal(all_of_them.units[own], alone.units, check_exact=True)


@given(markets(), st.floats(0.0, 0.05))
@examples(40)
def test_costs_never_make_an_account_of_long_positions_richer(data, commission):
    weights, prices = data
    long = weights.abs() / (weights.abs().sum(axis=1).to_numpy()[:, None] + 0.5)
    free, paid = simulate(long, prices), simulate(long, prices, costs=commission)
    assert (paid.equity <= free.equity * (1.0 + 1e-12)).all()


@given(markets(), OPTIONS, st.booleans())
@examples(30)
def test_no_part_of_the_past_changes_with_the_future(data, options, split):
    weights, prices = data
    accounts = "columns" if split else None

    def run(weights, prices):
        panels = impact_panels(prices)
        done = simulate(weights, prices, costs=EVERY_COST, accounts=accounts, **panels, **options)
        return done.equity, done.units, done.costs, done.income, done.weights, done.turnover

    futures = check_no_lookahead((weights, prices), run, cuts=10, rng=1).trials
    # Units of whole lots sum to 0 by chance, which looks like a scale that was fitted outside: no future of the data.
    assert all(trial.outcome in ("same", "refused") for trial in futures if trial.how != "outside")


def test_memory_layout_is_irrelevant():
    weights, prices = market(rows=300, columns=7)
    one = simulate(weights.to_numpy(), prices.to_numpy(), costs=LINEAR).units
    for order in (np.asfortranarray, lambda values: np.repeat(values, 2, axis=1)[:, ::2]):
        other = simulate(order(weights.to_numpy()), order(prices.to_numpy()), costs=LINEAR).units
        pd.testing.assert_frame_equal(other, one, check_exact=True)
