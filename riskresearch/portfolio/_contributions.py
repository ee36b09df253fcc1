"""Euler contributions of assets and factors to the volatility, VaR and CVaR of a portfolio."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.core._arguments import column_labels, complete_rows, row_probabilities, same_rows
from riskresearch.core._checks import check_choice, check_level, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import Groups, group_of_each
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._weights import weighted_panel
from riskresearch.kernels import _contributions
from riskresearch.kernels._rounding import shares_of
from riskresearch.metrics._student_t_fit import fitted_multivariate_t
from riskresearch.portfolio._risk_contributions import RiskContributions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy

RiskMeasure = Literal["conditional_value_at_risk", "value_at_risk", "volatility"]
ContributionMethod = Literal["historical", "normal", "student_t"]
MEASURES = ("conditional_value_at_risk", "value_at_risk", "volatility")
METHODS = ("historical", "normal", "student_t")
RANK_TOLERANCE = 1e-9


@answers_other_names(
    {**dict.fromkeys(("sectors", "sector", "by", "group"), "groups"), "confidence": "level", "risk": "measure"}
)
def risk_contributions(
    returns: Data,
    weights: Mapping[str, float] | Data,
    *,
    measure: RiskMeasure = "conditional_value_at_risk",
    method: ContributionMethod = "historical",
    level: float = 0.95,
    probabilities: Data | None = None,
    bandwidth: float | None = None,
    factors: Data | None = None,
    groups: Groups | None = None,
    nan_policy: NanPolicy = "raise",
) -> RiskContributions:
    """Decompose the risk of a portfolio by asset, and by factor if factors are given.

    Parameters
    ----------
    returns : DataFrame or 2-D array, shape (rows, assets)
        Simple returns per period, or simulated scenarios.
    weights : mapping, Series or array, shape (assets,)
        Fractions of net asset value; the rest to 1 is cash that earns nothing.
        A column that a mapping or Series does not name leaves the portfolio, with a warning.
    measure : {"conditional_value_at_risk", "value_at_risk", "volatility"}
        Loss per period, or sample deviation per period, which has no `method`.
    method : {"historical", "normal", "student_t"}
        Tail scenarios, sample moments, or a multivariate Student-t fitted by maximum likelihood.
    level : float
        Confidence level in (0.5, 1).
    probabilities : array, optional
        Probability of each row, for the historical method.
    bandwidth : float, optional
        Smooth the historical VaR over order statistics within this distance in probability; see docs/conventions.md.
    factors : Series, DataFrame or array, optional
        Factor returns over the same rows; adds regression betas, a contribution for each and the specific part.
    groups : mapping, Series or list, optional
        Group of each asset, such as its sector: by name of the asset, a list of assets for each group, or in the order
        of the assets; adds the sums by group.
    nan_policy : {"raise", "omit"}
        "omit" leaves out rows on which any asset is missing.

    Returns
    -------
    RiskContributions
        `math.fsum(component)` is `total`, to the last bit.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule.

    Examples
    --------
    >>> import riskresearch
    >>> scenarios = [[-0.04, 0.01], [0.02, -0.01], [0.01, 0.02], [0.0, -0.02]]
    >>> result = riskresearch.portfolio.risk_contributions(scenarios, weights=[0.5, 0.5], level=0.75)
    >>> result.component, result.total
    ((0.02, -0.005), 0.015)
    """
    confidence = check_level(level)
    check_choice(measure, MEASURES, name="measure")
    check_choice(method, METHODS, name="method")
    least = 1 if _by_scenario(measure, method) else 2
    panel, vector = weighted_panel(returns, weights, nan_policy=nan_policy, min_rows=least)
    market = None if factors is None else same_rows(factors, panel, name="factors", nan_policy=panel.nan_policy)
    if market is not None and market.has_nan:
        panel = _without_rows(panel, market)
    values = complete_rows(panel)
    chances = _check_probabilities(probabilities, panel, measure, method)
    width = _check_bandwidth(bandwidth, confidence, measure, method)
    risk = estimator(values, panel, measure, method, confidence, chances, width)
    series = _contributions.portfolio_series(values, vector)
    rows = risk(series)
    if np.isnan(rows).any():
        raise InvalidInputError(f"bandwidth must cover at least one order statistic, got {bandwidth!r}. Widen it.")
    marginal = _contributions.marginal_contributions(values, rows)
    component = vector * marginal
    total = math.fsum(component)
    without = _contributions.risk_without(values, vector, series, risk)
    assets = column_labels(panel)
    return RiskContributions(
        assets=assets,
        weights=tuple(vector.tolist()),
        marginal=tuple(marginal.tolist()),
        component=tuple(component.tolist()),
        percentage=tuple(shares_of(component, total).tolist()),
        incremental=tuple((total - without).tolist()),
        total=total,
        measure=measure,
        method=None if measure == "volatility" else method,
        level=None if measure == "volatility" else confidence,
        bandwidth=width,
        observations=values.shape[0],
        groups=() if groups is None else group_of_each(groups, assets),
        **_factor_contributions(market, panel, series, rows, total),
    )


def _by_scenario(measure: str, method: str) -> bool:
    if measure == "volatility" and method != "historical":
        raise InvalidInputError(f'method must be left out with measure="volatility", got {method!r}.')
    return measure != "volatility" and method == "historical"


def _check_probabilities(probabilities: Any, panel: Panel, measure: str, method: str) -> FloatVector | None:
    if probabilities is None:
        return None
    if not _by_scenario(measure, method):
        raise InvalidInputError('probabilities must be left out unless VaR or CVaR has method="historical".')
    if panel.has_nan:
        raise InvalidInputError("probabilities must be given for returns without missing values.")
    return row_probabilities(probabilities, panel, name="probabilities")


def _check_bandwidth(bandwidth: float | None, level: float, measure: str, method: str) -> float | None:
    if bandwidth is None:
        return None
    if measure != "value_at_risk" or method != "historical":
        raise InvalidInputError('bandwidth must be left out: it smooths measure="value_at_risk", method="historical".')
    width = check_positive(bandwidth, name="bandwidth")
    if width > 1.0 - level + RANK_TOLERANCE:
        raise InvalidInputError(
            f"bandwidth must be at most 1 - level = {1.0 - level:.4g}, got {bandwidth!r}: it is a probability."
        )
    return width


def estimator(
    values: FloatMatrix,
    panel: Panel,
    measure: str,
    method: str,
    level: float,
    probabilities: FloatVector | None,
    bandwidth: float | None,
) -> _contributions.Coefficients:
    """Return the function that maps a portfolio's returns to the coefficients of its risk, for checked arguments."""
    if measure == "volatility":
        return _contributions.moments(1.0, with_mean=False)
    beyond = measure == "conditional_value_at_risk"
    if method == "historical":
        return _contributions.historical(level, beyond=beyond, probabilities=probabilities, bandwidth=bandwidth)
    from scipy import special  # noqa: PLC0415 (SciPy, which the historical method does not need)

    from riskresearch.kernels.distributions._parametric_tail import density, student_t_multiples  # noqa: PLC0415

    if method == "normal":
        z = float(special.ndtri(level))
        return _contributions.moments(float(density(z)) / (1.0 - level) if beyond else z, with_mean=True)
    fit = fitted_multivariate_t(values, name=panel.name, instead='method="normal"')
    if beyond and fit.dof <= 1.0:
        raise InvalidInputError(
            f"{panel.name} must have a mean for a Student-t CVaR, but the fit has {fit.dof:.3g} degrees of freedom. "
            'Use method="historical".'
        )
    multiple = student_t_multiples(np.array(fit.dof), level)[1 if beyond else 0]
    return _contributions.student_t(float(multiple), fit.row_weights)


