"""Running breakers: what trips, what re-arms, who decides, and state that survives a restart."""

import json
import math
from datetime import datetime, timedelta
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.breakers import (
    BreakerPriority,
    BreakerSet,
    BreakerStatus,
    CustomBreaker,
    DrawdownBreaker,
    ExposureBreaker,
    LossStreakBreaker,
    PeriodLossBreaker,
    StaleDataBreaker,
    TrailingDrawdownBreaker,
    VolatilityBreaker,
    all_of,
    any_of,
    events_frame,
    ladder,
)
from riskresearch.core import Bar, InvalidInputError, TradingState
from tests.breakers.cases import SETS, SINGLES, bar_range, random_bars
from tests.examples import examples

NAN = math.nan


class Account:
    """An account that does as it is told: exposure decided after a bar holds on the next one."""

    def __init__(self, equity=100.0):
        self.equity, self.exposure = equity, 1.0

    def bar(self, running, strategy_return, **fields):
        if strategy_return == strategy_return:
            self.equity *= 1.0 + self.exposure * strategy_return
        decision = running.update(Bar(equity=self.equity, strategy_return=strategy_return, **fields))
        self.exposure = decision.multiplier
        return decision


def exposures(breakers, returns):
    """Return the exposure on each bar of an account that follows the breakers."""
    running, account, held = BreakerSet(breakers).start(equity=100.0), Account(), []
    for value in returns:
        held.append(account.exposure)
        account.bar(running, value)
    return held


def decisions(running, bars, account):
    """Return what was decided after each bar, as comparable tuples."""
    return [
        (d.multiplier, d.state, d.reduce_only, d.frozen, d.deciding_breaker, d.events)
        for d in (account.bar(running, bar.strategy_return, **bar_fields(bar)) for bar in bars)
    ]


def bar_fields(bar):
    return {name: value for name, value in bar._asdict().items() if name not in ("equity", "strategy_return", "units")}


# --- reference values, by hand


def test_a_drawdown_of_exactly_the_limit_trips_acts_from_the_next_bar_and_comes_back_after_the_cooldown():
    # 100 -> 110 -> 99: (110 - 99) / 110 = 0.1; out for 2 bars; back on the third.
    assert exposures(DrawdownBreaker(0.1, cooldown=2), [0.1, -0.1, 0.05, 0.05, 0.05]) == [1, 1, 0, 0, 1]


def test_events_carry_code_value_limit_and_time():
    running = DrawdownBreaker(0.1, cooldown=1, name="stop").start(equity=100.0)
    event = running.update(Bar(time=datetime(2020, 3, 9), equity=80.0)).events[0]
    assert (event.code, event.value, event.limit, event.event, event.breaker) == ("DRAWDOWN", 0.2, 0.1, "trip", "stop")
    assert str(event) == "2020-03-09 00:00:00 stop trip DRAWDOWN: value=0.2, limit=0.1"
    assert events_frame([event]).loc[0, "stage"] == "liquidate"


def test_period_loss_counts_from_the_end_of_the_day_before():
    running = PeriodLossBreaker(0.05, period="day", cooldown="day").start(equity=100.0)
    at = [datetime(2020, 3, 9, 10), datetime(2020, 3, 9, 15), datetime(2020, 3, 10, 10), datetime(2020, 3, 11, 10)]
    fractions = [
        running.update(Bar(time=time, equity=equity)).multiplier
        for time, equity in zip(at, (96.0, 95.0, 95.0, 95.0), strict=True)
    ]
    # 5 % under 100 in the afternoon; the first bar of the next day re-arms.
    assert fractions == [1.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("period", "last", "first"),
    [
        ("day", datetime(2024, 2, 28, 23, 59), datetime(2024, 2, 29)),
        ("week", datetime(2024, 3, 3, 23), datetime(2024, 3, 4)),  # Sunday to Monday
        ("month", datetime(2024, 2, 29), datetime(2024, 3, 1)),
        ("month", datetime(1999, 12, 31), datetime(2000, 1, 1)),
        ("week", datetime(1969, 12, 28), datetime(1969, 12, 29)),
    ],
)
def test_periods_begin_where_the_calendar_says(period, last, first):
    running = PeriodLossBreaker(0.05, period=period).start(equity=100.0)
    assert running.update(Bar(time=last, equity=96.0)).multiplier == 1.0
    assert running.update(Bar(time=first, equity=95.0)).multiplier == 1.0  # 1 % of 96
    same = PeriodLossBreaker(0.05, period=period).start(equity=100.0)
    same.update(Bar(time=first, equity=96.0))
    assert same.update(Bar(time=first + timedelta(hours=1), equity=95.0)).multiplier == 0.0


