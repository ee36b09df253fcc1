"""The estimand of an interval: a kernel, the kind of its number, and its analytic interval if it has one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from riskresearch.kernels._moments import deviation

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.kernels.inference._bootstrap import OfCoMoments, OfMoments
    from riskresearch.metrics.inference._dependence import Kind


class Analytic(NamedTuple):
    """The interval that a measure has without resampling."""

    method: str
    """Its description."""
    bounds: Callable[..., tuple[FloatVector, FloatVector, FloatVector]]
    """Maps the confidence, the estimates and the arguments of the kernel to lower, upper and standard error."""
    autocorrelated: bool = False
    """Whether it keeps its coverage under autocorrelation."""
    clustered: bool = False
    """Whether it keeps its coverage under volatility clustering."""


class Moments(NamedTuple):
    """A measure that is a function of mean and sample deviation, which the bootstrap computes without copying rows."""

    series: Callable[..., FloatMatrix]
    """Maps the arguments of the kernel to the series whose moments count."""
    statistic: OfMoments
    """Maps means and deviations to the measure."""


class CoMoments(NamedTuple):
    """A measure that is a function of the moments of two series, which the bootstrap computes without copying rows."""

    pair: Callable[..., tuple[FloatVector, FloatVector]]
    """Maps the arguments of the kernel to both series."""
    statistic: OfCoMoments
    """Maps the moments of each draw to the measure."""


class RowSums(NamedTuple):
    """A measure that is a function of sums over the rows, which the bootstrap computes without copying rows."""

    terms: Callable[..., FloatMatrix]
    """Maps the arguments of the kernel to what is summed, shape (rows, terms); a term that is not finite has no sum."""
    statistic: Callable[[FloatMatrix], FloatVector]
    """Maps the sums of each draw, shape (draws, terms), to the measure."""


class Estimand(NamedTuple):
    """What is estimated, and its properties."""

    name: str
    kernel: Callable[..., FloatVector]
    kind: Kind
    analytic: Analytic | None
    moments: Moments | None
    at_rest: Callable[[float], float] | None = None
    difference: bool = False
    """Whether the measure is one of the returns less the vector beside them."""
    co_moments: CoMoments | None = None
    row_sums: RowSums | None = None

    def series(self, column: FloatMatrix, vectors: tuple[FloatVector, ...]) -> FloatVector:
        """Return the series that is measured; the first where a measure is of two."""
        own = column if self.moments is None else self.moments.series(column, *vectors)
        first = own[:, 0] - vectors[0] if self.difference else own[:, 0]
        return np.ascontiguousarray(first)

    def of_histories(self, rows: FloatMatrix) -> FloatVector:
        """Return the measure of each history, shape (rows, histories)."""
        if self.moments is None:
            return self.kernel(rows, *[np.zeros(len(rows))] * self.difference)
        return self.moments.statistic(rows.mean(axis=0), deviation(rows))

    def centre(self, series: FloatVector) -> float | None:
        """Return the measure of a constant history at the mean; None for neither a loss nor a deviation."""
        if self.kind == "loss":
            mean = float(series.mean())
            return -mean if self.at_rest is None else self.at_rest(mean)
        return 0.0 if self.kind == "deviation" else None
