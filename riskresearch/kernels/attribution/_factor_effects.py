"""Effects of factors on a return: (rows, factors) and (rows,) in."""

from typing import NamedTuple

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector


class Effects(NamedTuple):
    """Effect of each factor over all rows, and its two parts."""

    factor_return: FloatVector
    effect: FloatVector
    tilt: FloatVector
    timing: FloatVector


def factor_effects(exposures: FloatMatrix, factors: FloatMatrix, links: FloatVector) -> Effects:
    """Return the sums over rows, each times its linking coefficient, shape (factors,).

    The tilt is the mean exposure times the factor's return. The timing is the rest of the effect: with coefficients
    of 1 the rows times the covariance (n) of exposure and return.
    """
    linked = factors * links[:, None]
    total = linked.sum(axis=0)
    mean = mean_exposure(exposures)
    timing = ((exposures - mean) * linked).sum(axis=0)
    tilt = mean * total
    return Effects(total, tilt + timing, tilt, timing)


def variance_inflation(factors: FloatMatrix) -> FloatVector:
    """Return 1 / (1 - R squared) of each factor on the others, from factors that are linearly independent."""
    away = factors - factors.mean(axis=0)
    away = away / np.abs(away).max(axis=0)
    _, singular, right = np.linalg.svd(away / np.linalg.norm(away, axis=0), full_matrices=False)
    inflation: FloatVector = ((right.T / singular) ** 2).sum(axis=1)
    return inflation


def mean_exposure(exposures: FloatMatrix) -> FloatVector:
    """Return the mean over rows, exactly that of exposures that are constant."""
    mean: FloatVector = exposures[0] + (exposures - exposures[0]).mean(axis=0)
    return mean
