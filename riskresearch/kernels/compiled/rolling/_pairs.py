"""Alpha, beta and correlation with a benchmark over a moving window, by the recursion of `_moments`.

Five sums about two centers: of both sides, of their squares and of their products. A row that is missing on one side
is missing. Both centers move to the window's means when either side asks for it. A side that is equal but for rounding
has no deviation, as in `_moments`. A window without end keeps its first values as centers.
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
class PairWindow:
    """Alpha, beta or correlation in a moving window over `source` and `market`, which may be rings of more rows.

    Parameters
    ----------
    source : shape (rows, columns)
        Row `tick % rows` holds the values of that tick; NaN is missing.
    market, rates : shape (rows,)
        The benchmark, and what is taken off both sides.
    window, minimum : int
        Rows in the window, and how many must not be missing to give an answer.
    kind : int
        ALPHA, BETA or CORRELATION.
    scale : float
        What multiplies an alpha per row: rows a year.
    state : dict of arrays
        `sums` of shape (columns, 10), `count` of shape (columns,); `centers`, `largest` (sums of squares) and
        `differs` (whether a value of a window without end does) of (columns, 2).
    answers : shape (rows or 1, columns)
        Output array.
    """

    source: cython.const[cython.double][:, :]
    market: cython.const[cython.double][:]
    rates: cython.const[cython.double][:]
    window: cython.Py_ssize_t
    expanding: cython.bint
    minimum: cython.double
    kind: cython.int
    scale: cython.double
    sums: cython.double[:, ::1]
    count: cython.double[::1]
    centers: cython.double[:, ::1]
    largest: cython.double[:, ::1]
    differs: cython.double[:, ::1]
    largest_rate: cython.double
    answers: cython.double[:, :]
    missing: cython.double

    def __init__(self, source, market, rates, window, minimum, kind, scale, state, answers):  # type: ignore[no-untyped-def]
        self.source, self.market, self.rates = source, market, rates
        self.window, self.minimum, self.kind, self.answers = window, minimum, kind, answers
        self.scale = scale
        self.sums, self.count, self.centers = state["sums"], state["count"], state["centers"]
        self.largest, self.differs, self.largest_rate = state["largest"], state["differs"], 0.0
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
        add_compensated(self.sums, column, layout.OURS, sign * ours)
        add_compensated(self.sums, column, layout.THEIRS, sign * theirs)
        add_compensated(self.sums, column, layout.OUR_SQUARES, sign * (ours * ours))
        add_compensated(self.sums, column, layout.THEIR_SQUARES, sign * (theirs * theirs))
        add_compensated(self.sums, column, layout.PRODUCTS, sign * (ours * theirs))
        self.count[column] += sign
        return 1.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _follow(self, column: cython.Py_ssize_t, side: cython.Py_ssize_t, value: cython.double) -> cython.void:
        """Note whether a value differs from the first one, which is the center of a window without end."""
        size: cython.double = fabs(value) if fabs(value) > self.largest_rate else self.largest_rate
        if not is_rounding(fabs(value - self.centers[column, side]), size, is_over_one(value)):
            self.differs[column, side] = 1.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _add_window(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        length: cython.Py_ssize_t = self.source.shape[0]
        rows: cython.Py_ssize_t = tick + 1 if tick < self.window else self.window
        row: cython.Py_ssize_t = (tick - rows + 1) % length
        i: cython.Py_ssize_t
        _row: cython.Py_ssize_t
        for i in range(layout.PAIR_SUMS):
            self.sums[column, i] = 0.0
        self.count[column] = 0.0
        for _row in range(rows):
            self._change(column, row, 1.0)
            row = row + 1 if row + 1 < length else 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _sum_again(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        """Sum again the rows that end with `tick`, about their means."""
        self.centers[column, 0] = 0.0
        self.centers[column, 1] = 0.0
        self._add_window(column, tick)
        self.centers[column, 0] = compensated_sum(self.sums, column, layout.OURS) / self.count[column]
        self.centers[column, 1] = compensated_sum(self.sums, column, layout.THEIRS) / self.count[column]
        self._add_window(column, tick)
        self.largest[column, 0] = compensated_sum(self.sums, column, layout.OUR_SQUARES)
        self.largest[column, 1] = compensated_sum(self.sums, column, layout.THEIR_SQUARES)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _is_flat(
        self, column: cython.Py_ssize_t, side: cython.Py_ssize_t, tick: cython.Py_ssize_t, spread: cython.double
    ) -> cython.bint:
        """Return whether one side of the rows that end with `tick` differs by rounding; its squares sum to `spread`."""
        length: cython.Py_ssize_t = self.source.shape[0]
        rows: cython.Py_ssize_t = tick + 1 if tick < self.window else self.window
        row: cython.Py_ssize_t = (tick - rows + 1) % length
        _row: cython.Py_ssize_t
        value: cython.double
        mean: cython.double = (
            self.sums[column, layout.OURS + 2 * side] / self.count[column] + self.centers[column, side]
        )
        rate: cython.double
        low: cython.double = 1e308
        high: cython.double = -1e308
        size: cython.double = 0.0
        over_one: cython.bint = True
        if self.expanding:
            return self.differs[column, side] == 0.0
        rate = self.largest_rate * self.largest_rate
        if 4.0 * spread > 1e-27 * self.count[column] * (1.0 + mean * mean + rate):
            return False
        for _row in range(rows):
            value = self.source[row, column] + self.market[row]
            if value == value:
                rate = fabs(self.rates[row])
                value = (self.source[row, column] if side == 0 else self.market[row]) - self.rates[row]
                size = rate if rate > size else size
                size = fabs(value) if fabs(value) > size else size
                low = value if value < low else low
                high = value if value > high else high
                over_one = over_one and is_over_one(value)
                if is_beyond_rounding(high - low, size):
                    return False
            row = row + 1 if row + 1 < length else 0
        return is_rounding(high - low, size, over_one)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _spread(self, column: cython.Py_ssize_t, side: cython.Py_ssize_t) -> cython.double:
        """Return the sum of squares of one side about its mean."""
        total: cython.double = compensated_sum(self.sums, column, layout.OURS + 2 * side)
        square: cython.double = compensated_sum(self.sums, column, layout.OUR_SQUARES + 2 * side)
        return square - total * (total / self.count[column])

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _strained(self, column: cython.Py_ssize_t, side: cython.Py_ssize_t) -> cython.bint:
        """Return whether one side has left its center, or is small against what it was since its sums were taken."""
        square: cython.double = compensated_sum(self.sums, column, layout.OUR_SQUARES + 2 * side)
        spread: cython.double = self._spread(column, side)
        self.largest[column, side] = square if square > self.largest[column, side] else self.largest[column, side]
        return not square - spread + 1e-12 * self.largest[column, side] <= 4.0 * spread

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _move(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        length: cython.Py_ssize_t = self.source.shape[0]
        row: cython.Py_ssize_t = tick % length
        value: cython.double = fabs(self.rates[row])
        self.largest_rate = value if value > self.largest_rate else self.largest_rate
        value = self.missing
        if tick >= self.window:
            self._change(column, (tick - self.window) % length, -1.0)
        if self.expanding and self.count[column] == 0.0:
            self.centers[column, 0] = self.source[row, column] - self.rates[row]
            self.centers[column, 1] = self.market[row] - self.rates[row]
        if self._change(column, row, 1.0) > 0.0 and self.expanding:
            self._follow(column, 0, self.source[row, column] - self.rates[row])
            self._follow(column, 1, self.market[row] - self.rates[row])
        if self.count[column] > 0.0:
            if not self.expanding and (self._strained(column, 0) or self._strained(column, 1)):
                self._sum_again(column, tick)
            if self.count[column] >= self.minimum:
                value = self._answer(column, tick)
        self.answers[tick % self.answers.shape[0], column] = value

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _answer(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.double:
        number: cython.double = self.count[column]
        ours: cython.double = compensated_sum(self.sums, column, layout.OURS) / number
        theirs: cython.double = compensated_sum(self.sums, column, layout.THEIRS)
        product: cython.double = compensated_sum(self.sums, column, layout.PRODUCTS) - ours * theirs
        spread: cython.double = compensated_sum(self.sums, column, layout.THEIR_SQUARES) - theirs * (theirs / number)
        own: cython.double = compensated_sum(self.sums, column, layout.OUR_SQUARES) - ours * (ours * number)
        if not spread > 0.0 or self._is_flat(column, 1, tick, spread):
            return self.missing
        if self.kind != layout.CORRELATION:
            product = 0.0 if self._is_flat(column, 0, tick, own) else product / spread
            if self.kind == layout.BETA:
                return product
            theirs = theirs / number + self.centers[column, 1]
            return (ours + self.centers[column, 0] - product * theirs) * self.scale
        spread *= own
        if not spread > 0.0 or self._is_flat(column, 0, tick, own):
            return self.missing
        product /= sqrt(spread)
        return -1.0 if product < -1.0 else (1.0 if product > 1.0 else product)

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1 of `source`; the output has the same row numbers."""
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        with cython.nogil:
            for tick in range(first, last):
                for column in range(self.source.shape[1]):
                    self._move(column, tick)
