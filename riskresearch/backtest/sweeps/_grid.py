"""The grid of a sweep: names and values of the parameters, whose combinations are its sets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from riskresearch.backtest.sweeps._fingerprint import fingerprint
from riskresearch.core._checks import shown, text_keys
from riskresearch.core._errors import InvalidInputError

Grid = tuple[tuple[str, tuple[Any, ...]], ...]
"""Names of the parameters and their values; the last parameter varies fastest."""

NUMPY_SCALARS = (np.bool_, np.integer, np.floating, np.str_)
"""Scalars that a sizer or breaker gets as Python's; a date of NumPy's would lose its unit."""


def check_grid(grid: Mapping[str, Iterable[Any]], *, reserved: tuple[str, ...], owner: str) -> Grid:
    """Return names and values of the parameters.

    An empty grid, and names that the table of trials needs for its own columns, are refused; `owner` is the argument
    that takes the parameters.
    """
    if not isinstance(grid, Mapping):
        raise InvalidInputError(
            f"grid must be a mapping of names to values, got {type(grid).__name__}. Write "
            'grid={"target": [0.05, 0.1], "halflife": [20, 60]}: each combination is one trial.'
        )
    if not grid:
        raise InvalidInputError("grid must name at least one parameter, got an empty mapping.")
    checked = []
    for name, values in text_keys(grid, name="grid").items():
        if not name.isidentifier() or name in reserved:
            raise InvalidInputError(
                f"grid must name arguments of the {owner}, none of {', '.join(reserved)}; got {name!r}."
            )
        if isinstance(values, str | bytes) or not isinstance(values, Iterable):
            raise InvalidInputError(
                f"grid must list the values of {name!r}, got {values!r}. One value is [{values!r}]."
            )
        listed = tuple(value.item() if isinstance(value, NUMPY_SCALARS) else value for value in in_order(values))
        if not listed:
            raise InvalidInputError(
                f"grid must hold at least one value of {name!r}, got none: there is nothing to run."
            )
        checked.append((name, listed))
    return tuple(checked)


def in_order(values: Iterable[Any]) -> Iterable[Any]:
    """Return the members of a set in an order that another process finds too; what has an order keeps it."""
    if not isinstance(values, set | frozenset):
        return values
    if all(isinstance(value, str) for value in values):
        return sorted(values)
    if all(isinstance(value, int | float) and value == value for value in values):
        return sorted(values)
    try:
        return sorted(values, key=fingerprint)
    except InvalidInputError:  # only a store needs the order to be the same, and it refuses such values itself
        return values


def grid_size(grid: Grid) -> int:
    """Return the number of sets."""
    return math.prod(len(values) for _, values in grid)


def grid_point(grid: Grid, number: int) -> dict[str, Any]:
    """Return the parameters of a set; the last one of the grid varies fastest."""
    chosen = []
    for name, values in reversed(grid):
        number, place = divmod(number, len(values))
        chosen.append((name, values[place]))
    return dict(reversed(chosen))


def not_of_parameters(given: object, *, name: str) -> str:
    """Return the message for what makes no sizer or breakers of the parameters of a set."""
    plain = type(given).__module__ == "builtins"
    made = "" if plain else f" Write {type(given).__name__}: the grid has its parameters."
    return f"{name} must be a class or function of the parameters, got {shown(given)}.{made}"
