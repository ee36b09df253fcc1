"""The last step of every measure: the number, or its interval if requested."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels._moments import divide
from riskresearch.metrics.inference._estimand import Analytic, CoMoments, Estimand, Moments, RowSums

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix, FloatVector, PerColumn, Required
    from riskresearch.metrics.inference._bootstrap import AnalyticInterval, Bootstrap
    from riskresearch.metrics.inference._dependence import Kind


def estimate(
    panel: Panel,
    kernel: Callable[..., FloatVector],
    *others: FloatVector,
    measure: str,
    interval: float | Bootstrap | AnalyticInterval | None,
    kind: Kind = "value",
    analytic: Analytic | None = None,
    moments: Moments | None = None,
    at_rest: Callable[[float], float] | None = None,
    difference: bool = False,
    co_moments: CoMoments | None = None,
    row_sums: RowSums | None = None,
) -> PerColumn:
    """Return `kernel` of each column, or its `Interval` if requested, by the method that suits `kind`.

    `at_rest` maps a mean to the loss of rows that all equal it, if that is not minus the mean; `difference` says that
    the measure is one of the returns less the vector in `others`.
    """
    if interval is None:
        return panel.reduce(kernel, *others)
    from riskresearch.metrics.inference import _bootstrap  # noqa: PLC0415 (rarely asked for)
    from riskresearch.metrics.inference._resampled import interval_panel  # noqa: PLC0415

    given = interval.confidence if isinstance(interval, _bootstrap.AnalyticInterval) else interval
    if given is not interval and analytic is None:
        raise InvalidInputError(
            f"interval must be a probability or a Bootstrap for {measure}, which has no analytic interval here, got "
            f"{interval!r}."
        )
    settings = _bootstrap.as_bootstrap(given)
    return interval_panel(
        panel,
        Estimand(measure, kernel, kind, analytic, moments, at_rest, difference, co_moments, row_sums),
        *others,
        settings=settings,
        asked="name" if given is not interval else "settings" if settings is interval else "number",
    )


def estimate_above(
    panel: Panel,
    kernel: Callable[[FloatMatrix, Required], FloatVector],
    required: Required,
    *,
    measure: str,
    interval: float | Bootstrap | None,
    kind: Kind = "value",
    difference: bool = True,
) -> PerColumn:
    """Return `estimate` of a kernel of the values and the required return, which is one number or one for each row."""
    if not isinstance(required, float):
        return estimate(panel, kernel, required, measure=measure, interval=interval, kind=kind, difference=difference)
    return estimate(panel, lambda values: kernel(values, required), measure=measure, interval=interval, kind=kind)


def normal_bounds(
    confidence: float, estimates: FloatVector, error: FloatVector
) -> tuple[FloatVector, FloatVector, FloatVector]:
    """Return the estimates minus and plus the normal quantile times their standard error, and that error."""
    from riskresearch.kernels.inference._sharpe_errors import normal_quantile  # noqa: PLC0415

    reach = normal_quantile(0.5 + 0.5 * confidence) * error
    return estimates - reach, estimates + reach, error


def ratio_of_moments(periods: float) -> Moments:
    """Return mean over deviation, times sqrt(periods), of the returns minus a vector: Sharpe and information ratio."""

    def ratio(means: FloatVector, deviations: FloatVector) -> FloatVector:
        scaled: FloatVector = divide(means, deviations) * periods**0.5
        return scaled

    return Moments(lambda values, less: values - less[:, None], ratio)
