"""Betas of higher co-moments: how much of the benchmark's own skewness and kurtosis returns contribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from riskresearch.core._arguments import panel_and_benchmark
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels.benchmark import _comovement
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap


@answers_other_names()
def beta_coskewness(
    returns: Data,
    benchmark: Data,
    *,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the beta of co-skewness: E[(r - mean) (m - mean)^2] over E[(m - mean)^3].

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
        1 for the benchmark itself. nan where the benchmark's third moment cannot be told from zero; where it is small,
        as for months of little skewness, the ratio is large and says little.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Martellini & Ziemann, Review of Financial Studies 23, 2010; PerformanceAnalytics' BetaCoSkewness.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.02, 0.01, 0.04, -0.03], [0.01, 0.0, 0.02, -0.02]
    >>> round(riskresearch.metrics.beta_coskewness(returns, market), 6)
    1.866667
    """
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy)
    return estimate(
        panel,
        lambda values, other: _comovement.comoment_beta(values, other, 2),
        market,
        measure="beta_coskewness",
        kind="moment",
        interval=interval,
    )


@answers_other_names()
def beta_cokurtosis(
    returns: Data,
    benchmark: Data,
    *,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the beta of co-kurtosis: E[(r - mean) (m - mean)^3] over E[(m - mean)^4].

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
        1 for the benchmark itself; nan where the benchmark does not vary. That of the second moment is `beta`.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Martellini & Ziemann, Review of Financial Studies 23, 2010; PerformanceAnalytics' BetaCoKurtosis.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.02, 0.01, 0.04, -0.03], [0.01, 0.0, 0.02, -0.02]
    >>> round(riskresearch.metrics.beta_cokurtosis(returns, market), 6)
    1.756745
    """
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy)
    return estimate(
        panel,
        lambda values, other: _comovement.comoment_beta(values, other, 3),
        market,
        measure="beta_cokurtosis",
        kind="moment",
        interval=interval,
    )


MEASURES = (
    Measure(beta_coskewness, benchmark=True, min_rows=2),
    Measure(beta_cokurtosis, benchmark=True, min_rows=2),
)
