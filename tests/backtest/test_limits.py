"""Limits on target weights: what they are shown, what they may answer, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.backtest import simulate
from riskresearch.breakers import BreakerSet, DrawdownBreaker
from riskresearch.core import Bar, Decision, InvalidInputError
from riskresearch.sizing import Caps, VolatilityPositionSizer
from tests.backtest.samples import market


class Shown:
    """A limit that answers by a function of the target and the bar, and keeps a list of what each account was shown."""

    def __init__(self, answer=lambda target, bar: target):
        self.answer, self.started = answer, {}

    def start(self, columns):
        self.started[columns] = []
        return Running(self.answer, self.started[columns])


class Running:
    def __init__(self, answer, shown):
        self.answer, self.shown = answer, shown

    def apply(self, target, bar):
        self.shown.append((target.copy(), bar))
        return self.answer(target, bar)


class Scripted:
    """A gate that answers by bar number."""

    def __init__(self, answers):
        self.answers, self.seen = answers, []

    def start(self, columns, *, capital):
        return self

    def update(self, bar):
        self.seen.append(bar)
        return self.answers.get(bar.row, Decision())


def shown_by(weights, prices, **options):
    limit = Shown()
    done = simulate(weights, prices, limits=[limit], **options)
    return done, [bar for _, bar in next(iter(limit.started.values()))]


# --- what is shown


@pytest.mark.filterwarnings("ignore:lag=0 fills:riskresearch.core.ConventionWarning")
@pytest.mark.parametrize("lag", [0, 1, 2, 3])
def test_the_bar_is_the_last_one_whatever_the_lag(lag):
    weights, prices = market(rows=9, columns=2)
    done, bars = shown_by(weights, prices, lag=lag)
    assert len(bars) == 9 - lag
    first = 1 if lag == 0 else 0
    # The target of row t - lag is filled on row t, after bar t - 1.
    assert [bar.row for bar in bars[first:]] == list(range(lag - 1 + first, 8))
    for bar in bars[first:]:
        assert bar.time == prices.index[bar.row].to_pydatetime()
        assert bar.account.name == "portfolio"
        assert bar.account.columns == ("S0", "S1")
        np.testing.assert_array_equal(bar.account.weights, done.weights.iloc[bar.row])
        np.testing.assert_array_equal(bar.account.prices, prices.iloc[bar.row])
        assert (bar.equity, bar.account.cash) == (done.equity.iloc[bar.row], done.cash.iloc[bar.row])


@pytest.mark.filterwarnings("ignore:lag=0 fills:riskresearch.core.ConventionWarning")
def test_before_the_first_bar_it_is_the_capital_and_nothing_held_or_known():
    weights, prices = market(rows=4, columns=2)
    _, bars = shown_by(weights, prices, lag=0, capital=500.0)
    first = bars[0]
    assert isinstance(first, Bar)
    assert (first.time, first.row, first.decision) == (None, None, None)
    assert (first.equity, first.gross_exposure, first.net_exposure, first.turnover) == (500.0, 0.0, 0.0, 0.0)
    account = first.account
    assert (account.equity, account.peak, account.cash) == (500.0, 500.0, 500.0)
    assert account.weights.tolist() == [0.0, 0.0]
    assert np.isnan(account.prices).all()
    assert not account.priced.any()


def test_each_account_has_its_own_running_limit():
    weights, prices = market(rows=5, columns=3)
    limit = Shown()
    simulate(weights, prices, limits=[limit], accounts={"S0": "a", "S1": "b", "S2": "a"})
    assert list(limit.started) == [("S0", "S2"), ("S1",)]
    assert [len(shown) for shown in limit.started.values()] == [4, 4]
    assert {bar.account.name for _, bar in limit.started["S1",]} == {"b"}


def test_without_a_price_the_last_one_is_shown():
    weights, prices = market(rows=6, columns=2)
    prices.iloc[2, 0] = np.nan
    _, bars = shown_by(weights, prices, missing_prices="hold")
    np.testing.assert_array_equal(bars[2].account.prices, [prices.iloc[1, 0], prices.iloc[2, 1]])
    assert bars[2].account.priced.tolist() == [False, True]


def test_the_decision_of_the_gates_is_shown_after_it_was_made():
    weights, prices = market(rows=6, columns=2)
    gates = [
        Scripted({1: Decision(0.5, reasons=("FIRST",)), 3: Decision(units={"S1": Decision(0.0, True)})}),
        Scripted({1: Decision(0.5, frozen=True, reasons=("SECOND",)), 4: Decision(units={"long": Decision(0.25)})}),
    ]
    _, bars = shown_by(weights, prices, gates=gates)
    assert bars[0].decision.state == "ACTIVE"
    assert bars[1].decision.multiplier == 0.25
    assert bars[1].decision.frozen.tolist() == [True, True]
    assert bars[1].decision.reasons == ("FIRST", "SECOND")
    assert bars[3].decision.multiplier.tolist() == [1.0, 0.0]
    assert bars[3].decision.reduce_only.tolist() == [False, True]
    assert bars[4].decision.units["long"].multiplier == 0.25
    assert bars[4].decision.units["short"] == Decision()
    assert all(bar.decision is None for gate in gates for bar in gate.seen)  # a gate decides, and is not shown it


def test_bar_fields_are_shown_to_limits():
    weights, prices = market(rows=5, columns=2)
    _, bars = shown_by(weights, prices, bar_fields={"volatility": np.arange(5.0)})
    assert [bar.volatility for bar in bars] == [0.0, 1.0, 2.0, 3.0]


def test_limits_are_applied_one_after_the_other():
    weights, prices = market(rows=5, columns=2)
    second = Shown()
    simulate(weights, prices, limits=[Shown(lambda target, bar: target * 0.5), second])
    np.testing.assert_array_equal(second.started["S0", "S1"][0][0], weights.iloc[0] * 0.5)


def test_with_a_calendar_limits_judge_the_targets_that_are_traded():
    weights, prices = market(rows=40, columns=2)
    done, bars = shown_by(weights, prices, rebalance="week")
    rows = [bar.row + 1 for bar in bars]
    traded = (done.turnover > 0.0).to_numpy().nonzero()[0].tolist()
    assert rows == traded
    assert len(rows) < 10
    gate = Scripted({11: Decision(0.5)})
    _, bars = shown_by(weights, prices, rebalance="week", gates=[gate])
    assert {bar.row + 1 for bar in bars} == {*rows, 12, 13}  # a gate that changes its decision does not wait


# --- what may be answered


def test_nan_keeps_the_units_held():
    weights, prices = market(rows=8, columns=2)
    done = simulate(weights, prices, limits=[Shown(lambda target, bar: target * (np.nan if bar.row > 2 else 1.0))])
    assert done.units.iloc[3:].drop_duplicates().shape[0] == 1
    one = simulate(
        weights, prices, limits=[Shown(lambda target, bar: np.where([bar.row > 2, False], np.nan, target))]
    ).units
    assert one["S0"].iloc[3:].nunique() == 1
    assert one["S1"].nunique() == 8


@pytest.mark.parametrize("kind", [list, tuple, pd.Series, lambda row: np.asarray(row, dtype=np.float32), np.asarray])
def test_an_answer_may_be_any_row_of_numbers(kind):
    weights, prices = market(rows=5, columns=2)
    done = simulate(weights, prices, limits=[Shown(lambda target, bar: kind([0.5, 0.25]))])
    np.testing.assert_array_equal(done.units, simulate(weights * 0.0 + [0.5, 0.25], prices).units)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (np.ones(3), r"Running.apply must return one weight a column, shape \(2,\), got shape \(3,\)"),
        (0.5, r"Running.apply must return one weight a column, shape \(2,\), got shape \(\)"),
        (np.ones((1, 2)), r"Running.apply must return one weight a column, shape \(2,\), got shape \(1, 2\)"),
        ([np.inf, 0.1], "target weights must be finite after gates and limits, Running.apply returned"),
        (None, "Running.apply must return weights, one number a column, got None"),
        (["a", "b"], "Running.apply must return weights, one number a column"),
        ([[0.1], [0.1, 0.2]], "Running.apply must return weights, one number a column"),
        (np.array([True, False]), "Running.apply must return weights, one number a column"),
        ({"S0": 0.1, "S1": 0.2}, "Running.apply must return weights, one number a column"),
    ],
)
def test_other_answers_are_refused(answer, message):
    weights, prices = market(rows=5, columns=2)
    with pytest.raises(InvalidInputError, match=message):
        simulate(weights, prices, limits=[Shown(lambda target, bar: answer)])


# --- what is no limit


class Earlier:
    def apply(self, target, held, equity):
        return target


class EarlierStarted(Earlier):
    def start(self, columns):
        return self


class NothingStarted:
    def start(self, columns):
        return None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            [{"A": 0.1}],
            r"limits must be objects with a method start\(columns\), such as sizing.Caps, got {'A': 0.1}\.$",
        ),
        ([len], r"limits must be objects with a method start\(columns\)"),
        ([market()[1]], r"limits must be objects with a method start\(columns\).*, got a DataFrame\.$"),
        ("cap", "limits must be a sequence, such as a list"),
        (Caps(0.5), r"limits must be a sequence, such as a list.* A single one goes into a list: limits=\[\.\.\.\]"),
        ([Caps], r"It is a class: pass an object of it, Caps\(\.\.\.\)"),
        ([Shown], r"It is a class: pass an object of it, Shown\(\.\.\.\)"),
        ([Earlier()], r"A limit with apply\(target, held, equity\) alone gets start\(columns\).*bar.account.weights"),
        ([EarlierStarted()], r"EarlierStarted.start must return an object with a method apply\(target, bar\).*A limit"),
        (
            [NothingStarted()],
            r"NothingStarted.start must return an object with a method apply\(target, bar\), got None",
        ),
        ([DrawdownBreaker(0.1)], r"What observes each bar, such as a breaker, is a gate: gates=\[\.\.\.\]"),
        ([BreakerSet([DrawdownBreaker(0.1)])], r"What observes each bar, such as a breaker, is a gate"),
        ([Scripted({})], r"What observes each bar, such as a breaker, is a gate"),
        (
            [VolatilityPositionSizer(0.1)],
            r"VolatilityPositionSizer.start must return an object with a method apply\(target, bar\)",
        ),
    ],
)
def test_what_is_no_limit_is_refused_with_a_remedy(wrong, message):
    weights, prices = market(rows=8, columns=2)
    with pytest.raises(InvalidInputError, match=message):
        simulate(weights, prices, limits=wrong)
