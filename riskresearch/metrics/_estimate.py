"""The last line of every measure: the number, or the number with its interval where a confidence is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from riskresearch.kernels._ratios import divide

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix, FloatVector, PerColumn
    from riskresearch.kernels._bootstrap import OfMoments
    from riskresearch.metrics._bootstrap import Bootstrap


class Analytic(NamedTuple):
    """The interval that a measure has without resampling."""

    method: str
    """In words."""
    bounds: Callable[..., tuple[FloatVector, FloatVector, FloatVector]]
    """Takes the confidence, the estimates and what the kernel takes; returns lower, upper and standard error."""


class Moments(NamedTuple):
    """A measure that is a function of mean and sample deviation, which the bootstrap has without copying rows."""

    series: Callable[..., FloatMatrix]
    """Makes the numbers whose moments count from what the kernel takes."""
    statistic: OfMoments
    """Takes means and deviations, returns the measure."""


def estimate(
    panel: Panel,
    kernel: Callable[..., FloatVector],
    *others: FloatVector,
    measure: str,
    confidence: float | Bootstrap | None,
    analytic: Analytic | None = None,
    moments: Moments | None = None,
) -> PerColumn:
    """Return `kernel` of each column; with a confidence its `Interval`, analytic for a number where there is one."""
    if confidence is None:
        return panel.reduce(kernel, *others)
    from riskresearch.metrics._bootstrap import as_bootstrap, bootstrap_panel  # noqa: PLC0415 (rarely asked for)
    from riskresearch.metrics._interval import label_interval  # noqa: PLC0415

    settings = as_bootstrap(confidence)
    if analytic is None or settings is confidence:
        return bootstrap_panel(panel, kernel, *others, measure=measure, settings=settings, moments=moments)
    how = analytic

    def interval(values: FloatMatrix, *vectors: FloatVector) -> FloatMatrix:
        estimates = kernel(values, *vectors)
        rows = np.stack([estimates, *how.bounds(settings.confidence, estimates, values, *vectors)])
        return np.where(np.isnan(estimates), np.nan, rows)

    return label_interval(
        panel,
        panel.per_column(interval, *others),
        measure=measure,
        confidence=settings.confidence,
        method=how.method,
    )


def normal_bounds(
    confidence: float, estimates: FloatVector, error: FloatVector
) -> tuple[FloatVector, FloatVector, FloatVector]:
    """Return the estimates less and plus the normal quantile times their standard error, and that error."""
    from riskresearch.kernels._sharpe_errors import normal_quantile  # noqa: PLC0415

    reach = normal_quantile(0.5 + 0.5 * confidence) * error
    return estimates - reach, estimates + reach, error


def ratio_of_moments(periods: float) -> Moments:
    """Return mean over deviation, times sqrt(periods), of the returns less a vector: Sharpe and information ratio."""

    def ratio(means: FloatVector, deviations: FloatVector) -> FloatVector:
        scaled: FloatVector = divide(means, deviations) * periods**0.5
        return scaled

    return Moments(lambda values, less: values - less[:, None], ratio)
