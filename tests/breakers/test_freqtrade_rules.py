"""Breakers on closed trades beside freqtrade's rules, written down from its documentation and code, on random trades.

freqtrade evaluates a protection when a trade closes, takes the trades with close_date > now - lookback_period, and
locks until the last of them plus stop_duration (or the next unlock_at of the clock in UTC). What follows its first lock
differs: see "Circuit breakers: closed trades" in docs/conventions.md. Profits are multiples of 1/1024, so that sums are
exact.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from hypothesis import given, strategies as st

from riskresearch.breakers import BreakerSet, ClosedTradesBreaker
from riskresearch.core import Bar, ClosedTrade
from tests.examples import examples

START, CANDLE = datetime(2024, 3, 8, tzinfo=UTC), timedelta(minutes=15)
ROWS = 60


@dataclass(frozen=True)
class Trade:
    """A trade as freqtrade keeps it."""

    row: int
    pair: str
    side: str
    profit: float

    @property
    def close_date(self):
        return START + self.row * CANDLE


trade = st.builds(
    Trade, st.integers(0, ROWS - 1), st.sampled_from(["A", "B"]), st.sampled_from(["long", "short"]),
    st.integers(-40, 30).map(lambda count: count / 1024),
)  # fmt: skip
trades_of_a_run = st.lists(trade, max_size=50).map(lambda found: sorted(found, key=lambda each: each.row))


def first_lock(trades, lookback, condition, ends):
    """Return the first and the last locked moment after which `condition` of the trades in the window holds."""
    for now in sorted({each.close_date for each in trades}):
        recent = [each for each in trades if now - lookback < each.close_date <= now]
        if condition(recent):
            return now, ends(max(each.close_date for each in recent))
    return None


def halted_at(breaker, trades, unit=""):
    """Return the moments of the bars of the first halt."""
    running = BreakerSet(breaker).start(assets=["A", "B"] if breaker.scope == "asset" else ())
    found = []
    for row in range(ROWS):
        closed = tuple(ClosedTrade(each.profit, each.pair, each.side) for each in trades if each.row == row)
        decision = running.update(Bar(time=START + row * CANDLE, closed_trades=closed))
        decision = decision.units[unit] if unit else decision
        if decision.reduce_only:
            found.append(START + row * CANDLE)
        elif found:
            break
    return found


def bars_of(lock):
    """Return the moments of the bars from a lock's start to before its end."""
    if lock is None:
        return []
    return [at for row in range(ROWS) if lock[0] <= (at := START + row * CANDLE) < lock[1]]


@given(trades_of_a_run, st.integers(1, 5), st.integers(1, 24), st.integers(1, 9))
@examples(150)
def test_stoploss_guard(trades, limit, lookback, stop):
    lock = first_lock(
        trades, lookback * CANDLE, lambda recent: sum(each.profit < 0.0 for each in recent) >= limit,
        lambda last: last + stop * CANDLE,
    )  # fmt: skip
    by_bars = ClosedTradesBreaker(limit, window=lookback, cooldown=stop, stage="halt")
    by_time = ClosedTradesBreaker(limit, window=lookback * CANDLE, cooldown=stop * CANDLE, stage="halt")
    assert halted_at(by_bars, trades) == halted_at(by_time, trades) == bars_of(lock)


@given(trades_of_a_run, st.integers(1, 3), st.integers(1, 24), st.sampled_from(["A", "B", "long", "short"]))
@examples(100)
def test_stoploss_guard_only_per_pair_and_only_per_side(trades, limit, lookback, unit):
    own = [each for each in trades if unit in (each.pair, each.side)]
    lock = first_lock(
        own, lookback * CANDLE, lambda recent: sum(each.profit < 0.0 for each in recent) >= limit,
        lambda last: last + 4 * CANDLE,
    )  # fmt: skip
    scope = "asset" if unit in "AB" else "side"
    rule = ClosedTradesBreaker(limit, window=lookback, cooldown=4, stage="halt", scope=scope)
    assert halted_at(rule, trades, unit) == bars_of(lock)


@given(trades_of_a_run, st.integers(-20, 20), st.integers(1, 4), st.integers(1, 24))
@examples(150)
def test_low_profit_pairs(trades, required, fewest, lookback):
    own = [each for each in trades if each.pair == "A"]
    lock = first_lock(
        own, lookback * CANDLE,
        lambda recent: len(recent) >= fewest and sum(each.profit for each in recent) < required / 1024,
        lambda last: last + timedelta(minutes=60),
    )  # fmt: skip
    rule = ClosedTradesBreaker(
        -required / 1024, measure="net_loss", inclusive=False, window=lookback, min_trades=fewest,
        cooldown=timedelta(minutes=60), stage="halt", scope="asset",
    )  # fmt: skip
    assert halted_at(rule, trades, "A") == bars_of(lock)


@given(trades_of_a_run, st.integers(1, 9))
@examples(60)
def test_cooldown_period(trades, stop):
    own = [each for each in trades if each.pair == "B"]
    lock = first_lock(own, timedelta(minutes=1), bool, lambda last: last + stop * CANDLE)
    rule = ClosedTradesBreaker(1, measure="trades", window=1, cooldown=stop, stage="halt", scope="asset")
    assert halted_at(rule, trades, "B") == bars_of(lock)


@given(trades_of_a_run, st.integers(0, 23), st.integers(0, 59))
@examples(100)
def test_unlock_at(trades, hour, minute):
    def ends(last):  # freqtrade's calculate_lock_end, but for a lock that ends where it begins
        until = last.replace(hour=hour, minute=minute)
        return until if until > last else until + timedelta(days=1)

    lock = first_lock(trades, 12 * CANDLE, lambda recent: sum(each.profit < 0.0 for each in recent) >= 2, ends)
    rule = ClosedTradesBreaker(2, window=12, cooldown=time(hour, minute), stage="halt")
    assert halted_at(rule, trades) == bars_of(lock)
