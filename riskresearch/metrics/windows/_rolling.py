"""Rolling forms: the value after each row is the measure of the last `window` rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import aligned_vector, compounding_panel, required_rate, risk_free_vector
from riskresearch.core._checks import check_choice, check_count, check_level
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels import _rolling
from riskresearch.kernels._rolling import EXPANDING, MOMENTS, PAIRS, SHAPES, TAILS, TWO_ROWS, Recipe

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, NanPolicy, OverTime

SAMPLE_ROWS = 256
"""Rows in which sizes are looked at that no return has: all of a series have them, or none."""
MEASURES = tuple(name for name in _rolling.MEASURES if name != "tail_risk")
YEARLY = ("volatility", "sharpe_ratio", "sortino_ratio")
# Which measures an option is for, and its value where it is left out.
OPTIONS: dict[str, tuple[tuple[str, ...], float | None]] = {
    "level": (tuple(TAILS), 0.95),
    "risk_free": (("sharpe_ratio", "beta"), 0.0),
    "required_return": (("sortino_ratio",), 0.0),
    "periods_per_year": (YEARLY, None),
    "benchmark": (tuple(PAIRS), None),
}


def rolling(
    measure: str | Callable[..., Any],
    returns: Data,
    *,
    window: int | None,
    min_periods: int | None = None,
    level: float = 0.95,
    benchmark: Data | None = None,
    risk_free: float | Data = 0.0,
    required_return: float = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return a measure of the last `window` rows, after each row.

    Parameters
    ----------
    measure : str or function
        The public measure or its name: "mean", "volatility", "sharpe_ratio", "sortino_ratio", "value_at_risk",
        "conditional_value_at_risk", "max_drawdown", "beta", "correlation", "skewness" or "excess_kurtosis".
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    window : int or None
        Number of rows; None for all rows so far.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`, or with window=None for the
        fewest that the measure needs.
    level : float
        Confidence level in (0.5, 1), for value at risk and conditional value at risk, which are historical.
    benchmark : Series or 1-D array, optional
        For beta and correlation, on the same dates.
    risk_free : float or Series
        Simple rate per period, for the Sharpe ratio and beta.
    required_return : float
        Return per period, for the Sortino ratio.
    periods_per_year : float, optional
        For volatility, Sharpe and Sortino ratio; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    same type as `returns`
        nan where the window has fewer than `min_periods` values. VaR and CVaR equal the measure of the window's rows
        to the last bit; the others come from one compensated recursion, the same as in `Online`, within a few units
        of the last place.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, is not for this measure, or there are too few rows.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.rolling("max_drawdown", [0.1, -0.2, 0.05, 0.3], window=2).round(6)
    array([nan, 0.2, 0.2, 0. ])
    """
    options: dict[str, Any] = {
        "level": level, "risk_free": risk_free, "required_return": required_return,
        "periods_per_year": periods_per_year, "benchmark": benchmark,
    }  # fmt: skip
    name = named_measure(measure, MEASURES)
    check_level(level)
    check_options(name, options)
    return rolled_over_time(name, returns, window=window, min_periods=min_periods, nan_policy=nan_policy, **options)


def named_measure(measure: str | Callable[..., Any], names: tuple[str, ...]) -> str:
    """Return the name of a measure given by name or as the public function."""
    if callable(measure):
        own = str(getattr(measure, "__module__", "")).startswith("riskresearch.")
        measure = getattr(measure, "__name__", repr(measure)) if own else repr(measure)
    return check_choice(measure, names, name="measure")


def check_options(name: str, options: dict[str, Any]) -> None:
    """Refuse an option that the measure does not take, and a missing benchmark."""
    default: Any
    for option, (measures, default) in OPTIONS.items():
        given: Any = options.get(option, default)
        if name not in measures and given is not default and not (np.ndim(given) == 0 and given == default):
            raise InvalidInputError(f"{option} must be left out with {name!r}: it is for {', '.join(measures)}.")
    if name in PAIRS and options.get("benchmark") is None:
        raise InvalidInputError(f"benchmark must be given with {name!r}, got None.")


def checked_window(name: str, window: int | None, min_periods: int | None) -> tuple[int, int]:
    """Return the window and the fewest values in it."""
    least = 2 if name in TWO_ROWS else 1
    rows = EXPANDING if window is None else check_count(window, name="window", minimum=least)
    if min_periods is None:
        return rows, least if window is None else rows
    minimum = check_count(min_periods, name="min_periods", minimum=least)
    if minimum > rows:
        raise InvalidInputError(f"min_periods must be at most window={rows}, got {minimum}.")
    return rows, minimum


def rolled(
    name: str,
    returns: Data,
    *,
    window: int | None,
    min_periods: int | None,
    nan_policy: NanPolicy,
    level: float = 0.95,
    benchmark: Data | None = None,
    risk_free: float | Data = 0.0,
    required_return: float = 0.0,
    periods_per_year: float | None = None,
) -> tuple[Panel, list[FloatMatrix]]:
    """Return the panel and the answers over its rows: one matrix, or two for "tail_risk"."""
    rows, minimum = checked_window(name, window, min_periods)
    confidence = check_level(level)
    panel = (compounding_panel if name == "max_drawdown" else as_panel)(returns, nan_policy=nan_policy)
    if panel.values.shape[0] < minimum:
        word = "window" if min_periods is None and window is not None else "min_periods"
        raise InvalidInputError(f"{word} must be at most the {panel.values.shape[0]} rows of returns, got {minimum}.")
    _check_present(panel, minimum)
    periods = resolve_periods_per_year(periods_per_year, panel.dates) if name in YEARLY else 1.0
    required = required_rate(required_return, panel, periods if name in YEARLY else None)
    rates = np.full(panel.values.shape[0], required)
    if name in OPTIONS["risk_free"][0]:
        rates = risk_free_vector(risk_free, panel, periods if name in YEARLY else None)
    market = rates
    if benchmark is not None:
        market = aligned_vector(benchmark, panel, name="benchmark", nan_policy=nan_policy)
    if window is None and name in TAILS:
        rows = panel.values.shape[0]
    recipe = Recipe(name, rows, minimum, periods**0.5, confidence)
    check_sizes(name, panel.values[:: -(-panel.values.shape[0] // SAMPLE_ROWS)], "returns")
    if benchmark is not None:
        check_sizes(name, market, "benchmark")
    values, whole = panel.values, not panel.has_nan
    unknown = np.isnan(rates) | np.isnan(market)
    if unknown.any():  # a row that is missing beside the returns is missing in all of them
        values, whole = np.where(unknown[:, None], np.nan, values), False
        rates, market = np.where(unknown, 0.0, rates), np.where(unknown, 0.0, market)
    return panel, _rolling.roll(recipe, values, market, rates, complete=whole)


def rolled_over_time(name: str, returns: Data, **arguments: Any) -> OverTime:
    """Return the answers of a measure of one number with the labels of `returns`; `arguments` are those of `rolled`."""
    panel, results = rolled(name, returns, **arguments)
    return panel.labels.over_time(results[0])


def sizes_of(name: str) -> tuple[float, float]:
    """Return between which sizes numbers other than zero must lie for a moving window of this measure.

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
    """Refuse a column without any value; one that has some only later is nan until then."""
    empty = np.isnan(panel.values).all(axis=0) if panel.has_nan else np.zeros(1, dtype=bool)
    if empty.any():
        raise InvalidInputError(
            f"{panel.name} needs at least {minimum} observations in each column, got 0 in column "
            f"{panel.labels.column_name(int(empty.argmax()))} after leaving out missing values."
        )
