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
    losses = _losses(values, path, rows, compounded=compounded)
    return mean(losses * weights[rows, None]) * (rows.size / mass / risk)


def tail_weights(path: FloatVector, level: float) -> tuple[FloatVector, float]:
    """Return the weight of each row in the mean of the worst, and their sum; equal values share what is left."""
    count, mass = tail_rank(level, path.size)
    boundary = np.sort(path)[-count]
    weights, tied = (path > boundary).astype(np.float64), path == boundary
    weights[tied] = (mass - weights.sum()) / tied.sum()
    return weights, mass


def _losses(values: FloatMatrix, path: FloatVector, rows: npt.NDArray[np.intp], *, compounded: bool) -> FloatMatrix:
    """Return what each column lost from the benchmark's last peak before each of `rows` to that row."""
    peaks = np.maximum.accumulate(np.where(path == 0.0, np.arange(path.size), -1))[rows]
    losses = np.empty((rows.size, values.shape[1]))
    for peak in np.unique(peaks).tolist():
        below = rows[peaks == peak]
        since = values[peak + 1 : below[-1] + 1]
        change = np.cumprod(1.0 + since, axis=0) - 1.0 if compounded else np.cumsum(since, axis=0)
        losses[peaks == peak] = -change[below - peak - 1]
    return losses
