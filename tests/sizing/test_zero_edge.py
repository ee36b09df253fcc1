"""A bet without an edge gets exactly nothing, and Kelly weights meet the conditions of the optimum to rounding."""

import itertools

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.sizing import Constraints, KellyPositionSizer, kelly_fraction, kelly_weights
from riskresearch.sizing.optimise._optimal_f import _best_fraction
from tests.examples import examples
from tests.samples import fat_tailed

METHODS = ("exact", "quadratic")
DRAWDOWN = {"drawdown": 0.5, "drawdown_probability": 0.1}
SHORT = Constraints(lower=-0.5, upper=0.5, total=(-1.0, 1.0), max_gross=1.0)


def coins(probabilities, odds, stake=0.1):
    """Return all outcomes of independent coins on a part of the stake, and their probabilities."""
    outcomes = np.array(list(itertools.product([True, False], repeat=len(odds))))
    chances = np.where(outcomes, probabilities, 1.0 - np.array(probabilities)).prod(axis=1)
    return stake * np.where(outcomes, odds, -1.0), chances / chances.sum()


def weights(probabilities, odds, stake=0.1, **options):
    returns, chances = coins(probabilities, odds, stake)
    return np.array(kelly_weights(returns, probabilities=chances, uncertainty="ignore", **options).weights)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("limits", [{}, DRAWDOWN, {"constraints": SHORT}, {"fraction": 0.5}])
@pytest.mark.parametrize(("probability", "odds"), [(0.5, 1.0), (0.4, 1.5), (1 / 3, 2.0), (0.1, 9.0), (0.7, 3 / 7)])
def test_a_coin_without_an_edge_gets_nothing(probability, odds, method, limits):
    assert weights([probability], [odds], method=method, **limits) == [0.0]
    alone, beside = weights([probability, 0.56], [odds, 1.0], method=method, **limits)
    assert alone == 0.0
    assert beside > 0.01


@pytest.mark.parametrize("method", METHODS)
def test_a_bet_with_a_negative_edge_gets_nothing_unless_it_can_be_laid(method):
    assert weights([0.3, 0.45, 0.49999], [1.0, 1.0, 1.0], method=method).tolist() == [0.0, 0.0, 0.0]
    assert weights([0.45], [1.0], method=method, constraints=SHORT)[0] < -0.4


@examples(40)
@given(
    st.lists(st.sampled_from(list(itertools.product([0.2, 0.5, 0.8], [-0.1, 0.0, 0.03]))), min_size=1, max_size=5),
    st.sampled_from(METHODS),
    st.booleans(),
)
def test_exactly_the_coins_with_an_edge_are_bet_on(bets, method, limited):
    """Odds of (1 + edge) / p - 1 have that edge; independent coins do not hedge one another."""
    probabilities, edges = zip(*bets, strict=True)
    odds = [(1.0 + edge) / chance - 1.0 for chance, edge in bets]
    found = weights(probabilities, odds, method=method, stake=0.02, **(DRAWDOWN if limited else {}))
    assert ((found > 0.0) == (np.array(edges) > 0.0)).all()


def test_a_small_edge_is_not_taken_for_none():
    assert weights([0.5 + 1e-9], [1.0], stake=1.0) == pytest.approx([2e-9], rel=1e-6)
    assert weights([0.53], [1.0], stake=1.0) == pytest.approx([0.06], rel=1e-13)


@pytest.mark.parametrize("uncertainty", ["predictive", "shrinkage", "ignore"])
def test_returns_without_a_mean_get_nothing(uncertainty):
    """Beside one another too, as long as none hedges another."""
    rows = 0.01 * np.array(list(itertools.product([1.0, -1.0], [2.0, -2.0], [1.0, 0.5, -1.5])))
    for columns in ([0], [0, 1], [0, 1, 2]):
        bet = kelly_weights(rows[:, columns], uncertainty=uncertainty)
        assert bet.weights == (0.0,) * len(columns)
    sizer = KellyPositionSizer(window=12, rebalance_every=1, uncertainty=uncertainty)
    assert (sizer.weights(np.tile(rows[:, :2], (3, 1)))[12::12] == 0.0).all()


@examples(40)
@given(st.integers(1, 8), st.integers(0, 10**6), st.sampled_from(METHODS), st.sampled_from([None, SHORT]))
def test_no_direction_that_is_allowed_gains_to_rounding(columns, seed, method, constraints):
    """The derivative towards every other corner of the allowed weights is zero or less, but for 1e-13 of |r|."""
    returns = fat_tailed(120, columns, seed) + np.random.default_rng(seed).normal(0.0, 0.001, columns)
    found = np.array(kelly_weights(returns, method=method, constraints=constraints, uncertainty="ignore").weights)
    wealth = 1.0 + returns @ found if method == "exact" else 1.0 / (1.0 - returns @ found)
    slope = (returns / wealth[:, None]).mean(axis=0)
    long, short = (1.0, 0.0) if constraints is None else (0.5, -0.5)
    corners = [np.zeros(columns), *(long * np.eye(columns)), *(short * np.eye(columns))]
    if constraints is not None:
        pairs = itertools.permutations(np.eye(columns), 2)
        corners += [sign * 0.5 * one + other * 0.5 * second for one, second in pairs for sign, other in SIGNS]
    gains = [slope @ (corner - found) for corner in corners]
    assert max(gains) <= 1e-13 * np.abs(returns).mean()


SIGNS = list(itertools.product([1.0, -1.0], repeat=2))


@pytest.mark.parametrize(("probability", "odds"), [(0.4, 1.5), (1 / 3, 2.0), (0.1, 9.0), (0.7, 3 / 7), (0.35, 13 / 7)])
def test_one_bet_without_an_edge_has_no_stake(probability, odds):
    assert kelly_fraction(probability, odds=odds) == 0.0
    assert kelly_fraction(probability + 1e-9, odds=odds) > 0.0


@pytest.mark.parametrize("unit", [1.0, 0.1, 0.07, 1e-3])
def test_trades_that_gain_nothing_have_no_optimal_f(unit):
    trades = unit * np.array([1.5, 1.5, -1.0, -1.0, -1.0, 0.3, -0.3])
    assert _best_fraction(trades / unit / 1.0) == 0.0
    assert _best_fraction(np.array([3.0, -1.0, -1.0, -1.0]) * (1.0 / 3.0) * 3.0) == 0.0
