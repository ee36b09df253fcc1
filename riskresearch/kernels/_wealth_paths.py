"""How low wealth falls on simulated paths of independent periods."""

from __future__ import annotations

import numpy as np

from riskresearch.core._types import FloatVector

PATHS_PER_BLOCK = 1_000


def falls(
    log_wealth: FloatVector, probabilities: FloatVector, periods: int, paths: int, log_floor: float, seed: int
) -> tuple[int, float]:
    """Return how many paths are below `log_floor` after any period, and the mean log wealth at their ends.

    Each block of paths has its own child of `seed`, so more paths begin with the same ones.
    """
    cumulative = np.cumsum(probabilities)
    cumulative[-1] = 1.0
    blocks = -(-paths // PATHS_PER_BLOCK)
    below, total = 0, 0.0
    for number, child in enumerate(np.random.SeedSequence(seed).spawn(blocks)):
        first, last = number * PATHS_PER_BLOCK, min((number + 1) * PATHS_PER_BLOCK, paths)
        draws = np.random.default_rng(child).random((PATHS_PER_BLOCK, periods))[: last - first]
        path = log_wealth[np.searchsorted(cumulative, draws, side="right")].cumsum(axis=1)
        below += int((path.min(axis=1) < log_floor).sum())
        total += float(path[:, -1].sum())
    return below, total / paths
