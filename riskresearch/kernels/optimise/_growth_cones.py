"""Weights of greatest expected logarithmic growth: quadratic form, Newton's method, exponential cones.

Newton's method starts from the solution of the quadratic form, which is exact to second order, and needs a few
quadratic programmes of the size of the weights. Where it does not settle, as for gambles that may ruin, the exponential
cones give it a start; they alone are exact to some 1e-5 of the weights and take 10 to 100 times as long.

Returns are in units of what cash grows to, so wealth is the cash factor times 1 + returns @ weights.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.optimise._conic_programs import (
    EXACT,
    Block,
    Polytope,
    Solution,
    dense_block,
    exponential_block,
    holds_zero,
    logarithm_block,
    polytope_blocks,
    solve,
)
from riskresearch.kernels.optimise._growth import growth_slopes, ruin_slopes
from riskresearch.kernels.optimise._growth_polish import Gradients, Slopes, polished

NEWTON_STEPS = 12
STEP_TOLERANCE = 1e-12
CONVERGED_STEP = 1e-8
ROUGH_STEP = 1e-5
DUST = 1e-7
LARGEST_MOVE = 1e6
SMALLEST_SLACK = 1e-12


class Gamble(NamedTuple):
    """Scenarios of returns (rows, assets), their probabilities, and the log of what cash grows to in each (rows,)."""

    returns: FloatMatrix
    probabilities: FloatVector
    log_cash: FloatVector

    def log_chances(self, exponent: float) -> FloatVector:
        """Return the logarithms of probability times cash ** -exponent."""
        chances: FloatVector = np.log(self.probabilities) - exponent * self.log_cash
        return chances


def growth_weights(gamble: Gamble, polytope: Polytope, exponent: float | None) -> Solution:
    """Maximise E log(wealth) within the polytope, and E[wealth ** -exponent] <= 1 if there is an exponent."""
    near = _quadratic(gamble, polytope, exponent)
    if near.solved and _least_wealth(gamble.returns, near.point) > SMALLEST_SLACK:
        point, step = _newton(gamble, polytope, exponent, near.point, 0.0)
        if step <= CONVERGED_STEP:
            return near._replace(point=_exact(point, gamble, polytope, exponent))
    return growth_weights_by_cones(gamble, polytope, exponent)


def growth_weights_near(
    gamble: Gamble, polytope: Polytope, exponent: float | None, start: FloatVector | None
) -> Solution:
    """Do the same to some 1e-6 of the weights, without the moves to where the conditions hold to rounding.

    Newton's method starts from `start`, shape (assets,), where the solution of the quadratic form would be ruined.
    """
    near = _quadratic(gamble, polytope, exponent)
    for point in (near.point, start) if near.solved else ():
        if point is not None and _least_wealth(gamble.returns, point) > SMALLEST_SLACK:
            found, step = _newton(gamble, polytope, exponent, point, 0.0, ROUGH_STEP)
            if step <= ROUGH_STEP:
                return near._replace(point=_without_dust(found, None, gamble.returns, polytope))
    return growth_weights_by_cones(gamble, polytope, exponent)


def quadratic_growth_weights_near(
    gamble: Gamble, polytope: Polytope, exponent: float | None, start: FloatVector | None
) -> Solution:
    """Do the same for the expansions, for which no start is needed."""
    found = _quadratic(gamble, polytope, exponent)
    return found._replace(point=_without_dust(found.point, None, gamble.returns, polytope))


def growth_weights_by_cones(gamble: Gamble, polytope: Polytope, exponent: float | None) -> Solution:
    """Do the same by exponential cones, refined by Newton's method."""
    count = gamble.returns.shape[0]
    first_log, first_power = polytope.columns, polytope.columns + count
    width = first_log + count * (1 if exponent is None else 2)
    blocks = polytope_blocks(polytope)
    budget_row = sum(block.offset.size for block in blocks)
    if exponent is not None:
        blocks.append(_nonnegative(np.ones((1, count)), np.ones(1), first_power))
    blocks.append(logarithm_block(gamble.returns, np.ones(count), first_log))
    if exponent is not None:
        blocks.append(exponential_block(-exponent, gamble.log_chances(exponent), first_log, first_power))
    linear = np.zeros(width)
    linear[first_log : first_log + count] = -gamble.probabilities
    found = solve(None, linear, blocks)
    if not (found.solved or found.stopped_early):
        return found
    if float(np.abs(gamble.returns @ found.point[: gamble.returns.shape[1]]).max()) > LARGEST_MOVE:
        return found._replace(status="DualInfeasible")
    price = 0.0 if exponent is None else float(found.multipliers[budget_row])
    point, step = _newton(gamble, polytope, exponent, found.point[: polytope.columns], price)
    weights = _exact(point, gamble, polytope, exponent)
    # "almost solved" is not enough: it is off by half of a weight where the edge is tiny
    settled = step <= CONVERGED_STEP or found.status == "Solved" or not weights.any()
    return found._replace(point=weights, status="Solved" if settled else "InsufficientProgress")


