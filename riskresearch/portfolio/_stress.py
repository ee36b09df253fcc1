"""Historical stress tests of a portfolio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._arguments import column_labels
from riskresearch.core._checks import check_choice, is_single
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import comparable_dates
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._plausibility import warn_user
from riskresearch.core._weights import weighted_panel
from riskresearch.portfolio._stress_episodes import EPISODES, Episode
from riskresearch.portfolio._stress_result import StressTest

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data, FloatMatrix, FloatVector

MAX_DAYS_A_ROW = 4
USUALLY = 0.75
"""Share of the weeks with a row on a weekday; higher than for a weekday that appears only in summer or winter time."""
OWN_DATES = (
    "Dates of your own need no function: (1.0 + returns.loc[start:end]).prod() - 1.0 are returns of the assets, which "
    '`hypothetical_stress(returns, weights, shocks=..., propagate="none")` has as shocks.'
)
OTHER_NAMES = {
    **dict.fromkeys(("scenarios", "scenario", "episode", "period", "periods", "year"), "episodes"),
    **dict.fromkeys(("start", "end", "dates", "start_date", "end_date"), OWN_DATES),
}
MOST_HOLIDAYS = 0.1  # of the days of an episode: Tokyo had 11 of 126 from September 2008 to March 2009


@answers_other_names(OTHER_NAMES, second="episodes")
def historical_stress(
    returns: Data,
    weights: Mapping[str, float] | Data,
    *,
    factors: Data | None = None,
    episodes: str | Sequence[str] | None = None,
) -> StressTest:
    """Return the returns of the portfolio in historical episodes.

    Parameters
    ----------
    returns : DataFrame, shape (rows, assets)
        Dated simple returns, daily or finer; gaps are allowed.
    weights : mapping, Series or array, shape (assets,)
        Fractions of net asset value, bought before the episode and held; the rest is cash.
        A column that a mapping or Series does not name leaves the portfolio, with a warning.
    factors : Series or DataFrame, optional
        Dated factor returns. An asset without returns on every row of an episode moves by its betas times the factors'
        compound returns; the betas are one regression with intercept over all dates that asset and factors share.
    episodes : sequence of str, optional
        Names from `stress_episodes()`, or the years that they begin with, such as "2008"; all by default.

    Returns
    -------
    StressTest
        "returns", "betas" or "unknown" for each asset and episode; the portfolio is nan where a held asset is unknown.
        An episode with no row on more than a tenth of its days is unknown and warns.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or returns have no dates.

    Examples
    --------
    >>> import riskresearch
    >>> index = riskresearch.datasets.load("index_sp500")[["close"]]
    >>> returns = riskresearch.simple_returns(index)
    >>> result = riskresearch.portfolio.historical_stress(returns, weights=[1.0], episodes=["1987 crash"])
    >>> round(result.portfolio_returns[0], 4)
    -0.2851
    """
    panel, vector = weighted_panel(returns, weights, nan_policy="omit")
    chosen = _chosen(episodes)
    daily = _daily(panel)
    market = None if factors is None else _daily(as_panel(factors, name="factors", nan_policy="omit"))
    betas = None if market is None else _betas_over_common_dates(panel, market.panel)
    rows = [_apply(episode, daily, market, betas) for episode in chosen]
    return StressTest(
        scenarios=tuple(episode.name for episode in chosen),
        assets=column_labels(panel),
        weights=tuple(vector.tolist()),
        asset_returns=tuple(tuple(moves.tolist()) for moves, _ in rows),
        sources=tuple(sources for _, sources in rows),
    )


def _chosen(episodes: str | Sequence[str] | None) -> list[Episode]:
    known = {episode.name: episode for episode in EPISODES}
    if episodes is None:
        return list(EPISODES)
    names: list[Any] = [episodes] if is_single(episodes) else list(episodes)
    years = {name[:4]: name for name in known}
    names = [years.get(str(name), name) for name in names]
    return [known[check_choice(name, tuple(known), name="episodes")] for name in names]


def _check_daily(panel: Panel) -> None:
    if panel.dates is None:
        raise InvalidInputError(f"{panel.name} must have dates for historical episodes.")
    days = _days_a_row(panel.dates)
    if days > MAX_DAYS_A_ROW:
        raise InvalidInputError(
            f"{panel.name} must be daily or finer for historical episodes, got one row in {days:g} days."
        )


def is_daily(panel: Panel) -> bool:
    """Return whether the rows have dates that are daily or finer."""
    return panel.dates is not None and _days_a_row(panel.dates) <= MAX_DAYS_A_ROW


def _days_a_row(dates: Any) -> float:
    return float(np.median(np.diff(dates) / np.timedelta64(1, "D"))) if len(dates) > 1 else 0.0


class _Daily(NamedTuple):
    """Returns, the day of each row, and on which days rows usually come."""

    panel: Panel
    days: npt.NDArray[np.datetime64]
    present: npt.NDArray[np.datetime64]
    """Days with a row, each once."""
    usual: npt.NDArray[np.bool_]
    """Whether a weekday usually has a row, Monday first."""


def _daily(panel: Panel) -> _Daily:
    _check_daily(panel)
    dates: Any = panel.dates
    days = dates.astype("datetime64[D]")
    weeks = max(1.0, float((days[-1] - days[0]) / np.timedelta64(7, "D")))
    present = days[np.concatenate(([True], days[1:] != days[:-1]))]  # they ascend
    return _Daily(panel, days, present, np.bincount(_weekdays(present), minlength=7) >= USUALLY * weeks)


def _weekdays(days: Any) -> Any:
    return (days.astype(np.int64) + 3) % 7  # 0 is a Monday


def _inside(episode: Episode, daily: _Daily) -> slice | None:
    """Return which rows lie in the episode, or None if more of its days are missing than holidays explain."""
    first, last = np.datetime64(episode.start), np.datetime64(episode.end)
    if daily.days[0] > first or daily.days[-1] < last:
        return None
    asked, lacked = _days_lacked(daily, first, last)
    if lacked > MOST_HOLIDAYS * asked:
        warn_user(
            f"{daily.panel.name} lacks {lacked} of the {asked} days of {episode.name!r}, {episode.start} to "
            f"{episode.end}: the move over them is unknown. Pass the returns of every day, missing ones as nan.",
            topic=f"days of {episode.name}",
        )
        return None
    begin, end = np.searchsorted(daily.days, [first, last + 1])
    return slice(int(begin), int(end))


def _days_lacked(daily: _Daily, first: np.datetime64, last: np.datetime64) -> tuple[int, int]:
    """Return the number of days from first to last on weekdays that usually have a row, and of those without one."""
    asked = np.arange(first, last + 1)
    asked = asked[daily.usual[_weekdays(asked)]]
    begin, end = np.searchsorted(daily.present, [first, last + 1])
    there = daily.usual[_weekdays(daily.present[begin:end])].sum()
    return max(1, asked.size), asked.size - int(there) if asked.size else 1


def _compound(episode: Episode, daily: _Daily) -> FloatVector:
    """Return the compound return of each column over the episode, nan where it is incomplete."""
    rows = _inside(episode, daily)
    if rows is None:
        return np.full(daily.panel.values.shape[1], np.nan)
    total: FloatVector = np.prod(1.0 + daily.panel.values[rows], axis=0) - 1.0
    return total


def _apply(
    episode: Episode, daily: _Daily, market: _Daily | None, betas: FloatMatrix | None
) -> tuple[FloatVector, tuple[str, ...]]:
    moves = _compound(episode, daily)
    sources = np.where(np.isnan(moves), "unknown", "returns")
    if market is not None and betas is not None:
        implied = betas @ _compound(episode, market)
        replaced = np.isnan(moves) & ~np.isnan(implied)
        moves, sources = np.where(replaced, implied, moves), np.where(replaced, "betas", sources)
    return moves, tuple(map(str, sources))


def _betas_over_common_dates(panel: Panel, market: Panel) -> FloatMatrix:
    """Return betas, shape (assets, factors), nan for an asset with too few common rows."""
    others, dates = comparable_dates(market.labels, panel.labels, name=market.name, beside=panel.name)
    _, ours, theirs = np.intersect1d(dates, others, return_indices=True)
    values, design = panel.values[ours], np.column_stack([np.ones(len(theirs)), market.values[theirs]])
    result = np.full((values.shape[1], market.values.shape[1]), np.nan)
    for asset in range(values.shape[1]):
        keep = ~np.isnan(values[:, asset]) & ~np.isnan(design).any(axis=1)
        if keep.sum() > design.shape[1]:
            solution, _, rank, _ = np.linalg.lstsq(design[keep], values[keep, asset], rcond=None)
            if rank == design.shape[1]:
                result[asset] = solution[1:]
    return result
