"""The results of any function over time, row by row, to be compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest._backtest import Backtest
from riskresearch.backtest.lookahead._clock import Clock
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector

ROUNDING_BESIDE = 1e-9
WANTED = "a Series, DataFrame or array with a row for each bar, or a tuple or dict of them"


@dataclass(frozen=True, slots=True)
class ResultTable:
    """One table of a result: values of shape (rows, columns), and its index if it is pandas."""

    values: npt.NDArray[Any]
    index: Any
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two tables differ."""

    row: int
    """First row of the tables."""
    column: int
    """-1 for another set of columns, or other labels."""
    size: float
    """Largest difference, relative to the largest number of its column; infinite where it is not one of numbers."""


class UnplacedError(Exception):
    """Rows of a result belong to no bar."""


def tables_of(result: Any, rows: int) -> list[ResultTable]:
    """Return the tables of a result: of a Series, DataFrame, array, tuple or dict of them, or of `to_frame()`."""
    parts = list(_walk(result, "", rows))
    if not parts:
        raise InvalidInputError(f"function must return {WANTED}, got an empty {type(result).__name__}.")
    return parts


def _walk(result: Any, name: str, rows: int) -> Iterator[ResultTable]:
    if isinstance(result, Backtest):
        result = {"equity": result.equity, "units": result.units}
    if isinstance(result, dict):
        for key, value in result.items():
            yield from _walk(value, f"{name}{key}.", rows)
    elif isinstance(result, (tuple, list)) and result and _are_tables(result, rows):
        for number, value in enumerate(result):
            yield from _walk(value, f"{name}{number}.", rows)
    elif isinstance(result, (tuple, list)) and not result:
        return
    elif hasattr(result, "to_frame") and not hasattr(result, "shape"):
        yield from _walk(result.to_frame(), name, rows)
    else:
        yield _table(result, name)


def _are_tables(values: Sequence[Any], rows: int) -> bool:
    """Return whether entries are a table each, also where there are as many as bars, and not a row each."""
    if any(hasattr(value, "columns") or hasattr(value, "to_frame") for value in values):
        return True
    return len(values) != rows and not np.isscalar(values[0])


def _table(result: Any, name: str) -> ResultTable:
    try:
        frame = hasattr(result, "columns") and not hasattr(result, "iloc")
        values = _polars_values(result) if frame else np.asarray(result)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"function must return {WANTED}, got a {type(result).__name__} of unequal rows."
        ) from error
    if values.ndim not in (1, 2):
        raise InvalidInputError(
            f"function must return a row for each bar, got {type(result).__name__} of shape {values.shape}: "
            f"return {WANTED}. A number about the whole sample has no past to compare."
        )
    matrix = values.reshape(-1, 1) if values.ndim == 1 else values
    names = getattr(result, "columns", None)
    if names is None:
        label = getattr(result, "name", None)
        names = range(matrix.shape[1]) if label is None or values.ndim == 2 else [label]
    index = getattr(result, "index", None)
    return ResultTable(matrix, None if callable(index) else index, tuple(f"{name}{column}" for column in names))


def _polars_values(frame: Any) -> npt.NDArray[Any]:
    """Return the values of a frame of columns of several kinds, missing ones as NumPy has them."""
    columns = [np.asarray(frame[name].to_numpy()) for name in frame.columns]
    if all(column.dtype.kind in "fiu" for column in columns):
        return np.column_stack(columns)
    return np.column_stack([column.astype(object) for column in columns])


def places_of(part: ResultTable, clock: Clock, missing: int | None = None) -> FloatVector:
    """Return the bar of each row of a result on data of `clock`; arrays may have lost `missing` rows at the start."""
    rows, data_rows = len(part.values), len(clock.bars)
    if part.index is not None:
        if clock.index is not None and part.index.equals(clock.index):
            return clock.bars.astype(np.float64)
        places = clock.positions(part.index)
        if places is not None:
            return places
        if rows != data_rows or not is_instance_of(part.index, "pandas", "RangeIndex"):
            raise UnplacedError(f"labels such as {part.index[:1].tolist()}, which are none of the index of data")
    lost = data_rows - rows
    if lost < 0 or (missing is not None and lost != missing) or (lost and not clock.plain):
        raise UnplacedError(f"{rows} rows without labels for {data_rows} rows of data")
    return clock.bars[lost:].astype(np.float64)


