"""Breakers over history: equal to the stream and the sweep to the last bit, and told by no future."""

import math
from datetime import timedelta

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.accounts import Costs
from riskresearch.backtest import backtest_breakers, simulate, sweep_breakers
from riskresearch.backtest.breakers._bars import read_bars
from riskresearch.backtest.breakers._paths import alone, run_breakers, sweep_alone
from riskresearch.breakers import (
    BreakerSet,
    CustomBreaker,
    DrawdownBreaker,
    ExposureBreaker,
    LossStreakBreaker,
    MarketWideBreaker,
    PeriodLossBreaker,
    TailBreachBreaker,
    TrailingDrawdownBreaker,
    VolatilityBreaker,
    any_of,
    ladder,
)
from riskresearch.core import Bar, InvalidInputError
from riskresearch.datasets import catalog, load
from tests.breakers.cases import SETS, random_bars
from tests.examples import examples
from tests.kernels.uncompiled import UNCOMPILED
from tests.samples import of_any_size

COST = 0.001


def history(bars):
    """Return the bars of `random_bars` as a history: returns, fields and closed trades on their dates."""
    index = pd.DatetimeIndex([bar.time for bar in bars])
    returns = pd.Series([bar.strategy_return for bar in bars], index=index)
    apart = ("time", "equity", "units", "strategy_return", "account", "row", "closed_trades", "decision")
    names = [name for name in Bar._fields if name not in apart]
    fields = {name: np.array([getattr(bar, name) for bar in bars], dtype=float) for name in names}
    closed = [(bar.time, *trade) for bar in bars for trade in bar.closed_trades]
    return returns, fields, pd.DataFrame(closed, columns=["time", "profit", "asset", "side"])


def streamed(breakers, bars, cost):
    """Return equity, exposure, statuses and numbers of an account that is shown one bar after another."""
    running = BreakerSet(breakers).start(equity=1.0)
    equity = exposure = held_before = 1.0
    rows = []
    for bar in bars:
        held = exposure
        moved = abs(held - held_before)
        equity = equity * (1.0 + (held * bar.strategy_return - cost * moved if moved else held * bar.strategy_return))
        decision = running.update(bar._replace(equity=equity))
        # What orders may do: nothing new in a halt, nothing at all in a freeze, so what is held stays.
        exposure = held if decision.reduce_only and decision.multiplier == 1.0 else decision.multiplier
        held_before = held
        metrics = running.status()
        rows.append((equity, held, [int(m.status) for m in metrics], [m.value for m in metrics]))
    return [np.array(part, dtype=float) for part in zip(*rows, strict=True)]


def bits(array):
    return np.ascontiguousarray(array, dtype=float).view(np.int64)


def assert_same(path, stream):
    equity, exposure, statuses, numbers = stream
    assert np.array_equal(bits(path.equity), bits(equity))
    assert np.array_equal(bits(path.exposure), bits(exposure))
    assert np.array_equal(path.statuses, statuses.T)
    assert np.array_equal(path.numbers, numbers.T, equal_nan=True)


def run(breakers, returns, fields=None, trades=None, *, prices=None, cost=COST, lag=1):
    bars, _ = read_bars(returns, prices, fields, None, trades)
    return run_breakers(BreakerSet(breakers).breakers, bars, cost=cost, lag=lag)


# --- one definition


@pytest.mark.parametrize("name", SETS)
@given(st.integers(0, 10**6), st.integers(10, 120), st.sampled_from([0.0, COST]))
@examples(8)
def test_history_has_the_bits_of_the_stream(name, seed, rows, cost):
    bars = random_bars(seed, rows)
    assert_same(run(SETS[name], *history(bars), cost=cost), streamed(SETS[name], bars, cost))


