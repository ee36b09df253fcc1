"""Parquet and Arrow files by pyarrow: typed columns, the index as pandas stored it."""

import decimal
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from riskresearch.core import InvalidInputError, optional_import
from riskresearch.files._grid import Cells, Grid, Step
from riskresearch.files._limits import check_shape, check_size
from riskresearch.files._source import Source
from riskresearch.files._tidy import named_columns
from riskresearch.files.formats._typed import cells_of, texts_of

_STREAM = b"\xff\xff\xff\xff"


def read_parquet(source: Source) -> Grid:
    """Return the columns of a Parquet file."""
    parquet: Any = optional_import("pyarrow.parquet", extra="parquet", feature="reading Parquet")
    try:
        with source.open() as stream:
            file = parquet.ParquetFile(stream)
            rows, columns = file.metadata.num_rows, file.metadata.num_columns
            check_shape(rows, columns, rows * columns, source.name)
            groups = range(file.metadata.num_row_groups)
            check_size(sum(file.metadata.row_group(group).total_byte_size for group in groups), source.name)
            frame = file.read().to_pandas()
    except Exception as error:
        raise _unreadable(source.name, "Parquet", error) from error
    return grid_of_frame(source.name, frame)


def read_arrow(source: Source) -> Grid:
    """Return the columns of an Arrow file (Feather) or stream."""
    arrow: Any = optional_import("pyarrow", extra="parquet", feature="reading Arrow")
    ipc: Any = optional_import("pyarrow.ipc", extra="parquet", feature="reading Arrow")
    try:
        with source.open() as stream:
            is_stream = stream.read(len(_STREAM)) == _STREAM
            stream.seek(0)
            reader = (ipc.open_stream if is_stream else ipc.open_file)(stream)
            frame = arrow.Table.from_batches(_batches(reader, is_stream, source.name), reader.schema).to_pandas()
    except Exception as error:
        raise _unreadable(source.name, "Arrow", error) from error
    return grid_of_frame(source.name, frame)


def _batches(reader: Any, is_stream: bool, name: str) -> list[Any]:
    batches: list[Any] = []
    rows = size = 0
    batch_of = (lambda _: reader.read_next_batch()) if is_stream else reader.get_batch
    number = 0
    while is_stream or number < reader.num_record_batches:
        try:
            batch = batch_of(number)
        except StopIteration:
            break
        number += 1
        rows += batch.num_rows
        size += batch.nbytes
        check_shape(rows, len(reader.schema), rows * len(reader.schema), name)
        check_size(size, name)
        batches.append(batch)
    return batches


def grid_of_frame(name: str, frame: pd.DataFrame, steps: tuple[Step, ...] = ()) -> Grid:
    """Return the cells of a frame; an index that is no count of the rows is the first columns."""
    indexes = [] if _counts_rows(frame.index) else list(range(frame.index.nlevels))
    if not len(frame) or not (frame.shape[1] or indexes):
        raise InvalidInputError(f"{name} has columns but no rows.")
    depth = frame.columns.nlevels
    names = [_name(frame.index.names[level]) for level in indexes]
    columns: list[Cells] = [_cells(pd.Series(frame.index.get_level_values(level))) for level in indexes]
    columns += [_cells(frame.iloc[:, number]) for number in range(frame.shape[1])]
    headers = [
        (*(names if level == depth - 1 else [""] * len(names)), *map(_name, frame.columns.get_level_values(level)))
        for level in range(depth)
    ]
    tidy = named_columns(tuple(headers), columns, (), name)
    lines = np.arange(1, len(frame) + 1)
    return Grid(name, tidy.headers, tidy.columns, lines, "row", (*steps, *tidy.steps))


def _counts_rows(index: pd.Index) -> bool:
    """Return whether an index numbers the rows; months such as 202401 to 202405 are a range, too."""
    return isinstance(index, pd.RangeIndex) and index.start in (0, 1) and index.step == 1 and index.name is None


def _name(name: object) -> str:
    return "" if name is None else str(name)


def _cells(column: pd.Series) -> Cells:
    """Return the cells of a column by its type; decimals are numbers, durations and nested values are text."""
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _cells(column.astype(kind.categories.dtype))
    if isinstance(kind, pd.PeriodDtype):
        return texts_of(column.astype(str).tolist())
    if isinstance(kind, pd.DatetimeTZDtype) or kind.kind == "M":
        return pd.DatetimeIndex(column)
    if pd.api.types.is_bool_dtype(kind) or kind.kind == "m":
        return texts_of(column.tolist())
    if pd.api.types.is_integer_dtype(kind) and not column.isna().any() and _fits(column):
        return column.to_numpy(dtype=np.int64)
    if pd.api.types.is_numeric_dtype(kind) and kind.kind != "c":
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    return _objects(column.tolist())


def _fits(column: pd.Series) -> bool:
    return column.dtype.kind != "u" or int(column.max()) < 2**63


def _objects(values: Sequence[Any]) -> Cells:
    missing = pd.isna(np.asarray(values, dtype=object))
    plain = [
        None if empty else float(value) if isinstance(value, decimal.Decimal) else value
        for value, empty in zip(values, missing, strict=True)
    ]
    return cells_of(plain)


def _unreadable(name: str, kind: str, error: Exception) -> Exception:
    if isinstance(error, InvalidInputError):
        return error
    if isinstance(error, MemoryError):
        return InvalidInputError(f"{name} needs more memory than there is.")
    reason = (str(error) or type(error).__name__).splitlines()[0]
    return InvalidInputError(f"{name} is no readable {kind} file: {reason}")
