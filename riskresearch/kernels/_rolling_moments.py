# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Mean, deviation and the ratios of both over a moving window: one recursion for history and for the live stream.

Each column carries the sums of d and of d squared, d = value - center, over the rows in its window. What a row adds
when it comes is what it takes away when it goes, and the rounding of each addition is carried along (Knuth's exact
sum), so nothing drifts. The center is moved to the window's mean, and the sums are taken anew from the window, when

    (sum d) ** 2 / n  +  1e-12 * (square that goes)  >  4 * (sum of squares about the mean),

that is when the mean has left the center by more than two deviations, or when a value of a million deviations goes.
So prices lose no more digits than returns. A run of values as long as the window that differ by rounding alone, by no
more than 8 epsilon of their size from the first of them, has a deviation of exactly 0.

A window without end keeps no rows to sum again: its center is its first value, for good. That value stays in the
window, so the deviation never becomes small against its distance from the mean.

The downside form leaves the center where it is and squares only what lies below it.
"""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, sqrt

MEAN, DEVIATION, RATIO, DOWNSIDE_RATIO = 0, 1, 2, 3


@cython.cclass
class MomentWindow:
    """A mean, deviation or ratio of a moving window over the rows of `source`, which may be a ring of more rows.

    Parameters
    ----------
    source : shape (rows, columns)
        Row `tick % rows` holds the values of that tick; NaN is missing.
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
    state : dict of arrays of shape (columns,)
        The sums, as `new_moments` makes them.
    answers : shape (rows or 1, columns)
        Where the answers go.
    """

    source: cython.const[cython.double][:, :]
    rates: cython.const[cython.double][::1]
    complete: cython.bint
    expanding: cython.bint
    window: cython.Py_ssize_t
    minimum: cython.double
    kind: cython.int
    scale: cython.double
    count: cython.double[::1]
    center: cython.double[::1]
    sum_high: cython.double[::1]
    sum_low: cython.double[::1]
    square_high: cython.double[::1]
    square_low: cython.double[::1]
    latest: cython.double[::1]
    equals: cython.double[::1]
    answers: cython.double[:, :]
    incoming: cython.double[::1]
    outgoing: cython.double[::1]
    strain: cython.double[::1]
    offset: cython.double[::1]
    spread: cython.double[::1]
    missing: cython.double
    cap: cython.double

    def __init__(self, source, rates, complete, window, minimum, kind, scale, state, answers):  # type: ignore[no-untyped-def]
        self.source, self.rates, self.complete, self.window, self.minimum = source, rates, complete, window, minimum
        self.kind, self.scale, self.answers = kind, scale, answers
        self.count, self.center = state["count"], state["center"]
        self.sum_high, self.sum_low = state["sum_high"], state["sum_low"]
        self.square_high, self.square_low = state["square_high"], state["square_low"]
        self.latest, self.equals = state["latest"], state["equals"]
        self.expanding = window >= 2**62
        columns = source.shape[1]
        self.incoming, self.outgoing = np.empty(columns), np.empty(columns)
        self.offset, self.spread, self.strain = np.empty(columns), np.empty(columns), np.empty(columns)
        self.missing, self.cap = np.nan, 0.0 if kind == 3 else np.inf

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _sum_again(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        """Take the sums anew from the rows that end with `tick`, about their mean unless this is the downside form."""
        value: cython.double
        if self.kind != 3:
            self._add_window(column, tick, 0.0)
            if self.count[column] > 0.0:
                value = (self.sum_high[column] + self.sum_low[column]) / self.count[column]
                self.center[column] = value
        self._add_window(column, tick, self.center[column])
        self._measure(column)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _add_window(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t, center: cython.double) -> cython.void:
        length: cython.Py_ssize_t = self.source.shape[0]
        rows: cython.Py_ssize_t = tick + 1 if tick < self.window else self.window
        row: cython.Py_ssize_t = (tick - rows + 1) % length
        _i: cython.Py_ssize_t
        value: cython.double
        after: cython.double
        part: cython.double
        total: cython.double = 0.0
        error: cython.double = 0.0
        squares: cython.double = 0.0
        square_error: cython.double = 0.0
        for _i in range(rows):
            value = self.source[row, column] - self.rates[row] - center
            row = row + 1 if row + 1 < length else 0
            if value == value:
                after = total + value
                part = after - total
                error += (total - (after - part)) + (value - part)
                total = after
                value = value * value if value < self.cap else 0.0
                after = squares + value
                part = after - squares
                square_error += (squares - (after - part)) + (value - part)
                squares = after
        self.sum_high[column] = total
        self.sum_low[column] = error
        self.square_high[column] = squares
        self.square_low[column] = square_error

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _measure(self, column: cython.Py_ssize_t) -> cython.void:
        """Write the mean's distance from the center, and the sum of squares about the mean."""
        total: cython.double = self.sum_high[column] + self.sum_low[column]
        squares: cython.double = self.square_high[column] + self.square_low[column]
        offset: cython.double = total / self.count[column] if self.count[column] > 0.0 else 0.0
        self.offset[column] = offset
        self.spread[column] = squares if self.kind == 3 else squares - total * offset

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _take_rows(self, tick: cython.Py_ssize_t) -> cython.void:
        """Copy the row that comes and the row that goes, which is missing as long as the window fills."""
        source: cython.const[cython.double][:, :] = self.source
        column: cython.Py_ssize_t
        length: cython.Py_ssize_t = source.shape[0]
        comes: cython.Py_ssize_t = tick % length
        goes: cython.Py_ssize_t = (tick - self.window) % length
        rate: cython.double = self.rates[comes]
        for column in range(source.shape[1]):
            self.incoming[column] = source[comes, column] - rate
        if tick < self.window:
            for column in range(source.shape[1]):
                self.outgoing[column] = self.missing
        else:
            rate = self.rates[goes]
            for column in range(source.shape[1]):
                self.outgoing[column] = source[goes, column] - rate

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last` of `source`; the answers are put into the rows of the same number."""
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        with cython.nogil:
            for tick in range(first, last):
                self._take_rows(tick)
                if self.expanding and self.kind != 3:
                    self._center_first_values()
                self._count(self.complete and tick >= self.window, fabs(self.rates[tick % self.source.shape[0]]))
                if self._step() > 0 and not self.expanding:
                    for column in range(self.strain.shape[0]):
                        if not self.strain[column] <= 0.0:
                            self._sum_again(column, tick)
                self._finish(tick % self.answers.shape[0])

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _center_first_values(self) -> cython.void:
        column: cython.Py_ssize_t
        for column in range(self.strain.shape[0]):
            if self.count[column] == 0.0 and self.incoming[column] == self.incoming[column]:
                self.center[column] = self.incoming[column]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _count(self, full: cython.bint, rate: cython.double) -> cython.void:
        """Count values and equal values, and turn the two rows into distances from the center, 0 where missing.

        `full` says that nothing is missing in both rows: the same steps without the questions.
        """
        column: cython.Py_ssize_t
        comes: cython.double
        goes: cython.double
        run: cython.double
        part: cython.double
        if full:
            for column in range(self.strain.shape[0]):
                comes = self.incoming[column]
                run = self.equals[column] + 1.0
                part = self.latest[column]
                goes = 1.8e-15 * (fabs(comes) + rate) - fabs(comes - part)
                self.equals[column] = run if goes >= 0.0 else 1.0
                self.latest[column] = part if goes >= 0.0 else comes
                self.incoming[column] = comes - self.center[column]
                self.outgoing[column] -= self.center[column]
            return
        for column in range(self.strain.shape[0]):
            comes = self.incoming[column]
            run = self.equals[column]
            part = run + 1.0
            goes = 1.8e-15 * (fabs(comes) + rate) - fabs(comes - self.latest[column])
            self.equals[column] = part if goes >= 0.0 else 1.0
            self.offset[column] = run
        for column in range(self.strain.shape[0]):
            comes = self.incoming[column]
            run = self.equals[column]
            part = self.offset[column]
            self.equals[column] = run if comes == comes else part
        for column in range(self.strain.shape[0]):
            comes = self.incoming[column]
            part = self.latest[column]
            goes = comes if self.equals[column] == 1.0 else part
            self.latest[column] = goes if comes == comes else part
        for column in range(self.strain.shape[0]):
            comes = self.incoming[column]
            goes = self.outgoing[column]
            part = 1.0 if comes == comes else 0.0
            self.count[column] += part - (1.0 if goes == goes else 0.0)
        for column in range(self.strain.shape[0]):
            comes = self.incoming[column] - self.center[column]
            goes = self.outgoing[column] - self.center[column]
            self.incoming[column] = comes if comes == comes else 0.0
            self.outgoing[column] = goes if goes == goes else 0.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _step(self) -> cython.longlong:
        """Let one row come and one go in every column; return how many columns must be summed again."""
        weight: cython.double = 0.0 if self.kind == 3 else 1.0
        column: cython.Py_ssize_t
        again: cython.longlong = 0
        comes: cython.double
        goes: cython.double
        number: cython.double
        error: cython.double
        total: cython.double
        squares: cython.double
        before: cython.double
        part: cython.double
        for column in range(self.strain.shape[0]):
            comes = self.incoming[column]
            goes = self.outgoing[column]
            before = self.sum_high[column]
            total = before - goes
            part = total - before
            error = self.sum_low[column] + ((before - (total - part)) - (goes + part))
            before = total
            total = before + comes
            part = total - before
            error += (before - (total - part)) + (comes - part)
            self.sum_high[column] = total
            self.sum_low[column] = error
            total += error
            part = comes * comes
            comes = part if comes < self.cap else 0.0
            part = goes * goes
            goes = part if goes < self.cap else 0.0
            before = self.square_high[column]
            squares = before - goes
            part = squares - before
            error = self.square_low[column] + ((before - (squares - part)) - (goes + part))
            before = squares
            squares = before + comes
            part = squares - before
            error += (before - (squares - part)) + (comes - part)
            self.square_high[column] = squares
            self.square_low[column] = error
            squares += error
            number = self.count[column]
            part = number if number > 0.0 else 1.0
            part = total / part
            self.offset[column] = part
            part = weight * total * part
            squares -= part
            self.spread[column] = squares
            part += 1e-12 * goes
            part -= 4.0 * squares
            part = part if weight * self.equals[column] < number else 0.0
            self.strain[column] = part
        for column in range(self.strain.shape[0]):
            again += 0 if self.strain[column] <= 0.0 else 1
        return again

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _finish(self, row: cython.Py_ssize_t) -> cython.void:
        """Write the answers from each column's center, offset and spread."""
        column: cython.Py_ssize_t
        kind: cython.int = self.kind
        flat: cython.double = 0.0 if kind == 1 else self.missing
        taken: cython.double = 0.0 if kind == 3 else 1.0
        number: cython.double
        value: cython.double
        spread: cython.double
        for column in range(self.strain.shape[0]):
            number = self.count[column]
            value = self.center[column] + self.offset[column]
            spread = self.spread[column]
            if kind > 0:
                spread = spread if spread > 0.0 else flat
                if kind < 3:
                    spread = spread if self.equals[column] < number else flat
                number -= taken
                number = number if number > 0.0 else 1.0
                spread = sqrt(spread / number)
                value = spread if kind == 1 else value / spread
            self.incoming[column] = value * self.scale
        for column in range(self.strain.shape[0]):
            value = self.incoming[column]
            self.answers[row, column] = value if self.count[column] >= self.minimum else self.missing
