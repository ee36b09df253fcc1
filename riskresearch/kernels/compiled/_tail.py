"""The worst returns of each column, and historical VaR and CVaR from one selection of them.

A sample of the column bounds its tail from above; what lies below is gathered, a heap keeps the smallest of it, and the
tail is sorted and added from the worst return on: the result does not depend on the order of the rows, not in one bit.
"""

import cython
import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._threads import over_columns

SAMPLE_STRIDE = 16
SPARE = 4


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
        if child + 1 < size:
            child += heap[child + 1] > heap[child]
        if heap[child] <= value:
            break
        heap[root] = heap[child]
        root = child
    heap[root] = value


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _keep_smallest(
    column: cython.const[cython.double][:],
    stride: cython.Py_ssize_t,
    rows: cython.Py_ssize_t,
    heap: cython.double[::1],
    count: cython.Py_ssize_t,
) -> cython.void:
    """Fill `heap`, largest first, with the `count` smallest of every `stride`-th of the first `rows` values."""
    i: cython.Py_ssize_t
    for i in range(count):
        heap[i] = column[i * stride]
    for i in range(count // 2 - 1, -1, -1):
        _sift_down(heap, i, count)
    i = count * stride
    while i < rows:
        if column[i] < heap[0]:
            heap[0] = column[i]
            _sift_down(heap, 0, count)
        i += stride


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _gather(
    column: cython.const[cython.double][:], ceiling: cython.double, candidates: cython.double[::1]
) -> cython.Py_ssize_t:
    """Collect, without a branch, the values that are not above `ceiling`; return how many there are."""
    i: cython.Py_ssize_t
    found: cython.Py_ssize_t = 0
    value: cython.double
    for i in range(column.shape[0]):
        value = column[i]
        candidates[found] = value
        found += value <= ceiling
    return found


@cython.cfunc
@cython.nogil
@cython.exceptval(check=False)
def _excess(heap: cython.double[::1], count: cython.Py_ssize_t) -> cython.double:
    """Sort the heap, worst return first, and return by how much the returns fall short of the mildest, together."""
    i: cython.Py_ssize_t
    value: cython.double
    mildest: cython.double = heap[0]
    total: cython.double = 0.0
    for i in range(count - 1, 0, -1):
        value = heap[i]
        heap[i] = heap[0]
        heap[0] = value
        _sift_down(heap, 0, i)
    for i in range(count - 1):
        total += mildest - heap[i]
    return total


@cython.ccall
def _tail_columns(
    values: cython.const[cython.double][:, :],
    first: cython.Py_ssize_t,
    last: cython.Py_ssize_t,
    count: cython.Py_ssize_t,
    tail_mass: cython.double,
    stride: cython.Py_ssize_t,
    sampled: cython.Py_ssize_t,
    heap: cython.double[::1],
    candidates: cython.double[::1],
    value_at_risk: cython.double[::1],
    conditional: cython.double[::1],
) -> None:
    """Select the tails of the columns from `first` to before `last`.

    The `sampled`-th smallest of every `stride`-th value likely lies above the tail, so only what is not above it is
    looked at again. Where that is too little, or `sampled` is 0, the whole column goes through the heap.
    """
    rows: cython.Py_ssize_t = values.shape[0]
    column: cython.Py_ssize_t
    found: cython.Py_ssize_t
    with cython.nogil:
        for column in range(first, last):
            found = 0
            if sampled > 0:
                _keep_smallest(values[:, column], stride, rows, heap, sampled)
                found = _gather(values[:, column], heap[0], candidates)
            if found >= count:
                _keep_smallest(candidates, 1, found, heap, count)
            else:
                _keep_smallest(values[:, column], 1, rows, heap, count)
            value_at_risk[column] = 0.0 - heap[0]  # never -0.0
            if conditional.shape[0] > 0:
                conditional[column] = value_at_risk[column] + _excess(heap, count) / tail_mass


def tail_risk(values: FloatMatrix, count: int, tail_mass: float) -> tuple[FloatVector, FloatVector]:
    """Return historical VaR and CVaR of each column of returns `values`, shape (rows, columns), each in (columns,).

    The `count`-th worst return is minus VaR. CVaR is VaR plus the losses beyond it over the `tail_mass` observations
    that the level leaves, which is Rockafellar and Uryasev's form: never below VaR, not even by rounding.
    """
    value_at_risk, conditional = np.empty(values.shape[1]), np.empty(values.shape[1])
    _run(values, count, tail_mass, value_at_risk, conditional)
    return value_at_risk, conditional


def historical_var(values: FloatMatrix, count: int) -> FloatVector:
    """Return VaR alone, as `tail_risk` does, in less time."""
    value_at_risk = np.empty(values.shape[1])
    _run(values, count, 1.0, value_at_risk, np.empty(0))
    return value_at_risk


def _run(
    values: FloatMatrix, count: int, tail_mass: float, value_at_risk: FloatVector, conditional: FloatVector
) -> None:
    rows = values.shape[0]
    expected = count / SAMPLE_STRIDE
    sampled = int(expected + 2.0 * expected**0.5) + SPARE
    sampled = sampled if 3 * sampled * SAMPLE_STRIDE < rows else 0

    def task(first: int, last: int) -> None:
        heap, candidates = np.empty(max(count, sampled)), np.empty(rows)
        _tail_columns(
            values, first, last, count, tail_mass, SAMPLE_STRIDE, sampled, heap, candidates, value_at_risk, conditional
        )

    over_columns(task, values.shape, heavy=True)
