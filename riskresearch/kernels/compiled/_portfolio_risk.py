"""The risk of a portfolio whose weights change on each row, from the covariance or from the rows of a window.

The deviation is the root of z' C z, where z is weight times risk of each asset and C the correlation. C is never
written down: with S the sums of products and u = z / sqrt(diagonal of S), it is u' S u; over a window that is the sum
of squares of the rows times u. A missing return is at its mean in the products, so C stays positive semidefinite.
"""

import cython
import numpy as np
from cython.cimports.libc.math import sqrt

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined._formulas import decayed_sum
else:
    from riskresearch.kernels.inlined._formulas import decayed_sum


@cython.cclass
class EwmaPortfolio:
    """Deviation of a portfolio under exponentially weighted correlation about zero.

    Parameters
    ----------
    source : shape (rows, columns)
        Returns; NaN is missing.
    weights, risks : shape (rows or 1, columns)
        Weights decided after each row, and the risk of each asset; a risk that is NaN or not positive does not count.
    decay : float
        What a weight of the average is multiplied by when a row comes.
    sums : shape (columns, columns)
        The state: the lower triangle of the sums of products.
    answers : shape (rows or 1,)
        Output array.
    """

    source: cython.const[cython.double][:, :]
    weights: cython.const[cython.double][:, :]
    risks: cython.const[cython.double][:, :]
    decay: cython.double
    sums: cython.double[:, ::1]
    answers: cython.double[:]
    filled: cython.double[::1]
    units: cython.double[::1]
    products: cython.double[::1]

    def __init__(self, source, weights, risks, decay, sums, answers):  # type: ignore[no-untyped-def]
        self.source, self.weights, self.risks, self.decay = source, weights, risks, decay
        self.sums, self.answers = sums, answers
        columns = source.shape[1]
        self.filled, self.units, self.products = np.zeros(columns), np.zeros(columns), np.zeros(columns)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _take_row(self, tick: cython.Py_ssize_t) -> cython.void:
        """Fill gaps, update the diagonal of S, and write u."""
        column: cython.Py_ssize_t
        value: cython.double
        risk: cython.double
        for column in range(self.filled.shape[0]):
            value = self.source[tick % self.source.shape[0], column]
            value = value if value == value else 0.0
            self.filled[column] = value
            value = decayed_sum(self.decay, self.sums[column, column], value * value)
            self.sums[column, column] = value
            risk = self.risks[tick % self.risks.shape[0], column]
            self.units[column] = (
                self.weights[tick % self.weights.shape[0], column] * risk / sqrt(value)
                if value > 0.0 and risk > 0.0
                else 0.0
            )
            self.products[column] = 0.0

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1."""
        sums: cython.double[:, ::1] = self.sums
        filled: cython.double[::1] = self.filled
        units: cython.double[::1] = self.units
        products: cython.double[::1] = self.products
        decay: cython.double = self.decay
        tick: cython.Py_ssize_t
        i: cython.Py_ssize_t
        j: cython.Py_ssize_t
        value: cython.double
        unit: cython.double
        total: cython.double
        with cython.nogil:
            for tick in range(first, last):
                self._take_row(tick)
                for i in range(filled.shape[0]):
                    value = filled[i]
                    unit = units[i]
                    for j in range(i):
                        sums[i, j] = decayed_sum(decay, sums[i, j], value * filled[j])
                        products[j] += unit * sums[i, j]
                total = 0.0
                for i in range(filled.shape[0]):
                    total += units[i] * (2.0 * products[i] + units[i] * sums[i, i])
                self.answers[tick % self.answers.shape[0]] = sqrt(total) if total > 0.0 else 0.0


@cython.cclass
class RollingPortfolio:
    """Deviation of a portfolio under the sample correlation of the last `window` rows.

    Parameters
    ----------
    source : shape (rows, columns)
        Returns; NaN is missing. A ring must hold the whole window.
    weights, risks : shape (rows or 1, columns)
        As for `EwmaPortfolio`.
    window : int
        Number of rows.
    answers : shape (rows or 1,)
        Output array.
    """

    source: cython.const[cython.double][:, :]
    weights: cython.const[cython.double][:, :]
    risks: cython.const[cython.double][:, :]
    window: cython.Py_ssize_t
    answers: cython.double[:]
    means: cython.double[::1]
    counts: cython.double[::1]
    units: cython.double[::1]

    def __init__(self, source, weights, risks, window, answers):  # type: ignore[no-untyped-def]
        self.source, self.weights, self.risks, self.window = source, weights, risks, window
        self.answers = answers
        columns = source.shape[1]
        self.means, self.counts, self.units = np.zeros(columns), np.zeros(columns), np.zeros(columns)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _measure_columns(self, tick: cython.Py_ssize_t, rows: cython.Py_ssize_t) -> cython.void:
        """Write the means of the window, and u."""
        length: cython.Py_ssize_t = self.source.shape[0]
        column: cython.Py_ssize_t
        step: cython.Py_ssize_t
        row: cython.Py_ssize_t
        value: cython.double
        risk: cython.double
        for column in range(self.means.shape[0]):
            self.means[column] = 0.0
            self.counts[column] = 0.0
            self.units[column] = 0.0
        for step in range(rows):
            row = (tick - rows + 1 + step) % length
            for column in range(self.means.shape[0]):
                value = self.source[row, column]
                self.means[column] += value if value == value else 0.0
                self.counts[column] += 1.0 if value == value else 0.0
        for column in range(self.means.shape[0]):
            if self.counts[column] > 0.0:
                self.means[column] = self.means[column] / self.counts[column]
        for step in range(rows):
            row = (tick - rows + 1 + step) % length
            for column in range(self.means.shape[0]):
                value = self.source[row, column] - self.means[column]
                self.units[column] += value * value if value == value else 0.0
        for column in range(self.means.shape[0]):
            value = self.units[column]
            risk = self.risks[tick % self.risks.shape[0], column]
            self.units[column] = (
                self.weights[tick % self.weights.shape[0], column] * risk / sqrt(value)
                if value > 0.0 and risk > 0.0
                else 0.0
            )

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1."""
        length: cython.Py_ssize_t = self.source.shape[0]
        tick: cython.Py_ssize_t
        rows: cython.Py_ssize_t
        step: cython.Py_ssize_t
        row: cython.Py_ssize_t
        column: cython.Py_ssize_t
        value: cython.double
        earned: cython.double
        total: cython.double
        with cython.nogil:
            for tick in range(first, last):
                rows = tick + 1 if tick < self.window else self.window
                self._measure_columns(tick, rows)
                total = 0.0
                for step in range(rows):
                    row = (tick - rows + 1 + step) % length
                    earned = 0.0
                    for column in range(self.means.shape[0]):
                        value = self.source[row, column] - self.means[column]
                        earned += self.units[column] * value if value == value else 0.0
                    total += earned * earned
                self.answers[tick % self.answers.shape[0]] = sqrt(total)


def window_earnings(
    source: cython.const[cython.double][:, :],
    tick: cython.Py_ssize_t,
    weights: cython.const[cython.double][:],
    earned: cython.double[::1],
) -> None:
    """Write what fixed weights earned on the rows that end with `tick`, in the order of time; missing returns are 0."""
    rows: cython.Py_ssize_t = earned.shape[0]
    length: cython.Py_ssize_t = source.shape[0]
    step: cython.Py_ssize_t
    row: cython.Py_ssize_t
    column: cython.Py_ssize_t
    value: cython.double
    total: cython.double
    with cython.nogil:
        for step in range(rows):
            row = (tick - rows + 1 + step) % length
            total = 0.0
            for column in range(source.shape[1]):
                value = source[row, column]
                total += weights[column] * value if value == value else 0.0
            earned[step] = total
