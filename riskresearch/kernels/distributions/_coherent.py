"""Entropic value at risk and expectiles of the losses of each column: (rows, columns) of returns in, (columns,) out."""

from math import log

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import mean
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels.compiled._sums import column_sums

ENTROPY_TOLERANCE = 1e-13
MAX_STEPS = 300
LARGEST_TILT = 1e300


def entropic_value_at_risk(values: FloatMatrix, level: float) -> FloatVector:
    """Return the minimum over t > 0 of t log(E exp(loss / t) / (1 - level)), Ahmadi-Javid's EVaR of the sample."""
    tail_mass = tail_rank(level, values.shape[0])[1]
    return np.array([_entropic(np.ascontiguousarray(0.0 - column), tail_mass) for column in values.T])


def _entropic(losses: FloatVector, tail_mass: float) -> float:
    """Minimise for one column: at the minimum the exponentially tilted losses have relative entropy -log(1 - level).

    Where the worst loss alone has the probability 1 - level no tilt has that entropy, and EVaR is the worst loss.
    """
    worst = float(losses.max())
    if np.count_nonzero(losses == worst) >= tail_mass:
        return worst
    spread = worst - float(losses.min())
    scaled = (losses - worst) / spread
    target = log(losses.size / tail_mass)
    tilt, log_mean = _solve_tilt(scaled, target)
    return float(np.minimum(worst, worst + spread * (log_mean + target) / tilt))


def _solve_tilt(scaled: FloatVector, target: float) -> tuple[float, float]:
    """Return the tilt z whose relative entropy is `target`, and log E exp(z scaled): Newton's steps in a bracket.

    Both are nan where the iteration does not converge.
    """
    low, high, growth = 0.0, np.inf, 4.0
    tilt = (2.0 * target) ** 0.5 / float(scaled.std())
    for _ in range(MAX_STEPS):
        log_mean, entropy, slope = _entropy(scaled, tilt)
        if abs(entropy - target) <= ENTROPY_TOLERANCE * target or tilt in (low, high):
            break
        low, high = (tilt, high) if entropy < target else (low, tilt)
        # The root of the entropy is nearly straight in the tilt, exactly so for normal losses.
        step = 2.0 * ((entropy * target) ** 0.5 - entropy) / slope if slope > 0.0 else np.nan
        if low < tilt + step < high:
            tilt += step
        elif high < np.inf:
            tilt = low**0.5 * high**0.5 if low > 0.0 else 0.5 * high
        else:
            tilt, growth = min(tilt * growth, LARGEST_TILT), growth * growth
    else:
        return np.nan, np.nan
    return tilt, log_mean


def _entropy(scaled: FloatVector, tilt: float) -> tuple[float, float, float]:
    """Return log E exp(z x), the relative entropy of the tilted x, and its derivative in z."""
    weights = np.exp(tilt * scaled)
    total = float(weights.sum())
    centre = float((weights * scaled).sum()) / total
    variance = float((weights * (scaled - centre) ** 2).sum()) / total
    log_mean = log(total / scaled.size)
    return log_mean, tilt * centre - log_mean, tilt * variance


def expectile(values: FloatMatrix, level: float) -> FloatVector:
    """Return the e with level E(loss - e)+ = (1 - level) E(e - loss)+.

    Both sides are piecewise linear in e, and their difference is convex: Newton's steps from the mean rise to the exact
    solution and end when no loss changes sides.
    """
    losses = 0.0 - values
    worst = losses.max(axis=0)
    distance = losses - worst
    result = mean(distance)
    rising = np.arange(result.size)
    while rising.size:
        part = distance[:, rising]
        weights = np.where(part > result[rising], level, 1.0 - level)
        step = column_sums(weights * part) / column_sums(weights)
        above = step > result[rising]
        result[rising[above]] = step[above]
        rising = rising[above]
    total: FloatVector = worst + result
    return total
