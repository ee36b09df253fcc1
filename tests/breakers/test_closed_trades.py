"""Breakers on closed trades: by hand, by the rules of freqtrade's protections, their scopes, state and refusals."""

import json
import math
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from riskresearch.breakers import BreakerSet, ClosedTradesBreaker, DrawdownBreaker, all_of, any_of
from riskresearch.core import Bar, ClosedTrade, InvalidInputError, Order
from tests.examples import examples

START = datetime(2024, 3, 4, 9, 0)


def bar(*profits, hour=None, **fields):
    """Return a bar on which trades of these profits closed."""
    time = None if hour is None else START + timedelta(hours=hour)
    return Bar(time=time, closed_trades=tuple(map(ClosedTrade, profits)), **fields)


def values(running, bars):
    """Return the number and whether it is halted after each bar."""
    found = []
    for each in bars:
        decision = running.update(each)
        found.append((running.status()[0].value, decision.state.value == "HALTED"))
    return found


# --- sequences by hand


def test_the_third_losing_trade_of_the_last_four_bars_trips_and_the_cooldown_is_exact():
    running = ClosedTradesBreaker(3, window=4, cooldown=2, stage="halt").start()
    bars = [bar(-0.01), bar(0.02, -0.01), bar(), bar(-0.01), bar(-0.5), bar(), bar(), bar()]
    # Losing trades of the last four bars: 1, 2, 2, 3 (trip), then the first bar leaves: 3, 2, 2, 1.
    assert values(running, bars) == [
        (1, False), (2, False), (2, False), (3, True), (3, True), (2, False), (2, False), (1, False)
    ]  # fmt: skip


def test_after_a_reentry_old_losses_do_not_trip_again_but_another_loss_does():
    running = ClosedTradesBreaker(2, window=50, cooldown=1, stage="halt").start()
    shown = [bar(-1.0), bar(-1.0), bar(), bar(), bar(5.0), bar(-1.0)]
    assert values(running, shown) == [(1, False), (2, True), (2, False), (2, False), (2, False), (3, True)]


def test_with_shadow_it_waits_until_the_losses_have_left_the_window():
    running = ClosedTradesBreaker(2, window=4, cooldown=1, stage="halt", reentry="shadow").start()
    shown = [bar(-1.0), bar(-1.0), bar(), bar(), bar()]
    assert values(running, shown) == [(1, False), (2, True), (2, True), (2, True), (1, False)]


def test_sums_of_losses_alone_and_less_gains():
    profits = [(-0.02, 0.05), (-0.01,), (0.01,), (-0.02,)]
    gross = ClosedTradesBreaker(0.05, measure="gross_loss", window=10, min_loss=0.01).start()
    assert [value for value, _ in values(gross, [bar(*each) for each in profits])] == pytest.approx(
        [0.02, 0.02, 0.02, 0.04]
    )
    net = ClosedTradesBreaker(1.0, measure="net_loss", window=10).start()
    assert [value for value, _ in values(net, [bar(*each) for each in profits])] == pytest.approx(
        [-0.03, -0.02, -0.03, -0.01]
    )


def test_a_window_of_time_ends_strictly_before_the_oldest_trade():
    # freqtrade keeps trades with close_date > now - lookback_period: one that is exactly as old is out.
    running = ClosedTradesBreaker(2, window=timedelta(hours=6), stage="warn").start()
    hours = [0, 5, 6, 11, 12]
    assert [value for value, _ in values(running, [bar(-1.0, hour=hour) for hour in hours])] == [1, 2, 2, 2, 2]


def test_a_window_of_bars_is_the_same_window_of_time_on_regular_bars():
    by_bars = ClosedTradesBreaker(2, window=6, stage="warn").start()
    by_time = ClosedTradesBreaker(2, window=timedelta(hours=6), stage="warn").start()
    shown = [bar(*[-1.0] * (hour % 3 == 0), hour=hour) for hour in range(30)]
    assert values(by_bars, shown) == values(by_time, shown)


# --- freqtrade's protections (docs/includes/protections.md and freqtrade/plugins/protections)


def test_stoploss_guard_of_four_in_24_candles_stops_all_for_four_candles_after_the_last_trade():
    # StoplossGuard with lookback_period_candles 24, trade_limit 4 and stop_duration_candles 4, as in the documentation.
    guard = ClosedTradesBreaker(4, window=24, cooldown=4, stage="halt").start()
    closes = {2, 7, 11, 20}
    halted = [guard.update(bar(*[-0.01] * (row in closes))).reduce_only for row in range(30)]
    assert [row for row, each in enumerate(halted) if each] == [20, 21, 22, 23]


