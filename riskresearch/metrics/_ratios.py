"""The ratios of reward to risk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from riskresearch.core._arguments import compounding_panel, required_rates, risk_free_vector
from riskresearch.core._checks import check_choice
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels import _ratios
from riskresearch.kernels._episodes import episode_depths, losing_run_depths
from riskresearch.kernels.compiled._drawdown import drawdown_path
from riskresearch.metrics._measure import Measure
from riskresearch.metrics._years import periods_to_compound
from riskresearch.metrics.inference._estimate import estimate, estimate_above, ratio_of_moments
from riskresearch.metrics.inference._sharpe_inference import analytic_sharpe

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import AnalyticInterval, Bootstrap

RATE_OR_BENCHMARK = (
    "A rate per period is risk_free=, and `sharpe_ratio_difference(returns, benchmark)` compares two Sharpe ratios."
)
OTHER_NAMES_OF_SHARPE = {
    **dict.fromkeys(("benchmark", "factor_returns", "against", "versus"), RATE_OR_BENCHMARK),
    **dict.fromkeys(("rf", "risk_free_rate", "riskfree"), "risk_free"),
    **dict.fromkeys(("periods", "annualization", "freq", "periods_in_year"), "periods_per_year"),
    **dict.fromkeys(("ci", "confidence", "confidence_interval"), "interval"),
}
BURKE_DRAWDOWNS = ("from_peak", "losing_runs")


@answers_other_names(OTHER_NAMES_OF_SHARPE, second=RATE_OR_BENCHMARK)
def sharpe_ratio(
    returns: Data,
    *,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | AnalyticInterval | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the yearly Sharpe ratio: mean excess return over its deviation, times sqrt(periods per year).

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 gives the ratio per period.
    interval : float, Bootstrap or AnalyticInterval, optional
        Return an `Interval` of this confidence instead: by Mertens' error, or longer blocks where rows are
        autocorrelated; a `Bootstrap` resamples.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Sample deviation (n - 1); nan where the excess returns are all equal.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Sharpe, J. Portfolio Management 21, 1994. The root assumes returns without autocorrelation: Lo, FAJ 58, 2002.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.sharpe_ratio([0.01, 0.03], periods_per_year=1)
    1.4142135623730951
    """
    panel = as_panel(returns, nan_policy=nan_policy, min_rows=2)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    return estimate(
        panel,
        lambda values, free: _ratios.sharpe(values, free, periods),
        rates,
        measure="sharpe_ratio",
        interval=interval,
        analytic=analytic_sharpe("mertens", periods),
        moments=ratio_of_moments(periods),
    )


@answers_other_names()
def adjusted_sharpe_ratio(
    returns: Data,
    *,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the yearly Sharpe ratio, adjusted for the skewness and the kurtosis of the excess returns.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates; 1 gives the ratio per period.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        SR (1 + skewness / 6 SR - excess kurtosis / 24 SR^2) of a period, times sqrt(periods), which is the formula of
        a year if rows are independent. nan where the excess returns are all equal. PerformanceAnalytics puts the
        ratio of a year beside the moments of a month.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Pezier & White, ICMA Centre Discussion Paper DP2006-10, 2006.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.adjusted_sharpe_ratio([0.01, 0.03, -0.01, 0.02], periods_per_year=1), 6)
    0.711975
    """
    panel = as_panel(returns, nan_policy=nan_policy, min_rows=2)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    return estimate(
        panel,
        lambda values, free: _ratios.adjusted_sharpe(values, free, periods),
        risk_free_vector(risk_free, panel, periods),
        measure="adjusted_sharpe_ratio",
        kind="moment",
        interval=interval,
    )


@answers_other_names()
def sortino_ratio(
    returns: Data,
    *,
    required_return: float | Data = 0.0,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the yearly Sortino ratio: mean return above a required one over the downside deviation.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    required_return : float or Series
        Minimum acceptable return per period, not per year; a Series has the dates of `returns`.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Downside deviation is the root mean square shortfall over all n returns; nan where there is no shortfall.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Sortino & Price, J. Investing 3, 1994.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.sortino_ratio([0.04, -0.02], periods_per_year=1), 6)
    0.707107
    """
    panel = as_panel(returns, nan_policy=nan_policy)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    required = required_rates(required_return, panel, periods)
    return estimate_above(
        panel,
        lambda values, rate: _ratios.sortino(values, rate, periods),
        required,
        measure="sortino_ratio",
        interval=interval,
    )


