"""Which of the first rows of a table hold its names, its units or a title, and which last rows are no data."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from riskresearch.files._looks import are_units, has_digit, is_date_name, is_missing, is_name, shape_of

MOST_HEADER_ROWS = 12
_MOST_FOOTERS = 30
_MOSTLY = 0.6
_SAMPLE_CELLS, _LEAST_ROWS = 1_000, 4
_WORDS_FOR_UNITS = ("unit", "einheit", "currency", "währung", "devise", "moneda", "valuta", "unità", "jednostka")
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Body:
    """Hold what the cells of a table look like, column by column, seen on some of its rows.

    Attributes
    ----------
    digits : tuple of bool
        Whether most cells of the column hold a digit.
    letters : bool
        Whether most cells of the first column hold a letter, too.
    filled : bool
        Whether no cell of the first column is empty.
    shapes : frozenset of str
        The shapes of the cells of the first column.
    row : tuple of str
        The shapes of the cells of one row.
    """

    digits: tuple[bool, ...]
    letters: bool
    filled: bool
    shapes: frozenset[str]
    row: tuple[str, ...]

    def is_header(self, row: Row) -> bool:
        """Return whether a row names the columns instead of being one of the rows of data."""
        first = row[0]
        if self.digits[0] and self.shapes:
            if not first.strip():
                return self.filled and any(cell.strip() for cell in row)
            if is_name(first):
                return True
            if shape_of(first) in self.shapes:
                return False
            if "a" in shape_of(first) and not self.letters:
                return True
        elif first.strip() and is_date_name(first):
            return True
        named = sum(is_name(cell) for cell, digits in zip(row, self.digits, strict=True) if digits)
        numbers = sum(has_digit(cell) for cell, digits in zip(row, self.digits, strict=True) if digits)
        return named > numbers or self._is_scale(row)

    def _is_scale(self, row: Row) -> bool:
        """Return whether a row holds a date or a year above each column of numbers: dates from left to right."""
        cells = [cell.strip() for cell, digits in zip(row, self.digits, strict=True) if digits]
        below = {shape for shape, digits in zip(self.row, self.digits, strict=True) if digits}
        shapes = set(map(shape_of, cells))
        if self.digits[0] or len(cells) < 2 or len(set(cells)) < len(cells) or (shapes & below and shapes != {"0"}):
            return False
        years = [int(cell) for cell in cells] if shapes == {"0"} and all(len(cell) == 4 for cell in cells) else []
        return shapes in ({"0-0-0"}, {"0/0/0"}, {"0.0.0"}, {"0-0"}, {"0/0"}) or (
            bool(years) and years == list(range(years[0], years[0] + len(years)))
        )

    def is_data(self, first: str) -> bool:
        """Return whether a first cell looks like those of the data."""
        return shape_of(first) in self.shapes or (self.digits[0] and has_digit(first) and "a" not in shape_of(first))


def body_of(rows: Sequence[Row]) -> Body:
    """Return what the rows of a table look like, from those that cannot be its header."""
    n = len(rows)
    sample = rows[min(MOST_HEADER_ROWS, n // 2) :]
    sample = sample[: max(_SAMPLE_CELLS // max(len(rows[0]), 1), _LEAST_ROWS)]
    columns = list(zip(*sample, strict=True))
    digits = []
    for cells in columns:
        filled = [cell for cell in cells if not is_missing(cell)]
        digits.append(bool(filled) and sum(map(has_digit, filled)) >= _MOSTLY * len(filled))
    first = columns[0]
    shapes = [shape_of(cell) for cell in first if cell.strip()]
    letters = sum("a" in shape for shape in shapes) >= _MOSTLY * max(len(shapes), 1)
    likely = frozenset(shape for shape in shapes if not digits[0] or "0" in shape)
    row = tuple(map(shape_of, sample[-1]))
    return Body(tuple(digits), letters, all(cell.strip() for cell in first), likely, row)


@dataclass(frozen=True, slots=True)
class Head:
    """Hold how many first rows are a title, and which rows hold names and units.

    Attributes
    ----------
    titles : int
        Rows above the header that belong to no column.
    headers : tuple of int
        Rows of names.
    units : int or None
        The row of units.
    data : int
        The first row of data.
    """

    titles: int
    headers: tuple[int, ...]
    units: int | None
    data: int


def head_of(rows: Sequence[Row], body: Body, after_blank: Sequence[bool]) -> Head:
    """Return what the first rows are; `after_blank` says which of them follow a blank line."""
    end = 0
    while end < min(len(rows) - 1, MOST_HEADER_ROWS) and body.is_header(rows[end]):
        end += 1
    if not end and len(rows) > 1 and not any(body.digits):
        end = 1
    start = _titles(rows[:end], after_blank)
    headers = list(range(start, end))
    units = _units_row(rows, headers) if body.digits[0] else None
    if units is not None:
        headers.remove(units)
    return Head(start, tuple(headers), units, end)


def _units_row(rows: Sequence[Row], headers: Sequence[int]) -> int | None:
    """Return the row of units below the names; one that tells columns of the same name apart is a row of names."""
    for number in reversed(headers[1:]):
        first = rows[number][0].strip().lower()
        if (not first or any(word in first for word in _WORDS_FOR_UNITS)) and are_units(rows[number][1:]):
            others = [rows[other] for other in headers if other != number]
            names = list(zip(*others, strict=True))
            if len(set(names)) == len(set(zip(*others, rows[number], strict=True))) and not are_units(others[0][1:]):
                return number
    return None


def _titles(rows: Sequence[Row], after_blank: Sequence[bool]) -> int:
    """Return how many of the rows above the data are titles."""
    n = len(rows)
    start = max((number for number in range(n) if number and after_blank[number]), default=0)
    while start < n - 1 and len(rows[start]) > 1 and not any(cell.strip() for cell in rows[start][1:]):
        start += 1
    while start < n - 1 and rows[start][0].strip().endswith(":"):
        start += 1
    complete = n > 0 and all(cell.strip() for cell in rows[n - 1])
    if n and complete and len(rows[0]) == 2 and is_date_name(rows[n - 1][0]):
        start = n - 1
    return start


def footers_of(last_rows: Iterable[Row], body: Body) -> int:
    """Return how many of the last rows, given from the last one upwards, are no data: sources, totals, notes."""
    count = 0
    for row in islice(last_rows, _MOST_FOOTERS):
        if not _is_footer(row, body):
            break
        count += 1
    return count


def _is_footer(row: Row, body: Body) -> bool:
    first = row[0].strip()
    if not any(cell.strip() for cell in row):
        return True
    if not body.digits[0] or not first:
        return False
    return not body.is_data(first) and (is_name(first) or sum(bool(cell.strip()) for cell in row) == 1)
