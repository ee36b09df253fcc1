"""Diversification against closed forms and an independent optimiser."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy import optimize, stats

from riskresearch.core import InvalidInputError
from riskresearch.kernels.compiled._resample import draw_rows
from riskresearch.kernels.inference._block_length import automatic_length
from riskresearch.kernels.inference._bootstrap import make_plan
from riskresearch.kernels.optimise import _effective_bets as _bets
from riskresearch.metrics import Bootstrap
from riskresearch.portfolio import diversification_ratio, effective_number_of_bets, herfindahl_index
from tests.examples import examples
from tests.samples import fat_tailed, of_any_size


def white(rows, columns, seed=0):
    """Return returns whose sample covariance is exactly the identity."""
    noise = np.random.default_rng(seed).standard_normal((rows, columns))
    noise -= noise.mean(axis=0)
    return noise @ np.linalg.inv(np.linalg.cholesky(np.cov(noise.T))).T


HOW = Bootstrap(0.9, draws=200, rng=3)


@pytest.mark.parametrize("measure", [diversification_ratio, effective_number_of_bets])
def test_the_interval_is_that_of_rows_drawn_together(measure):
    """Drawn here by hand from the same plan: rows stay whole, so the assets keep their correlation."""
    values, weights = fat_tailed(300, 3) @ np.linalg.cholesky(equally_correlated(3, 0.5)).T, [0.5, 0.3, 0.2]
    found = measure(values, weights=weights, interval=HOW)
    series = values @ weights
    plan = make_plan(300, 200, "stationary", automatic_length(series, "stationary"), 3)
    rows = draw_rows(300, 200, plan.keys[0], plan.pieces)
    draws = [measure(values[row], weights=weights) for row in rows]
    assert found.estimate == measure(values, weights=weights)
    assert (found.lower, found.upper) == pytest.approx(tuple(np.quantile(draws, [0.05, 0.95])), rel=1e-9)
    assert found.standard_error == pytest.approx(np.std(draws, ddof=1), rel=1e-9)
    assert found.lower < found.estimate < found.upper
    assert found.measure == measure.__name__


def test_principal_bets_have_an_interval_too_and_confidence_is_checked():
    values, weights = fat_tailed(100, 2), [0.5, 0.5]
    found = effective_number_of_bets(values, weights=weights, bets="principal_components", interval=HOW)
    assert 1.0 <= found.lower <= found.upper <= 2.0
    with pytest.raises(InvalidInputError, match=r"interval must be in \(0, 1\), got 95"):
        diversification_ratio(values, weights=weights, interval=95)


def equally_correlated(count, rho):
    return np.full((count, count), rho) + (1 - rho) * np.eye(count)


@of_any_size
@pytest.mark.parametrize(("count", "rho"), [(2, 0.0), (4, 0.0), (5, 0.3), (3, 0.9)])
def test_equal_weights_of_equally_correlated_assets(count, rho):
    """Ratio sqrt(n / (1 + (n - 1) rho)); n torsion bets whatever rho; one principal component: by symmetry."""
    returns = white(50, count) @ np.linalg.cholesky(equally_correlated(count, rho)).T
    weights = np.full(count, 1 / count)
    assert diversification_ratio(returns, weights=weights) == pytest.approx(
        math.sqrt(count / (1 + (count - 1) * rho)), rel=1e-9
    )
    assert effective_number_of_bets(returns, weights=weights) == pytest.approx(count, rel=1e-9)
    if rho:
        number = effective_number_of_bets(returns, weights=weights, bets="principal_components")
        assert number == pytest.approx(1.0, abs=1e-9)


@of_any_size
def test_uncorrelated_assets_are_the_bets():
    returns = white(40, 3) * np.array([1.0, 2.0, 3.0])
    weights = np.array([0.6, 0.3, 0.1])
    shares = (weights * [1, 2, 3]) ** 2 / ((weights * [1, 2, 3]) ** 2).sum()
    for bets in ("minimum_torsion", "principal_components"):
        number = effective_number_of_bets(returns, weights=weights, bets=bets)
        assert number == pytest.approx(np.exp(stats.entropy(shares)), rel=1e-9)


def test_the_torsion_is_the_least_by_an_independent_optimiser():
    """The least sum of squared distances over rotations (2 assets: an angle) gives the same shares."""
    covariance, weights = np.array([[1.0, 0.6], [0.6, 4.0]]), np.array([0.7, 0.3])
    spread = np.sqrt(np.diag(covariance))
    root = np.linalg.cholesky(covariance / np.outer(spread, spread))

    def torsion(parameters):
        angle = parameters[0]
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return np.diag(np.exp(parameters[1:])) @ rotation @ np.linalg.inv(root)

    correlation = root @ root.T

    def distance(
        parameters,
    ):  # tracking error, under the constraint of Meucci's problem: variances stay those of assets
        away = torsion(parameters) - np.eye(2)
        return np.trace(away @ correlation @ away.T)

    best = optimize.minimize(lambda angle: distance([*angle, 0.0, 0.0]), [0.1], options={"gtol": 1e-12})
    linear = spread[:, None] * torsion([*best.x, 0.0, 0.0]) / spread
    shares = np.linalg.solve(linear.T, weights) * (linear @ covariance @ weights) / (weights @ covariance @ weights)
    assert _bets.minimum_torsion_shares(covariance, weights) == pytest.approx(shares, rel=1e-5)


@given(st.integers(0, 500))
@examples(20)
def test_numbers_of_bets_lie_between_one_and_the_number_of_assets_in_any_order(seed):
    returns = fat_tailed(60, 4, seed=seed)
    weights = np.random.default_rng(seed).dirichlet(np.ones(4))
    for bets in ("minimum_torsion", "principal_components"):
        number = effective_number_of_bets(returns, weights=weights, bets=bets)
        assert 1.0 - 1e-9 <= number <= 4.0 + 1e-9
        turned = effective_number_of_bets(returns[:, ::-1], weights=weights[::-1], bets=bets)
        assert turned == pytest.approx(number, rel=1e-8)
    assert diversification_ratio(returns, weights=weights) >= 1.0 - 1e-12


def test_herfindahl_by_hand():
    assert herfindahl_index([0.5, 0.25, -0.25]) == 0.375
    assert herfindahl_index({"a": 1.0}) == 1.0
    assert herfindahl_index([0.25] * 4) == 0.25
    assert math.isnan(herfindahl_index([0.0, 0.0]))


def test_what_is_refused():
    one = fat_tailed(30, 1)
    with pytest.raises(InvalidInputError, match=r"regular covariance for minimum torsion"):
        effective_number_of_bets(np.column_stack([one, one]), weights=[0.5, 0.5])
    with pytest.raises(InvalidInputError, match=r"a portfolio that moves, but its variance is zero"):
        effective_number_of_bets(np.column_stack([one, one]), weights=[0.0, 0.0])
    with pytest.raises(InvalidInputError, match=r"bets must be one of"):
        effective_number_of_bets(one, weights=[1.0], bets="pca")
    with pytest.raises(InvalidInputError, match=r"one number for each asset, got 2 columns"):
        herfindahl_index([[0.5, 0.5]])
    assert math.isnan(diversification_ratio(one, weights=[0.0]))
