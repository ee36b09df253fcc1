"""A covariance matrix that an optimiser is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._arguments import matrix_with_names
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._panel import as_panel
from riskresearch.core.frames._native import native

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import Data, FloatMatrix

ASYMMETRY = 1e-8
NEGATIVE_EIGENVALUE = 1e-10


def read_covariance(covariance: Data) -> tuple[FloatMatrix, tuple[str, ...], Panel]:
    """Return a checked covariance, the names of its assets, and its columns as a panel that has their labels."""
    matrix, row_names, names = matrix_with_names(covariance, name="covariance")
    assets = names or tuple(map(str, range(matrix.shape[1])))
    _check(matrix, row_names, names, assets)
    frame = native(covariance, name="covariance")
    labelled = is_instance_of(frame, "pandas", "DataFrame")
    panel = as_panel(frame.reset_index(drop=True) if labelled else frame, name="covariance", holds="numbers")
    return matrix, assets, panel


def _check(matrix: FloatMatrix, row_names: tuple[str, ...], names: tuple[str, ...], assets: tuple[str, ...]) -> None:
    if matrix.shape[0] != matrix.shape[1]:
        raise InvalidInputError(f"covariance must be square, got shape {matrix.shape}.")
    if row_names and names and row_names != names:
        raise InvalidInputError("covariance must have the same names on rows and columns, in the same order.")
    deviations = np.sqrt(np.maximum(np.diag(matrix), 0.0))
    if (deviations == 0.0).any():
        asset = assets[int((deviations == 0.0).argmax())]
        raise InvalidInputError(f"covariance must have positive variances, got none for {asset!r}. Leave it out.")
    correlation = matrix / np.outer(deviations, deviations)
    if float(np.abs(correlation - correlation.T).max()) > ASYMMETRY:
        raise InvalidInputError("covariance must be symmetric.")
    if not _is_positive(correlation):
        raise InvalidInputError("covariance must have no negative eigenvalue. Estimate it from complete rows.")


def _is_positive(correlation: FloatMatrix) -> bool:
    """Return whether no eigenvalue is negative beyond rounding: a Cholesky root tells at a fraction of their cost."""
    try:
        np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError:
        return bool(np.linalg.eigvalsh(correlation)[0] >= -NEGATIVE_EIGENVALUE * correlation.shape[0])
    return True
