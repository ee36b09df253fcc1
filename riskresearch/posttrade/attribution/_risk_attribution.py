"""Return effects and risk components of the same active weights, side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from riskresearch.core._arguments import check_confidence, column_labels
from riskresearch.core._checks import check_choice, check_level
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import Groups, group_of_each
from riskresearch.core._labels import ColumnLabels
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import Panel, read_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels.attribution._drawn_parts import drawn_components
from riskresearch.kernels.attribution._zero_test import zero_test
from riskresearch.kernels.inference._block_length import automatic_length
from riskresearch.kernels.inference._bootstrap import make_plan
from riskresearch.metrics.inference._bootstrap import Bootstrap, as_bootstrap
from riskresearch.portfolio._contributions import estimator, risk_contributions
from riskresearch.portfolio._groups import members_of
from riskresearch.portfolio._stress import historical_stress, is_daily
from riskresearch.portfolio._stress_episodes import EPISODES
from riskresearch.posttrade.attribution._brinson import brinson
from riskresearch.posttrade.attribution._hierarchy import ASSET
from riskresearch.posttrade.attribution._risk_result import TOTAL, RiskAttribution
from riskresearch.posttrade.attribution._zero_tests import FEWEST_ROWS, check_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from riskresearch.core._types import Data, FloatMatrix, FloatVector
    from riskresearch.portfolio._stress_result import StressTest
    from riskresearch.posttrade.attribution._attribution import Attribution

WEIGHTS_OF = ("latest", "average")
METHODS = ("historical", "normal", "student_t")
MEASURES = ("volatility", "value_at_risk", "conditional_value_at_risk")
LINKINGS = ("carino", "menchero", "grap", "frongello")
OTHER_NAMES = {
    **dict.fromkeys(("sectors", "sector", "by", "group"), "groups"),
    **dict.fromkeys(("benchmark", "active", "bench_weights"), "benchmark_weights"),
}


class _Settings(NamedTuple):
    """How risk is measured."""

    level: float
    method: Literal["historical", "normal", "student_t"]
    bandwidth: float | None
    periods: float


@answers_other_names(OTHER_NAMES, second="benchmark_weights")
def risk_attribution(
    weights: Mapping[str, float] | Data,
    benchmark_weights: Mapping[str, float] | Data | None,
    returns: Data,
    *,
    groups: Groups | None = None,
    level: float = 0.95,
    method: Literal["historical", "normal", "student_t"] = "historical",
    bandwidth: float | None = None,
    weights_of: Literal["latest", "average"] = "latest",
    weights_at: Literal["begin", "end"] = "begin",
    linking: Literal["carino", "menchero", "grap", "frongello"] = "carino",
    confidence: float | Bootstrap | None = None,
    episodes: str | Sequence[str] | None = None,
    periods_per_year: float | None = None,
) -> RiskAttribution:
    """Put what active weights earned beside the risk that they are, by group and by asset.

    Parameters
    ----------
    weights : DataFrame, mapping or Series
        Weights with which each row of `returns` began, or constant ones, as for `brinson`; the rest to 1 is cash.
    benchmark_weights : DataFrame, mapping or Series, optional
        Those of the benchmark; None compares with cash. An asset that one of them lacks has a weight of 0 there.
    returns : DataFrame or 2-D array, shape (rows, assets)
        Simple returns per period, known where a weight is not 0.
    groups : mapping, Series or list, optional
        Group of each asset, as for `risk_contributions`.
    level : float
        Confidence level of VaR and CVaR, in (0.5, 1).
    method : {"historical", "normal", "student_t"}
        Estimator of VaR and CVaR, as for `risk_contributions`.
    bandwidth : float, optional
        Smooths the historical VaR over order statistics within this distance in probability.
    weights_of : {"latest", "average"}
        Which active weights the risk is of: those of the last row, or their mean over rows.
    weights_at : {"begin", "end"}
        "end" for weights after each row, such as `Backtest.weights`: they earn the next one.
    linking : {"carino", "menchero", "grap", "frongello"}
        How effects of rows are combined, as for `brinson`.
    confidence : float or Bootstrap, optional
        Adds intervals of effects and components by a block bootstrap of rows.
    episodes : str or sequence of str, optional
        Names for `historical_stress`; None applies those that daily returns cover.
    periods_per_year : float, optional
        Rows that make a year, for the tracking error; None reads it off the dates.

    Returns
    -------
    RiskAttribution
        Effects sum to the excess return, components to tracking error, VaR and CVaR of the active weights.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    Examples
    --------
    >>> import riskresearch
    >>> returns = [[0.02, 0.01], [-0.03, -0.01], [0.01, 0.02], [0.0, -0.02]]
    >>> result = riskresearch.posttrade.risk_attribution([0.7, 0.3], [0.5, 0.5], returns, level=0.75)
    >>> [round(part, 6) for part in result.conditional_value_at_risk], round(sum(result.effect), 6)
    ([0.006, -0.002], -6.2e-05)
    """
    check_level(level)
    check_choice(method, METHODS, name="method")
    check_choice(weights_of, WEIGHTS_OF, name="weights_of")
    check_choice(linking, LINKINGS, name="linking")
    if confidence is not None and not isinstance(confidence, Bootstrap):
        check_confidence(confidence)
    panel = read_panel(returns, nan_policy="omit")
    columns = column_labels(panel)
    against = np.zeros(len(columns)) if benchmark_weights is None else benchmark_weights
    found = brinson(weights, against, returns, linking=linking, weights_at=weights_at)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    settings = _Settings(level, method, bandwidth, periods)
    bottom = found.levels[-1]
    active = bottom.weights - bottom.benchmark_weights
    chosen = _chosen(active, weights_of)
    effects = found.to_frame(ASSET, "period_and_group")["total"].to_numpy().reshape(active.shape)
    held = np.column_stack([panel.values, np.zeros((panel.values.shape[0], chosen.size - len(columns)))])
    values = _complete(held, chosen)
    rows = Panel("returns", values, ColumnLabels(values.shape, found.assets), has_nan=False, min_rows=2)
    parts = [_components(rows, chosen, measure, settings) for measure in MEASURES]
    parts[0] = parts[0] * periods**0.5
    group_of = _groups(groups, found, columns)
    lower, upper, seed = _intervals(effects, rows, chosen, group_of, settings, confidence)
    return RiskAttribution(
        assets=found.assets,
        groups=group_of,
        active_weights=tuple(chosen.tolist()),
        effect=tuple(effects.sum(axis=0).tolist()),
        tracking_error=tuple(parts[0].tolist()),
        value_at_risk=tuple(parts[1].tolist()),
        conditional_value_at_risk=tuple(parts[2].tolist()),
        lower=lower,
        upper=upper,
        episodes=_episodes(panel, held, found.assets, chosen, episodes),
        excess_return=found.excess_return,
        linking=linking,
        notes=found.notes,
        weights_of=weights_of,
        has_benchmark=benchmark_weights is not None,
        method=method,
        level=level,
        bandwidth=bandwidth,
        observations=active.shape[0],
        risk_rows=values.shape[0],
        periods_per_year=periods,
        confidence=None if confidence is None else as_bootstrap(confidence, name="confidence").confidence,
        seed=seed,
    )


def _chosen(active: FloatMatrix, weights_of: str) -> FloatVector:
    chosen: FloatVector = active[-1] if weights_of == "latest" else active.mean(axis=0)
    if not np.any(chosen):
        other = "average" if weights_of == "latest" else "latest"
        raise InvalidInputError(
            f"weights must differ from benchmark_weights for a risk, but the {weights_of} active weights are all zero. "
            f'Pass weights_of="{other}" for the risk of the {other} ones.'
        )
    return chosen


def _groups(groups: Groups | None, found: Attribution, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the group of each asset; cash, where it is no column of returns, is a group of its own."""
    group_of = () if groups is None else (*group_of_each(groups, columns), *found.assets[len(columns) :])
    if TOTAL in (group_of or found.assets):
        what = "returns must have assets" if groups is None else "groups must have names"
        raise InvalidInputError(f"{what} other than {TOTAL!r}, which is a row of the result. Rename it.")
    return group_of


