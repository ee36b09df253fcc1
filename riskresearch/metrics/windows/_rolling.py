"""Any measure of a moving window: the value after each row is the measure of the last `window` rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from riskresearch.core._arguments import aligned_vector, compounding_panel, required_rates, risk_free_vector
from riskresearch.core._checks import check_count, check_level
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels import _rolling
from riskresearch.kernels._rolling import EXPANDING, MOMENTS, PAIRS, SHAPES, TAILS, Recipe
from riskresearch.metrics.windows._windowed import Windowed, check_options, windowed

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, Holds, Labelled, NanPolicy, OverTime

SAMPLE_ROWS = 256
"""Rows that are checked for sizes that no return has; either all rows of a series have them or none."""


@overload
def rolling(
    returns: Labelled,
    measure: str | Callable[..., Any],
    *,
    window: int | None,
    min_periods: int | None = None,
    level: float = 0.95,
    benchmark: Data | None = None,
    risk_free: float | Data = 0.0,
    required_return: float | Data = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> Labelled: ...
@overload
def rolling(
    returns: Data,
    measure: str | Callable[..., Any],
    *,
    window: int | None,
    min_periods: int | None = None,
    level: float = 0.95,
    benchmark: Data | None = None,
    risk_free: float | Data = 0.0,
    required_return: float | Data = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime: ...
@answers_other_names()
def rolling(
    returns: Data,
    measure: str | Callable[..., Any],
    *,
    window: int | None,
    min_periods: int | None = None,
    level: float = 0.95,
    benchmark: Data | None = None,
    risk_free: float | Data = 0.0,
    required_return: float | Data = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return a measure of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    measure : str or function
        Any public measure of one number per column, or its name; functools.partial gives it further options, as in
        partial(value_at_risk, method="normal"). "mean", or a function of your own: of the values of one column in the
        window, a 1-D array without gaps, that returns a number.
    window : int or None
        Number of rows; None for all rows so far.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`, or with window=None for the
        fewest that the measure needs.
    level : float
        Confidence level in (0.5, 1) of a measure that has one.
    benchmark : Series or 1-D array, optional
        For measures against a benchmark, on the same dates.
    risk_free, required_return, periods_per_year : optional
        As in the measure, if it has them; rates in a Series have the dates of `returns`.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    same type as `returns`
        nan where the window has fewer than `min_periods` values. Each value has the bits of the measure of the
        window's rows. Mean, volatility, Sharpe and Sortino ratio, skewness, kurtosis, alpha, beta, correlation and
        maximum drawdown come from a recursion, within a few units of the last place.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, is not for this measure, or there are too few rows.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.rolling([0.1, -0.2, 0.05, 0.3], "max_drawdown", window=2).round(6)
    array([nan, 0.2, 0.2, 0. ])
    """
    options: dict[str, Any] = {
        "level": level, "risk_free": risk_free, "required_return": required_return,
        "periods_per_year": periods_per_year, "benchmark": benchmark,
    }  # fmt: skip
    chosen = windowed(measure)
    check_level(level)
    check_options(chosen, options)
    panel, results = rolled(chosen, returns, window=window, min_periods=min_periods, nan_policy=nan_policy, **options)
    return panel.labels.over_time(results[0])


def checked_window(chosen: Windowed, window: int | None, min_periods: int | None) -> tuple[int, int]:
    """Return the window and the fewest values in it."""
    least = chosen.min_rows
    rows = EXPANDING if window is None else check_count(window, name="window", minimum=least)
    if min_periods is None:
        return rows, least if window is None else rows
    minimum = check_count(min_periods, name="min_periods", minimum=least)
    if minimum > rows:
        raise InvalidInputError(f"min_periods must be at most window={rows}, got {minimum}.")
    return rows, minimum


