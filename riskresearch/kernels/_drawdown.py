# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Wealth, its running peak, and the fraction lost since that peak.

One formula decides everywhere: drawdown = (peak - wealth) / peak. Within a factor of two of the peak the subtraction
is exact (Sterbenz), so the only rounding is the division's. The first peak is the starting wealth 1, so a loss on the
first day counts.
"""

import cython
import numpy as np

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._threads import over_columns


@cython.ccall
def _drawdown_columns(
    returns: cython.const[cython.double][:, :],
    first: cython.Py_ssize_t,
    last: cython.Py_ssize_t,
    wealth: cython.double[::1],
    peak: cython.double[::1],
    worst: cython.double[::1],
    path: cython.double[:, ::1],
    path_step: cython.Py_ssize_t,
) -> None:
    """Carry wealth, peak and worst drawdown down the rows; row i of the path goes to row i * path_step."""
    row: cython.Py_ssize_t
    column: cython.Py_ssize_t
    rows: cython.Py_ssize_t = returns.shape[0]
    value: cython.double
    top: cython.double
    lost: cython.double
    with cython.nogil:
        for row in range(rows):
            for column in range(first, last):
                value = wealth[column] * (1.0 + returns[row, column])
                top = value if value > peak[column] else peak[column]
                lost = (top - value) / top
                wealth[column] = value
                peak[column] = top
                worst[column] = lost if lost > worst[column] else worst[column]
                path[row * path_step, column] = lost


def _run(returns: FloatMatrix, path: FloatMatrix, path_step: int) -> tuple[FloatVector, FloatVector]:
    columns = returns.shape[1]
    wealth, peak, worst = np.ones(columns), np.ones(columns), np.zeros(columns)
    over_columns(
        lambda first, last: _drawdown_columns(returns, first, last, wealth, peak, worst, path, path_step),
        returns.shape,
    )
    return worst, wealth


def worst_drawdown(returns: FloatMatrix) -> FloatVector:
    """Return the largest drawdown of each column of `returns`, shape (rows, columns), in shape (columns,)."""
    return worst_drawdown_and_proof(returns)[0]


@shared
def worst_drawdown_and_proof(returns: FloatMatrix) -> tuple[FloatVector, bool]:
    """Return the same, and whether the result itself proves every return finite and above -1.

    A missing or infinite return leaves the final wealth not finite; one of -1 or less makes a drawdown of 1 or more.
    """
    worst, wealth = _run(returns, np.empty((1, returns.shape[1])), 0)
    return worst, bool(np.isfinite(wealth).all() and (worst < 1.0).all())


@shared
def drawdown_path(returns: FloatMatrix) -> FloatMatrix:
    """Return the drawdown after each row of `returns`, shape (rows, columns), in the same shape."""
    path = np.empty(returns.shape)
    _run(returns, path, 1)
    return path
