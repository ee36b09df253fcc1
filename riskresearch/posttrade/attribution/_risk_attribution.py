"""Return effects and risk components of the same active weights, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from riskresearch.core._checks import check_choice, check_level
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import Groups, group_of_each
from riskresearch.core._labels import ColumnLabels
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import Panel, read_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels.attribution._active_effects import active_effects
from riskresearch.kernels.attribution._drawn_parts import drawn_components, drawn_effects
from riskresearch.kernels.inference._block_length import automatic_length
from riskresearch.kernels.inference._bootstrap import make_plan
from riskresearch.metrics.inference._bootstrap import Bootstrap, as_bootstrap
from riskresearch.portfolio._contributions import estimator, risk_contributions
from riskresearch.portfolio._groups import members_of
from riskresearch.portfolio._stress import historical_stress, is_daily
from riskresearch.portfolio._stress_episodes import EPISODES
from riskresearch.posttrade.attribution._active_weights import WeightedAssets, weighted_assets
from riskresearch.posttrade.attribution._risk_result import CASH, TOTAL, RiskAttribution

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy
    from riskresearch.portfolio._stress_result import StressTest

WEIGHTS_OF = ("latest", "average")
METHODS = ("historical", "normal", "student_t")
MEASURES = ("volatility", "value_at_risk", "conditional_value_at_risk")
CASH_IS_NOTHING = 1e-12
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
    confidence: float | Bootstrap | None = None,
    episodes: str | Sequence[str] | None = None,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> RiskAttribution:
    """Put what active weights earned beside the risk that they are, by group and by asset.

    Parameters
    ----------
    weights : DataFrame, mapping or Series
        Weights at the beginning of each row's period, (rows, assets), or constant; the rest is cash.
    benchmark_weights : DataFrame, mapping or Series, optional
        Those of the benchmark; None compares with cash. An asset that one of them lacks has a weight of 0 there.
    returns : DataFrame or 2-D array, shape (rows, assets)
        Simple returns per period.
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
    confidence : float or Bootstrap, optional
        Adds intervals of effects and components by a block bootstrap of rows.
    episodes : str or sequence of str, optional
        Names for `historical_stress`; None applies those that daily returns cover.
    periods_per_year : float, optional
        Rows that make a year, for the tracking error; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        "omit" leaves out rows on which an asset with a weight is missing.

    Returns
    -------
    RiskAttribution
        Effects sum to the active return, components to tracking error, VaR and CVaR of the active weights.

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
    ([0.006, -0.002], 0.0)
    """
    check_level(level)
    check_choice(method, METHODS, name="method")
    check_choice(weights_of, WEIGHTS_OF, name="weights_of")
    book = weighted_assets(returns, weights, benchmark_weights, nan_policy=nan_policy)
    periods = resolve_periods_per_year(periods_per_year, book.panel.dates)
    settings = _Settings(level, method, bandwidth, periods)
    known = np.flatnonzero(book.known)
    if known.size < 2:
        raise InvalidInputError(f"returns needs at least 2 rows with all weights and returns, got {known.size}.")
    active = book.active[known]
    chosen = _chosen(active, weights_of)
    cash = -active.sum(axis=1)
    with_cash = bool((np.abs(cash) > CASH_IS_NOTHING).any())
    effects = active_effects(book.weights[known], book.benchmark[known], book.returns[known])
    effects = effects if with_cash else effects[:, :-1]
    values = _complete(book, chosen)
    panel = Panel("returns", values, ColumnLabels(values.shape, book.assets), has_nan=False, min_rows=2)
    parts = [_components(panel, chosen, measure, settings) for measure in MEASURES]
    parts[0] = parts[0] * periods**0.5
    group_of = _groups(groups, book.assets)
    lower, upper, seed = _intervals(effects, panel, chosen, group_of, settings, confidence)
    return RiskAttribution(
        assets=book.assets,
        groups=group_of,
        active_weights=tuple(chosen.tolist()),
        effect=tuple(effects.sum(axis=0)[: len(book.assets)].tolist()),
        tracking_error=tuple(parts[0].tolist()),
        value_at_risk=tuple(parts[1].tolist()),
        conditional_value_at_risk=tuple(parts[2].tolist()),
        cash_weight=float(cash[-1] if weights_of == "latest" else cash.mean()) if with_cash else 0.0,
        cash_effect=float(effects[:, -1].sum()) if with_cash else None,
        lower=lower,
        upper=upper,
        episodes=_episodes(book, chosen, episodes),
        weights_of=weights_of,
        has_benchmark=benchmark_weights is not None,
        method=method,
        level=level,
        bandwidth=bandwidth,
        observations=known.size,
        left_out=book.returns.shape[0] - known.size,
        risk_rows=values.shape[0],
        periods_per_year=periods,
        confidence=None if confidence is None else as_bootstrap(confidence).confidence,
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


def _groups(groups: Groups | None, assets: tuple[str, ...]) -> tuple[str, ...]:
    group_of = () if groups is None else group_of_each(groups, assets)
    what = "returns must have assets" if groups is None else "groups must have names"
    for name in (CASH, TOTAL):
        if name in (group_of or assets):
            raise InvalidInputError(f"{what} other than {name!r}, which is a row of the result. Rename it.")
    return group_of


def _complete(book: WeightedAssets, chosen: FloatVector) -> FloatMatrix:
    """Return the returns on the rows on which every asset with an active weight has one, others as zero."""
    values = np.where(chosen == 0.0, 0.0, book.returns)
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
    asked = as_bootstrap(confidence)
    if asked.resampling == "filtered" or asked.method not in (None, "percentile"):
        raise InvalidInputError(
            "confidence must be a probability or a Bootstrap of blocks with percentile bounds, got "
            f"{asked!r}: components are of several series."
        )
    seed, resampling = asked.seed(), asked.resampling or "stationary"
    values, assets = panel.values, panel.labels.columns
    members = _members(group_of or assets, cash=effects.shape[1] > len(assets))
    plans = [
        make_plan(each.size, asked.draws, resampling, asked.block_length or automatic_length(each, resampling), seed)
        for each in (effects.sum(axis=1), values @ chosen)
    ]
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
    of_risk = drawn_components(values, chosen, risks, members[: len(assets)], plans[1])
    of_risk[:, 0] *= settings.periods**0.5
    drawn = np.concatenate([drawn_effects(effects, members, plans[0])[:, None], of_risk], axis=1)
    bounds = [0.5 - 0.5 * asked.confidence, 0.5 + 0.5 * asked.confidence]
    lower, upper = np.quantile(drawn, bounds, axis=0)
    return tuple(map(tuple, lower.tolist())), tuple(map(tuple, upper.tolist())), seed


def _members(group_of: tuple[str, ...], *, cash: bool) -> FloatMatrix:
    """Return which asset, and cash last, is in which group, and all in the total, shape (assets, groups + 1)."""
    groups = members_of((*group_of, CASH) if cash else group_of)
    result = np.zeros((len(group_of) + cash, len(groups) + 1))
    for place, assets in enumerate(groups.values()):
        result[assets, place] = 1.0
    result[:, -1] = 1.0
    return result


def _episodes(book: WeightedAssets, chosen: FloatVector, asked: str | Sequence[str] | None) -> StressTest | None:
    """Return the active weights in the episodes that are asked for, or that daily returns cover."""
    if asked is None:
        if not is_daily(book.panel):
            return None
        dates: Any = book.panel.dates
        asked = [
            each.name
            for each in EPISODES
            if dates[0] <= np.datetime64(each.start) and np.datetime64(each.end) <= dates[-1]
        ]
        if not asked:
            return None
    held = np.where(chosen == 0.0, 0.0, book.returns)
    checked: Any = read_panel(book.panel.labels.frame(held, book.assets), nan_policy="omit")
    return historical_stress(checked, chosen, episodes=asked)
