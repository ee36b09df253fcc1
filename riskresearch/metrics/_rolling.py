"""Rolling forms: the value after each row is the measure of the last `window` rows, to the last bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._checks import check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels import _ratios
from riskresearch.metrics._arguments import risk_free_vector

if TYPE_CHECKING:
    from collections.abc import Callable

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, OverTime


def rolling_volatility(returns: Data, *, window: int, periods_per_year: float | None = None) -> OverTime:
    """Return the yearly volatility of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset, without missing values.
    window : int
        Number of rows, at least 2.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.

    Returns
    -------
    same type as `returns`
        Fractions per year; nan on the first `window` - 1 rows. Each value equals `volatility` of its rows.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are fewer rows than `window`.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.rolling_volatility([0.01, -0.01, -0.01], window=2, periods_per_year=2).round(6)
    array([ nan, 0.02, 0.  ])
    """
    panel = _windowed_panel(returns, window)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    return _over_windows(panel, window, lambda values, _: _ratios.deviation(values) * periods**0.5)


def rolling_sharpe_ratio(
    returns: Data, *, window: int, risk_free: float | Data = 0.0, periods_per_year: float | None = None
) -> OverTime:
    """Return the yearly Sharpe ratio of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset, without missing values.
    window : int
        Number of rows, at least 2.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year, whatever the window; None reads it off the dates.

    Returns
    -------
    same type as `returns`
        nan on the first `window` - 1 rows and where returns are all equal. Each value equals `sharpe_ratio` of its
        rows.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are fewer rows than `window`.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.rolling_sharpe_ratio([0.01, 0.03, -0.01], window=2, periods_per_year=1).round(6)
    array([     nan, 1.414214, 0.353553])
    """
    panel = _windowed_panel(returns, window)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    excess = Panel(panel.name, panel.values - rates[:, None], panel.labels, False, panel.min_rows)
    return _over_windows(excess, window, lambda values, none: _ratios.sharpe(values, none, periods))


def _windowed_panel(returns: Data, window: int) -> Panel:
    rows = check_count(window, name="window", minimum=2)
    panel = as_panel(returns)
    if panel.values.shape[0] < rows:
        raise InvalidInputError(f"window must be at most the {panel.values.shape[0]} rows of returns, got {rows}.")
    return panel


def _over_windows(panel: Panel, window: int, kernel: Callable[[FloatMatrix, FloatVector], FloatVector]) -> OverTime:
    result = np.full(panel.values.shape, np.nan)
    for column in range(panel.values.shape[1]):
        windows = np.lib.stride_tricks.sliding_window_view(panel.values[:, column], window).T
        result[window - 1 :, column] = kernel(windows, np.zeros(window))
    return panel.labels.over_time(result)
