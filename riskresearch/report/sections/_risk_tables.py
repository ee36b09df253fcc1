"""The uncertainty of the headline numbers, whose risk it is, and what past crises would have done."""

import warnings
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from riskresearch import metrics, portfolio
from riskresearch.core import ConventionWarning, DependentRowsWarning
from riskresearch.report._inputs import Inputs
from riskresearch.report.sections._measures import MEASURES, words_of

DRAWS = 1000
SEED = 0
CONFIDENCE = 0.95
FEWEST_RETURNS = 30
MOST_DAYS_A_ROW = 4
BOUNDS = ["lower", "upper"]
SHOWN = (
    "weight",
    "volatility_share",
    "value_at_risk_share",
    "conditional_value_at_risk",
    "conditional_value_at_risk_share",
)


def settings(confidence: float) -> metrics.Bootstrap:
    """Return how the intervals of a report are made: the same each time."""
    return metrics.Bootstrap(confidence, draws=DRAWS, rng=SEED)


class Bounds(NamedTuple):
    """Of one measure; NaN where there is no interval."""

    lower: float
    upper: float
    doubt: str = ""
    """How the rows depend on one another, where the interval may be too short for it."""


NO_BOUNDS = Bounds(np.nan, np.nan)


def intervals(inputs: Inputs, own: metrics.RiskSummary, confidence: float) -> tuple[pd.DataFrame, str]:
    """Return lower and upper bound of the portfolio's headline numbers, NaN where there is none, and the doubts."""
    calculator = metrics.RiskMetricsCalculator(
        inputs.portfolio,
        inputs.benchmark,
        level=own.level,
        risk_free=own.risk_free,
        periods_per_year=own.periods_per_year,
    )
    words, how = words_of(own), settings(confidence)
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
    """Return lower and upper bound of one measure, and whether they may be too close."""
    if len(portfolio) < FEWEST_RETURNS:
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


def whose_risk(inputs: Inputs, own: metrics.RiskSummary) -> portfolio.PortfolioRiskMetrics | None:
    """Return the risk of the portfolio by asset, over the dates on which every asset has a return."""
    shares = inputs.weights
    if inputs.assets is None or shares is None or len(shares) < 2:
        return None
    complete = inputs.assets.dropna()
    if len(complete) < FEWEST_RETURNS:
        return None
    return portfolio.PortfolioRiskMetrics(
        shares,
        complete,
        factors=None if inputs.benchmark is None else _factor(inputs.benchmark, complete),
        level=own.level,
        periods_per_year=own.periods_per_year,
    )


def _factor(benchmark: pd.Series, complete: pd.DataFrame) -> pd.DataFrame | None:
    """Return the benchmark over the same dates, if it moves on them."""
    market = benchmark.loc[complete.index]
    return market.to_frame() if market.nunique() > 1 else None


def contributions(risk: portfolio.PortfolioRiskMetrics | None) -> pd.DataFrame:
    """Return weight, shares of the risk and incremental CVaR by asset, largest share of CVaR first."""
    if risk is None:
        return pd.DataFrame()
    frame = risk.contributions()[list(SHOWN)]
    frame["incremental"] = risk.conditional_value_at_risk.incremental
    return frame.sort_values("conditional_value_at_risk_share", ascending=False, kind="stable").rename_axis("Asset")


def diversification(risk: portfolio.PortfolioRiskMetrics | None) -> pd.Series:
    """Return in one number each how diverse the portfolio is, and the benchmark's share of its CVaR."""
    if risk is None:
        return pd.Series(dtype=float)
    tail = risk.conditional_value_at_risk
    numbers = {
        "observations": float(tail.observations),
        "total": tail.total,
        "diversification_ratio": risk.diversification_ratio,
        "effective_number_of_bets": risk.effective_number_of_bets,
        "effective_number_of_positions": 1.0 / risk.herfindahl_index if risk.herfindahl_index > 0.0 else np.nan,
    }
    if tail.factors and tail.total != 0.0:
        numbers["benchmark_share"] = tail.factor_component[0] / tail.total
    return pd.Series(numbers)


def stress(inputs: Inputs) -> pd.DataFrame:
    """Return the episodes with dates, what portfolio and benchmark would have returned, and from what that is known.

    Empty where the dates are not daily or no episode is known.
    """
    held, shares = inputs.assets, inputs.weights
    if held is None or shares is None:
        held, shares = inputs.portfolio.to_frame(), pd.Series([1.0], index=[str(inputs.portfolio.name)])
    days = float(np.median(np.diff(held.index.to_numpy()) / np.timedelta64(1, "D")))
    if days > MOST_DAYS_A_ROW:
        return pd.DataFrame()
    history = None if inputs.benchmark_history is None else inputs.benchmark_history.to_frame()
    found = portfolio.historical_stress(held, weights=shares, factors=history)
    frame = portfolio.stress_episodes()[["start", "end", "event"]]
    frame["portfolio"] = found.portfolio_returns
    frame["benchmark"] = np.nan
    if history is not None:
        frame["benchmark"] = portfolio.historical_stress(history, weights=[1.0]).portfolio_returns
    for source in ("returns", "betas", "unknown"):
        frame[source] = [row.count(source) for row in found.sources]
    return frame if frame["portfolio"].notna().any() else pd.DataFrame()
