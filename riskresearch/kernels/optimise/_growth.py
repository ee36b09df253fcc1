"""Logarithmic growth of wealth over scenarios: the rate, its derivatives, and how fast it can be lost."""

from __future__ import annotations

from math import inf

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector

LARGEST_EXPONENT = 1e9


def growth_rate(log_wealth: FloatVector, probabilities: FloatVector) -> float:
    """Return the mean of the logarithms of wealth, one per scenario."""
    return float(probabilities @ log_wealth)


def log_ruin_moment(log_wealth: FloatVector, probabilities: FloatVector, exponent: float) -> float:
    """Return log E[wealth ** -exponent], without overflow."""
    powers = -exponent * log_wealth
    top = float(powers.max())
    return top + float(np.log(probabilities @ np.exp(powers - top)))


def drawdown_exponent(log_wealth: FloatVector, probabilities: FloatVector) -> float:
    """Return the largest exponent with E[wealth ** -exponent] <= 1: zero without growth, infinite without a loss.

    Wealth then falls below a fraction `left` of its start with probability `left ** exponent` at most, at any time
    (Busseti, Ryu & Boyd 2016): wealth ** -exponent is a supermartingale.
    """
    from scipy import optimize  # noqa: PLC0415 (SciPy, which most measures spare)

    if float(log_wealth.min()) >= 0.0:
        return inf
    if growth_rate(log_wealth, probabilities) <= 0.0:
        return 0.0
    high = 1.0
    while log_ruin_moment(log_wealth, probabilities, high) <= 0.0:
        high *= 2.0
        if high > LARGEST_EXPONENT:
            return inf
    low = high
    while log_ruin_moment(log_wealth, probabilities, low) >= 0.0:
        low /= 2.0
        if low < 1.0 / LARGEST_EXPONENT:
            return 0.0
    root: float = optimize.brentq(
        lambda power: log_ruin_moment(log_wealth, probabilities, power), low, high, xtol=1e-14, rtol=1e-14
    )
    return root


def growth_slopes(
    returns: FloatMatrix, probabilities: FloatVector, weights: FloatVector
) -> tuple[FloatVector, FloatMatrix]:
    """Return gradient and curvature (minus the Hessian) of E log(1 + returns @ weights)."""
    wealth = 1.0 + returns @ weights
    scaled = returns / wealth[:, None]
    slope: FloatVector = probabilities @ scaled
    curvature: FloatMatrix = (scaled * probabilities[:, None]).T @ scaled
    return slope, curvature


def ruin_slopes(
    returns: FloatMatrix, log_chances: FloatVector, weights: FloatVector, exponent: float
) -> tuple[float, FloatVector, FloatMatrix]:
    """Return log sum exp(log_chances) * (1 + returns @ weights) ** -exponent, its gradient and its Hessian."""
    wealth = 1.0 + returns @ weights
    powers = log_chances - exponent * np.log(wealth)
    top = float(powers.max())
    share = np.exp(powers - top)
    total = float(share.sum())
    share /= total
    scaled = returns / wealth[:, None]
    slope: FloatVector = -exponent * (share @ scaled)
    spread: FloatMatrix = exponent * (exponent + 1.0) * ((scaled * share[:, None]).T @ scaled)
    return top + float(np.log(total)), slope, spread - np.outer(slope, slope)
