"""Losses in the worst drawdowns of a benchmark: (rows, columns) and (rows,) in, (columns,) out."""

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._drawdown_tail import summed_drawdown_path
from riskresearch.kernels._moments import mean
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels._rounding import unless_rounding
from riskresearch.kernels.compiled._drawdown import drawdown_path


def cdar_beta(values: FloatMatrix, benchmark: FloatVector, level: float, compounding: str) -> FloatVector:
    """Return the mean loss since the benchmark's last peak over its mean drawdown, in its worst drawdowns."""
    market = np.ascontiguousarray(benchmark[:, None])
    compounded = compounding == "geometric"
    path = (drawdown_path if compounded else summed_drawdown_path)(market)[:, 0]
    weights, mass = tail_weights(path, level)
    risk = unless_rounding(np.array([float(np.sum(weights * path)) / mass]), market)[0]
    if risk == 0.0:
        return np.full(values.shape[1], np.nan)
    rows = np.flatnonzero((weights > 0.0) & (path > 0.0))
    losses = np.stack([_loss(values, path, int(row), compounded=compounded) for row in rows])
    return mean(losses * weights[rows, None]) * (rows.size / mass / risk)


def tail_weights(path: FloatVector, level: float) -> tuple[FloatVector, float]:
    """Return the weight of each row in the mean of the worst, and their sum; equal values share what is left."""
    count, mass = tail_rank(level, path.size)
    boundary = np.sort(path)[-count]
    weights, tied = (path > boundary).astype(np.float64), path == boundary
    weights[tied] = (mass - weights.sum()) / tied.sum()
    return weights, mass


def _loss(values: FloatMatrix, path: FloatVector, row: int, *, compounded: bool) -> FloatVector:
    """Return what each column lost from the row of the benchmark's last peak to `row`."""
    peaks: npt.NDArray[np.intp] = np.flatnonzero(path[:row] == 0.0)
    since = values[int(peaks[-1]) + 1 if peaks.size else 0 : row + 1]
    if compounded:
        loss: FloatVector = 1.0 - np.multiply.reduce(1.0 + since, axis=0)
        return loss
    return -mean(since) * since.shape[0]
