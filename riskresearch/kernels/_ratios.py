"""Moments and performance ratios of each column of returns: (rows, columns) in, (columns,) out; nan where undefined."""

from __future__ import annotations

from math import isfinite

import numpy as np

from riskresearch.core._sharing import is_sharing, shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels._rounding import only_rounding, range_is_rounding, size_unless_rounding, unless_rounding
from riskresearch.kernels.compiled._drawdown import worst_drawdown
from riskresearch.kernels.compiled._sums import column_sums
from riskresearch.kernels.compiled._tail import historical_var, tail_risk

# Numbers of these sizes and between have squares and products that a double holds, and sums of them.
LEAST_SIZE, GREATEST_SIZE = 2.0**-400, 2.0**400
FAR = 2.0**600
LEAST_WEALTH = 1e-290
ROWS_BETWEEN_LOOKS = 64


def divide(numerator: FloatVector, denominator: FloatVector) -> FloatVector:
    """Divide, giving nan where the denominator is zero, and infinity beyond a double."""
    result = np.full(np.shape(numerator), np.nan)
    with np.errstate(over="ignore"):
        return np.divide(numerator, denominator, out=result, where=denominator != 0.0)


def moderating(size: FloatVector) -> FloatVector:
    """Return the power of two that brings numbers of each size to where they can be squared: 1 for ordinary ones."""
    return np.where(size > GREATEST_SIZE, 1.0 / FAR, np.where((size < LEAST_SIZE) & (size > 0.0), FAR, 1.0))


def is_moderate(size: FloatVector) -> bool:
    """Return whether numbers of these sizes can all be squared as they are."""
    return all(LEAST_SIZE <= each <= GREATEST_SIZE for each in size.tolist())


@shared
def mean(values: FloatMatrix) -> FloatVector:
    """Return the arithmetic mean."""
    average = column_sums(values) / values.shape[0]
    if all(map(isfinite, average.tolist())):
        return average
    return column_sums(values * (1.0 / FAR)) / values.shape[0] * FAR


@shared
def deviation(values: FloatMatrix, ddof: int = 1, *, magnitude: float = 0.0) -> FloatVector:
    """Return the standard deviation, exactly zero where the values differ by rounding alone.

    `magnitude` is the size of what was subtracted to get `values`: differences of numbers near 1 are rounded like 1.
    """
    low, high = values.min(axis=0), values.max(axis=0)
    flat = range_is_rounding(values, low, high, magnitude)
    size = np.maximum(-low, high)
    if is_moderate(size):
        return np.where(flat, 0.0, _root_of_variance(values, ddof))
    factor = moderating(size)
    return np.where(flat, 0.0, _root_of_variance(values * factor, ddof) / factor)


def _root_of_variance(values: FloatMatrix, ddof: int) -> FloatVector:
    distance = values - mean(values)
    root: FloatVector = np.sqrt(column_sums(distance * distance) / (values.shape[0] - ddof))
    return root


def covariance(values: FloatMatrix) -> FloatMatrix:
    """Return the sample covariances, exactly zero of a column that differs by rounding alone."""
    matrix: FloatMatrix = np.atleast_2d(np.cov(np.ascontiguousarray(values.T)))  # one layout: one set of bits
    flat = only_rounding(values)
    if flat.any():
        matrix[flat], matrix[:, flat] = 0.0, 0.0
    return matrix


@shared
def standardized(values: FloatMatrix, *, magnitude: float = 0.0) -> FloatMatrix:
    """Return the distances from the mean over the population deviation; nan where all values are equal."""
    spread = deviation(values, 0, magnitude=magnitude)
    if not is_moderate(spread):
        factor = moderating(spread)
        values, spread = values * factor, spread * factor
    scale = np.broadcast_to(spread, values.shape)
    return np.divide(values - mean(values), scale, out=np.full(values.shape, np.nan), where=scale != 0.0)


@shared
def standardized_moments(values: FloatMatrix, *, magnitude: float = 0.0) -> tuple[FloatVector, FloatVector]:
    """Return population skewness and excess kurtosis (Fisher's g1 and g2)."""
    scaled = standardized(values, magnitude=magnitude)
    square = scaled * scaled
    rows = values.shape[0]
    return column_sums(square * scaled) / rows, column_sums(square * square) / rows - 3.0


@shared
def growth(values: FloatMatrix) -> FloatMatrix:
    """Return the value after each row of one unit invested before the first."""
    with np.errstate(over="ignore"):
        return np.cumprod(1.0 + values, axis=0, dtype=np.float64)


@shared
def yearly_growth(values: FloatMatrix, periods: float) -> FloatVector:
    """Return the constant yearly rate that gives the same final value."""
    return compounded(values, periods / values.shape[0]) - 1.0


def compounded(values: FloatMatrix, exponent: float) -> FloatVector:
    """Return the final value of one unit, to the power `exponent`; by logarithms where wealth leaves the doubles."""
    with np.errstate(over="ignore"):  # beyond a double: infinite
        return _compounded(values, exponent)


def _compounded(values: FloatMatrix, exponent: float) -> FloatVector:
    path = growth(values)
    within = (path[-1] >= LEAST_WEALTH) & (path[-1] < np.inf) & (path[::ROWS_BETWEEN_LOOKS] >= LEAST_WEALTH).all(axis=0)
    if within.all():
        return path[-1] ** exponent
    ruined = (values == -1.0).any(axis=0)
    logarithm = column_sums(np.log1p(np.where(ruined, 0.0, values))) * exponent
    power = np.where(within, path[-1], 1.0) ** exponent * np.exp(np.where(within, 0.0, logarithm))
    return np.where(ruined, 0.0, power)


