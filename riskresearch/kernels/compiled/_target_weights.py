"""From estimates of risk to weights within caps, one row after the other: the same step for history and for the stream.

Sources and rows are those of `_ewma`.
"""

import cython
import numpy as np
from cython.cimports.libc.math import fabs


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
        """Process rows `first` to `last` - 1."""
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
    `cap`; the held weight where the new one is within the band of it, or where the return is missing; all scaled down
    where their sizes sum to more than `leverage`. Where an asset's risk is zero or negative its size is `full`; where
    that of the portfolio is, the sizes keep their proportions and are as large as the caps allow.

    Parameters
    ----------
    source : shape (rows, columns)
        Returns; only whether they are missing is read.
    estimates, signals : shape (rows or 1, columns)
        As for `InverseRisk`.
    portfolio : shape (rows or 1,) or (0,)
        Risk of the portfolio that holds target over risk in each asset; no rows where each asset stands for itself.
    target, band : float
        Risk target per period, and the band as a fraction of the new weight.
    limits : tuple of cap, reason, full, reason, leverage, reason
        Largest size, size without risk, and largest sum of sizes, infinite where there is none, each followed by the
        bits that are noted where it binds.
    held : shape (columns,)
        The state: the weights decided last.
    answers : shape (rows or 1, columns)
        Output array.
    wanted, reasons : shape (1 or 0, columns)
        Output arrays of the weights before caps, infinite where there is no risk, and of the bits of the caps that
        bound; nothing is written to an array without rows.
    """

    source: cython.const[cython.double][:, :]
    estimates: cython.const[cython.double][:, :]
    signals: cython.const[cython.double][:, :]
    portfolio: cython.const[cython.double][:]
    target: cython.double
    band: cython.double
    cap: cython.double
    full: cython.double
    leverage: cython.double
    cap_reason: cython.longlong
    full_reason: cython.longlong
    leverage_reason: cython.longlong
    held: cython.double[::1]
    answers: cython.double[:, :]
    wanted: cython.double[:, ::1]
    reasons: cython.longlong[:, ::1]
    infinity: cython.double
    bound: cython.double
    reference: cython.double
    hedge_reason: cython.longlong

    def __init__(  # type: ignore[no-untyped-def]
        self, source, estimates, signals, portfolio, target, band, limits, held, answers, wanted, reasons
    ):
        self.source, self.estimates, self.signals, self.portfolio = source, estimates, signals, portfolio
        self.target, self.band = target, band
        self.cap, self.cap_reason, self.full, self.full_reason, self.leverage, self.leverage_reason = limits
        self.held, self.answers, self.wanted, self.reasons = held, answers, wanted, reasons
        self.infinity, self.bound, self.reference, self.hedge_reason = np.inf, 0.0, 1.0, 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _wish(
        self, risk: cython.double, signal: cython.double, whole: cython.double, scaled: cython.bint
    ) -> cython.double:
        """Return the size before caps; `whole` is the portfolio's risk, if it is to be scaled by it."""
        size: cython.double = 0.0
        if signal == 0.0 or (scaled and not whole == whole):
            return 0.0
        if risk > 0.0:
            size = self.target / risk
            if scaled:
                size = size * (self.target / whole) if whole > 0.0 else self.infinity
            return size * fabs(signal)
        return self.infinity if risk <= 0.0 else 0.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _measure_hedge(self, tick: cython.Py_ssize_t) -> cython.void:
        """Find what the proportions of a portfolio without risk are scaled to."""
        column: cython.Py_ssize_t
        value: cython.double
        risk: cython.double
        gross: cython.double = 0.0
        largest: cython.double = 0.0
        for column in range(self.held.shape[0]):
            value = self.source[tick % self.source.shape[0], column]
            risk = self.estimates[tick % self.estimates.shape[0], column]
            if value == value and risk > 0.0:
                value = self.target / risk * fabs(self.signals[tick % self.signals.shape[0], column])
                gross += value
                largest = value if value > largest else largest
        if self.cap < self.infinity and (self.leverage == self.infinity or self.cap * gross <= self.leverage * largest):
            self.bound, self.reference, self.hedge_reason = self.cap, largest, self.cap_reason
        elif self.leverage < self.infinity:
            self.bound, self.reference, self.hedge_reason = self.leverage, gross, self.leverage_reason
        else:
            self.bound, self.reference, self.hedge_reason = self.full, gross, self.full_reason

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _capped(
        self, wish: cython.double, risk: cython.double, signal: cython.double, column: cython.Py_ssize_t
    ) -> cython.double:
        """Return the signed weight within the cap, and note where that bound."""
        size: cython.double = wish
        reason: cython.longlong = 0
        if wish == self.infinity:
            size, reason = self.full * fabs(signal), self.full_reason
            if risk > 0.0 and self.target / risk < self.infinity and 0.0 < self.reference < self.infinity:
                size, reason = self.bound * (self.target / risk * fabs(signal) / self.reference), self.hedge_reason
        if size > self.cap:
            size, reason = self.cap, self.cap_reason
        if self.reasons.shape[0] > 0:
            self.reasons[0, column] = reason
            self.wanted[0, column] = wish if signal > 0.0 else -wish
        return size if signal > 0.0 else -size

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1."""
        source: cython.const[cython.double][:, :] = self.source
        estimates: cython.const[cython.double][:, :] = self.estimates
        signals: cython.const[cython.double][:, :] = self.signals
        scaled: cython.bint = self.portfolio.shape[0] > 0
        held: cython.double[::1] = self.held
        answers: cython.double[:, :] = self.answers
        row: cython.Py_ssize_t
        out: cython.Py_ssize_t
        estimate: cython.Py_ssize_t
        place: cython.Py_ssize_t
        tick: cython.Py_ssize_t
        column: cython.Py_ssize_t
        value: cython.double
        risk: cython.double
        signal: cython.double
        weight: cython.double
        gross: cython.double
        whole: cython.double = 0.0
        with cython.nogil:
            for tick in range(first, last):
                row, estimate = tick % source.shape[0], tick % estimates.shape[0]
                place, out = tick % signals.shape[0], tick % answers.shape[0]
                self.reference = 0.0
                if scaled:
                    whole = self.portfolio[tick % self.portfolio.shape[0]]
                    if whole <= 0.0:
                        self._measure_hedge(tick)
                gross = 0.0
                for column in range(held.shape[0]):
                    value = source[row, column]
                    if value == value:
                        risk, signal = estimates[estimate, column], signals[place, column]
                        weight = self._capped(self._wish(risk, signal, whole, scaled), risk, signal, column)
                        if not fabs(weight - held[column]) <= self.band * fabs(weight):
                            held[column] = weight
                    elif self.reasons.shape[0] > 0:
                        self.reasons[0, column] = 0
                        self.wanted[0, column] = held[column]
                    gross += fabs(held[column])
                if gross > self.leverage:
                    for column in range(held.shape[0]):
                        if self.reasons.shape[0] > 0 and held[column] != 0.0:
                            self.reasons[0, column] |= self.leverage_reason
                        held[column] = held[column] * (self.leverage / gross)
                for column in range(held.shape[0]):
                    answers[out, column] = held[column]


@cython.cclass
class ProportionalWeights:
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
        Output array.
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
        """Process rows `first` to `last` - 1."""
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