def test_numbers_of_watched_bars_equal_numpy():
    bars = random_bars(3, 60)
    returns = np.array([bar.strategy_return for bar in bars])
    assets = np.array([bar.asset_returns for bar in bars])

    def number(name):
        running = SINGLES[name].start()
        for bar in bars:
            running.update(bar)
        return running.status()[0].value

    assert number("volatility") == pytest.approx(returns[-5:].std(ddof=1) * 252**0.5, rel=1e-12)
    assert number("volatility ratio") == pytest.approx(returns[-4:].std(ddof=1) / returns[-12:].std(ddof=1), rel=1e-12)
    assert number("tail breaches") == (returns[-10:] < -0.02).sum()
    assert number("dispersion") == pytest.approx(assets[-1].std(ddof=1), rel=1e-12)
    covariance = np.cov(assets[-6:].T)
    deviations = np.sqrt(np.diag(covariance))
    pairs = ~np.eye(3, dtype=bool)
    assert number("correlation") == pytest.approx(
        covariance[pairs].sum() / np.outer(deviations, deviations)[pairs].sum(), rel=1e-12
    )
    wealth = np.cumprod(np.r_[1.0, 1.0 + returns[-6:]])
    assert number("trailing drawdown") == pytest.approx(1.0 - wealth[-1] / wealth.max(), rel=1e-12)
    prices = np.array([bar.price for bar in bars])
    assert number("band") == pytest.approx(abs(prices[-1] / prices[-6:-1].mean() - 1.0), rel=1e-12)
    assert number("jump") == pytest.approx(abs(prices[-1] / prices[-2] - 1.0), rel=1e-12)
    assert number("gap") == pytest.approx(-(bars[-1].open / prices[-2] - 1.0), rel=1e-12)
    assert number("turnover") == pytest.approx(sum(bar.turnover for bar in bars[-3:]), rel=1e-12)
    rejects, orders = sum(bar.rejects for bar in bars[-4:]), sum(bar.orders for bar in bars[-4:])
    assert number("rejects") == pytest.approx(rejects / max(orders, 5.0), rel=1e-12)


# --- ties


@pytest.mark.parametrize("percent", [5, 10, 20])
def test_drawdowns_of_cent_prices_that_equal_the_limit_decide_as_inclusive_says(percent):
    """Every price in cents up to 60 dollars that has a price in cents exactly `percent` under it."""
    limit = percent / 100.0
    ties = [(cents / 100.0, cents * (100 - percent) / 10000.0) for cents in range(100, 6000)
            if cents * (100 - percent) % 100 == 0]  # fmt: skip
    assert len(ties) > 250
    wrong = 0
    for peak, price in ties:
        for inclusive in (True, False):
            running = DrawdownBreaker(limit, inclusive=inclusive).start(equity=peak)
            assert (running.update(Bar(equity=price)).multiplier == 0.0) == inclusive, (peak, price)
            near = DrawdownBreaker(limit, inclusive=inclusive).start(equity=peak)
            assert near.update(Bar(equity=price + 0.01)).multiplier == 1.0
            assert near.update(Bar(equity=price - 0.01)).multiplier == 0.0
        wrong += not (peak - price) / peak >= limit
    assert wrong > 0  # so plain floats would not do


# --- re-entry


FALL_AND_RISE = [-0.05, -0.06, 0.02, 0.03, 0.03, 0.05, 0.05, 0.05, 0.05, 0.05]


