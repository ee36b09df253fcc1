"""Diversification ratio, effective number of bets and concentration of a portfolio."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.core._arguments import complete_rows
from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError, RiskResearchError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._weights import weighted_panel
from riskresearch.core.frames._native import native
from riskresearch.kernels import _moments
from riskresearch.kernels._contributions import portfolio_series
from riskresearch.kernels._rounding import is_nothing, moves
from riskresearch.kernels.optimise import _effective_bets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy, PerColumn
    from riskresearch.metrics.inference._bootstrap import Bootstrap

BETS = ("minimum_torsion", "principal_components")


@answers_other_names()
def diversification_ratio(
    returns: Data,
    weights: Mapping[str, float] | Data,
    *,
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the weighted mean of the assets' volatilities over the volatility of the portfolio.

    Parameters
    ----------
    returns : DataFrame or 2-D array, shape (rows, assets)
        Simple returns per period.
    weights : mapping, Series or array, shape (assets,)
        Fractions of net asset value; short positions have their absolute weight in the mean.
        A column that a mapping or Series does not name leaves the portfolio, with a warning.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap of whole rows.
    nan_policy : {"raise", "omit"}
        "omit" leaves out rows on which any asset is missing.

    Returns
    -------
    float
        1 without diversification, more otherwise; nan if the portfolio does not move.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    References
    ----------
    Choueifaty & Coignard, J. Portfolio Management 35, 2008.

    Examples
    --------
    >>> import riskresearch
    >>> returns = [[0.01, 0.01], [-0.01, 0.01], [0.01, -0.01], [-0.01, -0.01]]
    >>> round(riskresearch.portfolio.diversification_ratio(returns, weights=[0.5, 0.5]), 6)
    1.414214
    """
    values, vector = _values_and_weights(returns, weights, nan_policy)
    return _estimate(values, vector, _ratio, measure="diversification_ratio", interval=interval)


@answers_other_names()
def effective_number_of_bets(
    returns: Data,
    weights: Mapping[str, float] | Data,
    *,
    bets: Literal["minimum_torsion", "principal_components"] = "minimum_torsion",
    interval: float | Bootstrap | None = None,
    nan_policy: NanPolicy = "raise",
) -> PerColumn:
    """Return the effective number of uncorrelated bets in the variance of the portfolio.

    Parameters
    ----------
    returns : DataFrame or 2-D array, shape (rows, assets)
        Simple returns per period; the sample covariance is used.
    weights : mapping, Series or array, shape (assets,)
        Fractions of net asset value.
        A column that a mapping or Series does not name leaves the portfolio, with a warning.
    bets : {"minimum_torsion", "principal_components"}
        The uncorrelated bets that are closest to the assets, or the principal components of the covariance, which
        depend on the scale of each asset and rarely match the intended positions.
    interval : float or Bootstrap, optional
        Return an `Interval` of this confidence instead, by the bootstrap of whole rows.
    nan_policy : {"raise", "omit"}
        "omit" leaves out rows on which any asset is missing.

    Returns
    -------
    float
        Exponential of the entropy of the bets' shares in the variance, from 1 to the number of assets; a negative
        share, which minimum torsion can produce, counts with its absolute value.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, the covariance is singular, or the portfolio does not move.

    References
    ----------
    Meucci, Risk 22(5), 2009; Meucci, Santangelo & Deguest, Risk, 2015.

    Examples
    --------
    >>> import riskresearch
    >>> returns = [[0.01, 0.01], [-0.01, 0.01], [0.01, -0.01], [-0.01, -0.01]]
    >>> round(riskresearch.portfolio.effective_number_of_bets(returns, weights=[0.5, 0.5]), 6)
    2.0
    """
    check_choice(bets, BETS, name="bets")
    values, vector = _values_and_weights(returns, weights, nan_policy)
    covariance = _moments.covariance(values)
    if not moves(covariance, vector):
        raise InvalidInputError("weights must make a portfolio that moves, but its variance is zero.")
    if bets == "minimum_torsion" and _effective_bets.minimum_torsion_shares(covariance, vector) is None:
        raise InvalidInputError(
            "returns must have a regular covariance for minimum torsion: more rows than columns, and no column that is "
            'a linear combination of others. Leave one out, or use bets="principal_components".'
        )
    number = _torsion_bets if bets == "minimum_torsion" else _principal_bets
    return _estimate(values, vector, number, measure="effective_number_of_bets", interval=interval)


