"""The worst drawdown inside a moving window, in a few steps a row whatever the window.

Rows fall into blocks as long as the window, so each window is the end of one block and the beginning of the next. When
a block is complete, one pass backwards finds growth, peak and worst drawdown of each of its ends; the beginning is
carried along row by row. Over both together the worst drawdown is the worst of three: within the end, within the
beginning, and from the peak of the end to the lowest point of the beginning. Wealth starts at 1 before the window.

What grows beyond 2^512 is counted on in units of it, which changes no bit. The lowest point of such a beginning is
final, for below it everything since the peak is lost; its sign says so.
"""

import cython
import numpy as np

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _window_layout as layout
    from cython.cimports.riskresearch.kernels.inlined._formulas import drawdown
else:
    from riskresearch.kernels.inlined import _window_layout as layout
    from riskresearch.kernels.inlined._formulas import drawdown


@cython.cclass
class DrawdownWindow:
    """The worst drawdown of a moving window over the rows of `source`, which may be a ring of more rows than that.

    Parameters
    ----------
    source : shape (rows, columns)
        Row `tick % rows` holds the returns of that tick; NaN is missing and changes nothing.
    window, minimum : int
        Rows in the window, and how many must not be missing to give an answer.
    state : dict of arrays
        `count`, of shape (columns,); `now`, growth, peak, lowest and worst of the present block, of (columns, 4);
        `ends`, growth, peak and worst of each end of the block before, of (columns, window, 3).
    answers : shape (rows or 1, columns)
        Output array.
    """

    source: cython.const[cython.double][:, :]
    window: cython.Py_ssize_t
    minimum: cython.double
    count: cython.double[::1]
    now: cython.double[:, ::1]
    ends: cython.double[:, :, ::1]
    answers: cython.double[:, :]
    missing: cython.double

    def __init__(self, source, window, minimum, state, answers):  # type: ignore[no-untyped-def]
        self.source, self.window, self.minimum, self.answers = source, window, minimum, answers
        self.count, self.now, self.ends = state["count"], state["now"], state["ends"]
        self.missing = np.nan

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _close_block(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        """Measure each end of the block that ends before `tick`, and begin a new one."""
        length: cython.Py_ssize_t = self.source.shape[0]
        i: cython.Py_ssize_t
        factor: cython.double
        units: cython.Py_ssize_t = 0
        growth: cython.double = 1.0
        peak: cython.double = 1.0
        lowest: cython.double = 1.0
        worst: cython.double = 0.0
        for i in range(self.window - 1, -1, -1):
            factor = 1.0 + self.source[(tick - self.window + i) % length, column]
            if factor == factor:
                if factor > 1.3407807929942597e154 and peak > 1.0:  # 2^512
                    growth *= 7.458340731200207e-155
                    peak *= 7.458340731200207e-155
                    units += 1
                growth *= factor
                peak *= factor
                while units > 0 and peak < 1.0:
                    growth *= 1.3407807929942597e154
                    peak *= 1.3407807929942597e154
                    units -= 1
                if peak > 1.3407807929942597e154:
                    growth *= 7.458340731200207e-155
                    peak *= 7.458340731200207e-155
                    units += 1
                peak = peak if units > 0 or peak > 1.0 else 1.0
                lowest = lowest * factor if lowest * factor < 1.0 else 1.0
                worst = 1.0 - lowest if 1.0 - lowest > worst else worst
            self.ends[column, i, layout.GROWTH] = growth
            self.ends[column, i, layout.PEAK] = peak
            self.ends[column, i, layout.END_WORST] = worst
        self.now[column, layout.GROWTH] = 1.0
        self.now[column, layout.PEAK] = 1.0
        self.now[column, layout.LOWEST] = 1.0
        self.now[column, layout.WORST] = 0.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _extend_block(self, column: cython.Py_ssize_t, value: cython.double) -> cython.void:
        wealth: cython.double = self.now[column, layout.GROWTH]
        peak: cython.double = self.now[column, layout.PEAK]
        factor: cython.double = 1.0 + value
        lost: cython.double
        if factor > 1.3407807929942597e154 and wealth * (factor * 7.458340731200207e-155) > 1.0:  # 2^512, and 2^-512
            factor *= 7.458340731200207e-155
            peak *= 7.458340731200207e-155
            self.now[column, layout.LOWEST] = (
                -self.now[column, layout.LOWEST]
                if self.now[column, layout.LOWEST] > 0.0
                else self.now[column, layout.LOWEST]
            )
        wealth *= factor
        peak = wealth if wealth > peak else peak
        lost = drawdown(peak, wealth)
        if self.now[column, layout.LOWEST] > wealth:
            self.now[column, layout.LOWEST] = wealth
        if wealth > 1.3407807929942597e154:
            wealth *= 7.458340731200207e-155
            peak *= 7.458340731200207e-155
            self.now[column, layout.LOWEST] = (
                -self.now[column, layout.LOWEST]
                if self.now[column, layout.LOWEST] > 0.0
                else self.now[column, layout.LOWEST]
            )
        self.now[column, layout.GROWTH] = wealth
        self.now[column, layout.PEAK] = peak
        self.now[column, layout.WORST] = (
            lost if lost > self.now[column, layout.WORST] else self.now[column, layout.WORST]
        )

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _move(self, column: cython.Py_ssize_t, tick: cython.Py_ssize_t) -> cython.void:
        length: cython.Py_ssize_t = self.source.shape[0]
        place: cython.Py_ssize_t = tick % self.window + 1
        value: cython.double
        worst: cython.double
        lost: cython.double
        peak: cython.double
        if place == 1 and tick > 0:
            self._close_block(column, tick)
        if tick >= self.window:
            value = self.source[(tick - self.window) % length, column]
            self.count[column] -= 1.0 if value == value else 0.0
        value = self.source[tick % length, column]
        if value == value:
            self.count[column] += 1.0
            self._extend_block(column, value)
        worst = self.now[column, layout.WORST]
        if tick >= self.window and place < self.window:
            peak = self.ends[column, place, layout.PEAK]
            value = (
                self.now[column, layout.LOWEST]
                if self.now[column, layout.LOWEST] > 0.0
                else -self.now[column, layout.LOWEST]
            )
            lost = drawdown(peak, self.ends[column, place, layout.GROWTH] * value)
            worst = lost if lost > worst else worst
            lost = self.ends[column, place, layout.END_WORST]
            worst = lost if lost > worst else worst
        value = worst if self.count[column] >= self.minimum else self.missing
        self.answers[tick % self.answers.shape[0], column] = value

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1 of `source`; the output has the same row numbers."""
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        with cython.nogil:
            for tick in range(first, last):
                for column in range(self.source.shape[1]):
                    self._move(column, tick)
