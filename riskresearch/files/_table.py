"""From the cells of the chosen columns to numbers by date."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.files._columns import Column
from riskresearch.files._grid import Grid, Step
from riskresearch.files._shape import TableShape, check_names, listed
from riskresearch.files._vocabulary import role_of
from riskresearch.files.dates._dates import DateColumn, order_of
from riskresearch.files.numbers._numbers import read_numbers

Decimal = Literal[".", ","]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Hold the numbers of the assets by date, and what else belongs to them.

    Attributes
    ----------
    values : DataFrame, shape (n_dates, n_assets)
    table : DataFrame
        The fields of bars where the file has them, else the values.
    percent : frozenset of str
        Assets whose cells carried a percent sign, already divided by 100.
    hints : dict of str to str
        The words of each asset's header.
    place : callable
        Of the row of `values` and the name of an asset: where the cell stands in the file.
    steps : tuple of Step
    notes : tuple of str
    """

    values: pd.DataFrame
    table: pd.DataFrame
    percent: frozenset[str]
    hints: dict[str, str]
    place: Callable[[int, str], str]
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


def wide_values(grid: Grid, shape: TableShape, dates: DateColumn, what: str, decimal: Decimal | None) -> Table:
    """Return the values of a table with one row per date."""
    order = order_of(dates.instants, what=what, place=grid.place, show=dates.shown)
    names = _unique([name or _stem(grid.name) for name in shape.names], grid.name)
    headers = _unique([column.name for column in shape.values], grid.name)
    numbers = read_numbers(
        {header: grid.columns[column.number] for header, column in zip(headers, shape.values, strict=True)},
        place=grid.place,
        file=grid.name,
        decimal=decimal,
        others=_others(grid, shape.values),
        separator=grid.separator,
    )
    newest_first = order == "newest first"
    rows = slice(None, None, -1) if newest_first else slice(None)
    index = dates.index[rows].rename("date")
    matrix = np.empty((len(index), len(names)), order="F")  # a column is contiguous, as pandas stores it
    for number, header in enumerate(headers):
        matrix[:, number] = numbers.values[header][rows]
    values = pd.DataFrame(matrix, index=index, columns=names, copy=False)
    table, left = _fields_of_bars(grid, shape, index, rows, decimal)
    count = len(index)
    return Table(
        values,
        values if table is None else table,
        frozenset(name for name, header in zip(names, headers, strict=True) if header in numbers.percent),
        {name: column.hint for name, column in zip(names, shape.values, strict=True)},
        lambda row, name: grid.place(count - 1 - row if newest_first else row),
        (*numbers.steps, Step("order", order)),
        left,
    )


def long_values(
    grid: Grid, shape: TableShape, dates: DateColumn, decimal: Decimal | None, *, keep: Sequence[str] = ()
) -> Table:
    """Return the values of a table with one row per date and ticker, a column for each ticker."""
    level, key = shape.values[0], shape.key
    assert key is not None
    rows = _rows_of_level(grid, shape)
    tickers = np.asarray(grid.columns[key.number]).astype(str).astype(object)[rows]
    numbers = read_numbers(
        {level.name: grid.columns[level.number]},
        place=grid.place,
        file=grid.name,
        decimal=decimal,
        others=_others(grid, shape.values),
        separator=grid.separator,
    )
    cells = numbers.values[level.name][rows]
    columns, uniques = pd.factorize(tickers)
    names = [str(name) for name in uniques]
    instants, first, codes = np.unique(dates.instants[rows], return_index=True, return_inverse=True)
    _refuse_doubles(grid, rows, codes, columns, names, dates)
    matrix = np.full((len(instants), len(names)), np.nan)
    matrix[codes, columns] = cells
    where = np.full(matrix.shape, -1, dtype=np.int64)
    where[codes, columns] = rows
    index = dates.index[rows[first]].rename("date")
    values = pd.DataFrame(matrix, index=index, columns=names)
    check_names(keep, names, argument="columns", name=grid.name)
    chosen = [name for name in names if name in keep] if keep else names
    empty = [name for name in chosen if name == ""]
    if empty:
        raise InvalidInputError(f"{grid.name} has rows without a name in column {key.name!r}.")
    percent = frozenset(chosen if level.name in numbers.percent else ())
    places = {name: where[:, number] for number, name in enumerate(names)}
    return Table(
        values[chosen], values[chosen], percent, dict.fromkeys(chosen, level.hint),
        lambda row, name: grid.place(int(places[name][row])), numbers.steps, _holes(values[chosen], key.name),
    )  # fmt: skip


