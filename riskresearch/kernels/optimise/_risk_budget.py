"""Weights whose shares of the variance are given budgets: descent and Newton's method, or cones under constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.compiled._risk_budget_descent import risk_budget_descent
from riskresearch.kernels.optimise._conic_programs import (
    EXACT,
    Block,
    Polytope,
    Solution,
    logarithm_block,
    polytope_blocks,
    solve,
)

SHARE_TOLERANCE = 1e-13
GOOD_ENOUGH = 1e-10
SWEEPS = 25
NEWTON_STEPS = 100
LONGEST = 1e6
MOST_OF_THE_WAY = 0.9
STEP_TOLERANCE = 1e-9
TOTAL_TOLERANCE = 1e-7
SCALE_TOLERANCE = 1e-11
WIDEST = 30.0


class Budgeted(NamedTuple):
    """Weights with sum 1, and the largest error of a share of the variance; no weights if there is no solution."""

    weights: FloatVector | None
    error: float


def budgeted_weights(covariance: FloatMatrix, budgets: FloatVector) -> Budgeted:
    """Return the positive weights with w (Cw) / w'Cw = budgets; none where a combination has no risk (Spinu 2013)."""
    deviations = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(deviations, deviations)
    start = np.full(budgets.size, 1.0 / np.sqrt(correlation.sum())) if correlation.sum() > 0.01 else np.sqrt(budgets)
    x, error = risk_budget_descent(correlation, budgets, start, SWEEPS, SHARE_TOLERANCE)
    if error > SHARE_TOLERANCE:
        x, error = _newton(correlation, budgets, x, error)
    if not (error <= GOOD_ENOUGH and x.sum() < LONGEST):
        return Budgeted(None, error)
    weights = x / deviations
    return Budgeted(weights / weights.sum(), error)


def _newton(
    correlation: FloatMatrix, budgets: FloatVector, start: FloatVector, error: float
) -> tuple[FloatVector, float]:
    """Minimise x'Cx / 2 - sum b log x by steps that stop short of zero; the best x so far is returned."""
    from scipy import linalg  # noqa: PLC0415 (SciPy, which most measures spare)

    x, best = start, start
    for _ in range(NEWTON_STEPS):
        slope = correlation @ x - budgets / x
        curvature = correlation.copy()
        curvature.flat[:: x.size + 1] += budgets / (x * x)
        try:
            step = linalg.cho_solve(linalg.cho_factor(curvature, check_finite=False), slope, check_finite=False)
        except linalg.LinAlgError:
            break
        longest = float((step / x).max())
        x = x - step * (1.0 if longest < MOST_OF_THE_WAY else MOST_OF_THE_WAY / longest)
        away = float(np.abs(x * (correlation @ x) - budgets).max())
        if away < error:
            best, error = x, away
        if error <= SHARE_TOLERANCE or not np.isfinite(away) or x.sum() > LONGEST:
            break
    return best, error


def constrained_budgeted_weights(
    covariance: FloatMatrix, budgets: FloatVector, polytope: Polytope
) -> FloatVector | None:
    """Return the weights that minimise w'Cw / 2 - s sum b log w in the polytope, s such that they sum to 1, or None.

    The polytope does not hold the sum. An asset that no binding constraint touches has a share in proportion to its
    budget (Richard & Roncalli 2019, with the variance in the place of the deviation, which has the same solutions).
    Where no s gives that sum, the sum is one more constraint and s the variance, as it is without constraints.
    """
    scaled = covariance / (float(np.trace(covariance)) / budgets.size)
    free = _at_best_scale(scaled, budgets, polytope_blocks(polytope), lambda weights, scale: float(weights.sum()) - 1.0)
    if free is not None:
        return free
    ones = np.ones((1, budgets.size))
    summed = polytope._replace(equal=np.vstack([polytope.equal, ones]), equal_to=np.append(polytope.equal_to, 1.0))
    rows = polytope_blocks(summed)
    return _at_best_scale(scaled, budgets, rows, lambda weights, scale: scale / float(weights @ scaled @ weights) - 1.0)


def _at_best_scale(
    covariance: FloatMatrix, budgets: FloatVector, rows: list[Block], excess: Callable[[FloatVector, float], float]
) -> FloatVector | None:
    """Return the weights at the scale of the logarithms at which `excess`, rising in the scale, is zero."""
    from scipy import optimize  # noqa: PLC0415 (SciPy, which most measures spare)

    middle = max(float(covariance.mean()), 1.0 / LONGEST)
    first = _by_cones(covariance, budgets, rows, middle)
    if not first.solved:
        return None
    weights = first.point[: budgets.size]

    def away(log_scale: float) -> float:
        nonlocal weights
        scale = float(np.exp(log_scale))
        weights = _by_newton(covariance, budgets, rows, scale, weights)
        return excess(weights, scale)

    ends = _bracket(away, float(np.log(middle)))
    if ends is None:
        return None
    left = away(float(optimize.brentq(away, *ends, xtol=SCALE_TOLERANCE, rtol=1e-14)))
    return weights if abs(left) < TOTAL_TOLERANCE else None


def _by_cones(covariance: FloatMatrix, budgets: FloatVector, rows: list[Block], scale: float) -> Solution:
    logarithms = logarithm_block(np.eye(budgets.size), np.zeros(budgets.size), budgets.size)
    return solve(covariance, np.concatenate([np.zeros(budgets.size), -scale * budgets]), [*rows, logarithms])


def _by_newton(
    covariance: FloatMatrix, budgets: FloatVector, rows: list[Block], scale: float, start: FloatVector
) -> FloatVector:
    """Minimise from a feasible start: each step solves the quadratic model within the rows; nan without an end."""
    weights = start
    for _ in range(NEWTON_STEPS):
        pull = scale * budgets / weights
        curvature = covariance.copy()
        curvature.flat[:: weights.size + 1] += pull / weights
        found = solve(curvature, -2.0 * pull, rows, tolerance=EXACT)
        if not found.solved:
            break
        step = found.point - weights
        longest = float(np.abs(step / weights).max())
        weights = weights + step / (1.0 if longest < 0.5 else 1.0 + longest)
        if longest <= STEP_TOLERANCE:
            return weights
    return np.full(budgets.size, np.nan)


def _bracket(excess: Callable[[float], float], middle: float) -> tuple[float, float] | None:
    """Return two scales whose weights sum to less and to more than 1: the sum rises with the scale."""
    low = high = middle
    value = excess(middle)
    while value == value and value > 0.0 and low > middle - WIDEST:
        low, high = low - 1.0, low
        value = excess(low)
    if value != value or value > 0.0:
        return None
    value = excess(high) if high > low else value
    while value == value and value < 0.0 and high < middle + WIDEST:
        low, high = high, high + 1.0
        value = excess(high)
    return (low, high) if value >= 0.0 else None
