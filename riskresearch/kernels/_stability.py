"""The straightness of compounded growth: (rows, columns) in, (columns,) out."""

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._rounding import rounding_of
from riskresearch.kernels.benchmark._relative import correlation


def stability(values: FloatMatrix) -> FloatVector:
    """Return R squared of a line through the cumulative log returns; nan after a total loss and of zeros alone."""
    ruined = (values == -1.0).any(axis=0)
    path = np.cumsum(np.log1p(np.ascontiguousarray(np.where(ruined, 0.0, values))), axis=0)
    fit = correlation(path, np.arange(values.shape[0], dtype=np.float64))
    still = [np.abs(column).max() <= rounding_of(column) for column in values.T]
    return np.where(ruined | still, np.nan, fit * fit)
