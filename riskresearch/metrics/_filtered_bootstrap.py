"""Scenarios by the filtered bootstrap: whole past rows, rescaled to today's volatility."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from riskresearch.core._checks import check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.inlined._formulas import decayed_sum

if TYPE_CHECKING:
    from riskresearch.core._types import Data

ScenarioGenerator: TypeAlias = Callable[[np.random.Generator, int], FloatMatrix]
"""A function that draws n scenarios of factor returns, shape (n, factors), from a generator."""

MIN_ROWS = 20


@dataclass(frozen=True, slots=True)
class BootstrapScenarios:
    """Whole rows of standardised returns, drawn with replacement and scaled to the volatility of tomorrow."""

    standardised: FloatMatrix
    scale: FloatVector
    factors: tuple[str, ...]

    def __call__(self, generator: np.random.Generator, n: int) -> FloatMatrix:
        rows = generator.integers(0, self.standardised.shape[0], n)
        moves: FloatMatrix = self.standardised[rows] * self.scale
        return moves


@answers_other_names()
def filtered_bootstrap(returns: Data, *, halflife: float = 11.0) -> ScenarioGenerator:
    """Return a generator that draws past rows, rescaled from the volatility of their day to today's.

    Parameters
    ----------
    returns : DataFrame or 2-D array, shape (rows, factors)
        Simple returns of the factors, at least 20 rows. They are not centred.
    halflife : float
        Of the exponentially weighted variance, in observations; 11 is a decay of about 0.94. The recursion starts at
        the mean square of all rows, and each row is divided by the volatility known before it.

    Returns
    -------
    callable
        Takes a `numpy.random.Generator` and n, gives an array of shape (n, factors), one horizon of one row.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or a factor never moves.

    References
    ----------
    Hull & White, J. Risk 1, 1998; Barone-Adesi, Giannopoulos & Vosper, J. Futures Markets 19, 1999.

    Examples
    --------
    >>> import numpy as np
    >>> from riskresearch.metrics import filtered_bootstrap
    >>> draw = filtered_bootstrap(np.linspace(-0.01, 0.01, 40).reshape(20, 2))
    >>> draw(np.random.default_rng(0), 5).shape
    (5, 2)
    """
    decay = 0.5 ** (1.0 / check_positive(halflife, name="halflife"))
    panel = as_panel(returns, min_rows=MIN_ROWS)
    values = panel.values
    variance = np.mean(values * values, axis=0)
    if (variance == 0.0).any():
        column = panel.labels.column_name(int((variance == 0.0).argmax()))
        raise InvalidInputError(f"returns must move in every column, but column {column} is always zero.")
    standardised = np.empty(values.shape)
    for row in range(values.shape[0]):
        standardised[row] = values[row] / np.sqrt(variance)
        variance = decayed_sum(decay, variance, (1.0 - decay) * values[row] ** 2)
    return BootstrapScenarios(standardised, np.sqrt(variance), panel.labels.columns)
