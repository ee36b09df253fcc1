"""Profit of delta-gamma positions on factors: (scenarios, factors) in, (scenarios,) or (scenarios, positions) out.

A position's underlying moves by u = loadings . factors, and the position earns delta u + gamma u^2 / 2.
"""

from __future__ import annotations

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.optimise._tiled_matmul import product


def book_exposures(
    loadings: FloatMatrix, delta: FloatVector, gamma: FloatVector | None
) -> tuple[FloatVector, FloatMatrix | None]:
    """Return what the whole book earns per factor, and per pair of factors: exact, since profit is quadratic."""
    linear: FloatVector = np.einsum("pf,p->f", loadings, delta)
    if gamma is None:
        return linear, None
    return linear, np.einsum("pf,pg->fg", loadings * (0.5 * gamma)[:, None], loadings)


def book_profit(moves: FloatMatrix, linear: FloatVector, quadratic: FloatMatrix | None) -> FloatVector:
    """Return the profit of the book in each scenario."""
    slope = linear if quadratic is None else product(moves, quadratic) + linear
    return np.einsum("ij,ij->i", moves, np.broadcast_to(slope, moves.shape))


def position_profits(
    moves: FloatMatrix, loadings: FloatMatrix, delta: FloatVector, gamma: FloatVector | None
) -> FloatMatrix:
    """Return the profit of each position in each scenario."""
    underlying = product(moves, loadings.T)
    if gamma is None:
        underlying *= delta
        return underlying
    factor = underlying * (0.5 * gamma)
    factor += delta
    factor *= underlying
    return factor
