"""What lies below and above a required return, and ratios to it: (rows, columns) in, (columns,) out."""

import numpy as np

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector, Required
from riskresearch.kernels._moments import divide, mean, root_mean_square
from riskresearch.kernels._rounding import only_rounding, rounding_of, unless_rounding
from riskresearch.kernels.compiled._sums import column_sums


@shared
def shortfalls(values: FloatMatrix, required: Required) -> FloatMatrix:
    """Return how far each return is below `required`; zero where it is not."""
    return np.maximum(_of_each_row(required) - values, 0.0)


def above(values: FloatMatrix, required: Required) -> FloatMatrix:
    """Return how far each return is above `required`, negative where it is below."""
    return values - _of_each_row(required)


def _of_each_row(required: Required) -> Required:
    return required if isinstance(required, float) else required[:, None]


def downside_risk(shortfall: FloatMatrix, divisor: str) -> FloatVector:
    """Return the root of the mean squared shortfall, over all rows or ("below") those that fall short; 0 if none."""
    if divisor != "below":
        return root_mean_square(shortfall)
    return root_mean_square(shortfall, np.maximum((shortfall > 0.0).sum(axis=0), 1.0))


def semideviation(values: FloatMatrix, divisor: str) -> FloatVector:
    """Return the root mean square of what lies below the mean, exactly zero where only rounding does."""
    below = downside_risk(np.maximum(mean(values) - values, 0.0), divisor)
    return np.where(only_rounding(values), 0.0, below)


def upside_potential_ratio(values: FloatMatrix, required: Required, divisor: str) -> FloatVector:
    """Return the mean gain above `required`, rows below it counted as zero, over the downside deviation."""
    upside = mean(np.maximum(above(values, required), 0.0))
    risk = downside_risk(shortfalls(values, required), divisor)
    return divide(upside, unless_rounding(risk, values, required))


def kappa(values: FloatMatrix, required: Required, order: float) -> FloatVector:
    """Return mean return above `required` over the `order`-th root of the lower partial moment of that order."""
    shortfall = shortfalls(values, required)
    largest = shortfall.max(axis=0)
    scale = np.where(largest > 0.0, largest, 1.0)  # powers of fractions of the largest neither overflow nor vanish
    moment = scale * mean((shortfall / scale) ** order) ** (1.0 / order)
    return divide(mean(above(values, required)), unless_rounding(moment, values, required))


def gain_to_pain(values: FloatMatrix) -> FloatVector:
    """Return the sum of returns over the sum of absolute losses."""
    return divide(column_sums(values), unless_rounding(column_sums(shortfalls(values, 0.0)), values))


def prospect(values: FloatMatrix, required: Required, loss_aversion: float) -> FloatVector:
    """Return mean value, losses times `loss_aversion`, above `required`, over the downside deviation below it."""
    value = np.where(values < 0.0, loss_aversion * values, values)
    risk = downside_risk(shortfalls(values, required), "all")
    return divide(mean(above(value, required)), unless_rounding(risk, values, required))


def d_ratio(values: FloatMatrix) -> FloatVector:
    """Return number times sum of losses over number times sum of gains, what is rounding counted as neither."""
    nothing = np.array([rounding_of(column) for column in values.T])
    gains, losses = values > nothing, values < -nothing
    lost = column_sums(np.where(losses, -values, 0.0)) * losses.sum(axis=0)
    return divide(lost, column_sums(np.where(gains, values, 0.0)) * gains.sum(axis=0))
