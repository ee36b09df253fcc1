"""Risk as a weighted sum over the rows of a portfolio's returns: the weights give every Euler contribution at once.

Each estimator here is a function from the portfolio's returns, shape (rows,), to coefficients of the same shape. The
risk is their product with the returns, and because it is homogeneous of degree one, the product of the same
coefficients with an asset's returns is its marginal contribution (Tasche 1999).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import deviation
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels.compiled._sums import column_sums

Coefficients = Callable[[FloatVector], FloatVector]
PROBABILITY_ROUNDING = 1e-12


def tail_share(losses: FloatVector, level: float, *, beyond: bool) -> FloatVector:
    """Return what each row weighs in the historical VaR, or CVaR if `beyond`: shape (rows,), adding up to 1.

    Rows that tie with the boundary share its weight equally, so the order of the rows is irrelevant.
    """
    count, tail_mass = tail_rank(level, losses.size)
    edge = np.partition(losses, losses.size - count)[losses.size - count]
    ties = losses == edge
    if not beyond:
        return ties / ties.sum()
    worse = losses > edge
    shared = (tail_mass - worse.sum()) / (tail_mass * ties.sum())
    return np.where(worse, 1.0 / tail_mass, np.where(ties, shared, 0.0))


def weighted_tail_share(losses: FloatVector, level: float, probabilities: FloatVector, *, beyond: bool) -> FloatVector:
    """Return the same for rows that have `probabilities`; VaR is the least loss exceeded with at most 1 - level."""
    tail = float(1 - Fraction(repr(level)))
    order = np.argsort(-losses, kind="stable")
    inside = int(np.searchsorted(np.cumsum(probabilities[order]), tail + PROBABILITY_ROUNDING, side="right"))
    edge = losses[order[min(inside, losses.size - 1)]]
    ties, worse = losses == edge, losses > edge
    at_edge = np.where(ties, probabilities, 0.0) / probabilities[ties].sum()
    if not beyond:
        return at_edge
    left = max(0.0, tail - probabilities[worse].sum())
    return (np.where(worse, probabilities, 0.0) + left * at_edge) / tail


def smoothed_share(losses: FloatVector, level: float, probabilities: FloatVector, bandwidth: float) -> FloatVector:
    """Return what each row weighs in the kernel quantile with Epanechnikov weights (Sheather & Marron 1990).

    An order statistic counts by the distance of its probability from `level`, as far as `bandwidth`; ties share.
    """
    order = np.argsort(losses, kind="stable")
    sorted_probabilities = probabilities[order]
    middle = np.cumsum(sorted_probabilities) - 0.5 * sorted_probabilities
    kernel = sorted_probabilities * np.maximum(1.0 - ((middle - level) / bandwidth) ** 2, 0.0)
    _, group, sizes = np.unique(losses[order], return_inverse=True, return_counts=True)
    shared = np.bincount(group, weights=kernel)[group] / sizes[group]
    result = np.empty(losses.size)
    result[order] = shared
    total = result.sum()
    return result / total if total > 0.0 else np.full(losses.size, np.nan)


def historical(
    level: float, *, beyond: bool, probabilities: FloatVector | None, bandwidth: float | None
) -> Coefficients:
    """Return the coefficients of VaR, or CVaR if `beyond`, over scenarios that are rows."""

    def coefficients(series: FloatVector) -> FloatVector:
        losses = -series
        if bandwidth is not None:
            equal = np.full(losses.size, 1.0 / losses.size)
            return -smoothed_share(losses, level, equal if probabilities is None else probabilities, bandwidth)
        if probabilities is None:
            return -tail_share(losses, level, beyond=beyond)
        return -weighted_tail_share(losses, level, probabilities, beyond=beyond)

    return coefficients


def moments(multiple: float, *, with_mean: bool) -> Coefficients:
    """Return the coefficients of `multiple` sample deviations (n - 1), less the mean if `with_mean`."""

    def coefficients(series: FloatVector) -> FloatVector:
        rows = series.size
        spread = float(deviation(series[:, None])[0])
        away = series - column_sums(series[:, None])[0] / rows
        slope = multiple * away / ((rows - 1) * spread) if spread > 0.0 else np.zeros(rows)
        return slope - 1.0 / rows if with_mean else slope

    return coefficients


def student_t(multiple: float, row_weights: FloatVector) -> Coefficients:
    """Return the coefficients of `multiple` scales less the location, under a fitted multivariate Student-t.

    `row_weights` are those of its likelihood equations, which make location and scatter weighted moments.
    """
    rows, mass = row_weights.size, row_weights.sum()

    def coefficients(series: FloatVector) -> FloatVector:
        away = series - row_weights @ series / mass
        scale = np.sqrt((row_weights * away) @ away / rows)
        slope = multiple * row_weights * away / (rows * scale) if scale > 0.0 else np.zeros(rows)
        return slope - row_weights / mass

    return coefficients


def portfolio_series(values: FloatMatrix, weights: FloatVector) -> FloatVector:
    """Return the returns of constant weights, cash earning nothing: (rows, assets), (assets,) in, (rows,) out."""
    return column_sums((values * weights).T)


def marginal_contributions(values: FloatMatrix, coefficients: FloatVector) -> FloatVector:
    """Return the derivative of the risk in each weight: (rows, assets), (rows,) in, (assets,) out."""
    return column_sums(values * coefficients[:, None])


def risk_without(values: FloatMatrix, weights: FloatVector, series: FloatVector, risk: Coefficients) -> FloatVector:
    """Return the risk of the portfolio without each asset in turn, its weight in cash; shape (assets,)."""
    result = np.empty(weights.size)
    for asset in range(weights.size):
        rest = series - weights[asset] * values[:, asset]
        result[asset] = column_sums((risk(rest) * rest)[:, None])[0]
    return result