@answers_other_names()
def herfindahl_index(weights: Mapping[str, float] | Data) -> float:
    """Return the concentration of weights: the sum of squared shares of the gross exposure.

    Parameters
    ----------
    weights : mapping, Series or 1-D array
        Weights, or contributions to risk; signs are ignored. One over the result is the effective number.

    Returns
    -------
    float
        Between 1 over the number of assets and 1; nan if all weights are zero.

    Raises
    ------
    InvalidInputError
        If a weight is not a finite number.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.portfolio.herfindahl_index({"AAPL": 0.5, "MSFT": 0.25, "BTC": -0.25})
    0.375
    """
    given: Any = weights
    given = list(given.values()) if isinstance(given, Mapping) else native(given, name="weights")
    if is_instance_of(given, "pandas", "Series"):
        given = given.to_numpy()
    numbers = as_panel(given, name="weights", holds="numbers").values
    gross = math.fsum(np.abs(numbers[:, 0]))
    if numbers.shape[1] != 1:
        raise InvalidInputError(f"weights must be one number for each asset, got {numbers.shape[1]} columns.")
    return math.fsum((numbers[:, 0] / gross) ** 2) if gross > 0.0 else math.nan


def _values_and_weights(returns: Data, weights: Any, nan_policy: NanPolicy) -> tuple[FloatMatrix, FloatVector]:
    panel, vector = weighted_panel(returns, weights, nan_policy=nan_policy, min_rows=2)
    return complete_rows(panel), vector


def _ratio(values: FloatMatrix, weights: FloatVector) -> float:
    spread = _moments.deviation(portfolio_series(values, weights)[:, None])[0]
    parts = np.abs(weights) * _moments.deviation(values)
    return math.nan if is_nothing(float(spread), parts) else math.fsum(parts) / float(spread)


def _principal_bets(values: FloatMatrix, weights: FloatVector) -> float:
    covariance = _moments.covariance(values)
    if not moves(covariance, weights):
        return math.nan
    return _effective_bets.effective_number(_effective_bets.principal_shares(covariance, weights))


def _torsion_bets(values: FloatMatrix, weights: FloatVector) -> float:
    covariance = _moments.covariance(values)
    shares = _effective_bets.minimum_torsion_shares(covariance, weights) if moves(covariance, weights) else None
    if shares is None:
        return math.nan
    if np.isnan(shares).any():
        raise RiskResearchError("the minimum torsion was not found: the iteration does not converge.")
    return _effective_bets.effective_number(np.abs(shares) / np.abs(shares).sum())


def _estimate(
    values: FloatMatrix,
    weights: FloatVector,
    statistic: Callable[[FloatMatrix, FloatVector], float],
    *,
    measure: str,
    interval: float | Bootstrap | None,
) -> PerColumn:
    """Return the statistic of rows and weights, or its interval with the block length of the portfolio's returns."""
    if interval is None:
        return statistic(values, weights)
    from riskresearch.metrics.inference._bootstrap import as_bootstrap  # noqa: PLC0415 (rarely asked for)
    from riskresearch.metrics.inference._estimand import Estimand  # noqa: PLC0415
    from riskresearch.metrics.inference._resampled import interval_panel  # noqa: PLC0415

    panel = as_panel(portfolio_series(values, weights), min_rows=2)

    def kernel(_: FloatMatrix, *assets: FloatVector) -> FloatVector:
        return np.array([statistic(np.stack(assets, axis=1), weights)])

    own = Estimand(measure, kernel, "value", None, None)
    return interval_panel(panel, own, *values.T, settings=as_bootstrap(interval), asked="settings")
