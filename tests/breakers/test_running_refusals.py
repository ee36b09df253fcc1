"""What goes from bar to bar: a refused input changes nothing, and a state is strict JSON, whole, or refused."""

import copy
import inspect
import json
import math
import pickle
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch import breakers
from riskresearch.breakers import (
    Breaker,
    BreakerSet,
    CustomBreaker,
    DrawdownBreaker,
    LimitStateBreaker,
    LossStreakBreaker,
    MarketWideBreaker,
    PeriodLossBreaker,
    TrailingDrawdownBreaker,
    VolatilityBreaker,
)
from riskresearch.core import Bar, ClosedTrade, InvalidInputError
from riskresearch.metrics import Online
from tests.breakers.cases import SETS, random_bars
from tests.examples import examples

NAN = math.nan
EXCHANGE = {"exchange": [LimitStateBreaker(2.0), MarketWideBreaker(bars="intraday")]}
ALL_SETS = SETS | EXCHANGE
PRICES = ("price", "open", "high", "low", "bid", "ask", "reference_price", "other_price")
SIZES = ("volume", "volatility", "gross_exposure", "turnover", "orders", "rejects", "data_age")
APART = ("time", "asset_returns", "closed_trades", "units", "account", "row", "decision")
FIELDS = [name for name in Bar._fields if name not in APART]
NO_NUMBERS = (math.inf, -math.inf, 1e308, -1e308, 1e100, "1.0", True, None, 1j, [1.0], np.bool_(True))
BAD = [(field, value) for field in FIELDS for value in NO_NUMBERS]
BAD += [(field, value) for field in PRICES for value in (0.0, -0.0, -1.0, 0, 5e-324)]
BAD += [(field, value) for field in SIZES for value in (-1.0, -1e-9)]
BAD += [("strategy_return", -1.0000001), ("strategy_return", -5)]
BAD += [("asset_returns", row) for row in (
    (0.1, math.inf, 0.0), (0.1, "0.1", 0.0), (0.1, None, 0.1), (0.1, True, 0.1), "abc", None, 0.1, (-1.5, 0.1, 0.1),
    {"A": 0.1, "B": 0.2},
)]  # fmt: skip
BAD += [("closed_trades", trades) for trades in (
    "x", 1.0, {}, ClosedTrade(0.1), (0.1,), ((0.1, "A", "long"),), (ClosedTrade(math.nan),), (ClosedTrade(math.inf),),
    (ClosedTrade("0.1"),), (ClosedTrade(True),), (ClosedTrade(0.1, None),), (ClosedTrade(0.1, "A", "LONG"),),
    (ClosedTrade(0.1, "A", None),), [ClosedTrade(0.1), ClosedTrade(1e100)],
)]  # fmt: skip
BAD += [("time", time) for time in ("2021-01-01", True, math.inf, [1], 1e308)]
BAD += [("units", units) for units in ([1], {"A": None}, {"A": Bar(equity=math.inf)}, "A")]
BAD_IN_NAMES = [f"{field}={value!r}" for field, value in BAD]


def test_every_public_breaker_is_among_the_cases():
    def parts(breaker):
        return {type(breaker)}.union(*(parts(part) for part in breaker.members()))

    shown = set().union(*(parts(breaker) for chosen in ALL_SETS.values() for breaker in chosen))
    public = {value for value in vars(breakers).values() if inspect.isclass(value) and issubclass(value, Breaker)}
    names = {name for name in dir(breakers) if name.endswith("Breaker")}
    public |= {getattr(breakers, name) for name in names}
    assert public - {Breaker} == shown


def bars_of(rows=12, seed=3, gaps=0.1):
    """Return bars of the account too, of which some numbers are missing."""
    rng = np.random.default_rng(seed)
    equity = 100.0 * np.cumprod(1.0 + rng.normal(0.0, 0.03, rows))
    return [bar._replace(equity=float(e)) for bar, e in zip(random_bars(seed, rows, gaps=gaps), equity, strict=True)]


def stepped(running, bars):
    return [repr(running.update(bar)) for bar in bars]


@pytest.mark.parametrize(("field", "value"), BAD, ids=BAD_IN_NAMES)
def test_a_bar_with_what_cannot_be_is_refused_and_changes_nothing(field, value):
    bars = bars_of()
    for chosen in (SETS["ten"], SETS["nested"], EXCHANGE["exchange"]):
        running, twin = (BreakerSet(chosen).start(equity=100.0) for _ in range(2))
        assert stepped(running, bars[:6]) == stepped(twin, bars[:6])
        before = json.dumps(running.to_dict())
        with pytest.raises(InvalidInputError, match=field):
            running.update(bars[6]._replace(**{field: value}))
        assert json.dumps(running.to_dict()) == before
        assert stepped(running, bars[6:]) == stepped(twin, bars[6:])
        assert json.dumps(running.to_dict()) == json.dumps(twin.to_dict())


