"""How a text writes its table: encoding, separator, quotation mark, titles, header rows, footers, further tables."""

import re
from dataclasses import dataclass
from itertools import islice

import numpy as np

from riskresearch.core import InvalidInputError
from riskresearch.files._encoding import as_utf8
from riskresearch.files._grid import Step
from riskresearch.files._limits import check_shape
from riskresearch.files._lines import Lines, check_cell_sizes, scan_lines
from riskresearch.files._looks import has_digit
from riskresearch.files._separator import BLANKS, NAMES, Separation, separation_of
from riskresearch.files._source import Source
from riskresearch.files._tables import COMMENT, UNIT_SEPARATOR, Table, TableFinder, Text

_MOST_TABLES = 50
_RUNS = re.compile(rb"[ \t\f\v]+")
_DECIMAL_COMMA = re.compile(r"[-+(]?\s?[0-9]{1,3}([.' ]?[0-9]{3})*,[0-9]+\s?[%)]?|[-+]?[0-9]*,[0-9]{1,2}|0,[0-9]+")
_SHOWN_LINES = 3


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Dialect:
    """Hold how a text writes its table.

    Attributes
    ----------
    encoding : str
        The encoding the file is stored in.
    separator : str
        The character between cells; a blank stands for runs of blanks.
    quote : str
        The quotation mark.
    header_lines : tuple of int
        Numbers of the lines with names.
    first_line, last_line : int
        Numbers of the first and the last line of data.
    n_tables : int
        How many tables the text has.
    steps : tuple of Step
        What was decided.
    """

    encoding: str
    separator: str
    quote: str
    header_lines: tuple[int, ...]
    first_line: int
    last_line: int
    n_tables: int
    steps: tuple[Step, ...]
    text: Source
    lines: Lines
    table: Table

    @property
    def parsed_separator(self) -> str:
        """The separator in `text`, where runs of blanks are one character."""
        return UNIT_SEPARATOR if self.separator == BLANKS else self.separator

    def __repr__(self) -> str:
        return (
            f"Dialect({self.encoding}, separated by {NAMES.get(self.separator, repr(self.separator))}, "
            f"lines {self.first_line:,} to {self.last_line:,})"
        )


def sniff(source: Source, *, encoding: str | None = None, separator: str | None = None, table: int = 1) -> Dialect:
    """Return how a text writes its table.

    Parameters
    ----------
    source : Source
        The bytes.
    encoding, separator : str, optional
        Where they are known.
    table : int
        Which table to read if the text has several, from 1.

    Raises
    ------
    InvalidInputError
        If the lines make no table, or one has too few or too many cells.
    """
    text, stored, steps = as_utf8(source, encoding)
    separation = separation_of(text, separator)
    parsed = separation.separator
    if parsed == BLANKS:
        text, parsed = _without_runs(text), UNIT_SEPARATOR
    if separation.declared:
        text = text.with_content(b"\n" + text.read().partition(b"\n")[2])
    lines = scan_lines(text, parsed, separation.quote)
    check_cell_sizes(text, lines, parsed)
    reader = Text(text, lines, parsed, separation.quote)
    try:
        finder = TableFinder(reader)
        found, more = _choose(finder, table, source.name)
        check_shape(len(found.rows), found.width, len(found.rows) * found.width, source.name)
        steps += _steps(finder, separation, found, table, more)
        numbers = lines.numbers
        if not len(found.rows) or (len(found.rows) == 1 and not found.headers and _names_only(reader, found)):
            raise InvalidInputError(f"{source.name} has a header but no rows.")
        return Dialect(
            stored,
            separation.separator,
            separation.quote,
            tuple(int(numbers[line]) for line in found.header_lines),
            int(numbers[found.rows[0]]),
            int(numbers[found.rows[-1]]),
            len(more),
            steps,
            text,
            lines,
            found,
        )
    finally:
        reader.close()


def _names_only(reader: Text, found: Table) -> bool:
    return not any(map(has_digit, reader.cells(int(found.rows[0]))))


def has_decimal_comma(cell: str) -> bool:
    """Return whether a cell is a number that is written with a decimal comma, or may be."""
    return _DECIMAL_COMMA.fullmatch(cell) is not None