def test_low_profit_pairs_trips_below_the_required_profit_once_there_are_enough_trades():
    # {"method": "LowProfitPairs", "lookback_period_candles": 6, "trade_limit": 2, "required_profit": 0.02}: two trades
    # in six candles that made less than 2 % together; a profit of 2 % exactly is enough.
    low = ClosedTradesBreaker(
        -0.02, measure="net_loss", inclusive=False, window=6, min_trades=2, cooldown=60, stage="halt"
    )
    assert [low.start().update(bar(*each)).reduce_only for each in ([-0.5], [0.01, 0.01], [0.01, 0.009])] == [
        False, False, True
    ]  # fmt: skip


def test_cooldown_period_stops_an_asset_for_two_candles_after_any_trade():
    # {"method": "CooldownPeriod", "stop_duration_candles": 2}, which only ever locks a pair.
    rule = ClosedTradesBreaker(1, measure="trades", window=1, cooldown=2, scope="asset", stage="halt")
    running = BreakerSet(rule).start(assets=["A", "B"])
    shown = [Bar(closed_trades=(ClosedTrade(0.3, "A"),)), bar(), bar(), bar()]
    decided = [running.update(each).units for each in shown]
    assert [units["A"].reduce_only for units in decided] == [True, True, False, False]
    assert not any(units["B"].reduce_only for units in decided)


def test_a_winning_trade_during_or_after_the_lock_does_not_trip_again():
    # freqtrade's issue 7170.
    guard = ClosedTradesBreaker(2, window=10, cooldown=2, stage="halt").start()
    shown = [bar(-1.0, -1.0), bar(2.0), bar(2.0), bar(2.0), bar(2.0)]
    assert [guard.update(each).reduce_only for each in shown] == [True, True, False, False, False]


# --- scopes


def test_of_scope_asset_and_side_only_that_asset_or_side_is_halted():
    trades = (ClosedTrade(-0.02, "A", "long"), ClosedTrade(-0.02, "A", "short"), ClosedTrade(-0.02, "B", "long"))
    rule = ClosedTradesBreaker(2, window=5, stage="halt")
    by_asset = BreakerSet(ClosedTradesBreaker(2, window=5, stage="halt", scope="asset")).start(assets=["A", "B", "C"])
    decision = by_asset.update(Bar(closed_trades=trades))
    assert {name: unit.reduce_only for name, unit in decision.units.items()} == {"A": True, "B": False, "C": False}
    assert not decision.reduce_only
    assert [(event.unit, event.value) for event in decision.events] == [("A", 2.0)]
    by_side = BreakerSet(ClosedTradesBreaker(2, window=5, stage="halt", scope="side")).start()
    decision = by_side.update(Bar(closed_trades=trades))
    assert {name: unit.reduce_only for name, unit in decision.units.items()} == {"long": True, "short": False}
    assert not decision.units["long"].allows(Order("B", 1.0), held=2.0)
    assert rule.start().update(Bar(closed_trades=trades)).reduce_only


def test_a_unit_with_trades_of_its_own_takes_those():
    rule = ClosedTradesBreaker(1, window=5, stage="halt", scope="asset")
    running = BreakerSet(rule).start(assets=["A"])
    shown = Bar(closed_trades=(ClosedTrade(-1.0, "A"),), units={"A": Bar(closed_trades=())})
    assert not running.update(shown).units["A"].reduce_only


def test_sides_need_no_names_and_assets_must_not_be_called_so():
    both = [ClosedTradesBreaker(1, scope="side"), ClosedTradesBreaker(1, scope="asset", name="own")]
    assert set(BreakerSet(both).start(assets=["A"]).units) == {"A", "long", "short"}
    with pytest.raises(
        InvalidInputError, match=r"must differ as text, and from 'long' and 'short' .* got 'long' twice"
    ):
        BreakerSet(both).start(assets=["long"])


# --- combined, missing, state


def test_in_a_combination_the_number_counts_on_any_bar_but_not_with_too_few_trades():
    parts = DrawdownBreaker(0.1), ClosedTradesBreaker(1, window=5, min_trades=2)
    running = all_of(*parts, cooldown=1, stage="halt").start(equity=100.0)
    shown = [bar(-1.0, equity=80.0), bar(2.0, equity=100.0), bar(equity=80.0)]
    assert [running.update(each).reduce_only for each in shown] == [False, False, True]
    assert any_of(ClosedTradesBreaker(1), stage="halt").start().update(bar(-1.0)).reduce_only


def test_trades_that_are_not_known_trip_nothing_and_rearm_nothing_unless_told():
    running = ClosedTradesBreaker(1, window=2, cooldown=1, stage="halt").start()
    found = values(running, [Bar(), bar(-1.0), Bar(), Bar(), bar()])
    assert [halted for _, halted in found] == [False, True, True, True, False]
    assert math.isnan(found[0][0])
    assert ClosedTradesBreaker(1, missing="trip", stage="halt").start().update(Bar()).reduce_only


