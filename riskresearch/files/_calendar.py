"""Calendar tables, as funds publish their returns: a row for each year and a column for each month."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from riskresearch.core import InvalidInputError
from riskresearch.files._grid import Cells, Grid, Step
from riskresearch.files._looks import is_missing
from riskresearch.files.dates._date_words import MONTHS, plain_word

MONTHS_PER_YEAR = 12
_YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}(?:\.0)?")
_NUMBER = re.compile(r"0?([1-9]|1[0-2])")


def by_date(grid: Grid) -> Grid:
    """Return a calendar table with one row for each month; any other table as it is.

    Months without a value before the first and after the last one are left out: the fund began or ended there.

    Raises
    ------
    InvalidInputError
        If a year stands on several rows, as where a fund and its benchmark alternate.
    """
    months = _columns_of_months(grid)
    years = None if months is None else _years(grid, months)
    if months is None or years is None:
        return grid
    column, numbers = years
    if len(np.unique(numbers)) < len(numbers):
        twice = next(year for place, year in enumerate(numbers) if year in numbers[:place])
        raise InvalidInputError(
            f"{grid.name} is a calendar table, a row for each year and a column for each month, but has {twice} on "
            "several rows. Keep the rows of one fund, or write one row per month and fund."
        )
    order = np.argsort(numbers, kind="stable")
    cells = _joined([grid.columns[number][order] for number in months])
    filled = np.flatnonzero([not _is_empty(cell) for cell in cells])
    if not filled.size:
        return grid
    span = slice(int(filled[0]), int(filled[-1]) + 1)
    stamps = [f"{year}-{month:02d}" for year in numbers[order] for month in range(1, MONTHS_PER_YEAR + 1)]
    rest = [place for place in range(len(grid.columns)) if place not in (*months, column)]
    left = [name for name in (" ".join(row[place] for row in grid.headers if row[place]) for place in rest) if name]
    return replace(
        grid,
        headers=(("month", ""),),
        columns=(np.array(stamps, dtype=object)[span], cells[span]),
        lines=np.repeat(grid.lines[order], MONTHS_PER_YEAR)[span],
        units=(),
        steps=(*grid.steps, Step("calendar", "a row for each month", _reason(left))),
    )


def _reason(left: Sequence[str]) -> str:
    rest = f"; {', '.join(left)} not used" if left else ""
    return f"the rows are years and the columns are months{rest}"


def _columns_of_months(grid: Grid) -> tuple[int, ...] | None:
    """Return the columns of January to December, by their names or numbers."""
    for row in grid.headers:
        for read in (_by_name, _by_number):
            months = [read(name) for name in row]
            if all(months.count(month) == 1 for month in range(1, MONTHS_PER_YEAR + 1)):
                return tuple(months.index(month) for month in range(1, MONTHS_PER_YEAR + 1))
    return None


def _by_name(name: str) -> int:
    return MONTHS.get(plain_word(name), 0)


def _by_number(name: str) -> int:
    found = _NUMBER.fullmatch(name)
    return int(found[1]) if found else 0


def _years(grid: Grid, months: Sequence[int]) -> tuple[int, npt.NDArray[np.int64]] | None:
    """Return the first column beside the months that holds years alone, and the years."""
    for number, cells in enumerate(grid.columns):
        texts = [] if number in months else [str(cell) for cell in cells]
        if texts and all(_YEAR.fullmatch(text) for text in texts):
            return number, np.array([int(text[:4]) for text in texts], dtype=np.int64)
    return None


def _joined(columns: Sequence[Cells]) -> Cells:
    """Return the cells of twelve months year by year."""
    arrays = [np.asarray(cells) for cells in columns]
    if all(cells.dtype.kind in "fiu" for cells in arrays):
        return np.column_stack([cells.astype(np.float64) for cells in arrays]).ravel()
    texts = [
        cells if cells.dtype == object else np.array([_text(cell) for cell in cells], dtype=object) for cells in arrays
    ]
    return np.column_stack(texts).ravel()


def _text(cell: float) -> str:
    return "" if np.isnan(cell) else repr(float(cell))


def _is_empty(cell: object) -> bool:
    return bool(np.isnan(cell)) if isinstance(cell, float) else is_missing(str(cell))
