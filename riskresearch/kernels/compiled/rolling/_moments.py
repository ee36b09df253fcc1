"""Mean, deviation and the ratios of both over a moving window: one recursion for history and for the live stream.

Each column carries the sums of d and of d squared, d = value - center, over the rows in its window. What a row adds
when it comes is what it takes away when it goes, and the rounding of each addition is carried along, so nothing drifts:
by Knuth's exact sum, and for squares by Dekker's, which needs the larger number first. The center is moved to the
window's mean, and the window is summed again, when

    (sum d) ** 2 / n  +  1e-12 * (largest sum of squares since then)  >  4 * (sum of squares about the mean),

that is when the mean has left the center by more than two deviations, or what is summed has become a millionth of what
it was. So prices lose no more digits than returns. Where the deviation is as small as the rounding of returns, the
window is read too: by the rule of `_rounding`, written out here for loops without Python, it may be exactly 0.

A window without end keeps no rows to sum again: its center is its first value, for good, so the deviation never becomes
small against its distance from the mean. It is flat while no value is farther from the first one than rounding.

The downside form leaves the center where it is and squares only what lies below it. Columns go 16 at a time, in
loops of constant length over arrays of constant layout, of which compilers make vectors.
"""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, sqrt

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _moment_lanes as lanes, _window_layout as layout
    from cython.cimports.riskresearch.kernels.inlined._formulas import (
        is_beyond_rounding,
        is_over_one,
        is_rate,
        is_rounding,
        sum_error,
    )
else:
    from riskresearch.kernels.inlined import _moment_lanes as lanes, _window_layout as layout
    from riskresearch.kernels.inlined._formulas import is_beyond_rounding, is_over_one, is_rate, is_rounding, sum_error


