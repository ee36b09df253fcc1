"""How a text writes its table: encoding, separator, quotation mark, titles, header rows, footers, further tables."""

import re
from dataclasses import dataclass

from riskresearch.files._grid import Step
from riskresearch.files._source import Source
from riskresearch.files.text._chosen import choose
from riskresearch.files.text._encoding import decoded, repaired
from riskresearch.files.text._lines import Lines, check_cell_sizes, check_widths, scan_lines
from riskresearch.files.text._separator import BLANKS, NAMES, Separation, separation_of
from riskresearch.files.text._tables import UNIT_SEPARATOR, Table, TableFinder, Text, kinds_of

_FIRST_LINE = re.compile(rb"[^\r\n]*")
_FENCE = re.compile(rb"^[ \t]*\|[ \t]*|[ \t]*\|[ \t]*(?=\r?$)", re.M)
_RUNS = re.compile(rb"[ \t\f\v]+")
_DECIMAL_COMMA = re.compile(r"[-+(]?\s?[0-9]{1,3}([.' ]?[0-9]{3})*,[0-9]+\s?[%)]?|[-+]?[0-9]*,[0-9]{1,2}|0,[0-9]+")


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
        return _parsed(self.separator)

    def __repr__(self) -> str:
        return (
            f"Dialect({self.encoding}, separated by {NAMES.get(self.separator, repr(self.separator))}, "
            f"lines {self.first_line:,} to {self.last_line:,})"
        )


def sniff(
    source: Source,
    *,
    encoding: str | None = None,
    separator: str | None = None,
    table: int = 1,
    count: bool = True,
) -> Dialect:
    """Return how a text writes its table.

    Parameters
    ----------
    source : Source
        The bytes.
    encoding, separator : str, optional
        Where they are known.
    table : int
        Which table to read if the text has several, from 1.
    count : bool
        Whether to count the cells of all lines also where those of the head and the tail agree.

    Raises
    ------
    InvalidInputError
        If the lines make no table, or one has too few or too many cells.
    """
    stored = decoded(source, encoding)
    text, separation, lines = _structure(stored.text, separator, count)
    if stored.text is source and not (lines.ascii_only and not lines.lone_returns):
        stored = repaired(source, lone_returns=lines.lone_returns)
        if stored.text is not source:
            text, separation, lines = _structure(stored.text, separator, count)
    steps = stored.steps
    reader = Text(text, lines, _parsed(separation.separator), separation.quote)
    try:
        found, said, n_tables = choose(TableFinder(reader, kinds_of(reader)), table)
    finally:
        reader.close()
    name = NAMES.get(separation.separator, repr(separation.separator))
    reason = "as its first line says" if separation.declared else "as stated" if separator else ""
    steps += (Step("dialect", f"cells separated by {name}", reason),)
    if separation.quote != '"':
        steps += (Step("dialect", "texts in apostrophes"),)
    return Dialect(
        stored.encoding,
        separation.separator,
        separation.quote,
        tuple(int(lines.numbers[line]) for line in found.header_lines),
        int(lines.numbers[found.rows[0]]),
        int(lines.numbers[found.rows[-1]]),
        n_tables,
        (*steps, *said),
        text,
        lines,
        found,
    )


def _structure(text: Source, separator: str | None, count: bool) -> tuple[Source, Separation, Lines]:
    separation = separation_of(text, separator)
    if separation.separator == BLANKS:
        text = _without_runs(text)
    if separation.fenced:
        text = text.with_content(_FENCE.sub(b"", text.read()))
    if separation.declared:
        text = text.with_content(_FIRST_LINE.sub(b"", text.read(), 1))
    lines = scan_lines(text, _parsed(separation.separator), separation.quote, None if count else separation.width)
    check_widths(text.name, lines)
    check_cell_sizes(text, lines, _parsed(separation.separator))
    return text, separation, lines


def _parsed(separator: str) -> str:
    return UNIT_SEPARATOR if separator == BLANKS else separator


def has_decimal_comma(cell: str) -> bool:
    """Return whether a cell is a number that is written with a decimal comma, or may be."""
    return _DECIMAL_COMMA.fullmatch(cell) is not None


def _without_runs(text: Source) -> Source:
    lines = text.read().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    return text.with_content(b"\n".join(_RUNS.sub(UNIT_SEPARATOR.encode(), line.strip()) for line in lines))
