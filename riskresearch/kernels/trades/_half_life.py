"""Half-life of the reversion of prices after trades: level + amplitude x 2 ^ (-horizon / half-life)."""

from typing import NamedTuple

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector

CANDIDATES = 241
SHORTEST, LONGEST = 0.25, 2.0
"""Half-lives that are tried, of the shortest and of the longest horizon."""
FEWEST_HORIZONS = 4


class Decay(NamedTuple):
    """One entry a curve."""

    level: FloatVector
    """Where the curve ends."""
    amplitude: FloatVector
    """What it begins above that."""
    half_life: FloatVector
    at_edge: "np.typing.NDArray[np.bool_]"
    """Whether the best half-life is the shortest or longest that is tried."""


def fit_decay(horizons: FloatVector, curves: FloatMatrix, weights: FloatVector) -> Decay:
    """Fit each curve, shape (curves, horizons), by weighted least squares.

    For a half-life the other two are linear, so the sum of squares is compared over a grid of half-lives; the
    minimum between its neighbours is that of a parabola.
    """
    grid = np.geomspace(SHORTEST * horizons.min(), LONGEST * horizons.max(), CANDIDATES)
    root = np.sqrt(weights / weights.sum())
    scaled = curves * root
    squares = np.empty((CANDIDATES, curves.shape[0]))
    for place, half_life in enumerate(grid):
        basis = _basis(horizons, half_life, root)
        squares[place] = (scaled**2).sum(axis=1) - ((scaled @ basis) ** 2).sum(axis=1)
    best = squares.argmin(axis=0)
    inner = np.clip(best, 1, CANDIDATES - 2)
    columns = np.arange(curves.shape[0])
    before, here, after = (squares[inner + step, columns] for step in (-1, 0, 1))
    bend = before - 2.0 * here + after
    with np.errstate(invalid="ignore", divide="ignore"):
        shift = np.where(bend > 0.0, 0.5 * (before - after) / bend, 0.0)
    step = np.log(grid[1] / grid[0])
    half_life = np.exp(np.log(grid[inner]) + step * np.clip(shift, -1.0, 1.0))
    decays = 2.0 ** (-horizons / half_life[:, None])
    share = root**2
    mean, centre = (curves * share).sum(axis=1), (decays * share).sum(axis=1)
    away = decays - centre[:, None]
    amplitude = (away * (curves - mean[:, None]) * share).sum(axis=1) / (away**2 * share).sum(axis=1)
    return Decay(mean - amplitude * centre, amplitude, half_life, (best == 0) | (best == CANDIDATES - 1))


def _basis(horizons: FloatVector, half_life: float, root: FloatVector) -> FloatMatrix:
    """Return orthonormal columns that span the constant and the decay, weighted; shape (horizons, 2)."""
    columns = np.stack([root, root * 2.0 ** (-horizons / half_life)], axis=1)
    return np.linalg.qr(columns)[0]
