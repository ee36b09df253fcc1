"""One observation of a stream: the inputs that it holds, and the numbers of a row, one a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_count, shown, text_keys
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector

TIME = "time"


def inputs_of(observation: Any, inputs: Sequence[str], names: Sequence[str], *, timed: bool = False) -> dict[str, Any]:
    """Return the rows of an observation by the name of the input.

    A mapping of columns is a row of the first input; a mapping that has a key of `inputs`, or "time" where `timed`,
    that names no column is one of inputs.
    """
    accepted = (*inputs, TIME) if timed else tuple(inputs)
    if not isinstance(observation, Mapping) or not (set(accepted) - set(names)).intersection(observation):
        return {inputs[0]: observation}
    unknown = [name for name in observation if name not in accepted]
    if unknown:
        raise InvalidInputError(
            f"observation must be a row, or a mapping of {', '.join(accepted)}, got {unknown[0]!r} in it."
        )
    return dict(observation)


def row_of_numbers(given: Any, names: Sequence[str], *, name: str) -> FloatVector:
    """Return one number for each column, nan where it is missing; a mapping or Series names the columns."""
    found = given
    if hasattr(given, "keys") and not isinstance(given, np.ndarray):
        named = text_keys(given, name=name)
        different = sorted(set(named) ^ set(names))
        if different or len(named) != len(names):
            raise InvalidInputError(f"{name} must name the columns of the stream, but {different[:1]} differ.")
        found = [named[each] for each in names]
    try:
        row = np.asarray(found)
        numbers = row.astype(np.float64) if row.dtype.kind in "fiu" else np.empty(0)
    except Exception:  # of a foreign object
        numbers = np.empty(0)
    if numbers.shape != (len(names),):
        count = f"{len(names)} number{'s' * (len(names) != 1)}"
        alone = isinstance(given, Real) and len(names) == 1
        remedy = f" A row of one column is [{given!r}]." if alone else ""
        raise InvalidInputError(f"{name} must hold {count}, got {shown(given)}.{remedy}")
    if np.isinf(numbers).any():
        raise InvalidInputError(f"{name} must not be infinite: an infinity is not a missing value, nan is one.")
    return numbers


def column_names(columns: int | Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns that are given by name or by their number."""
    if isinstance(columns, str):
        raise InvalidInputError(f"columns must be a count or a sequence of names, got {columns!r}.")
    if not isinstance(columns, Sequence):
        return tuple(map(str, range(check_count(columns, name="columns", minimum=1))))
    names = tuple(map(str, columns))
    if not names or len(set(names)) < len(names):
        raise InvalidInputError(f"columns must be different names, at least one, got {columns!r}.")
    return names


def saved_names(columns: Any) -> tuple[str, ...]:
    """Return the names of columns that a saved state holds."""
    if not isinstance(columns, list | tuple) or not all(isinstance(name, str) for name in columns):
        raise InvalidInputError(f"columns must be a list of names, got {columns!r}. The state is damaged.")
    return column_names(columns)
