"""The deepest drawdowns of a path, and the path of summed instead of compounded returns."""

import numpy as np

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._episodes import episode_depths
from riskresearch.kernels._moments import mean
from riskresearch.kernels._ratios import average_depth
from riskresearch.kernels.compiled._drawdown import worst_drawdown


@shared
def summed_drawdown_path(values: FloatMatrix) -> FloatMatrix:
    """Return the running peak of summed returns, at least 0, less the sum after each row."""
    total = np.cumsum(values, axis=0, dtype=np.float64)
    peak: FloatMatrix = np.maximum(np.maximum.accumulate(total, axis=0), 0.0)
    return peak - total


def deepest_average(path: FloatMatrix, count: int | None) -> FloatVector:
    """Return the mean depth of the `count` deepest drawdowns of each column, of all with None; zero without any."""
    return average_depth([np.sort(depth)[::-1][:count] for depth in episode_depths(path)])


def yearly_average(values: FloatMatrix, rows_a_year: int) -> FloatVector:
    """Return the mean over the years of the worst drawdown within each; years are counted back from the last row."""
    ends = range(values.shape[0], 0, -rows_a_year)
    return mean(np.stack([worst_drawdown(values[max(0, end - rows_a_year) : end]) for end in ends]))
