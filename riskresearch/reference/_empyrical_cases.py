"""Cases of the tables in empyrical's own tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from riskresearch import metrics
from riskresearch.core._calendar_periods import DayOrPeriod
from riskresearch.reference._case import Case, case

SOURCE = "empyrical 0.5.5, tests/test_stats.py"
MIXED = np.array([0.0, 1.0, 10.0, -4.0, 2.0, 3.0, 2.0, 1.0, -10.0]) / 100.0
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


def empyrical_cases() -> Iterator[Case]:
    """Yield the stability and the compounded returns of nine rows."""
    yield case("stability", MIXED[1:], 0.1529973665111273, SOURCE)
    yield case("stability", np.full(9, 0.01), 1.0, SOURCE)
    for frequency, to, published in AGGREGATED:
        for number, value in enumerate(published):
            shown = f"to={to}, rows by {frequency}, period {number + 1}"
            yield Case("aggregate_returns", shown, value, _compounded(frequency, to, number), SOURCE)


def _compounded(frequency: str, to: DayOrPeriod, number: int) -> Callable[[], float]:
    def compute() -> float:
        import pandas as pd  # noqa: PLC0415 (only dated returns have calendar periods)

        values = BENCHMARK if frequency == "D" else MIXED
        dated = pd.Series(values, index=pd.date_range("2000-01-30", periods=9, freq=frequency))
        return float(metrics.aggregate_returns(dated, to=to).iloc[number])

    return compute
