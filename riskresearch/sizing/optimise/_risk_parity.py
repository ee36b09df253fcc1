"""Risk parity: weights with equal or given shares of the portfolio's variance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._arguments import column_numbers
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.kernels.optimise._risk_budget import budgeted_weights, constrained_budgeted_weights
from riskresearch.sizing.optimise._constraints import OTHER_NAMES, UNBOUNDED, Constraints, bounds, polytope
from riskresearch.sizing.optimise._covariance import read_covariance
from riskresearch.sizing.optimise._infeasible import contradiction
from riskresearch.sizing.optimise._leverage import binding
from riskresearch.sizing.optimise._optimal_weights import OptimalWeights

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector
    from riskresearch.kernels.optimise._conic_programs import Polytope

SUM_TOLERANCE = 1e-9


@answers_other_names(OTHER_NAMES)
def risk_parity(
    covariance: Data, *, budgets: Data | None = None, constraints: Constraints | None = None
) -> OptimalWeights:
    """Return the weights, positive and with sum 1, whose shares of the portfolio's variance are the budgets.

    Parameters
    ----------
    covariance : DataFrame or array, shape (assets, assets)
        Symmetric, without negative eigenvalues, per any period.
    budgets : mapping, Series or array, optional
        Positive shares of risk with sum 1; equal ones by default (equal risk contribution).
    constraints : Constraints, optional
        `lower` must be zero or more. Where a constraint binds, shares differ from the budgets; those of assets that no
        binding constraint touches stay in proportion to theirs.

    Returns
    -------
    OptimalWeights
        With `weights`, `binding` and `summary()`. Unconstrained, each share is within 1e-10 of its budget. A singular
        covariance is accepted as long as no combination of long positions is without risk: the weights are then unique
        all the same.

    Raises
    ------
    InvalidInputError
        If the covariance is none, if long positions can be combined without risk, or if constraints cannot be met.

    References
    ----------
    Maillard, Roncalli & Teiletche, JPM 36(4), 2010; Griveau-Billion, Richard & Roncalli 2013; Spinu 2013; Richard &
    Roncalli 2019 for constraints.

    Examples
    --------
    >>> import riskresearch
    >>> print(riskresearch.sizing.risk_parity([[0.04, 0.01], [0.01, 0.01]]).summary())
       weight
    0  33.33%
    1  66.67%
    no constraint binds
    equal risk contributions.
    """
    matrix, assets, panel = read_covariance(covariance)
    shares = np.full(len(assets), 1.0 / len(assets))
    if budgets is not None:
        shares = column_numbers(budgets, panel, name="budgets")
        if (shares <= 0.0).any() or abs(float(shares.sum()) - 1.0) > SUM_TOLERANCE:
            raise InvalidInputError(
                f"budgets must be positive and sum to 1, got a minimum of {shares.min():g} and a sum of "
                f"{shares.sum():g}. Leave out an asset that is to have no risk."
            )
    weights = budgeted(matrix, shares, assets, constraints)
    bound = binding(Constraints() if constraints is None else replace(constraints, total=None), assets, weights)[0]
    objective = "equal risk contributions" if budgets is None else "risk contributions of the given budgets"
    return OptimalWeights(assets, tuple(map(float, weights)), bound, objective)


def budgeted(
    matrix: FloatMatrix, shares: FloatVector, assets: tuple[str, ...], constraints: Constraints | None
) -> FloatVector:
    """Return the weights for a checked covariance."""
    found = budgeted_weights(matrix, shares)
    if found.weights is None:
        raise InvalidInputError(
            "covariance must give every combination of long positions some risk, but some have none: it is singular, "
            "as that of more columns than rows or of an asset and its hedge. Shrink it, or leave out such columns."
        )
    if constraints is None or _holds(constraints, found.weights, assets):
        return found.weights
    weights = constrained_budgeted_weights(matrix, shares, _without_total(constraints, assets))
    if weights is None:
        which = contradiction(constraints, assets, total=(1.0, 1.0)) or "a weight would have to be zero"
        raise InvalidInputError(
            f"constraints must be such that some positive weights with sum 1 meet them all, but none do: {which}."
        )
    low, high = bounds(constraints, assets)
    return np.clip(weights, low, high)


def _without_total(constraints: Constraints, assets: tuple[str, ...]) -> Polytope:
    low, _ = bounds(constraints, assets)
    if (low < 0.0).any():
        raise InvalidInputError(f"lower must be zero or more for risk parity, got {low.min():g}.")
    if constraints.total not in (None, 1.0, (1.0, 1.0)):
        raise InvalidInputError(
            f"total must be 1 for risk parity, got {constraints.total!r}. Scale the weights instead."
        )
    polytope(constraints, assets, total=(1.0, 1.0))
    return polytope(replace(constraints, total=UNBOUNDED), assets, total=UNBOUNDED)


def _holds(constraints: Constraints, weights: FloatVector, assets: tuple[str, ...]) -> bool:
    rows = _without_total(constraints, assets)
    within = np.all(rows.below @ weights <= rows.at_most)
    return bool(within and np.all(rows.equal @ weights == rows.equal_to))
