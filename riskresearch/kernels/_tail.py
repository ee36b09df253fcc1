# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""The worst returns of each column, and historical VaR and CVaR from one selection of them.

A column is read once; a heap holds its smallest returns seen so far, so most returns cost one comparison. The tail is
then sorted and added from the worst return on: the result does not depend on the order of the rows, not in one bit.
"""

import cython
import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._threads import over_columns

COLUMNS_PER_BLOCK = 8  # 8 doubles fill a cache line, so a block reads each line of a row-major panel once


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _sift_down(heap: cython.double[::1], root: cython.Py_ssize_t, size: cython.Py_ssize_t) -> cython.void:
    child: cython.Py_ssize_t
    value: cython.double = heap[root]
    while True:
        child = 2 * root + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] > heap[child]:
            child += 1
        if heap[child] <= value:
            break
        heap[root] = heap[child]
        root = child
    heap[root] = value


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _smallest_ascending(
    column: cython.const[cython.double][::1], heap: cython.double[::1], count: cython.Py_ssize_t
) -> cython.void:
    i: cython.Py_ssize_t
    value: cython.double
    for i in range(count):
        heap[i] = column[i]
    for i in range(count // 2 - 1, -1, -1):
        _sift_down(heap, i, count)
    for i in range(count, column.shape[0]):
        value = column[i]
        if value < heap[0]:
            heap[0] = value
            _sift_down(heap, 0, count)
    for i in range(count - 1, 0, -1):
        value = heap[i]
        heap[i] = heap[0]
        heap[0] = value
        _sift_down(heap, 0, i)


@cython.ccall
@cython.nogil
@cython.exceptval(check=False)
def _tail_columns(
    values: cython.const[cython.double][:, :],
    first: cython.Py_ssize_t,
    last: cython.Py_ssize_t,
    count: cython.Py_ssize_t,
    tail_mass: cython.double,
    block: cython.double[:, ::1],
    heap: cython.double[::1],
    value_at_risk: cython.double[::1],
    conditional: cython.double[::1],
) -> cython.void:
    rows: cython.Py_ssize_t = values.shape[0]
    begin: cython.Py_ssize_t
    width: cython.Py_ssize_t
    row: cython.Py_ssize_t
    i: cython.Py_ssize_t
    total: cython.double
    begin = first
    while begin < last:
        width = last - begin if last - begin < block.shape[0] else block.shape[0]
        for row in range(rows):
            for i in range(width):
                block[i, row] = values[row, begin + i]
        for i in range(width):
            _smallest_ascending(block[i], heap, count)
            total = 0.0
            for row in range(count - 1):
                total += heap[count - 1] - heap[row]
            value_at_risk[begin + i] = -heap[count - 1]
            conditional[begin + i] = total / tail_mass - heap[count - 1]
        begin += width


def tail_risk(values: FloatMatrix, count: int, tail_mass: float) -> tuple[FloatVector, FloatVector]:
    """Return historical VaR and CVaR of each column of returns `values`, shape (rows, columns), each in (columns,).

    The `count`-th worst return is minus VaR. CVaR is VaR plus the losses beyond it over the `tail_mass` observations
    that the level leaves, which is Rockafellar and Uryasev's form: never below VaR, not even by rounding.
    """
    rows, columns = values.shape
    value_at_risk = np.empty(columns)
    conditional = np.empty(columns)

    def task(first: int, last: int) -> None:
        block = np.empty((min(COLUMNS_PER_BLOCK, last - first), rows))
        heap = np.empty(count)
        _tail_columns(values, first, last, count, tail_mass, block, heap, value_at_risk, conditional)

    over_columns(task, values.shape)
    return value_at_risk, conditional
