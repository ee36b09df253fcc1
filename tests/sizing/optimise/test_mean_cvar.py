"""Minimum CVaR and mean-CVaR weights against the measure itself, grids, an interior-point solver and closed forms."""

import math

import clarabel
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from riskresearch import sizing
from riskresearch.core import InvalidInputError
from riskresearch.kernels.optimise._conic_programs import Block, dense_block, polytope_blocks, solve
from riskresearch.metrics import conditional_value_at_risk
from riskresearch.sizing import Constraints
from riskresearch.sizing.optimise._constraints import polytope
from tests.examples import examples
from tests.samples import fat_tailed, random_of


def minimum_cvar(returns, **options):
    """Return the weights alone."""
    return np.array(sizing.minimum_cvar(returns, **options).weights)


def mean_cvar(returns, **options):
    """Return the weights alone."""
    return np.array(sizing.mean_cvar(returns, **options).weights)


def cvar(returns, weights, level=0.95):
    return conditional_value_at_risk(np.asarray(returns) @ np.asarray(weights), level=level)


def by_interior_point(returns, level):
    """Solve Rockafellar and Uryasev's programme with clarabel, long only with sum 1; return its least CVaR."""
    rows, columns = returns.shape
    linear = np.concatenate([np.zeros(columns), [1.0], np.full(rows, 1 / rows / (1 - level))])
    scenarios = np.hstack([-returns * 100, -np.ones((rows, 1)), -np.eye(rows)])
    k = np.arange(rows)
    blocks = [
        *polytope_blocks(polytope(None, tuple(map(str, range(columns))), total=(1.0, 1.0))),
        dense_block(scenarios, np.zeros(rows), [clarabel.NonnegativeConeT(rows)]),
        Block(k, k + columns + 1, -np.ones(rows), np.zeros(rows), [clarabel.NonnegativeConeT(rows)]),
    ]
    found = solve(None, linear, blocks)
    assert found.solved
    return float(linear @ found.point) / 100


@pytest.mark.parametrize("level", [0.9, 0.95, 0.975])
@pytest.mark.parametrize("seed", range(3))
def test_the_measure_is_least_and_equal_to_an_interior_point_solver(level, seed):
    returns = fat_tailed(211, 5, seed) * np.linspace(0.5, 2.0, 5)
    weights = minimum_cvar(returns, level=level)
    assert cvar(returns, weights, level) == pytest.approx(by_interior_point(returns, level), rel=1e-6)


def test_no_point_of_a_grid_is_better():
    returns = fat_tailed(150, 3, 4) + np.array([0.0005, 0.0, -0.0003])
    best = cvar(returns, minimum_cvar(returns))
    steps = np.linspace(0, 1, 41)
    grid = [cvar(returns, [a, b, 1 - a - b]) for a in steps for b in steps if a + b <= 1 + 1e-12]
    assert best <= min(grid) + 1e-15
    assert min(grid) == pytest.approx(best, rel=0.02)


def test_normal_returns_give_the_minimum_variance_portfolio():
    """Rockafellar & Uryasev (2000), proposition 4.1: with normal returns of equal means CVaR and variance agree."""
    correlated = np.array([[1.0, 0.3], [0.3, 4.0]]) * 1e-4
    law = stats.qmc.MultivariateNormalQMC
    draws = law([0.0, 0.0], cov=correlated, **random_of(law)).random(2**14)
    inverse = np.linalg.solve(correlated, np.ones(2))
    assert minimum_cvar(draws, level=0.9) == pytest.approx(inverse / inverse.sum(), abs=0.02)


def test_two_scenarios_by_hand():
    """CVaR is the worse of 0.1 w - 0.02 (1 - w) and its negative: nothing is lost at w = 1/6."""
    assert minimum_cvar([[-0.1, 0.02], [0.1, -0.02]], level=0.75) == pytest.approx([1 / 6, 5 / 6], rel=1e-9)


@given(st.integers(0, 10_000), st.sampled_from([0.6, 0.9, 0.95, 0.99]))
@examples(30)
def test_no_random_portfolio_is_better(seed, level):
    returns = fat_tailed(60, 4, seed)
    best = cvar(returns, minimum_cvar(returns, level=level), level)
    for other in np.random.default_rng(seed).dirichlet(np.ones(4), 20):
        assert best <= cvar(returns, other, level) + 1e-9


@given(st.integers(0, 10_000), st.floats(0.0, 5.0))
@examples(30)
def test_no_random_portfolio_trades_mean_for_cvar_better(seed, aversion):
    returns = fat_tailed(60, 4, seed)
    ours = mean_cvar(returns, risk_aversion=aversion)
    value = returns.mean(axis=0) @ ours - aversion * cvar(returns, ours)
    for other in np.random.default_rng(seed).dirichlet(np.ones(4), 20):
        assert value >= returns.mean(axis=0) @ other - aversion * cvar(returns, other) - 1e-9


