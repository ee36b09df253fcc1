"""Bootstrap intervals of the headline numbers."""

import warnings
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from riskresearch import metrics
from riskresearch.core import ConventionWarning, DependentRowsWarning
from riskresearch.report._inputs import Inputs
from riskresearch.report._measures import MEASURES, words_of
from riskresearch.report._section import MIN_RETURNS

DRAWS = 1000
SEED = 0
BOUNDS = ["lower", "upper"]


def bootstrap_settings(confidence: float) -> metrics.Bootstrap:
    """Return the bootstrap of every interval in a report; its seed is fixed, so that the page is reproducible."""
    return metrics.Bootstrap(confidence, draws=DRAWS, rng=SEED)


class Bounds(NamedTuple):
    """The interval of one measure; NaN where there is none."""

    lower: float
    upper: float
    doubt: str = ""
    """Why the interval may be too short: the dependence of the rows, in words."""


NO_BOUNDS = Bounds(np.nan, np.nan)


def intervals(inputs: Inputs, own: metrics.RiskSummary, confidence: float) -> tuple[pd.DataFrame, str]:
    """Return the bounds of the headline numbers, NaN where there are none, and the reservations about them."""
    calculator = metrics.RiskMetricsCalculator(
        inputs.portfolio,
        inputs.benchmark,
        level=own.level,
        risk_free=own.risk_free,
        periods_per_year=own.periods_per_year,
    )
    words, how = words_of(own), bootstrap_settings(confidence)
    found = {
        measure.label.format(**words): bounds(calculator, inputs.portfolio, measure.field, how)
        for measure in MEASURES
        if getattr(own, measure.field) is not None
    }
    frame = pd.DataFrame.from_dict({label: each[:2] for label, each in found.items()}, orient="index", columns=BOUNDS)
    return frame.rename_axis("Measure"), _doubts({label: each.doubt for label, each in found.items() if each.doubt})


def _doubts(doubts: dict[str, str]) -> str:
    """Return in words which intervals may be too short, and why."""
    labels: dict[str, list[str]] = {}
    for label, doubt in doubts.items():
        labels.setdefault(doubt, []).append(label)
    return "".join(
        f" {doubt[0].upper()}{doubt[1:]}: these intervals may be too short: {', '.join(own)}."
        for doubt, own in labels.items()
    )


def bounds(
    calculator: metrics.RiskMetricsCalculator, portfolio: pd.Series, field: str, how: metrics.Bootstrap
) -> Bounds:
    """Return the bounds of one measure, and why they may be too close."""
    if len(portfolio) < MIN_RETURNS:
        return NO_BOUNDS
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("error", ConventionWarning)
        warnings.simplefilter("always", DependentRowsWarning)
        try:
            if field == "positive_share":
                found = metrics.bootstrap_interval(portfolio, measure=_positive_share, interval=how)
            elif field in calculator.measures():
                found = getattr(calculator, field)(interval=how)
            else:  # an extreme of the sample has no interval
                return NO_BOUNDS
        except ConventionWarning:  # draws without a value: too few returns for this measure
            return NO_BOUNDS
    doubts = [str(each.message) for each in caught if issubclass(each.category, DependentRowsWarning)]
    return Bounds(found.lower, found.upper, doubts[0].partition(": the interval")[0] if doubts else "")


def _positive_share(returns: Any) -> float:
    return float((returns > 0.0).mean())
