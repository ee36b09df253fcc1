"""Skewness and excess kurtosis of a moving window, by the recursion of `_moments` carried to fourth powers.

The center moves to the window's mean when the mean has left it by one deviation, or when the sum of fourth powers has
become a millionth of a millionth of the largest since then. What is equal but for rounding has no shape, as in
`_moments`. A window without end keeps its first value as its center.
"""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, sqrt

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _window_layout as layout
    from cython.cimports.riskresearch.kernels.inlined._formulas import (
        add_compensated,
        compensated_sum,
        is_beyond_rounding,
        is_over_one,
        is_rounding,
    )
else:
    from riskresearch.kernels.inlined import _window_layout as layout
    from riskresearch.kernels.inlined._formulas import (
        add_compensated,
        compensated_sum,
        is_beyond_rounding,
        is_over_one,
        is_rounding,
    )


@cython.cclass
class ShapeWindow:
    """Skewness or excess kurtosis of a moving window over the rows of `source`, which may be a ring of more rows.

    Parameters
    ----------
    source : shape (rows, columns)
        Row `tick % rows` holds the values of that tick; NaN is missing.
    window, minimum : int
        Rows in the window, and how many must not be missing to give an answer.
    kind : int
        SKEWNESS or EXCESS_KURTOSIS.
    state : dict of arrays
        `sums` of shape (columns, 8); `count`, `center`, `largest` (sum of fourth powers) and `differs` (whether a
        value of a window without end does) of shape (columns,).
    answers : shape (rows or 1, columns)
        Output array.
    """

    source: cython.const[cython.double][:, :]
    window: cython.Py_ssize_t
    expanding: cython.bint
    minimum: cython.double
    kind: cython.int
    sums: cython.double[:, ::1]
    count: cython.double[::1]
    center: cython.double[::1]
    largest: cython.double[::1]
    differs: cython.double[::1]
    answers: cython.double[:, :]
    missing: cython.double

    def __init__(self, source, window, minimum, kind, state, answers):  # type: ignore[no-untyped-def]
        self.source, self.window, self.minimum = source, window, minimum
        self.kind, self.answers = kind, answers
        self.sums, self.count, self.center = state["sums"], state["count"], state["center"]
        self.largest, self.differs = state["largest"], state["differs"]
        self.missing, self.expanding = np.nan, window >= 2**62

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _change(self, column: cython.Py_ssize_t, value: cython.double, sign: cython.double) -> cython.void:
        distance: cython.double = value - self.center[column]
        square: cython.double = distance * distance
        add_compensated(self.sums, column, layout.FIRST, sign * distance)
        add_compensated(self.sums, column, layout.SECOND, sign * square)
        add_compensated(self.sums, column, layout.THIRD, sign * (square * distance))
        add_compensated(self.sums, column, layout.FOURTH, sign * (square * square))

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _add_window(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        length: cython.Py_ssize_t = self.source.shape[0]
        rows: cython.Py_ssize_t = tick + 1 if tick < self.window else self.window
        row: cython.Py_ssize_t = (tick - rows + 1) % length
        i: cython.Py_ssize_t
        _row: cython.Py_ssize_t
        value: cython.double
        for i in range(layout.SHAPE_SUMS):
            self.sums[column, i] = 0.0
        for _row in range(rows):
            value = self.source[row, column]
            row = row + 1 if row + 1 < length else 0
            if value == value:
                self._change(column, value, 1.0)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _sum_again(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        """Sum again the rows that end with `tick`, about their mean."""
        self.center[column] = 0.0
        self._add_window(column, tick)
        self.center[column] = compensated_sum(self.sums, column, layout.FIRST) / self.count[column]
        self._add_window(column, tick)
        self.largest[column] = compensated_sum(self.sums, column, layout.FOURTH)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _is_flat(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.bint:
        """Return whether the rows that end with `tick` are equal but for rounding."""
        length: cython.Py_ssize_t = self.source.shape[0]
        rows: cython.Py_ssize_t = tick + 1 if tick < self.window else self.window
        row: cython.Py_ssize_t = (tick - rows + 1) % length
        _row: cython.Py_ssize_t
        value: cython.double
        low: cython.double = 1e308
        high: cython.double = -1e308
        over_one: cython.bint = True
        for _row in range(rows):
            value = self.source[row, column]
            row = row + 1 if row + 1 < length else 0
            if value == value:
                low = value if value < low else low
                high = value if value > high else high
                over_one = over_one and is_over_one(value)
                if is_beyond_rounding(high - low, high if high > -low else -low):
                    return False
        return is_rounding(high - low, high if high > -low else -low, over_one)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _move(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        length: cython.Py_ssize_t = self.source.shape[0]
        number: cython.double
        fourth: cython.double
        mean: cython.double
        square: cython.double
        value: cython.double
        if tick >= self.window:
            value = self.source[(tick - self.window) % length, column]
            if value == value:
                self.count[column] -= 1.0
                self._change(column, value, -1.0)
        value = self.source[tick % length, column]
        if value == value:
            if self.expanding and self.count[column] == 0.0:
                self.center[column] = value
            self.count[column] += 1.0
            mean = value - self.center[column]
            if not is_rounding(fabs(mean), fabs(value), is_over_one(value)):
                self.differs[column] = 1.0
            self._change(column, value, 1.0)
        number = self.count[column]
        value = self.missing
        if number > 0.0:
            mean = compensated_sum(self.sums, column, layout.FIRST) / number
            square = compensated_sum(self.sums, column, layout.SECOND) / number - mean * mean
            if not self.expanding:
                fourth = compensated_sum(self.sums, column, layout.FOURTH)
                self.largest[column] = fourth if fourth > self.largest[column] else self.largest[column]
                if not (mean * mean <= square and 1e-12 * self.largest[column] <= fourth):
                    self._sum_again(column, tick)
                    mean = compensated_sum(self.sums, column, layout.FIRST) / number
                    square = compensated_sum(self.sums, column, layout.SECOND) / number - mean * mean
                mean += self.center[column]
                if 4.0 * square <= 1e-27 * (1.0 + mean * mean) and self._is_flat(column, tick):
                    number = 0.0
            elif self.differs[column] == 0.0:
                number = 0.0
            if number >= self.minimum and number > 0.0:
                value = self._answer(column)
        self.answers[tick % self.answers.shape[0], column] = value

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _answer(self, column: cython.Py_ssize_t) -> cython.double:
        number: cython.double = self.count[column]
        mean: cython.double = compensated_sum(self.sums, column, layout.FIRST) / number
        second: cython.double = compensated_sum(self.sums, column, layout.SECOND) / number
        third: cython.double = compensated_sum(self.sums, column, layout.THIRD) / number
        fourth: cython.double
        variance: cython.double = second - mean * mean
        if not variance > 0.0:
            return self.missing
        if self.kind == layout.SKEWNESS:
            return (third - mean * (3.0 * second - 2.0 * (mean * mean))) / (variance * sqrt(variance))
        fourth = compensated_sum(self.sums, column, layout.FOURTH) / number
        fourth -= mean * (4.0 * third - mean * (6.0 * second - 3.0 * (mean * mean)))
        return fourth / (variance * variance) - 3.0

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1 of `source`; the output has the same row numbers."""
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        with cython.nogil:
            for tick in range(first, last):
                for column in range(self.source.shape[1]):
                    self._move(column, tick)