def test_a_trade_on_a_bar_without_a_time_counts_from_the_next_one_with_a_time():
    running = ClosedTradesBreaker(1, window=timedelta(hours=2), cooldown=1, stage="halt").start()
    resumed = running.definition.resume(json.loads(json.dumps(running.to_dict(), allow_nan=False)))
    for each in (running, resumed):
        assert [each.update(one).reduce_only for one in (bar(-1.0), bar(hour=0))] == [False, True]
    with_pending = ClosedTradesBreaker(1, window=timedelta(hours=2), stage="halt").start()
    with_pending.update(bar(-1.0))
    state = json.loads(json.dumps(with_pending.to_dict(), allow_nan=False))
    assert with_pending.definition.resume(state).update(bar(hour=0)).reduce_only


def test_the_memory_is_of_the_window_alone():
    running = ClosedTradesBreaker(10, window=3).start()
    for _ in range(1000):
        running.update(bar(-1.0, 1.0))
    assert len(running.to_dict()["state"]["observers"][0][2]) == 2 * 3 * 2


@given(
    st.lists(st.lists(st.floats(-1.0, 1.0).map(lambda x: round(x, 3)), max_size=3), max_size=40),
    st.integers(1, 9), st.sampled_from([0.0, 0.2]),
)  # fmt: skip
@examples(60)
def test_numbers_are_those_of_the_trades_of_the_window(bars, window, min_loss):
    running = {
        measure: ClosedTradesBreaker(1e6, measure=measure, window=window, min_loss=min_loss).start()
        for measure in ("losing_trades", "gross_loss", "net_loss", "trades")
    }
    for row, profits in enumerate(bars):
        inside = [each for one in bars[max(0, row - window + 1) : row + 1] for each in one]
        losses = [-each for each in inside if each < -min_loss]
        expected = {
            "losing_trades": len(losses), "gross_loss": sum(losses), "net_loss": -sum(inside), "trades": len(inside)
        }  # fmt: skip
        for measure, each in running.items():
            each.update(bar(*profits))
            assert each.status()[0].value == pytest.approx(expected[measure], rel=1e-12, abs=1e-12)


# --- definitions


def test_a_definition_comes_back_from_json():
    chosen = BreakerSet(
        [
            ClosedTradesBreaker(0.1, measure="gross_loss", window=timedelta(days=2), scope="side", name="sides"),
            ClosedTradesBreaker(3, window=24),
        ]
    )
    assert BreakerSet.from_dict(json.loads(json.dumps(chosen.to_dict()))) == chosen


@pytest.mark.parametrize(
    ("parameters", "match"),
    [
        ({"measure": "losses"}, "measure must be one of 'losing_trades'"),
        ({"window": "24h"}, r"got '24h'. Bars are a number, time is a timedelta: timedelta\(hours=24\)"),
        ({"window": 0}, "window must be a whole number of at least 1"),
        ({"window": 2.5}, "window must be a whole number of at least 1"),
        ({"window": True}, "window must be a whole number of at least 1"),
        ({"window": timedelta(0)}, "window must be positive"),
        ({"min_trades": 0}, "min_trades must be a whole number of at least 1"),
        ({"min_loss": -0.1}, "min_loss must not be negative"),
        ({"limit": 0}, "limit must be positive for 'losing_trades', got 0"),
        ({"limit": -0.02, "measure": "gross_loss"}, "a profit that is asked for is a negative net loss"),
        ({"reentry": "peak_reset"}, "it has no peak"),
        ({"scope": "pair"}, "scope must be one of 'portfolio', 'strategy', 'asset', 'side'"),
    ],
)
def test_what_cannot_be_is_refused(parameters, match):
    with pytest.raises(InvalidInputError, match=match):
        ClosedTradesBreaker(**{"limit": 3, **parameters})


def test_a_trade_whose_asset_or_side_is_not_known_is_refused_by_breakers_of_that_scope_and_changes_nothing():
    rule = ClosedTradesBreaker(1, window=5)
    for scope, trade in (("asset", ClosedTrade(-1.0, "", "long")), ("side", ClosedTrade(-1.0, "A"))):
        running = BreakerSet([replace(rule, scope=scope), replace(rule, name="whole")]).start(assets=["A"])
        before = running.to_dict()
        with pytest.raises(InvalidInputError, match=f"closed_trades must name the {scope} of each trade"):
            running.update(Bar(closed_trades=(trade,)))
        assert running.to_dict() == before
    drawdowns = BreakerSet(DrawdownBreaker(0.1, scope="asset")).start(assets=["A"])
    assert drawdowns.update(Bar(closed_trades=(ClosedTrade(-1.0),))).multiplier == 1.0


def test_the_trades_of_a_strategy_are_those_on_its_own_bar():
    running = BreakerSet(ClosedTradesBreaker(1, scope="strategy", missing="trip")).start(strategies=["trend", "value"])
    shown = Bar(closed_trades=(ClosedTrade(1.0, "A"),), units={"value": Bar(closed_trades=())})
    decided = running.update(shown).units
    assert {name: unit.multiplier for name, unit in decided.items()} == {"trend": 0.0, "value": 1.0}
