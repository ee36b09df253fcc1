"""Modified VaR and CVaR of a moving window from its moments. Sources and rows are those of `_ewma`."""

import cython
from cython.cimports.libc.math import exp, sqrt

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined._formulas import cornish_fisher, edgeworth_terms
else:
    from riskresearch.kernels.inlined._formulas import cornish_fisher, edgeworth_terms


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
        """Process rows `first` to `last` - 1."""
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
