"""Which clock breakers go by: order and elapsed time are instants, days, weeks and months are local."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import backtest_breakers
from riskresearch.breakers import (
    BreakerSet,
    CustomBreaker,
    DrawdownBreaker,
    LossStreakBreaker,
    PeriodLossBreaker,
    StaleDataBreaker,
)
from riskresearch.breakers._kept_time import time_of, time_state
from riskresearch.core import Bar, InvalidInputError
from riskresearch.core.dates._moments import moment_of
from tests.examples import examples

NEW_YORK, LONDON = ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
ZONES = ["America/New_York", "Europe/London", "Asia/Kolkata", "Asia/Tokyo", "Australia/Lord_Howe", "UTC"]
# Instants around the nights on which clocks are set: 10 March and 3 November 2024 in New York, 31 March and 27 October
# 2024 in London, 7 April and 6 October 2024 on Lord Howe Island, by half an hour.
DATES = [(3, 10), (11, 3), (3, 31), (10, 27), (4, 6), (10, 5)]
NIGHTS = [datetime(2024, month, day, tzinfo=UTC) for month, day in DATES]


def instants(night, minutes):
    return [night + timedelta(minutes=minute) for minute in minutes]


def kinds_of(instant, zone):
    """Return one instant as each kind of time that has a zone."""
    local = instant.astimezone(ZoneInfo(zone))
    return {
        "datetime": local,
        "fixed offset": instant.astimezone(timezone(local.utcoffset())),
        "Timestamp": pd.Timestamp(instant).tz_convert(zone),
    }


# --- order and elapsed time


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("kind", ["datetime", "fixed offset", "Timestamp"])
@given(night=st.sampled_from(NIGHTS), minutes=st.lists(st.integers(0, 1440), min_size=2, max_size=12))
@examples(20)
def test_ticks_in_true_order_are_accepted_and_cool_downs_last_their_real_length(zone, kind, night, minutes):
    breaker = LossStreakBreaker(1, cooldown=timedelta(minutes=60))
    zoned, utc = breaker.start(), breaker.start()
    for place, instant in enumerate(instants(night, sorted(minutes))):
        bar = Bar(time=kinds_of(instant, zone)[kind], strategy_return=-0.01 if place == 0 else 0.0)
        assert zoned.update(bar).multiplier == utc.update(bar._replace(time=instant)).multiplier
        assert zoned.status()[0].since == utc.status()[0].since
        waited = instant - instants(night, sorted(minutes))[0]
        assert (zoned.status()[0].status == 0) == (waited >= timedelta(minutes=60))


def test_a_cool_down_of_an_hour_over_the_night_of_spring_lasts_an_hour():
    running = LossStreakBreaker(1, cooldown=timedelta(minutes=60)).start()
    times = [datetime(2024, 3, 10, 1, 55), datetime(2024, 3, 10, 3, 5), datetime(2024, 3, 10, 3, 54),
             datetime(2024, 3, 10, 3, 55)]  # fmt: skip
    held = []
    for time, move in zip(times, (-0.01, 0.0, 0.0, 0.0), strict=True):
        bar = Bar(time=time.replace(tzinfo=NEW_YORK), strategy_return=move)
        held.append(running.update(bar).multiplier)
    assert held == [0.0, 0.0, 0.0, 1.0]  # 10 minutes, 59 and 60 after the trip


def test_the_hour_that_comes_twice_in_autumn_is_in_order_by_its_fold():
    running = PeriodLossBreaker(0.5).start(equity=1.0)
    first = datetime(2024, 11, 3, 1, 30, tzinfo=NEW_YORK)
    for time in (first, first.replace(minute=59), first.replace(minute=0, fold=1), first.replace(fold=1)):
        running.update(Bar(time=time, equity=1.0))
    with pytest.raises(InvalidInputError, match=r"time must not go back, got .*, 3600 seconds before the bar before"):
        running.update(Bar(time=first, equity=1.0))


def test_times_of_several_zones_are_in_order_by_their_instants():
    running = PeriodLossBreaker(0.1).start(equity=1.0)
    running.update(Bar(time=datetime(2024, 1, 2, 15, tzinfo=UTC), equity=1.0))
    running.update(Bar(time=datetime(2024, 1, 2, 10, 1, tzinfo=NEW_YORK), equity=1.0))
    with pytest.raises(InvalidInputError, match=r"time must not go back, got .*, 60 seconds before"):
        running.update(Bar(time=datetime(2024, 1, 2, 15, tzinfo=LONDON), equity=1.0))


@pytest.mark.parametrize("zoned_first", [True, False])
@pytest.mark.parametrize(
    "naive",
    [datetime(2024, 1, 3), date(2024, 1, 3), pd.Timestamp("2024-01-03"), np.datetime64("2024-01-03"), 1704240000.0],
)
def test_zones_on_some_bars_only_are_refused(naive, zoned_first):
    zoned = datetime(2024, 1, 3, tzinfo=NEW_YORK)
    running = PeriodLossBreaker(0.1).start(equity=1.0)
    running.update(Bar(time=zoned if zoned_first else naive, equity=1.0))
    kept = running.to_dict()
    with pytest.raises(InvalidInputError, match="time must have a zone on every bar or on none"):
        running.update(Bar(time=naive if zoned_first else zoned, equity=1.0))
    assert json.dumps(running.to_dict()) == json.dumps(kept)


def test_a_refused_time_changes_no_state():
    breakers = BreakerSet([LossStreakBreaker(2, cooldown="day"), PeriodLossBreaker(0.1)])
    running = breakers.start(equity=1.0)
    bar = Bar(time=datetime(2024, 1, 3, tzinfo=UTC), equity=1.0, strategy_return=-0.01)
    running.update(bar)
    kept = json.dumps(running.to_dict())
    wrong = (bar.time - timedelta(seconds=1), datetime(2024, 2, 1), "tomorrow", float("inf"), True)
    for time in wrong:
        with pytest.raises(InvalidInputError, match="time must"):
            running.update(bar._replace(time=time, equity=0.1))
        assert json.dumps(running.to_dict()) == kept


@pytest.mark.parametrize("unknown", [None, float("nan"), pd.NaT, np.datetime64("NaT")])
def test_a_time_that_is_not_known_never_rearms_and_is_no_step_back(unknown):
    running = LossStreakBreaker(1, cooldown=timedelta(hours=1)).start()
    start = datetime(2024, 1, 3, tzinfo=UTC)
    running.update(Bar(time=start, strategy_return=-0.01))
    assert running.update(Bar(time=unknown, strategy_return=0.0)).multiplier == 0.0
    assert running.update(Bar(time=start + timedelta(hours=1), strategy_return=0.0)).multiplier == 1.0


@pytest.mark.parametrize("seconds", [7, 7.0, np.int64(7), np.float64(7.0), np.int32(7)])
def test_seconds_are_seconds_whatever_their_type(seconds):
    assert moment_of(seconds) == (7.0, 7.0, False)


# --- days, weeks and months


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("night", NIGHTS)
def test_a_day_ends_at_midnight_of_the_clock_that_is_shown(zone, night):
    running = PeriodLossBreaker(0.5, period="day").start(equity=100.0)
    equity, before, start = 100.0, None, None
    for instant in instants(night - timedelta(hours=12), range(0, 2880, 30)):
        local = instant.astimezone(ZoneInfo(zone))
        if before is not None and local.date() != before:
            start = equity
        start = 100.0 if start is None else start
        before, equity = local.date(), equity - 0.25
        running.update(Bar(time=local, equity=equity))
        assert running.status()[0].value == pytest.approx((start - equity) / start, rel=1e-12)


def test_a_day_that_one_clock_has_passed_does_not_come_again():
    """Midnight in London, 19:00 in New York: later ticks of New York belong to the new day too."""
    running = PeriodLossBreaker(0.5, period="day").start(equity=100.0)
    shown = [
        (datetime(2024, 1, 3, 23, 30, tzinfo=UTC), 90.0), (datetime(2024, 1, 4, 0, 0, tzinfo=UTC), 80.0),
        (datetime(2024, 1, 3, 19, 30, tzinfo=NEW_YORK), 70.0), (datetime(2024, 1, 4, 1, 0, tzinfo=UTC), 60.0),
        (datetime(2024, 1, 3, 23, 0, tzinfo=NEW_YORK), 50.0), (datetime(2024, 1, 4, 0, 0, tzinfo=NEW_YORK), 50.0),
    ]  # fmt: skip
    values = []
    for time, equity in shown:
        running.update(Bar(time=time, equity=equity))
        values.append(round(running.status()[0].value * 90.0, 9))
    assert values == [9.0, 10.0, 20.0, 30.0, 40.0, 40.0]


# --- history and stream


BREAKERS = BreakerSet(
    [
        PeriodLossBreaker(0.02, period="day", cooldown=timedelta(minutes=90), name="day"),
        PeriodLossBreaker(0.03, period="week", cooldown="day", name="week"),
        DrawdownBreaker(0.05, period="month", cooldown="week", stage="halt", name="month"),
        LossStreakBreaker(3, cooldown=timedelta(minutes=45), stage="warn", name="streak"),
    ]
)


@pytest.mark.parametrize("zone", [*ZONES, None])
@pytest.mark.parametrize("night", NIGHTS)
def test_history_and_stream_agree_in_every_zone(zone, night):
    index = pd.date_range(night - timedelta(days=3), periods=400, freq="23min")
    index = index.tz_localize(None) if zone is None else index.tz_convert(zone)
    returns = pd.Series(np.random.default_rng(5).normal(0.0, 0.004, 400), index=index)
    batch = backtest_breakers(returns, BREAKERS, draws=20, rng=1)
    running, equity, events = BREAKERS.start(equity=1.0), 1.0, []
    held, statuses = 1.0, []
    for time, move in returns.items():
        equity *= 1.0 + held * move
        decision = running.update(Bar(time=time, equity=equity, strategy_return=move))
        events += decision.events
        held = running.engine.exposure
        statuses.append([metric.status for metric in running.status()])
    assert np.array_equal(batch.statuses, np.array(statuses).T)
    assert [(e.time, e.breaker, e.event, e.value) for e in events] == [
        (e.time, e.breaker, e.event, e.value) for e in batch.events
    ]
    assert {event.event for event in events} == {"trip", "re-arm"}


@pytest.mark.parametrize("zone", [*ZONES, None])
def test_a_step_in_plain_python_sees_the_same_clocks_as_the_compiled_loop(zone):
    index = pd.date_range("2024-11-02 12:00:00.000000123", periods=60, freq="30min", tz="UTC")
    index = index.tz_localize(None) if zone is None else index.tz_convert(zone)
    returns = pd.Series(np.random.default_rng(6).normal(0.0, 0.01, 60), index=index)
    seen = []

    def step(state, conditions):
        seen.append(conditions.time)
        return state, 0.0

    fast = backtest_breakers(returns, BREAKERS, draws=20, rng=1)
    slow = backtest_breakers(returns, [*BREAKERS, CustomBreaker(1.0, step=step)], draws=20, rng=1)
    assert np.array_equal(fast.statuses, slow.statuses[:-1])
    assert [moment_of(time) for time in seen] == [moment_of(time) for time in index]


def test_periods_are_read_as_their_first_moment():
    index = pd.period_range("2024-01-01", periods=30, freq="D")
    returns = pd.Series(np.linspace(-0.02, 0.01, 30), index=index)
    breakers = [PeriodLossBreaker(0.02, period="week", cooldown="week")]
    custom = CustomBreaker(1.0, step=lambda state, conditions: (state, 0.0))
    fast, slow = (backtest_breakers(returns, some, draws=20, rng=1) for some in (breakers, [*breakers, custom]))
    assert np.array_equal(fast.statuses, slow.statuses[:-1])


# --- release and restart


TIMES = [
    datetime(2024, 11, 3, 1, 30, tzinfo=NEW_YORK, fold=1), datetime(2024, 11, 3, 1, 30), date(2024, 11, 3),
    datetime(2024, 11, 3, 6, 30, tzinfo=UTC), datetime(2024, 11, 3, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    pd.Timestamp("2024-11-03 01:30"), pd.Timestamp("2024-11-03 06:30:00.123456789", tz="America/New_York"),
    np.datetime64("2024-11-03T01:30", "m"), np.datetime64("2024-11-03T01:30:00.000000001"), 1730615400.0,
]  # fmt: skip


@pytest.mark.parametrize("time", TIMES, ids=repr)
def test_a_release_after_a_restart_has_the_time_of_the_last_bar_and_its_start(time):
    breakers = BreakerSet(
        [LossStreakBreaker(1, cooldown=timedelta(hours=1), reentry="manual", name="seconds"),
         LossStreakBreaker(1, cooldown="day", reentry="manual", name="day"),
         LossStreakBreaker(1, cooldown=3, reentry="manual", name="bars")]
    )  # fmt: skip
    running = breakers.start()
    running.update(Bar(time=time, strategy_return=-0.01))
    again = breakers.resume(json.loads(json.dumps(running.to_dict(), allow_nan=True)))
    for name in ("seconds", "day", "bars"):
        first, second = running.release(name).events[0], again.release(name).events[0]
        assert repr(second) == repr(first)
        assert second.time == time
    assert repr(again.status()) == repr(running.status())
    assert not any(metric.since != metric.since for metric in again.status())


@pytest.mark.parametrize("time", [*TIMES, None, 3, "bar 3"], ids=repr)
def test_a_time_is_kept_in_strict_json(time):
    kept = json.dumps(time_state(time), allow_nan=False)
    assert repr(time_of(json.loads(kept))) == repr(time)


def test_a_restart_between_bars_knows_order_zone_and_day():
    night = datetime(2024, 11, 3, 4, tzinfo=UTC)
    times = [time.astimezone(NEW_YORK) for time in instants(night, range(0, 180, 10))]
    breakers = BreakerSet([PeriodLossBreaker(0.5), StaleDataBreaker(2, cooldown=timedelta(minutes=20))])
    running = breakers.start(equity=1.0)
    for time in times:
        running.update(Bar(time=time, equity=1.0, price=1.0))
        again = breakers.resume(json.loads(json.dumps(running.to_dict())))
        for wrong in (time - timedelta(seconds=1), time.replace(tzinfo=None)):
            with pytest.raises(InvalidInputError, match="time must"):
                again.update(Bar(time=wrong, equity=1.0, price=1.0))
        running = again