@pytest.mark.parametrize("name", ALL_SETS)
def test_no_refusal_of_any_kind_changes_any_breaker(name):
    bars = bars_of(rows=20)
    running, twin = (BreakerSet(ALL_SETS[name]).start(equity=100.0) for _ in range(2))
    for row, bar in enumerate(bars):
        refused = [bar._replace(**{field: value}) for field, value in BAD[row::20]]
        for wrong in (*refused, None, {}, tuple(bar), bar._asdict(), 1.0):
            with pytest.raises(InvalidInputError):
                running.update(wrong)
        assert repr(running.update(bar)) == repr(twin.update(bar))
        assert json.dumps(running.to_dict()) == json.dumps(twin.to_dict())


@pytest.mark.parametrize("equity", [0.0, -1.0, math.inf, "100", True, None])
def test_an_account_starts_with_something(equity):
    with pytest.raises(InvalidInputError, match="equity must be"):
        DrawdownBreaker(0.1).start(equity=equity)


def test_one_bad_number_disarms_nothing():
    for bad in (math.inf, 1e308, -math.inf):
        running = DrawdownBreaker(0.1, cooldown=100).start(equity=101.0)
        window = TrailingDrawdownBreaker(0.1, window=3, cooldown=100).start()
        deviation = VolatilityBreaker(0.3, window=3, periods_per_year=1, cooldown=100).start()
        for move in (0.0, bad, 0.0, -0.5, -0.8, -0.9):
            if move == bad:
                for one in (running, window, deviation):
                    with pytest.raises(InvalidInputError):
                        one.update(Bar(equity=bad, strategy_return=bad))
                continue
            found = [
                one.update(Bar(equity=101.0 * (1.0 + move), strategy_return=move))
                for one in (running, window, deviation)
            ]
        assert [decision.multiplier for decision in found] == [0.0] * 3


@given(st.lists(st.sampled_from([1.0, 0.97, 0.0, -0.5, -40.0]), min_size=1, max_size=20), st.data())
@examples(100)
def test_an_account_at_or_below_zero_trips_and_stays_out(equities, data):
    make = data.draw(st.sampled_from([DrawdownBreaker, PeriodLossBreaker]))
    reentry = data.draw(st.sampled_from(["timer", "peak_reset", "shadow"]))
    options = {"period": "start"} if make is PeriodLossBreaker else {}
    running = make(0.1, cooldown=1, reentry=reentry, **options).start(equity=data.draw(st.sampled_from([NAN, 1.0])))
    for equity in equities:
        decision = running.update(Bar(equity=equity, strategy_return=data.draw(st.floats(-1.0, 1.0))))
        if equity <= 0.0:
            assert decision.multiplier == 0.0
            assert running.status()[0].value >= 1.0 or reentry == "shadow"


# --- all or nothing


class Broken(Exception):
    """What a user's own step raises."""


def counting(state, shown):
    """Change the state in place, and then fail where the price is 13."""
    state["seen"].append(shown.price)
    if shown.price == 13.0:
        raise Broken
    return state, float(len(state["seen"]))


def test_a_step_that_fails_halfway_changes_neither_itself_nor_others_nor_units():
    own = CustomBreaker(1e9, step=counting, initial={"seen": []}, scope="asset", name="own")
    volatility = VolatilityBreaker(0.2, window=3, periods_per_year=252)
    chosen = BreakerSet([volatility, DrawdownBreaker(0.5), PeriodLossBreaker(0.5), own,
                         replace(own, scope="portfolio", name="all")])  # fmt: skip
    running, twin = (chosen.start(equity=1.0, assets=["A", "B"]) for _ in range(2))
    for row in range(8):
        time = datetime(2021, 1, 4) + timedelta(days=row)
        bar = Bar(
            time=time, equity=1.0, strategy_return=0.01, price=1.0,
            units={"A": Bar(price=2.0), "B": Bar(price=3.0)},
        )  # fmt: skip
        late = {"A": Bar(price=2.0), "B": Bar(price=13.0)}
        for wrong in (bar._replace(strategy_return=-0.9, units=late), bar._replace(strategy_return=-0.9, price=13.0)):
            with pytest.raises(Broken):
                running.update(wrong)
        if row:
            back = bar._replace(strategy_return=-0.9, time=datetime(2020, 1, 1))
            with pytest.raises(InvalidInputError, match="time must not go back"):
                running.update(back)
        assert repr(running.update(bar)) == repr(twin.update(bar))
        assert json.dumps(running.to_dict()) == json.dumps(twin.to_dict())


