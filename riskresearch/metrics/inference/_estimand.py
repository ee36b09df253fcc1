"""What an interval is asked of: a kernel, the kind of its number, and the interval that it has by a formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from riskresearch.kernels._ratios import deviation

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.kernels.inference._bootstrap import OfMoments
    from riskresearch.metrics.inference._dependence import Kind


class Analytic(NamedTuple):
    """The interval that a measure has without resampling."""

    method: str
    """In words."""
    bounds: Callable[..., tuple[FloatVector, FloatVector, FloatVector]]
    """Takes the confidence, the estimates and what the kernel takes; returns lower, upper and standard error."""
    autocorrelated: bool = False
    """Whether it covers under autocorrelated rows,"""
    clustered: bool = False
    """and where volatility clusters."""


class Moments(NamedTuple):
    """A measure that is a function of mean and sample deviation, which the bootstrap has without copying rows."""

    series: Callable[..., FloatMatrix]
    """Makes the numbers whose moments count from what the kernel takes."""
    statistic: OfMoments
    """Takes means and deviations, returns the measure."""


class Estimand(NamedTuple):
    """What is estimated, and what is known of it."""

    name: str
    kernel: Callable[..., FloatVector]
    kind: Kind
    analytic: Analytic | None
    moments: Moments | None
    at_rest: Callable[[float], float] | None = None

    def series(self, column: FloatMatrix, vectors: tuple[FloatVector, ...]) -> FloatVector:
        """Return the numbers that the measure is of; those of a measure of two series are the first's."""
        own = column if self.moments is None else self.moments.series(column, *vectors)
        return np.ascontiguousarray(own[:, 0])

    def of_histories(self, rows: FloatMatrix) -> FloatVector:
        """Return the measure of each history, shape (rows, histories)."""
        if self.moments is None:
            return self.kernel(rows)
        return self.moments.statistic(rows.mean(axis=0), deviation(rows))

    def centre(self, series: FloatVector) -> float | None:
        """Return the measure of a history that stays at the mean; None where that is no loss and no deviation."""
        if self.kind == "loss":
            mean = float(series.mean())
            return -mean if self.at_rest is None else self.at_rest(mean)
        return 0.0 if self.kind == "deviation" else None
