"""Conditional drawdown at risk, the pain index, and ratios of return to drawdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from riskresearch.core._arguments import compounding_panel, risk_free_vector
from riskresearch.core._checks import check_choice, check_count, check_level, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.kernels._compounding import excess_growth
from riskresearch.kernels._drawdown_tail import deepest_average, summed_drawdown_path, yearly_average
from riskresearch.kernels._moments import divide, mean
from riskresearch.kernels._quantiles import historical_tail
from riskresearch.kernels._ratios import ulcer
from riskresearch.kernels._rounding import unless_rounding
from riskresearch.kernels.compiled._drawdown import drawdown_path
from riskresearch.metrics._measure import Measure
from riskresearch.metrics._years import periods_to_compound
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap

COMPOUNDINGS = ("geometric", "arithmetic")
STERLING_DRAWDOWNS = ("average", "max", "yearly")


@answers_other_names()
def conditional_drawdown_at_risk(
    returns: Data,
    *,
    level: float = 0.95,
    compounding: Literal["geometric", "arithmetic"] = "geometric",
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return CDaR: the mean of the worst `1 - level` of the drawdowns after each row.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    level : float
        Confidence level in (0.5, 1).
    compounding : {"geometric", "arithmetic"}
        "geometric" takes the path of `drawdown`, fractions of the peak; "arithmetic" that of summed returns, peak less
        current sum, as in the paper and in portfolio optimisers.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Positive is worse; between the mean of the path (`pain_index`) and its maximum. The boundary row has the
        fraction of weight that is left, as in `conditional_value_at_risk`.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Chekhlov, Uryasev & Zabarankin, Int. J. Theoretical & Applied Finance 8, 2005.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.conditional_drawdown_at_risk([-0.2, 0.25, -0.1, 0.2], level=0.7), 6)
    0.183333
    """
    checked_level = check_level(level)
    compounded = check_choice(compounding, COMPOUNDINGS, name="compounding") == "geometric"
    panel = (compounding_panel if compounded else as_panel)(returns, nan_policy=nan_policy)
    path = drawdown_path if compounded else summed_drawdown_path
    return estimate(
        panel,
        lambda values: historical_tail(-path(values), checked_level)[1],
        measure="conditional_drawdown_at_risk",
        kind="path",
        interval=interval,
    )


@answers_other_names()
def pain_index(
    returns: Data, *, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return the pain index: the mean drawdown over all rows, those at a peak counted as zero.

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
        Fraction in [0, 1], positive is worse; `average_drawdown` averages depths of episodes instead.

    Raises
    ------
    InvalidInputError
        If a return is missing, infinite or below -1.

    References
    ----------
    Becker, Zephyr Associates, 2006; Bacon, Practical Portfolio Performance Measurement, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.pain_index([-0.2, 0.25]), 6)
    0.1
    """
    return estimate(
        compounding_panel(returns, nan_policy=nan_policy),
        lambda values: mean(drawdown_path(values)),
        measure="pain_index",
        kind="path",
        interval=interval,
    )


@answers_other_names()
def pain_ratio(
    returns: Data,
    *,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the pain ratio: yearly excess growth over the pain index.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    risk_free : float or Series
        Simple rate per period, not per year; compounded to a year.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Yearly return per unit of mean drawdown; nan where there is no drawdown.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Becker, Zephyr Associates, 2006; Bacon, Practical Portfolio Performance Measurement, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.pain_ratio([-0.2, 0.5], periods_per_year=2), 6)
    2.0
    """
    panel = compounding_panel(returns, nan_policy=nan_policy)
    periods = periods_to_compound(periods_per_year, panel, measure="pain_ratio")
    rates = risk_free_vector(risk_free, panel, periods)
    return estimate(
        panel,
        lambda values, free: divide(
            excess_growth(values, free, periods), unless_rounding(mean(drawdown_path(values)), values)
        ),
        rates,
        measure="pain_ratio",
        kind="path",
        interval=interval,
    )


