"""General linear constraints: text by the names of assets and groups, and matrices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._arguments import matrix_with_names, named_numbers
from riskresearch.core._checks import is_single, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import warn_user
from riskresearch.core.frames._native import native
from riskresearch.sizing.optimise._linear_text import Row, rows_of

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector

LARGEST_WEIGHT = 20.0
"""A bound of more, by one weight, is taken for percent."""


class LinearRows(NamedTuple):
    """Checked constraints: lower <= matrix @ weights <= upper, shape (constraints, assets), and what each is called."""

    matrix: FloatMatrix
    lower: FloatVector
    upper: FloatVector
    labels: tuple[str, ...]


def read_linear(
    text: Any, inequalities: Any, equalities: Any, names: tuple[str, ...], groups: Mapping[str, FloatVector]
) -> LinearRows:
    """Return the linear constraints on assets of these names; `groups` has a 1 for each member of a group."""
    if isinstance(text, LinearRows):
        return text
    rows = [*_of_text(text, names, groups)]
    rows += _of_matrix(inequalities, names, name="inequalities", equal=False)
    rows += _of_matrix(equalities, names, name="equalities", equal=True)
    return LinearRows(
        np.array([row.coefficients for row in rows]).reshape(len(rows), len(names)),
        np.array([row.low for row in rows]),
        np.array([row.high for row in rows]),
        tuple(row.label for row in rows),
    )


def _of_text(given: Any, names: tuple[str, ...], groups: Mapping[str, FloatVector]) -> Iterator[Row]:
    if given is None:
        return
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list | tuple) or not all(isinstance(each, str) for each in texts):
        raise InvalidInputError(
            f"linear must be text or a list of texts, such as ['AAPL + MSFT <= 0.3'], got {shown(given)}. "
            "Give a matrix as `inequalities` or `equalities`."
        )
    vectors: dict[str, FloatVector | None] = dict(zip(names, np.eye(len(names)), strict=True))
    vectors.update({group: None if group in vectors else vector for group, vector in groups.items()})
    for each in texts:
        for row in rows_of(each, vectors, len(names)):
            bounds = [abs(end) for end in (row.low, row.high) if np.isfinite(end)]
            if max(bounds) > LARGEST_WEIGHT * float(np.abs(row.coefficients).max()):
                warn_user(
                    f"linear {row.label!r} has a bound of {max(bounds):g} times the equity. A weight of 30 % is 0.3 or "
                    "30%."
                )
            yield row._replace(label=f"linear {row.label}")


def _of_matrix(given: Any, names: tuple[str, ...], *, name: str, equal: bool) -> Iterator[Row]:
    if given is None:
        return
    sign = "==" if equal else "<="
    if not isinstance(given, list | tuple) or len(given) != 2 or is_single(given[0]):
        raise InvalidInputError(
            f"{name} must be a matrix and its right-hand side, (A, b) with A @ weights {sign} b, got {shown(given)}."
        )
    matrix, labels = _coefficients(given[0], names, name=name)
    right = _right_side(given[1], labels, name=name)
    for place, label in enumerate(labels):
        if not matrix[place].any():
            raise InvalidInputError(f"{name} must have a coefficient in every row, got none in row {label}.")
        low = float(right[place]) if equal else -np.inf
        yield Row(matrix[place], low, float(right[place]), f"{name} row {label}")


def _coefficients(given: Any, names: tuple[str, ...], *, name: str) -> tuple[FloatMatrix, tuple[str, ...]]:
    """Return the rows of A in the order of the assets, and their names or numbers."""
    given = native(given, name=name)
    if getattr(given, "ndim", 2) == 1 or (isinstance(given, list | tuple) and all(map(is_single, given))):
        row = named_numbers(given, names, len(names), name=name, owner="the input", what="column")
        return row[None], ("0",)
    matrix, rows, columns = matrix_with_names(given, name=name)
    if matrix.shape[1] != len(names):
        raise InvalidInputError(
            f"{name} must have a coefficient for each of the {len(names)} columns, got {matrix.shape[1]}."
        )
    if rows and columns:  # only DataFrames have names of rows
        ordered = [
            named_numbers(
                dict(zip(columns, row, strict=True)), names, len(names), name=name, owner="the input", what="column"
            )
            for row in matrix
        ]
        return np.array(ordered), rows
    return matrix, tuple(map(str, range(len(matrix))))


def _right_side(given: Any, labels: tuple[str, ...], *, name: str) -> FloatVector:
    each = [given] * len(labels) if is_single(given) else given
    return named_numbers(each, labels, len(labels), name=f"b of {name}", owner="A", what="row")
