"""Volatility from the highs, lows and opens of bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from riskresearch.core._arguments import same_rows
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._plausibility import warn_user
from riskresearch.kernels import _rolling
from riskresearch.kernels._moments import deviation, mean
from riskresearch.kernels._prices import last_known
from riskresearch.kernels._rolling import Recipe
from riskresearch.kernels.compiled._ranges import range_terms
from riskresearch.metrics._returns import warn_of_gaps

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, Labelled, NanPolicy, NumberPerColumn, OverTime

RangeEstimator = Literal["parkinson", "garman_klass", "rogers_satchell", "yang_zhang"]
ESTIMATORS = ("parkinson", "garman_klass", "rogers_satchell", "yang_zhang")
TERMS = {"parkinson": 0, "garman_klass": 1, "rogers_satchell": 2, "overnight": 3, "intraday": 4}
SUSPICIOUS_SHARE_OF_COPIED_OPENS = 0.25


@answers_other_names()
def range_volatility(
    close: Data,
    *,
    high: Data,
    low: Data,
    open: Data | None = None,
    estimator: RangeEstimator = "yang_zhang",
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> NumberPerColumn:
    """Return the yearly volatility that highs, lows and opens show.

    Parameters
    ----------
    close : Series, DataFrame or array
        Closing prices, one column per asset.
    high, low, open : same shape as `close`
        The other prices of the same bars. Opens must be traded prices; "parkinson" needs none.
    estimator : {"parkinson", "garman_klass", "rogers_satchell", "yang_zhang"}
        The first two assume no drift, the third any; none of the three sees the move from close to open. Yang and
        Zhang's does, by adding the variance of log(open / last close).
    periods_per_year : float, optional
        Bars that make a year; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing prices are an error or leave out their bars.

    Returns
    -------
    float or one number per column
        Fraction per year, of log returns; nan if the mean of Garman and Klass's terms is negative.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or a bar's high and low do not enclose its open and close.

    References
    ----------
    Yang, D. & Zhang, Q. (2000), Drift-independent volatility estimation based on high, low, open, and close prices,
    Journal of Business 73, 477-491.

    Examples
    --------
    >>> import riskresearch
    >>> bars = {"high": [102.0, 104.0, 103.0], "low": [99.0, 100.0, 101.0], "estimator": "parkinson"}
    >>> round(riskresearch.metrics.range_volatility([101.0, 102.0, 102.5], periods_per_year=252, **bars), 4)
    0.292
    """
    bars, parts = _bar_terms(close, high, low, open, estimator, nan_policy)
    periods = resolve_periods_per_year(periods_per_year, bars.dates)
    volatility = np.full(bars.values.shape[1], np.nan)
    for column in range(bars.values.shape[1]):
        kept = [part[:, column][~np.isnan(part[:, column])][:, None] for part in parts]
        least = 2 if estimator == "yang_zhang" else 1
        if min(map(len, kept)) < least:
            raise InvalidInputError(
                f"close needs at least {least + (estimator == 'yang_zhang')} bars in each column, got "
                f"{min(map(len, kept))} usable ones in column {bars.labels.column_name(column)}."
            )
        variances = [mean(kept[0]), *(deviation(part) ** 2 for part in kept[1:])]
        volatility[column] = _combined(variances, len(kept[-1]))[0]
    return bars.labels.per_column(volatility * periods**0.5)


@overload
def rolling_range_volatility(
    close: Labelled,
    *,
    high: Data,
    low: Data,
    open: Data | None = None,
    window: int,
    min_periods: int | None = None,
    estimator: RangeEstimator = "yang_zhang",
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> Labelled: ...
@overload
def rolling_range_volatility(
    close: Data,
    *,
    high: Data,
    low: Data,
    open: Data | None = None,
    window: int,
    min_periods: int | None = None,
    estimator: RangeEstimator = "yang_zhang",
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime: ...
@answers_other_names()
def rolling_range_volatility(
    close: Data,
    *,
    high: Data,
    low: Data,
    open: Data | None = None,
    window: int,
    min_periods: int | None = None,
    estimator: RangeEstimator = "yang_zhang",
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return the yearly volatility that the highs, lows and opens of the last `window` bars show, after each bar.

    Parameters
    ----------
    close : Series, DataFrame or array
        Closing prices, one column per asset.
    high, low, open : same shape as `close`
        The other prices of the same bars. Opens must be traded prices; "parkinson" needs none.
    window : int
        Number of bars, at least 2; "yang_zhang" takes the close before them too.
    min_periods : int, optional
        Fewest bars in the window that give an answer; None asks for all `window`, whose k "yang_zhang" takes anyway.
    estimator : {"parkinson", "garman_klass", "rogers_satchell", "yang_zhang"}
        As in `range_volatility`.
    periods_per_year : float, optional
        Bars that make a year; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing prices are an error or leave out their bars.

    Returns
    -------
    same type as `close`
        Fractions per year, of log returns; nan where there are too few bars.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or a bar's high and low do not enclose its open and close.

    Examples
    --------
    >>> import riskresearch
    >>> bars = {"high": [102.0, 104.0, 103.0], "low": [99.0, 100.0, 101.0], "estimator": "parkinson"}
    >>> volatility = riskresearch.metrics.rolling_range_volatility([101.0, 102.0, 102.5], window=2, **bars)
    >>> volatility.round(4)
    array([   nan, 0.3323, 0.2956])
    """
    rows = check_count(window, name="window", minimum=2)
    minimum = rows if min_periods is None else check_count(min_periods, name="min_periods", minimum=2)
    if minimum > rows:
        raise InvalidInputError(f"min_periods must be at most window={rows}, got {minimum}.")
    bars, parts = _bar_terms(close, high, low, open, estimator, nan_policy)
    periods = resolve_periods_per_year(periods_per_year, bars.dates)
    unused = np.zeros(bars.values.shape[0])
    variances = [_rolling.roll(Recipe("mean", rows, minimum), parts[0], unused, unused)[0]]
    variances += [
        _rolling.roll(Recipe("volatility", rows, minimum), part, unused, unused)[0] ** 2 for part in parts[1:]
    ]
    return bars.labels.over_time(_combined(variances, rows) * periods**0.5)