@answers_other_names()
def martin_ratio(
    returns: Data,
    *,
    risk_free: float | Data = 0.0,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the Martin ratio: yearly excess growth over the Ulcer index (also: Ulcer performance index).

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    risk_free : float or Series
        Simple rate per period, not per year; compounded to a year.
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Yearly return per unit of root mean square drawdown; nan where there is no drawdown.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Martin & McCann, The Investor's Guide to Fidelity Funds, 1989.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.martin_ratio([-0.2, 0.5], periods_per_year=2), 6)
    1.414214
    """
    panel = compounding_panel(returns, nan_policy=nan_policy)
    periods = periods_to_compound(periods_per_year, panel, measure="martin_ratio")
    rates = risk_free_vector(risk_free, panel, periods)
    return estimate(
        panel,
        lambda values, free: divide(
            excess_growth(values, free, periods), unless_rounding(ulcer(drawdown_path(values)), values)
        ),
        rates,
        measure="martin_ratio",
        kind="path",
        interval=interval,
    )


@answers_other_names()
def sterling_ratio(
    returns: Data,
    *,
    risk_free: float | Data = 0.0,
    drawdowns: Literal["average", "max", "yearly"] = "average",
    top: int | None = None,
    added: float = 0.1,
    periods_per_year: float | None = None,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the Sterling ratio: yearly excess growth over a drawdown to which 10 % is added.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    risk_free : float or Series
        Simple rate per period, not per year; compounded to a year.
    drawdowns : {"average", "max", "yearly"}
        Mean depth of the drawdowns, each counted once from its peak (Bacon); the worst (PerformanceAnalytics); or the
        mean over the years of the worst within each (Kestner, who takes three years). Years are runs of
        `periods_per_year` rows counted back from the last; what is left at the beginning counts as one more.
    top : int, optional
        With "average", how many of the deepest are averaged; None takes all.
    added : float
        Amount added to the drawdown; 0 gives a Calmar-like ratio (Sterling-Calmar).
    periods_per_year : float, optional
        Rows that make a year; None reads it off the dates.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        nan where the sum of drawdown and `added` is zero.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Kestner, Futures 25, 1996; Bacon, Practical Portfolio Performance Measurement, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.sterling_ratio([-0.1, 0.2, -0.2, 0.4], periods_per_year=4), 6)
    0.8384
    """
    check_choice(drawdowns, STERLING_DRAWDOWNS, name="drawdowns")
    extra, count = _sterling_numbers(added, top, drawdowns)
    panel = compounding_panel(returns, nan_policy=nan_policy)
    periods = periods_to_compound(periods_per_year, panel, measure="sterling_ratio")
    rates = risk_free_vector(risk_free, panel, periods)

    def kernel(values: FloatMatrix, free: FloatVector) -> FloatVector:
        if drawdowns == "yearly":
            depth = yearly_average(values, max(1, round(periods)))
        else:
            depth = deepest_average(drawdown_path(values), count)
        risk = unless_rounding(np.asarray(depth), values) + extra
        return divide(excess_growth(values, free, periods), risk)

    return estimate(panel, kernel, rates, measure="sterling_ratio", kind="path", interval=interval)


def _sterling_numbers(added: float, top: int | None, drawdowns: str) -> tuple[float, int | None]:
    """Return the amount that is added and the number of drawdowns that are averaged, None for all."""
    extra = check_number(added, name="added")
    if extra < 0.0:
        raise InvalidInputError(f"added must not be negative, got {added!r}. Drawdowns are positive here.")
    if drawdowns != "average":
        if top is not None:
            raise InvalidInputError(f'top must be left out with drawdowns="{drawdowns}", got {top!r}.')
        return extra, 1
    return extra, None if top is None else check_count(top, name="top", minimum=1)


MEASURES = (
    Measure(conditional_drawdown_at_risk, takes=("level",), compounds=True),
    Measure(pain_index, compounds=True),
    Measure(pain_ratio, takes=("risk_free", "periods_per_year"), compounds=True),
    Measure(martin_ratio, takes=("risk_free", "periods_per_year"), compounds=True),
    Measure(sterling_ratio, takes=("risk_free", "periods_per_year"), compounds=True),
)
