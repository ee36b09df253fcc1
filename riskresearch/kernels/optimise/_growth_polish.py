"""The optimum near a solver's point, at which the conditions of Karush, Kuhn and Tucker hold to rounding.

An interior-point method ends about the root of its tolerance away from a bound at which nothing is gained or lost: a
coin without an edge gets some 1e-6. Here the rows that bind are guessed from the point, Newton's method solves the
equations that remain, and the guess is mended until no multiplier is negative and no row is broken. Where it cannot be,
there is no answer. Weights at a bound are then that bound, and zero where zero meets the conditions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.inlined._formulas import ROUNDING
from riskresearch.kernels.optimise._conic_programs import Polytope

NEAR = 1e-4
BROKEN = 1e-12
NEAR_ZERO = 1e-7
NEWTON_STEPS = 30
CONVERGED = 1e-15
MOST_ROUNDINGS = 8.0

Gradients = Callable[[FloatVector], "Slopes | None"]


class Slopes(NamedTuple):
    """What is maximised at some weights: gradient, curvature (minus the Hessian), and the size of a rounded gradient.

    Where there is a limit, `limit` is by how much it is broken, with its own gradient and Hessian.
    """

    slope: FloatVector
    curvature: FloatMatrix
    size: float
    limit: float | None = None
    limit_slope: FloatVector | None = None
    limit_curvature: FloatMatrix | None = None


class _Rows(NamedTuple):
    """The rows that bind, as equations, and how many of them are always equations and have multipliers of any sign."""

    matrix: FloatMatrix
    right: FloatVector
    always: int


def polished(point: FloatVector, polytope: Polytope, slopes: Gradients) -> FloatVector | None:
    """Return the optimum next to `point`, shape (columns,), or None where the conditions cannot be made to hold."""
    near = _limit(slopes(point)) >= -NEAR
    for limited in (True, False) if near else (False,):
        found = _mended(point, polytope, slopes, limited=limited)
        if found is not None:
            return found
    return None


def _mended(point: FloatVector, polytope: Polytope, slopes: Gradients, *, limited: bool) -> FloatVector | None:
    """Guess which rows bind, and mend the guess until the conditions hold; `limited` says that the limit binds."""
    active = polytope.at_most - polytope.below @ point <= NEAR * (1.0 + np.abs(polytope.at_most))
    for _ in range(polytope.at_most.size + 2):
        rows = _rows(polytope, active)
        found = _solved(point, rows, slopes, limited=limited)
        if found is None or (_limit(slopes(found)) > BROKEN and not limited):
            return None
        broken = polytope.at_most - polytope.below @ found < -BROKEN * (1.0 + np.abs(polytope.at_most))
        if broken.any():
            active = active | broken
            continue
        multipliers, left = _multipliers(found, rows, slopes, limited=limited)
        if left <= MOST_ROUNDINGS:
            return _with_zeros(_at_bounds(found, polytope, active), polytope, slopes, limited=limited)
        signed = multipliers[rows.always : rows.always + np.count_nonzero(active)]
        if signed.size == 0 or signed.min() >= 0.0:
            return None
        active = active.copy()
        active[np.flatnonzero(active)[int(signed.argmin())]] = False
    return None


def _limit(here: Slopes | None) -> float:
    return -np.inf if here is None or here.limit is None else here.limit


def _rows(polytope: Polytope, active: npt.NDArray[np.bool_]) -> _Rows:
    matrix = np.vstack([polytope.equal, polytope.below[active]])
    return _Rows(matrix, np.concatenate([polytope.equal_to, polytope.at_most[active]]), polytope.equal_to.size)


def _padded(vector: FloatVector, width: int) -> FloatVector:
    return np.concatenate([vector, np.zeros(width - vector.size)])


def _equations(
    point: FloatVector, rows: _Rows, here: Slopes, price: float, *, limited: bool
) -> tuple[FloatMatrix, FloatVector, FloatMatrix]:
    """Return gradient rows and right-hand side of the linearised equations, and the curvature of the Lagrangian."""
    width, assets = point.size, here.slope.size
    curvature = np.zeros((width, width))
    curvature[:assets, :assets] = here.curvature
    matrix, right = rows.matrix, rows.right - rows.matrix @ point
    if limited and here.limit_slope is not None and here.limit_curvature is not None and here.limit is not None:
        curvature[:assets, :assets] += max(price, 0.0) * here.limit_curvature
        matrix = np.vstack([matrix, _padded(here.limit_slope, width)])
        right = np.append(right, -here.limit)
    return matrix, right, curvature


def _solved(point: FloatVector, rows: _Rows, slopes: Gradients, *, limited: bool) -> FloatVector | None:
    """Return the point to which Newton's method for these equations converges, None if it does not."""
    price, shortest = 0.0, np.inf
    for _ in range(NEWTON_STEPS):
        here = slopes(point)
        if here is None:
            return None
        matrix, right, curvature = _equations(point, rows, here, price, limited=limited)
        unit = float(np.abs(curvature).max()) or 1.0
        count = right.size
        system = np.block([[curvature / unit, matrix.T], [matrix, np.zeros((count, count))]])
        target = np.concatenate([_padded(here.slope, point.size) / unit, right])
        solution = np.linalg.lstsq(system, target, rcond=None)[0]
        step = solution[: point.size]
        if limited:
            price = float(solution[-1]) * unit
        length = float(np.abs(step).max()) / max(1.0, float(np.abs(point).max()))
        if not length < 1.0:
            return None
        if length >= shortest and shortest <= NEAR_ZERO:
            return point
        point, shortest = point + step, length
        if length <= CONVERGED:
            return point
    return point if shortest <= NEAR_ZERO else None