@pytest.mark.parametrize("reentry", ["timer", "peak_reset", "shadow"])
@pytest.mark.parametrize("kind", ["drawdown", "loss"])
def test_a_flat_account_comes_back_under_every_rule_but_manual(reentry, kind):
    make = DrawdownBreaker if kind == "drawdown" else PeriodLossBreaker
    options = {} if kind == "drawdown" else {"period": "start"}
    held = exposures(make(0.1, cooldown=3, reentry=reentry, **options), FALL_AND_RISE * 2)
    assert 0.0 in held
    assert held[held.index(0.0) :].count(1.0) > 0
    stuck = exposures(make(0.1, cooldown=3, reentry="manual", **options), FALL_AND_RISE * 2)
    assert stuck[stuck.index(0.0) :] == [0.0] * (len(stuck) - stuck.index(0.0))


@pytest.mark.parametrize("name", [name for name, breaker in SINGLES.items() if breaker.reentry != "manual"])
def test_every_breaker_that_trips_comes_back(name):
    running, account = BreakerSet(SETS[name]).start(equity=100.0), Account()
    bars = random_bars(5, 400, gaps=0.4 if name in ("stale", "unchanged") else 0.0)
    rising = [bar._replace(strategy_return=0.01, time=bar.time + timedelta(days=600)) for bar in bars]
    events = [event.event for d in decisions(running, bars + rising, account) for event in d[5]]
    assert events.count("trip") >= 1
    assert events.count("re-arm") >= 1


def test_after_a_peak_reset_the_drawdown_counts_from_the_re_entry():
    running, account = DrawdownBreaker(0.1, cooldown=1).start(equity=100.0), Account()
    for value in (-0.1, 0.0):
        account.bar(running, value)
    account.bar(running, -0.09)
    assert running.status()[0].value == pytest.approx(0.09)
    assert running.status()[0].status is BreakerStatus.ARMED