@pytest.mark.parametrize("row", [(0.1,), (0.1, 0.1), (0.1,) * 4])
def test_a_row_of_other_assets_is_refused_by_who_watches_them(row):
    running = BreakerSet([LossStreakBreaker(9), *SETS["correlation"], *SETS["dispersion"]]).start()
    stepped(running, bars_of(3))
    before = running.to_dict()
    with pytest.raises(InvalidInputError, match="asset_returns must hold"):
        running.update(Bar(strategy_return=-0.1, asset_returns=row))
    assert running.to_dict() == before


@pytest.mark.parametrize("answer", [None, 1.0, (None, "1"), (None, True), (None, math.inf), (None, None), (1, 2, 3)])
def test_a_step_must_answer_a_state_and_a_number(answer):
    running = BreakerSet([LossStreakBreaker(9), CustomBreaker(1.0, step=lambda state, shown: answer)]).start()
    before = running.to_dict()
    with pytest.raises(InvalidInputError, match="step must return"):
        running.update(Bar(strategy_return=-0.1))
    assert running.to_dict() == before


def test_a_tick_out_of_order_leaves_no_return_in_the_window():
    chosen = BreakerSet([PeriodLossBreaker(0.5), VolatilityBreaker(0.5, window=3, periods_per_year=1)])
    running = chosen.start(equity=1.0)
    for day in (4, 5, 6):
        running.update(Bar(time=datetime(2021, 1, day), strategy_return=0.01, equity=1.0))
    with pytest.raises(InvalidInputError, match="time must not go back"):
        running.update(Bar(time=datetime(2021, 1, 5), strategy_return=-0.99, equity=1.0))
    calm = running.update(Bar(time=datetime(2021, 1, 7), strategy_return=0.01, equity=1.0))
    assert (calm.multiplier, running.status()[1].value) == (1.0, 0.0)


# --- states


@pytest.mark.parametrize("name", ALL_SETS)
@given(st.integers(0, 10**6), st.integers(0, 25))
@examples(6)
def test_copied_pickled_and_resumed_anywhere_it_goes_on_alike(name, seed, cut):
    bars = bars_of(30, seed)
    running = BreakerSet(ALL_SETS[name]).start(equity=100.0)
    stepped(running, bars[:cut])
    stored = json.dumps(running.to_dict(), allow_nan=False)
    resumed = BreakerSet(ALL_SETS[name]).resume(json.loads(stored))
    others = [copy.deepcopy(running), pickle.loads(pickle.dumps(running)), copy.copy(running), resumed]
    assert all(json.dumps(other.to_dict()) == stored for other in others)
    rest = stepped(running, bars[cut:])
    for other in others:
        assert stepped(other, bars[cut:]) == rest
        assert json.dumps(other.to_dict()) == json.dumps(running.to_dict())


def test_units_are_copied_with_the_whole():
    chosen = BreakerSet([LossStreakBreaker(2, scope="asset", name="own"), DrawdownBreaker(0.1)])
    running = chosen.start(assets=["A", "B"])
    bar = Bar(equity=1.0, units={"A": Bar(strategy_return=-0.1)})
    running.update(bar)
    for other in (copy.deepcopy(running), copy.copy(running), pickle.loads(pickle.dumps(running))):
        assert other.update(bar).units["A"].multiplier == 0.0
    assert json.dumps(running.to_dict(), allow_nan=False)
    assert running.update(bar).units["A"].multiplier == 0.0


def wrecked(state):
    """Return ways to ruin a state: keys gone, numbers of other kinds and sizes, lists cut, text for numbers."""
    found = []

    def walk(node, put):
        if isinstance(node, dict):
            for key in node:
                found.append(lambda put=put, node=node, key=key: put({k: v for k, v in node.items() if k != key}))
                walk(node[key], lambda value, put=put, node=node, key=key: put({**node, key: value}))
        elif isinstance(node, list):
            if node:
                found.append(lambda put=put, node=node: put(node[:-1]))
                walk(node[0], lambda value, put=put, node=node: put([value, *node[1:]]))
                walk(node[-1], lambda value, put=put, node=node: put([*node[:-1], value]))
            found.append(lambda put=put, node=node: put([*node, 0.0]))
        else:
            wrong = [-1, 7.5, math.nan, math.inf, "text", None, [], {}, True, 10**30]
            found.extend(lambda put=put, value=value: put(value) for value in wrong if value is not node)

    walk(state, lambda value: value)
    return found


