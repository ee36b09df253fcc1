"""What each column of a table is called and what it could hold, before the table as a whole is judged."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from riskresearch.files._grid import Cells, Grid
from riskresearch.files._vocabulary import (
    DATES,
    PRICE_FIELDS,
    TICKERS,
    TIMES,
    Role,
    plain,
    role_of,
    roles_of,
    split_field,
)
from riskresearch.files.dates._date_words import MONTHS, plain_word
from riskresearch.files.dates._dates import could_be_dates, could_be_times
from riskresearch.files.numbers._numbers import could_be_numbers, number_share

Holds = Literal["dates", "numbers", "text", "nothing"]
CERTAIN_DATES = ("date", "datetime", "timestamp")
PARTS_OF_A_DATE = (
    ("year", "yr", "yyyy", "jahr", "annee"),
    ("month", "mo", "mm", "monat", "mois"),
    ("day", "dd", "tag", "jour"),
)
SAMPLE_CELLS = 200
_LETTERS = re.compile(r"[A-Za-z]{2,8}(?=[0-9])")
SHARE_OF_NUMBERS_BESIDE_TICKERS = 0.75
"""A ticker may read as an amount of money: CLF3 is a future on oil, and three units of account of Chile."""


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column.

    Attributes
    ----------
    number : int
        Its place in the grid.
    name : str
        Its header, several rows of it joined; "column 2" without one.
    ticker, field : str
        The instrument and the field, where the header names both; else empty.
    role : Role
        What its field, or else its name, says.
    holds : {"dates", "numbers", "text", "nothing"}
    hint : str
        All words of its header.
    """

    number: int
    name: str
    ticker: str
    field: str
    role: Role
    holds: Holds
    hint: str


def describe_columns(grid: Grid) -> tuple[Column, ...]:
    """Return the columns of `grid` from left to right."""
    labels = _labels(grid)
    names = [name for name, _, _ in labels]
    plain_roles = roles_of(names)
    return tuple(
        Column(
            number=number,
            name=name,
            ticker=ticker,
            field=field,
            role=role_of(field) if field else plain_roles[number],
            holds=_holds(grid.columns[number], name),
            hint=" ".join(row[number] for row in grid.headers if row[number]),
        )
        for number, (name, ticker, field) in enumerate(labels)
    )


def find_dates(columns: Sequence[Column], grid: Grid) -> tuple[Column | None, Column | None]:
    """Return the column of dates and a column of times of day beside it; None where there is none."""
    named = [column for column in columns if plain(column.name) in DATES or _is_named_in_a_row(grid, column)]
    named.sort(key=lambda column: plain(column.name) not in CERTAIN_DATES)
    fitting = [column for column in named if column.holds == "dates"]
    dates = next(iter(fitting), None) or next((column for column in columns if column.holds == "dates"), None)
    if dates is None and named and named[0].role != "part of a date":
        dates = named[0]  # whose first cell that is no date is the reason of the refusal
    if dates is None:
        return None, None
    beside = [
        column
        for column in columns
        if column is not dates and plain(column.name) in TIMES and could_be_times(grid.columns[column.number])
    ]
    return dates, next(iter(beside), None)


def dates_from_parts(columns: Sequence[Column], grid: Grid) -> tuple[Cells, tuple[Column, ...]] | None:
    """Return dates as text from columns of years, months and perhaps days, and those columns; None without them."""
    found = [next((c for c in columns if plain(c.name) in names), None) for names in PARTS_OF_A_DATE]
    months = None if found[1] is None else _numbers_of_months(grid.columns[found[1].number])
    parts = [c for c in found if c is not None and (c.holds == "numbers" or (c is found[1] and months is not None))]
    if len(parts) < 2 or found[0] is None or found[1] is None:
        return None
    cells = [months if c is found[1] and months is not None else grid.columns[c.number] for c in parts]
    texts = [pd.Series(each).astype(str).str.removesuffix(".0").str.zfill(2) for each in cells]
    joined = texts[0]
    for text in texts[1:]:
        joined = joined + "-" + text
    return joined.to_numpy(dtype=object), tuple(parts)


