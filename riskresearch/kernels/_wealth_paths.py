"""How low wealth falls on simulated paths of independent periods."""

from __future__ import annotations

import numpy as np

from riskresearch.core._types import FloatVector

PATHS_PER_BLOCK = 1_000
PERIODS_PER_BLOCK = 1_000


def falls(
    log_wealth: FloatVector, probabilities: FloatVector, periods: int, paths: int, log_floor: float, seed: int
) -> tuple[int, float]:
    """Return how many paths are below `log_floor` after any period, and the mean log wealth at their ends.

    Each block of paths has its own child of `seed`, so more paths begin with the same ones.
    """
    cumulative = np.cumsum(probabilities)
    cumulative[-1] = 1.0
    below, total = 0, 0.0
    for number, child in enumerate(np.random.SeedSequence(seed).spawn(-(-paths // PATHS_PER_BLOCK))):
        rng, wanted = np.random.default_rng(child), min(PATHS_PER_BLOCK, paths - number * PATHS_PER_BLOCK)
        level, lowest = np.zeros(wanted), np.full(wanted, np.inf)
        for first in range(0, periods, PERIODS_PER_BLOCK):
            draws = rng.random((PATHS_PER_BLOCK, min(PERIODS_PER_BLOCK, periods - first)))[:wanted]
            path = level[:, None] + log_wealth[np.searchsorted(cumulative, draws, side="right")].cumsum(axis=1)
            lowest, level = np.minimum(lowest, path.min(axis=1)), path[:, -1].copy()
        below += int((lowest < log_floor).sum())
        total += float(level.sum())
    return below, total / paths
