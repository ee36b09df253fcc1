"""Missing data: what is not known never clears a trip, whatever the breaker, its re-entry and its company."""

import math
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from riskresearch.breakers import (
    BreakerSet,
    CustomBreaker,
    DrawdownBreaker,
    ExposureBreaker,
    FeedDivergenceBreaker,
    GapBreaker,
    LimitStateBreaker,
    LossStreakBreaker,
    MarketWideBreaker,
    PeriodLossBreaker,
    PriceBandBreaker,
    StaleDataBreaker,
    all_of,
    any_of,
    ladder,
)
from riskresearch.breakers._combined import CombinedBreaker
from riskresearch.core import Bar
from tests.breakers.cases import SETS
from tests.examples import examples

NAN = math.nan
START = datetime(2021, 3, 1, 10)
FIELDS = ("equity", "strategy_return", "price", "reference_price", "other_price", "data_age", "gross_exposure")

# Each leaf, and the fields that a bar must show for it to be known.
LEAVES = {
    "drawdown": (lambda **o: DrawdownBreaker(0.02, **o), ("equity",)),
    "loss": (lambda **o: PeriodLossBreaker(0.01, period="day", **o), ("equity",)),
    "band": (lambda **o: PriceBandBreaker(0.02, **o), ("price", "reference_price")),
    "moving band": (lambda **o: PriceBandBreaker(0.02, window=2, **o), ("price",)),
    "gap": (lambda **o: GapBreaker(0.02, field="price", **o), ("price",)),
    "streak": (lambda **o: LossStreakBreaker(1, **o), ("strategy_return",)),
    "feeds": (lambda **o: FeedDivergenceBreaker(0.02, **o), ("price", "other_price")),
    "exposure": (lambda **o: ExposureBreaker(1.02, **o), ("gross_exposure",)),
    "stale price": (lambda **o: StaleDataBreaker(1, **o), ("price",)),
    "stale return": (lambda **o: StaleDataBreaker(2, field="strategy_return", **o), ("strategy_return",)),
    "age": (lambda **o: StaleDataBreaker(1.02, field="data_age", **o), ("data_age",)),
}
REENTRIES = ("timer", "peak_reset", "shadow", "manual")


@st.composite
def breakers(draw, depth=2):
    """Return a breaker and the fields that it watches: a leaf, or any, all or some of several."""
    reentry = draw(st.sampled_from(REENTRIES))
    missing = draw(st.sampled_from(["hold", "trip"]))
    options = {"cooldown": draw(st.sampled_from([0, 1, 3])), "missing": missing}
    if depth == 0 or draw(st.booleans()):
        make, watched = LEAVES[draw(st.sampled_from(sorted(LEAVES)))]
        if reentry == "peak_reset" and "equity" not in watched:
            reentry = "timer"
        shadow = ("strategy_return",) if reentry == "shadow" and "equity" in watched else ()
        return make(reentry=reentry, **options), watched, shadow
    parts = draw(st.lists(breakers(depth=depth - 1), min_size=1, max_size=3))
    account = any(part.watches_account() for part, _, _ in parts)
    reentry = "timer" if reentry == "peak_reset" and not account else reentry
    needed = draw(st.integers(1, len(parts)))
    watched = tuple(field for _, fields, _ in parts for field in fields)
    shadow = ("strategy_return",) if reentry == "shadow" and account else ()
    return CombinedBreaker(needed, parts=tuple(p for p, _, _ in parts), reentry=reentry, **options), watched, shadow


@st.composite
def bars(draw, rows=14):
    """Return bars of numbers near the limits, any of which may be missing."""
    made = []
    for row in range(rows):
        values = {field: draw(st.sampled_from([1.0, 1.0, 0.97, 1.03, NAN])) for field in FIELDS}
        values["strategy_return"] = draw(st.sampled_from([0.0, 0.03, -0.03, NAN]))
        made.append(Bar(time=START + timedelta(hours=9 * row), **values))
    return made


@given(breakers(), bars())
@examples(400)
def test_while_a_watched_number_is_not_known_nothing_re_arms(chosen, shown):
    breaker, watched, shadow = chosen
    running = breaker.start(equity=1.0)
    for bar in shown:
        before = running.status()[0].status
        decision = running.update(bar)
        unknown = any(math.isnan(getattr(bar, field)) for field in (*watched, *shadow))
        if before and unknown:
            assert running.status()[0].status
            assert not decision.events
            assert decision.multiplier == 0.0


@given(
    st.lists(st.tuples(breakers(), st.sampled_from(["reduce", "halt", "liquidate"])), min_size=1, max_size=4), bars()
)
@examples(60)
def test_in_a_set_each_waits_for_its_own_data(chosen, shown):
    made = [(breaker, (*watched, *shadow)) for (breaker, watched, shadow), _ in chosen]
    named = [replace(breaker, name=f"b{number}") for number, (breaker, _) in enumerate(made)]
    running = BreakerSet(named).start(equity=1.0)
    for bar in shown:
        before = [metric.status for metric in running.status()]
        running.update(bar)
        for was, now, (_, watched) in zip(before, running.status(), made, strict=True):
            if was and any(math.isnan(getattr(bar, field)) for field in watched):
                assert now.status


