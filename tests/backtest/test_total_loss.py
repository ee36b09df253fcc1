"""After a total loss: an account that has nothing earns nothing, holds nothing, and every number of it is a number."""

import copy
import json
import math
import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.accounts import Costs
from riskresearch.backtest import backtest_breakers, simulate, sweep_breakers
from riskresearch.backtest.breakers._backtest_breakers import read_bars
from riskresearch.backtest.breakers._paths import run_breakers, sweep_alone
from riskresearch.breakers import (
    BreakerSet,
    CustomBreaker,
    DrawdownBreaker,
    LossStreakBreaker,
    PeriodLossBreaker,
    StaleDataBreaker,
    TurnoverBreaker,
    VolatilityBreaker,
    any_of,
)
from riskresearch.core import Bar, ConventionWarning, Decision, InvalidInputError
from tests.backtest.samples import EVERY_COST, impact_panels, market
from tests.examples import examples
from tests.samples import of_any_size

LOST = [0.0, -1.0, 0.5, 0.1] + [0.001, -0.001] * 10
BREAKERS = {
    "timer": DrawdownBreaker(0.5, cooldown=1, reentry="timer"),
    "peak reset": DrawdownBreaker(0.5, cooldown=1),
    "shadow": DrawdownBreaker(0.5, cooldown=1, reentry="shadow"),
    "exclusive": DrawdownBreaker(1.0, cooldown=1, inclusive=False),
    "exclusive shadow": DrawdownBreaker(1.0, cooldown=0, inclusive=False, reentry="shadow"),
    "halt": DrawdownBreaker(0.5, cooldown=1, stage="halt"),
    "reduce": DrawdownBreaker(0.5, cooldown=1, stage="reduce"),
    "start": PeriodLossBreaker(0.5, period="start", cooldown=1),
    "streak": LossStreakBreaker(1, cooldown=1),
    "volatility": VolatilityBreaker(0.1, window=2, cooldown=1),
    "any of": any_of(DrawdownBreaker(0.5), LossStreakBreaker(1), cooldown=1, reentry="peak_reset"),
    "custom": CustomBreaker(
        0.5, step=lambda peak, bar: (max(peak, bar.equity), 1.0 - bar.equity / max(peak, bar.equity)), initial=1.0,
        cooldown=1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAKERS)
def test_what_is_lost_stays_lost_and_no_number_is_missing(name):
    result = backtest_breakers(LOST, BREAKERS[name], rng=1, draws=20)
    assert result.net_returns[1] == -1.0
    assert result.net_returns[2:].tolist() == [0.0] * 22
    assert result.equity_path[1:].tolist() == [0.0] * 23
    assert result.exposure[2:].tolist() == [0.0] * 22
    assert all(math.isfinite(value) for value in result.statistics().values())
    assert result.statistics()["max_drawdown"] == 1.0
    assert "nan" not in result.summary()
    assert np.isfinite(result.halts()[["strategy", "account", "missed", "cost"]].to_numpy(dtype=float)).all()
    assert result.plot().get_lines()
    if name not in ("exclusive", "exclusive shadow", "volatility"):
        assert "trip" in [event.event for event in result.events]
    if name not in ("streak", "volatility", "custom"):
        assert "re-arm" not in [event.event for event in result.events]


def test_a_short_history_says_that_its_tail_is_not_known():
    result = backtest_breakers([0.0, 0.01] * 5, DrawdownBreaker(0.5), rng=1, draws=5)
    assert "CVaR 95 % per bar not known from fewer than 20 bars" in result.summary()
    assert "nan" not in result.summary()


@of_any_size
@pytest.mark.parametrize("costs", [0.5, 1.0, 1.5, 40.0])
@pytest.mark.parametrize("priced", [False, True])
@pytest.mark.filterwarnings("ignore:costs of .* of the exposure moved:riskresearch.core.ConventionWarning")
def test_costs_above_the_equity_end_the_account_at_zero(costs, priced):
    returns = np.array([0.0, -0.3, 0.1, 0.1, -0.3, 0.2] + [0.01] * 14)
    data = {"prices": 100.0 * np.cumprod(1.0 + returns)} if priced else {}
    breaker = DrawdownBreaker(0.2, cooldown=1)
    result = backtest_breakers(None if priced else returns, breaker, costs=costs, rng=1, draws=20, **data)
    assert (result.equity_path >= 0.0).all()
    assert (result.net_returns >= -1.0).all()
    if costs >= 1.0:
        assert result.equity_path[-1] == 0.0
    assert (result.significance.shift[:, 0] >= 0.0).all()
    assert (result.significance.shift[:, 1] <= 1.0).all()
    if not priced:
        assert result.significance.wealth == result.equity_path[-1]


@given(
    st.lists(st.sampled_from([0.1, -0.1, -0.6, -1.0, 0.0]), min_size=12, max_size=30), st.sampled_from([0.0, 0.4, 1.2])
)
@examples(60)
def test_history_sweep_and_python_agree_through_a_total_loss(returns, cost):
    bars, _ = read_bars(np.array(returns), None, None)
    for name, breaker in BREAKERS.items():
        path = run_breakers((breaker,), bars, cost=cost, lag=1)
        assert (path.equity >= 0.0).all()
        if name not in ("any of", "custom"):
            assert sweep_alone([breaker], bars, cost=cost)[0].tolist() == list(path.totals)
        idle = CustomBreaker(1e9, step=lambda state, bar: (state, 0.0), name="idle")
        slow = run_breakers((breaker, idle), bars, cost=cost, lag=1)
        assert slow.equity.tolist() == path.equity.tolist()
        assert slow.exposure.tolist() == path.exposure.tolist()
        assert slow.totals == path.totals


def test_a_sweep_over_a_total_loss_has_numbers():
    grid = {"limit": [0.3, 0.5], "cooldown": [1, 2]}
    with pytest.warns(ConventionWarning, match="bootstrap draws have no value"):  # those without any movement
        swept = sweep_breakers(LOST, DrawdownBreaker, grid, blocks=2, draws=100, halt_draws=20, rng=1)
    assert np.isfinite(swept.trials[list(swept.measures)].to_numpy()).all()
    assert "nan" not in swept.summary()
    assert swept.best_returns[2:].tolist() == [0.0] * 22


def test_a_bankrupt_simulation_under_breakers_has_numbers_and_its_breaker_hears_of_it():
    index = pd.bdate_range("2024-01-01", periods=30)
    prices = pd.DataFrame({"A": [100.0] * 12 + [250.0] * 18}, index=index)
    weights = pd.DataFrame({"A": [-1.0] * 30}, index=index)
    result = backtest_breakers(None, DrawdownBreaker(0.5), weights=weights, prices=prices, costs=Costs(0.001), rng=1,
                               draws=20)  # fmt: skip
    assert result.path.equity_path[12:].tolist() == [0.0] * 18
    assert result.path.net_returns[12] == -1.0
    assert result.path.net_returns[13:].tolist() == [0.0] * 17
    assert [event.event for event in result.events] == ["trip"]
    assert result.statuses.shape == (1, 30)
    assert (result.statuses[0, 12:] == 1).all()
    assert np.isfinite(result.to_frame().to_numpy(dtype=float)).all()
    assert "nan" not in result.summary()


@of_any_size
def test_returns_beyond_a_double_are_refused():
    with pytest.raises(InvalidInputError, match="must be finite and below 1e100"):
        backtest_breakers([0.01, 1e120] * 10, DrawdownBreaker(0.5), rng=1)
    with pytest.raises(InvalidInputError, match="must compound to what a double holds"):
        backtest_breakers([1e60] * 12, DrawdownBreaker(0.5), rng=1)


@pytest.mark.parametrize(("field", "value"), [
    ("price", 0.0), ("price", -1.0), ("gross_exposure", -0.1), ("turnover", np.inf), ("data_age", -1.0),
    ("high", 1e308), ("strategy_return", -1.5),
])  # fmt: skip
def test_history_has_the_door_of_the_stream(field, value):
    values = np.full(20, 0.5)
    values[7] = value
    with pytest.raises(InvalidInputError, match=field):
        backtest_breakers([0.01] * 20, DrawdownBreaker(0.5), bar_fields={field: values}, rng=1)
    with pytest.raises(InvalidInputError, match=field):
        simulate([1.0] * 20, [10.0] * 20, gates=[DrawdownBreaker(0.5)], bar_fields={field: values})
    with pytest.raises(InvalidInputError, match=field):
        DrawdownBreaker(0.5).start().update(Bar(**{field: value}))


# --- turnover


@given(st.integers(0, 1000), st.integers(1, 2), st.sampled_from(["every_bar", "on_change", 0.05]))
@examples(20)
def test_what_a_gate_is_shown_of_turnover_is_what_the_result_reports(seed, lag, rebalance):
    weights, prices = market(rows=40, columns=3, seed=seed)
    weights = weights * 1.5
    prices.iloc[20:, 0] *= 4.0

    class Watching:
        def start(self, columns, *, capital):
            self.seen = []
            return self

        def update(self, bar):
            self.seen.append(bar.turnover)
            return Decision()

    gate = Watching()
    done = simulate(
        weights, prices, costs=EVERY_COST, lag=lag, rebalance=rebalance, gates=[gate], **impact_panels(prices)
    )
    assert gate.seen == pytest.approx(done.turnover.tolist()[: len(gate.seen)], rel=1e-14, abs=0.0)
    assert len(gate.seen) == 40 or done.bankruptcies


def test_a_turnover_breaker_trips_at_the_turnover_that_is_reported():
    prices = pd.Series([100.0, 100.0, 100.0, 100.0, 100.0])
    weights = pd.Series([1.0, -1.0, -1.0, -1.0, -1.0])
    done = simulate(weights, prices, costs=0.05, gates=[TurnoverBreaker(1.9)])
    assert done.breaker_records[0].numbers[2] == [done.turnover.iloc[2]]
    assert done.events["event"].tolist() == ["trip"]
    assert done.events["value"].tolist() == [done.turnover.iloc[2]]


# --- freezes


def frozen_on(rows, scope="portfolio", **options):
    """Return a breaker that freezes after the given rows, and re-arms on the first row after them."""

    def step(row, shown):
        return row + 1, float(row in rows)

    return CustomBreaker(1.0, step=step, initial=0, stage="freeze", cooldown=0, reentry="shadow", scope=scope,
                         name="frozen", **options)  # fmt: skip


@pytest.mark.parametrize("rebalance", ["every_bar", "on_change", 0.01])
@pytest.mark.parametrize("lag", [1, 2])
@pytest.mark.parametrize("missing_weights", ["raise", "hold"])
def test_while_it_is_frozen_no_order_passes_without_a_second_argument(rebalance, lag, missing_weights):
    weights, prices = market(rows=30, columns=2, seed=3)
    options = {"lag": lag, "rebalance": rebalance, "missing_weights": missing_weights, "costs": 0.001}
    done = simulate(weights, prices, gates=[frozen_on(range(9, 20))], **options)
    rows = [prices.index.get_loc(time) for time in done.fills["time"]]
    # Decided after bars 9 to 19, in force on 10 to 20.
    assert not set(rows) & set(range(10, 21))
    assert set(rows) & set(range(10))
    assert set(rows) & set(range(21, 30))
    assert done.units.iloc[9:21].drop_duplicates().shape[0] == 1
    again = simulate(weights, prices, gates=[BreakerSet([frozen_on(range(9, 20))])], **options)
    pd.testing.assert_frame_equal(again.units, done.units, check_exact=True)


def test_a_limit_that_fills_in_targets_does_not_thaw_a_freeze():
    class Stubborn:
        def start(self, columns):
            return self

        def apply(self, target, bar):
            return np.full(target.shape, 0.3)

    weights, prices = market(rows=20, columns=2, seed=3)
    done = simulate(weights, prices, gates=[frozen_on(range(5, 100))], limits=[Stubborn()])
    assert done.units.iloc[5:].drop_duplicates().shape[0] == 1


def test_each_account_and_each_simulation_freezes_by_itself():
    _, prices = market(rows=20, columns=2, seed=3)
    prices.iloc[10:, 0] *= 0.3
    weights = prices * 0.0 + np.linspace(0.5, 1.0, 20)[:, None]
    gate = DrawdownBreaker(0.3, stage="freeze", cooldown=100)
    for _ in range(2):
        done = simulate(weights, prices, accounts="columns", gates=[gate])
        assert done.units.iloc[10:, 0].nunique() == 1
        assert done.units.iloc[10:, 1].nunique() > 5


def test_a_column_is_frozen_or_halted_alone():
    weights, prices = market(rows=30, columns=2, seed=3)
    weights = weights.abs() + 0.1
    frozen = simulate(weights, prices, gates=[frozen_on(range(9, 100), scope="asset")]).units
    assert frozen.iloc[9:].drop_duplicates().shape[0] == 1
    prices["S0"] = [100.0] * 10 + [70.0] * 20
    for stage in ("freeze", "halt"):
        gate = DrawdownBreaker(0.2, stage=stage, cooldown=100, scope="asset")
        units = simulate(weights, prices, gates=[gate]).units
        assert units["S1"].iloc[11:].nunique() > 5
        own = units["S0"].iloc[10:].to_numpy()
        assert (np.diff(own) == 0.0).all() if stage == "freeze" else (np.diff(own) <= 0.0).all()


@pytest.mark.parametrize("gate", [None, 0.5, DrawdownBreaker, [DrawdownBreaker(0.1)]])
def test_what_is_no_gate_is_refused(gate):
    weights, prices = market(rows=5, columns=2)
    with pytest.raises(InvalidInputError, match="gates must be breakers, sets of breakers, or objects with a method"):
        simulate(weights, prices, gates=[gate])


def test_fields_of_bars_are_for_gates_and_not_those_of_the_account():
    weights, prices = market(rows=5, columns=2)
    with pytest.raises(InvalidInputError, match="bar_fields must not hold 'turnover', which the account shows"):
        simulate(weights, prices, gates=[DrawdownBreaker(0.1)], bar_fields={"turnover": [0.1] * 5})
    with pytest.raises(InvalidInputError, match="bar_fields are for gates and limits, got neither"):
        simulate(weights, prices, bar_fields={"data_age": [0.1] * 5})


def test_a_gate_decides_by_column_through_the_units_of_its_decision():
    weights, prices = market(rows=20, columns=2, seed=3)
    weights = weights.abs() + 0.1

    class OneColumn:
        def __init__(self, name):
            self.name = name

        def start(self, columns, *, capital):
            return self

        def update(self, bar):
            return Decision(0.5, units={self.name: Decision(0.0)} if bar.row >= 5 else {})

    done = simulate(weights, prices, gates=[OneColumn("S0")])
    targets = weights * 0.5  # decided after bar 0, so in force on the targets that fill on bar 1
    targets.loc[targets.index[5] :, "S0"] = 0.0
    pd.testing.assert_frame_equal(done.units, simulate(targets, prices).units, check_exact=True)
    with pytest.raises(InvalidInputError, match=r"OneColumn.update must return units among the columns \['S0', 'S1'\]"):
        simulate(weights, prices, gates=[OneColumn("S9")])


@pytest.mark.parametrize("answer", [None, 0.5, (1.0, False), "halt"])
def test_a_gate_must_answer_a_decision(answer):
    class Mute:
        def start(self, columns, *, capital):
            return self

        def update(self, bar):
            return answer

    weights, prices = market(rows=5, columns=2)
    with pytest.raises(InvalidInputError, match=r"Mute.update must return a Decision"):
        simulate(weights, prices, gates=[Mute()])


# --- what a gate knows


def test_a_price_that_is_not_there_is_not_known_to_the_breakers_of_a_gate():
    index = pd.bdate_range("2024-01-01", periods=14)
    prices = pd.DataFrame({"A": [100.0, 100.0, 100.0] + [np.nan] * 6 + [100.0] * 5}, index=index)
    weights = pd.DataFrame({"A": [1.0] * 14}, index=index)
    gate = BreakerSet([StaleDataBreaker(2, cooldown=1, stage="halt"), DrawdownBreaker(0.5, missing="trip", cooldown=1)])
    done = simulate(weights, prices, missing_prices="hold", gates=[gate])
    happened = [(event.breaker, event.event, index.get_loc(event.time)) for event in done.breaker_records[0].events]
    assert happened == [("DRAWDOWN", "trip", 3), ("STALE_DATA", "trip", 4), ("DRAWDOWN", "re-arm", 9),
                        ("STALE_DATA", "re-arm", 9)]  # fmt: skip


def test_a_gate_that_counts_days_needs_dates():
    with pytest.raises(InvalidInputError, match="prices must have dates for breakers that count in time"):
        simulate([1.0] * 5, [10.0] * 5, gates=[PeriodLossBreaker(0.1)])


def test_the_breakers_of_an_account_are_copied_stored_and_resumed_by_their_definition():
    gate = BreakerSet([DrawdownBreaker(0.2, cooldown=3, scope="strategy"), StaleDataBreaker(3, scope="asset")])
    weights, prices = market(rows=30, columns=2, seed=3)
    (record,) = simulate(weights, prices, gates=[gate]).breaker_records
    stored = json.dumps(record.running.to_dict(), allow_nan=False)
    copies = [copy.deepcopy(record).running, pickle.loads(pickle.dumps(record)).running]
    for other in (*copies, gate.resume(json.loads(stored))):
        assert json.dumps(other.to_dict()) == stored


# --- periods per year


@pytest.mark.parametrize(("frequency", "given", "warns"), [
    ("D", 252.0, True), ("D", 365.0, False), ("B", 252.0, False), ("B", 365.0, True), ("W", 252.0, True),
    ("W", 52.0, False), ("MS", 252.0, True), ("h", 252.0, True),
    ("h", 252.0 * 7, False), ("5min", 252.0, True),
    ("D", 1.0, False),
])  # fmt: skip
def test_a_volatility_breaker_whose_year_is_not_that_of_the_dates_warns_in_every_history(frequency, given, warns):
    index = pd.date_range("2024-01-01", periods=60, freq=frequency)
    returns = pd.Series(np.tile([0.03, -0.03], 30), index=index)
    prices = 100.0 * (1.0 + returns).cumprod()
    alone = VolatilityBreaker(0.9, window=5, periods_per_year=given)
    calls = {
        "history": lambda: backtest_breakers(returns, alone, rng=1, draws=5),
        "combined": lambda: backtest_breakers(returns, any_of(DrawdownBreaker(0.9), alone), rng=1, draws=5),
        "sweep": lambda: sweep_breakers(
            returns, lambda limit: VolatilityBreaker(limit, window=5, periods_per_year=given), {"limit": [0.5, 0.9]},
            periods_per_year=252, selection=False, halt_draws=5, rng=1,
        ),
        "gate": lambda: simulate(
            pd.Series(1.0, index=index), prices, gates=[alone], bar_fields={"strategy_return": returns.to_numpy()}
        ),
    }  # fmt: skip
    for name, call in calls.items():
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            call()
        own = [str(item.message) for item in said if "VOLATILITY takes" in str(item.message)]
        assert bool(own) == warns, name
        assert all(f"periods_per_year={given:g}" in text for text in own)


def test_the_ratio_of_two_deviations_has_no_year():
    returns = pd.Series(np.tile([0.03, -0.03], 30), index=pd.date_range("2024-01-01", periods=60, freq="D"))
    backtest_breakers(returns, VolatilityBreaker(2.0, window=5, long_window=10), rng=1, draws=5)
    with pytest.warns(ConventionWarning, match="about 365 periods a year"):
        riskresearch.backtest_breakers(
            returns, BreakerSet(VolatilityBreaker(2.0, periods_per_year=252)), rng=1, draws=5
        )


@pytest.mark.parametrize(("frequency", "periods"), [("D", 365.0), ("B", 252.0), ("W", 52.0), ("MS", 12.0)])
def test_a_volatility_breaker_reads_the_year_off_the_dates_of_every_history(frequency, periods):
    index = pd.date_range("2024-01-01", periods=60, freq=frequency)
    returns = pd.Series(np.tile([0.03, -0.03], 30) * np.linspace(0.5, 1.5, 60), index=index)
    prices = 100.0 * (1.0 + returns).cumprod()
    whole, fields = pd.Series(1.0, index=index), {"strategy_return": returns}
    limit = 0.04 * periods**0.5
    numbers, events = [], []
    for year in (None, periods):
        alone = VolatilityBreaker(limit, window=5, periods_per_year=year, cooldown=3)
        combined = any_of(alone, DrawdownBreaker(0.9), cooldown=3, reentry="timer")
        history = backtest_breakers(returns, alone, rng=1, draws=5)
        assert history.breakers.breakers[0].periods_per_year == periods
        swept = sweep_breakers(returns, lambda limit, g=year: VolatilityBreaker(limit, window=5, periods_per_year=g),
                               {"limit": [limit]}, selection=False, halt_draws=5, rng=1)  # fmt: skip
        gated = simulate(whole, prices, gates=[alone, combined], bar_fields=fields)
        numbers.append([history.numbers, swept.trials["trips"].to_numpy()])
        numbers[-1] += [np.array(record.numbers) for record in gated.breaker_records]
        events.append(gated.events)
    for one, other in zip(*numbers, strict=True):
        np.testing.assert_array_equal(one, other)
    pd.testing.assert_frame_equal(*events)
    assert len(events[0]) > 0


def test_a_stream_that_counts_per_year_must_be_told_the_year_of_bars_with_times():
    undated, told = VolatilityBreaker(0.2, window=2), VolatilityBreaker(0.2, window=2, periods_per_year=252)
    for move in (0.02, -0.02):
        one, other = (breaker.start().update(Bar(strategy_return=move)) for breaker in (undated, told))
        assert one == other
    for running in (undated.start(), any_of(undated).start(), BreakerSet([undated]).start()):
        before = running.to_dict()
        with pytest.raises(InvalidInputError, match="periods_per_year must be given for"):
            running.update(Bar(time=pd.Timestamp("2024-01-02"), strategy_return=0.01))
        assert running.to_dict() == before
    VolatilityBreaker(1.2, window=2, long_window=5).start().update(Bar(time=pd.Timestamp("2024-01-02")))
