"""Worked examples of inference on Sharpe ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from riskresearch import metrics
from riskresearch.reference._case import Case, Options

PA_MOMENTS = "PerformanceAnalytics' stored examples, MinTrackRecord of moments"


def sharpe_cases() -> Iterator[Case]:
    """Yield worked examples of Bailey & Lopez de Prado and PerformanceAnalytics, which give moments, not returns."""
    source = "Bailey & Lopez de Prado, J. Risk 15, 2012"
    for periods, skewness, kurtosis, years in (
        (252, 0, 0, 2.73),
        (52, 0, 0, 2.83),
        (12, 0, 0, 3.24),
        (12, -0.72, 2.78, 4.99),
    ):
        shape = f"yearly ratio 2 against 1, {periods} periods, skewness={skewness}, excess kurtosis={kurtosis}, years"
        compute = _track_record(periods, skewness, kurtosis, divided_by=periods)
        yield Case("minimum_track_record_length", shape, years, compute, source)
    shape = "yearly ratio 2 against 1, 12 periods, skewness=-0.72, excess kurtosis=0 as it is ignored, rows"
    compute = _track_record(12, -0.72, 0.0, divided_by=1)
    yield Case("minimum_track_record_length", shape, 52.37369, compute, PA_MOMENTS)
    for skewness, kurtosis, published in ((0.0, 0.0, 0.982), (-2.448, 7.164, 0.913)):
        shape = f"24 months, ratio 0.458, skewness={skewness}, excess kurtosis={kurtosis}"
        months = _moments(1, skewness, kurtosis) | {"rows": 24}
        yield Case("probabilistic_sharpe_ratio", shape, published, _probability(0.458, months), source)
    source = "Bailey & Lopez de Prado, J. Portfolio Management 40, 2014"
    for trials, published in ((100, 0.9004), (46, 0.9505)):
        shape = f"yearly ratio 2.5, 1250 days, best of {trials}, variance 1/2, skewness=-3, excess kurtosis=7"
        days = _moments(250, -3.0, 7.0) | {"rows": 1250, "trials": trials, "trial_variance": 0.5}
        yield Case("deflated_sharpe_ratio", shape, published, _probability(2.5, days), source)


def _moments(periods: int, skewness: float, kurtosis: float) -> Options:
    return {"periods_per_year": periods, "skewness": skewness, "excess_kurtosis": kurtosis}


def _track_record(periods: int, skewness: float, kurtosis: float, *, divided_by: int) -> Callable[[], float]:
    moments = _moments(periods, skewness, kurtosis)

    def compute() -> float:
        rows = metrics.minimum_track_record_length_from_moments(2.0, reference_sharpe=1.0, **moments)
        return rows / divided_by

    return compute


def _probability(sharpe: float, given: Options) -> Callable[[], float]:
    def compute() -> float:
        if "trials" in given:
            return metrics.deflated_sharpe_ratio_from_moments(sharpe, **given)
        return metrics.probabilistic_sharpe_ratio_from_moments(sharpe, **given)

    return compute
