# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Skewness and excess kurtosis of a moving window, by the recursion of `_rolling_moments` carried to fourth powers.

The center moves to the window's mean when the mean has left it by one deviation, or when a square of a million times
the window's sum of squares goes: fourth powers lose digits faster than squares. A window
without end keeps its first value as its center.
"""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, sqrt

SKEWNESS, EXCESS_KURTOSIS = 0, 1


@cython.cfunc
@cython.inline
@cython.nogil
@cython.exceptval(check=False)
def _add(
    sums: cython.double[:, ::1], column: cython.Py_ssize_t, place: cython.Py_ssize_t, value: cython.double
) -> cython.void:
    """Add to a sum, and the rounding of that (Knuth's exact sum) to the place after it."""
    before: cython.double = sums[column, place]
    after: cython.double = before + value
    part: cython.double = after - before
    sums[column, place] = after
    sums[column, place + 1] += (before - (after - part)) + (value - part)


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
        `sums` of shape (columns, 8); `count`, `center`, `latest` and `equals` of shape (columns,).
    answers : shape (rows or 1, columns)
        Where the answers go.
    """

    source: cython.const[cython.double][:, :]
    window: cython.Py_ssize_t
    expanding: cython.bint
    minimum: cython.double
    kind: cython.int
    sums: cython.double[:, ::1]
    count: cython.double[::1]
    center: cython.double[::1]
    latest: cython.double[::1]
    equals: cython.double[::1]
    answers: cython.double[:, :]
    missing: cython.double

    def __init__(self, source, window, minimum, kind, state, answers):  # type: ignore[no-untyped-def]
        self.source, self.window, self.minimum = source, window, minimum
        self.kind, self.answers = kind, answers
        self.sums, self.count, self.center = state["sums"], state["count"], state["center"]
        self.latest, self.equals = state["latest"], state["equals"]
        self.missing, self.expanding = np.nan, window >= 2**62

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _change(self, column: cython.Py_ssize_t, value: cython.double, sign: cython.double) -> cython.void:
        distance: cython.double = value - self.center[column]
        square: cython.double = distance * distance
        _add(self.sums, column, 0, sign * distance)
        _add(self.sums, column, 2, sign * square)
        _add(self.sums, column, 4, sign * (square * distance))
        _add(self.sums, column, 6, sign * (square * square))

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
        for i in range(8):
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
        """Take the sums anew from the rows that end with `tick`, about their mean."""
        self.center[column] = 0.0
        self._add_window(column, tick)
        self.center[column] = (self.sums[column, 0] + self.sums[column, 1]) / self.count[column]
        self._add_window(column, tick)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _move(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        length: cython.Py_ssize_t = self.source.shape[0]
        gone: cython.double = 0.0
        mean: cython.double
        square: cython.double
        value: cython.double
        if tick >= self.window:
            value = self.source[(tick - self.window) % length, column]
            if value == value:
                self.count[column] -= 1.0
                self._change(column, value, -1.0)
                gone = (value - self.center[column]) * (value - self.center[column])
        value = self.source[tick % length, column]
        if value == value:
            if self.expanding and self.count[column] == 0.0:
                self.center[column] = value
            self.count[column] += 1.0
            if fabs(value - self.latest[column]) <= 1.8e-15 * fabs(value):
                self.equals[column] += 1.0
            else:
                self.equals[column] = 1.0
                self.latest[column] = value
            self._change(column, value, 1.0)
        value = self.missing
        if self.equals[column] < self.count[column]:
            mean = (self.sums[column, 0] + self.sums[column, 1]) / self.count[column]
            square = (self.sums[column, 2] + self.sums[column, 3]) / self.count[column] - mean * mean
            if not (self.expanding or mean * mean + 1e-6 * gone <= square):
                self._sum_again(column, tick)
            if self.count[column] >= self.minimum:
                value = self._answer(column)
        self.answers[tick % self.answers.shape[0], column] = value

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _answer(self, column: cython.Py_ssize_t) -> cython.double:
        number: cython.double = self.count[column]
        mean: cython.double = (self.sums[column, 0] + self.sums[column, 1]) / number
        second: cython.double = (self.sums[column, 2] + self.sums[column, 3]) / number
        third: cython.double = (self.sums[column, 4] + self.sums[column, 5]) / number
        fourth: cython.double
        variance: cython.double = second - mean * mean
        if not variance > 0.0:
            return self.missing
        if self.kind == 0:
            return (third - mean * (3.0 * second - 2.0 * (mean * mean))) / (variance * sqrt(variance))
        fourth = (self.sums[column, 6] + self.sums[column, 7]) / number
        fourth -= mean * (4.0 * third - mean * (6.0 * second - 3.0 * (mean * mean)))
        return fourth / (variance * variance) - 3.0

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last` of `source`; the answers are put into the rows of the same number."""
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        with cython.nogil:
            for tick in range(first, last):
                for column in range(self.source.shape[1]):
                    self._move(column, tick)
