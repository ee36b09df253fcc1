"""The parts of the risk of returns that a benchmark explains and leaves unexplained."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from riskresearch.core._arguments import panel_and_benchmark, risk_free_vector
from riskresearch.core._checks import check_count
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels.benchmark import _risk_split
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatVector, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap


@answers_other_names()
def systematic_risk(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    ddof: int = 1,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the systematic risk: the size of beta times the volatility of the benchmark's excess returns, per year.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    ddof : int
        Subtracted from the rows in the divisor of the variance: 1 is the sample's, as in `volatility`, 0 Bacon's.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 gives the risk per period.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per year, zero or more; nan where the benchmark does not vary.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Bacon, Practical Portfolio Performance Measurement and Attribution, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.02, 0.01, 0.03, -0.01], [0.01, 0.01, 0.02, -0.02]
    >>> round(riskresearch.metrics.systematic_risk(returns, market, periods_per_year=1), 6)
    0.016358
    """
    return _risk(
        _risk_split.systematic,
        "systematic_risk",
        returns,
        benchmark,
        risk_free,
        ddof,
        periods_per_year,
        interval,
        nan_policy,
    )


@answers_other_names()
def specific_risk(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    ddof: int = 1,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the specific risk: the yearly deviation of what the benchmark leaves unexplained, of the residuals.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    ddof : int
        Subtracted from the rows in the divisor of the variance: 1 is the sample's, as in `volatility`, 0 Bacon's.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 gives the risk per period.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per year, zero or more; nan where the benchmark does not vary. PerformanceAnalytics has the value of
        `ddof=0`; the standard error of a regression has that of `ddof=2`.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Bacon, Practical Portfolio Performance Measurement and Attribution, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.02, 0.01, 0.03, -0.01], [0.01, 0.01, 0.02, -0.02]
    >>> round(riskresearch.metrics.specific_risk(returns, market, periods_per_year=1), 6)
    0.004907
    """
    return _risk(
        _risk_split.specific,
        "specific_risk",
        returns,
        benchmark,
        risk_free,
        ddof,
        periods_per_year,
        interval,
        nan_policy,
    )


@answers_other_names()
def total_risk(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    ddof: int = 1,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the total risk, whose square is that of the systematic risk plus that of the specific risk, per year.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    ddof : int
        Subtracted from the rows in the divisor of the variance: 1 is the sample's, as in `volatility`, 0 Bacon's.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 gives the risk per period.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per year: the volatility of the excess returns; nan where the benchmark does not vary.
        PerformanceAnalytics' mixes a systematic risk of `ddof=1` with a specific risk of `ddof=0`.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Bacon, Practical Portfolio Performance Measurement and Attribution, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.02, 0.01, 0.03, -0.01], [0.01, 0.01, 0.02, -0.02]
    >>> round(riskresearch.metrics.total_risk(returns, market, periods_per_year=1), 6)
    0.017078
    """
    return _risk(
        _risk_split.total, "total_risk", returns, benchmark, risk_free, ddof, periods_per_year, interval, nan_policy
    )


def _risk(
    kernel: Callable[..., FloatVector],
    measure: str,
    returns: Data,
    benchmark: Data,
    risk_free: float | Data,
    ddof: int,
    periods_per_year: float | None,
    interval: float | Bootstrap | None,
    nan_policy: NanPolicy,
) -> PerColumn:
    divisor = check_count(ddof, name="ddof", minimum=0)
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy, min_rows=max(2, divisor + 1))
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    return estimate(
        panel,
        lambda values, other, free: kernel(values, other, free, divisor) * periods**0.5,
        market,
        rates,
        measure=measure,
        interval=interval,
    )


MEASURES = (
    Measure(systematic_risk, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=2),
    Measure(specific_risk, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=2),
    Measure(total_risk, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=2),
)