@pytest.mark.parametrize("name", [name for name, breakers in SETS.items() if alone(BreakerSet(breakers).breakers)])
@given(st.integers(0, 10**6), st.integers(2, 150), st.sampled_from([0.0, COST]))
@examples(8)
def test_the_sweep_has_the_bits_of_the_history(name, seed, rows, cost):
    bars, _ = read_bars(*history_of(seed, rows))
    breaker = SETS[name][0]
    totals = run_breakers((breaker,), bars, cost=cost, lag=1).totals
    assert np.array_equal(bits(sweep_alone([breaker, breaker], bars, cost=cost)), bits([totals, totals]))


def history_of(seed, rows):
    returns, fields, trades = history(random_bars(seed, rows))
    return returns, None, fields, None, trades


@pytest.mark.parametrize("name", SETS)
def test_history_and_sweep_have_the_bits_of_plain_python(name, monkeypatch):
    bars, _ = read_bars(*history_of(7, 60))
    breakers = BreakerSet(SETS[name]).breakers
    fast = run_breakers(breakers, bars, cost=COST, lag=2)
    swept = sweep_alone([breakers[0]], bars, cost=COST) if alone(breakers) else None
    plain = UNCOMPILED["_breaker"]
    monkeypatch.setattr("riskresearch.breakers._breaker.kernel", plain)
    monkeypatch.setattr("riskresearch.breakers._running.kernel", plain)
    monkeypatch.setattr("riskresearch.breakers._trades.TradeWindow", UNCOMPILED["_breaker_triggers"].TradeWindow)
    monkeypatch.setattr("riskresearch.backtest.breakers._paths.sweep", UNCOMPILED["_breaker_sweep"].sweep)
    monkeypatch.setattr("riskresearch.breakers._triggers.Trigger", UNCOMPILED["_breaker_triggers"].Trigger)
    monkeypatch.setattr("riskresearch.breakers._triggers.CrossTrigger", UNCOMPILED["_breaker_triggers"].CrossTrigger)
    slow = run_breakers(breakers, bars, cost=COST, lag=2)
    assert_same(fast, (slow.equity, slow.exposure, slow.statuses.T, slow.numbers.T))
    assert np.array_equal(bits(fast.totals), bits(slow.totals))
    if swept is not None:
        assert np.array_equal(bits(swept), bits(sweep_alone([breakers[0]], bars, cost=COST)))


def bundled_returns():
    """Return one series of returns of every bundled data set with prices, returns or equity over time, by name."""
    found = {}
    for name in catalog().index:
        frame = load(name).reset_index()
        times = frame.select_dtypes(["datetime", "datetimetz"]).columns
        if not len(times):
            continue
        if "ticker" in frame:
            frame = frame[frame["ticker"] == frame["ticker"].iloc[0]]
        column = next((c for c in ("close", "equity", "returns") if c in frame), None)
        numbers = frame.select_dtypes("number").columns
        if column is None and not len(numbers):
            continue
        values = pd.Series(frame[column or numbers[0]].to_numpy(dtype=float), index=pd.DatetimeIndex(frame[times[0]]))
        values = values[~values.index.duplicated()].dropna().sort_index()
        if name != "ff3_monthly" and column != "returns":
            values = values.where(values > 0.0).dropna().pct_change().dropna()
        values = values[(values > -1.0) & np.isfinite(values)]
        if len(values) >= 20:
            found[name] = values
    return found


