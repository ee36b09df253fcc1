"""From returns to estimates of risk, one row after the other: the same step for history and for the stream.

Each class stands in a `source` of returns, which is a whole panel or a ring of its last rows: row `tick % rows` holds
the values of that tick, NaN is missing. `run(first, last)` goes from row to row; answers of one row are overwritten.
"""

import cython
import numpy as np
from cython.cimports.libc.math import exp, sqrt

if cython.compiled:
    from cython.cimports.riskresearch.kernels._formulas import cornish_fisher, decayed_sum, edgeworth_terms
else:
    from riskresearch.kernels._formulas import cornish_fisher, decayed_sum, edgeworth_terms


@cython.cclass
class EwmaDeviation:
    """The root of the exponentially weighted mean square, weights summing to one from the first value on.

    Parameters
    ----------
    source : shape (rows, columns)
        Returns.
    decay : float
        What a weight is multiplied by when a row comes.
    minimum : float
        Values that must have come before there is an answer.
    state : dict of arrays of shape (columns,)
        `total`, `weight` and `count`.
    answers : shape (rows or 1, columns)
        Output array.
    """

    source: cython.const[cython.double][:, :]
    decay: cython.double
    minimum: cython.double
    total: cython.double[::1]
    weight: cython.double[::1]
    count: cython.double[::1]
    answers: cython.double[:, :]
    missing: cython.double

    def __init__(self, source, decay, minimum, state, answers):  # type: ignore[no-untyped-def]
        self.source, self.decay, self.minimum, self.answers = source, decay, minimum, answers
        self.total, self.weight, self.count = state["total"], state["weight"], state["count"]
        self.missing = np.nan

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last`."""
        source: cython.const[cython.double][:, :] = self.source
        answers: cython.double[:, :] = self.answers
        total: cython.double[::1] = self.total
        weight: cython.double[::1] = self.weight
        count: cython.double[::1] = self.count
        decay: cython.double = self.decay
        tick: cython.Py_ssize_t
        row: cython.Py_ssize_t
        out: cython.Py_ssize_t
        column: cython.Py_ssize_t
        value: cython.double
        with cython.nogil:
            for tick in range(first, last):
                row = tick % source.shape[0]
                out = tick % answers.shape[0]
                for column in range(source.shape[1]):
                    value = source[row, column]
                    if value == value:
                        total[column] = decayed_sum(decay, total[column], value * value)
                        weight[column] = decayed_sum(decay, weight[column], 1.0)
                        count[column] += 1.0
                    if count[column] >= self.minimum:
                        answers[out, column] = sqrt(total[column] / weight[column])
                    else:
                        answers[out, column] = self.missing


@cython.cclass
class InverseRisk:
    """Signal times target over risk; 0 where there is no risk or no estimate of it.

    Parameters
    ----------
    estimates : shape (rows or 1, columns)
        Risk per period; NaN where there is no estimate.
    signals : shape (rows or 1, columns)
        From -1 to 1.
    target : float
        Risk wanted in each asset.
    answers : shape (rows or 1, columns)
        Output array.
    """

    estimates: cython.const[cython.double][:, :]
    signals: cython.const[cython.double][:, :]
    target: cython.double
    answers: cython.double[:, :]

    def __init__(self, estimates, signals, target, answers):  # type: ignore[no-untyped-def]
        self.estimates, self.signals, self.target, self.answers = estimates, signals, target, answers

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last`."""
        estimates: cython.const[cython.double][:, :] = self.estimates
        signals: cython.const[cython.double][:, :] = self.signals
        answers: cython.double[:, :] = self.answers
        target: cython.double = self.target
        tick: cython.Py_ssize_t
        row: cython.Py_ssize_t
        place: cython.Py_ssize_t
        out: cython.Py_ssize_t
        column: cython.Py_ssize_t
        risk: cython.double
        signal: cython.double
        with cython.nogil:
            for tick in range(first, last):
                row, place, out = tick % estimates.shape[0], tick % signals.shape[0], tick % answers.shape[0]
                for column in range(estimates.shape[1]):
                    risk = estimates[row, column]
                    signal = signals[place, column]
                    answers[out, column] = signal * (target / risk) if risk > 0.0 and signal != 0.0 else 0.0


@cython.cclass
class CornishFisherRisk:
    """Modified VaR, or CVaR, of a moving window from its moments, by the formulas of `_parametric_tail`.

    Parameters
    ----------
    source : shape (rows, columns)
        Returns; only whether they are missing is read.
    window : int
        Number of rows.
    means, deviations, skews, kurtoses : shape (rows or 1, columns)
        Moments of the window: the sample deviation, and population moments of shape, of which NaN counts as 0.
    z, tail : float
        The probability of the tail, and its normal quantile.
    conditional : bool
        Whether CVaR is wanted.
    count : shape (columns,)
        The state: values in the window.
    answers : shape (rows or 1, columns)
        Output array.
    """

    source: cython.const[cython.double][:, :]
    window: cython.Py_ssize_t
    means: cython.const[cython.double][:, :]
    deviations: cython.const[cython.double][:, :]
    skews: cython.const[cython.double][:, :]
    kurtoses: cython.const[cython.double][:, :]
    z: cython.double
    tail: cython.double
    conditional: cython.bint
    count: cython.double[::1]
    answers: cython.double[:, :]

    def __init__(self, source, window, moments, z, tail, conditional, count, answers):  # type: ignore[no-untyped-def]
        self.source, self.window = source, window
        self.means, self.deviations, self.skews, self.kurtoses = moments
        self.z, self.tail, self.conditional, self.count, self.answers = z, tail, conditional, count, answers

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _multiple(self, skew: cython.double, kurtosis: cython.double) -> cython.double:
        """Return how many deviations the tail lies from the mean, signed: negative below it."""
        s: cython.double = skew if skew == skew else 0.0
        k: cython.double = kurtosis if kurtosis == kurtosis else 0.0
        h: cython.double = cornish_fisher(self.z, s, k)
        if not self.conditional:
            return h
        beyond: cython.double = edgeworth_terms(h, s, k) * (-exp(-0.5 * (h * h)) / 2.5066282746310002 / self.tail)
        return beyond if beyond < h else h

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last`."""
        source: cython.const[cython.double][:, :] = self.source
        tick: cython.Py_ssize_t
        out: cython.Py_ssize_t
        column: cython.Py_ssize_t
        value: cython.double
        number: cython.double
        with cython.nogil:
            for tick in range(first, last):
                out = tick % self.answers.shape[0]
                for column in range(source.shape[1]):
                    value = source[tick % source.shape[0], column]
                    self.count[column] += 1.0 if value == value else 0.0
                    if tick >= self.window:
                        value = source[(tick - self.window) % source.shape[0], column]
                        self.count[column] -= 1.0 if value == value else 0.0
                    number = self.count[column] if self.count[column] > 0.0 else 1.0
                    value = self.deviations[tick % self.deviations.shape[0], column] * sqrt((number - 1.0) / number)
                    self.answers[out, column] = -self.means[
                        tick % self.means.shape[0], column
                    ] - value * self._multiple(
                        self.skews[tick % self.skews.shape[0], column],
                        self.kurtoses[tick % self.kurtoses.shape[0], column],
                    )