def test_the_three_forms_trace_one_frontier():
    """The mean under a CVaR limit is least CVaR's constraint, and the price between two points lies between slopes."""
    returns = fat_tailed(120, 4, 1) + np.array([0.002, 0.001, 0.0005, 0.0])
    means = returns.mean(axis=0)
    least = minimum_cvar(returns)
    limit = 1.2 * cvar(returns, least)
    greatest = mean_cvar(returns, max_cvar=limit)
    assert cvar(returns, greatest) == pytest.approx(limit, rel=1e-6)
    back = minimum_cvar(returns, required_return=float(means @ greatest))
    assert cvar(returns, back) == pytest.approx(limit, rel=1e-6)
    assert mean_cvar(returns, risk_aversion=1e6) == pytest.approx(least, abs=1e-6)
    assert mean_cvar(returns, risk_aversion=0.0)[means.argmax()] == pytest.approx(1.0)


def test_probabilities_stand_for_repeated_rows():
    returns = fat_tailed(40, 3, 2)
    repeated = np.repeat(returns, np.arange(1, 41), axis=0)
    chances = np.arange(1, 41) / 820
    ours = minimum_cvar(returns, probabilities=chances, level=0.9)
    assert cvar(repeated, ours, 0.9) == pytest.approx(cvar(repeated, minimum_cvar(repeated, level=0.9), 0.9), rel=1e-9)


@given(st.integers(0, 10_000))
@examples(20)
def test_every_constraint_is_kept(seed):
    returns = fat_tailed(60, 4, seed)
    constraints = Constraints(
        lower=-0.5, upper=0.6, total=(0.2, 1.0), max_gross=1.5, groups=dict(zip("0123", "aabb", strict=True)),
        group_limits={"a": (0.1, 0.1)},
    )  # fmt: skip
    for weights in (
        minimum_cvar(returns, constraints=constraints),
        mean_cvar(returns, risk_aversion=1.0, constraints=constraints),
    ):
        assert (weights >= -0.5).all()
        assert (weights <= 0.6).all()
        assert 0.2 - 1e-9 <= weights.sum() <= 1.0 + 1e-9
        assert abs(weights).sum() <= 1.5 + 1e-9
        assert weights[:2].sum() == pytest.approx(0.1, abs=1e-9)


def test_short_positions_lower_the_risk_and_cash_is_without():
    returns = fat_tailed(100, 3, 0) + fat_tailed(100, 1, 9) * 2
    long_only = cvar(returns, minimum_cvar(returns))
    hedged = cvar(returns, minimum_cvar(returns, constraints=Constraints(lower=-1.0), max_leverage=5.0))
    assert hedged < long_only
    assert minimum_cvar(returns, constraints=Constraints(total=(0.0, 1.0))) == pytest.approx(np.zeros(3), abs=1e-12)


def test_every_kind_of_input_gives_the_same_weights_and_stays_as_it_was():
    returns = fat_tailed(60, 2, 0)
    frame = pd.DataFrame(returns, columns=["A", "B"], index=pd.date_range("2024-01-01", periods=60))
    before = frame.copy()
    result = sizing.minimum_cvar(frame)
    assert result.assets == ("A", "B")
    pd.testing.assert_frame_equal(frame, before)
    assert result.weights == tuple(minimum_cvar(returns))
    assert tuple(minimum_cvar(pl.DataFrame(returns, schema=["A", "B"]))) == result.weights
    assert minimum_cvar(frame["A"]) == 1.0
    assert sizing.minimum_cvar(frame["A"]).assets == ("A",)
    assert mean_cvar(frame, risk_aversion=1.0).sum() == pytest.approx(1.0)


TWO = fat_tailed(30, 2, 0)


@pytest.mark.filterwarnings("ignore:required_return is a rate:riskresearch.core.ConventionWarning")
@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: minimum_cvar(TWO, level=0.05), r"level must be in \(0.5, 1\), got 0.05"),
        (lambda: minimum_cvar(TWO, required_return=1.0), "together with required_return or max_cvar, but none do"),
        (lambda: minimum_cvar(TWO, required_return=float("inf")), "required_return must be a finite number"),
        (lambda: mean_cvar(TWO), "risk_aversion or max_cvar must be given, not both, got None and None"),
        (lambda: mean_cvar(TWO, risk_aversion=1.0, max_cvar=0.1), "not both, got 1.0 and 0.1"),
        (lambda: mean_cvar(TWO, risk_aversion=-1.0), "risk_aversion must be zero or more"),
        (lambda: mean_cvar(TWO, max_cvar=-0.5), "together with required_return or max_cvar, but none do"),
        (
            lambda: mean_cvar(TWO, risk_aversion=0.0, constraints=Constraints(lower=None), max_leverage=math.inf),
            "constraints must bound the weights",
        ),
        (lambda: minimum_cvar(TWO, probabilities=np.full(30, 0.1)), "probabilities must be zero or more and sum to 1"),
        (lambda: minimum_cvar(TWO, constraints=Constraints(upper=0.3)), "total must be within the sums"),
        (lambda: minimum_cvar(TWO, constraints={"upper": 0.3}), "constraints must be riskresearch.sizing.Constraints"),
        (lambda: minimum_cvar([]), "returns must not be empty"),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()


def test_the_result_names_its_objective_and_the_constraints_that_bind():
    result = sizing.mean_cvar(TWO, risk_aversion=0.5, constraints=Constraints(upper=0.7, total=1.0))
    assert {"total"} < set(result.binding)
    assert result.summary().endswith("greatest mean - 0.5 CVaR at level 0.95.")
    assert sizing.minimum_cvar(TWO, required_return=-0.01).objective == (
        "least CVaR at level 0.95 with a mean return of at least -0.01"
    )
