# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Beta and correlation with a benchmark over a moving window, by the recursion of `_rolling_moments`.

Five sums about two centers: of both sides, of their squares and of their products. A row that is missing on one side
is missing. Both centers move to the window's means when either side asks for it. A window without end keeps its
first values as centers.
"""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, sqrt

BETA, CORRELATION = 0, 1


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
class PairWindow:
    """Beta or correlation in a moving window over the rows of `source` and `market`, which may be rings of more rows.

    Parameters
    ----------
    source : shape (rows, columns)
        Row `tick % rows` holds the values of that tick; NaN is missing.
    market, rates : shape (rows,)
        The benchmark, and what is taken off both sides.
    window, minimum : int
        Rows in the window, and how many must not be missing to give an answer.
    kind : int
        BETA or CORRELATION.
    state : dict of arrays
        `sums` of shape (columns, 10), `count` of shape (columns,); `centers`, `latest` and `equals` of (columns, 2).
    answers : shape (rows or 1, columns)
        Where the answers go.
    """

    source: cython.const[cython.double][:, :]
    market: cython.const[cython.double][:]
    rates: cython.const[cython.double][:]
    window: cython.Py_ssize_t
    expanding: cython.bint
    minimum: cython.double
    kind: cython.int
    sums: cython.double[:, ::1]
    count: cython.double[::1]
    centers: cython.double[:, ::1]
    latest: cython.double[:, ::1]
    equals: cython.double[:, ::1]
    answers: cython.double[:, :]
    missing: cython.double

    def __init__(self, source, market, rates, window, minimum, kind, state, answers):  # type: ignore[no-untyped-def]
        self.source, self.market, self.rates = source, market, rates
        self.window, self.minimum, self.kind, self.answers = window, minimum, kind, answers
        self.sums, self.count, self.centers = state["sums"], state["count"], state["centers"]
        self.latest, self.equals = state["latest"], state["equals"]
        self.missing, self.expanding = np.nan, window >= 2**62

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _change(self, column: cython.Py_ssize_t, row: cython.Py_ssize_t, sign: cython.double) -> cython.double:
        """Add or take away one row; return 1, or -1 if the row is missing."""
        ours: cython.double = self.source[row, column] - self.rates[row] - self.centers[column, 0]
        theirs: cython.double = self.market[row] - self.rates[row] - self.centers[column, 1]
        if not ours + theirs == ours + theirs:
            return -1.0
        _add(self.sums, column, 0, sign * ours)
        _add(self.sums, column, 2, sign * theirs)
        _add(self.sums, column, 4, sign * (ours * ours))
        _add(self.sums, column, 6, sign * (theirs * theirs))
        _add(self.sums, column, 8, sign * (ours * theirs))
        self.count[column] += sign
        return 1.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _follow_equals(self, column: cython.Py_ssize_t, side: cython.Py_ssize_t, value: cython.double) -> cython.void:
        if fabs(value - self.latest[column, side]) <= 1.8e-15 * fabs(value):
            self.equals[column, side] += 1.0
        else:
            self.equals[column, side] = 1.0
            self.latest[column, side] = value

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _add_window(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        length: cython.Py_ssize_t = self.source.shape[0]
        rows: cython.Py_ssize_t = tick + 1 if tick < self.window else self.window
        row: cython.Py_ssize_t = (tick - rows + 1) % length
        i: cython.Py_ssize_t
        _row: cython.Py_ssize_t
        for i in range(10):
            self.sums[column, i] = 0.0
        self.count[column] = 0.0
        for _row in range(rows):
            self._change(column, row, 1.0)
            row = row + 1 if row + 1 < length else 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _sum_again(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        """Take the sums anew from the rows that end with `tick`, about their means."""
        self.centers[column, 0] = 0.0
        self.centers[column, 1] = 0.0
        self._add_window(column, tick)
        self.centers[column, 0] = (self.sums[column, 0] + self.sums[column, 1]) / self.count[column]
        self.centers[column, 1] = (self.sums[column, 2] + self.sums[column, 3]) / self.count[column]
        self._add_window(column, tick)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _strained(self, column: cython.Py_ssize_t, side: cython.Py_ssize_t, gone: cython.double) -> cython.bint:
        total: cython.double = self.sums[column, 2 * side] + self.sums[column, 2 * side + 1]
        square: cython.double = self.sums[column, 4 + 2 * side] + self.sums[column, 5 + 2 * side]
        away: cython.double = total * (total / self.count[column])
        gone -= self.centers[column, side]
        if self.equals[column, side] >= self.count[column]:
            return False
        return not away + 1e-12 * (gone * gone) <= 4.0 * (square - away)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _move(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        length: cython.Py_ssize_t = self.source.shape[0]
        row: cython.Py_ssize_t = tick % length
        ours: cython.double = self.centers[column, 0]
        theirs: cython.double = self.centers[column, 1]
        value: cython.double = self.missing
        if tick >= self.window:
            row = (tick - self.window) % length
            if self._change(column, row, -1.0) > 0.0:
                ours = self.source[row, column] - self.rates[row]
                theirs = self.market[row] - self.rates[row]
            row = tick % length
        if self.expanding and self.count[column] == 0.0:
            self.centers[column, 0] = self.source[row, column] - self.rates[row]
            self.centers[column, 1] = self.market[row] - self.rates[row]
        if self._change(column, row, 1.0) > 0.0:
            self._follow_equals(column, 0, self.source[row, column] - self.rates[row])
            self._follow_equals(column, 1, self.market[row] - self.rates[row])
        if self.count[column] > 0.0:
            if not self.expanding and (self._strained(column, 0, ours) or self._strained(column, 1, theirs)):
                self._sum_again(column, tick)
            if self.count[column] >= self.minimum:
                value = self._answer(column)
        self.answers[tick % self.answers.shape[0], column] = value

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _answer(self, column: cython.Py_ssize_t) -> cython.double:
        number: cython.double = self.count[column]
        ours: cython.double = (self.sums[column, 0] + self.sums[column, 1]) / number
        theirs: cython.double = self.sums[column, 2] + self.sums[column, 3]
        product: cython.double = self.sums[column, 8] + self.sums[column, 9] - ours * theirs
        spread: cython.double = self.sums[column, 6] + self.sums[column, 7] - theirs * (theirs / number)
        if self.equals[column, 1] >= number or not spread > 0.0:
            return self.missing
        if self.kind == 0:
            return 0.0 if self.equals[column, 0] >= number else product / spread
        spread *= self.sums[column, 4] + self.sums[column, 5] - ours * (ours * number)
        if self.equals[column, 0] >= number or not spread > 0.0:
            return self.missing
        product /= sqrt(spread)
        return -1.0 if product < -1.0 else (1.0 if product > 1.0 else product)

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last` of `source`; the answers are put into the rows of the same number."""
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        with cython.nogil:
            for tick in range(first, last):
                for column in range(self.source.shape[1]):
                    self._move(column, tick)
