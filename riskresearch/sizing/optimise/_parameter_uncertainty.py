"""The drawdown probability of weights under parameter uncertainty, with one draw of the parameters per path."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from riskresearch.kernels.optimise._wealth_paths import chance_under_unknown_truths, falls_under_unknown_truths

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector

PATHS, SEED = 4_000, 20260303
MOST_TRUTHS, FEWEST_TRUTHS, NUMBERS = 256, 32, 200_000
HALVINGS, STEPS, SHORTER = 24, 40, 0.95


class Drawn(NamedTuple):
    """What paths are drawn from: excess returns of the assets, the logarithm of cash, and their rows."""

    excess: FloatMatrix
    log_cash: FloatVector


def simulated_chance(
    drawn: Drawn,
    weights: FloatVector,
    *,
    periods: int,
    depth: float,
    tolerated: float = 1.0,
    paths: int = PATHS,
    seed: int = SEED,
) -> float:
    """Return the share of paths on which wealth ever falls by `depth` of its start, or some share above `tolerated`."""
    if not weights.any():
        return 0.0
    columns = drawn.excess.shape[1]
    below = falls_under_unknown_truths(
        drawn.excess @ weights, drawn.log_cash, columns, periods, paths, math.log1p(-depth), seed, tolerated=tolerated
    )
    return below / paths


def within_promise(
    drawn: Drawn, weights: FloatVector, *, periods: int, depth: float, probability: float
) -> tuple[FloatVector, float]:
    """Return the weights, scaled down until the simulated probability is at most the promised one, and the former.

    A start is found from first passages of Brownian motion; the simulation then decides.
    """

    truths = max(FEWEST_TRUTHS, min(MOST_TRUTHS, NUMBERS // drawn.log_cash.size))

    def about(scale: float) -> float:
        return chance_under_unknown_truths(
            scale * drawn.excess @ weights, drawn.log_cash, drawn.excess.shape[1], periods, math.log1p(-depth), truths,
            SEED,
        )  # fmt: skip

    found = simulated_chance(drawn, weights, periods=periods, depth=depth, tolerated=probability)
    if found <= probability:
        return weights, found
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if about(middle) <= probability else (low, middle)
    scale = min(1.0, low / SHORTER)
    for _ in range(STEPS):
        found = simulated_chance(drawn, scale * weights, periods=periods, depth=depth, tolerated=probability)
        if found <= probability:
            return scale * weights, found
        scale *= SHORTER
    return 0.0 * weights, 0.0
