"""Gains in relation to losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.core._panel import as_panel
from riskresearch.kernels import _downside
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap


def gain_to_pain_ratio(
    returns: Data, *, interval: float | Bootstrap | None = None, nan_policy: NanPolicy = "raise"
) -> PerColumn:
    """Return Schwager's gain-to-pain ratio: the sum of returns over the sum of absolute losses.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset. Schwager's figures are of monthly returns: daily ones of the
        same track record give a much smaller ratio, and nothing is resampled here.
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


MEASURES = (Measure(gain_to_pain_ratio),)
