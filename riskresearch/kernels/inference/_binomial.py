"""Exact bounds of a probability from a count of independent events: one count a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector


def exact_bounds(counts: FloatVector, trials: FloatVector, confidence: float) -> tuple[FloatVector, FloatVector]:
    """Return the bounds of Clopper and Pearson (1934): each side misses with at most half of what is left.

    They are quantiles of beta distributions; 0 where nothing was counted, 1 where everything was, nan without trials.
    """
    from scipy.special import betaincinv  # noqa: PLC0415 (as dear as pandas, and needed for this alone)

    tail = 0.5 - 0.5 * confidence
    none, every = counts == 0, counts == trials
    lower = np.where(none, 0.0, betaincinv(np.where(none, 1.0, counts), trials - counts + 1.0, tail))
    upper = np.where(every, 1.0, betaincinv(counts + 1.0, np.where(every, 1.0, trials - counts), 1.0 - tail))
    untried = trials == 0
    return np.where(untried, np.nan, lower), np.where(untried, np.nan, upper)
