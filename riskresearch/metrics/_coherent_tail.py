"""Tail measures of the whole distribution: entropic value at risk and expectiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._checks import check_level
from riskresearch.core._errors import RiskResearchError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.kernels.distributions import _coherent
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatVector, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap


@answers_other_names()
def entropic_value_at_risk(
    returns: Data, *, level: float = 0.95, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return EVaR: the tightest bound on VaR and CVaR by Chernoff's inequality, a coherent measure.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    level : float
        Confidence level in (0.5, 1).
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        A loss per period, positive is worse: the minimum over t of t log(mean(exp(loss / t)) / (1 - level)), solved to
        the last digits. At least `conditional_value_at_risk`, at most the worst loss.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Ahmadi-Javid, J. Optimization Theory & Applications 155, 2012.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.entropic_value_at_risk([0.01, -0.03, 0.02, -0.01, 0.0], level=0.75), 6)
    0.028916
    """
    checked_level = check_level(level)
    panel = as_panel(returns, nan_policy=nan_policy)
    return estimate(
        panel,
        lambda values: _converged(_coherent.entropic_value_at_risk(values, checked_level)),
        measure="entropic_value_at_risk",
        kind="loss",
        interval=interval,
    )


@answers_other_names()
def expectile_value_at_risk(
    returns: Data, *, level: float = 0.95, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return the expectile of the losses: the amount at which expected gains and losses stand as level to 1 - level.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    level : float
        The expectile's own level in (0.5, 1), not that of a quantile: for normal losses the 0.95 expectile is the
        0.873 quantile, and the 99 % VaR is the 0.99855 expectile.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out.

    Returns
    -------
    float, Series by column, or array
        A loss per period, positive is worse, between the mean loss and the worst. Coherent and elicitable.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Newey & Powell, Econometrica 55, 1987; Bellini & Di Bernardino, European J. Finance 23, 2017.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.expectile_value_at_risk([0.01, -0.03, 0.02, -0.01, 0.0], level=0.75), 6)
    0.01
    """
    checked_level = check_level(level)
    return estimate(
        as_panel(returns, nan_policy=nan_policy),
        lambda values: _coherent.expectile(values, checked_level),
        measure="expectile_value_at_risk",
        kind="loss",
        interval=interval,
    )


def _converged(measure: FloatVector) -> FloatVector:
    if np.isnan(measure).any():
        raise RiskResearchError("the tilt of the entropic value at risk was not found: no convergence.")
    return measure


MEASURES = (
    Measure(entropic_value_at_risk, takes=("level",)),
    Measure(expectile_value_at_risk, takes=("level",)),
)
