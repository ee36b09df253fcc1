"""Market impact of Almgren, Thum, Hauptmann & Li (2005), and optimal execution of Almgren & Chriss (2000)."""

from typing import NamedTuple

import numpy as np

from riskresearch.core._types import FloatVector


def almgren_permanent(
    participation: FloatVector, volatility: FloatVector, turnover: FloatVector, gamma: float, exponent: float
) -> FloatVector:
    """Return the permanent impact I of orders, a fraction of the price; `turnover` is that of a day."""
    impact: FloatVector = gamma * volatility * participation * turnover**-exponent
    return impact


def almgren_temporary(rate: FloatVector, volatility: FloatVector, eta: float, exponent: float) -> FloatVector:
    """Return the temporary impact of orders at a `rate` of trading, in average volumes a day."""
    impact: FloatVector = eta * volatility * rate**exponent
    return impact


class Schedule(NamedTuple):
    """An optimal schedule of execution for one unit to be traded."""

    remaining: FloatVector
    """What is left after each step, shape (steps + 1,), from 1 to 0."""
    trades: FloatVector
    """What each step trades, shape (steps,)."""
    decay: float
    """Kappa: the rate at which the remainder decays if the horizon is far."""


def almgren_chriss_schedule(steps: int, step: float, risk: float) -> Schedule:
    """Return the schedule of least expected cost plus risk (Almgren & Chriss 2000, equations 16 to 18).

    `risk` is risk aversion times variance over the temporary impact that counts, the squared kappa tilde. Trades are
    computed as they are, and not as differences, so that small ones keep their digits.
    """
    angle = 2.0 * np.arcsinh(0.5 * step * np.sqrt(risk))  # kappa times the step; arccosh would lose small ones
    if angle * steps < np.sqrt(np.finfo(float).tiny):
        return Schedule(1.0 - np.arange(steps + 1.0) / steps, np.full(steps, 1.0 / steps), 0.0)
    ahead = angle * np.arange(steps, -1.0, -1.0)  # of the end
    remaining = _sinh_ratio(ahead, angle * steps)
    middles = ahead[1:] + 0.5 * angle
    trades = (
        2.0 * np.sinh(0.5 * angle) * _cosh_over_sinh(middles, angle * steps) if angle < 1.0 else -np.diff(remaining)
    )
    return Schedule(remaining, trades, angle / step)


def _sinh_ratio(numbers: FloatVector, largest: float) -> FloatVector:
    """Return sinh(numbers) / sinh(largest) for numbers from zero to the largest, which may be beyond e ** 700."""
    ratio: FloatVector = np.exp(numbers - largest) * np.expm1(-2.0 * numbers) / np.expm1(-2.0 * largest)
    return ratio


def _cosh_over_sinh(numbers: FloatVector, largest: float) -> FloatVector:
    """Return cosh(numbers) / sinh(largest), likewise."""
    ratio: FloatVector = np.exp(numbers - largest) * (1.0 + np.exp(-2.0 * numbers)) / -np.expm1(-2.0 * largest)
    return ratio
