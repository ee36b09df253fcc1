"""Cases of the tables in empyrical's own tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from riskresearch import metrics
from riskresearch.core._calendar_periods import DayOrPeriod
from riskresearch.core._types import FloatVector
from riskresearch.reference._case import Case, case

SOURCE = "empyrical 0.5.5, tests/test_stats.py"
MIXED = np.array([0.0, 1.0, 10.0, -4.0, 2.0, 3.0, 2.0, 1.0, -10.0]) / 100.0
HOLED = np.where(np.arange(MIXED.size) == 0, np.nan, MIXED)
POSITIVE = np.array([1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]) / 100.0
NEGATIVE = np.array([0.0, -6.0, -7.0, -1.0, -9.0, -2.0, -6.0, -8.0, -5.0]) / 100.0
ALL_NEGATIVE = np.array([-2.0, -6.0, -7.0, -1.0, -9.0, -2.0, -6.0, -8.0, -5.0]) / 100.0
BENCHMARK = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]) / 100.0
AGGREGATED: tuple[tuple[str, DayOrPeriod, tuple[float, ...]], ...] = (
    ("D", "week", (0.0, 0.040604010000000024, 0.0)),
    ("D", "month", (0.01, 0.03030099999999991)),
    ("D", "quarter", (0.04060401,)),
    ("D", "year", (0.040604010000000024,)),
    ("W", "month", (0.0, 0.08789120000000006, -0.04500459999999995)),
    ("W", "year", (0.038931091700480147,)),
    ("ME", "quarter", (0.11100000000000021, 0.008575999999999917, -0.07281999999999999)),
    ("ME", "year", (0.038931091700480147,)),
)
"""Frequency of the rows from 2000-01-30 on, period and the returns of each."""


ROLLED: tuple[tuple[str, FloatVector, FloatVector, tuple[float, ...]], ...] = (
    ("alpha", HOLED, NEGATIVE, (-3.81286957, -4.03558719, -2.66915888, -7.8987541)),
    ("beta", HOLED, NEGATIVE, (-0.7826087, -0.76156584, -0.61682243, -0.41311475)),
    ("up_capture", POSITIVE, HOLED, (0.00128406, 0.00291564, 0.00171499, 0.0777048)),
    ("up_capture", ALL_NEGATIVE, HOLED, (-5.88144154e-05, -1.52119182e-04, -1.52119198e-04, -6.89238735e-03)),
    ("down_capture", POSITIVE, HOLED, (-11.2743862, -11.2743862, -11.2743862, -11.27400221)),
    ("down_capture", ALL_NEGATIVE, HOLED, (0.92058591, 0.92058591, 0.92058591, 0.99956026)),
)
"""Measure, returns, benchmark and the values of the last four windows of six rows; alpha before it was compounded."""


def empyrical_cases() -> Iterator[Case]:
    """Yield the stability, the compounded returns and the moving windows of nine rows."""
    yield case("stability", MIXED[1:], 0.1529973665111273, SOURCE)
    yield case("stability", np.full(9, 0.01), 1.0, SOURCE)
    for frequency, to, published in AGGREGATED:
        for number, value in enumerate(published):
            shown = f"to={to}, rows by {frequency}, period {number + 1}"
            yield Case("aggregate_returns", shown, value, _compounded(frequency, to, number), SOURCE)
    for name, returns, benchmark, published in ROLLED:
        for row, value in enumerate(published, 5):
            shown = f"{name} of six rows, annualized, after row {row}"
            yield Case("rolling", shown, value, _rolled(name, returns, benchmark, row), SOURCE)


def _compounded(frequency: str, to: DayOrPeriod, number: int) -> Callable[[], float]:
    def compute() -> float:
        import pandas as pd  # noqa: PLC0415 (only dated returns have calendar periods)

        values = BENCHMARK if frequency == "D" else MIXED
        dated = pd.Series(values, index=pd.date_range("2000-01-30", periods=9, freq=frequency))
        return float(metrics.aggregate_returns(dated, to=to).iloc[number])

    return compute


def _rolled(name: str, returns: FloatVector, benchmark: FloatVector, row: int) -> Callable[[], float]:
    def compute() -> float:
        measure = partial(getattr(metrics, name), compounding="annualized") if "capture" in name else name
        yearly = {} if name == "beta" else {"periods_per_year": 252}
        window = {"window": 6, "min_periods": 5}
        return float(metrics.rolling(returns, measure, benchmark=benchmark, nan_policy="omit", **window, **yearly)[row])

    return compute
