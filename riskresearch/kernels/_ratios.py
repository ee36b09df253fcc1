"""Moments and performance ratios of each column of returns: (rows, columns) in, (columns,) out; nan where undefined."""

import numpy as np

from riskresearch.core._sharing import is_sharing, shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._drawdown import worst_drawdown
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels._sums import column_sums
from riskresearch.kernels._tail import tail_edge, tail_risk

ROUNDING = 8 * np.finfo(np.float64).eps


def divide(numerator: FloatVector, denominator: FloatVector) -> FloatVector:
    """Divide, giving nan where the denominator is zero."""
    result = np.full(np.shape(numerator), np.nan)
    return np.divide(numerator, denominator, out=result, where=denominator != 0.0)


@shared
def mean(values: FloatMatrix) -> FloatVector:
    """Return the arithmetic mean."""
    return column_sums(values) / values.shape[0]


@shared
def deviation(values: FloatMatrix, ddof: int = 1, *, magnitude: float = 0.0) -> FloatVector:
    """Return the standard deviation, exactly zero where the values differ by rounding alone.

    `magnitude` is the size of what was subtracted to get `values`: differences of numbers near 1 are rounded like 1.
    """
    distance = values - mean(values)
    variance = column_sums(distance * distance) / (values.shape[0] - ddof)
    low, high = values.min(axis=0), values.max(axis=0)
    rounding = ROUNDING * np.maximum(np.maximum(np.abs(low), np.abs(high)), magnitude)
    result: FloatVector = np.where(high - low <= rounding, 0.0, np.sqrt(variance))
    return result


@shared
def standardized(values: FloatMatrix) -> FloatMatrix:
    """Return the distances from the mean over the population deviation; nan where all values are equal."""
    scale = np.broadcast_to(deviation(values, 0), values.shape)
    return np.divide(values - mean(values), scale, out=np.full(values.shape, np.nan), where=scale != 0.0)


@shared
def standardized_moments(values: FloatMatrix) -> tuple[FloatVector, FloatVector]:
    """Return population skewness and excess kurtosis (Fisher's g1 and g2)."""
    scaled = standardized(values)
    square = scaled * scaled
    rows = values.shape[0]
    return column_sums(square * scaled) / rows, column_sums(square * square) / rows - 3.0


@shared
def growth(values: FloatMatrix) -> FloatMatrix:
    """Return the value after each row of one unit invested before the first."""
    return np.cumprod(1.0 + values, axis=0, dtype=np.float64)


@shared
def yearly_growth(values: FloatMatrix, periods: float) -> FloatVector:
    """Return the constant yearly rate that gives the same final value."""
    with np.errstate(over="ignore"):  # beyond a double: infinite
        total: FloatVector = growth(values)[-1] ** (periods / values.shape[0])
    return total - 1.0


def yearly_rate(risk_free: FloatVector, periods: float) -> FloatVector:
    """Return the mean rate per period compounded to a year, shape (1,)."""
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
    spread = deviation(difference, magnitude=float(np.abs(subtracted).max()))
    return divide(mean(difference), spread)


def sortino(values: FloatMatrix, required: float, periods: float) -> FloatVector:
    """Return mean return above `required` over its downside deviation, times the root of the periods per year."""
    above = values - required
    shortfall = np.minimum(above, 0.0)
    return divide(mean(above), np.sqrt(mean(shortfall * shortfall))) * np.sqrt(periods)


def omega(values: FloatMatrix, required: float) -> FloatVector:
    """Return the sum of gains above `required` over the sum of shortfalls below it."""
    above = values - required
    return divide(column_sums(np.maximum(above, 0.0)), -column_sums(np.minimum(above, 0.0)))


def calmar(values: FloatMatrix, periods: float) -> FloatVector:
    """Return the yearly growth rate over the worst drawdown."""
    return divide(yearly_growth(values, periods), worst_drawdown(values))


def ulcer(path: FloatMatrix) -> FloatVector:
    """Return the root mean square of a drawdown path."""
    return np.sqrt(mean(path * path))


def average_depth(depths: list[FloatVector]) -> FloatVector:
    """Return the mean depth of each column's drawdowns; zero where there is none."""
    return np.array([depth.mean() if depth.size else 0.0 for depth in depths])


def burke(
    values: FloatMatrix, risk_free: FloatVector, periods: float, depths: list[FloatVector], *, modified: bool = False
) -> FloatVector:
    """Return yearly excess growth over the root of the sum of squared drawdown depths."""
    squares = np.array([np.sum(depth * depth) for depth in depths])
    ratio = divide(excess_growth(values, risk_free, periods), np.sqrt(squares))
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
        return tail_edge(values, tail_rank(level, values.shape[0])[0])
    quantile: FloatVector = np.quantile(-values, level, axis=0, method=definition)  # type: ignore[call-overload]
    return quantile + 0.0  # never -0.0


def tail_ratio(values: FloatMatrix, level: float) -> FloatVector:
    """Return the `level` quantile of the gains over that of the losses, both order statistics."""
    return divide(loss_quantile(-values, level, "inverted_cdf"), loss_quantile(values, level, "inverted_cdf"))
