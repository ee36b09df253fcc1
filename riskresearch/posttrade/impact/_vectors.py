"""Numbers of orders: one each, in the order of the rows, whatever they are indexed by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_number, is_single, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core.frames._native import native

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector


def order_numbers(given: Any, *, name: str, like: Any = None, of: str = "") -> FloatVector:
    """Return one number an order; a single one is for all of them. A Series must have the index of `like`, named `of`.

    nan is a missing number and stays; infinities are refused.
    """
    if is_single(given) and not is_instance_of(given, "numpy", "ndarray"):
        return np.array([check_number(given, name=name)])
    data = native(given, name=name)
    if is_instance_of(data, "pandas", "DataFrame") or is_instance_of(data, "polars", "DataFrame", "LazyFrame"):
        raise InvalidInputError(f"{name} must be one number an order, got {shown(given)}. Pass one of its columns.")
    own, other = getattr(data, "index", None), getattr(like, "index", None)
    pandas = is_instance_of(data, "pandas", "Series") and is_instance_of(like, "pandas", "Series")
    if pandas and own is not None and not own.equals(other):
        raise InvalidInputError(
            f"{name} must have the index of {of}, so that both are of the same orders; they differ. Align them "
            f"first, as with {name}.loc[{of}.index]."
        )
    try:
        numbers = np.array(data, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f"{name} must be numbers, got {shown(given)}.") from error
    if numbers.ndim != 1 or numbers.size == 0:
        raise InvalidInputError(f"{name} must be one number an order, got shape {numbers.shape}.")
    if np.isinf(numbers).any():
        place = int(np.flatnonzero(np.isinf(numbers))[0])
        raise InvalidInputError(f"{name} must be finite, got {numbers[place]} at row {place}.")
    return numbers


def same_length(numbers: dict[str, FloatVector]) -> dict[str, FloatVector]:
    """Return vectors of one length; single numbers are repeated."""
    longest = max(numbers, key=lambda name: numbers[name].size)
    rows = numbers[longest].size
    for name, values in numbers.items():
        if values.size not in (1, rows):
            raise InvalidInputError(
                f"{name} must have one number for each of the {rows} orders of {longest}, got {values.size}."
            )
    return {name: np.broadcast_to(values, (rows,)) for name, values in numbers.items()}


def check_each(numbers: FloatVector, *, name: str, rule: str, remedy: str = "") -> None:
    """Refuse the first number that is not "positive" or "not negative"; nan is not looked at."""
    wrong = numbers <= 0.0 if rule == "positive" else numbers < 0.0
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise InvalidInputError(f"{name} must be {rule}, got {numbers[row]:g} at row {row}.{remedy}")