def _without_rows(panel: Panel, other: Panel) -> Panel:
    """Return the panel with rows set to missing where `other` has a missing value."""
    missing = np.asarray(np.isnan(other.values).any(axis=1))
    return replace(panel, values=np.where(missing[:, None], np.nan, panel.values), has_nan=True)


def _factor_contributions(
    other: Panel | None, panel: Panel, series: FloatVector, rows: FloatVector, total: float
) -> dict[str, Any]:
    """Return the decomposition by factor: betas of one regression, components, and the rest as specific."""
    if other is None:
        return {}
    keep = ~np.isnan(panel.values).any(axis=1)
    market = other.values[keep]
    design = np.column_stack([np.ones(market.shape[0]), market])
    solution, _, rank, _ = np.linalg.lstsq(design, series, rcond=None)
    if rank < design.shape[1]:
        raise InvalidInputError(
            f"factors must be linearly independent and not constant, got rank {rank} with {design.shape[1]} regressors "
            f"over {design.shape[0]} rows. Leave one out."
        )
    component = solution[1:] * _contributions.marginal_contributions(market, rows)
    return {
        "factors": column_labels(other),
        "factor_betas": tuple(solution[1:].tolist()),
        "factor_component": tuple(component.tolist()),
        "specific": total - math.fsum(component),
    }