def typed_rows(grid: Grid, columns: Sequence[Column], dates: pd.DatetimeIndex | None) -> pd.DataFrame:
    """Return the rows of fills or positions, each column typed by itself; what is no number stays text."""
    frame: dict[str, Any] = {} if dates is None else {"date": dates}
    for column in columns:
        cells = grid.columns[column.number]
        frame[column.name] = cells
        if column.holds == "numbers":
            try:
                frame[column.name] = _one(grid, column, None)
            except InvalidInputError:
                frame[column.name] = cells
    return pd.DataFrame(frame)


def _one(grid: Grid, column: Column, decimal: Decimal | None) -> npt.NDArray[np.float64]:
    numbers = read_numbers(
        {column.name: grid.columns[column.number]},
        place=grid.place,
        file=grid.name,
        decimal=decimal,
        others=_others(grid, (column,)),
        separator=grid.separator,
    )
    return numbers.values[column.name]


def _fields_of_bars(
    grid: Grid, shape: TableShape, index: pd.DatetimeIndex, rows: slice, decimal: Decimal | None
) -> tuple[pd.DataFrame | None, tuple[str, ...]]:
    """Return the fields of the bars by date; one that cannot be read is left out, with a note."""
    fields, notes = {}, []
    for column in shape.bars:
        try:
            fields[column.field or column.name] = _one(grid, column, decimal)[rows]
        except InvalidInputError as error:
            notes.append(f"column {column.name!r} is not in the bars: {error}")
    return (pd.DataFrame(fields, index=index) if fields else None), tuple(notes)


def _others(grid: Grid, chosen: Sequence[Column]) -> list[Any]:
    """Return the other columns of text, whose cells show the decimal mark of the file."""
    taken = {column.number for column in chosen}
    return [
        cells
        for number, cells in enumerate(grid.columns)
        if number not in taken and isinstance(cells, np.ndarray) and cells.dtype == object
    ]


def _rows_of_level(grid: Grid, shape: TableShape) -> npt.NDArray[np.int64]:
    """Return the rows of the level where a column names the field of each row, else all."""
    rows = np.arange(len(grid.lines))
    if shape.field_key is None:
        return rows
    words = np.asarray(grid.columns[shape.field_key.number]).astype(str).astype(object)
    roles = {word: role_of(word) for word in pd.unique(words)}
    for wanted in ("adjusted", "close"):
        levels = [word for word, role in roles.items() if role == wanted]
        if len(levels) == 1:
            return np.flatnonzero(words == levels[0])
    raise InvalidInputError(
        f"{grid.name} has the fields {listed(list(roles))} in column {shape.field_key.name!r}, none of which is the "
        "one close. Keep the rows of one field."
    )


def _refuse_doubles(
    grid: Grid,
    rows: npt.NDArray[np.int64],
    codes: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int64],
    names: Sequence[str],
    dates: DateColumn,
) -> None:
    pairs = codes.astype(np.int64) * len(names) + columns
    doubled = pd.Series(pairs).duplicated().to_numpy()
    if doubled.any():
        second = int(doubled.argmax())
        first = int((pairs == pairs[second]).argmax())
        raise InvalidInputError(
            f"{grid.name} must have one row per date and ticker, but has {names[columns[second]]!r} twice on "
            f"{dates.index[rows[second]]:%Y-%m-%d}, on {grid.unit}s {grid.lines[rows[first]]} and "
            f"{grid.lines[rows[second]]}."
        )


def _holes(values: pd.DataFrame, key: str) -> tuple[str, ...]:
    missing = int(values.isna().to_numpy().sum())
    if not missing:
        return ()
    return (f"{missing:,} pairs of date and {key} have no row; the values there are missing",)


def _unique(names: Sequence[str], file: str) -> list[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidInputError(f"{file} must have a different name for each column, got {name!r} twice.")
        seen.add(name)
    return list(names)


def _stem(name: str) -> str:
    return name.partition(".")[0] or name