@cython.final
@cython.cclass
class MomentWindow:
    """A mean, deviation or ratio of a moving window over the rows of a matrix, which may be a ring of more rows.

    Parameters
    ----------
    source : (vector, int, int)
        The matrix in one line, the distance between its rows, and its number of columns; row `tick % rows` holds the
        values of that tick; NaN is missing.
    rates : shape (rows,)
        What is taken off each row.
    complete : bool
        Whether no value is missing, which saves time.
    window, minimum : int
        Rows in the window, and how many must not be missing to give an answer.
    kind : int
        MEAN, DEVIATION, RATIO (mean over deviation) or DOWNSIDE_RATIO (mean over root mean square shortfall).
    scale : float
        What the answer is multiplied by.
    lanes : shape (groups * GROUP,)
        For each group of 16 columns the state, and room to work in: see `_moment_lanes`. It is one array, because
        addresses a multiple of 4096 bytes apart hinder each other.
    answers : (vector, int, int)
        Output array in one line, the distance between its rows, and the number of rows.
    """

    source: cython.const[cython.double][::1]
    rates: cython.const[cython.double][::1]
    pitch: cython.Py_ssize_t
    length: cython.Py_ssize_t
    columns: cython.Py_ssize_t
    complete: cython.bint
    expanding: cython.bint
    window: cython.Py_ssize_t
    minimum: cython.double
    kind: cython.int
    scale: cython.double
    lanes: cython.double[::1]
    answers: cython.double[::1]
    answer_pitch: cython.Py_ssize_t
    answer_rows: cython.Py_ssize_t
    missing: cython.double
    largest_rate: cython.double

    def __init__(self, source, rates, complete, window, minimum, kind, scale, lanes, answers):  # type: ignore[no-untyped-def]
        self.source, self.pitch, self.columns = source
        self.answers, self.answer_pitch, self.answer_rows = answers
        self.rates, self.length = rates, len(rates)
        self.complete, self.window, self.minimum, self.kind, self.scale = complete, window, minimum, kind, scale
        self.lanes = lanes
        self.expanding, self.missing, self.largest_rate = window >= 2**62, np.nan, 0.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _sum_again(self, column: cython.Py_ssize_t, at: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        """Sum again the rows that end with `tick`, about their mean unless this is the downside form."""
        if self.kind != layout.DOWNSIDE_RATIO:
            self._add_window(column, at, tick, 0.0)
            if self.lanes[at + lanes.COUNT] > 0.0:
                self.lanes[at + lanes.CENTER] = (
                    self.lanes[at + lanes.SUM] + self.lanes[at + lanes.SUM_ERROR]
                ) / self.lanes[at + lanes.COUNT]
        self._add_window(column, at, tick, self.lanes[at + lanes.CENTER])

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _add_window(
        self, column: cython.Py_ssize_t, at: cython.Py_ssize_t, tick: cython.Py_ssize_t, center: cython.double
    ) -> cython.void:
        rows: cython.Py_ssize_t = tick + 1 if tick < self.window else self.window
        row: cython.Py_ssize_t = (tick - rows + 1) % self.length
        _i: cython.Py_ssize_t
        value: cython.double
        total: cython.double = 0.0
        error: cython.double = 0.0
        squares: cython.double = 0.0
        square_error: cython.double = 0.0
        for _i in range(rows):
            value = self.source[row * self.pitch + column] - self.rates[row]
            if value == value:
                value -= center
                error += sum_error(total, value)
                total += value
                value = value if value < 0.0 or self.kind != layout.DOWNSIDE_RATIO else 0.0
                value = value * value
                square_error += sum_error(squares, value)
                squares += value
            row = row + 1 if row + 1 < self.length else 0
        self.lanes[at + lanes.SUM] = total
        self.lanes[at + lanes.SUM_ERROR] = error
        self.lanes[at + lanes.SQUARES] = squares
        self.lanes[at + lanes.SQUARES_ERROR] = square_error
        self.lanes[at + lanes.LARGEST] = squares

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _look_for_flatness(
        self, column: cython.Py_ssize_t, at: cython.Py_ssize_t, tick: cython.Py_ssize_t
    ) -> cython.void:
        """Mark a column whose last rows are flat or, in the downside form, have no shortfall beyond rounding."""
        rows: cython.Py_ssize_t = tick + 1 if tick < self.window else self.window
        row: cython.Py_ssize_t = (tick - rows + 1) % self.length
        _i: cython.Py_ssize_t
        value: cython.double
        low: cython.double = 1e308
        high: cython.double = -1e308
        size: cython.double = 0.0
        over_one: cython.bint = True
        large: cython.bint = False
        for _i in range(rows):
            value = self.source[row * self.pitch + column] - self.rates[row]
            if value == value:
                size = fabs(self.rates[row]) if fabs(self.rates[row]) > size else size
                size = fabs(value) if fabs(value) > size and self.kind != layout.DOWNSIDE_RATIO else size
                low = value if value < low else low
                high = (
                    value
                    if value > high and self.kind != layout.DOWNSIDE_RATIO
                    else (0.0 if self.kind == layout.DOWNSIDE_RATIO else high)
                )
                if self.kind == layout.DOWNSIDE_RATIO:
                    value = self.source[row * self.pitch + column]
                    large = large or is_rate(fabs(value))
                over_one = over_one and is_over_one(value)
                if is_beyond_rounding(high - low, size):
                    return
            row = row + 1 if row + 1 < self.length else 0
        self.lanes[at + lanes.FLAT] = 1e308 if is_rounding(high - low, size, over_one or large) else 0.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _spread(self, at: cython.Py_ssize_t) -> cython.double:
        """Return the sum of squares about the mean, and write the mean."""
        total: cython.double = self.lanes[at + lanes.SUM] + self.lanes[at + lanes.SUM_ERROR]
        offset: cython.double = total * self.lanes[at + lanes.ONE_OVER_COUNT]
        self.lanes[at + lanes.AVERAGE] = self.lanes[at + lanes.CENTER] + offset
        return (
            self.lanes[at + lanes.SQUARES]
            + self.lanes[at + lanes.SQUARES_ERROR]
            - (0.0 if self.kind == layout.DOWNSIDE_RATIO else total * offset)
        )

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _attend(
        self, column: cython.Py_ssize_t, at: cython.Py_ssize_t, tick: cython.Py_ssize_t, near: cython.double
    ) -> cython.void:
        """Check a column whose deviation is small against its sums: it is flat, or its window is summed again."""
        value: cython.double = self.source[tick % self.length * self.pitch + column] - self.rates[tick % self.length]
        spread: cython.double = self.lanes[at + lanes.SPREAD]
        limit: cython.double = self.largest_rate * self.largest_rate
        near *= (
            1.0
            if self.kind == layout.DOWNSIDE_RATIO
            else 1.0 + self.lanes[at + lanes.AVERAGE] * self.lanes[at + lanes.AVERAGE]
        ) + limit
        if self.expanding:
            if self.kind == layout.DOWNSIDE_RATIO:
                self.lanes[at + lanes.FLAT] = 0.0
            elif value == value and self.lanes[at + lanes.FLAT] > 0.0:
                limit = fabs(value) if fabs(value) > self.largest_rate else self.largest_rate
                if not is_rounding(fabs(value - self.lanes[at + lanes.LARGEST]), limit, is_over_one(value)):
                    self.lanes[at + lanes.FLAT] = 0.0
        elif self.lanes[at + lanes.COUNT] > 0.0:
            limit = (
                self.lanes[at + lanes.SQUARES]
                + self.lanes[at + lanes.SQUARES_ERROR]
                - spread
                + 1e-12 * self.lanes[at + lanes.LARGEST]
            )
            if not limit <= 4.0 * spread:
                self._sum_again(column, at, tick)
                spread = self._spread(at)
            self.lanes[at + lanes.FLAT] = 0.0
            if 4.0 * spread <= near and (spread != 0.0 or self.kind != layout.DOWNSIDE_RATIO):
                self._look_for_flatness(column, at, tick)
        self.lanes[at + lanes.SPREAD] = 0.0 if self.lanes[at + lanes.FLAT] > 0.0 else spread

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _factor(self, number: cython.double) -> cython.double:
        """Return what mean over root sum of squares is multiplied by, or the root sum of squares itself."""
        taken: cython.double = number if self.kind == layout.DOWNSIDE_RATIO else number - 1.0
        root: cython.double = sqrt(taken if taken > 0.0 else 1.0)
        if self.kind == layout.MEAN:
            return self.scale
        return self.scale / root if self.kind == layout.DEVIATION else self.scale * root

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def _take(
        self, at: cython.Py_ssize_t, width: cython.Py_ssize_t, comes: cython.Py_ssize_t, goes: cython.Py_ssize_t
    ) -> cython.void:
        """Write the distances from the centers of the row that comes and the row that goes; no value is missing."""
        lane: cython.Py_ssize_t
        rate: cython.double = self.rates[comes]
        old_rate: cython.double = self.rates[goes]
        comes = comes * self.pitch + at // lanes.LANES
        goes = goes * self.pitch + at // lanes.LANES
        if rate == 0.0 and old_rate == 0.0:
            for lane in range(width):
                self.lanes[at + lanes.COMES + lane] = self.source[comes + lane] - self.lanes[at + lanes.CENTER + lane]
                self.lanes[at + lanes.GOES + lane] = self.source[goes + lane] - self.lanes[at + lanes.CENTER + lane]
            return
        for lane in range(width):
            self.lanes[at + lanes.COMES + lane] = (
                self.source[comes + lane] - rate - self.lanes[at + lanes.CENTER + lane]
            )
            self.lanes[at + lanes.GOES + lane] = (
                self.source[goes + lane] - old_rate - self.lanes[at + lanes.CENTER + lane]
            )

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _take_some(
        self, at: cython.Py_ssize_t, width: cython.Py_ssize_t, comes: cython.Py_ssize_t, goes: cython.Py_ssize_t
    ) -> cython.void:
        """Do the same and count, where values may be missing, which count as 0, or no row goes yet, which is row -1."""
        lane: cython.Py_ssize_t
        new: cython.double
        old: cython.double
        number: cython.double
        for lane in range(width):
            new = self.source[comes * self.pitch + at // lanes.LANES + lane] - self.rates[comes]
            old = self.missing
            if goes >= 0:
                old = self.source[goes * self.pitch + at // lanes.LANES + lane] - self.rates[goes]
            number = self.lanes[at + lanes.COUNT + lane]
            if self.expanding and number == 0.0 and new == new and self.kind != layout.DOWNSIDE_RATIO:
                self.lanes[at + lanes.CENTER + lane] = new
                self.lanes[at + lanes.LARGEST + lane] = new
                self.lanes[at + lanes.FLAT + lane] = 1e308
            number += (1.0 if new == new else 0.0) - (1.0 if old == old else 0.0)
            new -= self.lanes[at + lanes.CENTER + lane]
            old -= self.lanes[at + lanes.CENTER + lane]
            self.lanes[at + lanes.COMES + lane] = new if new == new else 0.0
            self.lanes[at + lanes.GOES + lane] = old if old == old else 0.0
            self.lanes[at + lanes.COUNT + lane] = number
            self.lanes[at + lanes.ONE_OVER_COUNT + lane] = 1.0 / (number if number > 0.0 else 1.0)
            self.lanes[at + lanes.FACTOR + lane] = self._factor(number)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _update(self, at: cython.Py_ssize_t, near: cython.double) -> cython.double:
        """Exchange rows in the sums of 16 columns, and return how many of the columns must be looked at.

        Inlined into the loop over the groups, this costs a tenth more: it is a method of its own.
        """
        square: cython.double = 1.0 + self.largest_rate * self.largest_rate
        downside: cython.bint = self.kind == layout.DOWNSIDE_RATIO
        lanes.exchange_rows(self.lanes, at, downside)
        return lanes.write_spreads(self.lanes, at, near, square, self.expanding, downside)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _answer(self, first: cython.Py_ssize_t) -> cython.void:
        """Write the answers of 16 columns from their means and spreads."""
        lane: cython.Py_ssize_t
        at: cython.Py_ssize_t
        spread: cython.double
        mean: cython.double
        missing: cython.double = self.missing
        if self.kind == layout.MEAN:
            for lane in range(lanes.LANES):
                at = first + lane
                self.lanes[at + lanes.ANSWER] = self.lanes[at + lanes.AVERAGE] * self.lanes[at + lanes.FACTOR]
        elif self.kind == layout.DEVIATION:
            for lane in range(lanes.LANES):
                at = first + lane
                spread = self.lanes[at + lanes.SPREAD]
                self.lanes[at + lanes.ANSWER] = sqrt(spread if spread > 0.0 else 0.0) * self.lanes[at + lanes.FACTOR]
        else:
            for lane in range(lanes.LANES):
                at = first + lane
                spread = self.lanes[at + lanes.SPREAD]
                mean = self.lanes[at + lanes.AVERAGE] * self.lanes[at + lanes.FACTOR]
                self.lanes[at + lanes.ANSWER] = mean / sqrt(spread if spread > 0.0 else missing)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _move(self, tick: cython.Py_ssize_t, comes: cython.Py_ssize_t, into: cython.Py_ssize_t) -> cython.void:
        """Let the row of `tick` come and the one `window` rows before it go; write the answers."""
        lane: cython.Py_ssize_t
        at: cython.Py_ssize_t
        group: cython.Py_ssize_t
        width: cython.Py_ssize_t
        goes: cython.Py_ssize_t = (tick - self.window) % self.length if tick >= self.window else -1
        full: cython.bint = self.complete and goes >= 0
        near: cython.double = 1e-27 * (tick + 1 if tick < self.window else self.window)
        for group in range((self.columns + lanes.LANES - 1) // lanes.LANES):
            at = group * lanes.GROUP
            width = self.columns - at // lanes.LANES
            width = width if width < lanes.LANES else lanes.LANES
            if not full:
                self._take_some(at, width, comes, goes)
            elif width == lanes.LANES:
                self._take(at, lanes.LANES, comes, goes)
            else:
                self._take(at, width, comes, goes)
            if self._update(at, near) > 0.0:
                for lane in range(width):
                    if self.lanes[at + lanes.DOUBT + lane] > 0.0:
                        self._attend(at // lanes.LANES + lane, at + lane, tick, near)
            self._answer(at)
            if full and width == lanes.LANES:
                for lane in range(lanes.LANES):
                    self.answers[into + at // lanes.LANES + lane] = self.lanes[at + lanes.ANSWER + lane]
            else:
                for lane in range(width):
                    self.answers[into + at // lanes.LANES + lane] = (
                        self.lanes[at + lanes.ANSWER + lane]
                        if self.lanes[at + lanes.COUNT + lane] >= self.minimum
                        else self.missing
                    )

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process ticks `first` to `last` - 1."""
        tick: cython.Py_ssize_t
        row: cython.Py_ssize_t
        into: cython.Py_ssize_t
        column: cython.Py_ssize_t
        at: cython.Py_ssize_t
        rate: cython.double
        with cython.nogil:
            if self.complete and last > self.window:
                for column in range(self.columns):
                    at = column // lanes.LANES * lanes.GROUP + column % lanes.LANES
                    self.lanes[at + lanes.ONE_OVER_COUNT] = 1.0 / self.window
                    self.lanes[at + lanes.FACTOR] = self._factor(self.window)
            for tick in range(first, last):
                row = tick % self.length
                into = tick % self.answer_rows * self.answer_pitch
                rate = fabs(self.rates[row])
                self.largest_rate = rate if rate > self.largest_rate else self.largest_rate
                self._move(tick, row, into)
