"""The multivariate Student-t of maximum likelihood: (rows, columns) in, location, scatter, degrees of freedom out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import linalg, optimize, special

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import deviation
from riskresearch.kernels.distributions._student_t import MAX_DOF, MIN_DOF, SMALLEST_SCALE, fit_student_t

MAX_STEPS = 2000
FIRST_STEPS = 30
TOLERANCE = 1e-12
GREATEST_RESIDUAL = 1e-9
"""Of the row weights, which solve the likelihood equations where a further step leaves them as they are."""
SMALLEST_PIVOT = 1e-7


class MultivariateT(NamedTuple):
    """A fit; `row_weights` (rows,) solve the likelihood equations and have mean 1 at the optimum.

    The degrees of freedom are nan where the likelihood has no maximum within the bounds, or none was found.
    """

    location: FloatVector
    scatter: FloatMatrix
    dof: float
    row_weights: FloatVector


class _State(NamedTuple):
    """A step of the algorithm: the weights belong to the location and scatter before it, as `residual` does."""

    location: FloatVector
    scatter: FloatMatrix
    dof: float
    weights: FloatVector
    residual: float


def fit_multivariate_t(values: FloatMatrix) -> MultivariateT | None:
    """Return the fit by the ECME algorithm (Liu & Rubin 1995), or None if the covariance is singular.

    It starts from the covariance and from a fit with one degree of freedom, which single rows far away cannot move.
    """
    if (deviation(values, 0) == 0.0).any() or values.shape[0] <= values.shape[1]:
        return None
    if values.shape[1] == 1:
        return _of_one_column(values)
    centre = np.median(values, axis=0)
    away = np.abs(values - centre)
    unit = np.where(np.median(away, axis=0) > 0.0, np.median(away, axis=0), away.mean(axis=0))
    standard = np.ascontiguousarray((values - centre) / unit)
    wide = _State(standard.mean(axis=0), np.cov(standard.T, ddof=0), 4.0, np.ones(len(values)), np.inf)
    if _squared_distances(standard - wide.location, wide.scatter) is None:
        return None
    robust = wide._replace(location=np.zeros(unit.size), scatter=np.eye(unit.size), dof=1.0)
    fits = [_maximum(standard, _steps(standard, robust, FIRST_STEPS, fixed=True)), _maximum(standard, wide)]
    found = [fit for fit in fits if fit is not None]
    if not found:
        return MultivariateT(centre, np.outer(unit, unit), np.nan, np.ones(len(values)))
    best = max(found, key=lambda fit: _log_likelihood(standard, fit))
    weights = best.weights / best.weights.mean()
    return MultivariateT(centre + unit * best.location, best.scatter * np.outer(unit, unit), best.dof, weights)


def _of_one_column(values: FloatMatrix) -> MultivariateT:
    """Return the univariate fit in the form of the multivariate one."""
    location, scale, dof = fit_student_t(values[:, 0])
    square = ((values[:, 0] - location) / scale) ** 2
    weights = (dof + 1.0) / (dof + square)
    return MultivariateT(np.array([location]), np.array([[scale * scale]]), dof, weights / weights.mean())


def _maximum(standard: FloatMatrix, start: _State | None) -> _State | None:
    """Return the point to which the algorithm converges within the bounds, None if it does not."""
    if start is None:
        return None
    end = _steps(standard, start, MAX_STEPS, fixed=False)
    return end if end is not None and end.residual <= GREATEST_RESIDUAL and end.dof > MIN_DOF else None


def _steps(standard: FloatMatrix, state: _State, count: int, *, fixed: bool) -> _State | None:
    """Take steps until the weights stay as they are, with the degrees of freedom fixed or not; None if singular."""
    columns = standard.shape[1]
    for _ in range(count):
        square = _squared_distances(standard - state.location, state.scatter)
        if square is None:
            return None
        dof = state.dof if fixed else _best_dof(square, columns)
        weights = (dof + columns) / (dof + square)
        location = weights @ standard / weights.sum()
        away = standard - location
        scatter = (away * weights[:, None]).T @ away / weights.sum()
        residual = float(np.abs(weights - state.weights).max())
        state = _State(location, scatter, dof, weights, residual)
        if residual <= TOLERANCE:
            break
    return state


def _log_likelihood(standard: FloatMatrix, state: _State) -> float:
    """Return the mean log-likelihood, but for a constant of the number of columns."""
    square = _squared_distances(standard - state.location, state.scatter)
    if square is None:
        return -np.inf
    columns, dof = standard.shape[1], state.dof
    constant = special.gammaln((dof + columns) / 2) - special.gammaln(dof / 2) - 0.5 * columns * np.log(dof)
    volume = float(np.linalg.slogdet(state.scatter)[1])
    return float(constant - 0.5 * volume - 0.5 * (dof + columns) * np.log1p(square / dof).mean())


def _squared_distances(away: FloatMatrix, scatter: FloatMatrix) -> FloatVector | None:
    """Return the squared Mahalanobis distance of each row, or None if `scatter` is singular or has come to nothing."""
    spread = np.sqrt(np.diag(scatter))
    if not (spread > SMALLEST_SCALE).all():
        return None
    try:
        root = linalg.cholesky(scatter / np.outer(spread, spread), lower=True)
    except linalg.LinAlgError:
        return None
    if np.diag(root).min() < SMALLEST_PIVOT:
        return None
    scaled = linalg.solve_triangular(root, (away / spread).T, lower=True)
    total: FloatVector = (scaled * scaled).sum(axis=0)
    return total


def _best_dof(square: FloatVector, columns: int) -> float:
    """Return the degrees of freedom at which the likelihood of these distances has its zero derivative."""

    def slope(log_dof: float) -> float:
        dof = float(np.exp(log_dof))
        return float(
            special.digamma(dof / 2) - special.digamma((dof + columns) / 2) + columns / dof
            + np.log1p(square / dof).mean() - (dof + columns) / dof * (square / (dof + square)).mean()
        )  # fmt: skip

    low, high = float(np.log(MIN_DOF)), float(np.log(MAX_DOF))
    if slope(low) >= 0.0:
        return MIN_DOF
    if slope(high) <= 0.0:
        return MAX_DOF
    return float(np.exp(optimize.brentq(slope, low, high, xtol=1e-14, rtol=1e-14)))