def _multipliers(point: FloatVector, rows: _Rows, slopes: Gradients, *, limited: bool) -> tuple[FloatVector, float]:
    """Return the multipliers, and what the best non-negative ones leave of the gradient in units of its rounding."""
    from scipy import optimize  # noqa: PLC0415 (SciPy, which most measures spare)

    here = slopes(point)
    if here is None:
        return np.zeros(rows.right.size), np.inf
    matrix = _equations(point, rows, here, 0.0, limited=limited)[0]
    slope = _padded(here.slope, point.size)
    free: FloatVector = np.zeros(0)
    if matrix.size:
        free = np.asarray(np.linalg.lstsq(matrix.T, slope, rcond=None)[0], dtype=np.float64)
    either = np.vstack([matrix[: rows.always], -matrix[: rows.always], matrix[rows.always :]])
    left = float(np.abs(slope).max())
    if either.size:
        unit = float(np.abs(slope).max()) or 1.0
        prices = optimize.nnls(either.T, slope / unit)[0] * unit
        left = float(np.abs(slope - either.T @ prices).max())
        if free.size and (free[rows.always :] >= 0.0).all():
            left = min(left, float(np.abs(slope - matrix.T @ free).max()))
    rounding = ROUNDING * here.size
    return free, left / rounding if rounding > 0.0 else 0.0


def _at_bounds(point: FloatVector, polytope: Polytope, active: npt.NDArray[np.bool_]) -> FloatVector:
    """Return the point with each weight that an active row alone holds at exactly that bound."""
    result = point.copy()
    for row in np.flatnonzero(active & (np.count_nonzero(polytope.below, axis=1) == 1)):
        column = int(np.flatnonzero(polytope.below[row])[0])
        result[column] = polytope.at_most[row] / polytope.below[row, column]
    return result + 0.0


def _with_zeros(point: FloatVector, polytope: Polytope, slopes: Gradients, *, limited: bool) -> FloatVector:
    """Return the point with zero for each weight next to it, if the conditions hold there too."""
    here = slopes(point)
    idle = np.zeros(point.size, dtype=bool)
    if here is not None:  # what never moves changes nothing
        idle[: here.slope.size] = np.diag(here.curvature) == 0.0
    near = (point != 0.0) & ((np.abs(point) <= NEAR_ZERO) | idle)
    if not near.any():
        return point
    trial = np.where(near, 0.0, point)
    slack = polytope.at_most - polytope.below @ trial
    scale = BROKEN * (1.0 + np.abs(polytope.at_most))
    if (slack < -scale).any() or (np.abs(polytope.equal @ trial - polytope.equal_to) > BROKEN).any():
        return point
    rows = _rows(polytope, slack <= scale)
    return trial if _multipliers(trial, rows, slopes, limited=limited)[1] <= MOST_ROUNDINGS else point