BUNDLED = bundled_returns()
ON_RETURNS = {
    "drawdown": [DrawdownBreaker(0.1, cooldown=20)],
    "shadow": [DrawdownBreaker(0.08, cooldown=5, reentry="shadow", rearm=0.03, stage="reduce")],
    "month": [PeriodLossBreaker(0.05, period="month", cooldown="month")],
    "together": [
        VolatilityBreaker(
            0.3, window=20, periods_per_year=252, cooldown=5, reentry="shadow", rearm=0.25, stage="reduce"
        ),
        LossStreakBreaker(5, cooldown=3), TrailingDrawdownBreaker(0.07, window=30),
        any_of(DrawdownBreaker(0.2), PeriodLossBreaker(0.04, period="week"), cooldown="week", reentry="peak_reset"),
    ],
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:returns has gaps in its dates")  # of events, and of changes without zeros
@of_any_size
@pytest.mark.parametrize("name", BUNDLED)
@pytest.mark.parametrize("kind", ON_RETURNS)
def test_every_bundled_series_gives_the_same_bits_streamed_run_and_swept(name, kind):
    returns = BUNDLED[name].iloc[-1500:]
    breakers = ON_RETURNS[kind]
    bars = [
        Bar(time=time.to_pydatetime(), strategy_return=value)
        for time, value in zip(returns.index, returns.tolist(), strict=True)
    ]
    path = run(breakers, returns)
    assert_same(path, streamed(breakers, bars, COST))
    if len(breakers) == 1:
        shown, _ = read_bars(returns, None, None)
        assert np.array_equal(bits(sweep_alone(breakers, shown, cost=COST)[0]), bits(path.totals))


# --- no look-ahead


@pytest.mark.parametrize("name", SETS)
@given(st.integers(0, 10**6), st.integers(5, 60), st.integers(1, 3))
@examples(2)
def test_neither_the_end_nor_another_future_changes_the_past(name, seed, rows, lag):
    bars, other = random_bars(seed, 80), random_bars(seed + 1, 80)
    whole = run(SETS[name], *history(bars), lag=lag)
    for future in (bars[:rows], bars[:rows] + other[rows:]):
        part = run(SETS[name], *history(future), lag=lag)
        assert np.array_equal(bits(part.equity[:rows]), bits(whole.equity[:rows]))
        assert np.array_equal(part.statuses[:, :rows], whole.statuses[:, :rows])


@pytest.mark.parametrize("kind", ON_RETURNS)
def test_the_check_that_users_call_finds_no_look_ahead(kind):
    def path(returns):
        return backtest_breakers(returns, ON_RETURNS[kind], costs=COST, draws=1, rng=1).to_frame()

    assert riskresearch.check_no_lookahead(sp500().iloc[:700], path, rng=1, raise_on_failure=True).bitwise


@pytest.mark.parametrize("lag", [1, 2, 5])
def test_a_decision_from_bar_t_is_in_force_from_bar_t_plus_lag(lag):
    returns = np.zeros(20)
    returns[4] = -0.2
    exposure = backtest_breakers(returns, DrawdownBreaker(0.1, cooldown=3), lag=lag, rng=1).exposure
    assert np.flatnonzero(exposure == 0.0).tolist() == [4 + lag, 5 + lag, 6 + lag]


# --- ties


@pytest.mark.parametrize("inclusive", [True, False])
def test_cent_prices_at_the_limit_decide_as_inclusive_says_in_every_path(inclusive):
    trips = 0
    for peak in range(100, 4000, 20):
        prices = np.array([peak - 5, peak, peak * 0.9, peak * 0.95, *([peak * 0.95] * 8)]).round(2) / 100.0
        breaker = DrawdownBreaker(0.1, inclusive=inclusive, cooldown=2)
        running = breaker.start(equity=float(prices[0]))
        stream = [e.event for p in prices for e in running.update(Bar(equity=float(p))).events]
        batch = backtest_breakers(None, breaker, prices=prices, draws=1, rng=1)
        gated = simulate(np.ones(12), prices, capital=float(prices[0]), gates=[breaker])
        swept = sweep_breakers(None, lambda limit: DrawdownBreaker(limit, inclusive=inclusive, cooldown=2),
                               {"limit": [0.1]}, prices=prices, selection=False, halt_draws=1, rng=1)  # fmt: skip
        assert ("trip" in stream) == inclusive
        assert [event.event for event in batch.events][:1] == (["trip"] if inclusive else [])
        assert ("trip" in gated.events["event"].tolist()) == inclusive
        assert bool(swept.trials["trips"][0]) == inclusive
        trips += "trip" in stream
    assert (trips > 0) == inclusive


def test_an_account_of_prices_that_was_never_out_is_worth_the_price_to_the_last_bit():
    prices = load("index_sp500")["close"].to_numpy()[-2000:]
    path = run([DrawdownBreaker(0.99)], None, prices=prices)
    assert np.array_equal(bits(path.equity), bits(prices))


# --- reference values

# Measured by a program of its own in NumPy when the field was surveyed: S&P 500 closes 1990-2022, peak reset, no costs.
SURVEY = [
    (0.10, 20, 34, 9.94, 0.28, 0.546, 0.31),
    (0.10, 60, 26, 6.34, 0.56, 0.476, 0.12),
    (0.20, 60, 8, 6.51, 0.97, 0.518, 0.10),
    (0.05, 10, 121, 3.31, 0.995, 0.529, 0.36),
]


def sp500():
    frame = load("index_sp500")
    frame = frame.set_index("date") if "date" in frame else frame
    return frame["close"].loc["1990":].pct_change().dropna()


@pytest.mark.parametrize(("limit", "bars", "trips", "wealth", "better", "drawdown", "shallower"), SURVEY)
def test_the_index_since_1990_has_the_numbers_of_the_survey(limit, bars, trips, wealth, better, drawdown, shallower):
    result = backtest_breakers(sp500(), DrawdownBreaker(limit, cooldown=bars), rng=1)
    numbers, chance = result.statistics(), result.significance
    assert numbers["trips"] == trips
    assert numbers["final_equity"] == pytest.approx(wealth, abs=0.006)
    assert numbers["final_equity_unhalted"] == pytest.approx(10.52, abs=0.006)
    assert numbers["max_drawdown"] == pytest.approx(drawdown, abs=0.0006)
    assert chance.p_value(corrected=False) == pytest.approx(better, abs=0.025)
    assert chance.p_value("drawdown", corrected=False) == pytest.approx(shallower, abs=0.03)


def test_costs_halts_and_statistics_by_hand():
    # Falls 20 %, out for two bars of +10 % and -30 %, then back in.
    returns = np.array([0.0] * 8 + [-0.2, 0.1, -0.3, 0.05, 0.0])
    result = backtest_breakers(returns, DrawdownBreaker(0.1, cooldown=2), costs=0.01, rng=1)
    assert result.exposure.tolist() == [1.0] * 9 + [0.0, 0.0, 1.0, 1.0]
    assert result.equity_path[-1] == pytest.approx(0.8 * 0.99 * (1.0 + 0.05 - 0.01))
    halt = result.halts().iloc[0]
    assert (halt["from"], halt["to"], halt["bars"]) == (9, 10, 2)
    assert halt["strategy"] == pytest.approx(1.1 * 0.7 - 1.0)
    assert halt["missed"] == pytest.approx(1.1 * 0.7 - 1.0)
    assert halt["cost"] == pytest.approx(0.02)
    numbers = result.statistics()
    assert numbers["avoided_loss"] == pytest.approx(0.23)
    assert (numbers["false_halts"], numbers["missed_gain"], numbers["whipsaw_cost"]) == (0.0, 0.0, 0.0)
    assert result.states().iloc[0][["from", "to", "bars", "over"]].tolist() == [8, 10, 2, True]
    assert [(event.time, event.event) for event in result.events] == [(8, "trip"), (10, "re-arm")]


def test_false_halts_are_those_that_missed_a_gain():
    returns = np.array([0.0] * 8 + [-0.2, 0.1, 0.1, 0.0])
    numbers = backtest_breakers(returns, DrawdownBreaker(0.1, cooldown=2), costs=0.01, rng=1).statistics()
    assert numbers["false_halts"] == 1.0
    assert numbers["missed_gain"] == pytest.approx(0.21)
    assert numbers["whipsaw_cost"] == pytest.approx(0.21 + 0.02)


def test_a_halt_keeps_what_is_held_and_a_ladder_reduces_first():
    returns = np.array([0.0] * 5 + [-0.06, -0.1, 0.0, 0.0, 0.0, 0.0, 0.0])
    rungs = ladder(DrawdownBreaker(1.0, cooldown=5), rungs=[(0.05, "reduce", 0.5), (0.1, "halt")])
    exposure = backtest_breakers(returns, list(rungs), rng=1).exposure
    assert exposure[:9].tolist() == [1.0] * 6 + [0.5, 0.5, 0.5]


def test_intrabar_decides_at_the_low_and_says_what_it_assumes():
    prices = pd.DataFrame(
        {"open": [100.0] * 12, "high": [101.0] * 12, "low": [99.0] * 5 + [80.0] + [99.0] * 6, "close": [100.0] * 12}
    )
    early = backtest_breakers(None, DrawdownBreaker(0.1, cooldown=2), prices=prices, intrabar="low_first", rng=1)
    late = backtest_breakers(None, DrawdownBreaker(0.1, cooldown=2), prices=prices, intrabar="high_first", rng=1)
    # Both sell at the low of 80 on bar 5, and the close of 100 comes without them.
    assert early.equity_path[5] == pytest.approx(0.8)
    assert late.equity_path[5] == pytest.approx(0.8)
    assert "open, low, high, close, assumed to come in this order" in early.conventions
    assert early.events[0].time == 5
    daily = backtest_breakers(None, DrawdownBreaker(0.1, cooldown=2), prices=prices["close"], rng=1)
    assert daily.events == ()


# --- with weights and prices


def two_assets(rows=60, seed=4):
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2020-01-01", periods=rows)
    prices = pd.DataFrame(
        100.0 * np.cumprod(1.0 + rng.normal(0, 0.03, (rows, 2)), axis=0), index=index, columns=["A", "B"]
    )
    return pd.DataFrame(0.5, index=index, columns=["A", "B"]), prices


def test_breakers_stand_between_targets_and_orders():
    weights, prices = two_assets()
    result = backtest_breakers(
        None, DrawdownBreaker(0.08, cooldown=5), weights=weights, prices=prices, costs=Costs(0.001), rng=1
    )
    held = simulate(weights, prices, costs=Costs(0.001))
    gated = simulate(weights, prices, costs=Costs(0.001), gates=[DrawdownBreaker(0.08, cooldown=5)])
    assert np.array_equal(result.equity_path, gated.equity.to_numpy())
    assert np.array_equal(result.equity_unhalted, held.equity.to_numpy())
    trip = next(event for event in result.events if event.event == "trip")
    row = list(prices.index).index(pd.Timestamp(trip.time))
    # Decided after bar t, filled at the close of t + 1, so out from the return of t + 2.
    assert gated.units.iloc[row].abs().sum() > 0.0
    assert (gated.units.iloc[row + 1] == 0.0).all()
    assert result.exposure.iloc[row + 1] == 1.0
    assert result.exposure.iloc[row + 2] == 0.0
    assert result.cost_paid.iloc[row + 1] > 0.0


def test_a_halt_lets_reducing_orders_pass_and_a_freeze_does_not():
    weights, prices = two_assets(20)
    weights.iloc[5:] = 0.1
    units = {}
    for stage in ("halt", "freeze"):
        gate = ExposureBreaker(0.5, stage=stage, cooldown=100)
        units[stage] = simulate(weights, prices, gates=[gate]).units
    assert (units["halt"].iloc[-1] < units["halt"].iloc[1]).all()
    frozen = units["freeze"]
    first = int(np.flatnonzero(frozen["A"].to_numpy())[0])
    assert (frozen.iloc[first + 1 :] == frozen.iloc[first]).all().all()


def test_an_asset_of_its_own_scope_is_sold_alone():
    weights, prices = two_assets(30)
    prices["A"] = 100.0
    prices["B"] = [100.0] * 10 + [70.0] * 20
    done = simulate(weights, prices, gates=[DrawdownBreaker(0.2, scope="asset", cooldown=100, name="own")])
    units = done.units
    assert units["B"].iloc[12:].eq(0.0).all()
    assert units["A"].iloc[12:].gt(0.0).all()
    assert done.events["unit"].tolist() == ["B"]


def test_a_breaker_serves_each_account_by_itself():
    weights, prices = two_assets(5)
    done = simulate(weights, prices, accounts="columns", gates=[ExposureBreaker(0.4, stage="freeze")])
    assert [record.account for record in done.breaker_records] == ["A", "B"]
    assert done.events["account"].tolist() == ["A", "B"]


# --- user-written steps and fields


def test_a_step_in_plain_python_decides_as_the_compiled_breaker_does():
    def drawdown(peak, bar):
        peak = max(peak, bar.equity)
        return peak, (peak - bar.equity) / peak

    returns = sp500().iloc[:1500]
    own = backtest_breakers(returns, CustomBreaker(0.07, step=drawdown, initial=1.0, cooldown=9), costs=COST, rng=1)
    ours = backtest_breakers(returns, DrawdownBreaker(0.07, cooldown=9, reentry="timer"), costs=COST, rng=1)
    assert np.array_equal(bits(own.equity_path), bits(ours.equity_path))
    assert [event.time for event in own.events] == [event.time for event in ours.events]


def test_exchange_rules_run_on_bars():
    frame = load("index_sp500")
    frame = frame.set_index("date") if "date" in frame else frame
    year = frame.loc["2020"]
    result = backtest_breakers(None, MarketWideBreaker(), prices=year["close"], bar_fields=year[["low"]], rng=1)
    trips = [str(event.time.date()) for event in result.events if event.event == "trip"]
    assert trips == ["2020-03-09", "2020-03-12", "2020-03-16", "2020-03-18"]


def test_forecasts_come_as_fields_of_bars():
    returns = sp500().iloc[:300]
    forecasts = pd.DataFrame({"value_at_risk": 0.01}, index=returns.index)
    result = backtest_breakers(returns, TailBreachBreaker(10, window=50, cooldown=5), bar_fields=forecasts, rng=1)
    first = next(i for i in range(300) if (returns.iloc[max(0, i - 49) : i + 1] < -0.01).sum() >= 10)
    assert result.events[0].time == returns.index[first]


# --- labels, inputs, refusals


def test_series_arrays_and_polars_give_the_same_numbers():
    returns = sp500().iloc[:400]
    breaker = DrawdownBreaker(0.05, cooldown=5)
    paths = [
        backtest_breakers(data, breaker, rng=1).equity_path
        for data in (
            returns,
            returns.to_numpy(),
            returns.tolist(),
            pl.Series("r", returns.to_numpy()),
            returns.to_frame(),
        )
    ]
    assert all(np.array_equal(paths[0], path) for path in paths)
    before = returns.copy()
    backtest_breakers(returns, breaker, rng=1)
    pd.testing.assert_series_equal(returns, before)


def test_results_speak():
    result = riskresearch.backtest_breakers(sp500().iloc[:500], DrawdownBreaker(0.05, cooldown=5), rng=1)
    assert result.summary().splitlines()[0] == result.significance.verdict()
    assert list(result.to_frame().columns) == [
        "returns",
        "exposure",
        "net_returns",
        "cost",
        "equity",
        "equity_unhalted",
    ]
    assert result.plot().get_lines()
    assert "<table" in result._repr_html_()
    assert repr(result).startswith("BreakerBacktest(500 bars")
    assert list(result.event_frame()["event"])[:2] == ["trip", "re-arm"]
    assert list(result.equity.columns) == ["with", "without"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: backtest_breakers(r, DrawdownBreaker(0.1), prices=r), "give either returns or prices"),
        (lambda r: backtest_breakers(None, DrawdownBreaker(0.1)), "give either returns or prices"),
        (
            lambda r: backtest_breakers(pd.concat([r, r], axis=1, keys=["a", "b"]), DrawdownBreaker(0.1)),
            "returns must be one series",
        ),
        (lambda r: backtest_breakers(r - 2.0, DrawdownBreaker(0.1)), "returns must be -1 or more"),
        (lambda r: backtest_breakers(r, DrawdownBreaker(0.1), lag=0), "lag must be a whole number of at least 1"),
        (lambda r: backtest_breakers(r, DrawdownBreaker(0.1), costs=-0.1), "costs must not be negative"),
        (lambda r: backtest_breakers(r, DrawdownBreaker(0.1), costs=Costs(0.1)), "costs must be a number"),
        (lambda r: backtest_breakers(r, DrawdownBreaker(0.1, scope="asset")), "breakers of scope 'asset'"),
        (lambda r: backtest_breakers(r, ExposureBreaker(1.0)), "bar_fields must have 'gross_exposure'"),
        (lambda r: backtest_breakers(r.to_numpy(), PeriodLossBreaker(0.1)), "the bars must have dates"),
        (lambda r: backtest_breakers(r, DrawdownBreaker(0.1), bar_fields={"nav": r}), "got 'nav'"),
        (lambda r: backtest_breakers(r, DrawdownBreaker(0.1), bar_fields={"price": [1.0]}), "got 1 of 'price'"),
        (lambda r: backtest_breakers(None, DrawdownBreaker(0.1), prices=r), "prices must be positive"),
        (
            lambda r: backtest_breakers(None, DrawdownBreaker(0.1), prices=r + 1.0, intrabar="low"),
            "intrabar must be one",
        ),
        (
            lambda r: backtest_breakers(None, DrawdownBreaker(0.1), prices=r + 1.0, intrabar="low_first"),
            "column 'open'",
        ),
        (lambda r: backtest_breakers(r, DrawdownBreaker(0.1), weights=r, prices=r), "weights go with prices"),
        (lambda r: backtest_breakers(r.where(r.index != r.index[3]), DrawdownBreaker(0.1)), "non-finite"),
    ],
)
def test_mistakes_are_named(call, message):
    with pytest.raises(InvalidInputError, match=message):
        call(sp500().iloc[:30])


