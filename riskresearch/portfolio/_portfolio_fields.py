"""The fields of `PortfolioRiskMetrics`, each from the function that defines it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import (
    column_labels,
    column_numbers,
    refuse_ruin,
    risk_free_vector,
    same_rows,
)
from riskresearch.core._checks import check_level
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import Groups, group_of_each
from riskresearch.core._labels import ColumnLabels, comparable_dates, show_instant
from riskresearch.core._panel import Panel, ValidatedPanel, as_panel, only_column
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._plausibility import check_gross
from riskresearch.core._weights import held_columns
from riskresearch.kernels._contributions import portfolio_series
from riskresearch.metrics._calculator import RiskMetricsCalculator
from riskresearch.portfolio._contributions import risk_contributions
from riskresearch.portfolio._diversification import diversification_ratio, effective_number_of_bets, herfindahl_index
from riskresearch.portfolio._stress import historical_stress, is_daily

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data, FloatVector, NanPolicy
    from riskresearch.metrics._summary import RiskSummary
    from riskresearch.metrics.inference._bootstrap import Bootstrap
    from riskresearch.metrics.inference._interval import Interval

HEADLINE = (
    "annual_return", "volatility", "sharpe_ratio", "sortino_ratio", "calmar_ratio", "value_at_risk",
    "conditional_value_at_risk", "max_drawdown",
)  # fmt: skip
AGAINST_BENCHMARK = ("beta", "alpha", "tracking_error", "information_ratio")


def portfolio_fields(
    returns: Data,
    weights: Mapping[str, float] | Data,
    *,
    benchmark: Data | None,
    factors: Data | None,
    groups: Groups | None,
    bandwidth: float | None,
    level: float,
    risk_free: float | Data,
    periods_per_year: float | None,
    interval: float | Bootstrap | None,
    nan_policy: NanPolicy,
) -> dict[str, Any]:
    """Return the fields of `PortfolioRiskMetrics`."""
    confidence_level = check_level(level)
    panel = as_panel(held_columns(returns, weights), nan_policy=nan_policy, min_rows=2)
    vector = column_numbers(weights, panel, name="weights")
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    market = None if benchmark is None else same_rows(benchmark, panel, name="benchmark", nan_policy=nan_policy)
    keep = _complete(panel, rates, market)
    own: Any = _rows(panel, keep)
    series = portfolio_series(own.values, vector)
    refuse_ruin(series, panel, keep)
    check_gross(float(np.abs(vector).sum()), name="weights")
    known_rates: Any = as_panel(rates[keep], name="risk_free", holds="numbers")  # checked against the year above
    calculator = RiskMetricsCalculator(
        series,
        None if market is None else only_column(market.values)[keep],
        level=confidence_level,
        risk_free=known_rates,
        periods_per_year=periods,
    )
    whole: Any = panel
    others = None if factors is None else _rows(_over_the_dates(factors, panel), keep)
    sectors = None if groups is None else group_of_each(groups, column_labels(panel))
    shared: Any = {"weights": vector, "factors": others, "groups": sectors}
    tail: Any = {**shared, "level": confidence_level}
    return {
        "assets": column_labels(panel),
        "weights": tuple(vector.tolist()),
        "headline": replace(_dated(calculator.summary(), panel, keep), nan_policy=nan_policy),
        "intervals": () if interval is None else _intervals(calculator, interval),
        "volatility": risk_contributions(own, measure="volatility", **shared),
        "value_at_risk": risk_contributions(own, measure="value_at_risk", bandwidth=bandwidth, **tail),
        "conditional_value_at_risk": risk_contributions(own, **tail),
        "diversification_ratio": diversification_ratio(own, weights=vector),
        "effective_number_of_bets": _effective_bets(own, vector),
        "herfindahl_index": herfindahl_index(vector),
        "stress": historical_stress(whole, weights=vector, factors=factors) if is_daily(panel) else None,
        "groups": sectors or (),
    }


def _complete(panel: Panel, rates: FloatVector, market: Panel | None) -> npt.NDArray[np.bool_]:
    """Return which rows are complete, at least two."""
    keep: npt.NDArray[np.bool_] = np.asarray(~np.isnan(panel.values).any(axis=1) & ~np.isnan(rates))
    if market is not None:
        keep = keep & ~np.isnan(market.values).any(axis=1)
    if keep.sum() < panel.min_rows:
        raise InvalidInputError(
            f"returns needs at least {panel.min_rows} rows on which every column has a value, got {keep.sum()}."
        )
    return keep


def _rows(panel: Panel, keep: npt.NDArray[np.bool_]) -> ValidatedPanel:
    values = panel.values[keep]
    labels = ColumnLabels((values.shape[0], values.shape[1]), panel.labels.columns)
    return ValidatedPanel(panel.name, values, labels, has_nan=False, min_rows=panel.min_rows)


def _over_the_dates(factors: Data, panel: Panel) -> Panel:
    """Return the factors over the rows of `panel`; dated factors may have more dates, for stress episodes."""
    given = as_panel(factors, name="factors", nan_policy=panel.nan_policy)
    if given.dates is None or panel.dates is None:
        return same_rows(factors, panel, name="factors", nan_policy=panel.nan_policy)
    theirs, ours = comparable_dates(given.labels, panel.labels, name="factors", beside="returns")
    inside = np.isin(theirs, ours)
    if inside.sum() < len(ours):
        first = show_instant(panel.labels, np.setdiff1d(ours, theirs)[0])
        remedy = " pair = riskresearch.align(returns, factors) puts both on their common rows." if inside.any() else ""
        raise InvalidInputError(f"factors must have every date of returns, but {first} is in returns only.{remedy}")
    return _rows(given, inside)


def _dated(summary: RiskSummary, panel: Panel, keep: npt.NDArray[np.bool_]) -> RiskSummary:
    named = replace(summary, assets=("portfolio",))
    if panel.dates is None:
        return named
    dates = panel.dates[keep]
    return replace(named, start=dates[0], end=dates[-1])


def _intervals(calculator: RiskMetricsCalculator, interval: float | Bootstrap) -> tuple[Interval, ...]:
    names = (*HEADLINE, *(name for name in AGAINST_BENCHMARK if name in calculator.measures()))
    return tuple(getattr(calculator, name)(interval=interval) for name in names)


def _effective_bets(panel: Any, weights: FloatVector) -> float:
    try:
        return float(effective_number_of_bets(panel, weights=weights))
    except InvalidInputError:  # a singular covariance, or a portfolio that does not move: the numbers are valid
        return math.nan
