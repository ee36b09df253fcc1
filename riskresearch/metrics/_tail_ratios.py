"""The upper tail of returns in relation to the lower."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.core._arguments import risk_free_vector
from riskresearch.core._checks import check_level
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.kernels import _ratios
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap


@answers_other_names()
def tail_ratio(
    returns: Data, *, level: float = 0.95, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return the size of the upper tail over that of the lower: quantiles of gains and losses at `level`.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    level : float
        Confidence level in (0.5, 1), the same on both sides.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Above 1 if large gains are larger than large losses. The ratio of two sizes, so never negative, also where the
        quantile on the side of the losses is a gain; nan where that quantile is zero.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    See Also
    --------
    value_at_risk : The denominator; both sides are order statistics of rank ceil(level * n).

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.tail_ratio([0.04, 0.01, -0.02], level=0.9)
    2.0
    """
    at = check_level(level)
    panel = as_panel(returns, nan_policy=nan_policy)
    return estimate(panel, lambda values: _ratios.tail_ratio(values, at), measure="tail_ratio", interval=interval)


@answers_other_names()
def rachev_ratio(
    returns: Data,
    *,
    level: float = 0.95,
    gain_level: float | None = None,
    risk_free: float | Data = 0.0,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the Rachev ratio: the mean of the best excess returns over the size of the mean of the worst.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    level : float
        Confidence level in (0.5, 1) of the losses: 0.95 takes the worst 5 %.
    gain_level : float, optional
        Confidence level of the gains; None takes `level`.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        Above 1 if the best returns are larger than the worst losses; nan where the mean of the worst is no loss. Both
        means are those of `conditional_value_at_risk`, with the fraction of weight that is left at the boundary;
        PerformanceAnalytics averages all returns up to interpolated quantiles.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Biglova, Ortobelli, Rachev & Stoyanov, J. Portfolio Management 31, 2004.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.rachev_ratio([0.04, 0.01, -0.02, 0.0], level=0.75)
    2.0
    """
    of_losses = check_level(level)
    of_gains = of_losses if gain_level is None else check_level(gain_level, name="gain_level")
    panel = as_panel(returns, nan_policy=nan_policy)
    return estimate(
        panel,
        lambda values, free: _ratios.rachev(values, free, of_losses, of_gains),
        risk_free_vector(risk_free, panel, None),
        measure="rachev_ratio",
        interval=interval,
    )


MEASURES = (
    Measure(tail_ratio, label="Tail ratio", takes=("level",)),
    Measure(rachev_ratio, takes=("level", "risk_free")),
)