def rolled(
    chosen: Windowed,
    returns: Data,
    *,
    window: int | None,
    min_periods: int | None,
    nan_policy: NanPolicy,
    level: float = 0.95,
    benchmark: Data | None = None,
    risk_free: float | Data = 0.0,
    required_return: float | Data = 0.0,
    periods_per_year: float | None = None,
) -> tuple[Panel, list[FloatMatrix]]:
    """Return the panel and the answers over its rows: one matrix, or two for "tail_risk"."""
    rows, minimum = checked_window(chosen, window, min_periods)
    confidence = check_level(level)
    panel = _panel(chosen, returns, nan_policy)
    if panel.values.shape[0] < minimum:
        word = "window" if min_periods is None and window is not None else "min_periods"
        raise InvalidInputError(f"{word} must be at most the {panel.values.shape[0]} rows of returns, got {minimum}.")
    _check_present(panel, minimum)
    yearly = "periods_per_year" in chosen.takes
    periods = resolve_periods_per_year(periods_per_year, panel.dates) if yearly else 1.0
    required = required_rates(required_return, panel, periods if yearly else None)
    rates = np.array(np.broadcast_to(required, panel.values.shape[0]))
    if "risk_free" in chosen.takes:
        rates = risk_free_vector(risk_free, panel, periods if yearly else None)
    market = rates
    if benchmark is not None:
        holds: Holds = "compounded" if chosen.compounds else "returns"
        market = aligned_vector(benchmark, panel, name="benchmark", nan_policy=nan_policy, holds=holds)
    if window is None and chosen.name in TAILS:
        rows = panel.values.shape[0]
    function = chosen.function(level=confidence, required_return=required, periods_per_year=periods)
    recipe = Recipe(chosen.name, rows, minimum, _rolling.scale_of(chosen.name, periods), confidence, function)
    if function is None:
        check_sizes(chosen.name, panel.values[:: -(-panel.values.shape[0] // SAMPLE_ROWS)], "returns")
        if benchmark is not None:
            check_sizes(chosen.name, market, "benchmark")
    return panel, _roll(recipe, panel, market, rates)


def _panel(chosen: Windowed, returns: Data, nan_policy: NanPolicy) -> Panel:
    """Return the checked returns; a user's function may measure any numbers, such as differences or gains in money."""
    if chosen.compounds:
        return compounding_panel(returns, nan_policy=nan_policy)
    return as_panel(returns, holds="returns" if chosen.own is None else "numbers", nan_policy=nan_policy)


def _roll(recipe: Recipe, panel: Panel, market: FloatVector, rates: FloatVector) -> list[FloatMatrix]:
    values, whole = panel.values, not panel.has_nan
    unknown = np.isnan(rates) | np.isnan(market)
    if unknown.any():  # a row without benchmark or rate is missing in every column
        values, whole = np.where(unknown[:, None], np.nan, values), False
        rates, market = np.where(unknown, 0.0, rates), np.where(unknown, 0.0, market)
    return _rolling.roll(recipe, values, market, rates, complete=whole)


def sizes_of(name: str) -> tuple[float, float]:
    """Return the smallest and largest size of a nonzero number in a moving window of this measure.

    Sums of squares, sums of fourth powers and products of two sums of squares must stay within the range of a double.
    """
    if name in SHAPES or name in PAIRS:
        return 1e-60, 1e60
    return (1e-140, 1e100) if name in MOMENTS else (0.0, math.inf)


def check_sizes(name: str, values: Any, what: str) -> None:
    """Refuse numbers that a moving window of a measure cannot square."""
    least, most = sizes_of(name)
    sizes = np.abs(values)
    beyond = (sizes >= most) | ((sizes < least) & (sizes > 0.0))
    if beyond.any():
        raise InvalidInputError(
            f"{what} must be zero or from {least:g} to {most:g} in size for {name!r} in a moving window, got "
            f"{np.asarray(values)[beyond].flat[0]:g}. Multiply all of them by a power of ten."
        )


def _check_present(panel: Panel, minimum: int) -> None:
    """Refuse a column without any value; a column that begins later is nan until then."""
    empty = np.isnan(panel.values).all(axis=0) if panel.has_nan else np.zeros(1, dtype=bool)
    if empty.any():
        raise InvalidInputError(
            f"{panel.name} needs at least {minimum} observations in each column, got 0 in column "
            f"{panel.labels.column_name(int(empty.argmax()))} after leaving out missing values."
        )
