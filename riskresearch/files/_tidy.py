"""Columns that hold nothing of the table: unnamed empty ones, and the row numbers that pandas and R write."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from riskresearch.core import InvalidInputError
from riskresearch.files._grid import Cells, Step
from riskresearch.files._looks import has_digit, is_date_name
from riskresearch.files._vocabulary import FILL_WORDS, POSITION_WORDS, QUANTITIES, TICKERS, plain, role_of

Headers = tuple[tuple[str, ...], ...]
MOST_NAME_CHARACTERS = 1_000
SHOWN = 40
_NAMES_OF_ROW_NUMBERS = frozenset({"", "unnamed: 0", "index", "id", "no", "no.", "#", "row"})
FEWEST_ROWS_THAT_COUNT = 20
_LEDGER = QUANTITIES | FILL_WORDS | POSITION_WORDS | TICKERS


@dataclass(frozen=True, slots=True, eq=False)
class Tidy:
    """Hold the columns that are left, their names and units, and what was left out."""

    headers: Headers
    columns: tuple[Cells, ...]
    units: tuple[str, ...]
    steps: tuple[Step, ...]


def named_columns(headers: Headers, columns: Sequence[Cells], units: Sequence[str], file: str) -> Tidy:
    """Leave out columns without a name and without a cell, and those that count the rows.

    A name in several lines, as spreadsheets wrap them, becomes one line.
    """
    headers = tuple(tuple(_one_line(name, file) for name in header) for header in headers)
    names = ["".join(header[number] for header in headers) for number in range(len(columns))]
    empty = [number for number, cells in enumerate(columns) if not names[number] and _is_empty(cells)]
    if len(empty) == len(columns):
        empty = []
    steps = []
    if empty:
        where = ", ".join(str(number + 1) for number in empty[:8]) + (", …" if len(empty) > 8 else "")
        steps.append(Step("columns", f"{where} left out", "without a name and without a cell"))
    left_out = set(empty)
    counters = _counters(names, columns) if headers and len(columns) - len(empty) > 2 else []
    if counters and len(columns) - len(empty) - len(counters) >= 2:
        left_out.update(counters)
        where = ", ".join(str(number + 1) for number in counters)
        steps.append(Step("columns", f"{where} left out", "counting the rows"))
    if not left_out:
        return Tidy(headers, tuple(columns), tuple(units), ())
    kept = [number for number in range(len(columns)) if number not in left_out]
    return Tidy(
        tuple(tuple(header[number] for number in kept) for header in headers),
        tuple(columns[number] for number in kept),
        tuple(units[number] for number in kept) if units else (),
        tuple(steps),
    )


def _one_line(name: str, file: str) -> str:
    line = name if name.isalnum() else " ".join(name.split())
    if len(line) > MOST_NAME_CHARACTERS:
        raise InvalidInputError(
            f"{file} must name its columns in at most {MOST_NAME_CHARACTERS:,} characters, got {len(line):,}: "
            f"{line[:SHOWN]!r}... A quotation mark may be missing."
        )
    return line


def _is_empty(cells: Cells) -> bool:
    if isinstance(cells, pd.DatetimeIndex):
        return bool(cells.isna().all())
    if cells.dtype.kind == "f":
        return bool(np.isnan(cells).all())
    return cells.dtype == object and not any(cells)


def _counters(names: Sequence[str], columns: Sequence[Cells]) -> list[int]:
    """Return the columns that count the rows from 0 or 1, where another column may hold the dates.

    An unnamed first column counts at any length; another one is no price and no return if it counts for many rows.
    """
    counting = [
        number
        for number, (name, cells) in enumerate(zip(names, columns, strict=True))
        if _counts(cells)
        and (
            (number == 0 and name.lower() in _NAMES_OF_ROW_NUMBERS)
            or (len(cells) >= FEWEST_ROWS_THAT_COUNT and not role_of(name) and plain(name) not in _LEDGER)
        )
    ]
    rest = [number for number in range(len(columns)) if number not in counting]
    return counting if any(_may_be_dates(names[number], columns[number]) for number in rest) else []


def _counts(cells: Cells) -> bool:
    if not isinstance(cells, np.ndarray) or cells.dtype != np.int64 or not len(cells) or cells[0] not in (0, 1):
        return False
    return bool((np.diff(cells) == 1).all())


def _may_be_dates(name: str, cells: Cells) -> bool:
    if is_date_name(name) or isinstance(cells, pd.DatetimeIndex):
        return True
    return cells.dtype == object and len(cells) > 0 and isinstance(cells[0], str) and has_digit(cells[0])
