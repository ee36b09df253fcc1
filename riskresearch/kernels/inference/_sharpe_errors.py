"""The sampling error of the Sharpe ratio of each column: (rows, columns) in, (columns,) out, all per period."""

from math import e, erfc, inf

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import deviation, divide, mean, standardized_moments
from riskresearch.kernels.inference._regression import long_run_error, newey_west_lags

EULER_GAMMA = 0.5772156649015329


def normal_quantile(probability: float) -> float:
    """Return the standard normal quantile; SciPy is not needed for it."""
    from statistics import NormalDist  # noqa: PLC0415 (it loads fractions, decimal and random)

    return NormalDist().inv_cdf(probability)


def normal_probability(z: FloatVector) -> FloatVector:
    """Return the standard normal distribution function."""
    return np.array([0.5 * erfc(-value / 2.0**0.5) for value in np.atleast_1d(z)])


def iid_error(excess: FloatMatrix) -> FloatVector:
    """Return the standard error for independent normal returns (Lo 2002, eq. 9)."""
    ratio = divide(mean(excess), deviation(excess))
    return np.sqrt((1.0 + 0.5 * ratio**2) / excess.shape[0])


def mertens_error(excess: FloatMatrix) -> FloatVector:
    """Return the standard error for independent returns of any shape (Mertens 2002; Opdyke 2007, eq. 6)."""
    ratio = divide(mean(excess), deviation(excess))
    skew, kurtosis = standardized_moments(excess)
    return np.sqrt(spread(ratio, skew, kurtosis) / excess.shape[0])


def spread(ratio: FloatVector, skew: FloatVector, excess_kurtosis: FloatVector) -> FloatVector:
    """Return the variance of the Sharpe ratio times the number of rows; never negative for moments of a sample."""
    return np.maximum(1.0 - skew * ratio + (excess_kurtosis + 2.0) / 4.0 * ratio**2, 0.0)


def influence(excess: FloatMatrix) -> FloatMatrix:
    """Return by how much each row moves the Sharpe ratio, times the number of rows: the delta method's gradient.

    It is z - ratio / 2 (z^2 - 1) with z the standardised return: the gradient of mean / deviation in the first two
    moments, applied to each row, as in Lo's (2002) GMM.
    """
    scale = deviation(excess, 0)
    z = divide(excess - mean(excess), np.broadcast_to(scale, excess.shape))
    ratio = divide(mean(excess), scale)
    return z - 0.5 * ratio * (z * z - 1.0)


def hac_error(excess: FloatMatrix) -> FloatVector:
    """Return the standard error for autocorrelated and heteroskedastic returns: Bartlett weights, automatic lag."""
    return long_run_error(influence(excess), newey_west_lags(excess.shape[0]))


def probabilistic_sharpe(
    ratio: FloatVector, skew: FloatVector, excess_kurtosis: FloatVector, rows: int, reference: float
) -> FloatVector:
    """Return the probability that the true ratio exceeds `reference` (Bailey & Lopez de Prado 2012, eq. 8)."""
    error = np.sqrt(spread(ratio, skew, excess_kurtosis) / (rows - 1))
    return normal_probability(divide(ratio - reference, error))


def track_record_rows(
    ratio: FloatVector,
    skew: FloatVector,
    excess_kurtosis: FloatVector,
    reference: float,
    level: float,
    power: float = 0.5,
) -> FloatVector:
    """Return after how many rows that probability reaches `level` (eq. 11); infinite at or below `reference`.

    It does in the share `power` of such records: in half of them by eq. 11, whose quantile is then added to.
    """
    quantile = normal_quantile(level) + normal_quantile(power)
    rows = 1.0 + spread(ratio, skew, excess_kurtosis) * divide(np.full(ratio.shape, quantile), ratio - reference) ** 2
    return np.where(ratio <= reference, inf, rows)


def expected_best(trials: int, variance: float) -> float:
    """Return the Sharpe ratio to expect of the best of `trials` without skill (Bailey & Lopez de Prado 2014, eq. 6)."""
    if trials == 1:
        return 0.0
    # From the lower tail: 1 - 1 / trials is 1 for trials that a double holds.
    within, beyond = -normal_quantile(1.0 / trials), -normal_quantile(1.0 / (trials * e))
    return float(variance**0.5 * ((1.0 - EULER_GAMMA) * within + EULER_GAMMA * beyond))
