"""Bid-ask spreads from the prices of bars: what each bar contributes, and the estimate that the means of it give.

Every estimator is a function of means over bars. So the whole sample, a moving window and a draw of a bootstrap need
one formula each, and only make the means in three ways.
"""

from collections.abc import Callable
from itertools import combinations_with_replacement
from typing import NamedTuple

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._rolling import Recipe, roll
from riskresearch.kernels.compiled._sums import column_sums
from riskresearch.kernels.inference._bootstrap import Plan, sum_replicates

RANGE_OF_TWO_DAYS = 3.0 - 2.0 * np.sqrt(2.0)
FEWEST_MOVING_BARS = 1.5
SMALLEST_SHARE = 1e-9
SPREAD_OF_ROUNDING = 1e-12

Estimate = Callable[[FloatMatrix, FloatMatrix], FloatVector]
"""Takes means and numbers of terms, shape (estimates, terms); returns the signed spreads, nan where undefined."""


class Terms(NamedTuple):
    """What each bar contributes to the means, shape (bars, terms)."""

    values: FloatMatrix
    """nan where a price is missing, and on the first bars, whose predecessors are unknown."""
    spans: tuple[int, ...]
    """How many bars, up to its own, a term is made of."""
    estimate: Estimate
    pace: FloatVector
    """Shape (bars,): the part of each bar in the estimate, whose autocorrelation sets the length of blocks."""