def _without_runs(text: Source) -> Source:
    lines = text.read().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return text.with_content(b"\n".join(_RUNS.sub(UNIT_SEPARATOR.encode(), line.strip()) for line in lines))


def _choose(finder: TableFinder, table: int, name: str) -> tuple[Table, list[Table]]:
    found = list(islice(finder.tables(), _MOST_TABLES))
    if not found:
        raise InvalidInputError(f"{name} holds no table: no line of it has cells.")
    if not isinstance(table, int) or isinstance(table, bool) or not 1 <= table <= len(found):
        raise InvalidInputError(
            f"table (--table) must be the number of a table of {name}, from 1 to {len(found)}, got {table!r}."
        )
    return found[table - 1], found


def _steps(
    finder: TableFinder, separation: Separation, found: Table, table: int, tables: list[Table]
) -> tuple[Step, ...]:
    reader = finder.text
    numbers = reader.lines.numbers
    separator = NAMES.get(separation.separator, repr(separation.separator))
    steps = [
        Step("dialect", f"cells separated by {separator}", "as its first line says" if separation.declared else "")
    ]
    if separation.quote != '"':
        steps.append(Step("dialect", "texts in apostrophes"))
    if found.header_lines:
        where = _lines_in_words(numbers[list(found.header_lines)])
        steps.append(Step("header", f"names on {where}"))
    else:
        steps.append(Step("header", "none", "the first row is data"))
    first = min(found.header_lines, default=int(found.rows[0]) if len(found.rows) else 0)
    above = [line for line in range(first) if reader.raw(line).strip()] if first <= _MOST_TABLES else list(range(first))
    if above and table == 1:
        steps.append(Step("titles", f"{_lines_in_words(numbers[above])} left out", _shown(reader, above[0])))
    if found.units:
        steps.append(Step("units", ", ".join(dict.fromkeys(unit for unit in found.units if unit)), "a row of its own"))
    if found.row_names:
        steps.append(Step("row names", "first column has no name", "the header is one cell short"))
    comments = len(found.rows) and int((finder.kinds[found.rows[0] : found.rows[-1]] == COMMENT).sum())
    if comments:
        steps.append(Step("comments", f"{comments:,} line{'s' if comments > 1 else ''} left out", "between the rows"))
    if len(tables) > 1:
        spans = "; ".join(
            f"{number}: lines {numbers[each.rows[0]]:,} to {numbers[each.rows[-1]]:,}"
            for number, each in enumerate(tables, start=1)
            if len(each.rows)
        )
        steps.append(
            Step(
                "tables", f"number {table} of {len(tables)} is read", f"{spans}; table=2 (--table 2) reads another one"
            )
        )
    if found.footers:
        steps.append(
            Step(
                "footers", f"{_lines_in_words(numbers[list(found.footers)])} left out", _shown(reader, found.footers[0])
            )
        )
    elif len(tables) == 1 and len(found.rows):
        below = _below(reader, int(found.rows[-1]))
        if below is not None:
            steps.append(Step("footers", f"text from line {numbers[below]:,} on left out", _shown(reader, below)))
    return tuple(steps)


def _below(reader: Text, last: int) -> int | None:
    """Return the first line below the data that is not blank."""
    for line in range(last + 1, min(len(reader.lines.cells), last + 1 + _MOST_TABLES)):
        if reader.raw(line).strip(b" \t," + reader.separator.encode()):
            return line
    return None


def _shown(reader: Text, line: int) -> str:
    text = reader.raw(line).decode("utf-8", "replace").replace(UNIT_SEPARATOR, " ").strip()
    return repr(text[:60] + ("…" if len(text) > 60 else ""))


def _lines_in_words(numbers: "np.ndarray") -> str:
    values = [int(number) for number in np.atleast_1d(numbers)]
    if len(values) == 1:
        return f"line {values[0]:,}"
    if values == list(range(values[0], values[-1] + 1)) and len(values) >= _SHOWN_LINES:
        return f"lines {values[0]:,} to {values[-1]:,}"
    return "lines " + ", ".join(f"{value:,}" for value in values[:12]) + (", …" if len(values) > 12 else "")
