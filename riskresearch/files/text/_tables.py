"""Where the tables of a text begin and end, and which lines are their headers, by the cells of each line."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from riskresearch.core import InvalidInputError
from riskresearch.files._looks import form_of, has_digit, is_date_name, shape_of
from riskresearch.files._source import Source
from riskresearch.files.text._header import Body, body_of, footers_of, head_of
from riskresearch.files.text._lines import Lines

_SAMPLE_CELLS = 4_000
_LEAST_ROWS, _MOST_ROWS = 16, 200
_SURE_ROWS = 12
"""So many equal lines are a table, however long another one is."""
_MOST_GAPS = 2_000
_SHOWN = 60
_RULE = b"-+=:_"
_TOP = 200
"""Among so many lines a rule such as ---+---, which databases print below the names, is looked for."""
NORMAL, BLANK, COMMENT = 0, 1, 2
UNIT_SEPARATOR = "\x1f"
"""Stands between cells that were separated by runs of blanks."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Table:
    """Hold the lines of one table.

    Attributes
    ----------
    headers : tuple of tuples of str
        The rows of names, each as wide as the table.
    header_lines : tuple of int
        Where they stand, by index of the line.
    units : tuple of str
        The row of units; empty without one.
    rows : array of int64
        Indexes of the lines of data.
    width : int
        Number of columns.
    footers : tuple of int
        Lines below the data, as wide as the table, that are no data.
    row_names : bool
        Whether the first column has no name because the header is one cell short.
    """

    headers: tuple[tuple[str, ...], ...]
    header_lines: tuple[int, ...]
    units: tuple[str, ...]
    rows: npt.NDArray[np.int64]
    width: int
    footers: tuple[int, ...] = ()
    row_names: bool = False


class Text:
    """Give the cells of single lines of a text."""

    unit: Literal["line", "row"] = "line"

    def __init__(self, source: Source, lines: Lines, separator: str, quote: str) -> None:
        self.source, self.lines, self.separator, self.quote = source, lines, separator, quote
        self.name = source.name
        self._stream = source.open()

    def raw(self, line: int) -> bytes:
        """Return the bytes of a line without its end."""
        start, end = self.lines.starts[line : line + 2]
        self._stream.seek(int(start))
        return self._stream.read(int(end - start)).rstrip(b"\r\n")

    def cells(self, line: int) -> list[str]:
        """Return the cells of a line without blanks around them; a comment without its mark."""
        text = self.raw(line).decode("utf-8", "replace").strip(" ")
        if text.startswith(("#", "%")):
            text = text.lstrip("#% ")
        try:
            rows = list(csv.reader([text], delimiter=self.separator, quotechar=self.quote, skipinitialspace=True))
        except csv.Error:
            rows = [text.split(self.separator)]
        return [cell.strip() for cell in rows[0]] if rows and rows[0] else [""]

    def first_cells(self, lines: npt.NDArray[np.int64]) -> Iterator[str]:
        """Yield the beginning of the first cell of many lines."""
        content = self.source.read()
        separator = self.separator.encode()
        quote = self.quote.encode() + b" "
        for start in self.lines.starts[lines].tolist():
            yield content[start : start + _SHOWN].partition(separator)[0].strip(quote).decode("utf-8", "replace")

    def place(self, line: int) -> str:
        """Return where a line stands, in words."""
        return f"line {self.lines.numbers[line]} of {self.name}"

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()


class Rows:
    """Give the cells of rows that are known as a whole, such as those of a workbook."""

    unit: Literal["line", "row"] = "row"
    separator = ""

    def __init__(self, name: str, rows: list[list[str]], first: int) -> None:
        self.name, self._rows = name, rows
        widths = np.array([len(row) for row in rows], dtype=np.int64)
        numbers = np.arange(first, first + len(rows))
        self.lines = Lines(numbers[:0], widths, numbers, False, False, np.zeros(len(rows), np.uint8))

    def raw(self, line: int) -> bytes:
        """Return the cells of a row, separated by commas."""
        return ", ".join(filter(None, self._rows[line])).encode()

    def cells(self, line: int) -> list[str]:
        """Return the cells of a row."""
        return self._rows[line]

    def first_cells(self, lines: npt.NDArray[np.int64]) -> Iterator[str]:
        """Yield the first cell of many rows."""
        return (self._rows[line][0] for line in lines.tolist())

    def place(self, line: int) -> str:
        """Return where a row stands, in words."""
        return f"row {self.lines.numbers[line]} of {self.name}"


