"""Volatility and shape of returns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.core._checks import check_count
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels import _moments
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimand import Moments
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap


@answers_other_names()
def volatility(
    returns: Data,
    *,
    ddof: int = 1,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the standard deviation of returns per year.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    ddof : int
        1 divides by n - 1 (sample), 0 by n (population).
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 gives the deviation per period.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per year; exactly 0 where all returns are equal.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or a column has no more than `ddof` values.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.volatility([0.01, -0.01, 0.03], periods_per_year=1), 6)
    0.02
    """
    divisor = check_count(ddof, name="ddof", minimum=0)
    panel = as_panel(returns, nan_policy=nan_policy, min_rows=divisor + 1)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    spread = Moments(lambda values: values, lambda _, deviation: deviation * periods**0.5)
    return estimate(
        panel,
        lambda values: _moments.deviation(values, divisor) * periods**0.5,
        measure="volatility",
        kind="deviation",
        interval=interval,
        moments=spread if divisor == 1 else None,
    )


@answers_other_names()
def skewness(returns: Data, *, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise") -> PerColumn:
    """Return the skewness of returns: the third standardised moment, Fisher's g1.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Population (biased) skewness; negative if the left tail is longer; nan where all returns are equal.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.skewness([0.01, 0.01, -0.02]), 6)
    -0.707107
    """
    panel = as_panel(returns, nan_policy=nan_policy, min_rows=2)
    return estimate(
        panel,
        lambda values: _moments.standardized_moments(values)[0],
        measure="skewness",
        kind="moment",
        interval=interval,
    )


@answers_other_names()
def excess_kurtosis(
    returns: Data, *, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return the excess kurtosis of returns: the fourth standardised moment minus 3, Fisher's g2.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Population (biased) excess kurtosis; 0 for the normal; nan where all returns are equal.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.excess_kurtosis([0.01, -0.01, 0.01, -0.01])
    -2.0
    """
    panel = as_panel(returns, nan_policy=nan_policy, min_rows=2)
    return estimate(
        panel,
        lambda values: _moments.standardized_moments(values)[1],
        measure="excess_kurtosis",
        kind="moment",
        interval=interval,
    )


MEASURES = (
    Measure(volatility, label="Volatility (annual)", percent=True, takes=("periods_per_year",), min_rows=2),
    Measure(skewness, label="Skewness", min_rows=2),
    Measure(excess_kurtosis, label="Excess kurtosis", min_rows=2),
)
