"""The interval of a measure of each column, by the method that suits the measure and the dependence of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._arguments import asset_names
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import warn_user
from riskresearch.kernels._moments import deviation
from riskresearch.kernels.inference import _bootstrap, _filtered
from riskresearch.kernels.inference._block_length import automatic_length, longer_length
from riskresearch.metrics.inference._dependence import NOTHING_FOUND, Finding, Way, find
from riskresearch.metrics.inference._interval import Interval, label_interval
from riskresearch.metrics.inference._interval_methods import Asked, choose, describe, warn

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.metrics.inference._bootstrap import Bootstrap
    from riskresearch.metrics.inference._estimand import Estimand


def interval_panel(
    panel: Panel,
    measure: Estimand,
    *others: FloatVector,
    settings: Bootstrap,
    asked: Asked,
) -> Interval:
    """Return the estimate of each column and its interval."""
    if settings.resampling == "filtered":
        _refuse_filtered(measure, others)
    seed, columns = settings.seed(), panel.values.shape[1]

    def interval(values: FloatMatrix, *vectors: FloatVector) -> FloatMatrix:
        estimates = measure.kernel(values, *vectors)
        found = []
        for number, estimate in enumerate(estimates.tolist()):
            column = np.ascontiguousarray(values[:, number : number + 1])
            series = measure.series(column, vectors)
            flat = np.isnan(estimate) or deviation(series[:, None], 0)[0] == 0.0
            dependence = NOTHING_FOUND if flat else find(series)
            own = choose(dependence, columns, measure, settings, rows=series.size, flat=flat, asked=asked)
            if np.isnan(estimate):
                found.append([estimate, np.nan, np.nan, np.nan, *own, series.size])
            else:
                bounds = _one_interval(measure, column, vectors, series, estimate, settings, seed, own.way)
                found.append([estimate, *bounds, *own, series.size])
        return np.array(found).T

    rows = panel.per_column(interval, *others)
    findings = [Finding(Way(int(way)), *rest) for way, *rest in rows[4:-1].T.tolist()]
    named = list(zip(asset_names(panel), findings, strict=True))
    warn(named, measure, settings, asked=asked, fewest=int(rows[-1].min()))
    drawn = any(found.way is not Way.ANALYTIC for found in findings)
    return label_interval(
        panel,
        rows[:4],
        measure=measure.name,
        confidence=settings.confidence,
        method=describe(named, measure, settings),
        seed=seed if drawn else None,
        kind="range" if measure.kind == "path" else "interval",
    )


def _refuse_filtered(measure: Estimand, others: tuple[FloatVector, ...]) -> None:
    if measure.kind == "path" or (others and measure.moments is None and not measure.difference):
        what = "a path" if measure.kind == "path" else "more than one series"
        raise InvalidInputError(
            f"resampling must be 'stationary', 'circular' or 'iid' for {measure.name}, got 'filtered': it is of {what}."
        )


def _one_interval(
    measure: Estimand,
    column: FloatMatrix,
    vectors: tuple[FloatVector, ...],
    series: FloatVector,
    estimate: float,
    settings: Bootstrap,
    seed: int,
    way: Way,
) -> tuple[float, float, float]:
    """Return the lower and upper bound and the standard error of one column, shape (rows, 1)."""
    confidence, centre = settings.confidence, measure.centre(series)
    if way is Way.ANALYTIC and measure.analytic is not None:
        rows = measure.analytic.bounds(confidence, np.array([estimate]), column, *vectors)
        lower, upper, error = (float(row[0]) for row in rows)
        return lower, upper, error
    if way is Way.FILTERED:
        draws = _defined(_filtered.true_values(measure.of_histories, series, estimate, centre, settings.draws, seed))
        lower, upper = np.quantile(draws, [0.5 - 0.5 * confidence, 0.5 + 0.5 * confidence]).tolist()
        return lower, upper, float(np.std(draws, ddof=1))
    longer = way is not Way.BLOCKS
    resampling = "circular" if longer else settings.resampling or "stationary"
    if longer:
        length = longer_length(series) if way is Way.LONGER_BLOCKS else 1.0
    else:
        length = settings.block_length or automatic_length(series, resampling)
    plan = _bootstrap.make_plan(column.shape[0], settings.draws, resampling, length, seed)
    if measure.co_moments is not None:
        pair = measure.co_moments.pair(column, *vectors)
        draws = _defined(_bootstrap.co_moment_replicates(measure.co_moments.statistic, *pair, plan))
    elif measure.row_sums is not None and np.isfinite(terms := measure.row_sums.terms(column, *vectors)).all():
        draws = _defined(_bootstrap.sum_replicates(measure.row_sums.statistic, terms, plan))
    elif measure.moments is None:
        draws = _defined(_bootstrap.replicates(measure.kernel, column, vectors, plan))
    else:
        draws = _defined(_bootstrap.moment_replicates(measure.moments.statistic, series, plan))
    if longer:
        bounds = _bootstrap.student_bounds(draws, estimate, confidence, centre, column.shape[0] / length)
    else:
        bounds = _bootstrap.bounds(
            draws, estimate, confidence, settings.method or "percentile",
            lambda: _without_each(measure, column, vectors, series),
        )  # fmt: skip
    return *bounds, float(np.std(draws, ddof=1))


def _without_each(
    measure: Estimand, column: FloatMatrix, vectors: tuple[FloatVector, ...], series: FloatVector
) -> FloatVector:
    if measure.moments is None:
        return _bootstrap.jackknife(measure.kernel, column, vectors)
    return _bootstrap.moment_jackknife(measure.moments.statistic, series)


def _defined(draws: FloatVector) -> FloatVector:
    """Return the draws that are numbers, and warn if some are not."""
    undefined = int(np.isnan(draws).sum())
    if undefined == 0:
        return draws
    warn_user(
        f"{undefined} of {draws.size} bootstrap draws have no value (a denominator of zero) and are left out of the "
        "interval: the sample is too short for it."
    )
    return draws[~np.isnan(draws)] if undefined < draws.size - 1 else np.full(2, np.nan)
