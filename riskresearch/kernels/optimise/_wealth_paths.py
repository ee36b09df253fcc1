"""How low wealth falls on simulated paths of independent periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._seeds import child_seeds
from riskresearch.core._types import FloatMatrix, FloatVector

if TYPE_CHECKING:
    import numpy.typing as npt

PATHS_PER_BLOCK = 1_000
PERIODS_PER_BLOCK = 1_000
PATHS_AT_ONCE = 20
"""Paths whose periods the processor's cache holds; the number changes no result."""


def falls(
    log_wealth: FloatVector, probabilities: FloatVector, periods: int, paths: int, log_floor: float, seed: int
) -> tuple[int, float]:
    """Return how many paths are below `log_floor` after any period, and the mean log wealth at their ends.

    Each block of paths has its own child of `seed`, so more paths begin with the same ones.
    """
    cumulative = np.cumsum(probabilities)
    cumulative[-1] = 1.0
    below, total = 0, 0.0
    for number, child in enumerate(child_seeds(seed, -(-paths // PATHS_PER_BLOCK))):
        rng, wanted = np.random.default_rng(child), min(PATHS_PER_BLOCK, paths - number * PATHS_PER_BLOCK)
        level, lowest = np.zeros(wanted), np.full(wanted, np.inf)
        for first in range(0, periods, PERIODS_PER_BLOCK):
            draws = rng.random((PATHS_PER_BLOCK, min(PERIODS_PER_BLOCK, periods - first)))[:wanted]
            path = level[:, None] + log_wealth[np.searchsorted(cumulative, draws, side="right")].cumsum(axis=1)
            lowest, level = np.minimum(lowest, path.min(axis=1)), path[:, -1].copy()
        below += int((lowest < log_floor).sum())
        total += float(level.sum())
    return below, total / paths


def falls_under_unknown_truths(
    excess: FloatVector,
    log_cash: FloatVector,
    assets: int,
    periods: int,
    paths: int,
    log_floor: float,
    seed: int,
    *,
    tolerated: float = 1.0,
) -> int:
    """Return how many paths are below `log_floor` after any period, each path with one draw of mean and deviation.

    The count ends early, and is too small, once it is more than `tolerated` of all paths.
    `excess` is what fixed weights in `assets` assets earned over cash on each row. Under the diffuse prior its variance
    is the sum of squares about the mean over a chi-squared of rows - assets, its mean then normal about the sample's
    (the marginal of the inverse Wishart for fixed weights); its shape stays that of the sample.
    """
    rows = excess.size
    mean, away = excess.mean(), excess - excess.mean()
    spread = float(np.sqrt((away * away).sum()))
    below = 0
    for number, child in enumerate(child_seeds(seed, -(-paths // PATHS_PER_BLOCK))):
        rng, wanted = np.random.default_rng(child), min(PATHS_PER_BLOCK, paths - number * PATHS_PER_BLOCK)
        root = np.sqrt(rng.chisquare(rows - assets, PATHS_PER_BLOCK))[:wanted]
        means = mean + spread / root / np.sqrt(rows) * rng.standard_normal(PATHS_PER_BLOCK)[:wanted]
        wider = np.sqrt(rows) / root
        level, lowest = np.zeros(wanted), np.full(wanted, np.inf)
        for first in range(0, periods, PERIODS_PER_BLOCK):
            drawn = rng.integers(0, rows, (PATHS_PER_BLOCK, min(PERIODS_PER_BLOCK, periods - first)))[:wanted]
            for start in range(0, wanted, PATHS_AT_ONCE):
                some = slice(start, start + PATHS_AT_ONCE)
                path = _log_growth(means[some, None], wider[some, None], away, log_cash, drawn[some])
                np.add.accumulate(path, axis=1, out=path)
                path += level[some, None]
                lowest[some], level[some] = np.minimum(lowest[some], path.min(axis=1)), path[:, -1]
        below += int((lowest < log_floor).sum())
        if below / paths > tolerated:
            break
    return below


def _log_growth(
    means: FloatMatrix, wider: FloatMatrix, away: FloatVector, log_cash: FloatVector, drawn: npt.NDArray[np.int64]
) -> FloatMatrix:
    """Return the growth of log wealth in each period (paths, periods); ruin is minus infinity."""
    growth: FloatMatrix = away.take(drawn)
    growth *= wider
    growth += 1.0 + means
    np.maximum(growth, 0.0, out=growth)
    with np.errstate(divide="ignore"):
        np.log(growth, out=growth)
    growth += log_cash.take(drawn)
    return growth


def chance_under_unknown_truths(
    excess: FloatVector, log_cash: FloatVector, assets: int, periods: int, log_floor: float, draws: int, seed: int
) -> float:
    """Return about the same probability from first passages of Brownian motion, at a fraction of the cost."""
    from scipy import special  # noqa: PLC0415 (SciPy, which most measures spare)

    rows, rng = excess.size, np.random.default_rng(seed)
    mean, away = excess.mean(), excess - excess.mean()
    root = np.sqrt(rng.chisquare(rows - assets, draws))
    means = mean + np.sqrt((away * away).sum()) / root / np.sqrt(rows) * rng.standard_normal(draws)
    logs = (np.sqrt(rows) / root)[:, None] * away
    logs += 1.0 + means[:, None]
    ruined = logs.min(axis=1) <= 0.0
    logs[logs <= 0.0] = 1.0
    np.log(logs, out=logs)
    logs += log_cash
    drift, variance = logs.mean(axis=1), np.maximum(logs.var(axis=1), 1e-300)
    deviation = np.sqrt(variance * periods)
    direct = special.ndtr((log_floor - drift * periods) / deviation)
    reflected = 2.0 * drift * log_floor / variance + special.log_ndtr((log_floor + drift * periods) / deviation)
    chances = np.minimum(direct + np.exp(np.minimum(reflected, 0.0)), 1.0)
    return float(np.where(ruined, 1.0, chances).mean())