def test_the_timer_keeps_the_peak_and_trips_again_while_the_loss_stands():
    held = exposures(DrawdownBreaker(0.1, cooldown=2, reentry="timer"), [-0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    assert held == [1, 0, 0, 1, 0, 0, 1]


def test_the_shadow_waits_for_what_would_have_been_earned():
    # The strategy falls to 90, on to 81, then rises to 89.1, 98.01, 107.8: inside 0.05 of the peak 100 at 98.01.
    running, account = DrawdownBreaker(0.1, cooldown=1, reentry="shadow", rearm=0.05).start(equity=100.0), Account()
    seen = [account.bar(running, value).multiplier for value in (-0.1, -0.1, 0.1, 0.1, 0.1)]
    assert seen == [0.0, 0.0, 0.0, 1.0, 1.0]
    assert account.equity == pytest.approx(90.0 * 1.1)
    # The account stands at 90 and took the shadow's drawdown of 1.99 % over: its peak is 90 / 0.9801.
    account.bar(running, -0.1)
    assert running.status()[0].value == pytest.approx(0.1, rel=1e-12)


def test_cooldown_in_time_counts_from_the_trip():
    running = LossStreakBreaker(1, cooldown=timedelta(hours=2)).start()
    hours = [0.0, 1.0, 1.99, 2.0]
    seen = [
        running.update(
            Bar(time=datetime(2020, 1, 1) + timedelta(hours=hour), strategy_return=-0.01 * (hour == 0.0))
        ).multiplier
        for hour in hours
    ]
    assert seen == [0.0, 0.0, 0.0, 1.0]


def test_release_re_arms_by_hand_and_says_so():
    running = DrawdownBreaker(0.1, reentry="manual").start(equity=100.0)
    assert running.update(Bar(equity=85.0)).state is TradingState.HALTED
    decision = running.release("DRAWDOWN")
    assert (decision.state, decision.events[0].event) == (TradingState.ACTIVE, "release")
    assert running.update(Bar(equity=85.0)).multiplier == 1.0
    assert running.update(Bar(equity=76.5)).multiplier == 0.0
    with pytest.raises(InvalidInputError, match=r"breaker must be one of \['DRAWDOWN'\], got 'DRAWUP'"):
        running.release("DRAWUP")


# --- missing data


@pytest.mark.parametrize("name", SETS)
@given(st.integers(0, 10**6), st.integers(1, 60))
@examples(3)
def test_missing_data_never_clears_a_trip(name, seed, blind):
    running, account = BreakerSet(SETS[name]).start(equity=100.0), Account()
    for bar in random_bars(seed, 80):
        account.bar(running, bar.strategy_return, **bar_fields(bar))
    before = [metric.status != BreakerStatus.ARMED for metric in running.status()]
    for hour in range(blind):
        running.update(Bar(time=random_bars(seed, 81)[-1].time + timedelta(days=hour)))
    after = [metric.status != BreakerStatus.ARMED for metric in running.status()]
    assert all(now for was, now in zip(before, after, strict=True) if was)


def test_missing_data_holds_or_trips_as_asked():
    for missing, fraction in (("hold", 1.0), ("trip", 0.0)):
        running = VolatilityBreaker(0.2, window=2, missing=missing).start()
        assert running.update(Bar()).multiplier == fraction


def test_a_stale_price_trips_and_only_a_price_clears_it():
    running = StaleDataBreaker(2, cooldown=1, reentry="shadow", stage="halt").start()
    seen = [running.update(Bar(price=price)).state.value for price in (1.0, NAN, NAN, NAN, 1.0)]
    assert seen == ["ACTIVE", "ACTIVE", "HALTED", "HALTED", "ACTIVE"]


def test_an_unknown_time_never_ends_a_cooldown_in_time():
    running = LossStreakBreaker(1, cooldown=timedelta(minutes=1)).start()
    running.update(Bar(time=datetime(2020, 1, 1), strategy_return=-0.1))
    for _ in range(100):
        assert running.update(Bar(strategy_return=0.0)).multiplier == 0.0
    assert running.update(Bar(time=datetime(2020, 1, 2), strategy_return=0.0)).multiplier == 1.0


# --- stages and priorities


@pytest.mark.parametrize(
    ("stage", "fraction", "state", "reduce_only", "frozen"),
    [
        ("warn", 1.0, "ACTIVE", False, False),
        ("reduce", 0.5, "REDUCING", False, False),
        ("halt", 1.0, "HALTED", True, False),
        ("liquidate", 0.0, "HALTED", True, False),
        ("freeze", 1.0, "HALTED", True, True),
    ],
)
def test_stages_say_what_orders_may_do(stage, fraction, state, reduce_only, frozen):
    decision = ExposureBreaker(1.0, stage=stage).start().update(Bar(gross_exposure=2.0))
    assert (decision.multiplier, decision.state.value, decision.reduce_only, decision.frozen) == (
        fraction, state, reduce_only, frozen,
    )  # fmt: skip
    assert len(decision.events) == 1


def test_breakers_that_trip_together_resolve_by_priority_whatever_their_order():
    loss, low = -0.2, BreakerPriority.LOW
    breakers = [
        LossStreakBreaker(1, stage="liquidate", priority=low, name="a"),
        DrawdownBreaker(0.1, stage="reduce", fraction=0.3, name="b"),
        PeriodLossBreaker(0.1, period="bar", stage="reduce", fraction=0.2, name="c"),
        VolatilityBreaker(0.0, window=2, stage="warn", priority=BreakerPriority.EXCHANGE, missing="trip", name="d"),
    ]
    seen = set()
    for order in permutations(breakers):
        decision = BreakerSet(order).start(equity=1.0).update(Bar(equity=0.8, strategy_return=loss))
        seen.add((decision.deciding_breaker, decision.multiplier, tuple(event.breaker for event in decision.events)))
    assert seen == {("c", 0.2, ("d", "b", "c", "a"))}


def test_a_ladder_climbs_and_comes_down_with_hysteresis():
    rungs = ladder(
        DrawdownBreaker(1.0, reentry="shadow", cooldown=0), rungs=[(0.1, "reduce", 0.5), (0.2, "liquidate")], gap=0.5
    )
    running = BreakerSet(rungs).start(equity=100.0)

    def fraction(strategy_return, equity):
        return running.update(Bar(equity=equity, strategy_return=strategy_return)).multiplier

    assert fraction(-0.11, 89.0) == 0.5
    assert fraction(0.0, 89.0) == 0.5
    assert fraction(-0.2, 79.0) == 0.0
    hovering = [fraction(change, 79.0) for change in (0.02, -0.02, 0.02, -0.02)]
    assert hovering == [0.0] * 4


def test_units_have_their_own_breakers():
    breakers = BreakerSet([LossStreakBreaker(1, scope="asset", name="asset"), ExposureBreaker(2.0)])
    running = breakers.start(assets=["A", "B"])
    decision = running.update(
        Bar(
            gross_exposure=1.0,
            units={"A": Bar(strategy_return=-0.1), "B": Bar(strategy_return=0.1)},
        )
    )
    assert (decision.multiplier, decision.units["A"].multiplier, decision.units["B"].multiplier) == (1.0, 0.0, 1.0)
    assert [(event.unit, event.scope) for event in decision.events] == [("A", "asset")]
    assert running.release("asset", unit="A").multiplier == 1.0
    with pytest.raises(InvalidInputError, match="assets must name the units of 'asset'"):
        breakers.start()


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_combinations_know_three_values(parts):
    """Of three parts true, false and unknown: any is true, all is false; true and unknown alone leaves all unknown."""
    shown = Bar(strategy_return=-0.1, gross_exposure=0.5)
    true, false, unknown = LossStreakBreaker(1), ExposureBreaker(1.0), StaleDataBreaker(1.0, field="data_age")
    chosen = (true, false, unknown)[:parts]
    values = {}
    for name, make in (("any", any_of), ("all", all_of)):
        running = make(*chosen).start()
        running.update(shown)
        values[name] = running.status()[0].value
    assert values["any"] == 1.0
    assert values["all"] == 1.0
    both = all_of(true, unknown).start()
    assert both.update(shown).multiplier == 1.0
    assert math.isnan(both.status()[0].value)
    assert any_of(true, unknown).start().update(shown).multiplier == 0.0
    assert all_of(false, unknown).start().update(shown).multiplier == 1.0


# --- state


@pytest.mark.parametrize("name", SETS)
@given(st.integers(0, 10**6), st.integers(5, 50), st.data())
@examples(3)
def test_stopped_anywhere_and_restarted_the_decisions_that_follow_are_the_same(name, seed, rows, data):
    bars = random_bars(seed, rows, gaps=0.05)
    running, account = BreakerSet(SETS[name]).start(equity=100.0), Account()
    cut = data.draw(st.integers(0, rows))
    first = decisions(running, bars[:cut], account)
    stored, stopped = json.dumps(running.to_dict()), Account(account.equity)
    stopped.exposure = account.exposure
    rest = decisions(running, bars[cut:], account)
    again = BreakerSet(SETS[name]).resume(json.loads(stored))
    assert repr(decisions(again, bars[cut:], stopped)) == repr(rest)
    assert len(first) + len(rest) == rows
    assert repr(again.to_dict()["state"]["machines"]) == repr(running.to_dict()["state"]["machines"])


@pytest.mark.parametrize("name", SETS)
@given(st.integers(0, 10**6), st.integers(0, 40))
@examples(2)
def test_the_future_changes_nothing(name, seed, cut):
    one, other = random_bars(seed, 40), random_bars(seed + 1, 40)
    seen = []
    for bars in (one, one[:cut] + other[cut:]):
        running = BreakerSet(SETS[name]).start(equity=100.0)
        seen.append(repr(decisions(running, bars[:cut], Account())))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("name", SETS)
def test_definitions_go_to_plain_data_and_back(name):
    breakers = BreakerSet(SETS[name])
    data = json.loads(json.dumps(breakers.to_dict()))
    assert BreakerSet.from_dict(data, steps={"bar_range": bar_range}).to_dict() == breakers.to_dict()
    if "custom" not in str(data) and "Custom" not in str(data):
        assert BreakerSet.from_dict(data) == breakers


def test_state_of_others_and_other_versions_is_refused():
    running = DrawdownBreaker(0.1).start()
    with pytest.raises(InvalidInputError, match="version must be 3, got 2"):
        DrawdownBreaker(0.1).resume({**running.to_dict(), "version": 2})
    with pytest.raises(InvalidInputError, match=r"of the same definition, got one with limit=0\.1"):
        DrawdownBreaker(0.2).resume(running.to_dict())
    with pytest.raises(InvalidInputError, match="version must be 1, got None"):
        BreakerSet.from_dict({})
    with pytest.raises(InvalidInputError, match="class must be the name of a public breaker"):
        BreakerSet.from_dict({"version": 1, "breakers": [{"class": "object"}]})
    with pytest.raises(InvalidInputError, match="steps must have the step 'bar_range'"):
        BreakerSet.from_dict(BreakerSet(SINGLES["custom"]).to_dict())


# --- refusals


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DrawdownBreaker(NAN), "limit must be a finite number"),
        (lambda: DrawdownBreaker(0.1, cooldown=-1), "cooldown must not be negative"),
        (lambda: DrawdownBreaker(0.1, cooldown=1.5), "cooldown must be a whole number of bars"),
        (
            lambda: DrawdownBreaker(0.1, cooldown="year"),
            "cooldown must be a whole number of bars, a timedelta, a time of day, 'day', 'week' or 'month', got 'year'",
        ),
        (lambda: DrawdownBreaker(0.1, reentry="timed"), "reentry must be one of"),
        (lambda: DrawdownBreaker(0.1, stage="liquid"), "stage must be one of .* Did you mean 'liquidate'"),
        (lambda: DrawdownBreaker(0.1, reentry="shadow", rearm=0.2), "rearm must be at most limit 0.1"),
        (lambda: DrawdownBreaker(0.1, rearm=0.05), 'rearm is for reentry="shadow"'),
        (lambda: DrawdownBreaker(0.1, fraction=1.0), r"fraction must be in \[0, 1\)"),
        (lambda: DrawdownBreaker(0.1, inclusive=1), "inclusive must be True or False"),
        (lambda: VolatilityBreaker(0.1, reentry="peak_reset"), "it has no peak"),
        (lambda: VolatilityBreaker(0.1, window=20, long_window=20), "long_window must be longer than window 20"),
        (lambda: BreakerSet([DrawdownBreaker(0.1), DrawdownBreaker(0.2)]), "two are called 'DRAWDOWN'"),
        (lambda: BreakerSet([0.1]), "breakers must be breakers"),
        (lambda: any_of(), "parts must be breakers, at least one"),
        (lambda: CustomBreaker(0.1, step=3), "step must be a function"),
        (lambda: ladder(DrawdownBreaker(1.0), rungs=[(0.2, "halt"), (0.1, "warn")]), "rungs must rise"),
        (lambda: ladder(DrawdownBreaker(1.0), rungs=[(0.2, "halt")], gap=0.1), "gap must be"),
    ],
)
def test_mistakes_are_named(make, message):
    with pytest.raises(InvalidInputError, match=message):
        make()