def _numbers_of_months(cells: Cells) -> Cells | None:
    """Return the numbers of months that are written by name; None for other cells."""
    numbers = [MONTHS.get(plain_word(str(cell)), 0) for cell in pd.unique(pd.Series(cells))]
    if not all(numbers):
        return None
    return np.array([MONTHS[plain_word(str(cell))] for cell in cells], dtype=np.int64)


def _labels(grid: Grid) -> list[tuple[str, str, str]]:
    """Return name, ticker and field of each column."""
    count = len(grid.columns)
    if not grid.headers:
        return [(f"column {number + 1}", "", "") for number in range(count)]
    if len(grid.headers) == 1:
        names = [name or f"column {number + 1}" for number, name in enumerate(grid.headers[0])]
        split = [split_field(name) if not role_of(name) else None for name in names]
        several = sum(found is not None for found in split) > 1
        return [
            (name, *found) if found is not None and several else (name, "", "")
            for name, found in zip(names, split, strict=True)
        ]
    fields = next((row for row in grid.headers if _is_row_of_fields(row)), None)
    others = [row for row in grid.headers if row is not fields]
    tickers = next((row for row in others if _is_full(row) or (fields is not None and any(row[1:]))), None)
    if fields is None or tickers is None or not _is_full(tickers, filled=True):
        return [(_joined(grid.headers, number), "", "") for number in range(count)]
    tickers, fields = _filled(tickers), _filled(fields)
    return [(f"{tickers[n]} {fields[n]}".strip() or f"column {n + 1}", tickers[n], fields[n]) for n in range(count)]


def _is_row_of_fields(row: Sequence[str]) -> bool:
    named = [name for name in row[1:] if name]
    fields = [name for name in named if role_of(name) in (*PRICE_FIELDS, "volume", "beside")]
    return bool(named) and len(fields) == len(named) and any(role_of(name) in PRICE_FIELDS for name in named)


def _is_full(row: Sequence[str], *, filled: bool = False) -> bool:
    return all((_filled(row) if filled else row)[1:])


def _filled(row: Sequence[str]) -> tuple[str, ...]:
    """Return a row of names in which an empty cell repeats the one before it, as merged cells are exported."""
    names: list[str] = []
    for number, name in enumerate(row):
        names.append(name or (names[-1] if number > 1 else ""))
    return tuple(names)


def _joined(headers: Sequence[Sequence[str]], number: int) -> str:
    first = headers[0][number]
    if first and sum(first == other for other in headers[0]) == 1:
        return first
    return " ".join(row[number] for row in headers if row[number]) or f"column {number + 1}"


def _is_named_in_a_row(grid: Grid, column: Column) -> bool:
    """Return whether a lower header row calls the column a date, as the row of the index's name does."""
    return any(plain(row[column.number]) in DATES for row in grid.headers[1:])


def _holds(cells: Cells, name: str) -> Holds:
    if isinstance(cells, np.ndarray) and cells.dtype.kind == "f" and _has_a_fraction(cells[:SAMPLE_CELLS]):
        return "numbers"
    if could_be_dates(cells):
        return "dates"
    if isinstance(cells, np.ndarray) and cells.dtype.kind in "fiu":
        return "nothing" if cells.dtype.kind == "f" and np.isnan(cells).all() else "numbers"
    if all(cell == "" for cell in cells):
        return "nothing"
    if _are_codes(cells):
        return "text"
    if could_be_numbers(cells):
        return "numbers"
    least = SHARE_OF_NUMBERS_BESIDE_TICKERS if plain(name) in TICKERS else 0.0
    return "numbers" if number_share(cells) > least else "text"


def _are_codes(cells: Cells) -> bool:
    """Return whether cells are codes such as EUR1 and USD1, which are no amounts in several currencies."""
    heads = {found[0] if (found := _LETTERS.match(cell)) else "" for cell in map(str, cells[:SAMPLE_CELLS]) if cell}
    return len(heads) > 1 and "" not in heads


def _has_a_fraction(numbers: Cells) -> bool:
    """Return whether some number is not whole, so that it is no date."""
    present = numbers[np.isfinite(numbers)]
    return bool((present != np.floor(present)).any())