@pytest.mark.parametrize("name", ["ten", "nested", "custom", "stale", "correlation", "drawdown week", "exchange"])
def test_a_state_that_is_cut_or_changed_is_refused(name):
    running = BreakerSet(ALL_SETS[name]).start(equity=100.0)
    stepped(running, bars_of(8))
    state, tried = running.to_dict(), 0
    for wreck in wrecked(state):
        bad = wreck()
        if json.dumps(bad) == json.dumps(state):
            continue
        tried += 1
        with pytest.raises(InvalidInputError):
            BreakerSet(ALL_SETS[name]).resume(bad)
    assert tried > 100
    resumed = BreakerSet(ALL_SETS[name]).resume(json.loads(json.dumps(state)))
    assert json.dumps(resumed.to_dict()) == json.dumps(state)


@pytest.mark.parametrize("foreign", [None, 1, "text", [], {}, {"version": 1}, {"version": True}])
def test_what_is_no_state_is_refused(foreign):
    before = DrawdownBreaker(0.1).start(equity=1.0).to_dict()
    for call in (DrawdownBreaker(0.1).resume, BreakerSet([]).resume, Online("mean").resume, BreakerSet.from_dict):
        with pytest.raises(InvalidInputError):
            call(foreign)
    with pytest.raises(InvalidInputError):
        DrawdownBreaker(0.1).resume(Online("mean").start().to_dict())
    with pytest.raises(InvalidInputError):
        Online("mean").resume(before)
    with pytest.raises(InvalidInputError):
        DrawdownBreaker(0.1, cooldown=3).resume(before)


def test_numbers_that_a_json_library_writes_its_own_way_are_the_same_state():
    running = DrawdownBreaker(0.1).start(equity=100.0)
    running.update(Bar(equity=99.0))
    text = json.dumps(running.to_dict())
    other = DrawdownBreaker(0.1).resume(json.loads(text.replace("100.0", "100").replace(" 0.0,", " 0,")))
    assert json.dumps(other.to_dict()) == text


def test_a_state_that_json_does_not_hold_is_named_and_can_be_pickled():
    running = CustomBreaker(1.0, step=held_set, initial=frozenset()).start()
    running.update(Bar(price=2.0))
    with pytest.raises(InvalidInputError, match=r"pickle and copy\.deepcopy keep anything"):
        running.to_dict()
    other = pickle.loads(pickle.dumps(running))
    assert repr(other.update(Bar(price=3.0))) == repr(running.update(Bar(price=3.0)))


def held_set(state, shown):
    return state | {shown.price}, 0.0


def test_nan_in_the_state_of_a_step_comes_back():
    def last(state, shown):
        return {"before": shown.price, "rows": [state["before"], math.inf]}, state["before"]

    running = CustomBreaker(5.0, step=last, initial={"before": NAN}).start()
    running.update(Bar())
    own = CustomBreaker(5.0, step=last, initial={"before": NAN})
    other = own.resume(json.loads(json.dumps(running.to_dict(), allow_nan=False)))
    bars = [Bar(price=price) for price in (4.0, 6.0, 3.0)]
    assert stepped(other, bars) == stepped(running, bars)


@pytest.mark.parametrize("name", SETS)
def test_a_definition_with_a_part_missing_or_of_another_kind_is_refused(name):
    data = BreakerSet(SETS[name]).to_dict()
    json.dumps(data, allow_nan=False)
    for key in data["breakers"][0]:
        for broken in ({k: v for k, v in data["breakers"][0].items() if k != key}, {**data["breakers"][0], key: [1]}):
            with pytest.raises(InvalidInputError):
                BreakerSet.from_dict({**data, "breakers": [broken]}, steps={})


# --- online measures


def online_rows(columns, rows=12):
    values = np.random.default_rng(5).normal(0.0, 0.01, (rows, columns or 1))
    values[3, 0] = NAN
    return [float(row[0]) if columns is None else row for row in values]


def fed(running, rows):
    paired, found = running._name in ("alpha", "beta", "correlation"), []
    for row in rows:
        found.append(repr(running.update({"returns": row, "benchmark": 0.001 * len(found)} if paired else row)))
    return found


@pytest.mark.parametrize("name", ["value_at_risk", "volatility", "beta", "max_drawdown", "skewness"])
def test_a_state_of_an_online_measure_that_is_cut_or_changed_is_refused(name):
    online = Online(name, window=3).start()
    fed(online, online_rows(None, rows=5))
    state = online.to_dict()
    for wreck in wrecked(state):
        bad = wreck()
        if json.dumps(bad) != json.dumps(state):
            with pytest.raises(InvalidInputError):
                Online(name, window=3).resume(bad)


def test_a_tail_of_all_rows_that_is_full_refuses_without_growing():
    online = Online("value_at_risk").start()
    for _ in range(256):
        online.update(0.01)
    before = json.dumps(online.to_dict())
    with pytest.raises(InvalidInputError):
        online.update(math.inf)
    assert json.dumps(online.to_dict()) == before
