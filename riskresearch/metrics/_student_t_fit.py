"""Maximum likelihood fits of a Student-t, and the errors where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.kernels.distributions._multivariate_t import MultivariateT

WHY_NONE = "too many of its values are equal, or a few are too far from the rest"


def refuse_without_fit(measure: FloatVector, panel: Panel) -> None:
    """Raise if a measure is nan because no Student-t has a maximum likelihood."""
    if np.isnan(measure).any():
        column = panel.labels.column_name(int(np.isnan(measure).argmax()))
        raise InvalidInputError(
            f"{panel.name} must have a Student-t of greatest likelihood, but column {column} has none with 0.2 degrees "
            f'of freedom or more: {WHY_NONE}. Use method="historical".'
        )


def fitted_multivariate_t(values: FloatMatrix, *, name: str, instead: str) -> MultivariateT:
    """Return the maximum likelihood fit of a multivariate Student-t to `values`, shape (rows, columns)."""
    from riskresearch.kernels.distributions._multivariate_t import fit_multivariate_t  # noqa: PLC0415 (SciPy)

    fit = fit_multivariate_t(values)
    if fit is None:
        raise InvalidInputError(
            f"{name} must have a regular covariance for a Student-t, more rows than columns and no column that others "
            f"add up to. Leave one of them out, or use {instead}."
        )
    if np.isnan(fit.dof):
        raise InvalidInputError(
            f"{name} must have a Student-t of greatest likelihood, but none with 0.2 degrees of freedom or more was "
            f"found: {WHY_NONE}. Use {instead}."
        )
    return fit
