"""Accounts of three or four bars, worked out by hand for each kind of cost and event; the arithmetic stands beside."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.accounts import Costs
from riskresearch.backtest import simulate

DATES = pd.DatetimeIndex(["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"])
PRICES = pd.Series([100.0, 100.0, 110.0, 99.0], index=DATES, name="A")


def account(weights, costs=0.0, prices=PRICES, **options):
    weights = pd.Series(weights, index=prices.index, name="A")
    return simulate(weights, prices, costs=costs, capital=1000.0, **options)


def test_weights_of_a_bar_are_filled_on_the_next_and_drift_until_the_target_changes():
    held = account([0.5, 0.5, 0.5, 0.5], rebalance="on_change")
    # bar 1: 0.5 * 1000 / 100 = 5 units, cash 500; bar 2: 500 + 550; bar 3: 500 + 495
    assert held.units["A"].tolist() == [0.0, 5.0, 5.0, 5.0]
    assert held.equity.tolist() == [1000.0, 1000.0, 1050.0, 995.0]
    assert held.cash.tolist() == [1000.0, 500.0, 500.0, 500.0]
    np.testing.assert_allclose(held.weights["A"], [0.0, 0.5, 550.0 / 1050.0, 495.0 / 995.0], rtol=1e-15)
    np.testing.assert_allclose(held.returns, [0.0, 0.0, 0.05, 995.0 / 1050.0 - 1.0], rtol=1e-14, atol=1e-15)
    assert held.turnover.tolist() == [0.0, 0.5, 0.0, 0.0]


def test_every_bar_is_brought_back_to_its_weight():
    held = account([0.5, 0.5, 0.5, 0.5])
    # bar 2: equity 1050, 525 / 110 units; bar 3: 525 + 525 * 0.9 = 997.5
    np.testing.assert_allclose(held.units["A"], [0.0, 5.0, 525.0 / 110.0, 498.75 / 99.0], rtol=1e-15)
    np.testing.assert_allclose(held.equity, [1000.0, 1000.0, 1050.0, 997.5], rtol=1e-15)


def test_a_band_lets_the_weight_drift_within_it():
    # weight after bar 2 is 550 / 1050 = 0.5238, 0.0238 away
    assert account([0.5] * 4, rebalance=0.03).units["A"].tolist() == [0.0, 5.0, 5.0, 5.0]
    assert account([0.5] * 4, rebalance=0.02).units["A"].tolist()[2] == pytest.approx(525.0 / 110.0, rel=1e-15)


def test_commission_is_the_larger_of_its_minimum_and_fraction_plus_per_unit():
    bought = account([1.0, 1.0, 0.0, 0.0], Costs(commission=0.001, commission_per_unit=0.02), rebalance="on_change")
    # buy 10 units for 1000: 1 + 0.2; sell 10 at 99 on bar 3: 0.99 + 0.2
    np.testing.assert_allclose(bought.costs["commission"], [0.0, 1.2, 0.0, 1.19], rtol=1e-15)
    np.testing.assert_allclose(bought.equity, [1000.0, 998.8, 1098.8, 990.0 - 1.2 - 1.19], rtol=1e-15)
    least = account([1.0, 1.0, 0.0, 0.0], Costs(commission=0.001, commission_minimum=5.0), rebalance="on_change")
    assert least.costs["commission"].tolist() == [0.0, 5.0, 0.0, 5.0]


def test_half_spread_is_paid_on_each_side():
    spread = account([1.0, 1.0, 0.0, 0.0], Costs(half_spread=0.0005), rebalance="on_change")
    np.testing.assert_allclose(spread.costs["spread"], [0.0, 0.5, 0.0, 0.495], rtol=1e-15)


def test_impact_is_the_root_of_the_participation_times_volatility():
    constant = pd.Series(1.0, index=DATES, name="A")
    impact = account(
        [1.0, 1.0, 0.0, 0.0],
        Costs(impact=0.5),
        rebalance="on_change",
        average_volume=1000.0 * constant,
        volatility=0.02 * constant,
    )
    # 10 of 1000 units are 1 %, the root 0.1: 0.5 * 0.02 * 0.1 = 0.001 of 1000, then of 990
    np.testing.assert_allclose(impact.costs["impact"], [0.0, 1.0, 0.0, 0.99], rtol=1e-14)


def test_shorts_pay_to_borrow_and_cash_earns_or_costs_interest():
    costs = Costs(borrow_rate=0.0002, cash_rate=0.0001, debit_rate=0.0003)
    short = account([-1.0, -1.0, -1.0, -1.0], costs, rebalance="on_change")
    # bar 1: interest 0.1 on 1000, then -10.001 units at 100 for 1000.1, cash 2000.2
    np.testing.assert_allclose(short.units["A"].iloc[1], -10.001, rtol=1e-15)
    # bar 2: interest 0.0001 * 2000.2, fee 0.0002 * 1000.1; bar 3: fee 0.0002 * 10.001 * 110
    cash = [1000.0, 2000.2, 2000.2 + 0.20002 - 0.20002]
    cash.append(cash[2] + cash[2] * 0.0001 - 0.0002 * 10.001 * 110.0)
    np.testing.assert_allclose(short.cash, cash, rtol=1e-14)
    np.testing.assert_allclose(short.costs["borrow"], [0.0, 0.0, 0.20002, 0.220022], rtol=1e-14)
    geared = account([2.0, 2.0, 2.0, 2.0], costs, rebalance="on_change")
    # bar 1: 20.002 units for 2000.2, cash -1000.1; bar 2: 0.0003 of it is charged
    np.testing.assert_allclose(geared.income["interest"].iloc[2], -0.30003, rtol=1e-14)


def test_splits_and_dividends_act_on_raw_prices():
    actions = pd.DataFrame(
        {
            "symbol": ["A", "A"],
            "date": pd.DatetimeIndex(["2024-01-04", "2024-01-05"]),
            "kind": ["split", "cash_dividend"],
            "value": [0.5, 1.5],
        }
    )
    prices = pd.Series([100.0, 100.0, 55.0, 48.0], index=DATES, name="A")
    held = account([0.5] * 4, prices=prices, rebalance="on_change", corporate_actions=actions)
    # 5 units become 10 on bar 2, each pays 1.5 on bar 3
    assert held.units["A"].tolist() == [0.0, 5.0, 10.0, 10.0]
    assert held.equity.tolist() == [1000.0, 1000.0, 1050.0, 500.0 + 480.0 + 15.0]
    assert held.income["dividends"].tolist() == [0.0, 0.0, 0.0, 15.0]
    short = account([-0.5] * 4, prices=prices, rebalance="on_change", corporate_actions=actions)
    assert short.income["dividends"].tolist() == [0.0, 0.0, 0.0, -15.0]
    assert len(held.fills) == 1


def test_a_delisted_holding_is_settled_at_its_last_price_on_the_next_bar():
    prices = pd.Series([100.0, 100.0, 110.0, np.nan], index=DATES, name="A")
    gone = account([0.5, 0.5, 0.0, 0.0], prices=prices, rebalance="on_change", missing_prices="settle", costs=0.001)
    # bought 5 for 500 and 0.5; settled for 550 without cost
    np.testing.assert_allclose(gone.cash, [1000.0, 499.5, 499.5, 1049.5], rtol=1e-15)
    assert gone.units["A"].tolist() == [0.0, 5.0, 5.0, 0.0]
    assert gone.fills["kind"].tolist() == ["order", "settlement"]
    assert gone.fills["price"].tolist() == [100.0, 110.0]
    assert gone.fills["commission"].tolist() == [0.5, 0.0]


def test_units_are_rounded_towards_zero_to_whole_lots():
    assert account([0.57] * 4, lot_size=2.0, rebalance="on_change").units["A"].tolist() == [0.0, 4.0, 4.0, 4.0]
    assert account([-0.57] * 4, lot_size=2.0, rebalance="on_change").units["A"].tolist() == [0.0, -4.0, -4.0, -4.0]


def test_without_borrowing_buys_are_scaled_to_the_cash_with_their_costs():
    prices = pd.DataFrame({"A": [100.0, 100.0], "B": [50.0, 50.0]}, index=DATES[:2])
    weights = pd.DataFrame({"A": [0.6, 0.6], "B": [0.6, 0.6]}, index=DATES[:2])
    scaled = simulate(weights, prices, costs=0.25, capital=1000.0, borrowing=False)
    # 1200 with costs are 1500: two thirds of it, 4 of 6 and 8 of 12 units
    np.testing.assert_allclose(scaled.units.iloc[1], [4.0, 8.0], rtol=1e-15)
    assert scaled.cash.iloc[1] == pytest.approx(0.0, abs=1e-12)


def test_small_trades_wait_but_positions_may_always_be_closed():
    small = account([0.5, 0.5, 0.0, 0.0], min_trade_notional=100.0)
    # bar 2: 525 / 110 units would sell 25; bar 3 closes 495
    assert small.units["A"].tolist() == [0.0, 5.0, 5.0, 0.0]
    tiny = account([0.05, 0.0, 0.0, 0.0], min_trade_notional=10.0)
    assert tiny.units["A"].tolist() == [0.0, 0.5, 0.0, 0.0]


def test_fill_prices_may_differ_from_the_prices_of_the_bar():
    opens = pd.Series([100.0, 80.0, 100.0, 100.0], index=DATES, name="A")
    filled = account([0.8] * 4, fill_prices=opens, rebalance="on_change")
    # 0.8 * 1000 / 80 = 10 units, worth 1000 at the close
    assert filled.units["A"].tolist() == [0.0, 10.0, 10.0, 10.0]
    assert filled.equity.tolist() == [1000.0, 1200.0, 1300.0, 1190.0]


def test_an_account_that_owes_more_than_it_has_stops_on_that_date():
    prices = pd.Series([100.0, 100.0, 160.0, 50.0], index=DATES, name="A")
    broken = account([-2.0] * 4, prices=prices, costs=0.001)
    # bar 1: -20 units, cash 3000 - 2; bar 2: 2998 - 3200 = -202 before the order of the bar
    np.testing.assert_allclose(broken.equity, [1000.0, 998.0, 0.0, 0.0], rtol=1e-15)
    assert broken.units["A"].tolist() == [0.0, -20.0, 0.0, 0.0]
    assert broken.bankruptcies == {"portfolio": DATES[2]}
    np.testing.assert_allclose(broken.income["written_off"], [0.0, 0.0, 202.0, 0.0], rtol=1e-13)
    assert broken.returns.tolist()[2:] == [-1.0, 0.0]
    assert broken.fills["kind"].tolist() == ["order", "bankruptcy"]
    assert "BANKRUPT: portfolio on 2024-01-04" in broken.summary()
