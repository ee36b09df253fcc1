"""Generators of normal and Student-t factor returns: callables (generator, n) -> array of shape (n, factors)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._arguments import matrix_with_names, named_numbers
from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels.optimise._tiled_matmul import product
from riskresearch.metrics._filtered_bootstrap import ScenarioGenerator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from riskresearch.core._types import Data

NEGATIVE_EIGENVALUE_TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class EllipticalScenarios:
    """Normal or, with `dof`, Student-t factor returns of given mean and covariance root."""

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


@answers_other_names()
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
        A function of a `numpy.random.Generator` and n that returns an array of shape (n, factors).

    Raises
    ------
    InvalidInputError
        If `covariance` is not symmetric or has a negative eigenvalue.

    Examples
    --------
    >>> import numpy as np
    >>> from riskresearch.portfolio import normal_scenarios
    >>> normal_scenarios([[0.0004, 0.0], [0.0, 0.0001]])(np.random.default_rng(0), 3).shape
    (3, 2)
    """
    return _elliptical(covariance, mean, None)


@answers_other_names()
def student_t_scenarios(
    covariance: Data, *, dof: float, mean: Mapping[str, float] | Data | None = None
) -> ScenarioGenerator:
    """Return a generator of multivariate Student-t factor returns for `monte_carlo_risk`.

    Parameters
    ----------
    covariance : DataFrame or 2-D array, shape (factors, factors)
        Covariance, not the scatter matrix, which is the covariance times (dof - 2) / dof.
    dof : float
        Degrees of freedom, above 2.
    mean : mapping, Series or array, optional
        Expected returns over the horizon; zero by default.

    Returns
    -------
    callable
        A function of a `numpy.random.Generator` and n that returns an array of shape (n, factors).

    Raises
    ------
    InvalidInputError
        If `covariance` is not symmetric or has a negative eigenvalue, or `dof` is not above 2.

    Examples
    --------
    >>> import numpy as np
    >>> from riskresearch.portfolio import student_t_scenarios
    >>> student_t_scenarios([[0.0004]], dof=4)(np.random.default_rng(0), 2).shape
    (2, 1)
    """
    if check_number(dof, name="dof") <= 2.0:
        raise InvalidInputError(f"dof must be above 2 for a finite covariance, got {dof!r}.")
    return _elliptical(covariance, mean, float(dof))


def _elliptical(covariance: Data, mean: Mapping[str, float] | Data | None, dof: float | None) -> EllipticalScenarios:
    matrix, rows, names = matrix_with_names(covariance, name="covariance")
    size = matrix.shape[0]
    if matrix.shape[1] != size or (rows and rows != names) or not np.allclose(matrix, matrix.T, rtol=1e-9, atol=0.0):
        raise InvalidInputError(
            f"covariance must be square and symmetric, with rows named as its columns, got {matrix.shape}."
        )
    variances, vectors = np.linalg.eigh(matrix)
    if variances[0] < -NEGATIVE_EIGENVALUE_TOLERANCE * variances[-1]:
        raise InvalidInputError(f"covariance must have no negative eigenvalue, got {variances[0]:.3g}.")
    root = vectors * np.sqrt(np.maximum(variances, 0.0))
    centre = np.zeros(size)
    if mean is not None:
        centre = named_numbers(mean, names, size, name="mean", owner="covariance", what="column")
    return EllipticalScenarios(root, centre, dof, names)
