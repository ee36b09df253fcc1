"""Performance ratios of each column of returns: (rows, columns) in, (columns,) out; nan where undefined."""

from __future__ import annotations

import numpy as np

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector, Required
from riskresearch.kernels._compounding import excess_growth, yearly_growth
from riskresearch.kernels._downside import above
from riskresearch.kernels._moments import (
    deviation,
    divide,
    is_moderate,
    mean,
    moderating,
    root_mean_square,
    size_of,
    standardized_moments,
)
from riskresearch.kernels._quantiles import historical_tail, loss_quantile
from riskresearch.kernels._rounding import size_unless_rounding, unless_rounding
from riskresearch.kernels.compiled._drawdown import worst_drawdown
from riskresearch.kernels.compiled._sums import column_sums


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


def adjusted_sharpe(values: FloatMatrix, risk_free: FloatVector, periods: float) -> FloatVector:
    """Return the Sharpe ratio corrected for skewness and kurtosis of a period (Pezier & White 2006), per year."""
    difference = excess(values, risk_free)
    ratio = reward_to_deviation(difference, risk_free)
    skew, kurtosis = standardized_moments(difference, magnitude=size_of(risk_free))
    return ratio * (1.0 + skew / 6.0 * ratio - kurtosis / 24.0 * (ratio * ratio)) * np.sqrt(periods)


def rachev(values: FloatMatrix, risk_free: FloatVector, level: float, gain_level: float) -> FloatVector:
    """Return CVaR of the gains over CVaR of the losses; nan where the worst returns are no losses on average."""
    difference = excess(values, risk_free)
    risk = historical_tail(difference, level)[1]
    risk = np.where(risk > 0.0, unless_rounding(risk, difference), 0.0)
    return divide(historical_tail(-difference, gain_level)[1], risk)


def sortino(values: FloatMatrix, required: Required, periods: float) -> FloatVector:
    """Return mean return above `required` over its downside deviation, times the root of the periods per year."""
    more = above(values, required)
    risk = unless_rounding(root_mean_square(np.minimum(more, 0.0)), values, required)
    if not is_moderate(risk):
        factor = moderating(risk)
        more, risk = more * factor, risk * factor
    return divide(mean(more), risk) * np.sqrt(periods)


def omega(values: FloatMatrix, required: Required) -> FloatVector:
    """Return the sum of gains above `required` over the sum of shortfalls below it."""
    more = above(values, required)
    lost = unless_rounding(-column_sums(np.minimum(more, 0.0)), values, required)
    return divide(column_sums(np.maximum(more, 0.0)), lost)


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


def tail_ratio(values: FloatMatrix, level: float) -> FloatVector:
    """Return the size of the `level` quantile of the gains over that of the losses, both order statistics."""
    return ratio_of_sizes(
        values, loss_quantile(-values, level, "inverted_cdf"), loss_quantile(values, level, "inverted_cdf")
    )


def ratio_of_sizes(values: FloatMatrix, numerator: FloatVector, denominator: FloatVector) -> FloatVector:
    """Return the ratio of the sizes of two quantiles of `values`; nan where the lower one is zero but for rounding."""
    return divide(np.abs(numerator), size_unless_rounding(denominator, values))
