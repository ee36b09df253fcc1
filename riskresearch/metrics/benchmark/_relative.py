"""Measures against a benchmark over the same dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from riskresearch.core._arguments import panel_and_benchmark, risk_free_vector
from riskresearch.core._checks import check_choice
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels.benchmark import _relative
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimand import CoMoments, Moments, RowSums
from riskresearch.metrics.inference._estimate import estimate, ratio_of_moments

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy, PerColumn
    from riskresearch.kernels.inference._bootstrap import CoMoments as OfTwo
    from riskresearch.metrics.inference._bootstrap import Bootstrap

CAPTURE_COMPOUNDINGS = ("geometric", "arithmetic", "annualized")


def beta(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the market beta: the slope of excess returns on the benchmark's excess returns.

    It is the beta of the covariance, which PerformanceAnalytics has as BetaCoVariance, too.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Unit-free; nan where the benchmark does not vary.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.beta([0.02, -0.02, 0.04], [0.01, -0.01, 0.02])
    2.0
    """
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy)
    rates = risk_free_vector(risk_free, panel, None)
    return estimate(
        panel, _relative.beta, market, rates, measure="beta", interval=interval, co_moments=CoMoments(_excesses, _slope)
    )


def _excesses(values: FloatMatrix, benchmark: FloatVector, risk_free: FloatVector) -> tuple[FloatVector, FloatVector]:
    return values[:, 0] - risk_free, benchmark - risk_free


def _slope(moments: OfTwo) -> FloatVector:
    return moments.covariance / moments.other_variance


def alpha(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return Jensen's alpha per year: mean excess return less beta times the benchmark's, times periods.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per year (arithmetic); nan where the benchmark does not vary.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Jensen, J. Finance 23, 1968.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.alpha([0.03, -0.01, 0.05], [0.01, -0.01, 0.02], periods_per_year=1), 6)
    0.01
    """
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    return estimate(
        panel,
        lambda values, other, free: _relative.alpha(values, other, free, periods),
        market,
        rates,
        measure="alpha",
        interval=interval,
        co_moments=CoMoments(_excesses, lambda of: (of.mean - _slope(of) * of.other_mean) * periods),
    )


def tracking_error(
    returns: Data,
    benchmark: Data,
    *,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the yearly deviation of the differences between returns and benchmark.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per year, sample deviation (n - 1).

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.tracking_error([0.02, 0.0], [0.01, 0.01], periods_per_year=1), 6)
    0.014142
    """
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    spread = Moments(lambda values, other: values - other[:, None], lambda _, deviation: deviation * periods**0.5)
    return estimate(
        panel,
        lambda values, other: _relative.tracking_error(values, other, periods),
        market,
        measure="tracking_error",
        kind="deviation",
        interval=interval,
        moments=spread,
    )


def information_ratio(
    returns: Data,
    benchmark: Data,
    *,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the yearly information ratio: mean return difference over its deviation, times sqrt(periods).

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Unit-free (arithmetic differences); nan where the differences are all equal.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Grinold & Kahn, Active Portfolio Management, 2000, chapter 5.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.information_ratio([0.02, 0.03], [0.01, 0.01], periods_per_year=1), 6)
    2.12132
    """
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    return estimate(
        panel,
        lambda values, other: _relative.information_ratio(values, other, periods),
        market,
        measure="information_ratio",
        interval=interval,
        moments=ratio_of_moments(periods),
    )


def up_capture(
    returns: Data,
    benchmark: Data,
    *,
    compounding: Literal["geometric", "arithmetic", "annualized"] = "geometric",
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return average return over the benchmark's on the rows where the benchmark rose.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    compounding : {"geometric", "arithmetic", "annualized"}
        Which averages are compared: geometric means per period, arithmetic means per period, or the geometric means
        raised to a year (Morningstar's and empyrical's convention, which exaggerates with daily returns).
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        1 is the benchmark itself; nan where the benchmark never rose. Rows with no change count on neither side.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.up_capture([0.02, -0.01], [0.01, -0.02], compounding="arithmetic")
    2.0
    """
    return _capture(returns, benchmark, 1, compounding, periods_per_year, interval, nan_policy)


def down_capture(
    returns: Data,
    benchmark: Data,
    *,
    compounding: Literal["geometric", "arithmetic", "annualized"] = "geometric",
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return average return over the benchmark's on the rows where the benchmark fell.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    compounding : {"geometric", "arithmetic", "annualized"}
        Which averages are compared: geometric means per period, arithmetic means per period, or the geometric means
        raised to a year (Morningstar's and empyrical's convention, which exaggerates with daily returns).
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        1 is the benchmark itself; nan where the benchmark never fell. Rows with no change count on neither side.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.down_capture([0.02, -0.01], [0.01, -0.02], compounding="arithmetic")
    0.5
    """
    return _capture(returns, benchmark, -1, compounding, periods_per_year, interval, nan_policy)


def _capture(
    returns: Data,
    benchmark: Data,
    side: int,
    compounding: str,
    periods_per_year: float | None,
    interval: float | Bootstrap | None,
    nan_policy: NanPolicy,
) -> PerColumn:
    compounded = check_choice(compounding, CAPTURE_COMPOUNDINGS, name="compounding") != "arithmetic"
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy, min_rows=1, compounded=compounded)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    name = "up_capture" if side > 0 else "down_capture"
    return estimate(
        panel,
        lambda values, other: _relative.capture(values, other, side, compounding, periods),
        market,
        measure=name,
        interval=interval,
        row_sums=RowSums(
            lambda values, other: _relative.capture_terms(values, other, side, compounding),
            lambda sums: _relative.capture_of_sums(sums, compounding, periods),
        ),
    )


MEASURES = (
    Measure(beta, label="Beta", takes=("risk_free",), benchmark=True, min_rows=2),
    Measure(
        alpha, label="Alpha (annual)", percent=True, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=2
    ),
    Measure(
        tracking_error,
        label="Tracking error (annual)",
        percent=True,
        takes=("periods_per_year",),
        benchmark=True,
        min_rows=2,
    ),
    Measure(
        information_ratio, label="Information ratio (annual)", takes=("periods_per_year",), benchmark=True, min_rows=2
    ),
    Measure(up_capture, label="Up capture", takes=("periods_per_year",), benchmark=True, compounds=True),
    Measure(down_capture, label="Down capture", takes=("periods_per_year",), benchmark=True, compounds=True),
)