def test_time_cooldowns_and_dates_agree_with_the_calendar():
    index = pd.date_range("2021-01-01 10:00", periods=30, freq="6h")
    returns = pd.Series(0.0, index=index)
    returns.iloc[4] = -0.2
    breaker = DrawdownBreaker(0.1, cooldown=timedelta(days=1))
    out = backtest_breakers(returns, breaker, rng=1).exposure == 0.0
    assert np.flatnonzero(out).tolist() == [5, 6, 7, 8]
    assert math.isclose(out.mean(), 4 / 30)


def test_the_result_comes_back_labelled_like_the_input_and_polars_as_polars():
    dates = pd.bdate_range("2024-01-01", periods=30, name="date")
    series = pd.Series(np.random.default_rng(3).normal(0.0, 0.02, 30), index=dates, name="fund")
    found = backtest_breakers(series, DrawdownBreaker(0.03, cooldown=2), draws=5, rng=1)
    polars = backtest_breakers(pl.from_pandas(series.reset_index()), found.breakers, draws=5, rng=1)
    array = backtest_breakers(series.to_numpy(), found.breakers, draws=5, rng=1)
    for name in ("returns", "exposure", "net_returns", "equity_path", "equity_unhalted", "cost_paid"):
        ours = getattr(found, name)
        assert ours.index.equals(dates)
        assert isinstance(getattr(array, name), np.ndarray)
        assert np.array_equal(getattr(array, name), ours)
        theirs = getattr(polars, name)
        assert isinstance(theirs, pl.DataFrame)
        assert theirs.columns[0] == "date"
        assert np.array_equal(theirs.to_numpy()[:, 1].astype(float), ours)
    assert isinstance(polars.equity, pl.DataFrame)
    assert found.equity.index.equals(dates)
