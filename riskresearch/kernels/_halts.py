# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""What became of 1 under many exposure paths over the same returns: its end and its worst drawdown.

    wealth *= 1 + exposure * return - cost * |change of exposure|,    drawdown = (peak - wealth) / peak

The drawdown is that of `_drawdown`. A path is a place in one long array where its exposures begin, so all circular
shifts of a path are places in the path written twice, and nothing is copied. The first exposure is held from the start,
without cost.
"""

import cython
import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector
from riskresearch.kernels._threads import over_columns

PATHS_AT_A_TIME = 8
"""Each step waits for the one before; this many paths wait together."""


@cython.ccall
def _outcomes_of_some(
    returns: cython.const[cython.double][::1],
    exposures: cython.const[cython.double][::1],
    starts: cython.const[cython.longlong][::1],
    cost: cython.double,
    first: cython.Py_ssize_t,
    last: cython.Py_ssize_t,
    wealth: cython.double[::1],
    worst: cython.double[::1],
    peak: cython.double[::1],
    held: cython.double[::1],
) -> None:
    """Carry the paths from `first` to before `last` down all rows."""
    row: cython.Py_ssize_t
    path: cython.Py_ssize_t
    rows: cython.Py_ssize_t = returns.shape[0]
    now: cython.double
    change: cython.double
    value: cython.double
    top: cython.double
    lost: cython.double
    move: cython.double
    with cython.nogil:
        for path in range(first, last):
            held[path] = exposures[starts[path]]
        for row in range(rows):
            move = returns[row]
            for path in range(first, last):
                now = exposures[starts[path] + row]
                change = now - held[path]
                change = -change if change < 0.0 else change
                value = wealth[path] * (1.0 + now * move - cost * change)
                top = value if value > peak[path] else peak[path]
                lost = (top - value) / top
                wealth[path] = value
                peak[path] = top
                worst[path] = lost if lost > worst[path] else worst[path]
                held[path] = now


def exposure_outcomes(
    returns: FloatVector, exposures: FloatVector, starts: npt.NDArray[np.longlong], cost: float
) -> tuple[FloatVector, FloatVector]:
    """Return final wealth and worst drawdown, shape (paths,), of the paths that begin at `starts` in `exposures`."""
    paths = starts.shape[0]
    wealth, worst, peak, held = np.ones(paths), np.zeros(paths), np.ones(paths), np.empty(paths)

    def some(begin: int, end: int) -> None:
        for first in range(begin, end, PATHS_AT_A_TIME):
            last = min(first + PATHS_AT_A_TIME, end)
            _outcomes_of_some(returns, exposures, starts, cost, first, last, wealth, worst, peak, held)

    over_columns(some, (returns.shape[0], paths), heavy=True)
    return wealth, worst
