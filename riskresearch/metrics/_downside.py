"""Returns below a required one: deviations, potentials, and ratios to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from riskresearch.core._arguments import required_rates
from riskresearch.core._checks import check_choice, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels import _downside
from riskresearch.kernels._moments import mean
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate, estimate_above

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap

DIVISORS = ("all", "below")


@answers_other_names()
def semideviation(
    returns: Data,
    *,
    divisor: Literal["all", "below"] = "all",
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the semideviation: the root mean square of deviations below the mean, per year.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    divisor : {"all", "below"}
        Over which rows the squares are averaged: all, or only those below the mean.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 gives the deviation per period.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per year, times sqrt(periods); at most the population volatility with divisor "all".

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Markowitz, Portfolio Selection, 1959, chapter 9.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.semideviation([0.02, -0.02, 0.0, 0.0], periods_per_year=1), 6)
    0.01
    """
    check_choice(divisor, DIVISORS, name="divisor")
    panel = as_panel(returns, nan_policy=nan_policy)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    return estimate(
        panel,
        lambda values: _downside.semideviation(values, divisor) * periods**0.5,
        measure="semideviation",
        kind="deviation",
        interval=interval,
    )


@answers_other_names()
def downside_deviation(
    returns: Data,
    *,
    required_return: float | Data = 0.0,
    divisor: Literal["all", "below"] = "all",
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the root mean square shortfall of returns below a required one, per year.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    required_return : float or Series
        Minimum acceptable return per period, not per year; a Series has the dates of `returns`.
    divisor : {"all", "below"}
        Over which rows the squares are averaged: all (Sortino, Bacon), or only those below the required return.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 gives the deviation per period.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per year, times sqrt(periods); 0 where nothing falls short.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Sortino & Price, J. Investing 3, 1994; Bacon, Practical Portfolio Performance Measurement, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.downside_deviation([0.04, -0.02], periods_per_year=1), 6)
    0.014142
    """
    check_choice(divisor, DIVISORS, name="divisor")
    panel = as_panel(returns, nan_policy=nan_policy)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    required = required_rates(required_return, panel, periods)
    return estimate_above(
        panel,
        lambda values, rate: _downside.downside_risk(_downside.shortfalls(values, rate), divisor) * periods**0.5,
        required,
        measure="downside_deviation",
        kind="deviation",
        interval=interval,
    )


@answers_other_names()
def downside_potential(
    returns: Data,
    *,
    required_return: float | Data = 0.0,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the mean shortfall of returns below a required one, rows above it counted as zero.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    required_return : float or Series
        Minimum acceptable return per period, not per year; a Series has the dates of `returns`.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per period, positive is worse: the lower partial moment of order 1.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.downside_potential([0.04, -0.02])
    0.01
    """
    return _potential(returns, 1.0, required_return, interval, nan_policy)


@answers_other_names()
def upside_potential(
    returns: Data,
    *,
    required_return: float | Data = 0.0,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the mean gain of returns above a required one, rows below it counted as zero.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    required_return : float or Series
        Minimum acceptable return per period, not per year; a Series has the dates of `returns`.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per period; over `downside_potential` it is the Omega ratio.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.upside_potential([0.04, -0.02])
    0.02
    """
    return _potential(returns, -1.0, required_return, interval, nan_policy)


def _potential(
    returns: Data,
    sign: float,
    required_return: float | Data,
    interval: float | Bootstrap | None,
    nan_policy: NanPolicy,
) -> PerColumn:
    """Return the mean shortfall of returns times `sign` below the required return times `sign`."""
    panel = as_panel(returns, nan_policy=nan_policy)
    required = required_rates(required_return, panel)
    return estimate_above(
        panel,
        lambda values, rate: mean(_downside.shortfalls(sign * values, sign * rate)),
        required,
        measure="downside_potential" if sign > 0.0 else "upside_potential",
        kind="deviation",
        interval=interval,
    )


@answers_other_names()
def upside_potential_ratio(
    returns: Data,
    *,
    required_return: float | Data = 0.0,
    divisor: Literal["all", "below"] = "all",
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the upside potential over the downside deviation, both per period.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    required_return : float or Series
        Minimum acceptable return per period, not per year; a Series has the dates of `returns`.
    divisor : {"all", "below"}
        Over which rows the squared shortfalls are averaged; the gains are averaged over all rows.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Unit-free, not annualised; nan where there is no shortfall.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Sortino, van der Meer & Plantinga, J. Portfolio Management 26, 1999.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.upside_potential_ratio([0.04, -0.02]), 6)
    1.414214
    """
    check_choice(divisor, DIVISORS, name="divisor")
    panel = as_panel(returns, nan_policy=nan_policy)
    required = required_rates(required_return, panel)
    return estimate_above(
        panel,
        lambda values, rate: _downside.upside_potential_ratio(values, rate, divisor),
        required,
        measure="upside_potential_ratio",
        interval=interval,
    )


@answers_other_names()
def kappa_ratio(
    returns: Data,
    *,
    order: float = 3.0,
    required_return: float | Data = 0.0,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return Kappa: mean return above a required one over the root of the lower partial moment of an order.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    order : float
        At least 1, whole or not: 1 is Omega less 1, 2 is Sortino's ratio per period, 3 weighs large losses more.
    required_return : float or Series
        Minimum acceptable return per period, not per year; a Series has the dates of `returns`.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Unit-free, per period: there is no square-root rule for orders other than 2. nan where there is no shortfall.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Kaplan & Knowles, J. Performance Measurement 8, 2004.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.kappa_ratio([0.04, -0.02], order=3), 6)
    0.629961
    """
    power = check_number(order, name="order")
    if power < 1.0:
        raise InvalidInputError(f"order must be at least 1, got {order!r}.")
    panel = as_panel(returns, nan_policy=nan_policy)
    required = required_rates(required_return, panel)
    return estimate_above(
        panel,
        lambda values, rate: _downside.kappa(values, rate, power),
        required,
        measure="kappa_ratio",
        interval=interval,
    )


MEASURES = (
    Measure(semideviation, takes=("periods_per_year",)),
    Measure(downside_deviation, takes=("required_return", "periods_per_year")),
    Measure(downside_potential, takes=("required_return",)),
    Measure(upside_potential, takes=("required_return",)),
    Measure(upside_potential_ratio, takes=("required_return",)),
    Measure(kappa_ratio, takes=("required_return",)),
)
