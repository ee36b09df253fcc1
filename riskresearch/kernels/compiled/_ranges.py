"""Volatility from bars: Wilder's average true range, and the terms whose means are range-based variances."""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, log


@cython.cclass
class AverageTrueRange:
    """Wilder's (1978) average true range: the mean of the first `window` true ranges, then smoothed by 1 / window.

    A true range needs the close of the row before, so the first one is that of the second row.

    Parameters
    ----------
    close, high, low : shape (rows or 1, columns)
        Prices; a row that misses one of them is left out.
    window : int
        Number of rows.
    state : dict of arrays of shape (columns,)
        `before` (the last close, NaN at first), `average` and `count`.
    answers : shape (rows or 1, columns)
        Output array; NaN before the first average.
    """

    close: cython.const[cython.double][:, :]
    high: cython.const[cython.double][:, :]
    low: cython.const[cython.double][:, :]
    window: cython.double
    before: cython.double[::1]
    average: cython.double[::1]
    count: cython.double[::1]
    answers: cython.double[:, :]
    missing: cython.double

    def __init__(self, close, high, low, window, state, answers):  # type: ignore[no-untyped-def]
        self.close, self.high, self.low, self.window, self.answers = close, high, low, window, answers
        self.before, self.average, self.count = state["before"], state["average"], state["count"]
        self.missing = np.nan

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _take(
        self, column: cython.Py_ssize_t, close: cython.double, high: cython.double, low: cython.double
    ) -> cython.void:
        """Process one bar."""
        span: cython.double = high - low
        before: cython.double = self.before[column]
        if not (close == close and span == span):
            return
        self.before[column] = close
        if not before == before:
            return
        span = fabs(high - before) if fabs(high - before) > span else span
        span = fabs(low - before) if fabs(low - before) > span else span
        self.count[column] += 1.0
        if self.count[column] <= self.window:
            self.average[column] += span
            if self.count[column] == self.window:
                self.average[column] = self.average[column] / self.window
        else:
            self.average[column] = (self.average[column] * (self.window - 1.0) + span) / self.window

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1."""
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        with cython.nogil:
            for tick in range(first, last):
                for column in range(self.before.shape[0]):
                    self._take(
                        column,
                        self.close[tick % self.close.shape[0], column],
                        self.high[tick % self.high.shape[0], column],
                        self.low[tick % self.low.shape[0], column],
                    )
                    self.answers[tick % self.answers.shape[0], column] = (
                        self.average[column] if self.count[column] >= self.window else self.missing
                    )


def range_terms(
    opens: cython.const[cython.double][:, :],
    highs: cython.const[cython.double][:, :],
    lows: cython.const[cython.double][:, :],
    closes: cython.const[cython.double][:, :],
    kind: cython.int,
    terms: cython.double[:, :],
) -> None:
    """Write one term a bar: 0 Parkinson, 1 Garman-Klass, 2 Rogers-Satchell, all three variances, 3 log(open / close of
    the row before), 4 log(close / open). Only the prices that a kind needs are read; NaN gives NaN.
    """
    row: cython.Py_ssize_t
    column: cython.Py_ssize_t
    span: cython.double
    inside: cython.double
    missing: cython.double = np.nan
    two_log_two: cython.double = 2.0 * log(2.0)
    with cython.nogil:
        for row in range(terms.shape[0]):
            for column in range(terms.shape[1]):
                if kind == 0:
                    span = log(highs[row, column] / lows[row, column])
                    terms[row, column] = span * span / (2.0 * two_log_two)
                elif kind == 1:
                    span = log(highs[row, column] / lows[row, column])
                    inside = log(closes[row, column] / opens[row, column])
                    terms[row, column] = 0.5 * (span * span) - (two_log_two - 1.0) * (inside * inside)
                elif kind == 2:
                    span = log(highs[row, column] / closes[row, column]) * log(highs[row, column] / opens[row, column])
                    inside = log(lows[row, column] / closes[row, column]) * log(lows[row, column] / opens[row, column])
                    terms[row, column] = span + inside
                elif kind == 3:
                    terms[row, column] = log(opens[row, column] / closes[row - 1, column]) if row > 0 else missing
                else:
                    terms[row, column] = log(closes[row, column] / opens[row, column])
