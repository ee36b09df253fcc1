"""Regression of the costs of orders on their size, through the origin or beside a constant cost."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.inference._bootstrap import Plan, sum_replicates
from riskresearch.kernels.inlined._fill_rules import square_root_impact

LOWEST_EXPONENT, HIGHEST_EXPONENT = 0.01, 2.0
EXPONENT_TOLERANCE = 1e-10
CELLS = 200
ALIKE = 1e-9


class Fit(NamedTuple):
    """Least squares estimates of coefficient, constant (nan without one) and exponent, with robust errors."""

    estimates: FloatVector
    errors: FloatVector
    """nan where a number was given or left out."""
    r_squared: float
    """One less the sum of squares about the fit over that about the mean."""
    freedom: int
    """Degrees of freedom of the t statistics: clusters less one, or orders less the numbers estimated."""


def unit_impact(participation: FloatVector, exponent: float) -> FloatVector:
    """Return the impact per unit of volatility at a coefficient of one; of the square root by the rule of fills."""
    if exponent == 0.5:
        return np.array([square_root_impact(each, 1.0, 1.0, 1.0, 1.0) for each in participation.tolist()])
    power: FloatVector = participation**exponent
    return power


def fit_power(
    costs: FloatVector,
    participation: FloatVector,
    constant: FloatVector | None,
    exponent: float,
    clusters: npt.NDArray[np.intp] | None,
    *,
    estimated: bool,
) -> Fit:
    """Return the fit of `costs` = coefficient * participation ** exponent + level * `constant`.

    `estimated` says that the exponent is the best one, which has an error as well. `clusters` numbers the group of each
    order; errors are White's, or allow for any dependence within clusters.
    """
    design = design_of(participation, constant, exponent)
    solution = np.linalg.lstsq(design, costs, rcond=None)[0]
    residuals = costs - design @ solution
    slopes = design
    if estimated:
        slopes = np.column_stack([design, solution[0] * design[:, 0] * np.log(participation)])
    variances, freedom = _robust_variances(slopes, residuals, clusters)
    errors = np.full(3, np.nan)
    errors[0] = np.sqrt(variances[0])
    if constant is not None:
        errors[1] = np.sqrt(variances[1])
    if estimated:
        errors[2] = np.sqrt(variances[-1])
    about_mean = float(np.sum((costs - costs.mean()) ** 2))
    r_squared = 1.0 - float(residuals @ residuals) / about_mean if about_mean > 0.0 else np.nan
    estimates = np.array([solution[0], np.nan if constant is None else solution[1], exponent])
    return Fit(estimates, errors, r_squared, freedom)


def design_of(participation: FloatVector, constant: FloatVector | None, exponent: float) -> FloatMatrix:
    """Return the regressors, shape (orders, 1 or 2)."""
    power = unit_impact(participation, exponent)
    return power[:, None] if constant is None else np.column_stack([power, constant])


def best_exponent(costs: FloatVector, participation: FloatVector, constant: FloatVector | None) -> float:
    """Return the exponent of the least sum of squares: the best of a grid, improved between its neighbours.

    nan where the sum is least at an end of the range, so that nothing between them is best, or all sizes are alike.
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 (as dear as pandas, and needed for this alone)

    if participation.max() <= (1.0 + ALIKE) * participation.min():
        return np.nan

    def lost(exponent: float) -> float:
        design = design_of(participation, constant, exponent)
        residuals = costs - design @ np.linalg.lstsq(design, costs, rcond=None)[0]
        return float(residuals @ residuals)

    grid = np.linspace(LOWEST_EXPONENT, HIGHEST_EXPONENT, CELLS)
    best = int(np.argmin([lost(each) for each in grid]))
    if best in (0, CELLS - 1):
        return np.nan
    found = minimize_scalar(
        lost, bounds=(grid[best - 1], grid[best + 1]), method="bounded", options={"xatol": EXPONENT_TOLERANCE}
    )
    return float(found.x)


def _robust_variances(
    slopes: FloatMatrix, residuals: FloatVector, clusters: npt.NDArray[np.intp] | None
) -> tuple[FloatVector, int]:
    """Return the sandwich variances of the estimates (HC1, or CR1 for clusters) and the degrees of freedom."""
    rows, columns = slopes.shape
    scores = slopes * residuals[:, None]
    factor, freedom = rows / max(rows - columns, 1), rows - columns
    if clusters is not None:
        count = int(clusters.max()) + 1
        sums = np.zeros((count, columns))
        np.add.at(sums, clusters, scores)
        scores, freedom = sums, count - 1
        factor = count / max(count - 1, 1) * (rows - 1) / max(rows - columns, 1)
    bread = np.linalg.pinv(slopes.T @ slopes)
    variances: FloatVector = factor * np.diag(bread @ (scores.T @ scores) @ bread)
    return np.maximum(variances, 0.0), freedom


def resampled_power(
    costs: FloatVector,
    participation: FloatVector,
    constant: FloatVector | None,
    exponent: float,
    clusters: npt.NDArray[np.intp],
    plan: Plan,
) -> FloatMatrix:
    """Return coefficient and constant of each draw of whole clusters, shape (draws, 1 or 2)."""
    design = design_of(participation, constant, exponent)
    columns = design.shape[1]
    terms = np.hstack([design[:, i : i + 1] * design for i in range(columns)] + [design * costs[:, None]])
    sums = np.zeros((int(clusters.max()) + 1, terms.shape[1]))
    np.add.at(sums, clusters, terms)
    solved = np.empty((plan.draws, columns))

    def solve(drawn: FloatMatrix) -> FloatVector:
        normal = drawn[:, : columns * columns].reshape(-1, columns, columns)
        solved[:] = (np.linalg.pinv(normal, hermitian=True) @ drawn[:, columns * columns :, None])[:, :, 0]
        return solved[:, 0]

    sum_replicates(solve, sums, plan)
    return solved