@pytest.mark.parametrize("wrap", [any_of, all_of, lambda part, **o: any_of(all_of(part), **o)])
@pytest.mark.parametrize("reentry", ["timer", "shadow"])
def test_a_hit_that_is_not_known_stays_a_hit_and_never_re_arms(wrap, reentry):
    running = wrap(PriceBandBreaker(0.06, missing="trip"), cooldown=1, reentry=reentry).start()
    assert [running.update(Bar()).multiplier for _ in range(6)] == [0.0] * 6
    known = Bar(price=1.0, reference_price=1.0)
    assert running.update(known).multiplier == 1.0


@pytest.mark.parametrize("reentry", ["timer", "shadow"])
@pytest.mark.parametrize("of", ["price", "strategy_return"])
def test_data_that_stay_missing_do_not_clear_the_trip_that_they_made(of, reentry):
    running = StaleDataBreaker(2, field=of, cooldown=1, reentry=reentry).start()
    running.update(Bar(**{of: 0.5}))
    assert [running.update(Bar()).multiplier for _ in range(6)] == [1.0] + [0.0] * 5
    assert running.update(Bar(**{of: 0.5})).multiplier == 1.0


def test_a_price_that_stands_still_and_a_feed_that_is_old_do_not_clear_it_either():
    still = StaleDataBreaker(2, unchanged=True, cooldown=1).start()
    seen = [still.update(Bar(price=price)).multiplier for price in (5.0, 5.0, 5.0, 5.0, 5.0, 5.1)]
    assert seen == [1.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    old = StaleDataBreaker(30.0, field="data_age", cooldown=1).start()
    seen = [old.update(Bar(data_age=age)).multiplier for age in (1.0, 30.0, 90.0, NAN, 30.0, 29.0)]
    assert seen == [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]


def test_a_trip_on_missing_data_before_any_equity_was_known_ends_on_known_data():
    for reentry in ("timer", "peak_reset", "shadow"):
        for make in (DrawdownBreaker, PeriodLossBreaker):
            options = {"period": "start"} if make is PeriodLossBreaker else {}
            running = make(0.1, cooldown=1, reentry=reentry, missing="trip", **options).start()
            assert [running.update(Bar()).multiplier for _ in range(3)] == [0.0] * 3
            assert running.update(Bar(equity=100.0, strategy_return=0.0)).multiplier == 1.0
            assert running.update(Bar(equity=89.0, strategy_return=-0.11)).multiplier == 0.0


def test_the_account_must_be_known_where_the_strategy_is():
    """On the shadow the number is the strategy's, but an account that is not known is not put back to work."""
    running = DrawdownBreaker(0.1, cooldown=1, reentry="shadow").start(equity=100.0)
    running.update(Bar(equity=85.0, strategy_return=-0.15))
    assert running.update(Bar(strategy_return=0.5)).multiplier == 0.0
    assert running.update(Bar(equity=85.0, strategy_return=0.0)).multiplier == 1.0


def test_an_exchange_breaker_waits_for_a_quote():
    stock = LimitStateBreaker(cooldown=timedelta(minutes=5)).start()
    noon = datetime(2019, 6, 3, 12)
    for second, bid, ask in ((0, 99.9, 100.1), (1, 94.9, 95.0), (16, 94.9, 95.0)):
        decision = stock.update(Bar(time=noon + timedelta(seconds=second), price=100.0, bid=bid, ask=ask))
    assert decision.frozen
    for minute in range(1, 30):
        assert stock.update(Bar(time=noon + timedelta(minutes=minute))).frozen
    reopened = Bar(time=noon + timedelta(minutes=31), price=95.0, bid=94.9, ask=95.1)
    assert not stock.update(reopened).frozen
    market = MarketWideBreaker(cooldown=1).start()
    for day, price in ((6, 100.0), (9, 92.0)):
        decision = market.update(Bar(time=datetime(2020, 3, day), price=price, low=price))
    assert decision.frozen
    assert all(market.update(Bar(time=datetime(2020, 3, day))).frozen for day in range(10, 20))
    assert not market.update(Bar(time=datetime(2020, 3, 20), price=92.0, low=92.0)).frozen


def test_rungs_of_a_ladder_and_steps_of_users_hold_too():
    def level(state, shown):
        return state, shown.price

    rungs = ladder(DrawdownBreaker(1.0, cooldown=0), rungs=[(0.05, "reduce", 0.5), (0.1, "liquidate")])
    running = BreakerSet([*rungs, CustomBreaker(5.0, step=level, cooldown=0)]).start(equity=100.0)
    running.update(Bar(equity=85.0, price=6.0))
    for _ in range(5):
        assert running.update(Bar()).multiplier == 0.0
        assert all(metric.status for metric in running.status())


@pytest.mark.parametrize("name", SETS)
def test_every_set_of_the_cases_is_still_tripped_after_any_number_of_empty_bars(name):
    shown = {field: 1.0 for field in FIELDS} | {"strategy_return": 0.0}
    running = BreakerSet(SETS[name]).start(equity=1.0)
    running.update(Bar(time=START, **shown))
    worse = shown | {"equity": 0.5, "price": 0.5, "strategy_return": -0.5, "gross_exposure": 2.0, "data_age": 99.0}
    running.update(Bar(time=START + timedelta(days=1), **worse))
    before = [metric.status != 0 for metric in running.status()]
    for day in range(2, 70):
        running.update(Bar(time=START + timedelta(days=day)))
        now = [metric.status != 0 for metric in running.status()]
        assert all(after for was, after in zip(before, now, strict=True) if was)
