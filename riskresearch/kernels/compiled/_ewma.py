"""Deviations with exponentially decaying weights, and returns over them, one row after the other.

Each class reads a `source` of returns, which is a whole panel or a ring of its last rows: row `tick % rows` holds the
values of that tick, NaN is missing. `run(first, last)` goes from row to row; an output of one row is overwritten.
"""

import cython
import numpy as np
from cython.cimports.libc.math import sqrt

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined._formulas import decayed_sum
else:
    from riskresearch.kernels.inlined._formulas import decayed_sum


@cython.cclass
class EwmaDeviation:
    """The root of the exponentially weighted mean square, weights summing to one from the first value on.

    Parameters
    ----------
    source : shape (rows, columns)
        Returns.
    decay : float
        What a weight is multiplied by when a row comes.
    minimum : float
        Values that must have come before there is an answer.
    state : dict of arrays of shape (columns,)
        `total`, `weight` and `count`.
    answers : shape (rows or 1, columns)
        Output array.
    """

    source: cython.const[cython.double][:, :]
    decay: cython.double
    minimum: cython.double
    total: cython.double[::1]
    weight: cython.double[::1]
    count: cython.double[::1]
    answers: cython.double[:, :]
    missing: cython.double

    def __init__(self, source, decay, minimum, state, answers):  # type: ignore[no-untyped-def]
        self.source, self.decay, self.minimum, self.answers = source, decay, minimum, answers
        self.total, self.weight, self.count = state["total"], state["weight"], state["count"]
        self.missing = np.nan

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1."""
        source: cython.const[cython.double][:, :] = self.source
        answers: cython.double[:, :] = self.answers
        total: cython.double[::1] = self.total
        weight: cython.double[::1] = self.weight
        count: cython.double[::1] = self.count
        decay: cython.double = self.decay
        tick: cython.Py_ssize_t
        row: cython.Py_ssize_t
        out: cython.Py_ssize_t
        column: cython.Py_ssize_t
        value: cython.double
        with cython.nogil:
            for tick in range(first, last):
                row = tick % source.shape[0]
                out = tick % answers.shape[0]
                for column in range(source.shape[1]):
                    value = source[row, column]
                    if value == value:
                        total[column] = decayed_sum(decay, total[column], value * value)
                        weight[column] = decayed_sum(decay, weight[column], 1.0)
                        count[column] += 1.0
                    if count[column] >= self.minimum:
                        answers[out, column] = sqrt(total[column] / weight[column])
                    else:
                        answers[out, column] = self.missing


@cython.cclass
class Standardizer:
    """Each return over the deviation known before it; NaN where there was none, 0 for no move after no moves.

    Parameters
    ----------
    source : shape (rows, columns)
        Returns.
    deviations : shape (rows or 1, columns)
        Deviations known after each row.
    before : shape (columns,)
        The state: the deviations known before the row that comes.
    answers : shape (rows, columns)
        A panel or a ring.
    """

    source: cython.const[cython.double][:, :]
    deviations: cython.const[cython.double][:, :]
    before: cython.double[::1]
    answers: cython.double[:, :]
    missing: cython.double

    def __init__(self, source, deviations, before, answers):  # type: ignore[no-untyped-def]
        self.source, self.deviations, self.before, self.answers = source, deviations, before, answers
        self.missing = np.nan

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1."""
        tick: cython.Py_ssize_t
        out: cython.Py_ssize_t
        column: cython.Py_ssize_t
        value: cython.double
        with cython.nogil:
            for tick in range(first, last):
                out = tick % self.answers.shape[0]
                for column in range(self.before.shape[0]):
                    value = self.source[tick % self.source.shape[0], column]
                    if self.before[column] > 0.0:
                        self.answers[out, column] = value / self.before[column]
                    else:
                        self.answers[out, column] = 0.0 if self.before[column] == 0.0 and value == 0.0 else self.missing
                    self.before[column] = self.deviations[tick % self.deviations.shape[0], column]
