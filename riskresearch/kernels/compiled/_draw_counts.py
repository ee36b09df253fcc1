"""The sums of many series over the same draws: how often each draw takes each row, times the series.

`_resample` goes from piece to piece, which is the quickest for one series. Counts are made once and serve every series
that shares the draws, without a random number or a jump; a series does not see the others.
"""

import cython
import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector

Counts = npt.NDArray[np.uint16]


@cython.ccall
def _add(
    counts: cython.const[cython.ushort][:, ::1], values: cython.const[cython.double][::1], sums: cython.double[::1]
) -> None:
    row: cython.Py_ssize_t
    draw: cython.Py_ssize_t
    value: cython.double
    with cython.nogil:
        for row in range(counts.shape[0]):
            value = values[row]
            for draw in range(counts.shape[1]):
                sums[draw] += counts[row, draw] * value


def counts_of_places(places: npt.NDArray[np.int64]) -> Counts:
    """Return how often each draw takes each row, shape (rows, draws), from what `draw_rows` gives.

    Sixteen bits are enough: each row comes up once on average, and 65,536 times with negligible probability.
    """
    draws, rows = places.shape
    counts = np.empty((rows, draws), dtype=np.uint16)
    for draw in range(draws):
        counts[:, draw] = np.bincount(places[draw], minlength=rows)
    return counts


def sums_of_draws(counts: Counts, values: FloatVector) -> FloatVector:
    """Return the sum over each draw, shape (draws,), added row by row."""
    sums = np.zeros(counts.shape[1])
    _add(counts, np.ascontiguousarray(values), sums)
    return sums