def test_time_must_not_go_back():
    running = PeriodLossBreaker(0.1).start(equity=1.0)
    running.update(Bar(time=datetime(2020, 1, 2), equity=1.0))
    with pytest.raises(InvalidInputError, match="time must not go back"):
        running.update(Bar(time=datetime(2020, 1, 1), equity=1.0))


def test_summaries_name_the_breakers():
    breakers = BreakerSet([DrawdownBreaker(0.1), LossStreakBreaker(3, cooldown="week", inclusive=False)])
    assert repr(breakers) == "BreakerSet(DRAWDOWN, LOSS_STREAK)"
    _, drawdown, streak = breakers.summary().splitlines()
    assert drawdown.split() == "DRAWDOWN DRAWDOWN at 0.1 liquidate 20 bars peak_reset portfolio 50".split()
    assert streak.split()[:9] == "LOSS_STREAK LOSS_STREAK beyond 3 liquidate to the next week".split()
    assert list(breakers.to_frame().index) == ["DRAWDOWN", "LOSS_STREAK"]
    assert "<table" in breakers._repr_html_()
    assert repr(breakers.start()) == "RunningBreakers(2 breakers, 0 tripped, 0 bars)"


@pytest.mark.parametrize("kind", [DrawdownBreaker, PeriodLossBreaker, TrailingDrawdownBreaker])
def test_a_percentage_is_no_fraction_lost(kind):
    """A limit of 10 would never trip, and nobody would be told."""
    with pytest.raises(InvalidInputError, match=r"limit must be in \[0, 1\], got 10. It is the fraction lost: 10 % is"):
        kind(10)
