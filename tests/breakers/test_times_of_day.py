"""Cool-downs that end at a time of day: by hand, over the nights on which clocks are set, and in every speed."""

import json
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import backtest_breakers
from riskresearch.backtest import simulate, sweep_breakers
from riskresearch.breakers import BreakerSet, DrawdownBreaker, LossStreakBreaker
from riskresearch.core import Bar, InvalidInputError
from tests.examples import examples

NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
OPEN = LossStreakBreaker(1, cooldown=time(9, 30))


def halted(breaker, times, trip=0):
    """Return whether trading is stopped after each bar, where the bar `trip` loses."""
    running = breaker.start()
    bars = [Bar(time=each, strategy_return=-0.01 if row == trip else 0.0) for row, each in enumerate(times)]
    return [running.update(bar).multiplier == 0.0 for bar in bars]


@pytest.mark.parametrize(
    ("trip", "ends"),
    [
        (datetime(2024, 3, 5, 9, 29, 59), datetime(2024, 3, 5, 9, 30)),
        (datetime(2024, 3, 5, 9, 30), datetime(2024, 3, 6, 9, 30)),  # the next that lies after the trip
        (datetime(2024, 3, 5, 15, 59), datetime(2024, 3, 6, 9, 30)),
        (datetime(2024, 3, 5, 0, 0), datetime(2024, 3, 5, 9, 30)),
        (datetime(1969, 12, 31, 23, 0), datetime(1970, 1, 1, 9, 30)),
        (datetime(2024, 2, 29, 12, 0), datetime(2024, 3, 1, 9, 30)),
    ],
)
def test_it_ends_at_the_next_such_time_after_the_trip_and_not_a_moment_before(trip, ends):
    early = ends - timedelta(microseconds=1)
    times = [trip, early, ends] if early > trip else [trip, ends]
    assert halted(OPEN, times) == [True] * (len(times) - 1) + [False]


def test_over_a_week_end_it_ends_on_the_first_bar_that_is_past_it():
    friday = datetime(2024, 3, 8, 15, 0)
    assert halted(OPEN, [friday, datetime(2024, 3, 11, 9, 0)]) == [True, False]  # Saturday's 09:30 lies between
    around_the_clock = [friday, datetime(2024, 3, 9, 9, 29), datetime(2024, 3, 9, 9, 31)]
    assert halted(OPEN, around_the_clock) == [True, True, False]


def test_midnight_is_the_next_day_and_daily_bars_wait_for_one():
    days = [datetime(2024, 3, day) for day in (5, 6, 7)]
    for at in (time(0), time(9, 30)):
        assert halted(LossStreakBreaker(1, cooldown=at), days)[:2] == [True, at == time(9, 30) and False]
    assert halted(LossStreakBreaker(1, cooldown="day"), days) == halted(LossStreakBreaker(1, cooldown=time(0)), days)


def test_it_is_the_clock_that_the_bars_show():
    # 14:30 UTC is half past nine in New York in winter, and half past ten in summer.
    winter = [datetime(2024, 1, 3, 13), datetime(2024, 1, 3, 14, 29), datetime(2024, 1, 3, 14, 30)]
    shown = [each.replace(tzinfo=UTC).astimezone(NEW_YORK) for each in winter]
    assert halted(OPEN, shown) == [True, True, False]
    assert halted(OPEN, [each.replace(tzinfo=UTC) for each in winter]) == [True, True, True]
    assert halted(OPEN, list(pd.DatetimeIndex(shown))) == [True, True, False]


def test_a_time_that_a_clock_skips_in_spring_has_come_when_the_clock_is_past_it():
    # In New York 10 March 2024 has no 02:30: after 01:59:59 it is 03:00.
    rule = LossStreakBreaker(1, cooldown=time(2, 30))
    instants = [datetime(2024, 3, 10, 6, 30, tzinfo=UTC), datetime(2024, 3, 10, 6, 59, tzinfo=UTC),
                datetime(2024, 3, 10, 7, 0, tzinfo=UTC)]  # fmt: skip
    assert halted(rule, [each.astimezone(NEW_YORK) for each in instants]) == [True, True, False]


def test_a_time_that_a_clock_shows_twice_in_autumn_comes_once():
    # In New York 3 November 2024 has 01:30 twice, at 05:30 and at 06:30 UTC.
    rule = LossStreakBreaker(1, cooldown=time(1, 30))
    instants = [datetime(2024, 11, 3, 5, minute, tzinfo=UTC) for minute in (10, 29, 30, 40)]
    times = [each.astimezone(NEW_YORK) for each in instants]
    assert halted(rule, times) == [True, True, False, False]
    again = [*times, *[(each + timedelta(hours=1)).astimezone(NEW_YORK) for each in instants]]
    after = halted(rule, [*again, datetime(2024, 11, 4, 1, 29, tzinfo=NEW_YORK),
                          datetime(2024, 11, 4, 1, 30, tzinfo=NEW_YORK)], trip=3)  # fmt: skip
    assert after == [False] * 3 + [True] * 6 + [False]


def test_london_in_spring_and_autumn_ends_at_eight_by_the_wall_clock():
    rule = LossStreakBreaker(1, cooldown=time(8))
    for friday in (datetime(2024, 3, 29, 16), datetime(2024, 10, 25, 16)):
        monday = (friday + timedelta(days=3)).replace(hour=8, tzinfo=LONDON)
        sunday = monday - timedelta(days=1)
        times = [friday.replace(tzinfo=LONDON), sunday.replace(hour=23), monday]
        assert halted(rule, times, trip=1) == [False, True, False]


ZONES = [None, "UTC", "America/New_York", "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe"]


