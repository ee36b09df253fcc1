"""Generators of factor returns: callables (generator, n) -> array of shape (n, factors)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from riskresearch.core._checks import check_number, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import as_panel
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._tiles import product
from riskresearch.metrics._arguments import matrix_with_names, named_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskresearch.core._types import Data

ScenarioGenerator: TypeAlias = Callable[[np.random.Generator, int], FloatMatrix]
"""Draws n scenarios of factor returns, shape (n, factors), from the generator alone."""

NEGATIVE_EIGENVALUE_TOLERANCE = 1e-10
MIN_ROWS = 20


@dataclass(frozen=True, slots=True)
class EllipticalScenarios:
    """Normal, or Student-t with `dof`, of given mean and covariance root."""

    root: FloatMatrix
    mean: FloatVector
    dof: float | None
    factors: tuple[str, ...]

    def __call__(self, generator: np.random.Generator, n: int) -> FloatMatrix:
        moves = product(generator.standard_normal((n, self.mean.size)), self.root.T)
        if self.dof is not None:
            moves *= np.sqrt((self.dof - 2.0) / generator.chisquare(self.dof, n))[:, None]
        moves += self.mean
        return moves


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


def normal_scenarios(covariance: Data, *, mean: Mapping[str, float] | Data | None = None) -> ScenarioGenerator:
    """Return a generator of normal factor returns for `monte_carlo_risk`.

    Parameters
    ----------
    covariance : DataFrame or 2-D array, shape (factors, factors)
        Covariance of the factors' returns over the horizon; it may be singular.
    mean : mapping, Series or array, optional
        Expected returns over the horizon; zero by default.

    Returns
    -------
    callable
        Takes a `numpy.random.Generator` and n, gives an array of shape (n, factors).

    Raises
    ------
    InvalidInputError
        If `covariance` is not symmetric or has a negative eigenvalue.

    Examples
    --------
    >>> import numpy as np
    >>> from riskresearch.metrics import normal_scenarios
    >>> normal_scenarios([[0.0004, 0.0], [0.0, 0.0001]])(np.random.default_rng(0), 3).shape
    (3, 2)
    """
    return _elliptical(covariance, mean, None)


def student_t_scenarios(
    covariance: Data, *, dof: float, mean: Mapping[str, float] | Data | None = None
) -> ScenarioGenerator:
    """Return a generator of multivariate Student-t factor returns for `monte_carlo_risk`.

    Parameters
    ----------
    covariance : DataFrame or 2-D array, shape (factors, factors)
        Covariance, not scatter: that is the covariance times (dof - 2) / dof.
    dof : float
        Degrees of freedom, above 2.
    mean : mapping, Series or array, optional
        Expected returns over the horizon; zero by default.

    Returns
    -------
    callable
        Takes a `numpy.random.Generator` and n, gives an array of shape (n, factors).

    Raises
    ------
    InvalidInputError
        If `covariance` is not symmetric or has a negative eigenvalue, or `dof` is not above 2.

    Examples
    --------
    >>> import numpy as np
    >>> from riskresearch.metrics import student_t_scenarios
    >>> student_t_scenarios([[0.0004]], dof=4)(np.random.default_rng(0), 2).shape
    (2, 1)
    """
    if check_number(dof, name="dof") <= 2.0:
        raise InvalidInputError(f"dof must be above 2, or there is no covariance, got {dof!r}.")
    return _elliptical(covariance, mean, float(dof))


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
        variance = decay * variance + (1.0 - decay) * values[row] ** 2
    return BootstrapScenarios(standardised, np.sqrt(variance), panel.labels.columns)


def _elliptical(covariance: Data, mean: Mapping[str, float] | Data | None, dof: float | None) -> EllipticalScenarios:
    matrix, rows, names = matrix_with_names(covariance, name="covariance")
    size = matrix.shape[0]
    if matrix.shape[1] != size or (rows and rows != names) or not np.allclose(matrix, matrix.T, rtol=1e-9, atol=0.0):
        raise InvalidInputError(f"covariance must be square and symmetric, rows named as columns, got {matrix.shape}.")
    variances, vectors = np.linalg.eigh(matrix)
    if variances[0] < -NEGATIVE_EIGENVALUE_TOLERANCE * variances[-1]:
        raise InvalidInputError(f"covariance must have no negative eigenvalue, got {variances[0]:.3g}.")
    root = vectors * np.sqrt(np.maximum(variances, 0.0))
    centre = np.zeros(size)
    if mean is not None:
        centre = named_numbers(mean, names, size, name="mean", owner="covariance", what="column")
    return EllipticalScenarios(root, centre, dof, names)
