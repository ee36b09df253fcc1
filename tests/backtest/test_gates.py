"""Gates and limits: the loop over bars has the bits of the sweep, and decisions act from the next bar."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.backtest import simulate
from riskresearch.core import Bar, Decision, InvalidInputError
from riskresearch.sizing import Caps
from tests.backtest.samples import EVERY_COST, impact_panels, market, markets
from tests.examples import examples

DATES = pd.DatetimeIndex(["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-08"])
PRICES = pd.Series([100.0, 100.0, 110.0, 99.0, 99.0], index=DATES, name="A")


class Scripted:
    """A gate that answers by bar number, 1 where nothing is written, and remembers what it saw."""

    def __init__(self, answers=None, reduce_only=()):
        self.answers, self.reduce_only, self.seen = answers or {}, reduce_only, []

    def start(self, columns, *, capital):
        self.columns = tuple(columns)
        return self

    def update(self, bar):
        self.seen.append(bar)
        return Decision(self.answers.get(bar.row, 1.0), bar.row in self.reduce_only)


class Cap:
    """A limit that cuts each weight, and remembers what it was shown."""

    def __init__(self, most):
        self.most, self.shown = most, []

    def start(self, columns):
        self.columns = tuple(columns)
        return self

    def apply(self, target, bar):
        self.shown.append((target.copy(), bar))
        return np.clip(target, -self.most, self.most)


def account(weights, **options):
    return simulate(pd.Series(weights, index=DATES), PRICES, capital=1000.0, **options)


@given(markets(), st.sampled_from(["every_bar", "on_change", 0.05]), st.integers(1, 2), st.booleans())
@examples(40)
def test_a_gate_that_always_answers_one_changes_no_bit(data, rebalance, lag, split):
    weights, prices = data
    options = {
        "costs": EVERY_COST, "rebalance": rebalance, "lag": lag, "accounts": "columns" if split else None,
        **impact_panels(prices),
    }  # fmt: skip
    swept = simulate(weights, prices, **options)
    gated = simulate(weights, prices, gates=[Scripted()], **options)
    for name in ("units", "equity", "cash"):
        np.testing.assert_array_equal(getattr(gated, name), getattr(swept, name))
    for kind in swept.record.flows:
        np.testing.assert_array_equal(gated.record.flows[kind], swept.record.flows[kind])
    pd.testing.assert_frame_equal(gated.fills, swept.fills, check_exact=True)


@pytest.mark.filterwarnings("ignore:corporate_actions has:riskresearch.core.ConventionWarning")
def test_the_loop_and_the_sweep_agree_over_gaps_splits_and_bankruptcies():
    weights, prices = market(rows=80, columns=4, seed=5)
    prices.iloc[20:23, 0] = np.nan
    prices.iloc[60:, 1] = np.nan
    prices.iloc[40:, 3] *= 8.0
    weights *= 0.5
    weights.iloc[:, 3] = -0.9
    weights.iloc[7, 2] = np.nan
    actions = pd.DataFrame(
        {
            "symbol": ["S2", "S0"],
            "date": prices.index[[30, 50]],
            "kind": ["cash_dividend", "split"],
            "value": [2.0, 0.5],
        }
    )
    for missing in ("settle", "hold"):
        options = {
            "costs": EVERY_COST, "capital": 1000.0, "missing_prices": missing, "missing_weights": "hold",
            "corporate_actions": actions, "accounts": {"S0": "a", "S1": "a", "S2": "b", "S3": "c"},
            **impact_panels(prices),
        }  # fmt: skip
        swept, gated = simulate(weights, prices, **options), simulate(weights, prices, gates=[Scripted()], **options)
        assert list(swept.bankruptcies) == ["c"]
        pd.testing.assert_frame_equal(gated.units, swept.units, check_exact=True)
        pd.testing.assert_frame_equal(gated.equity, swept.equity, check_exact=True)
        assert gated.unfilled == swept.unfilled


def test_a_decision_acts_from_the_next_bar_and_zero_liquidates():
    gate = Scripted({1: 0.5, 2: 0.0})
    done = account([0.5] * 5, gates=[gate])
    # bar 1 buys 5; after it the gate says one half, so bar 2 targets 0.25 of 1050, and bar 3 nothing
    np.testing.assert_allclose(done.units["A"], [0.0, 5.0, 262.5 / 110.0, 0.0, done.units["A"].iloc[4]], rtol=1e-15)
    assert done.units["A"].iloc[4] > 0.0
    assert gate.columns == ("A",)


def test_a_gate_sees_the_account_after_each_bar():
    gate = Scripted()
    done = account([0.5] * 5, gates=[gate], costs=0.001)
    assert [bar.row for bar in gate.seen] == [0, 1, 2, 3, 4]
    assert [bar.time for bar in gate.seen] == list(DATES)
    assert all(isinstance(bar, Bar) for bar in gate.seen)
    np.testing.assert_array_equal([bar.equity for bar in gate.seen], done.equity)
    np.testing.assert_array_equal([bar.account.cash for bar in gate.seen], done.cash)
    np.testing.assert_array_equal([bar.account.peak for bar in gate.seen], done.equity.cummax().clip(lower=1000.0))
    np.testing.assert_array_equal([bar.account.weights[0] for bar in gate.seen], done.weights["A"])
    assert [bar.account.prices[0] for bar in gate.seen] == PRICES.tolist()
    np.testing.assert_allclose([bar.turnover for bar in gate.seen][1], 500.0 / 1000.0, rtol=1e-15)


def test_the_peak_begins_with_the_capital():
    gate = Scripted()
    account([1.0] * 5, gates=[gate], costs=0.01)
    assert gate.seen[1].equity < gate.seen[1].account.peak == 1000.0


def test_reduce_only_lets_no_position_grow_or_cross_zero():
    # held 5 from bar 1; the target asks for more, for a short, for less
    bigger = account([0.5, 0.9, 0.9, 0.9, 0.9], gates=[Scripted(reduce_only=(1, 2, 3))])
    assert bigger.units["A"].tolist()[:3] == [0.0, 5.0, 5.0]
    crossing = account([0.5, -0.9, -0.9, -0.9, -0.9], gates=[Scripted(reduce_only=(1, 2, 3))])
    assert crossing.units["A"].tolist() == [0.0, 5.0, 0.0, 0.0, 0.0]
    smaller = account([0.5, 0.2, 0.2, 0.2, 0.2], gates=[Scripted(reduce_only=(1, 2, 3))])
    assert 0.0 < smaller.units["A"].iloc[2] < 5.0
    flat = account([0.0, 0.9, 0.9, 0.9, 0.9], gates=[Scripted(reduce_only=(0, 1, 2, 3))])
    assert (flat.units["A"] == 0.0).all()
    short = account([-0.5, -0.9, 0.9, 0.9, 0.9], gates=[Scripted(reduce_only=(1, 2, 3))])
    assert short.units["A"].tolist() == [0.0, -5.0, -5.0, 0.0, 0.0]


def test_multipliers_of_several_gates_multiply_and_may_differ_by_column():
    weights, prices = market(rows=6, columns=2)
    halves = simulate(weights, prices, gates=[Scripted({2: 0.5}), Scripted({2: np.array([0.5, 0.0])})])
    expected = weights.copy()
    expected.iloc[2] *= [0.25, 0.0]
    pd.testing.assert_frame_equal(halves.units, simulate(expected, prices).units, check_exact=True)


def test_each_account_has_its_own_gates():
    weights, prices = market(rows=6, columns=3)

    started = []

    class Maker:
        def start(self, columns, *, capital):
            started.append(tuple(columns))
            return Scripted({2: 0.0} if "S1" in columns else {}).start(columns, capital=capital)

    done = simulate(weights, prices, gates=[Maker()], accounts={"S0": "a", "S1": "b", "S2": "a"})
    assert started == [("S0", "S2"), ("S1",)]
    assert done.units.iloc[3].ne(0.0).tolist() == [True, False, True]


def test_a_bankruptcy_is_the_last_that_a_gate_hears_of_an_account():
    gate = Scripted()
    prices = pd.Series([100.0, 100.0, 500.0, 500.0, 500.0], index=DATES)
    simulate([-1.0] * 5, prices, gates=[gate])
    assert [(bar.row, bar.equity) for bar in gate.seen] == [(0, 1.0), (1, 1.0), (2, 0.0)]


def test_limits_come_after_gates_and_see_what_is_held_when_the_target_is_decided():
    cap = Cap(0.3)
    done = account([0.8] * 5, gates=[Scripted({1: 0.25})], limits=[cap])
    np.testing.assert_allclose(done.weights["A"].iloc[1], 0.3, rtol=1e-15)
    assert cap.columns == ("A",)
    assert [float(target[0]) for target, _ in cap.shown] == [0.8, 0.2, 0.8, 0.8]
    np.testing.assert_array_equal([bar.account.weights[0] for _, bar in cap.shown], done.weights["A"].iloc[:4])
    np.testing.assert_array_equal([bar.account.equity for _, bar in cap.shown], done.equity.iloc[:4])


@pytest.mark.parametrize("multiplier", [-0.1, np.nan, np.inf, np.ones(3)])
def test_a_gate_must_answer_a_multiplier(multiplier):
    with pytest.raises(InvalidInputError, match=r"Scripted.update must return a multiplier of at least 0"):
        account([0.5] * 5, gates=[Scripted({1: multiplier})])


def test_the_cap_on_leverage_is_checked_bar_by_bar():
    with pytest.raises(
        InvalidInputError, match=r"max_leverage=1, got 1\.5 after gates and limits in account 'portfolio'"
    ):
        account([0.5] * 5, gates=[Scripted({1: 3.0})], max_leverage=1.0)


def test_gates_that_are_none_are_refused():
    weights, prices = market(rows=8, columns=2)
    for wrong in (prices, np.zeros(2), "stop", 5, {}):
        with pytest.raises(InvalidInputError, match=r"gates must be a sequence, such as a list"):
            simulate(weights, prices, gates=wrong)
    for wrong in (Scripted, len, {"A": 1.0}):
        with pytest.raises(InvalidInputError, match=r"gates must be breakers, sets of breakers, or objects with a"):
            simulate(weights, prices, gates=[wrong])
    for wrong in (Cap(0.5), Caps(0.5)):
        with pytest.raises(InvalidInputError, match=r"What caps target weights is a limit: limits=\[\.\.\.\]"):
            simulate(weights, prices, gates=[wrong])
