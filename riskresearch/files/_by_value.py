"""What columns are by their numbers, where their names say nothing: bars, and an account beside its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskresearch.core import InvalidInputError
from riskresearch.files._columns import Column
from riskresearch.files._grid import Grid
from riskresearch.files._levels import Levels
from riskresearch.files._vocabulary import plain
from riskresearch.files.numbers._numbers import read_numbers

SAMPLE_ROWS = 250
FEWEST_ROWS = 10
"""Fewer rows are ordered by chance."""
FIELDS_OF_A_BAR = 4
MOST_COLUMNS = 30
MOST_MOVES_OF_A_BAR = 6.0
"""From low to high, in typical moves from row to row; 2.4 for a random walk. Different assets drift farther apart."""
LEAST_CROSSINGS = 0.1
"""Share of the rows that rise, and of those that fall: open and close cross, share classes of a fund do not."""
ROUNDING = 0.006
"""Of each part of a sum, in money."""
TOTALS = frozenset("total totals sum gesamt summe gesamtsumme totale suma grandtotal nettotal totalnav".split())


@dataclass(frozen=True, slots=True)
class Bars:
    """Hold the four columns of bars, the close among them, and the columns beside."""

    columns: tuple[Column, ...]
    close: Column
    beside: tuple[Column, ...]


def find_bars(grid: Grid, numbers: Sequence[Column]) -> Bars | None:
    """Return four neighbours of which the second is highest and the third is lowest on every row: bars.

    Raises
    ------
    InvalidInputError
        If four neighbours are bars in another order, or several instruments have bars, so that no close is named.
    """
    values = _sample(grid, numbers)
    if values is None:
        return None
    found = []
    for first in range(len(numbers) - FIELDS_OF_A_BAR + 1):
        window = values[:, first : first + FIELDS_OF_A_BAR]
        if not np.isnan(window).any() and _are_bars(window):
            found.append((first, window))
    if not found:
        return None
    first, window = found[0]
    four = tuple(numbers[first : first + FIELDS_OF_A_BAR])
    high, low = _extremes(window)
    if len(found) > 1 or (high, low) != (1, 2):
        listed = ", ".join(repr(column.name) for column in four)
        raise InvalidInputError(
            f"{grid.name} holds bars whose fields are not named: of {listed}, "
            f"{four[high].name!r} is highest and {four[low].name!r} lowest on every row. Choose the close with "
            "columns= (--columns), or read each column as an asset with shape='wide' (--shape wide)."
        )
    return Bars(four, four[3], tuple(column for column in numbers if column not in four))


def find_total(grid: Grid, numbers: Sequence[Column]) -> Levels | None:
    """Return the account whose value is the sum of the other columns on every row.

    Raises
    ------
    InvalidInputError
        If such a column is not called a total.
    """
    values = _sample(grid, numbers, fewest=3)
    if values is None or np.isnan(values).any() or (values != 0.0).any(axis=0).sum() < 3:
        return None
    doubled = values.sum(axis=1)
    for number, column in enumerate(numbers):
        total = values[:, number]
        rounding = ROUNDING * len(numbers) if np.abs(total).min() > 1.0 else 0.0
        if (total <= 0.0).any() or not np.allclose(2.0 * total, doubled, rtol=1e-9, atol=rounding):
            continue
        parts = tuple(other for other in numbers if other is not column)
        names = ", ".join(repr(part.name) for part in parts[:4])
        if plain(column.name) in TOTALS:
            return Levels("equity", (column,), parts, f"the level is {column.name!r}, the sum of {names}")
        raise InvalidInputError(
            f"column {column.name!r} of {grid.name} is the sum of the others ({names}) on every row: the parts of one "
            f"account, or an asset by chance? Choose the account with columns={column.name!r} (--columns "
            f"{column.name!r}), leave it out with drop={column.name!r} (--drop {column.name!r}), or read each column "
            "as an asset with shape='wide' (--shape wide)."
        )
    return None


def _sample(grid: Grid, numbers: Sequence[Column], fewest: int = FIELDS_OF_A_BAR) -> npt.NDArray[np.float64] | None:
    """Return the numbers of rows from the whole table; None for too few of them, or for cells that are no numbers."""
    count = len(grid.lines)
    if not fewest <= len(numbers) <= MOST_COLUMNS or count < FEWEST_ROWS:
        return None
    rows = slice(None, None, -(-count // SAMPLE_ROWS))
    cells = {str(column.number): grid.columns[column.number][rows] for column in numbers}
    if all(isinstance(each, np.ndarray) and each.dtype.kind in "fiu" for each in cells.values()):
        return np.column_stack([np.asarray(each, dtype=np.float64) for each in cells.values()])
    try:
        read = read_numbers(cells, place=grid.place, file=grid.name, separator=grid.separator)
    except InvalidInputError:
        return None
    return np.column_stack([read.values[name] for name in cells])


def _extremes(window: npt.NDArray[np.float64]) -> tuple[int, int]:
    """Return which column is highest and which is lowest on every row; -1 where none or several are."""
    highest, lowest = window.max(axis=1), window.min(axis=1)
    high = np.flatnonzero((window == highest[:, None]).all(axis=0))
    low = np.flatnonzero((window == lowest[:, None]).all(axis=0))
    return (int(high[0]) if len(high) == 1 else -1), (int(low[0]) if len(low) == 1 else -1)


def _are_bars(window: npt.NDArray[np.float64]) -> bool:
    high, low = _extremes(window)
    if min(high, low) < 0 or (window <= 0.0).any():
        return False
    opens, closes = (window[:, number] for number in range(FIELDS_OF_A_BAR) if number not in (high, low))
    spread = float(np.median(np.log(window[:, high] / window[:, low])))
    move = float(np.median(np.abs(np.diff(np.log(closes)))))
    rises, falls = float((closes > opens).mean()), float((closes < opens).mean())
    return spread <= MOST_MOVES_OF_A_BAR * move and min(rises, falls) >= LEAST_CROSSINGS