def kinds_of(text: Text) -> npt.NDArray[np.uint8]:
    """Return for each line whether it is blank, a comment, or neither."""
    lines = text.lines
    kinds = np.zeros(len(lines.cells), np.uint8)
    sizes = lines.sizes
    kinds[sizes <= 1] = BLANK
    blanks = f"{text.separator}{text.quote} \t\r\n".encode()
    begins_blank = np.isin(lines.firsts, np.frombuffer(blanks, np.uint8))
    slight = ((lines.cells == 1) & (sizes < _SHOWN)) | (sizes - lines.cells <= 1)
    for line in np.flatnonzero((sizes > 1) & slight & begins_blank).tolist():
        if not text.raw(line).strip(blanks):
            kinds[line] = BLANK
    for line in np.flatnonzero(np.isin(lines.firsts[:_TOP], np.frombuffer(_RULE, np.uint8))).tolist():
        if len(raw := text.raw(line)) > 2 and not raw.translate(None, _RULE + blanks):
            kinds[line] = BLANK
    kinds[(lines.firsts == ord("#")) | (lines.firsts == ord("%"))] = COMMENT
    return kinds


class TableFinder:
    """Find the tables of a text one after another."""

    def __init__(self, text: Text | Rows, kinds: npt.NDArray[np.uint8]) -> None:
        self.text = text
        self.kinds = kinds
        self.index = np.flatnonzero(self.kinds == NORMAL)
        self.counts = text.lines.cells[self.index]
        changes = np.flatnonzero(np.diff(self.counts)) + 1
        self.run_starts = np.concatenate(([0], changes)).astype(np.int64) if len(self.index) else changes
        self.run_ends = np.concatenate((changes, [len(self.index)])).astype(np.int64) if len(self.index) else changes

    def tables(self) -> Iterator[Table]:
        """Yield the tables from the top."""
        at = 0
        while (found := self._next(at)) is not None:
            table, at = found
            yield table

    def _next(self, at: int) -> tuple[Table, int] | None:
        """Return the first table that begins at or after a place in `index`, and the place behind it."""
        starts = np.maximum(self.run_starts, at)
        lengths = self.run_ends - starts
        widths = self.counts[np.minimum(starts, max(len(self.counts) - 1, 0))] if len(self.counts) else starts
        wide = (lengths > 0) & (widths > 1)
        if not wide.any():
            wide = lengths > 0
            if at or not wide.any():
                return None
        longest = int(lengths[wide].max())
        least = min(_SURE_ROWS, (longest + 1) // 2)
        if at and longest < 2:
            return None
        candidates = np.flatnonzero(wide & (lengths >= least))
        choices = [int(run) for run in candidates[:20] if self._has_digits(int(starts[run]), int(self.run_ends[run]))]
        run = choices[0] if choices else int(candidates[0])
        if at and not choices:
            return None
        return self._table(int(starts[run]), int(self.run_ends[run]), at)

    def _has_digits(self, start: int, end: int) -> bool:
        places = {(start + end) // 2, end - 1}
        return any(has_digit(cell) for place in places for cell in self._row(place))

    def _row(self, place: int) -> list[str]:
        return self.text.cells(int(self.index[place]))

    def _gap(self, place: int) -> bool:
        """Return whether lines are left out above a place."""
        return place > 0 and bool(self.index[place] - self.index[place - 1] > 1)

    def _table(self, start: int, end: int, at: int) -> tuple[Table, int]:
        width = int(self.counts[start])
        most = min(max(_SAMPLE_CELLS // width, _LEAST_ROWS), _MOST_ROWS)
        rows = [self._row(place) for place in range(start, min(start + most, end))]
        rows = [row if len(row) == width else (row + [""] * width)[:width] for row in rows]
        body = body_of(rows)
        head = head_of(rows, body, [self._gap(start + number) for number in range(len(rows))])
        first = start + head.data
        end = self._cut(first, end, body)
        behind = self._check_behind(end, width, body)
        last = end - footers_of((self._row(place) for place in range(end - 1, first, -1)), body)
        headers = tuple(tuple(rows[number]) for number in head.headers)
        header_lines = tuple(int(self.index[start + number]) for number in head.headers)
        row_names = False
        if not headers:
            headers, header_lines, row_names = self._header_above(start, at, rows, body)
        table = Table(
            headers,
            header_lines,
            tuple(rows[head.units]) if head.units is not None else (),
            self.index[first:last],
            width,
            tuple(int(line) for line in self.index[last:end]),
            row_names,
        )
        return table, behind

    def _cut(self, first: int, end: int, body: Body) -> int:
        """Return where the data end: at a header below a gap, or where the dates change their form."""
        gaps = np.flatnonzero(np.diff(self.index[first:end]) > 1) + first + 1
        for place in gaps[:_MOST_GAPS]:
            row = self._row(int(place))
            named = bool(row[0]) or not any(map(has_digit, row))
            if place + 1 < end and named and body.is_header(row):
                end = int(place)
                break
        form = form_of(self._row(first)[0])
        ends = range(max(end - 8, first + 1), end)
        last = max((place for place in ends if has_digit(self._row(place)[0])), default=first)
        other = form_of(self._row(last)[0])
        if form and other and form != other:
            for place, cell in enumerate(self.text.first_cells(self.index[first:end]), start=first):
                now = form_of(cell)
                if now and now != form:
                    return place
        return end

    def _check_behind(self, end: int, width: int, body: Body) -> int:
        """Raise `InvalidInputError` if the lines below a table are rows of it with too few or too many cells."""
        if end >= len(self.index):
            return end
        row = self._row(end)
        if len(row) != width:
            same_form = form_of(row[0]) in self._forms(end)
            if body.is_data(row[0]) and same_form and (not self._gap(end) or self._run_length(end) < 2):
                if body.digits[0] or len(row) > 1:
                    raise self._ragged(end, width)
            place = end
            while place < len(self.index) and self.counts[place] != width and place < end + 3:
                place += 1
            if (
                place < len(self.index)
                and self.counts[place] == width
                and not any(self._gap(each) for each in range(end, place + 1))
            ):
                after = self._row(place)
                if body.is_data(after[0]) and not body.is_header(after) and form_of(after[0]) in self._forms(end):
                    raise self._ragged(end, width)
        return end

    def _forms(self, end: int) -> set[str]:
        return {form_of(self._row(place)[0]) for place in range(max(end - 3, 0), end)}

    def _run_length(self, place: int) -> int:
        run = int(np.searchsorted(self.run_ends, place, side="right"))
        return int(self.run_ends[run]) - place

    def _ragged(self, place: int, width: int) -> InvalidInputError:
        line = int(self.index[place])
        cells = int(self.counts[place])
        shown = self.text.raw(line)[:_SHOWN].decode("utf-8", "replace")
        return InvalidInputError(
            f"{self.text.place(line)} has {cells} cell{'s' if cells != 1 else ''}, but the other rows have {width}: "
            f"{shown!r}. Correct or delete the line; a separator inside a cell must be quoted."
        )

    def _header_above(
        self, start: int, at: int, rows: list[list[str]], body: Body
    ) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...], bool]:
        """Return the header of a table whose header has another number of cells, or none."""
        width = len(rows[0])
        line = int(self.index[start]) - 1
        if line < 0 or self.kinds[line] == BLANK:
            return (), (), False
        cells = self.text.cells(line)
        if self.text.separator == UNIT_SEPARATOR and len(cells) == 1 and line and self.counts[start - 2] == width - 1:
            # pandas prints the name of an index below those of the columns
            return ((*cells, *self.text.cells(line - 1)),), (line,), False
        if self.kinds[line] == COMMENT:
            named = len(cells) == width and body.is_header(cells)
            return ((tuple(cells),), (line,), False) if named else ((), (), False)
        if start <= at and at:
            return (), (), False
        if len(cells) > 1 and body.digits[0] and body.is_data(cells[0]):
            raise self._ragged(start - 1, width)
        if len(cells) == width + 1 and not cells[-1] and body.is_header(cells[:-1]):
            return (tuple(cells[:-1]),), (line,), False
        if len(cells) == width - 1 and body.is_header([*cells, ""]) and not any(row[-1] for row in rows):
            return ((*cells, ""),), (line,), False
        if not all("a" in shape_of(cell) for cell in cells) or len(cells) not in (width - 1, width + 1):
            return (), (), False
        if len(cells) == width - 1 and (self.text.separator == UNIT_SEPARATOR or _are_row_names(cells, rows)):
            return (("", *cells),), (line,), True
        raise InvalidInputError(
            f"the header on {self.text.place(line)} has {len(cells)} cells, but the rows have {width}. Correct the "
            "header; numbers with a decimal comma must be quoted or separated by semicolons."
        )


def _are_row_names(header: list[str], rows: list[list[str]]) -> bool:
    """Return whether the first cells can be the names of rows that R writes without a name of their own."""
    firsts = [row[0] for row in rows]
    if firsts == [str(number) for number in range(1, len(rows) + 1)]:
        return True
    if is_date_name(header[0]):
        return False
    last = [row[-1] for row in rows]
    if all(cell.isdigit() for cell in last) and len({len(cell) for cell in last}) == 1 and len(last[0]) > 1:
        return False
    return all(not cell.lstrip("+-").replace(".", "", 1).isdigit() for cell in firsts)
