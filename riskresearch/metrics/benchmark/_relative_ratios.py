"""Reward per unit of the risk that a benchmark explains or leaves unexplained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from riskresearch.core._arguments import panel_and_benchmark, risk_free_vector
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.kernels.benchmark import _comovement, _relative_ratios
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap

COMPOUNDINGS = ("geometric", "arithmetic")
ALPHAS = ("regression", "annual_returns")


@answers_other_names()
def treynor_ratio(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    compounding: Literal["geometric", "arithmetic"] = "geometric",
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the Treynor ratio: excess return per year over beta.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    compounding : {"geometric", "arithmetic"}
        Excess return per year from growth, the rate compounded to a year (Bacon), or from means times periods.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Yearly return per unit of market risk; nan where beta is exactly zero.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Treynor, Harvard Business Review 43, 1965.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.02, -0.02, 0.04], [0.01, -0.01, 0.02]
    >>> ratio = riskresearch.metrics.treynor_ratio(returns, market, compounding="arithmetic", periods_per_year=12)
    >>> round(ratio, 6)
    0.08
    """
    compounded = check_choice(compounding, COMPOUNDINGS, name="compounding") == "geometric"
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy, compounded=compounded)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    return estimate(
        panel,
        lambda values, other, free: _relative_ratios.treynor(values, other, free, periods, compounding),
        market,
        rates,
        measure="treynor_ratio",
        interval=interval,
    )


@answers_other_names()
def modified_treynor_ratio(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    compounding: Literal["geometric", "arithmetic"] = "geometric",
    ddof: int = 1,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the modified Treynor ratio: excess return per year over the systematic risk.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    compounding : {"geometric", "arithmetic"}
        Excess return per year from growth, the rate compounded to a year (Bacon), or from means times periods.
    ddof : int
        As in `systematic_risk`: 1 has the value that PerformanceAnalytics prints, 0 Bacon's.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Unit-free: beta times the volatility of the benchmark is a return per year too; nan where beta is exactly zero.

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
    >>> returns, market = [0.02, -0.02, 0.04], [0.01, -0.01, 0.02]
    >>> options = {"compounding": "arithmetic", "periods_per_year": 1}
    >>> round(riskresearch.metrics.modified_treynor_ratio(returns, market, **options), 6)
    0.436436
    """
    compounded = check_choice(compounding, COMPOUNDINGS, name="compounding") == "geometric"
    divisor = check_count(ddof, name="ddof", minimum=0)
    panel, market = panel_and_benchmark(
        returns, benchmark, nan_policy=nan_policy, min_rows=max(2, divisor + 1), compounded=compounded
    )
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    return estimate(
        panel,
        lambda values, other, free: _relative_ratios.modified_treynor(
            values, other, free, periods, compounding, divisor
        ),
        market,
        rates,
        measure="modified_treynor_ratio",
        interval=interval,
    )


@answers_other_names()
def m_squared(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    compounding: Literal["geometric", "arithmetic"] = "geometric",
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return M squared: the yearly return at the benchmark's volatility, the rest held in cash or borrowed.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    compounding : {"geometric", "arithmetic"}
        Excess return per year from growth, the rate compounded to a year (Bacon), or from means times periods.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Fraction per year, to be compared with the benchmark's own return; nan where the excess returns are all
        equal. Volatilities are those of excess returns.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Modigliani & Modigliani, J. Portfolio Management 23, 1997.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.02, -0.02, 0.06], [0.01, -0.01, 0.03]
    >>> round(riskresearch.metrics.m_squared(returns, market, compounding="arithmetic", periods_per_year=12), 6)
    0.12
    """
    compounded = check_choice(compounding, COMPOUNDINGS, name="compounding") == "geometric"
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy, compounded=compounded)
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    return estimate(
        panel,
        lambda values, other, free: _relative_ratios.m_squared(values, other, free, periods, compounding),
        market,
        rates,
        measure="m_squared",
        interval=interval,
    )


@answers_other_names()
def appraisal_ratio(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    alpha_from: Literal["regression", "annual_returns"] = "regression",
    ddof: int = 2,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the appraisal ratio: Jensen's alpha per year over the yearly deviation of what beta leaves unexplained.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    alpha_from : {"regression", "annual_returns"}
        The intercept times periods, as in `alpha`, or Jensen's formula on compounded annual returns (Bacon).
    ddof : int
        Subtracted from the rows in the divisor of the residual variance: 2 is the regression's, 0 Bacon's.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Unit-free; nan where the benchmark explains the returns without remainder.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Treynor & Black, J. Business 46, 1973.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.02, 0.01, 0.03, -0.01], [0.01, 0.01, 0.02, -0.02]
    >>> round(riskresearch.metrics.appraisal_ratio(returns, market, periods_per_year=1), 6)
    1.2943
    """
    divisor = check_count(ddof, name="ddof", minimum=0)
    compounded = check_choice(alpha_from, ALPHAS, name="alpha_from") == "annual_returns"
    panel, market = panel_and_benchmark(
        returns, benchmark, nan_policy=nan_policy, min_rows=max(2, divisor + 1), compounded=compounded
    )
    periods = resolve_periods_per_year(periods_per_year, panel.dates)
    rates = risk_free_vector(risk_free, panel, periods)
    return estimate(
        panel,
        lambda values, other, free: _relative_ratios.appraisal(values, other, free, periods, alpha_from, divisor),
        market,
        rates,
        measure="appraisal_ratio",
        interval=interval,
    )


@answers_other_names()
def batting_average(
    returns: Data,
    benchmark: Data,
    *,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the share of rows on which returns were above the benchmark's.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Between 0 and 1; rows that are equal count as not above.

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
    >>> riskresearch.metrics.batting_average([0.02, -0.02, 0.01, 0.0], [0.01, -0.01, 0.01, -0.01])
    0.5
    """
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy, min_rows=1)
    return estimate(panel, _comovement.batting_average, market, measure="batting_average", interval=interval)


MEASURES = (
    Measure(treynor_ratio, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=2, compounds=True),
    Measure(
        modified_treynor_ratio, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=2, compounds=True
    ),
    Measure(m_squared, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=2, compounds=True),
    Measure(appraisal_ratio, takes=("risk_free", "periods_per_year"), benchmark=True, min_rows=3),
    Measure(batting_average, benchmark=True),
)
