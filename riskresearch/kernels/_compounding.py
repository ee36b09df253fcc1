"""Compounded growth of each column of returns: (rows, columns) in, (columns,) out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riskresearch.core._sharing import shared
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._moments import mean
from riskresearch.kernels.compiled._sums import column_sums

LEAST_WEALTH = 1e-290
ROWS_BETWEEN_LOOKS = 64


@shared
def growth(values: FloatMatrix) -> FloatMatrix:
    """Return the value after each row of one unit invested before the first."""
    with np.errstate(over="ignore"):
        return np.cumprod(1.0 + values, axis=0, dtype=np.float64)


def compounded_runs(values: FloatMatrix, starts: npt.NDArray[np.intp]) -> FloatMatrix:
    """Return what each run of rows compounds to, nan where it has no value; a run begins at each of `starts`.

    A run of one value is that value, bit for bit.
    """
    with np.errstate(over="ignore"):  # beyond a double: infinite
        grown = np.multiply.reduceat(1.0 + values, starts, axis=0) - 1.0
    alone = np.diff(starts, append=values.shape[0]) == 1
    grown[alone] = values[starts[alone]]
    if not np.isnan(grown).any():
        return grown
    present = ~np.isnan(values)
    known = np.where(present, values, 0.0)
    count = np.add.reduceat(present, starts, axis=0, dtype=np.intp)
    with np.errstate(over="ignore"):
        grown = np.multiply.reduceat(1.0 + known, starts, axis=0) - 1.0
    return np.where(count > 1, grown, np.where(count == 1, np.add.reduceat(known, starts, axis=0), np.nan))


@shared
def yearly_growth(values: FloatMatrix, periods: float) -> FloatVector:
    """Return the constant yearly rate that gives the same final value."""
    return compounded(values, periods / values.shape[0]) - 1.0


def compounded(values: FloatMatrix, exponent: float) -> FloatVector:
    """Return the final value of one unit, to the power `exponent`; by logarithms where wealth leaves the doubles."""
    with np.errstate(over="ignore"):  # beyond a double: infinite
        return _compounded(values, exponent)


def _compounded(values: FloatMatrix, exponent: float) -> FloatVector:
    path = growth(values)
    within = (path[-1] >= LEAST_WEALTH) & (path[-1] < np.inf) & (path[::ROWS_BETWEEN_LOOKS] >= LEAST_WEALTH).all(axis=0)
    if within.all():
        return path[-1] ** exponent
    ruined = (values == -1.0).any(axis=0)
    logarithm = column_sums(np.log1p(np.where(ruined, 0.0, values))) * exponent
    power = np.where(within, path[-1], 1.0) ** exponent * np.exp(np.where(within, 0.0, logarithm))
    return np.where(ruined, 0.0, power)


def log_growth(values: FloatMatrix) -> FloatMatrix:
    """Return the logarithm of one plus each return: minus infinity at a loss of everything."""
    with np.errstate(divide="ignore"):
        return np.log1p(values)


def growth_terms(values: FloatMatrix) -> FloatMatrix:
    """Return what `growth_of_sums` needs the sums of, shape (rows, 2): the logarithm of growth, and 1 to count rows."""
    return np.column_stack([log_growth(values[:, :1]), np.ones(values.shape[0])])


def growth_of_sums(sums: FloatMatrix, periods: float) -> FloatVector:
    """Return `yearly_growth` of each draw from its sums of `growth_terms`."""
    return rate(sums[:, 0] / np.rint(sums[:, 1]), periods)


def rate(logarithm: FloatVector, exponent: float) -> FloatVector:
    """Return what growth of this logarithm to the power `exponent` leaves beside the one unit that grew."""
    with np.errstate(over="ignore"):  # beyond a double: infinite
        left: FloatVector = np.expm1(logarithm * exponent)
    return left


def yearly_rate(risk_free: FloatVector, periods: float) -> FloatVector:
    """Return the mean rate per period compounded to a year, shape (1,)."""
    with np.errstate(over="ignore"):  # beyond a double: infinite
        rate: FloatVector = (1.0 + mean(risk_free[:, None])) ** periods - 1.0
    return rate


def excess_growth(values: FloatMatrix, risk_free: FloatVector, periods: float) -> FloatVector:
    """Return yearly growth less the mean risk-free rate compounded to a year."""
    return yearly_growth(values, periods) - yearly_rate(risk_free, periods)