def quadratic_growth_weights(gamble: Gamble, polytope: Polytope, exponent: float | None) -> Solution:
    """Do the same for the expansions E r - E r^2 / 2, and (exponent + 1) / 2 E r^2 <= E r + E log cash."""
    found = _quadratic(gamble, polytope, exponent)
    if not found.solved:
        return found
    exact = polished(found.point, polytope, _quadratic_slopes(gamble, exponent))
    if exact is None and found.status != "Solved":
        return found._replace(status="InsufficientProgress")
    return found._replace(point=_without_dust(found.point, exact, gamble.returns, polytope))


def drift_growth_weights(excess: FloatVector, covariance: FloatMatrix, polytope: Polytope) -> Solution:
    """Maximise the growth of wealth that trades continuously, w'excess - w'Cw / 2, within the polytope."""
    unit = float(np.trace(covariance)) / excess.size or 1.0
    linear = np.zeros(polytope.columns)
    linear[: excess.size] = -excess / unit
    found = solve(covariance / unit, linear, polytope_blocks(polytope), tolerance=EXACT)
    if not found.solved:
        return found

    def slopes(point: FloatVector) -> Slopes:
        size = float((np.abs(excess) + np.abs(covariance) @ np.abs(point[: excess.size])).max())
        return Slopes(excess - covariance @ point[: excess.size], covariance, size)

    exact = polished(found.point, polytope, slopes)
    return found._replace(point=(found.point if exact is None else exact)[: excess.size])


def _quadratic_slopes(gamble: Gamble, exponent: float | None) -> Gradients:
    returns, chances, log_cash = gamble
    mean, moment = chances @ returns, (returns * chances[:, None]).T @ returns
    size, cash = float((chances @ np.abs(returns)).max()), float(chances @ log_cash)
    twice = None if exponent is None else exponent + 1.0

    def slopes(point: FloatVector) -> Slopes:
        weights = point[: mean.size]
        here = Slopes(mean - moment @ weights, moment, size)
        if twice is None:
            return here
        limit = float(0.5 * twice * weights @ moment @ weights - mean @ weights) - cash
        return here._replace(limit=limit, limit_slope=twice * moment @ weights - mean, limit_curvature=twice * moment)

    return slopes


def _exact(point: FloatVector, gamble: Gamble, polytope: Polytope, exponent: float | None) -> FloatVector:
    """Return the weights at which the conditions of the optimum hold to rounding, else those of the point."""
    exact = polished(point, polytope, _growth_slopes(gamble, exponent))
    return _without_dust(point, exact, gamble.returns, polytope)


def _growth_slopes(gamble: Gamble, exponent: float | None) -> Gradients:
    returns, chances, _ = gamble

    def slopes(point: FloatVector) -> Slopes | None:
        weights = point[: returns.shape[1]]
        if _least_wealth(returns, point) <= SMALLEST_SLACK:
            return None
        slope, curvature = growth_slopes(returns, chances, weights)
        here = Slopes(slope, curvature, float((chances @ np.abs(returns / (1.0 + returns @ weights)[:, None])).max()))
        if exponent is None:
            return here
        limit, by_weight, curved = ruin_slopes(returns, gamble.log_chances(exponent), weights, exponent)
        return here._replace(limit=limit, limit_slope=by_weight, limit_curvature=curved)

    return slopes


