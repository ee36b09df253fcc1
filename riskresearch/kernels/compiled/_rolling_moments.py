"""Mean, deviation and the ratios of both over a moving window: one recursion for history and for the live stream.

Each column carries the sums of d and of d squared, d = value - center, over the rows in its window. What a row adds
when it comes is what it takes away when it goes, and the rounding of each addition is carried along, so nothing drifts:
by Knuth's exact sum, and for squares by Dekker's, which needs the larger number first. The center is moved to the
window's mean, and the sums are taken anew from the window, when

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
    from cython.cimports.riskresearch.kernels._formulas import (
        difference_error,
        is_beyond_rounding,
        is_over_one,
        is_rate,
        is_rounding,
        sum_error,
    )
else:
    from riskresearch.kernels._formulas import (
        difference_error,
        is_beyond_rounding,
        is_over_one,
        is_rate,
        is_rounding,
        sum_error,
    )

MEAN, DEVIATION, RATIO, DOWNSIDE_RATIO = 0, 1, 2, 3


@cython.final
@cython.cclass
class MomentWindow:
    """A mean, deviation or ratio of a moving window over the rows of a matrix, which may be a ring of more rows.

    Parameters
    ----------
    source : (vector, int, int)
        The matrix in one line, how far its rows are apart, and columns; row `tick % rows` holds the values of that
        tick; NaN is missing.
    rates : shape (rows,)
        What is taken off each row.
    complete : bool
        Whether it is known that nothing is missing, which saves time.
    window, minimum : int
        Rows in the window, and how many must not be missing to give an answer.
    kind : int
        MEAN, DEVIATION, RATIO (mean over deviation) or DOWNSIDE_RATIO (mean over root mean square shortfall).
    scale : float
        What the answer is multiplied by.
    lanes : shape (groups * 16 * 16,)
        For each group of 16 columns the state: center, count, sum and its rounding, sum of squares and its rounding,
        the largest sum of squares since it was taken anew, or the first value of a window without end, and whether it
        is flat (1e308) or not (0). Then room to work in: what comes, what goes, one over the count, the answer's
        factor, spread, who must be looked at, mean, answer. Addresses a multiple of 4096 bytes apart hinder each other.
    answers : (vector, int, int)
        Where the answers go, in one line, how far rows are apart, and how many rows there are.
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
        """Take the sums anew from the rows that end with `tick`, about their mean unless this is the downside form."""
        if self.kind != 3:
            self._add_window(column, at, tick, 0.0)
            if self.lanes[at + 16] > 0.0:
                self.lanes[at] = (self.lanes[at + 32] + self.lanes[at + 48]) / self.lanes[at + 16]
        self._add_window(column, at, tick, self.lanes[at])

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
                value = value if value < 0.0 or self.kind != 3 else 0.0
                value = value * value
                square_error += sum_error(squares, value)
                squares += value
            row = row + 1 if row + 1 < self.length else 0
        self.lanes[at + 32] = total
        self.lanes[at + 48] = error
        self.lanes[at + 64] = squares
        self.lanes[at + 80] = square_error
        self.lanes[at + 96] = squares

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _look_for_flatness(
        self, column: cython.Py_ssize_t, at: cython.Py_ssize_t, tick: cython.Py_ssize_t
    ) -> cython.void:
        """Mark a column whose last rows are flat or, in the downside form, without a shortfall that is more."""
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
                size = fabs(value) if fabs(value) > size and self.kind != 3 else size
                low = value if value < low else low
                high = value if value > high and self.kind != 3 else (0.0 if self.kind == 3 else high)
                if self.kind == 3:
                    value = self.source[row * self.pitch + column]
                    large = large or is_rate(fabs(value))
                over_one = over_one and is_over_one(value)
                if is_beyond_rounding(high - low, size):
                    return
            row = row + 1 if row + 1 < self.length else 0
        self.lanes[at + 112] = 1e308 if is_rounding(high - low, size, over_one or large) else 0.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _spread(self, at: cython.Py_ssize_t) -> cython.double:
        """Return the sum of squares about the mean, and write the mean."""
        total: cython.double = self.lanes[at + 32] + self.lanes[at + 48]
        offset: cython.double = total * self.lanes[at + 160]
        self.lanes[at + 224] = self.lanes[at] + offset
        return self.lanes[at + 64] + self.lanes[at + 80] - (0.0 if self.kind == 3 else total * offset)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _attend(
        self, column: cython.Py_ssize_t, at: cython.Py_ssize_t, tick: cython.Py_ssize_t, near: cython.double
    ) -> cython.void:
        """Look at a column whose deviation is small against what was summed: it is flat, or is summed again."""
        value: cython.double = self.source[tick % self.length * self.pitch + column] - self.rates[tick % self.length]
        spread: cython.double = self.lanes[at + 192]
        limit: cython.double = self.largest_rate * self.largest_rate
        near *= (1.0 if self.kind == 3 else 1.0 + self.lanes[at + 224] * self.lanes[at + 224]) + limit
        if self.expanding:
            if self.kind == 3:
                self.lanes[at + 112] = 0.0
            elif value == value and self.lanes[at + 112] > 0.0:
                limit = fabs(value) if fabs(value) > self.largest_rate else self.largest_rate
                if not is_rounding(fabs(value - self.lanes[at + 96]), limit, is_over_one(value)):
                    self.lanes[at + 112] = 0.0
        elif self.lanes[at + 16] > 0.0:
            limit = self.lanes[at + 64] + self.lanes[at + 80] - spread + 1e-12 * self.lanes[at + 96]
            if not limit <= 4.0 * spread:
                self._sum_again(column, at, tick)
                spread = self._spread(at)
            self.lanes[at + 112] = 0.0
            if 4.0 * spread <= near and (spread != 0.0 or self.kind != 3):
                self._look_for_flatness(column, at, tick)
        self.lanes[at + 192] = 0.0 if self.lanes[at + 112] > 0.0 else spread

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _factor(self, number: cython.double) -> cython.double:
        """Return what mean over root sum of squares is multiplied by, or the root sum of squares itself."""
        taken: cython.double = number if self.kind == 3 else number - 1.0
        root: cython.double = sqrt(taken if taken > 0.0 else 1.0)
        if self.kind == 0:
            return self.scale
        return self.scale / root if self.kind == 1 else self.scale * root

    @cython.cfunc
    @cython.inline
    @cython.nogil
    @cython.exceptval(check=False)
    def _take(
        self, at: cython.Py_ssize_t, width: cython.Py_ssize_t, comes: cython.Py_ssize_t, goes: cython.Py_ssize_t
    ) -> cython.void:
        """Turn the row that comes and the one that goes into distances from the centers; nothing is missing."""
        lane: cython.Py_ssize_t
        rate: cython.double = self.rates[comes]
        old_rate: cython.double = self.rates[goes]
        comes = comes * self.pitch + at // 16
        goes = goes * self.pitch + at // 16
        if rate == 0.0 and old_rate == 0.0:
            for lane in range(width):
                self.lanes[at + 128 + lane] = self.source[comes + lane] - self.lanes[at + lane]
                self.lanes[at + 144 + lane] = self.source[goes + lane] - self.lanes[at + lane]
            return
        for lane in range(width):
            self.lanes[at + 128 + lane] = self.source[comes + lane] - rate - self.lanes[at + lane]
            self.lanes[at + 144 + lane] = self.source[goes + lane] - old_rate - self.lanes[at + lane]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _take_some(
        self, at: cython.Py_ssize_t, width: cython.Py_ssize_t, comes: cython.Py_ssize_t, goes: cython.Py_ssize_t
    ) -> cython.void:
        """Do the same and count, where values may be missing, which is 0, and no row may go yet, which is row -1."""
        lane: cython.Py_ssize_t
        new: cython.double
        old: cython.double
        number: cython.double
        for lane in range(width):
            new = self.source[comes * self.pitch + at // 16 + lane] - self.rates[comes]
            old = self.missing
            if goes >= 0:
                old = self.source[goes * self.pitch + at // 16 + lane] - self.rates[goes]
            number = self.lanes[at + 16 + lane]
            if self.expanding and number == 0.0 and new == new and self.kind != 3:
                self.lanes[at + lane] = new
                self.lanes[at + 96 + lane] = new
                self.lanes[at + 112 + lane] = 1e308
            number += (1.0 if new == new else 0.0) - (1.0 if old == old else 0.0)
            new -= self.lanes[at + lane]
            old -= self.lanes[at + lane]
            self.lanes[at + 128 + lane] = new if new == new else 0.0
            self.lanes[at + 144 + lane] = old if old == old else 0.0
            self.lanes[at + 16 + lane] = number
            self.lanes[at + 160 + lane] = 1.0 / (number if number > 0.0 else 1.0)
            self.lanes[at + 176 + lane] = self._factor(number)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _add(self, first: cython.Py_ssize_t) -> cython.void:
        """Let what comes into the sums of 16 columns, and what goes out of them."""
        lane: cython.Py_ssize_t
        at: cython.Py_ssize_t
        comes: cython.double
        goes: cython.double
        error: cython.double
        total: cython.double
        before: cython.double
        part: cython.double
        for lane in range(16):
            at = first + lane
            comes = self.lanes[at + 128]
            goes = self.lanes[at + 144]
            before = self.lanes[at + 32]
            error = difference_error(before, goes)
            before = before - goes
            error += sum_error(before, comes)
            error += self.lanes[at + 48]
            total = before + comes
            self.lanes[at + 32] = total
            self.lanes[at + 48] = error
            self.lanes[at + 224] = total + error
        if self.kind == 3:
            for lane in range(32):
                at = first + lane
                comes = self.lanes[at + 128]
                self.lanes[at + 128] = comes if comes < 0.0 else 0.0
        for lane in range(16):
            at = first + lane
            comes = self.lanes[at + 128]
            goes = self.lanes[at + 144]
            comes = comes * comes
            goes = goes * goes
            before = self.lanes[at + 64]
            part = before - goes
            error = (before - part) - goes
            before = part if part > comes else comes
            part = comes if part > comes else part
            total = before + part
            error += part - (total - before)
            error += self.lanes[at + 80]
            self.lanes[at + 64] = total
            self.lanes[at + 80] = error
            self.lanes[at + 192] = total + error
            self.lanes[at + 208] = goes

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _strain(self, first: cython.Py_ssize_t, near: cython.double) -> cython.double:
        """Write means and spreads of 16 columns; return how many columns must be looked at.

        `near` times one and the squares of mean and rate is at least the spread of a flat window, four times.
        """
        lane: cython.Py_ssize_t
        at: cython.Py_ssize_t
        weight: cython.double = 0.0 if self.kind == 3 else 1.0
        square: cython.double = 1.0 + self.largest_rate * self.largest_rate
        total: cython.double
        spread: cython.double
        mean: cython.double
        strain: cython.double
        if not self.expanding:
            for lane in range(16):
                at = first + lane
                total = self.lanes[at + 192]
                self.lanes[at + 96] = total if total > self.lanes[at + 96] else self.lanes[at + 96]
                self.lanes[at + 208] = self.lanes[at + 96]
        for lane in range(16):
            at = first + lane
            total = self.lanes[at + 224]
            mean = total * self.lanes[at + 160]
            total = weight * total * mean
            mean += self.lanes[at]
            spread = self.lanes[at + 192] - total
            strain = total + 1e-12 * self.lanes[at + 208]
            strain += (weight * mean * mean + square) * near + self.lanes[at + 112] - 4.0 * spread
            self.lanes[at + 192] = spread
            self.lanes[at + 208] = 0.0 if strain < 0.0 else 1.0
            self.lanes[at + 224] = mean
        at = first
        for lane in range(8):
            self.lanes[at + 128 + lane] = self.lanes[at + 208 + lane] + self.lanes[at + 216 + lane]
        for lane in range(4):
            self.lanes[at + 128 + lane] += self.lanes[at + 132 + lane]
        return self.lanes[at + 128] + self.lanes[at + 129] + self.lanes[at + 130] + self.lanes[at + 131]

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
        if self.kind == 0:
            for lane in range(16):
                at = first + lane
                self.lanes[at + 240] = self.lanes[at + 224] * self.lanes[at + 176]
        elif self.kind == 1:
            for lane in range(16):
                at = first + lane
                spread = self.lanes[at + 192]
                self.lanes[at + 240] = sqrt(spread if spread > 0.0 else 0.0) * self.lanes[at + 176]
        else:
            for lane in range(16):
                at = first + lane
                spread = self.lanes[at + 192]
                mean = self.lanes[at + 224] * self.lanes[at + 176]
                self.lanes[at + 240] = mean / sqrt(spread if spread > 0.0 else missing)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _move(self, tick: cython.Py_ssize_t, comes: cython.Py_ssize_t, into: cython.Py_ssize_t) -> cython.void:
        """Let the row of `tick` come and the one `window` rows before it go; write the answers."""
        lane: cython.Py_ssize_t
        at: cython.Py_ssize_t
        width: cython.Py_ssize_t
        goes: cython.Py_ssize_t = (tick - self.window) % self.length if tick >= self.window else -1
        full: cython.bint = self.complete and goes >= 0
        near: cython.double = 1e-27 * (tick + 1 if tick < self.window else self.window)
        for at in range(0, self.columns * 16, 256):
            width = self.columns - at // 16
            width = width if width < 16 else 16
            if not full:
                self._take_some(at, width, comes, goes)
            elif width == 16:
                self._take(at, 16, comes, goes)
            else:
                self._take(at, width, comes, goes)
            self._add(at)
            if self._strain(at, near) > 0.0:
                for lane in range(width):
                    if self.lanes[at + 208 + lane] > 0.0:
                        self._attend(at // 16 + lane, at + lane, tick, near)
            self._answer(at)
            if full and width == 16:
                for lane in range(16):
                    self.answers[into + at // 16 + lane] = self.lanes[at + 240 + lane]
            else:
                for lane in range(width):
                    self.answers[into + at // 16 + lane] = (
                        self.lanes[at + 240 + lane] if self.lanes[at + 16 + lane] >= self.minimum else self.missing
                    )

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from tick `first` to before `last`."""
        tick: cython.Py_ssize_t
        row: cython.Py_ssize_t
        into: cython.Py_ssize_t
        column: cython.Py_ssize_t
        at: cython.Py_ssize_t
        rate: cython.double
        with cython.nogil:
            if self.complete and last > self.window:
                for column in range(self.columns):
                    at = column // 16 * 256 + column % 16
                    self.lanes[at + 160] = 1.0 / self.window
                    self.lanes[at + 176] = self._factor(self.window)
            for tick in range(first, last):
                row = tick % self.length
                into = tick % self.answer_rows * self.answer_pitch
                rate = fabs(self.rates[row])
                self.largest_rate = rate if rate > self.largest_rate else self.largest_rate
                self._move(tick, row, into)
