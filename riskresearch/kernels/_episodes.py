"""Drawdowns as episodes: from the last row at a peak, down to the trough, back to the first row at the peak again."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector


class Episodes(NamedTuple):
    """Rows of one column's drawdowns in time order, each array of shape (episodes,)."""

    peak: npt.NDArray[np.intp]
    """Last row at the peak; -1 is the start, before the first row."""
    trough: npt.NDArray[np.intp]
    """First row at the deepest point."""
    recovery: npt.NDArray[np.intp]
    """First row back at the peak or above; the number of rows if still below."""
    depth: FloatVector
    """Fraction lost from the peak to the trough."""


def find_episodes(path: FloatVector) -> Episodes:
    """Split a drawdown path, shape (rows,), into its episodes."""
    first, recovery = _spans(path)
    trough = np.array([begin + path[begin:end].argmax() for begin, end in zip(first, recovery, strict=True)], np.intp)
    return Episodes(first - 1, trough, recovery, path[trough])


def _spans(path: FloatVector) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the first row of each episode, and the row after its last."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], path > 0.0, [False])).view(np.int8)))
    return edges[::2], edges[1::2]


@shared
def losing_run_depths(returns: FloatMatrix) -> list[FloatVector]:
    """Return for each column the compounded losses of its uninterrupted runs of negative returns, in time order."""
    return [_losing_runs(returns[:, column]) for column in range(returns.shape[1])]


def _losing_runs(column: FloatVector) -> FloatVector:
    losing = column < 0.0
    first = np.flatnonzero(losing & ~np.concatenate(([False], losing[:-1])))
    if first.size == 0:
        return np.empty(0)
    left: FloatVector = np.multiply.reduceat(np.where(losing, 1.0 + column, 1.0), first)
    return 1.0 - left


@shared
def episode_depths(path: FloatMatrix) -> list[FloatVector]:
    """Return for each column of a drawdown path the depths of its drawdowns in time order."""
    return [_depths(path[:, column]) for column in range(path.shape[1])]


def _depths(path: FloatVector) -> FloatVector:
    first, _ = _spans(path)
    # Between two episodes the path is zero, so the maximum up to the next one is that of the episode.
    return np.maximum.reduceat(path, first) if first.size else np.empty(0)
