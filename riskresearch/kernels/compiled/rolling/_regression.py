"""Least squares over a moving window by Givens rotations: a row costs the same whatever the window.

Rows stand in blocks as long as the window, so a window is the end of one block and the beginning of the next. The
triangular factor of each end and of each beginning is built row by row, and the two are put together. No row is ever
taken out again, so nothing drifts, and a window's coefficients come from its own rows alone.
"""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, sqrt

from riskresearch.core._types import FloatMatrix

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined._formulas import is_rate
else:
    from riskresearch.kernels.inlined._formulas import is_rate
from riskresearch.kernels.inlined._formulas import ROUNDING

EPSILON = 2.0**-52


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _rotate_in(factor: cython.double[:, ::1], row: cython.double[::1], first: cython.Py_ssize_t) -> cython.void:
    """Put `row`, whose entries before `first` are zero, into an upper triangular factor; the row is used up."""
    count: cython.Py_ssize_t = factor.shape[0]
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    length: cython.double
    cosine: cython.double
    sine: cython.double
    kept: cython.double
    for i in range(first, count):
        if row[i] == 0.0:
            continue
        length = sqrt(factor[i, i] * factor[i, i] + row[i] * row[i])
        if length == 0.0:  # squares below the smallest double
            continue
        cosine = factor[i, i] / length
        sine = row[i] / length
        for j in range(i, count):
            kept = factor[i, j]
            factor[i, j] = cosine * kept + sine * row[j]
            row[j] = cosine * row[j] - sine * kept


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _solve(
    factor: cython.double[:, ::1], noise: cython.double, share: cython.double, answer: cython.double[::1]
) -> cython.void:
    """Write the coefficients if the regressors are independent but for rounding.

    That of a column of returns is `noise`, of any column at least this `share` of its length.
    """
    count: cython.Py_ssize_t = answer.shape[0]
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    size: cython.double
    unknown: cython.double
    total: cython.double
    for j in range(count):
        size = 0.0
        for i in range(j + 1):
            size += factor[i, j] * factor[i, j]
        size = sqrt(size)
        unknown = share * size
        if is_rate(size) and noise > unknown:
            unknown = noise
        if not fabs(factor[j, j]) > unknown:
            return
    for j in range(count - 1, -1, -1):
        total = factor[j, count]
        for i in range(j + 1, count):
            total -= factor[j, i] * answer[i]
        answer[j] = total / factor[j, j]


@cython.ccall
@cython.nogil
@cython.exceptval(check=False)
def _roll(
    source: cython.const[cython.double][:, :],
    window: cython.Py_ssize_t,
    noise: cython.double,
    share: cython.double,
    ends: cython.double[:, :, ::1],
    work: cython.double[:, :, ::1],
    row: cython.double[::1],
    answers: cython.double[:, ::1],
) -> cython.void:
    """Write the coefficients of each window; `ends` holds the factors of the ends of a block, `work` two factors."""
    columns: cython.Py_ssize_t = source.shape[1]
    start: cython.Py_ssize_t
    first: cython.Py_ssize_t
    place: cython.Py_ssize_t
    i: cython.Py_ssize_t
    j: cython.Py_ssize_t
    for start in range(answers.shape[0]):
        first = start % window
        if first == 0:
            for i in range(columns):
                for j in range(columns):
                    work[0, i, j] = 0.0
                    work[1, i, j] = 0.0
            for place in range(window - 1, -1, -1):
                for j in range(columns):
                    row[j] = source[start + place, j]
                _rotate_in(work[0], row, 0)
                for i in range(columns):
                    for j in range(columns):
                        ends[place, i, j] = work[0, i, j]
        else:
            for j in range(columns):
                row[j] = source[start + window - 1, j]
            _rotate_in(work[1], row, 0)
        for i in range(columns):
            for j in range(columns):
                work[0, i, j] = ends[first, i, j]
        for i in range(columns):
            for j in range(columns):
                row[j] = work[1, i, j]
            _rotate_in(work[0], row, i)
        _solve(work[0], noise, share, answers[start])


def rolling_regression(source: FloatMatrix, window: int) -> FloatMatrix:
    """Return the least squares of the last column on the others over each `window` rows, (rows - window + 1, others).

    nan where the others are linearly dependent but for the rounding of returns. There must be `window` rows or more.
    """
    columns = source.shape[1]
    answers = np.full((source.shape[0] - window + 1, columns - 1), np.nan)
    work = np.empty((2, columns, columns))
    ends = np.empty((window, columns, columns))
    if window >= columns - 1:
        _roll(source, window, ROUNDING * window**0.5, EPSILON * window, ends, work, np.empty(columns), answers)
    return answers
