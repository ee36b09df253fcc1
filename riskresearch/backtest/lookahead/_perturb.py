"""Data without its future, with another one, and with gaps: Series, DataFrames, arrays and polars frames alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from riskresearch.backtest.lookahead._other_values import in_classes, other_numbers, other_rows
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core.frames._native import native, read_other

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix

Inputs: TypeAlias = tuple[Any, ...]
"""What the function takes, each a table over the same rows."""
Rows: TypeAlias = "npt.NDArray[np.bool_]"
"""Which rows of the tables."""

NUMBERS = "fiu"


def as_inputs(data: Any) -> Inputs:
    """Return the tables of `data`, which is one or a tuple of them."""
    tables = data if isinstance(data, tuple) else (data,)
    tables = tuple(_table(native(table, name="data")) for table in tables)
    lengths = [len(table) if table.shape else 0 for table in tables]
    if not lengths or min(lengths) < 2 or len(set(lengths)) > 1:
        raise InvalidInputError(f"data must have at least 2 rows, and each table as many, got {lengths}.")
    return tables


def _table(table: Any) -> Any:
    """Return pandas, polars and arrays as they are, lists and matrices as arrays."""
    arrays = isinstance(table, np.ndarray) and not isinstance(table, np.matrix)
    if (
        arrays
        or is_instance_of(table, "pandas", "Series", "DataFrame")
        or is_instance_of(table, "polars", "Series", "DataFrame")
    ):
        return table
    return np.asarray(read_other(table, name="data"))


def copied(inputs: Inputs) -> Inputs:
    """Return copies of the tables, which the function may change in place."""
    return tuple(table.copy() if hasattr(table, "iloc") or isinstance(table, np.ndarray) else table for table in inputs)


def only(inputs: Inputs, rows: Rows) -> Inputs:
    """Return some rows of each table."""
    return tuple(only_rows(table, rows) for table in inputs)


def only_rows(table: Any, rows: Rows) -> Any:
    """Return some rows of a table."""
    if hasattr(table, "iloc"):
        return table.iloc[np.flatnonzero(rows)]
    return table[rows] if isinstance(table, np.ndarray) else table.filter(rows.tolist())


def with_other(inputs: Inputs, rows: Rows, how: str, rng: np.random.Generator) -> Inputs:
    """Return the tables with other entries on some rows."""
    return tuple(other_table(table, rows, how, rng) for table in inputs)


def other_table(table: Any, rows: Rows, how: str, rng: np.random.Generator) -> Any:
    """Return a table with other entries on some rows: `how` is as in `other_numbers`."""
    return _by_columns(
        table, lambda values: _other_array(values, rows, how, rng), lambda c: other_rows(c, rows, how, rng)
    )


def with_missing(inputs: Inputs, rows: Rows) -> Inputs:
    """Return the tables with missing values on some rows, where a table can hold them."""
    return tuple(_missing_table(table, rows) for table in inputs)


def numbers_of(table: Any) -> FloatMatrix:
    """Return the numeric columns of a table, shape (rows, columns)."""
    columns = [column for column in columns_of(table) if column.dtype.kind in NUMBERS]
    return np.column_stack(columns).astype(np.float64) if columns else np.empty((len(table), 0))


def classes_of(table: Any) -> list[npt.NDArray[np.int64]]:
    """Return the classes of the entries of each column that is not numeric, bools among them."""
    return [codes_of(column) for column in columns_of(table) if column.dtype.kind not in NUMBERS]


def columns_of(table: Any) -> list[npt.NDArray[Any]]:
    """Return the columns of a table as arrays; pandas' nullable numbers are floats."""
    if hasattr(table, "iloc"):
        columns = [table] if table.ndim == 1 else [table.iloc[:, number] for number in range(table.shape[1])]
        return [_pandas_array(column) for column in columns]
    if isinstance(table, np.ndarray):
        return [table] if table.ndim == 1 else list(table.T)
    frame = table.to_frame() if len(table.shape) == 1 else table
    return [np.asarray(frame[name].to_numpy()) for name in frame.columns]


def _pandas_array(column: Any) -> npt.NDArray[Any]:
    nullable = not isinstance(column.dtype, np.dtype) and getattr(column.dtype, "kind", "O") in NUMBERS
    values: npt.NDArray[Any] = column.to_numpy(dtype=np.float64, na_value=np.nan) if nullable else np.asarray(column)
    return values


