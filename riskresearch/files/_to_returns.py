"""Numbers of any kind as simple returns, and as prices."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.files._kind import KindReading
from riskresearch.files.kinds._fits import PERCENT_OF_ONE
from riskresearch.kernels._prices import returns_of

_Numbers: TypeAlias = npt.NDArray[np.float64]
MOST_STEPS_OF_A_FIRST_ROW = 10.0
"""Cumulative returns whose first value is larger, in typical steps, were cut from a longer series."""


def to_returns(values: pd.DataFrame, reading: KindReading, *, name: str = "values") -> pd.DataFrame:
    """Return simple returns as fractions.

    Parameters
    ----------
    values : DataFrame, shape (n_dates, n_columns)
        The numbers as they stand in the file; missing ones are NaN.
    reading : KindReading
        What they are.
    name : str
        What errors call the file.

    Returns
    -------
    DataFrame
        One row less for prices, and for cumulative returns and sums of profit that begin with zero. A return is missing
        where its number is, and the next one has the whole move since the last number.

    Raises
    ------
    InvalidInputError
        If there is one row of prices, or the capital is lost.
    """
    numbers = _as_fractions(values, reading)
    if reading.kind in ("returns", "percent"):
        returns = numbers
    elif reading.kind == "log-returns":
        returns = np.expm1(numbers)
    else:
        wealth = _wealth(values, numbers, reading, name)
        if len(wealth) < 2:
            raise InvalidInputError(f"{name} must hold at least two rows of {reading.kind} for one return, got 1.")
        returns = returns_of(wealth)
    return pd.DataFrame(returns, index=values.index[len(values) - len(returns) :], columns=values.columns)


def to_prices(values: pd.DataFrame, reading: KindReading, *, name: str = "values") -> pd.DataFrame:
    """Return prices: those of the file, or the value after each row of one unit, or of the capital, before the first.

    Parameters
    ----------
    values : DataFrame, shape (n_dates, n_columns)
        The numbers as they stand in the file; missing ones are NaN.
    reading : KindReading
        What they are.
    name : str
        What errors call the file.

    Returns
    -------
    DataFrame, shape (n_dates, n_columns)
        Missing where the number is.

    Raises
    ------
    InvalidInputError
        If the capital is lost.
    """
    if reading.kind == "prices":
        return values.astype(np.float64)
    numbers = _as_fractions(values, reading)
    if reading.kind in ("returns", "percent", "log-returns"):
        growth = np.exp(numbers) if reading.kind == "log-returns" else 1.0 + numbers
        with np.errstate(over="ignore"):
            wealth = np.where(np.isnan(numbers), np.nan, np.nancumprod(growth, axis=0))
    else:
        wealth = _wealth(values, numbers, reading, name)[-len(values) :]
    return pd.DataFrame(wealth, index=values.index, columns=values.columns)


def _as_fractions(values: pd.DataFrame, reading: KindReading) -> _Numbers:
    numbers: _Numbers = values.to_numpy(dtype=np.float64, copy=True)
    scaled = [str(column) in reading.in_percent for column in values.columns]
    numbers[:, scaled] *= PERCENT_OF_ONE
    return numbers


def _wealth(values: pd.DataFrame, numbers: _Numbers, reading: KindReading, name: str) -> _Numbers:
    """Return wealth after each row; a row before the first stands at its head where the first row has a return."""
    if reading.kind == "prices":
        return numbers
    if reading.kind == "cumulative":
        wealth, start = 1.0 + numbers, 1.0
        begins = _begins_with_a_return(numbers)
    else:
        start = reading.capital or 0.0
        earned = numbers if reading.is_sum else np.where(np.isnan(numbers), np.nan, np.nancumsum(numbers, axis=0))
        wealth = start + earned
        begins = not reading.is_sum or _begins_with_a_return(numbers)
    if np.nanmin(wealth) <= 0.0:
        row, column = map(int, np.argwhere(wealth <= 0.0)[0])
        remedy = (
            f"more than the capital of {start:,g}: pass a larger one (--capital)" if reading.capital else "everything"
        )
        raise InvalidInputError(
            f"{name} loses {remedy}. It is gone at {values.index[row]} in column {str(values.columns[column])!r}."
        )
    return np.vstack([np.full((1, wealth.shape[1]), start), wealth]) if begins else wealth


def _begins_with_a_return(numbers: _Numbers) -> bool:
    """Return whether the first row of sums so far is a return itself: not zero, and no larger than a step."""
    first = np.abs(numbers[0])
    if len(numbers) < 3 or np.isnan(first).any() or (first == 0.0).all():
        return False
    steps = np.nanmedian(np.abs(np.diff(numbers, axis=0)), axis=0)
    return bool((first <= MOST_STEPS_OF_A_FIRST_ROW * steps).all())
