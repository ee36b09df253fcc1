"""Least squares and the standard errors of its coefficients, ordinary or Newey and West's: (rows, regressors) in.

Regressors are scaled by their largest value and decomposed by singular values, so that small ones, and their squares,
keep their rank. The sum over lags with Bartlett weights stands here once, for coefficients and for means.
"""

from typing import NamedTuple

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._rounding import rounding_of
from riskresearch.kernels.compiled.rolling._regression import rolling_regression

EPSILON = float(np.finfo(np.float64).eps)


class Regressors(NamedTuple):
    """Regressors over their scale, and the decomposition of these by singular values."""

    scaled: FloatMatrix
    scale: FloatVector
    left: FloatMatrix
    singular: FloatVector
    right: FloatMatrix


class Regression(NamedTuple):
    """Coefficients of one regression, what it leaves, and the regressors."""

    coefficients: FloatVector
    residuals: FloatVector
    regressors: Regressors


def newey_west_lags(rows: int) -> int:
    """Return the automatic number of lags of Newey and West (1994) in its usual form: floor(4 (n / 100)^(2/9))."""
    return min(int(4.0 * (rows / 100.0) ** (2.0 / 9.0)), rows - 1)


def bartlett_sum(scores: FloatMatrix, lags: int) -> FloatMatrix:
    """Return the sum of products of `scores`, (rows, k), and of those up to `lags` rows apart by Bartlett weights.

    Over the number of rows it is the long-run covariance of Newey and West (1987); scores have a mean of zero.
    """
    total: FloatMatrix = scores.T @ scores
    for lag in range(1, lags + 1):
        apart = scores[lag:].T @ scores[:-lag]
        total = total + (1.0 - lag / (lags + 1.0)) * (apart + apart.T)
    return total


def long_run_error(effects: FloatMatrix, lags: int) -> FloatVector:
    """Return the standard error of the mean of each column of mean-zero `effects`, column by column."""
    sums = [bartlett_sum(effects[:, [column]], lags)[0, 0] for column in range(effects.shape[1])]
    error: FloatVector = np.sqrt(np.array(sums)) / effects.shape[0]
    return error


def scale_of(design: FloatMatrix) -> FloatVector:
    """Return the largest value of each column, 1 for a column of zeros."""
    largest = np.abs(design).max(axis=0)
    return np.where(largest > 0.0, largest, 1.0)


def decompose(design: FloatMatrix, *, unknown: float | None = None) -> Regressors | None:
    """Return the decomposition of regressors, or None where they are linearly dependent but for rounding.

    `unknown` is the part of the scaled values that is rounding, by default that of returns.
    """
    rows, count = design.shape
    if rows < count:
        return None
    scale = scale_of(design)
    scaled = design / scale
    left, singular, right = np.linalg.svd(scaled, full_matrices=False)
    parts = (rounding_of(column) / size for column, size in zip(design.T, scale.tolist(), strict=True))
    noise = max(parts) if unknown is None else unknown
    if not singular[-1] > max(float(singular[0]) * rows * EPSILON, noise * rows**0.5):
        return None
    return Regressors(scaled, scale, left, singular, right)


def regress(target: FloatVector, regressors: Regressors) -> Regression:
    """Return the least squares of `target`, shape (rows,), on the regressors."""
    scaled = regressors.right.T @ ((regressors.left.T @ target) / regressors.singular)
    return Regression(scaled / regressors.scale, target - regressors.scaled @ scaled, regressors)


def coefficient_errors(regression: Regression, *, errors: str, lags: int = 0, corrected: bool = False) -> FloatVector:
    """Return the standard error of each coefficient: "ols", or "hac" with `lags` (0 are White's).

    Ordinary ones divide by n - k; those of Newey and West by n, or by n - k where `corrected`, as HC1 does.
    """
    residuals, design = regression.residuals, regression.regressors
    rows, count = design.scaled.shape
    size = float(np.abs(residuals).max()) or 1.0  # squares of small residuals keep their digits
    left_over = residuals / size
    inverse = design.right.T / design.singular**2 @ design.right
    free = rows - count
    with np.errstate(divide="ignore", invalid="ignore"):  # no rows beyond the coefficients: nan
        if errors == "ols":
            variances = np.diag(inverse) * np.divide(left_over @ left_over, np.float64(free))
        else:
            middle = bartlett_sum(design.scaled * left_over[:, None], lags)
            variances = np.diag(inverse @ middle @ inverse) * (np.divide(rows, np.float64(free)) if corrected else 1.0)
        spread: FloatVector = np.sqrt(np.maximum(variances, 0.0)) * size / design.scale
    return spread if free > 0 else np.full(count, np.nan)


def rolling_coefficients(target: FloatVector, design: FloatMatrix, window: int) -> FloatMatrix:
    """Return the coefficients over each `window` rows, (rows - window + 1, regressors), each from its own rows alone.

    nan where a window's regressors are linearly dependent but for rounding.
    """
    return rolling_regression(np.column_stack([design, target]), window)
