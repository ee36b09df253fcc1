"""The factors of GRAP (1997), and Frongello's (2002) recursion, which has the same totals and never restates a row."""

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector


def grap_factors(returns: FloatVector, benchmark: FloatVector) -> FloatVector:
    """Return the growth of the first series before each row times that of the second one after it."""
    before = np.concatenate(([1.0], np.cumprod(1.0 + returns)[:-1]))
    after = np.concatenate((np.cumprod(1.0 + benchmark[::-1])[-2::-1], [1.0]))
    factors: FloatVector = before * after
    return factors


def frongello_effects(
    effects: npt.NDArray[np.float64], returns: FloatVector, benchmark: FloatVector
) -> npt.NDArray[np.float64]:
    """Return the linked effects, shape (effects, rows, nodes): each row's, and what earlier ones earn in it.

    A row's effect grows with the portfolio before it; the effects so far earn the benchmark's return.
    """
    before = np.concatenate(([1.0], np.cumprod(1.0 + returns)[:-1]))
    linked = effects * before[:, None]
    so_far = np.zeros((effects.shape[0], effects.shape[2]))
    for row in range(benchmark.shape[0]):
        linked[:, row] += benchmark[row] * so_far
        so_far += linked[:, row]
    return linked
