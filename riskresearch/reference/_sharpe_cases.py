"""Worked examples of inference on Sharpe ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from riskresearch.reference._case import Case


def sharpe_cases() -> Iterator[Case]:
    """Yield the worked examples of Bailey & Lopez de Prado, which give moments instead of returns."""
    source = "Bailey & Lopez de Prado, J. Risk 15, 2012"
    for periods, skewness, kurtosis, years in (
        (252, 0, 0, 2.73),
        (52, 0, 0, 2.83),
        (12, 0, 0, 3.24),
        (12, -0.72, 2.78, 4.99),
    ):
        shape = f"yearly ratio 2 against 1, {periods} periods, skewness={skewness}, excess kurtosis={kurtosis}, years"
        yield Case("minimum_track_record_length", shape, years, _track_record(periods, skewness, kurtosis), source)
    for skewness, kurtosis, published in ((0.0, 0.0, 0.982), (-2.448, 7.164, 0.913)):
        shape = f"24 months, ratio 0.458, skewness={skewness}, excess kurtosis={kurtosis}"
        compute = _probability(0.458, skewness, kurtosis, 24)
        yield Case("probabilistic_sharpe_ratio", shape, published, compute, source)
    source = "Bailey & Lopez de Prado, J. Portfolio Management 40, 2014"
    for trials, published in ((100, 0.9004), (46, 0.9505)):
        shape = f"yearly ratio 2.5, 1250 days, best of {trials}, variance 1/2, skewness=-3, excess kurtosis=7"
        compute = _probability(2.5 / 250**0.5, -3.0, 7.0, 1250, trials=trials)
        yield Case("deflated_sharpe_ratio", shape, published, compute, source)


def _track_record(periods: int, skewness: float, kurtosis: float) -> Callable[[], float]:
    def compute() -> float:
        from riskresearch.kernels.inference import _sharpe_errors  # noqa: PLC0415 (SciPy)

        ratio, shape = np.array([2.0 / periods**0.5]), (np.array([skewness]), np.array([kurtosis]))
        return float(_sharpe_errors.track_record_rows(ratio, *shape, 1.0 / periods**0.5, 0.95)[0]) / periods

    return compute


def _probability(
    ratio: float, skewness: float, kurtosis: float, rows: int, trials: int | None = None
) -> Callable[[], float]:
    def compute() -> float:
        from riskresearch.kernels.inference import _sharpe_errors  # noqa: PLC0415 (SciPy)

        against = 0.0 if trials is None else _sharpe_errors.expected_best(trials, 0.5 / 250)
        shape = np.array([skewness]), np.array([kurtosis])
        return float(_sharpe_errors.probabilistic_sharpe(np.array([ratio]), *shape, rows, against)[0])

    return compute
