"""Compensated sums down the columns: the one summation that every mean, moment and ratio uses.

NumPy adds a lone column pairwise and the columns of a matrix one row after the other, so the mean of a series and of
the same series inside a panel differ in the last bits. Here both take the same steps, and the rounding error is carried
along (Ogita, Rump & Oishi 2005, Sum2): the result is as if summed in twice the precision and rounded once.
"""

import cython
import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._threads import over_columns

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined._formulas import sum_error
else:
    from riskresearch.kernels.inlined._formulas import sum_error


@cython.ccall
def _add_rows(
    values: cython.const[cython.double][:, :],
    first: cython.Py_ssize_t,
    last: cython.Py_ssize_t,
    high: cython.double[::1],
    low: cython.double[::1],
) -> None:
    row: cython.Py_ssize_t
    column: cython.Py_ssize_t
    rows: cython.Py_ssize_t = values.shape[0]
    value: cython.double
    before: cython.double
    total: cython.double = 0.0
    error: cython.double = 0.0
    with cython.nogil:
        if last - first == 1:  # the same steps, kept in registers
            for row in range(rows):
                value = values[row, first]
                error += sum_error(total, value)
                total += value
            high[first] = total
            low[first] = error
            first = last
        for row in range(rows):
            for column in range(first, last):
                value = values[row, column]
                before = high[column]
                low[column] += sum_error(before, value)
                high[column] = before + value


def column_sums(values: FloatMatrix) -> FloatVector:
    """Return the sum of each column of `values`, shape (rows, columns), as an array of shape (columns,)."""
    columns = values.shape[1]
    high = np.zeros(columns)
    low = np.zeros(columns)
    over_columns(lambda first, last: _add_rows(values, first, last, high, low), values.shape)
    total: FloatVector
    if np.isfinite(high).all():
        total = high + low
    else:
        with np.errstate(invalid="ignore"):  # a sum beyond a double is inf or nan
            total = high + low
    return total
