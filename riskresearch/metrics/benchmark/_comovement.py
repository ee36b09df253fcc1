"""Comovement with a benchmark: correlation, up and down beta, co-skewness and co-kurtosis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from riskresearch.core._arguments import panel_and_benchmark, risk_free_vector
from riskresearch.core._checks import check_choice
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels.benchmark import _comovement, _relative
from riskresearch.metrics._measure import Measure
from riskresearch.metrics.inference._estimand import CoMoments
from riskresearch.metrics.inference._estimate import estimate

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatVector, NanPolicy, PerColumn
    from riskresearch.kernels.inference._bootstrap import CoMoments as OfTwo
    from riskresearch.metrics.inference._bootstrap import Bootstrap

THRESHOLDS = ("mean", "zero")


@answers_other_names()
def correlation(
    returns: Data,
    benchmark: Data,
    *,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return Pearson's correlation of returns with a benchmark.

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
        Within [-1, 1]; nan where either side does not vary.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.correlation([0.02, -0.02, 0.03], [0.01, 0.0, 0.02]), 6)
    0.944911
    """
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy)
    return estimate(
        panel,
        _relative.correlation,
        market,
        measure="correlation",
        interval=interval,
        co_moments=CoMoments(lambda values, other: (values[:, 0], other), _cosine),
    )


def _cosine(moments: OfTwo) -> FloatVector:
    """Return the correlation; nan where a series does not vary."""
    spread = np.sqrt(moments.variance * moments.other_variance)
    return np.clip(moments.covariance / np.where(spread > 0.0, spread, np.nan), -1.0, 1.0)


@answers_other_names()
def up_beta(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    threshold: Literal["mean", "zero"] = "mean",
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return beta over the rows on which the benchmark's excess return is above a threshold.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    threshold : {"mean", "zero"}
        The threshold of the benchmark's excess return: its own mean over all rows (Ang, Chen & Xing), or zero.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Unit-free; nan where fewer than two such rows, or none that differ. Rows exactly at the threshold are on
        neither side.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Ang, Chen & Xing, Review of Financial Studies 19, 2006.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.02, 0.06, -0.01, -0.02], [0.01, 0.03, -0.01, -0.02]
    >>> round(riskresearch.metrics.up_beta(returns, market), 6)
    2.0
    """
    return _one_sided_beta(returns, benchmark, 1, risk_free, threshold, interval, nan_policy)


@answers_other_names()
def down_beta(
    returns: Data,
    benchmark: Data,
    *,
    risk_free: float | Data = 0.0,
    threshold: Literal["mean", "zero"] = "mean",
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return beta over the rows on which the benchmark's excess return is below a threshold.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    benchmark : Series or 1-D array
        Simple returns of the benchmark on the same dates; other dates are refused, not dropped.
    risk_free : float or Series
        Simple rate per period, not per year; a Series has the dates of `returns`.
    threshold : {"mean", "zero"}
        The threshold of the benchmark's excess return: its own mean over all rows (Ang, Chen & Xing), or zero.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap.
    nan_policy : {"raise", "omit"}
        Whether missing values are an error or left out; a row missing on either side is left out.

    Returns
    -------
    float, Series by column, or array
        Unit-free; nan where fewer than two such rows, or none that differ. Rows exactly at the threshold are on
        neither side.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Ang, Chen & Xing, Review of Financial Studies 19, 2006.

    Examples
    --------
    >>> import riskresearch
    >>> returns, market = [0.02, 0.06, -0.01, -0.02], [0.01, 0.03, -0.01, -0.02]
    >>> round(riskresearch.metrics.down_beta(returns, market), 6)
    1.0
    """
    return _one_sided_beta(returns, benchmark, -1, risk_free, threshold, interval, nan_policy)


def _one_sided_beta(
    returns: Data,
    benchmark: Data,
    side: int,
    risk_free: float | Data,
    threshold: str,
    interval: float | Bootstrap | None,
    nan_policy: NanPolicy,
) -> PerColumn:
    check_choice(threshold, THRESHOLDS, name="threshold")
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy)
    rates = risk_free_vector(risk_free, panel, None)
    return estimate(
        panel,
        lambda values, other, free: _comovement.conditional_beta(values, other, free, side, threshold),
        market,
        rates,
        measure="up_beta" if side > 0 else "down_beta",
        interval=interval,
    )


@answers_other_names()
def coskewness(
    returns: Data,
    benchmark: Data,
    *,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the standardised co-skewness: E[(r - mean) (m - mean)^2] over deviation and variance of the benchmark.

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
        Population moments of raw returns (no regression before). Negative if returns are low when the benchmark
        is far from its mean; of the benchmark with itself it is the skewness; nan where either does not vary.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Ang, Chen & Xing, Review of Financial Studies 19, 2006; Harvey & Siddique, J. Finance 55, 2000.

    Examples
    --------
    >>> import riskresearch
    >>> round(riskresearch.metrics.coskewness([-0.02, 0.01, 0.01], [0.02, -0.01, -0.01]), 6)
    -0.707107
    """
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy)
    return estimate(
        panel,
        lambda values, other: _comovement.comoment(values, other, 2),
        market,
        measure="coskewness",
        kind="moment",
        interval=interval,
    )


@answers_other_names()
def cokurtosis(
    returns: Data,
    benchmark: Data,
    *,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the standardised co-kurtosis: E[(r - mean) (m - mean)^3] over the deviations of both.

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
        Population moments of raw returns, no 3 subtracted: for jointly normal returns 3 times the correlation. Of
        the benchmark with itself it is the kurtosis; nan where either does not vary.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the dates differ.

    References
    ----------
    Ang, Chen & Xing, Review of Financial Studies 19, 2006; Harvey & Siddique, J. Finance 55, 2000.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.metrics.cokurtosis([0.02, -0.02, 0.02, -0.02], [0.01, -0.01, 0.01, -0.01])
    1.0
    """
    panel, market = panel_and_benchmark(returns, benchmark, nan_policy=nan_policy)
    return estimate(
        panel,
        lambda values, other: _comovement.comoment(values, other, 3),
        market,
        measure="cokurtosis",
        kind="moment",
        interval=interval,
    )


MEASURES = (
    Measure(correlation, label="Correlation with benchmark", benchmark=True, min_rows=2),
    Measure(up_beta, takes=("risk_free",), benchmark=True, min_rows=2),
    Measure(down_beta, takes=("risk_free",), benchmark=True, min_rows=2),
    Measure(coskewness, benchmark=True, min_rows=2),
    Measure(cokurtosis, benchmark=True, min_rows=2),
)
