"""One published number, its source and the call that computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from riskresearch import metrics

Options: TypeAlias = dict[str, Any]

PA = "PerformanceAnalytics' stored examples (01a7766), Bacon's 24 months"
PA_EDHEC = "PerformanceAnalytics' stored examples (01a7766), EDHEC indices"
PA_SNAPSHOT = "PerformanceAnalytics' documentation of MSquared and its snapshots, Bacon's 24 months"
PA_OLD = "PerformanceAnalytics' older documentation of MSquared, Bacon's 24 months"
R_BACON = "R 4.2.2, bacon.R, Bacon's 24 months (Bacon 2008)"
R_MORE = "R 4.2.2, more_measures.R, Bacon's 24 months (Bacon 2008)"
R_EDHEC = "R 4.2.2, more_measures.R, EDHEC indices"
R_RELATIVE = "R 4.2.2, benchmark_relative.R"
STUDENT_T_TOLERANCE = 3e-4  # relative: the likelihood is flat at its maximum, R gives about 5 digits
INTEGRAL_TOLERANCE = 1e-8  # relative: R integrated numerically
TABLE_TOLERANCE = 5e-5  # tables printed with 4 decimals, trailing zeros included


@dataclass(frozen=True, slots=True)
class Case:
    """One published number and how to compute it."""

    measure: str
    options: str
    published: float
    compute: Callable[[], float]
    source: str
    tolerance: float | None = None
    """None for half a unit of the last printed digit."""
    differs: str = ""
    """Why ours is another number on purpose; empty where it must agree."""


def case(
    name: str,
    data: Any,
    published: Any,
    source: str,
    *,
    benchmark: Any = None,
    field: str = "",
    tolerance: float | None = None,
    differs: str = "",
    **options: Any,
) -> Case:
    """Return the case of the public measure `name` of `data`; with `field`, of the first entry of that field."""

    def compute() -> float:
        others = () if benchmark is None else (benchmark,)
        result = getattr(metrics, name)(data, *others, **options)
        return float(getattr(result, field)[0] if field else result)

    shown = {key: _shown(value) for key, value in options.items()}
    text = ", ".join([*(f"{key}={value}" for key, value in shown.items()), *([field] if field else [])])
    return Case(name, text, published, compute, source, tolerance, differs)


def _shown(value: Any) -> Any:
    """Return an option as the table shows it."""
    if np.ndim(value):
        return "a series"
    return f"{value:.6g}" if isinstance(value, float) else value
