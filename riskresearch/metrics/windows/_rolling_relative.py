"""Rolling measures against a benchmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.metrics.windows._rolling import rolled_over_time

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, OverTime


def rolling_beta(
    returns: Data,
    benchmark: Data,
    *,
    window: int,
    min_periods: int | None = None,
    risk_free: float | Data = 0.0,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return the market beta of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    window : int
        Number of rows, at least 2.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    same type as `returns`
        Unit-free; nan where the benchmark does not vary.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are fewer rows than `window`.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.rolling_beta([0.02, -0.02, 0.06], [0.01, -0.01, 0.01], window=2).round(6)
    array([nan,  2.,  4.])
    """
    return rolled_over_time(
        "beta",
        returns,
        window=window,
        min_periods=min_periods,
        nan_policy=nan_policy,
        benchmark=benchmark,
        risk_free=risk_free,
    )


def rolling_correlation(
    returns: Data,
    benchmark: Data,
    *,
    window: int,
    min_periods: int | None = None,
    nan_policy: NanPolicy = "raise",
) -> OverTime:
    """Return Pearson's correlation with a benchmark of the last `window` rows, after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    window : int
        Number of rows, at least 2.
    min_periods : int, optional
        Fewest values in the window that give an answer; None asks for all `window`.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out of the windows that they fall into.

    Returns
    -------
    same type as `returns`
        Within [-1, 1]; nan where either side does not vary.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or there are fewer rows than `window`.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.rolling_correlation([0.02, -0.02, 0.06], [0.01, -0.01, -0.02], window=2).round(6)
    array([nan,  1., -1.])
    """
    return rolled_over_time(
        "correlation",
        returns,
        window=window,
        min_periods=min_periods,
        nan_policy=nan_policy,
        benchmark=benchmark,
    )
