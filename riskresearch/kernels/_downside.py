"""What lies below and above a required return, and ratios to it: (rows, columns) in, (columns,) out."""

import numpy as np

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._ratios import divide, mean
from riskresearch.kernels._sums import column_sums


@shared
def shortfalls(values: FloatMatrix, required: float) -> FloatMatrix:
    """Return how far each return is below `required`; zero where it is not."""
    return np.maximum(required - values, 0.0)


def root_mean_square(shortfall: FloatMatrix, divisor: str) -> FloatVector:
    """Return the root of the mean squared shortfall, over all rows or ("below") those that fall short; 0 if none."""
    counted = (shortfall > 0.0).sum(axis=0) if divisor == "below" else shortfall.shape[0]
    result: FloatVector = np.sqrt(column_sums(shortfall * shortfall) / np.maximum(counted, 1))
    return result


def semideviation(values: FloatMatrix, divisor: str) -> FloatVector:
    """Return the root mean square of what lies below the mean, exactly zero where all values are equal."""
    below = root_mean_square(np.maximum(mean(values) - values, 0.0), divisor)
    return np.where(values.min(axis=0) == values.max(axis=0), 0.0, below)


def upside_potential_ratio(values: FloatMatrix, required: float, divisor: str) -> FloatVector:
    """Return the mean gain above `required`, rows below it counted as zero, over the downside deviation."""
    upside = mean(np.maximum(values - required, 0.0))
    return divide(upside, root_mean_square(shortfalls(values, required), divisor))


def kappa(values: FloatMatrix, required: float, order: float) -> FloatVector:
    """Return mean return above `required` over the `order`-th root of the lower partial moment of that order."""
    shortfall = shortfalls(values, required)
    largest = shortfall.max(axis=0)
    scale = np.where(largest > 0.0, largest, 1.0)  # powers of fractions of the largest neither overflow nor vanish
    moment = scale * mean((shortfall / scale) ** order) ** (1.0 / order)
    return divide(mean(values - required), moment)


def gain_to_pain(values: FloatMatrix) -> FloatVector:
    """Return the sum of returns over the sum of absolute losses."""
    return divide(column_sums(values), column_sums(shortfalls(values, 0.0)))