def hourly(zone, start, rows, step):
    index = pd.date_range(start, periods=rows, freq=step, tz="UTC")
    return index.tz_localize(None) if zone is None else index.tz_convert(zone)


@given(
    st.sampled_from(ZONES), st.sampled_from(["2024-03-08", "2024-03-29", "2024-10-25", "2024-11-01", "2024-04-05"]),
    st.sampled_from(["37min", "1h", "7h"]), st.times(), st.integers(0, 10**6),
)  # fmt: skip
@examples(40)
def test_tick_history_and_sweep_decide_alike_and_as_the_calendar_says(zone, start, step, at, seed):
    index = hourly(zone, start, 90, step)
    moves = np.where(np.random.default_rng(seed).random(90) < 0.15, -0.01, 0.001)
    rules = [LossStreakBreaker(1, cooldown=at), LossStreakBreaker(1, cooldown=time(9, 30), name="other")]
    result = backtest_breakers(pd.Series(moves, index=index), rules, draws=1, rng=1)
    running = BreakerSet(rules).start(equity=1.0)
    statuses = []
    for moment, move in zip(index, moves.tolist(), strict=True):
        running.update(Bar(time=moment.to_pydatetime(warn=False), strategy_return=move))
        running = running.definition.resume(json.loads(json.dumps(running.to_dict(), allow_nan=False)))
        statuses.append([int(each.status) for each in running.status()])
    assert np.array_equal(result.statuses, np.array(statuses).T)
    # An independent method: walk along the wall clock, and never back.
    out, until = [], None
    furthest = np.maximum.accumulate((index if zone is None else index.tz_localize(None)).to_numpy())
    for wall, move in zip(pd.DatetimeIndex(furthest).to_pydatetime(), moves, strict=True):
        if until is None and move < 0.0:
            until = datetime.combine(wall.date(), at)
            until += timedelta(days=until <= wall)
        elif until is not None and wall >= until:
            until = None
        out.append(until is not None)
    assert (result.statuses[0] != 0).tolist() == out


def test_a_sweep_over_times_of_day_has_the_accounts_of_its_sets():
    index = hourly("America/New_York", "2024-03-06", 300, "1h")
    returns = pd.Series(np.random.default_rng(5).normal(0.0, 0.01, 300), index=index)
    waits = [time(9, 30), time(16), "day", 5, timedelta(hours=3), time(0)]
    swept = sweep_breakers(returns, LossStreakBreaker, {"limit": [2], "cooldown": waits}, selection=False, rng=1)
    for row, wait in enumerate(waits):
        alone = backtest_breakers(returns, LossStreakBreaker(2, cooldown=wait), draws=1, rng=1)
        assert swept.trials["final_equity"].iloc[row] == alone.path.equity_path[-1]


def test_a_simulation_re_arms_at_the_time_of_day():
    index = hourly("UTC", "2024-03-06 06:00", 12, "1h")
    prices = pd.DataFrame({"A": [100.0, 100.0, 80.0, *[80.0] * 9]}, index=index)
    rule = DrawdownBreaker(0.1, cooldown=time(12))
    events = simulate(prices * 0.0 + 1.0, prices, gates=[rule]).breaker_records[0].events
    assert [(event.event, event.time.hour) for event in events] == [("trip", 8), ("re-arm", 12)]


def test_release_counts_on_the_clock_of_the_time_of_day():
    running = OPEN.start()
    running.update(Bar(time=datetime(2024, 3, 5, 15), strategy_return=-0.01))
    assert running.release("LOSS_STREAK").multiplier == 1.0
    assert running.update(Bar(time=datetime(2024, 3, 5, 16), strategy_return=-0.01)).multiplier == 0.0
    assert running.update(Bar(time=datetime(2024, 3, 6, 9, 30), strategy_return=0.0)).multiplier == 1.0


def test_a_bar_without_a_time_does_not_end_it():
    assert halted(OPEN, [datetime(2024, 3, 5, 15), None, datetime(2024, 3, 6, 10)]) == [True, True, False]


def test_it_is_stored_and_summarized():
    chosen = BreakerSet([LossStreakBreaker(2, cooldown=time(9, 30)), DrawdownBreaker(0.1, cooldown=time(16, 0, 5, 7))])
    assert BreakerSet.from_dict(json.loads(json.dumps(chosen.to_dict()))) == chosen
    assert "until 09:30" in chosen.summary()
    assert "until 16:00:05.000007" in chosen.summary()


@pytest.mark.parametrize(
    ("wait", "match"),
    [
        (time(9, 30, tzinfo=NEW_YORK), r"without a zone, got .* it is of the clock that the bars show"),
        ("09:30", r"until half past nine is time\(9, 30\)"),
        ("until 09:30", r"until half past nine is time\(9, 30\)"),
        ("20d", r"20 bars are cooldown=20, 20 calendar days timedelta\(days=20\)"),
        ("20 days", r"got '20 days'. 20 bars are cooldown=20"),
        (None, "got None"),
        (True, "got True"),
        (pd.Series([1]), "got a Series"),
        (np.timedelta64(20, "D"), r"20 calendar days timedelta\(days=20\)"),
        (pd.NaT, "got NaT"),
    ],
)
def test_what_is_no_cool_down_is_refused_with_the_remedy(wait, match):
    with pytest.raises(InvalidInputError, match=match):
        DrawdownBreaker(0.1, cooldown=wait)


def test_bars_without_dates_are_refused():
    with pytest.raises(InvalidInputError, match="the bars must have dates for 'LOSS_STREAK'"):
        backtest_breakers([0.01, -0.01] * 10, OPEN)