def codes_of(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return the number of the first equal entry for each entry, of any kind."""
    seen: dict[Any, int] = {}
    return np.array(
        [seen.setdefault(_key(entry), place) for place, entry in enumerate(values.tolist())], dtype=np.int64
    )


def _key(entry: Any) -> Any:
    """Return what equal entries have in common; a missing one is equal to every missing one."""
    try:
        return None if entry is None or entry != entry else (type(entry), entry, hash(entry))
    except (TypeError, ValueError):
        return repr(entry)


def _other_array(values: npt.NDArray[Any], rows: Rows, how: str, rng: np.random.Generator) -> npt.NDArray[Any]:
    """Return a numeric array, shape (rows, columns), with other numbers, each column by its kind."""
    numbers = values.astype(np.float64)
    changed = other_numbers(numbers, rows, how, rng)
    for column in np.flatnonzero(in_classes(numbers)):
        if np.unique(numbers[:, column]).size > 1:
            own = codes_of(numbers[:, column])
            changed[:, column] = numbers[other_rows(own, rows, how, rng), column]
    if values.dtype.kind in "iu":
        limits = np.iinfo(values.dtype)
        changed = np.clip(np.rint(changed), float(limits.min), float(limits.max))
        still = rows[:, None] & (changed == numbers) & ~in_classes(numbers)
        changed = changed + np.where(still, np.where(numbers < float(limits.max), 1.0, -1.0), 0.0)
    changed = changed.astype(values.dtype)
    changed[~rows] = values[~rows]
    return changed


def _by_columns(table: Any, number: Callable[[Any], Any], rows_of: Callable[[Any], Any]) -> Any:
    """Return a table of new numbers, and of the entries on other rows where a column is not numeric."""
    if isinstance(table, np.ndarray):
        if table.dtype.kind in NUMBERS:
            return number(table.reshape(len(table), -1)).reshape(table.shape)
        columns = [column[rows_of(codes_of(column))] for column in columns_of(table)]
        return columns[0] if table.ndim == 1 else np.column_stack(columns)
    if not hasattr(table, "iloc"):
        return _polars_by_columns(table, number, rows_of)
    if table.ndim == 1:
        return _pandas_column(table, number, rows_of)
    kinds = set(table.dtypes)
    if len(kinds) == 1 and all(isinstance(kind, np.dtype) and kind.kind in NUMBERS for kind in kinds):
        return type(table)(number(table.to_numpy()), index=table.index, columns=table.columns)
    changed = {place: _pandas_column(table.iloc[:, place], number, rows_of) for place in range(table.shape[1])}
    frame = type(table)(changed, index=table.index)
    frame.columns = table.columns
    return frame


def _pandas_column(column: Any, number: Callable[[Any], Any], rows_of: Callable[[Any], Any]) -> Any:
    values = _pandas_array(column)
    if values.dtype.kind not in NUMBERS:
        return column.iloc[rows_of(codes_of(values))].set_axis(column.index)
    changed = number(values.reshape(-1, 1))[:, 0]
    if isinstance(column.dtype, np.dtype):
        return type(column)(changed, index=column.index, name=column.name)
    whole = column.dtype.kind in "iu"
    new = type(column)(np.rint(changed) if whole else changed, index=column.index, name=column.name)
    return new.where(~np.isnan(changed), None).astype(column.dtype)


def _polars_by_columns(table: Any, number: Callable[[Any], Any], rows_of: Callable[[Any], Any]) -> Any:
    import narwhals as nw  # noqa: PLC0415 (50 ms that only polars users pay)

    def changed(column: Any) -> Any:
        if column.dtype.is_numeric():
            nulls = column.is_null().to_numpy()
            values = number(np.asarray(column.to_numpy()).reshape(-1, 1))[:, 0]
            new = nw.new_series(column.name, values, backend=column.implementation).cast(column.dtype)
            return new if not nulls.any() else _with_nulls(new, np.isnan(values))
        if column.dtype in (nw.Date, nw.Datetime):
            return column  # the clock of the rows
        return column[rows_of(codes_of(np.asarray(column.to_list(), dtype=object))).tolist()]

    frame = nw.from_native(table, eager_only=True, allow_series=True)
    if isinstance(frame, nw.Series):
        return changed(frame).to_native()
    return frame.with_columns(*(changed(frame[name]) for name in frame.columns)).to_native()


def _with_nulls(column: Any, nulls: Rows) -> Any:
    import narwhals as nw  # noqa: PLC0415 (50 ms that only polars users pay)

    entries = [None if null else entry for entry, null in zip(column.to_list(), nulls.tolist(), strict=True)]
    return nw.new_series(column.name, entries, column.dtype, backend=column.implementation)


def _missing_table(table: Any, rows: Rows) -> Any:
    if isinstance(table, np.ndarray):
        if table.dtype.kind not in "fO":
            return table
        changed = table.copy()
        changed[rows] = np.nan if table.dtype.kind == "f" else None
        return changed
    if hasattr(table, "iloc"):
        keeps = [table.dtype] if table.ndim == 1 else list(table.dtypes)
        if all(isinstance(kind, np.dtype) and kind.kind in "iub" for kind in keeps):
            return table
        if table.ndim == 1:
            return table.mask(rows)
        columns = {
            place: table.iloc[:, place].mask(rows) if not _cannot_miss(kind) else table.iloc[:, place]
            for place, kind in enumerate(keeps)
        }
        frame = type(table)(columns, index=table.index)
        frame.columns = table.columns
        return frame
    return _missing_polars(table, rows)


def _cannot_miss(kind: Any) -> bool:
    return isinstance(kind, np.dtype) and kind.kind in "iub"


def _missing_polars(table: Any, rows: Rows) -> Any:
    import narwhals as nw  # noqa: PLC0415 (50 ms that only polars users pay)

    frame = nw.from_native(table, eager_only=True, allow_series=True)
    if isinstance(frame, nw.Series):
        return _with_nulls(frame, rows).to_native()
    changed = [column for column in frame.iter_columns() if column.dtype not in (nw.Date, nw.Datetime)]
    return frame.with_columns(*(_with_nulls(column, rows) for column in changed)).to_native()
