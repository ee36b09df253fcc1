"""How a portfolio's variance falls on uncorrelated bets: covariance and weights in, shares that sum to 1 out."""

from __future__ import annotations

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector

MAX_STEPS = 10_000
TOLERANCE = 1e-13
SMALLEST_EIGENVALUE = 1e-12


def principal_shares(covariance: FloatMatrix, weights: FloatVector) -> FloatVector:
    """Return the share of each principal component in the variance (Meucci 2009)."""
    variances, vectors = np.linalg.eigh(covariance)
    parts = (vectors.T @ weights) ** 2 * np.maximum(variances, 0.0)
    return parts / parts.sum()


def minimum_torsion_shares(covariance: FloatMatrix, weights: FloatVector) -> FloatVector | None:
    """Return the share of each uncorrelated bet that follows its asset most closely; None if singular.

    The shares are nan where the iteration does not converge.

    The torsion minimises the distance to the assets in units of their deviations, by the fixed-point iteration of
    Meucci, Santangelo & Deguest (2015), appendix A.2.
    """
    spread = np.sqrt(np.diag(covariance))
    if (spread == 0.0).any():
        return None
    correlation = covariance / np.outer(spread, spread)
    if np.linalg.eigvalsh(correlation)[0] < SMALLEST_EIGENVALUE:
        return None
    root = _root(correlation)
    scale = np.ones(spread.size)
    for _ in range(MAX_STEPS):
        turned = np.linalg.solve(_root(correlation * np.outer(scale, scale)), scale[:, None] * root)
        before, scale = scale, np.diag(turned @ root).copy()
        if np.abs(scale - before).max() <= TOLERANCE:
            break
    else:
        return np.full(weights.size, np.nan)
    torsion = np.linalg.solve(root, (scale[:, None] * turned).T).T * spread[:, None] / spread
    exposures = np.linalg.solve(torsion.T, weights)
    parts = exposures * (torsion @ covariance @ weights)
    return parts / parts.sum()


def effective_number(shares: FloatVector) -> float:
    """Return the exponential of the entropy of `shares`, which are non-negative and sum to 1."""
    held = shares[shares > 0.0]
    return float(np.exp(-(held * np.log(held)).sum()))


def _root(matrix: FloatMatrix) -> FloatMatrix:
    """Return the symmetric square root of a positive definite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