def yearly_rate(risk_free: FloatVector, periods: float) -> FloatVector:
    """Return the mean rate per period compounded to a year, shape (1,)."""
    with np.errstate(over="ignore"):  # beyond a double: infinite
        rate: FloatVector = (1.0 + mean(risk_free[:, None])) ** periods - 1.0
    return rate


def excess_growth(values: FloatMatrix, risk_free: FloatVector, periods: float) -> FloatVector:
    """Return yearly growth less the mean risk-free rate compounded to a year."""
    return yearly_growth(values, periods) - yearly_rate(risk_free, periods)


@shared
def excess(values: FloatMatrix, risk_free: FloatVector) -> FloatMatrix:
    """Return each column less a vector over the rows, the risk-free rate or a benchmark."""
    return values - risk_free[:, None]


def sharpe(values: FloatMatrix, risk_free: FloatVector, periods: float) -> FloatVector:
    """Return mean excess return over its sample deviation, times the root of the periods per year."""
    return reward_to_deviation(excess(values, risk_free), risk_free) * np.sqrt(periods)


def reward_to_deviation(difference: FloatMatrix, subtracted: FloatVector) -> FloatVector:
    """Return the mean of differences over their sample deviation; `subtracted` is what made them differences."""
    spread = deviation(difference, magnitude=size_of(subtracted))
    if not is_moderate(spread):
        factor = moderating(spread)
        difference, spread = difference * factor, spread * factor
    return divide(mean(difference), spread)


def size_of(vector: FloatVector) -> float:
    """Return the largest absolute value."""
    return float(np.abs(vector).max())


def sortino(values: FloatMatrix, required: float, periods: float) -> FloatVector:
    """Return mean return above `required` over its downside deviation, times the root of the periods per year."""
    above = values - required
    risk = unless_rounding(root_mean_square(np.minimum(above, 0.0)), values, required)
    if not is_moderate(risk):
        factor = moderating(risk)
        above, risk = above * factor, risk * factor
    return divide(mean(above), risk) * np.sqrt(periods)


def root_mean_square(values: FloatMatrix, counted: FloatVector | None = None) -> FloatVector:
    """Return the root of the sum of squares over `counted`, by default the number of rows."""
    number = np.full(values.shape[1], float(values.shape[0])) if counted is None else counted
    with np.errstate(over="ignore"):
        square = column_sums(values * values) / number
    result: FloatVector = np.sqrt(square)
    if is_moderate(result):
        return result
    for column in np.flatnonzero(~((result >= LEAST_SIZE) & (result <= GREATEST_SIZE))):
        own = values[:, column : column + 1]
        factor = moderating(np.abs(own).max(axis=0))
        moderate = own * factor
        result[column] = (np.sqrt(column_sums(moderate * moderate) / number[column]) / factor)[0]
    return result


def omega(values: FloatMatrix, required: float) -> FloatVector:
    """Return the sum of gains above `required` over the sum of shortfalls below it."""
    above = values - required
    lost = unless_rounding(-column_sums(np.minimum(above, 0.0)), values, required)
    return divide(column_sums(np.maximum(above, 0.0)), lost)


def calmar(values: FloatMatrix, periods: float) -> FloatVector:
    """Return the yearly growth rate over the worst drawdown."""
    return divide(yearly_growth(values, periods), unless_rounding(worst_drawdown(values), values))


def ulcer(path: FloatMatrix) -> FloatVector:
    """Return the root mean square of a drawdown path."""
    return root_mean_square(path)


def average_depth(depths: list[FloatVector]) -> FloatVector:
    """Return the mean depth of each column's drawdowns; zero where there is none."""
    return np.array([depth.mean() if depth.size else 0.0 for depth in depths])


def burke(
    values: FloatMatrix, risk_free: FloatVector, periods: float, depths: list[FloatVector], *, modified: bool = False
) -> FloatVector:
    """Return yearly excess growth over the root of the sum of squared drawdown depths."""
    squares = np.array([np.sum(depth * depth) for depth in depths])
    risk = unless_rounding(np.sqrt(squares), values)
    ratio = divide(excess_growth(values, risk_free, periods), risk)
    return ratio * np.sqrt(values.shape[0]) if modified else ratio


@shared
def historical_tail(values: FloatMatrix, level: float) -> tuple[FloatVector, FloatVector]:
    """Return historical VaR (order statistic) and CVaR (fractional weight on the boundary loss)."""
    result: tuple[FloatVector, FloatVector] = tail_risk(values, *tail_rank(level, values.shape[0]))
    return result


def loss_quantile(values: FloatMatrix, level: float, definition: str) -> FloatVector:
    """Return the `level` quantile of the losses by one of NumPy's named definitions."""
    if definition == "inverted_cdf":
        if is_sharing():  # CVaR comes from the same selection
            return historical_tail(values, level)[0]
        return historical_var(values, tail_rank(level, values.shape[0])[0])
    quantile: FloatVector = np.quantile(-values, level, axis=0, method=definition)  # type: ignore[call-overload]
    return quantile + 0.0  # never -0.0


def tail_ratio(values: FloatMatrix, level: float) -> FloatVector:
    """Return the size of the `level` quantile of the gains over that of the losses, both order statistics."""
    return ratio_of_sizes(
        values, loss_quantile(-values, level, "inverted_cdf"), loss_quantile(values, level, "inverted_cdf")
    )


def ratio_of_sizes(values: FloatMatrix, numerator: FloatVector, denominator: FloatVector) -> FloatVector:
    """Return the ratio of the sizes of two quantiles of `values`; nan where the lower one is zero but for rounding."""
    return divide(np.abs(numerator), size_unless_rounding(denominator, values))
