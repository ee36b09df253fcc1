"""The multivariate Student-t of maximum likelihood: (rows, columns) in, location, scatter, degrees of freedom out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import linalg, optimize, special

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._parametric_tail import MAX_DOF, MIN_DOF
from riskresearch.kernels._ratios import deviation

MAX_STEPS = 1000
TOLERANCE = 1e-12
SMALLEST_PIVOT = 1e-7


class MultivariateT(NamedTuple):
    """A fit; `row_weights` (rows,) solve the likelihood equations and have mean 1 at the optimum."""

    location: FloatVector
    scatter: FloatMatrix
    dof: float
    row_weights: FloatVector


def fit_multivariate_t(values: FloatMatrix) -> MultivariateT | None:
    """Return the fit by the ECME algorithm (Liu & Rubin 1995), or None if the covariance is singular."""
    spread = deviation(values, 0)
    if (spread == 0.0).any() or values.shape[0] <= values.shape[1]:
        return None
    centre = np.median(values, axis=0)
    standard = (values - centre) / spread
    location, scatter, dof = np.zeros(spread.size), np.atleast_2d(np.cov(standard.T, ddof=0)), 4.0
    weights = np.ones(values.shape[0])
    for _ in range(MAX_STEPS):
        square = _squared_distances(standard - location, scatter)
        if square is None:
            return None
        dof = _best_dof(square, spread.size)
        before, weights = weights, (dof + spread.size) / (dof + square)
        location = weights @ standard / weights.sum()
        away = standard - location
        scatter = (away * weights[:, None]).T @ away / weights.sum()
        if np.abs(weights - before).max() <= TOLERANCE:
            break
    weights = weights / weights.mean()
    return MultivariateT(centre + spread * location, scatter * np.outer(spread, spread), dof, weights)


def _squared_distances(away: FloatMatrix, scatter: FloatMatrix) -> FloatVector | None:
    """Return the squared Mahalanobis distance of each row, or None if `scatter` is singular."""
    try:
        root = linalg.cholesky(scatter, lower=True)
    except linalg.LinAlgError:
        return None
    if np.diag(root).min() < SMALLEST_PIVOT * np.diag(root).max():
        return None
    scaled = linalg.solve_triangular(root, away.T, lower=True)
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
