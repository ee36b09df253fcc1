"""The results of any function over time, row by row, to be compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest._backtest import Backtest
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import numpy.typing as npt

MORE_THAN_ROWS = (str, bytes)


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a result: values of shape (rows, columns), and its index if it is pandas."""

    values: npt.NDArray[Any]
    index: Any
    columns: tuple[str, ...]


def parts_of(result: Any) -> list[Part]:
    """Return the tables of a result: of a Series, DataFrame, array, tuple or dict of them, or of `to_frame()`."""
    return list(_walk(result, ""))


def _walk(result: Any, name: str) -> Iterator[Part]:
    if isinstance(result, Backtest):
        result = {"equity": result.equity, "units": result.units}
    if isinstance(result, dict):
        for key, value in result.items():
            yield from _walk(value, f"{name}{key}.")
    elif isinstance(result, (tuple, list)) and not np.isscalar(result[0] if result else 0.0):
        for number, value in enumerate(result):
            yield from _walk(value, f"{name}{number}.")
    elif hasattr(result, "to_frame") and not hasattr(result, "shape"):
        yield from _walk(result.to_frame(), name)
    else:
        yield _part(result, name)


def _part(result: Any, name: str) -> Part:
    values = np.asarray(result)
    if values.ndim not in (1, 2):
        raise InvalidInputError(
            f"function must return a row for each bar, got {type(result).__name__} of shape {values.shape}. A number "
            "about the whole sample has no past to compare."
        )
    matrix = values.reshape(-1, 1) if values.ndim == 1 else values
    names = getattr(result, "columns", None)
    if names is None:
        label = getattr(result, "name", None)
        names = range(matrix.shape[1]) if label is None or values.ndim == 2 else [label]
    return Part(matrix, getattr(result, "index", None), tuple(f"{name}{column}" for column in names))


def before(part: Part, rows: int, total: int, labels: Any) -> Part:
    """Return the part of a result on `total` rows of data that stands for the first `rows` of them."""
    if part.index is not None and labels is not None:
        keep = int((part.index <= labels[rows - 1]).sum()) if part.index.is_monotonic_increasing else -1
        if keep < 0:
            raise InvalidInputError("function must return rows in the order of their labels.")
        return Part(part.values[:keep], part.index[:keep], part.columns)
    keep = max(rows - (total - len(part.values)), 0)
    return Part(part.values[:keep], part.index, part.columns)


def first_difference(one: Part, other: Part, tolerance: float) -> tuple[int, int] | None:
    """Return row and column of the first difference in two tables, or None; -1 stands for another set of columns."""
    if one.columns != other.columns:
        return 0, -1
    rows = min(len(one.values), len(other.values))
    differs = ~_same(one.values[:rows], other.values[:rows], tolerance)
    if one.index is not None and other.index is not None and rows:
        differs |= np.asarray(one.index[:rows] != other.index[:rows])[:, None]
    if differs.any():
        row, column = map(int, np.argwhere(differs)[0])
        return row, column
    return None if len(one.values) == len(other.values) else (rows, 0)


def _same(one: npt.NDArray[Any], other: npt.NDArray[Any], tolerance: float) -> npt.NDArray[np.bool_]:
    if one.dtype.kind not in "fiu" or other.dtype.kind not in "fiu":
        both: npt.NDArray[np.bool_] = np.array(one == other, dtype=bool)
        both |= np.asarray((one != one) & (other != other), dtype=bool)
        return both
    same: npt.NDArray[np.bool_] = (one == other) | (np.isnan(one) & np.isnan(other))
    if tolerance:
        with np.errstate(invalid="ignore"):
            same |= np.abs(one - other) <= tolerance * np.maximum(np.abs(one), np.abs(other))
    return same
