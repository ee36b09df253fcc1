"""`read`: from a user's file to its numbers by date, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
import numpy.typing as npt

from riskresearch.core import InvalidInputError
from riskresearch.core._checks import check_choice
from riskresearch.core._other_names import answers_other_names
from riskresearch.files._calendar import by_date
from riskresearch.files._columns import Column, dates_from_parts, describe_columns, find_dates
from riskresearch.files._data_file import DataFile, call_of
from riskresearch.files._grid import Grid, Step
from riskresearch.files._kind import KINDS, Kind, KindReading, decide_kind
from riskresearch.files._levels import SHOWN
from riskresearch.files._read_grid import read_grid
from riskresearch.files._rows import row_steps
from riskresearch.files._shape import SHAPES, Shape, TableShape, decide_shape, listed, pick
from riskresearch.files._source import Source, read_source
from riskresearch.files._table import Decimal, Table, long_values, typed_rows, wide_values
from riskresearch.files._vocabulary import DATES, plain
from riskresearch.files.dates._dates import DateColumn, could_be_dates, read_dates

SHOWN_CHARACTERS = 30
EXPECTED_BESIDE_BARS = frozenset("change changepct chg chgpct vwap closetime ignore time per openint".split())
AS_BENCHMARK = "the benchmark"
OTHER_NAMES = {
    **dict.fromkeys(("sep", "delimiter"), "separator"),
    **dict.fromkeys(("usecols", "names"), "columns"),
    "sheet_name": "sheet",
    **dict.fromkeys(
        ("parse_dates", "index_col", "header", "skiprows", "thousands", "na_values", "dayfirst", "dtype"),
        "Leave it out: dates, headers and numbers are recognised, and `steps` of the result says how.",
    ),
}
"""What pandas calls the arguments."""


@answers_other_names(OTHER_NAMES)
def read(
    path: str | Path | BinaryIO,
    *,
    kind: Kind = "auto",
    shape: Shape = "auto",
    columns: str | Sequence[str] | None = None,
    drop: str | Sequence[str] = (),
    date_format: str | None = None,
    decimal: Literal[".", ","] | None = None,
    sheet: str | None = None,
    table: int = 1,
    encoding: str | None = None,
    separator: str | None = None,
    capital: float | None = None,
) -> DataFile:
    """Read a file of prices, returns, fills or positions, as people download it.

    Text with any usual separator, encoding, decimal mark and form of dates, gzip or zip with one table, Excel, Parquet,
    Arrow, and JSON. Where one reading fits every cell it is taken and named in `steps`; where several do, the error
    shows them and the option that chooses.

    Parameters
    ----------
    path : str, path or binary stream
        The file; "-" is standard input.
    kind : {"auto", "prices", "returns", "percent", "log-returns", "cumulative", "pnl"}
        What the numbers are. "auto" decides only where they leave no doubt.
    shape : {"auto", "wide", "bars", "long", "equity", "fills", "positions"}
        What the table is: a column per asset, bars, a row per date and ticker, an account with statistics, a ledger.
    columns, drop : str or sequence of str, optional
        Columns (or tickers of a long table) to keep as assets, and columns to ignore.
    date_format : str, optional
        Format of the dates as for `datetime.strptime`, such as "%d/%m/%Y".
    decimal : {".", ","}, optional
        Decimal mark, where the numbers leave it open.
    sheet : str, optional
        Sheet of a workbook.
    table : int
        Which table of a text that holds several, from 1.
    encoding, separator : str, optional
        Encoding of a text, such as "cp1252", and the mark between its cells.
    capital : float, optional
        Money at the start, for kind="pnl".

    Returns
    -------
    DataFile
        With `prices`, `returns`, `notes`, `steps` and `to_frame()`.

    Raises
    ------
    InvalidInputError
        If the file cannot be read, or in more than one way; the message names the place and the remedy.
    OptionalDependencyError
        If Excel, Parquet or Arrow needs a package that is not installed.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> import riskresearch as rr
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "fund.csv")
    ...     _ = path.write_text("Datum;Kurs\\n13.01.2020;100,0\\n14.01.2020;110,0\\n15.01.2020;99,0\\n")
    ...     file = rr.read(path)
    >>> file
    DataFile('fund.csv': 3 dates of prices, 1 column, 2020-01-13 to 2020-01-15)
    >>> file.returns["fund"].round(4).tolist()
    [0.1, -0.1]
    """
    check_choice(kind, KINDS, name="kind")
    check_choice(shape, SHAPES, name="shape")
    given = {
        "kind": kind, "shape": shape, "columns": columns, "drop": drop, "date_format": date_format,
        "decimal": decimal, "sheet": sheet, "table": table, "encoding": encoding, "separator": separator,
        "capital": capital,
    }  # fmt: skip
    plain = {"kind": "auto", "shape": "auto", "drop": (), "table": 1}
    call = call_of(path, {name: value for name, value in given.items() if value != plain.get(name)})
    options = ReadOptions(kind, shape, as_names(columns), as_names(drop) or (), date_format, decimal, capital)
    opened = open_table(path, sheet=sheet, table=table, decimal=decimal, encoding=encoding, separator=separator)
    return opened.read(options, call=call)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Hold what the user says of a table."""

    kind: Kind = "auto"
    shape: Shape = "auto"
    columns: tuple[str, ...] | None = None
    drop: tuple[str, ...] = ()
    date_format: str | None = None
    decimal: Decimal | None = None
    capital: float | None = None
    capital_decides: bool = True
    benchmark: str | None = None
    """A column that a report reads as its benchmark."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenTable:
    """Hold the cells of a file, of which several readings can be made, such as one of a benchmark's column."""

    source: Source
    grid: Grid
    columns: tuple[Column, ...]

    def read(self, options: ReadOptions, *, call: str) -> DataFile:
        """Return the numbers of the file by date; `call` is the Python line to state."""
        grid, name = self.grid, self.source.name
        kept, dropped = _without(grid, self.columns, options)
        dates, what, beside = _dates_of(grid, kept, options.date_format)
        found = _shape_of(grid, kept, beside, dates, options)
        steps = (*grid.steps, *(() if dates is None else dates.steps))
        steps = (*steps, Step("shape", found.shape, found.reason), *_not_used((*dropped, *found.left_out)))
        left = _left_out((*dropped, *found.left_out), found)
        if found.shape in ("fills", "positions"):
            rows = typed_rows(grid, found.values, None if dates is None else dates.index)
            return DataFile(name, found.shape, "", rows.iloc[:0], rows, left, steps, self.source.sha256, call)
        if dates is None:
            raise _no_dates(grid, kept)
        made = _values(grid, found, dates, what, options)
        reading = decide_kind(
            made.values, kind=options.kind, name=name, percent=made.percent, hints=made.hints,
            capital=options.capital, capital_decides=options.capital_decides, place=made.place,
        )  # fmt: skip
        made = _from_first_return(made, reading)
        return DataFile(
            name, found.shape, reading.kind, made.values, made.table, (*left, *made.notes, *reading.notes),
            (*steps, *made.steps, *reading.steps, *row_steps(made.values, are_prices=reading.kind == "prices")),
            self.source.sha256, call, reading,
        )  # fmt: skip


