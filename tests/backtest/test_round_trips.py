"""The closed trades of a simulated account, by hand and against its equity, and breakers on them by asset and side."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import backtest_breakers, simulate
from riskresearch.accounts import Costs
from riskresearch.breakers import ClosedTradesBreaker, CustomBreaker, DrawdownBreaker
from riskresearch.core import Decision
from tests.examples import examples

DAYS = pd.bdate_range("2024-03-04", periods=12)


class Watch:
    """A gate that keeps what it is shown."""

    def __init__(self):
        self.trades, self.equity = [], []

    def start(self, columns, *, capital):
        return self

    def update(self, bar):
        self.trades += [(bar.row, *trade) for trade in bar.closed_trades]
        self.equity.append(bar.account.equity)
        return Decision()


def closed(weights, prices, **options):
    watch = Watch()
    simulate(weights, prices, gates=[watch], **options)
    return watch.trades


def frame(**columns):
    rows = len(next(iter(columns.values())))
    return pd.DataFrame({name: np.array(values, dtype=float) for name, values in columns.items()}, index=DAYS[:rows])


# --- by hand


def test_a_trade_runs_from_flat_to_flat_and_profits_are_fractions_of_the_equity_before_it():
    # Bought at 100 with half the equity of 1, sold at 90: 0.5 * -10 %. Sold short at 90 with half of what is left, and
    # bought back at 99.
    weights, prices = frame(A=[0.5, 0.5, 0, -0.5, 0, 0]), frame(A=[100, 100, 95, 90, 90, 99])
    assert closed(weights, prices, rebalance="on_change") == [
        (3, pytest.approx(-0.05), "A", "long"),
        (5, pytest.approx(-0.05), "A", "short"),
    ]


def test_costs_of_both_orders_belong_to_the_trade():
    # 0.1 % of 0.5 bought and of 0.45 sold.
    weights, prices = frame(A=[0.5, 0, 0]), frame(A=[100, 100, 90])
    assert closed(weights, prices, costs=0.001) == [(2, pytest.approx(-0.05 - 0.0005 - 0.00045), "A", "long")]


def test_a_position_that_crosses_zero_is_a_trade_that_closes_and_one_that_opens():
    weights, prices = frame(A=[0.5, -0.5, 0, 0]), frame(A=[100, 100, 110, 121])
    found = closed(weights, prices, rebalance="on_change")
    # Long 0.005 units from 100 to 110; the equity before bar 2 is 1, after it 1.05; short 0.525 of it from 110 to 121.
    assert found == [(2, pytest.approx(0.05), "A", "long"), (3, pytest.approx(-0.0525), "A", "short")]


def test_splits_and_dividends_are_of_the_trade():
    weights, prices = frame(A=[0.5, 0.5, 0.5, 0, 0]), frame(A=[100, 100, 50, 49, 49])
    actions = pd.DataFrame(
        {"symbol": "A", "date": DAYS[[2, 3]], "kind": ["split", "cash_dividend"], "value": [0.5, 1.0]}
    )
    # 0.005 units at 100 become 0.01 at 50; a dividend of 1 and a fall of 1 leave nothing.
    found = closed(weights, prices, corporate_actions=actions, rebalance="on_change")
    assert found == [(4, pytest.approx(0.0, abs=1e-15), "A", "long")]


def test_fill_prices_of_their_own_and_a_settlement():
    weights, prices = frame(A=[0.5, 0, 0]), frame(A=[100, 100, 90])
    fills = frame(A=[100, 80, 88])
    assert closed(weights, prices, fill_prices=fills) == [(2, pytest.approx(0.05), "A", "long")]
    gone = frame(A=[100, 100, 90, np.nan, np.nan])
    found = closed(frame(A=[0.5] * 5), gone, missing_prices="settle", rebalance="on_change", costs=0.01)
    assert found == [(3, pytest.approx(-0.05 - 0.005), "A", "long")]


def test_a_bankruptcy_closes_what_is_held():
    found = closed(frame(A=[2.0] * 4), frame(A=[100, 100, 40, 40]), rebalance="on_change")
    assert found == [(2, pytest.approx(-1.2), "A", "long")]


# --- against the account


@given(st.integers(0, 10**6), st.sampled_from(["every_bar", "on_change"]), st.sampled_from([0.0, 0.002]))
@examples(25)
def test_when_all_is_closed_the_profits_are_what_the_account_made(seed, rebalance, rate):
    rng = np.random.default_rng(seed)
    weights = rng.choice([0.0, 0.3, -0.3, 0.2], (12, 3))
    weights[-2:] = 0.0
    prices = 100.0 * np.cumprod(1.0 + rng.normal(0.0, 0.02, (12, 3)), axis=0)
    watch = Watch()
    table, quotes = (pd.DataFrame(each, index=DAYS, columns=list("ABC")) for each in (weights, prices))
    simulate(table, quotes, gates=[watch], rebalance=rebalance, costs=Costs(commission=rate, commission_minimum=rate))
    equity = np.array([1.0, *watch.equity])
    opened = {}
    total = 0.0
    before = np.zeros(3)
    for row in range(12):
        held = np.zeros(3) if row == 0 else np.sign(weights[row - 1])
        for column, name in enumerate("ABC"):
            if before[column] != held[column]:
                total += sum(
                    profit * opened[name] for at, profit, asset, _ in watch.trades if (at, asset) == (row, name)
                )
                opened[name] = equity[row]
        before = held
    assert total == pytest.approx(equity[-1] - 1.0, rel=1e-9, abs=1e-12)


# --- breakers on them


WEIGHTS = frame(A=[0.5, 0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], B=[-0.4, -0.4, -0.4, -0.4, 0, -0.4, -0.4, -0.4])
PRICES = frame(A=[100, 100, 90, 90, 90, 90, 90, 90], B=[50, 50, 50, 50, 50, 60, 60, 60])


def held(rule):
    found = simulate(WEIGHTS, PRICES, gates=[rule], rebalance="on_change")
    return np.sign(found.record.units).T.astype(int).tolist()


@pytest.mark.parametrize("stage", ["halt", "liquidate", "freeze"])
def test_only_the_asset_or_side_that_lost_is_halted(stage):
    # A closes with a loss on bar 2, and would be bought again on bar 3; B is short, and closes with a loss on bar 5.
    asset = ClosedTradesBreaker(1, window=3, cooldown=2, scope="asset", stage=stage)
    side = ClosedTradesBreaker(1, window=3, cooldown=2, scope="side", stage=stage)
    without = simulate(WEIGHTS, PRICES, rebalance="on_change")
    assert np.sign(without.record.units).T.astype(int).tolist() == [
        [0, 1, 0, 1, 1, 1, 1, 1], [0, -1, -1, -1, -1, 0, -1, -1]
    ]  # fmt: skip
    # Decided on bar 2, with a cool-down of two bars: no order on bars 3 and 4; likewise B on bars 6 and 7.
    expected = [[0, 1, 0, 0, 0, 1, 1, 1], [0, -1, -1, -1, -1, 0, 0, 0]]
    assert held(asset) == expected
    assert held(side) == expected


def test_a_halted_side_still_lets_the_other_side_open_and_its_own_positions_close():
    weights = frame(A=[0.5, 0, -0.5, 0.5, 0.5, 0.5], B=[0.4, 0.4, 0.4, 0, 0, 0])
    prices = frame(A=[100, 100, 90, 90, 90, 90], B=[50] * 6)
    rule = ClosedTradesBreaker(1, window=9, cooldown=9, scope="side", stage="halt")
    found = simulate(weights, prices, gates=[rule], rebalance="on_change")
    # Bar 3 sells A short, which is the other side; bar 4 closes it and may not buy; B, long, is kept, then sold.
    assert np.sign(found.record.units).T.astype(int).tolist() == [[0, 1, 0, -1, 0, 0], [0, 1, 1, 1, 0, 0]]


def test_a_reduced_side_has_its_share_of_the_targets():
    rule = ClosedTradesBreaker(1, window=3, cooldown=9, scope="side", stage="reduce", fraction=0.25)
    found = simulate(WEIGHTS, PRICES, gates=[rule], rebalance="on_change")
    full = simulate(WEIGHTS, PRICES, rebalance="on_change")
    ratio = found.record.units[3, 0] / full.record.units[3, 0]
    assert ratio == pytest.approx(0.25, rel=1e-12)
    assert found.record.units[3, 1] == full.record.units[3, 1]


def test_weights_are_backtested_with_breakers_by_asset_and_side_alone():
    for scope in ("asset", "side"):
        rule = ClosedTradesBreaker(1, window=3, cooldown=2, scope=scope)
        found = backtest_breakers(None, rule, prices=pd.concat([PRICES, PRICES + 1.0]).set_axis(
            pd.bdate_range("2024-03-04", periods=16)), weights=pd.concat([WEIGHTS, WEIGHTS]).set_axis(
            pd.bdate_range("2024-03-04", periods=16)), rng=1)  # fmt: skip
        assert {event.unit for event in found.events} <= {"A", "B", "long", "short"}
        assert found.statistics()["trips"] >= 2
        assert found.statistics()["time_halted"] > 0.0


def test_a_users_step_is_shown_the_trades_of_the_account_and_other_breakers_pay_nothing_for_them(monkeypatch):
    def losses(state, bar):
        return state, float(sum(trade.profit < 0.0 for trade in bar.closed_trades))

    rule = CustomBreaker(1, step=losses, cooldown=1)
    events = simulate(WEIGHTS, PRICES, gates=[rule], rebalance="on_change").breaker_records[0].events
    assert next(event.time for event in events if event.event == "trip") == DAYS[2]
    monkeypatch.setattr("riskresearch.backtest._round_trips.OpenTrades.close", None)
    simulate(WEIGHTS, PRICES, gates=[DrawdownBreaker(0.5)], rebalance="on_change")
