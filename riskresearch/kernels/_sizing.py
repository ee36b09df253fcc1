# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""From returns to risk estimates to weights, one row after the other: the same step for history and for the stream.

Each class stands in a `source` of returns, which is a whole panel or a ring of its last rows: row `tick % rows` holds
the values of that tick, NaN is missing. `run(first, last)` goes from row to row; answers of one row are overwritten.
"""

import cython
import numpy as np
from cython.cimports.libc.math import exp, fabs, sqrt


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
        Where the answers go.
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
                        total[column] = decay * total[column] + value * value
                        weight[column] = decay * weight[column] + 1.0
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
        Where the answers go.
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
class RiskBudget:
    """Weights that bring each asset, or the portfolio, to its risk target: capped, held within a band, never NaN.

    In this order: target over risk times signal, times target over the portfolio's risk where there is one; at most
    `cap`, which is also the size where risk is zero or negative; the held weight where the new one is within the band
    of it, or where the return is missing; all scaled down where their sizes sum to more than `leverage`.

    Parameters
    ----------
    source : shape (rows, columns)
        Returns; only whether they are missing is read.
    estimates, signals : shape (rows or 1, columns)
        As for `InverseRisk`.
    portfolio : shape (rows or 1,) or (0,)
        Risk of the portfolio that holds target over risk in each asset; no rows where each asset stands for itself.
    target, cap, leverage, band : float
        Risk target per period, largest weight, largest sum of sizes, and the band as a fraction of the new weight.
    held : shape (columns,)
        The state: the weights decided last.
    answers : shape (rows or 1, columns)
        Where the weights go.
    """

    source: cython.const[cython.double][:, :]
    estimates: cython.const[cython.double][:, :]
    signals: cython.const[cython.double][:, :]
    portfolio: cython.const[cython.double][:]
    target: cython.double
    cap: cython.double
    leverage: cython.double
    band: cython.double
    held: cython.double[::1]
    answers: cython.double[:, :]

    def __init__(self, source, estimates, signals, portfolio, target, cap, leverage, band, held, answers):  # type: ignore[no-untyped-def]
        self.source, self.estimates, self.signals, self.portfolio = source, estimates, signals, portfolio
        self.target, self.cap, self.leverage, self.band = target, cap, leverage, band
        self.held, self.answers = held, answers

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _wanted(
        self, risk: cython.double, signal: cython.double, whole: cython.double, scaled: cython.bint
    ) -> cython.double:
        """Return the weight before band and leverage; `whole` is the portfolio's risk, if it is to be scaled by it."""
        size: cython.double = 0.0
        if scaled and not whole == whole:
            return 0.0
        if signal == 0.0:
            return 0.0
        if risk > 0.0:
            size = self.target / risk
            if scaled:
                size = size * (self.target / whole) if whole > 0.0 else self.cap
            size = size * fabs(signal)
            if size > self.cap:
                size = self.cap
        elif risk <= 0.0:
            size = self.cap * fabs(signal)
        return size if signal > 0.0 else -size

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last`."""
        source: cython.const[cython.double][:, :] = self.source
        estimates: cython.const[cython.double][:, :] = self.estimates
        signals: cython.const[cython.double][:, :] = self.signals
        scaled: cython.bint = self.portfolio.shape[0] > 0
        held: cython.double[::1] = self.held
        answers: cython.double[:, :] = self.answers
        row: cython.Py_ssize_t
        out: cython.Py_ssize_t
        estimate: cython.Py_ssize_t
        signal: cython.Py_ssize_t
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        value: cython.double
        weight: cython.double
        gross: cython.double
        whole: cython.double = 0.0
        with cython.nogil:
            for tick in range(first, last):
                row, estimate = tick % source.shape[0], tick % estimates.shape[0]
                signal, out = tick % signals.shape[0], tick % answers.shape[0]
                if scaled:
                    whole = self.portfolio[tick % self.portfolio.shape[0]]
                gross = 0.0
                for column in range(held.shape[0]):
                    value = source[row, column]
                    if value == value:
                        weight = self._wanted(estimates[estimate, column], signals[signal, column], whole, scaled)
                        if not fabs(weight - held[column]) <= self.band * fabs(weight):
                            held[column] = weight
                    gross += fabs(held[column])
                if gross > self.leverage:
                    for column in range(held.shape[0]):
                        held[column] = held[column] * (self.leverage / gross)
                for column in range(held.shape[0]):
                    answers[out, column] = held[column]


@cython.cclass
class ShareOut:
    """Weights in the proportions of `raw` whose sizes sum to `gross`; held where the return is missing, never NaN.

    Parameters
    ----------
    source : shape (rows, columns)
        Returns; only whether they are missing is read.
    raw : shape (rows or 1, columns)
        Proportions, signed.
    gross : float
        Sum of sizes, what the missing ones hold included.
    band : float
        The held weight stays where the new one is within this fraction of itself.
    held : shape (columns,)
        The state: the weights decided last.
    answers : shape (rows or 1, columns)
        Where the weights go.
    """

    source: cython.const[cython.double][:, :]
    raw: cython.const[cython.double][:, :]
    gross: cython.double
    band: cython.double
    held: cython.double[::1]
    answers: cython.double[:, :]

    def __init__(self, source, raw, gross, band, held, answers):  # type: ignore[no-untyped-def]
        self.source, self.raw, self.gross, self.band = source, raw, gross, band
        self.held, self.answers = held, answers

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _scale(self, tick: cython.Py_ssize_t) -> cython.double:
        """Return what the proportions are multiplied by."""
        free: cython.double = self.gross
        total: cython.double = 0.0
        value: cython.double
        column: cython.Py_ssize_t
        for column in range(self.held.shape[0]):
            value = self.source[tick % self.source.shape[0], column]
            if value == value:
                total += fabs(self.raw[tick % self.raw.shape[0], column])
            else:
                free -= fabs(self.held[column])
        return free / total if total > 0.0 and free > 0.0 else 0.0

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last`."""
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        value: cython.double
        weight: cython.double
        scale: cython.double
        gross: cython.double
        with cython.nogil:
            for tick in range(first, last):
                scale = self._scale(tick)
                gross = 0.0
                for column in range(self.held.shape[0]):
                    value = self.source[tick % self.source.shape[0], column]
                    weight = self.raw[tick % self.raw.shape[0], column] * scale
                    if value == value and not fabs(weight - self.held[column]) <= self.band * fabs(weight):
                        self.held[column] = weight
                    gross += fabs(self.held[column])
                scale = self.gross / gross if gross > self.gross else 1.0
                for column in range(self.held.shape[0]):
                    self.held[column] = self.held[column] * scale
                    self.answers[tick % self.answers.shape[0], column] = self.held[column]


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
        Where the answers go.
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
        z: cython.double = self.z
        h: cython.double = z + (z * z - 1.0) * s / 6.0 + (z * z * z - 3.0 * z) * k / 24.0
        h -= (2.0 * z * z * z - 5.0 * z) * s * s / 36.0
        if not self.conditional:
            return h
        h2: cython.double = h * h
        beyond: cython.double = 1.0 + s / 6.0 * (h2 * h) + k / 24.0 * (h2 * h2 - 2.0 * h2 - 1.0)
        beyond += s * s / 72.0 * (h2 * h2 * h2 - 9.0 * h2 * h2 + 9.0 * h2 + 3.0)
        beyond *= -exp(-0.5 * h2) / 2.5066282746310002 / self.tail
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