@cython.cclass
class Standardizer:
    """Each return over the deviation known before it; NaN where there was none, 0 for no move after no moves.

    Parameters
    ----------
    source : shape (rows, columns)
        Returns.
    deviations : shape (rows or 1, columns)
        Deviations known after each row.
    before : shape (columns,)
        The state: the deviations known before the row that comes.
    answers : shape (rows, columns)
        A panel or a ring.
    """

    source: cython.const[cython.double][:, :]
    deviations: cython.const[cython.double][:, :]
    before: cython.double[::1]
    answers: cython.double[:, :]
    missing: cython.double

    def __init__(self, source, deviations, before, answers):  # type: ignore[no-untyped-def]
        self.source, self.deviations, self.before, self.answers = source, deviations, before, answers
        self.missing = np.nan

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last`."""
        tick: cython.Py_ssize_t
        out: cython.Py_ssize_t
        column: cython.Py_ssize_t
        value: cython.double
        with cython.nogil:
            for tick in range(first, last):
                out = tick % self.answers.shape[0]
                for column in range(self.before.shape[0]):
                    value = self.source[tick % self.source.shape[0], column]
                    if self.before[column] > 0.0:
                        self.answers[out, column] = value / self.before[column]
                    else:
                        self.answers[out, column] = 0.0 if self.before[column] == 0.0 and value == 0.0 else self.missing
                    self.before[column] = self.deviations[tick % self.deviations.shape[0], column]