def _complete(held: FloatMatrix, chosen: FloatVector) -> FloatMatrix:
    """Return the returns on the rows on which every asset with an active weight has one, others as zero."""
    values = np.where(chosen == 0.0, 0.0, held)
    rows: FloatMatrix = values[~np.isnan(values).any(axis=1)]
    if rows.shape[0] < 2:
        raise InvalidInputError(
            f"returns needs at least 2 rows on which every asset with an active weight has a value, got "
            f"{rows.shape[0]}."
        )
    return rows


def _components(panel: Panel, chosen: FloatVector, measure: Any, settings: _Settings) -> FloatVector:
    """Return the Euler components of one risk of constant weights."""
    own = measure != "volatility"
    checked: Any = panel
    found = risk_contributions(
        checked,
        chosen,
        measure=measure,
        method=settings.method if own else "historical",
        level=settings.level,
        bandwidth=settings.bandwidth if measure == "value_at_risk" else None,
    )
    return np.array(found.component)


def _intervals(
    effects: FloatMatrix,
    panel: Panel,
    chosen: FloatVector,
    group_of: tuple[str, ...],
    settings: _Settings,
    confidence: float | Bootstrap | None,
) -> tuple[tuple[tuple[float, ...], ...], tuple[tuple[float, ...], ...], int | None]:
    """Return lower and upper bounds of effect, tracking error, VaR and CVaR by row of the result's table."""
    if confidence is None:
        return (), (), None
    asked = check_settings(as_bootstrap(confidence, name="confidence"))
    seed, resampling = asked.seed(), asked.resampling or "stationary"
    values, members = panel.values, _members(group_of or panel.labels.columns)
    series = values @ chosen
    length = asked.block_length or automatic_length(series, resampling)
    plan = make_plan(series.size, asked.draws, resampling, length, seed)
    risks = [
        estimator(
            values,
            panel,
            measure,
            settings.method if measure != "volatility" else "historical",
            settings.level,
            None,
            settings.bandwidth if measure == "value_at_risk" else None,
        )
        for measure in MEASURES
    ]
    drawn = drawn_components(values, chosen, risks, members, plan)
    drawn[:, 0] *= settings.periods**0.5
    lower, upper = np.quantile(drawn, [0.5 - 0.5 * asked.confidence, 0.5 + 0.5 * asked.confidence], axis=0)
    tested = [
        zero_test(column, asked.confidence, asked.draws, resampling, asked.block_length, seed)[1:3]
        if column.size >= FEWEST_ROWS
        else (math.nan, math.nan)
        for column in (effects @ members).T
    ]
    lower, upper = (
        np.vstack([of_effects, of_risk]) for of_effects, of_risk in zip(np.array(tested).T, (lower, upper), strict=True)
    )
    return tuple(map(tuple, lower.tolist())), tuple(map(tuple, upper.tolist())), seed


def _members(group_of: tuple[str, ...]) -> FloatMatrix:
    """Return which asset is in which group, and all in the total, shape (assets, groups + 1)."""
    groups = members_of(group_of)
    result = np.zeros((len(group_of), len(groups) + 1))
    for place, assets in enumerate(groups.values()):
        result[assets, place] = 1.0
    result[:, -1] = 1.0
    return result


def _episodes(
    panel: Panel, held: FloatMatrix, assets: tuple[str, ...], chosen: FloatVector, asked: str | Sequence[str] | None
) -> StressTest | None:
    """Return the active weights in the episodes that are asked for, or that daily returns cover."""
    if asked is None:
        if not is_daily(panel):
            return None
        dates: Any = panel.dates
        asked = [
            each.name
            for each in EPISODES
            if dates[0] <= np.datetime64(each.start) and np.datetime64(each.end) <= dates[-1]
        ]
        if not asked:
            return None
    frame = panel.labels.frame(np.where(chosen == 0.0, 0.0, held), assets)
    checked: Any = read_panel(frame, nan_policy="omit")
    return historical_stress(checked, chosen, episodes=asked)
