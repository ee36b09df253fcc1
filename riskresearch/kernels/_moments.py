"""Moments of each column of returns: (rows, columns) in, (columns,) out; nan where undefined."""

from __future__ import annotations

from math import isfinite

import numpy as np

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._rounding import only_rounding, range_is_rounding
from riskresearch.kernels.compiled._sums import column_sums

# Numbers of these sizes and between have squares and products that a double holds, and sums of them.
LEAST_SIZE, GREATEST_SIZE = 2.0**-400, 2.0**400
FAR = 2.0**600


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


def size_of(vector: FloatVector) -> float:
    """Return the largest absolute value."""
    return float(np.abs(vector).max())


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
