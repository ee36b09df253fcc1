"""Rolling moments and ratios of moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.metrics.windows._rolling import rolled_over_time

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, OverTime


def rolling_mean(
    returns: Data,
    *,
    window: int,
    min_periods: int | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return the mean of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    window : int
        Number of rows, at least 1.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    same type as `returns`
        A return per period; nan where the window has fewer than `min_periods` values.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are fewer rows than `window`.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.rolling_mean([0.01, 0.03, -0.01], window=2)
    array([ nan, 0.02, 0.01])
    """
    return rolled_over_time(
        "mean",
        returns,
        window=window,
        min_periods=min_periods,
        nan_policy=nan_policy,
    )


def rolling_volatility(
    returns: Data,
    *,
    window: int,
    min_periods: int | None = None,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return the yearly volatility of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    window : int
        Number of rows, at least 2.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`.
    periods_per_year : float, optional
        Rows that make a year, whatever the window; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    same type as `returns`
        Fractions per year, by the sample deviation; exactly 0 where all returns are equal.

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
    return rolled_over_time(
        "volatility",
        returns,
        window=window,
        min_periods=min_periods,
        nan_policy=nan_policy,
        periods_per_year=periods_per_year,
    )


def rolling_sharpe_ratio(
    returns: Data,
    *,
    window: int,
    min_periods: int | None = None,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return the yearly Sharpe ratio of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    window : int
        Number of rows, at least 2.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year, whatever the window; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    same type as `returns`
        nan where the window has fewer than `min_periods` values or returns that are all equal.

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
    return rolled_over_time(
        "sharpe_ratio",
        returns,
        window=window,
        min_periods=min_periods,
        nan_policy=nan_policy,
        risk_free=risk_free,
        periods_per_year=periods_per_year,
    )


def rolling_sortino_ratio(
    returns: Data,
    *,
    window: int,
    min_periods: int | None = None,
    required_return: float = 0.0,
    periods_per_year: float | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return the yearly Sortino ratio of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    window : int
        Number of rows, at least 1.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`.
    required_return : float
        Return per period below which a return is a shortfall.
    periods_per_year : float, optional
        Rows that make a year, whatever the window; None reads it off the dates.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    same type as `returns`
        nan where the window has fewer than `min_periods` values or no shortfall.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are fewer rows than `window`.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.rolling_sortino_ratio([0.01, 0.03, -0.01], window=2, periods_per_year=1).round(6)
    array([     nan,      nan, 1.414214])
    """
    return rolled_over_time(
        "sortino_ratio",
        returns,
        window=window,
        min_periods=min_periods,
        nan_policy=nan_policy,
        required_return=required_return,
        periods_per_year=periods_per_year,
    )


def rolling_skewness(
    returns: Data,
    *,
    window: int,
    min_periods: int | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return the skewness of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    window : int
        Number of rows, at least 2.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    same type as `returns`
        Population skewness, Fisher's g1; nan where all returns are equal.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are fewer rows than `window`.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.rolling_skewness([0.01, 0.01, -0.02], window=3).round(6)
    array([      nan,       nan, -0.707107])
    """
    return rolled_over_time(
        "skewness",
        returns,
        window=window,
        min_periods=min_periods,
        nan_policy=nan_policy,
    )


def rolling_excess_kurtosis(
    returns: Data,
    *,
    window: int,
    min_periods: int | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return the excess kurtosis of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    window : int
        Number of rows, at least 2.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    same type as `returns`
        Population excess kurtosis, Fisher's g2; nan where all returns are equal.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are fewer rows than `window`.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.rolling_excess_kurtosis([0.01, -0.01, 0.01, -0.01], window=4).round(6)
    array([nan, nan, nan, -2.])
    """
    return rolled_over_time(
        "excess_kurtosis",
        returns,
        window=window,
        min_periods=min_periods,
        nan_policy=nan_policy,
    )