def before(part: ResultTable, places: FloatVector, last: float) -> ResultTable:
    """Return the rows of a result whose bar is not after `last`."""
    keep = places <= last
    if keep.all():
        return part
    return ResultTable(part.values[keep], None if part.index is None else part.index[keep], part.columns)


def first_difference(
    one: ResultTable, other: ResultTable, tolerance: float, tops: FloatVector, *, spread: bool = False
) -> Difference | None:
    """Return the first difference of two tables, or None; its size is relative to `tops`, one number a column.

    Where `spread`, a number that has become missing is none: the function spreads gaps, and reads none.
    """
    if not len(one.values) and not len(other.values):
        return None
    if one.columns != other.columns:
        return Difference(0, -1, np.inf)
    rows = min(len(one.values), len(other.values))
    mine, its = one.values[:rows], other.values[:rows]
    if one.index is not None and other.index is not None and rows:
        moved = np.asarray(one.index[:rows] != other.index[:rows])
        if moved.any():
            return Difference(int(moved.argmax()), 0, np.inf)
    differs = ~_same(mine, its, tolerance)
    if spread and mine.dtype.kind == "f" and its.dtype.kind == "f":
        differs &= np.isnan(mine) | ~np.isnan(its)
    short = len(one.values) != len(other.values)
    if not differs.any():
        return Difference(rows, 0, np.inf) if short else None
    row = int(differs.any(axis=1).argmax())
    return Difference(row, int(differs[row].argmax()), np.inf if short else _size(mine, its, differs, tops))


def tops_of(part: ResultTable, scale: float) -> FloatVector:
    """Return the largest number of each column; `scale` where all of them are rounding beside it."""
    tops = np.zeros(len(part.columns))
    for column in range(part.values.shape[1]):
        numbers = _floats(part.values[:, column])
        if numbers is not None:
            tops[column] = np.max(np.abs(numbers), initial=0.0, where=np.isfinite(numbers))
    return np.where(tops > ROUNDING_BESIDE * scale, tops, scale)


def _floats(values: npt.NDArray[Any]) -> FloatVector | None:
    if values.dtype.kind in "biuc":
        return None
    try:
        return values.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        return None


def _same(one: npt.NDArray[Any], other: npt.NDArray[Any], tolerance: float) -> npt.NDArray[np.bool_]:
    if one.dtype.kind in "fiuc" and other.dtype.kind in "fiuc":
        same: npt.NDArray[np.bool_] = (one == other) | (np.isnan(one) & np.isnan(other))
        if tolerance:
            with np.errstate(invalid="ignore"):
                same |= np.abs(one - other) <= tolerance * np.maximum(np.abs(one), np.abs(other))
        return same
    if one.dtype.kind != "O" and other.dtype.kind != "O":
        equal: npt.NDArray[np.bool_] = np.asarray((one == other) | ((one != one) & (other != other)), dtype=bool)
        return equal
    pairs = zip(one.ravel().tolist(), other.ravel().tolist(), strict=True)
    return np.array([_equal(mine, its, tolerance) for mine, its in pairs], dtype=bool).reshape(one.shape)


def _equal(one: Any, other: Any, tolerance: float) -> bool:
    """Return whether two entries are equal, or both missing (None, nan, NaT and pandas' NA are no number)."""
    if one is other:
        return True
    try:
        if one == other or (one != one and other != other):
            return True
        return bool(tolerance and abs(one - other) <= tolerance * max(abs(one), abs(other)))
    except (TypeError, ValueError):  # pandas' NA has no truth, arrays have many
        return str(one) == str(other) and type(one) is type(other)


def _size(one: npt.NDArray[Any], other: npt.NDArray[Any], differs: npt.NDArray[np.bool_], tops: FloatVector) -> float:
    """Return the largest difference relative to `tops`, infinite where one of the two is no finite number."""
    largest = 0.0
    for column in np.flatnonzero(differs.any(axis=0)):
        rows = differs[:, column]
        mine, its = _floats(one[rows, column]), _floats(other[rows, column])
        if mine is None or its is None or not np.isfinite([mine, its]).all() or tops[column] == 0.0:
            return np.inf
        largest = max(largest, float(np.abs(mine - its).max()) / float(tops[column]))
    return largest
