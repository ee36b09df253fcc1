"""Gains in relation to losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.core._arguments import required_rates
from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.kernels import _downside
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate, estimate_above

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap


@answers_other_names()
def gain_to_pain_ratio(
    returns: Data, *, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return Schwager's gain-to-pain ratio: the sum of returns over the sum of absolute losses.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset. Schwager's figures are of monthly returns: daily ones of the
        same track record give a much smaller ratio. `aggregate_returns(returns, to="month")` compounds them.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Not annualised; the Omega ratio less 1, so negative if losses outweigh gains; nan where there is no loss.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Schwager, Hedge Fund Market Wizards, 2012, appendix A.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.gain_to_pain_ratio([0.04, -0.02])
    1.0
    """
    return estimate(
        as_panel(returns, nan_policy=nan_policy),
        _downside.gain_to_pain,
        measure="gain_to_pain_ratio",
        interval=interval,
    )


@answers_other_names()
def d_ratio(returns: Data, *, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise") -> PerColumn:
    """Return the d ratio: number times sum of the losses over number times sum of the gains.

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
        Zero or more, smaller is better: 0 where there is no loss, nan where there is no gain. Returns of zero count
        on neither side.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Lavinio, The Hedge Fund Handbook, 2000; Bacon, Practical Portfolio Performance Measurement and Attribution, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.d_ratio([0.04, -0.01, -0.01])
    1.0
    """
    return estimate(as_panel(returns, nan_policy=nan_policy), _downside.d_ratio, measure="d_ratio", interval=interval)


@answers_other_names()
def prospect_ratio(
    returns: Data,
    *,
    required_return: float | Data = 0.0,
    loss_aversion: float = 2.25,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the prospect ratio: mean return with losses weighed more, above a required one, over downside deviation.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    required_return : float or Series
        Minimum acceptable return per period, not per year; a Series has the dates of `returns`.
    loss_aversion : float
        What a return below zero is multiplied by, 1 or more; 2.25 is the estimate of Tversky & Kahneman.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Not annualised; nan where there is no shortfall. PerformanceAnalytics divides `required_return` by the number
        of rows, here it is subtracted whole, as in Bacon's formula; without one both agree.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Watanabe, J. Performance Measurement 11, 2006; Bacon, Practical Portfolio Performance Measurement and Attribution,
    2008; Tversky & Kahneman, J. Risk and Uncertainty 5, 1992.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.prospect_ratio([0.04, -0.01, 0.01]), 6)
    1.587713
    """
    aversion = check_number(loss_aversion, name="loss_aversion")
    if aversion < 1.0:
        raise InvalidInputError(f"loss_aversion must be at least 1, got {loss_aversion!r}.")
    panel = as_panel(returns, nan_policy=nan_policy)
    return estimate_above(
        panel,
        lambda values, rate: _downside.prospect(values, rate, aversion),
        required_rates(required_return, panel),
        measure="prospect_ratio",
        interval=interval,
        difference=False,
    )


MEASURES = (
    Measure(gain_to_pain_ratio),
    Measure(d_ratio),
    Measure(prospect_ratio, takes=("required_return",)),
)