def _quadratic(gamble: Gamble, polytope: Polytope, exponent: float | None) -> Solution:
    import clarabel  # noqa: PLC0415 (a solver that most users never need)

    returns, chances, log_cash = gamble
    assets = returns.shape[1]
    cash_growth = float(chances @ log_cash)
    root: Any = np.linalg.qr(returns * np.sqrt(chances)[:, None], mode="r")  # typed as all three factors
    mean, moment = chances @ returns, root.T @ root
    unit = float(np.trace(moment)) / assets or 1.0
    blocks = polytope_blocks(polytope)
    if exponent is not None:
        # |root w|^2 <= height as a second-order cone: |(2 root w, height - 1)| <= height + 1
        slope = 2.0 / (exponent + 1.0) / unit
        height, level = slope * mean, slope * cash_growth
        rows = np.vstack([-height, -2.0 * root / np.sqrt(unit), -height])
        offset = np.concatenate([[level + 1.0], np.zeros(root.shape[0]), [level - 1.0]])
        blocks.append(dense_block(rows, offset, [clarabel.SecondOrderConeT(root.shape[0] + 2)]))
    linear = np.zeros(polytope.columns)
    linear[:assets] = -mean / unit
    return solve(moment / unit, linear, blocks, tolerance=EXACT)


def _least_wealth(returns: FloatMatrix, point: FloatVector) -> float:
    return float((1.0 + returns @ point[: returns.shape[1]]).min())


def _without_dust(
    point: FloatVector, exact: FloatVector | None, returns: FloatMatrix, polytope: Polytope
) -> FloatVector:
    """Return the exact weights, else the point's: all zero if they may be and move wealth by the solver's rounding."""
    weights = (point if exact is None else exact)[: returns.shape[1]]
    dust = exact is None and float(np.abs(returns @ weights).max()) < DUST and holds_zero(polytope)
    return np.zeros(weights.size) if dust else weights


def _nonnegative(matrix: FloatMatrix, at_most: FloatVector, first_column: int = 0) -> Block:
    import clarabel  # noqa: PLC0415 (a solver that most users never need)

    return dense_block(matrix, at_most, [clarabel.NonnegativeConeT(at_most.size)], first_column)


def _newton(
    gamble: Gamble,
    polytope: Polytope,
    exponent: float | None,
    start: FloatVector,
    price: float,
    settled: float = STEP_TOLERANCE,
) -> tuple[FloatVector, float]:
    """Refine a point near the optimum and return it with the last step's length, relative to weights above 1.

    Each step solves the quadratic model of the problem within its constraints.
    """
    returns, chances = gamble.returns, gamble.probabilities
    assets = returns.shape[1]
    best, shortest = start, float("inf")
    for _ in range(NEWTON_STEPS):
        weights = best[:assets]
        slope, curvature = growth_slopes(returns, chances, weights)
        blocks = polytope_blocks(polytope)
        risk_row = sum(block.offset.size for block in blocks)
        unit = float(np.trace(curvature)) / assets or 1.0
        if exponent is not None:
            level, ruin_slope, ruin_curvature = ruin_slopes(returns, gamble.log_chances(exponent), weights, exponent)
            size = float(np.abs(ruin_slope).max()) or 1.0
            room = ruin_slope @ weights - level
            blocks.append(_nonnegative(ruin_slope[None] / size, np.array([room / size])))
            curvature = curvature + price * ruin_curvature
            unit = max(unit, price * size)
        linear = np.zeros(polytope.columns)
        linear[:assets] = -(slope + curvature @ weights) / unit
        found = solve(curvature / unit, linear, blocks, tolerance=EXACT)
        if not found.solved:
            break
        step = float(np.abs(found.point[:assets] - weights).max()) / max(1.0, float(np.abs(weights).max()))
        if not step < shortest or _least_wealth(returns, found.point) <= SMALLEST_SLACK:
            break
        best, shortest = found.point, step
        if exponent is not None:
            price = float(found.multipliers[risk_row]) * unit / size
        if step <= settled:
            break
    return best, shortest