def _combined(variances: list[FloatMatrix] | list[FloatVector], count: int) -> FloatMatrix:
    """Return the deviation: of one variance, or of Yang and Zhang's mixture for `count` bars (their equation 9)."""
    total = variances[0]
    if len(variances) > 1:
        inside, overnight, intraday = variances
        k = 0.34 / (1.34 + (count + 1) / (count - 1))
        total = overnight + k * intraday + (1.0 - k) * inside
    root: FloatMatrix = np.sqrt(np.where(total >= 0.0, total, np.nan))
    return root


def _bar_terms(
    close: Data, high: Data, low: Data, open_: Data | None, estimator: str, nan_policy: NanPolicy
) -> tuple[Panel, list[FloatMatrix]]:
    """Return the closes as a panel, and the terms of the estimator, nan for bars that miss a price."""
    check_choice(estimator, ESTIMATORS, name="estimator")
    bars = as_panel(close, name="close", holds="prices", nan_policy=nan_policy)
    if open_ is None and estimator != "parkinson":
        raise InvalidInputError(
            f"open must be given with {estimator!r}, got None. Only 'parkinson' does without, for where there are no "
            "traded opens."
        )
    sides = {"high": high, "low": low, "open": close if open_ is None else open_}
    prices = {name: _side(given, bars, name=name, nan_policy=nan_policy) for name, given in sides.items()}
    prices["close"] = np.ascontiguousarray(bars.values)
    _check_bars(prices, bars)
    if open_ is not None:
        _warn_of_copied_opens(prices)
    names = ("rogers_satchell", "overnight", "intraday") if estimator == "yang_zhang" else (estimator,)
    parts = []
    for name in names:
        terms = np.empty(bars.values.shape)
        closes = prices["close"]
        if name == "overnight" and bars.has_nan:  # from the last close that is known to the open after the gap
            warn_of_gaps(bars)
            closes = np.ascontiguousarray(last_known(bars.values))
        range_terms(prices["open"], prices["high"], prices["low"], closes, TERMS[name], terms)
        parts.append(terms)
    if len(parts) > 1:
        missing = np.isnan(parts[0]) | np.isnan(parts[1])
        parts = [np.where(missing, np.nan, part) for part in parts]
    return bars, parts


def _side(given: Data, bars: Panel, *, name: str, nan_policy: NanPolicy) -> FloatMatrix:
    other = same_rows(given, bars, name=name, holds="numbers", nan_policy=nan_policy)
    if other.values.shape != bars.values.shape:
        raise InvalidInputError(f"{name} must have the shape of close, got {other.values.shape}.")
    if len(bars.labels.columns) > 1 and other.labels.columns and other.labels.columns != bars.labels.columns:
        raise InvalidInputError(f"{name} must have the columns of close in the same order.")
    return np.ascontiguousarray(other.values)


def _check_bars(prices: dict[str, FloatMatrix], bars: Panel) -> None:
    """Refuse prices that are not positive, and bars whose high and low do not enclose the others."""
    high, low = prices["high"], prices["low"]
    wrong = low <= 0.0
    for name in ("open", "close"):
        wrong |= (prices[name] > high) | (prices[name] < low)
    if wrong.any():
        row, column = (int(i) for i in np.argwhere(wrong)[0])
        bar = ", ".join(f"{name} {prices[name][row, column]:g}" for name in ("open", "high", "low", "close"))
        raise InvalidInputError(
            f"high and low must be positive and enclose open and close, got {bar} at {bars.labels.place(row, column)}."
        )


def _warn_of_copied_opens(prices: dict[str, FloatMatrix]) -> None:
    """Warn where many opens are the close before: these are no opens, and the estimate is too low."""
    copied = float((prices["open"][1:] == prices["close"][:-1]).mean()) if prices["open"].shape[0] > 1 else 0.0
    if copied > SUSPICIOUS_SHARE_OF_COPIED_OPENS:
        warn_user(
            f"open equals the close of the row before on {copied:.0%} of all rows: these are hardly traded opens, and "
            "the estimate misses the move overnight. estimator='parkinson' needs no opens."
        )