@answers_other_names()
def omega_ratio(
    returns: Data,
    *,
    required_return: float | Data = 0.0,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the Omega ratio: the sum of gains above a required return over the sum of shortfalls below it.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    required_return : float or Series
        Threshold per period, not per year; a Series has the dates of `returns`.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        1 if gains and shortfalls balance; nan where there is no shortfall.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Keating & Shadwick, J. Performance Measurement 6, 2002.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.omega_ratio([0.04, -0.02])
    2.0
    """
    panel = as_panel(returns, nan_policy=nan_policy)
    required = required_rates(required_return, panel)
    return estimate_above(panel, _ratios.omega, required, measure="omega_ratio", interval=interval)


@answers_other_names()
def calmar_ratio(
    returns: Data,
    *,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the Calmar ratio: geometric return per year over the worst drawdown of the whole sample.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset; pass the last 36 months for Young's original.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Yearly return per unit of drawdown; nan where there is no drawdown.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Young, Futures 20, 1991.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.calmar_ratio([-0.1, 0.3], periods_per_year=2), 6)
    1.7
    """
    panel = compounding_panel(returns, nan_policy=nan_policy)
    periods = periods_to_compound(periods_per_year, panel, measure="calmar_ratio")
    return estimate(
        panel,
        lambda values: _ratios.calmar(values, periods),
        measure="calmar_ratio",
        kind="path",
        interval=interval,
    )


@answers_other_names()
def burke_ratio(
    returns: Data,
    *,
    risk_free: float | Data = 0.0,
    drawdowns: Literal["from_peak", "losing_runs"] = "from_peak",
    modified: bool = False,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the Burke ratio: yearly excess growth over the root of the sum of squared drawdown depths.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    risk_free : float or Series
        Simple rate per period, not per year; compounded to a year.
    drawdowns : {"from_peak", "losing_runs"}
        What counts as one drawdown: a stay below the peak, by its depth, or an uninterrupted run of negative returns,
        compounded (Bacon's reading).
    modified : bool
        Multiply by the root of the number of rows, so that a longer history does not lower the ratio by itself.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Yearly return per unit of drawdown; nan where there is none.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Burke, Futures 23, 1994; Bacon, Practical Portfolio Performance Measurement and Attribution, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.burke_ratio([-0.1, 0.3], periods_per_year=2), 6)
    1.7
    """
    panel = compounding_panel(returns, nan_policy=nan_policy)
    periods = periods_to_compound(periods_per_year, panel, measure="burke_ratio")
    rates = risk_free_vector(risk_free, panel, periods)
    runs = check_choice(drawdowns, BURKE_DRAWDOWNS, name="drawdowns") == "losing_runs"

    def kernel(values: FloatMatrix, free: FloatVector) -> FloatVector:
        depths = losing_run_depths(values) if runs else episode_depths(drawdown_path(values))
        return _ratios.burke(values, free, periods, depths, modified=modified)

    return estimate(panel, kernel, rates, measure="burke_ratio", kind="path", interval=interval)


MEASURES = (
    Measure(sharpe_ratio, label="Sharpe ratio (annual)", takes=("risk_free", "periods_per_year"), min_rows=2),
    Measure(adjusted_sharpe_ratio, takes=("risk_free", "periods_per_year"), min_rows=2),
    Measure(sortino_ratio, label="Sortino ratio (annual)", takes=("required_return", "periods_per_year")),
    Measure(omega_ratio, label="Omega ratio (threshold 0)", takes=("required_return",)),
    Measure(calmar_ratio, label="Calmar ratio", takes=("periods_per_year",), compounds=True),
    Measure(burke_ratio, label="Burke ratio", takes=("risk_free", "periods_per_year"), compounds=True),
)
