"""Wealth, its running peak, and the fraction lost since that peak.

One formula decides everywhere: drawdown = (peak - wealth) / peak. Within a factor of two of the peak the subtraction
is exact (Sterbenz), so the only rounding is the division's. The first peak is the starting wealth 1, so a loss on the
first day counts.

Wealth that a double cannot hold is carried on in other units, which are powers of two and change no bit: see
`_drawdown_in_units`. Only columns that end beyond a double, or lose all but rounding, are gone through that way.
"""

import cython
import numpy as np

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._threads import over_columns

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined._formulas import drawdown
else:
    from riskresearch.kernels.inlined._formulas import drawdown

LANES = 16


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
                lost = drawdown(top, value)
                wealth[column] = value
                peak[column] = top
                worst[column] = lost if lost > worst[column] else worst[column]
                path[row * path_step, column] = lost


@cython.ccall
def _worst_of_sixteen(
    line: cython.const[cython.double][::1],
    rows: cython.Py_ssize_t,
    pitch: cython.Py_ssize_t,
    lanes: cython.double[:, ::1],
    first: cython.Py_ssize_t,
    last: cython.Py_ssize_t,
) -> None:
    """Do the same for columns that follow each other in `line`, `pitch` apart: 16 at a time are carried down the rows.

    Group i of 16 is in row i of `lanes`, which holds their wealth, their peaks and their worst drawdowns. Loops of
    constant length over an array of constant layout are what compilers turn into vector instructions.
    """
    group: cython.Py_ssize_t
    row: cython.Py_ssize_t
    lane: cython.Py_ssize_t
    value: cython.double
    top: cython.double
    lost: cython.double
    with cython.nogil:
        for group in range(first, last):
            for row in range(rows):
                for lane in range(16):
                    value = lanes[group, lane] * (1.0 + line[(group * 16 + lane) * pitch + row])
                    top = lanes[group, 16 + lane]
                    top = value if value > top else top
                    lost = drawdown(top, value)
                    lanes[group, lane] = value
                    lanes[group, 16 + lane] = top
                    value = lanes[group, 32 + lane]
                    lanes[group, 32 + lane] = lost if lost > value else value


@cython.ccall
def _drawdown_in_units(
    returns: cython.const[cython.double][:, :],
    column: cython.Py_ssize_t,
    worst: cython.double[::1],
    path: cython.double[:, ::1],
    path_step: cython.Py_ssize_t,
) -> None:
    """Do the same for one column whose wealth may leave the range of a double.

    Above 2^512 wealth and peak are counted in units of it. Wealth that is below 2^-600 of its unit, while the peak is
    at least 1, is lost but for rounding; it is counted by itself in units of 2^-512 until it is back.
    """
    large: cython.double = 1.3407807929942597e154  # 2^512
    small: cython.double = 7.458340731200207e-155  # 2^-512
    least: cython.double = 2.409919865102884e-181  # 2^-600
    row: cython.Py_ssize_t
    below: cython.Py_ssize_t = 0
    wealth: cython.double = 1.0
    peak: cython.double = 1.0
    factor: cython.double
    lost: cython.double
    with cython.nogil:
        for row in range(returns.shape[0]):
            factor = 1.0 + returns[row, column]
            if below == 0 and factor > large:  # alone more than a unit
                factor = factor * small
                if wealth * factor > 1.0:
                    peak = peak * small
                else:
                    factor = factor * large
            wealth = wealth * factor
            while below > 0 and wealth >= 1.0:
                wealth = wealth * small
                below = below - 1
            while 0.0 < wealth < least:
                wealth = wealth * large
                below = below + 1
            if below > 0:
                lost = 1.0
            else:
                peak = wealth if wealth > peak else peak
                lost = drawdown(peak, wealth)
                if wealth > large:
                    wealth = wealth * small
                    peak = peak * small
            worst[column] = lost if lost > worst[column] else worst[column]
            path[row * path_step, column] = lost


def _run(returns: FloatMatrix, path: FloatMatrix, path_step: int, done: int = 0) -> tuple[FloatVector, FloatVector]:
    rows, columns = returns.shape
    wealth, peak, worst = np.ones(columns), np.ones(columns), np.zeros(columns)

    def task(first: int, last: int) -> None:
        _drawdown_columns(returns, done + first, done + last, wealth, peak, worst, path, path_step)

    if done < columns:
        over_columns(task, (rows, columns - done))
    return worst, wealth


def _again_in_units(
    returns: FloatMatrix, worst: FloatVector, wealth: FloatVector, path: FloatMatrix, path_step: int
) -> None:
    """Go once more through the columns whose wealth may have left the range of a double."""
    for column in np.flatnonzero(~np.isfinite(wealth) | (worst >= 1.0)):
        worst[column] = 0.0
        _drawdown_in_units(returns, column, worst, path, path_step)


def _worst(returns: FloatMatrix) -> tuple[FloatVector, FloatVector]:
    """Return the largest drawdown and the final wealth of each column."""
    rows, columns = returns.shape
    down, across = returns.strides
    groups = columns // LANES
    if down != returns.itemsize or across % returns.itemsize or across < rows * down or groups == 0:
        return _run(returns, np.empty((1, columns)), 0)
    pitch, done = across // returns.itemsize, groups * LANES
    line = np.lib.stride_tricks.as_strided(returns, (pitch * (columns - 1) + rows,), (down,), writeable=False)
    lanes = np.ones((groups, 3 * LANES))
    lanes[:, 2 * LANES :] = 0.0
    over_columns(
        lambda first, last: _worst_of_sixteen(line, rows, pitch, lanes, first // LANES, last // LANES), (rows, done)
    )
    worst, wealth = _run(returns, np.empty((1, columns)), 0, done)
    wealth[:done], worst[:done] = lanes[:, :LANES].reshape(-1), lanes[:, 2 * LANES :].reshape(-1)
    return worst, wealth


def worst_drawdown(returns: FloatMatrix) -> FloatVector:
    """Return the largest drawdown of each column of `returns`, shape (rows, columns), in shape (columns,)."""
    return checked_max_drawdown(returns)[0]


@shared
def checked_max_drawdown(returns: FloatMatrix) -> tuple[FloatVector, bool]:
    """Return the same, and whether the result itself proves every return finite and above -1.

    A missing or infinite return leaves the final wealth not finite; one of -1 or less makes a drawdown of 1 or more.
    """
    worst, wealth = _worst(returns)
    if np.isfinite(wealth).all() and (worst < 1.0).all():
        return worst, True
    _again_in_units(returns, worst, wealth, np.empty((1, returns.shape[1])), 0)
    return worst, False


@shared
def drawdown_path(returns: FloatMatrix) -> FloatMatrix:
    """Return the drawdown after each row of `returns`, shape (rows, columns), in the same shape."""
    path = np.empty(returns.shape)
    worst, wealth = _run(returns, path, 1)
    _again_in_units(returns, worst, wealth, path, 1)
    return path