def _from_first_return(made: Table, reading: KindReading) -> Table:
    """Return a table of returns without an empty first row: the date of the first price, which has no return."""
    empty = np.asarray(made.values.isna().all(axis=1))
    if reading.kind not in ("returns", "percent", "log-returns") or len(empty) < 2 or not empty[0] or empty[1]:
        return made
    step = Step("first row", f"{made.values.index[0]:%Y-%m-%d} left out", "the date of the first price has no return")
    return replace(made, values=made.values.iloc[1:], table=made.table.iloc[1:], steps=(*made.steps, step))


def open_table(
    path: str | Path | BinaryIO,
    *,
    sheet: str | None = None,
    table: int = 1,
    decimal: Decimal | None = None,
    encoding: str | None = None,
    separator: str | None = None,
) -> OpenTable:
    """Return the cells of a file, before it is decided what they are."""
    source = read_source(path)
    try:
        grid = by_date(
            read_grid(source, sheet=sheet, table=table, decimal=decimal, encoding=encoding, separator=separator)
        )
    except MemoryError as error:
        raise InvalidInputError(f"{source.name} needs more memory than there is.") from error
    return OpenTable(source, grid, describe_columns(grid))


def as_names(given: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Return names as a tuple; one text is one name."""
    return None if given is None else (given,) if isinstance(given, str) else tuple(given)


def _without(
    grid: Grid, columns: Sequence[Column], options: ReadOptions
) -> tuple[tuple[Column, ...], tuple[tuple[str, str], ...]]:
    """Return the columns without those to drop and the benchmark, and the reason of each that goes."""
    beside = () if options.benchmark is None else (options.benchmark,)
    gone = pick((*options.drop, *beside), columns, argument="drop", name=grid.name)
    reasons = tuple((c.name, AS_BENCHMARK if c.name in beside else "dropped as stated") for c in gone)
    return tuple(column for column in columns if column not in gone), reasons


def _shape_of(
    grid: Grid, kept: Sequence[Column], beside: Sequence[Column], dates: DateColumn | None, options: ReadOptions
) -> TableShape:
    """Return what the table is; one without dates that is no ledger is refused for its dates first."""
    numbers = _date_numbers(grid, dates)
    try:
        return decide_shape(grid, beside, dates=numbers, shape=options.shape, wanted=options.columns)
    except InvalidInputError as error:
        if dates is None and options.columns is None and options.shape == "auto" and len(beside) > 1:
            raise _no_dates(grid, kept) from error
        raise


def _date_numbers(grid: Grid, dates: DateColumn | None) -> npt.NDArray[np.int64]:
    """Return the number of each row's date; rows without dates are all different."""
    if dates is None:
        return np.arange(len(grid.lines))
    return np.asarray(dates.instants).astype("datetime64[ns]").astype(np.int64)


def _values(grid: Grid, found: TableShape, dates: DateColumn, what: str, options: ReadOptions) -> Table:
    if found.shape != "long":
        return wide_values(grid, found, dates, what, options.decimal)
    tickers = [name for name in options.columns or () if name != found.values[0].name]
    return long_values(grid, found, dates, options.decimal, keep=tickers)


def _not_used(columns: Sequence[tuple[str, str]]) -> tuple[Step, ...]:
    """Return one step for each reason why columns are not used."""
    reasons = dict.fromkeys(reason for _, reason in columns)
    return tuple(
        Step("not used", listed([name for name, why in columns if why == reason]), reason) for reason in reasons
    )


def _left_out(columns: Sequence[tuple[str, str]], found: TableShape) -> tuple[str, ...]:
    """Return a note on the columns that are not used, but for other fields and changes of bars, which are expected."""
    fields = {column.name for column in found.bars}
    names = [
        name
        for name, reason in columns
        if reason != AS_BENCHMARK and name not in fields and plain(name) not in EXPECTED_BESIDE_BARS
    ]
    return (f"columns of the file that are not used: {listed(names)}",) if names else ()


def _no_dates(grid: Grid, columns: Sequence[Column]) -> InvalidInputError:
    """Return the refusal of a table without a column of dates, by what it looks like."""
    seen = ", ".join(
        f"{column.name!r} (first cell {str(grid.columns[column.number][0])[:SHOWN_CHARACTERS]!r})"
        for column in columns[:SHOWN]
    )
    remedy = (
        "A table of prices or returns needs one row per date; name the column of dates 'date', or give its form with "
        "date_format= (--date-format)."
    )
    above = [np.array(row[1:], dtype=object) for row in grid.headers]
    first = np.array([str(cells[0]) for cells in grid.columns[1:]], dtype=object)
    if len(columns) > 2 and any(could_be_dates(cells) for cells in (*above, first)):
        remedy = "Its dates run along a row: turn it round, so that each date is a row, with .T in pandas."
    elif [column.holds for column in columns] == ["text", "numbers"]:
        remedy = "If these are weights, pass the file as weights= (--weights). " + remedy
    return InvalidInputError(f"{grid.name} has no column of dates: its columns are {seen}. {remedy}")


def _dates_of(
    grid: Grid, columns: Sequence[Column], date_format: str | None
) -> tuple[DateColumn | None, str, tuple[Column, ...]]:
    """Return the dates, what errors call their column, and the columns beside them."""
    dates, times = find_dates(columns, grid)
    if dates is not None:
        _refuse_other_dates(grid, columns, dates)
        what = f"column {dates.name!r} of {grid.name}"
        read_column = read_dates(
            grid.columns[dates.number],
            what=what,
            place=grid.place,
            date_format=date_format,
            times=None if times is None else grid.columns[times.number],
        )
        return read_column, what, tuple(column for column in columns if column not in (dates, times))
    parts = dates_from_parts(columns, grid)
    if parts is None:
        return None, "", tuple(columns)
    cells, used = parts
    what = f"columns {listed([column.name for column in used])} of {grid.name}"
    return (
        read_dates(cells, what=what, place=grid.place, date_format=date_format),
        what,
        tuple(column for column in columns if column not in used),
    )


def _refuse_other_dates(grid: Grid, columns: Sequence[Column], dates: Column) -> None:
    """Refuse tables side by side: a second column of dates with the same name and other dates."""
    name = _word_of_dates(grid, dates)
    for column in columns if name else ():
        if column is dates or column.holds != "dates" or _word_of_dates(grid, column) != name:
            continue
        first, second = (np.asarray(grid.columns[each.number]).astype(str) for each in (dates, column))
        if (first != second).any():
            row = int((first != second).argmax())
            raise InvalidInputError(
                f"{grid.name} holds tables side by side, each with dates of its own: columns {dates.number + 1} and "
                f"{column.number + 1} are both dates, but {grid.place(row)} has {first[row][:SHOWN_CHARACTERS]!r} and "
                f"{second[row][:SHOWN_CHARACTERS]!r}. Save each table as a file of its own."
            )


def _word_of_dates(grid: Grid, column: Column) -> str:
    """Return the word for dates in the header of a column, without the number that pandas adds to a second one."""
    words = (plain(row[column.number]).rstrip("0123456789") for row in reversed(grid.headers))
    return next((word for word in words if word in DATES), "")