def whole(terms: Terms) -> float:
    """Return the estimate of all bars."""
    present = ~np.isnan(terms.values)
    counts = present.sum(axis=0, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = column_sums(np.where(present, terms.values, 0.0)) / counts
    return float(terms.estimate(means[None, :], counts[None, :])[0])


def rolling(terms: Terms, window: int) -> FloatVector:
    """Return the estimate of the last `window` bars, nan before there are as many, shape (bars,)."""
    rows, columns = terms.values.shape
    result = np.full(rows, np.nan)
    if rows < window:
        return result
    means, counts = (np.empty((rows - window + 1, columns)) for _ in range(2))
    for span in sorted(set(terms.spans)):
        own = np.flatnonzero(np.array(terms.spans) == span)
        length = window - span + 1
        values = np.ascontiguousarray(terms.values[span - 1 :, own])  # the rows before lack a predecessor
        means[:, own] = _means(values, length)
        missing = np.isnan(values)
        counts[:, own] = _means(1.0 - missing, length) * length if missing.any() else length
    result[window - 1 :] = terms.estimate(means, counts)
    return result


def _means(values: FloatMatrix, length: int) -> FloatMatrix:
    """Return the means of each full window without what is missing, nan where all of it is."""
    none = np.zeros(len(values))
    means: FloatMatrix = roll(Recipe("mean", length, 1), values, none, none)[0][length - 1 :]
    return means


def resampled(terms: Terms, plan: Plan) -> FloatVector:
    """Return the estimate of each draw of bars, shape (draws,); a bar is drawn together with its predecessors."""
    values = terms.values[1:]
    present = ~np.isnan(values)
    stacked = np.hstack([np.where(present, values, 0.0), present])
    return sum_replicates(lambda sums: _of_sums(terms, sums), stacked, plan)


def without_each(terms: Terms) -> FloatVector:
    """Return the estimate without each bar in turn, shape (bars - 1,)."""
    values = terms.values[1:]
    present = ~np.isnan(values)
    stacked = np.hstack([np.where(present, values, 0.0), present])
    return _of_sums(terms, column_sums(stacked) - stacked)


def _of_sums(terms: Terms, sums: FloatMatrix) -> FloatVector:
    columns = terms.values.shape[1]
    counts = sums[:, columns:]
    with np.errstate(invalid="ignore", divide="ignore"):
        return terms.estimate(sums[:, :columns] / counts, counts)


def signed_root(squares: FloatVector) -> FloatVector:
    """Return the root of the size of each number, with its sign."""
    root: FloatVector = np.sign(squares) * np.sqrt(np.abs(squares))
    return root


# --- Roll


def roll_terms(close: FloatVector) -> Terms:
    """Return changes of the logarithm of the close, and products of neighbouring ones (Roll 1984)."""
    change = _after_one(np.diff(np.log(close)))
    before = _after_one(change[:-1])
    product = change * before
    both = ~np.isnan(product)
    values = np.column_stack([change, product, np.where(both, change, np.nan), np.where(both, before, np.nan)])
    return Terms(values, (2, 3, 3, 3), _roll, product)


def _roll(means: FloatMatrix, _counts: FloatMatrix) -> FloatVector:
    """Return twice the root of minus the autocovariance of changes about their mean."""
    centre = means[:, 0]
    covariance = means[:, 1] - centre * (means[:, 2] + means[:, 3]) + centre * centre
    return 2.0 * signed_root(-covariance)


# --- Corwin and Schultz


def corwin_schultz_terms(bars: FloatMatrix, negative: str, *, overnight: bool) -> Terms:
    """Return the estimate of each pair of bars (Corwin & Schultz 2012), negative ones as `negative` has it.

    `overnight` moves the range of a bar that lies above or below the close before to that close.
    """
    pairs = two_day_spreads(bars, overnight=overnight)
    if negative == "zero":
        pairs = np.where(pairs < 0.0, 0.0, pairs)
    elif negative == "omit":
        pairs = np.where(pairs < 0.0, np.nan, pairs)
    return Terms(pairs[:, None], (2,), lambda means, _counts: means[:, 0].copy(), pairs)


def two_day_spreads(bars: FloatMatrix, *, overnight: bool) -> FloatVector:
    """Return the spread that the ranges of each bar and the one before give, nan on the first bar."""
    _, high, low, close = np.log(bars).T
    high_1, low_1 = high[:-1], low[:-1]
    high, low = high[1:], low[1:]
    beta = (high_1 - low_1) ** 2 + (high - low) ** 2
    if overnight:
        gap = np.maximum(low - close[:-1], 0.0) + np.minimum(high - close[:-1], 0.0)
        high, low = high - gap, low - gap
    gamma = (np.maximum(high, high_1) - np.minimum(low, low_1)) ** 2
    alpha = (np.sqrt(2.0 * beta) - np.sqrt(beta)) / RANGE_OF_TWO_DAYS - np.sqrt(gamma / RANGE_OF_TWO_DAYS)
    return _after_one(2.0 * np.tanh(0.5 * alpha))


# --- Abdi and Ranaldo


def abdi_ranaldo_terms(bars: FloatMatrix) -> Terms:
    """Return four times the product of a close's distances from the middle of its own and of the next range."""
    _, high, low, close = np.log(bars).T
    middle = 0.5 * (high + low)
    product = _after_one(4.0 * (close[:-1] - middle[:-1]) * (close[:-1] - middle[1:]))
    return Terms(product[:, None], (2,), lambda means, _counts: signed_root(means[:, 0]), product)


# --- Ardia, Guidotti and Kroencke


def edge_terms(bars: FloatMatrix) -> Terms:
    """Return what the efficient estimator of Ardia, Guidotti & Kroencke (2024) is made of.

    Its squared spread is a weighted mean of two sums `coefficients @ parts`; the weights need their variances, so each
    sum comes with the products of its parts.
    """
    opened, high, low, close = np.log(bars).T
    middle = 0.5 * (high + low)
    close_1, high_1, low_1, middle_1 = (_after_one(each[:-1]) for each in (close, high, low, middle))
    r1, r2, r3, r4, r5 = middle - opened, opened - middle_1, middle - close_1, close_1 - middle_1, opened - close_1
    moves = _flag((high != low) | (low != close_1), high, low, close_1)
    opens = [moves * _flag(opened != edge, opened, edge) for edge in (high, low)]
    closes = [moves * _flag(close_1 != edge, close_1, edge) for edge in (high_1, low_1)]
    first = [r1 * r2, moves * r2, r3 * r4, moves * r4]
    second = [r1 * r5, moves * r5, r4 * r5, moves * r4]
    columns = [moves, *opens, *closes, r1, r3, r5, *_with_products(first), *_with_products(second)]
    values = np.column_stack(columns)
    values[0] = np.nan
    return Terms(values, (2,) * len(columns), _edge, -(first[0] + first[2]))


def _edge(means: FloatMatrix, counts: FloatMatrix) -> FloatVector:
    moves, open_high, open_low, close_high, close_low, r1, r3, r5 = means[:, :8].T
    opens, closes = open_high + open_low, close_high + close_low
    defined = (moves * counts[:, 0] > FEWEST_MOVING_BARS) & (opens > SMALLEST_SHARE) & (closes > SMALLEST_SHARE)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        by_open, by_close = -4.0 / opens, -4.0 / closes
        by_early = by_open, -by_open * r1 / moves, by_close
        mean_1, variance_1 = _mean_and_variance(means[:, 8:22], (*by_early, -by_close * r3 / moves))
        mean_2, variance_2 = _mean_and_variance(means[:, 22:], (*by_early, -by_close * r5 / moves))
        total = variance_1 + variance_2
        weighted = (variance_2 * mean_1 + variance_1 * mean_2) / total
    squares = np.where(total > 0.0, weighted, 0.5 * (mean_1 + mean_2))
    return np.where(defined, signed_root(squares), np.nan)


def _with_products(parts: list[FloatVector]) -> list[FloatVector]:
    """Return four parts and the ten products of two of them, nan where one part is missing."""
    missing = np.isnan(sum(parts))
    products = [parts[i] * parts[j] for i, j in combinations_with_replacement(range(4), 2)]
    if not missing[1:].any():  # a missing first bar is no term
        return [*parts, *products]
    return [np.where(missing, np.nan, each) for each in (*parts, *products)]


def _mean_and_variance(means: FloatMatrix, coefficients: tuple[FloatVector, ...]) -> tuple[FloatVector, FloatVector]:
    """Return mean and variance of `coefficients @ parts` from the means of the parts and of their products."""
    mean, square = np.zeros(len(means)), np.zeros(len(means))
    for i, coefficient in enumerate(coefficients):
        mean += coefficient * means[:, i]
    for place, (i, j) in enumerate(combinations_with_replacement(range(4), 2)):
        square += (1.0 if i == j else 2.0) * coefficients[i] * coefficients[j] * means[:, 4 + place]
    variance = square - mean * mean
    return mean, np.where(variance <= SPREAD_OF_ROUNDING * square, 0.0, variance)


def _flag(condition: np.ndarray, *prices: FloatVector) -> FloatVector:
    """Return a condition as 0 and 1, nan where one of its prices is missing."""
    return np.where(np.isnan(sum(prices)), np.nan, condition)


def _after_one(values: FloatVector) -> FloatVector:
    """Return `values` behind one missing row."""
    return np.concatenate([[np.nan], values])
