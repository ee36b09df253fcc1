"""The names and weights that stand in a text of pairs or in a table, cell by cell, before their unit is decided."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from riskresearch.core._errors import InvalidInputError

MOST_NAMES = 100_000
MOST_BYTES = 20_000_000
SEPARATORS = (";", "\t", "|", ",")
"""In the order of trial: a comma may be a decimal mark in a table that another mark separates."""
MARKS_OF_PLAIN_TEXT = ("=", ":", None)
_NUMBER = re.compile(
    r"([-+]?) ?([0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(e[-+]?[0-9]{1,3})? ?(?:%|percent|pct)?", re.IGNORECASE
)
_BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_DIGITS = re.compile(r"\s*[0-9]+\s*%?\s*")
WEIGHT_WORDS = frozenset(
    {"weight", "weights", "weighting", "wt", "wgt", "w", "allocation", "alloc", "share", "gewicht", "gewichtung",
     "anteil", "poids", "pondération", "peso", "vikt", "waga"}
)  # fmt: skip
WORDS_OF_A_WHOLE = frozenset({"of", "the", "in", "portfolio", "fund", "index", "net", "total", "assets", "nav", "aum"})
BINARY_STARTS = {b"PK\x03\x04": "a workbook or an archive", b"PAR1": "Parquet", b"\xd0\xcf\x11\xe0": "an old workbook"}


class Entry(NamedTuple):
    """A name, the cell of its weight, and where they stand, such as " on line 3"."""

    name: str
    cell: str
    place: str = ""


class Row(NamedTuple):
    """The cells of a line of a table."""

    line: int
    cells: list[str]

    def cell(self, column: int) -> str:
        return self.cells[column] if column < len(self.cells) else ""


def number_of(cell: str) -> float | None:
    """Return the number of a cell, which may have a percent sign, a decimal comma or parentheses; None for others."""
    text = _BLANKS.sub(" ", cell[:100]).strip().replace("\u2212", "-").replace("\u2013", "-")
    inside = text.startswith("(") and text.rstrip("% ").endswith(")")
    if inside:
        text = text.strip("()% ")
    found = _NUMBER.fullmatch(text)
    if found is None or len(cell) > 100:
        return None
    sign, digits, power = found.groups()
    number = float(digits.replace(",", ".") + (power or ""))
    if not math.isfinite(number) or (inside and sign):
        return None
    return -number if sign == "-" or inside else number


def is_pairs(text: str) -> bool:
    """Return whether a text is pairs such as A=0.5 and not the path of a file."""
    with suppress(OSError, ValueError):  # no path at all
        if Path(text).exists():
            return False
    return "=" in text


def in_text(text: str) -> tuple[Entry, ...]:
    """Return the pairs of a text; commas or semicolons stand between them, and a name may hold commas and "="."""
    separator = ";" if ";" in text else ","
    entries: list[Entry] = []
    before = ""
    for part in text.replace("\n", separator).split(separator):
        whole = f"{before}{separator}{part}" if before else part
        name, equals, cell = whole.rpartition("=")
        if not equals:
            if separator == "," and entries and not before and _DIGITS.fullmatch(part):
                raise InvalidInputError(
                    f"weights must have semicolons between pairs with decimal commas, such as AAPL=0,6;MSFT=0,4, got "
                    f"{text[:200]!r}."
                )
            before = whole if whole.strip() else ""
            continue
        entries.append(Entry(_unquoted(name), cell.strip()))
        before = ""
    if before:
        raise InvalidInputError(
            f"weights must give a name and a finite number each, got {before.strip()[:100]!r} alone."
        )
    return tuple(entries)


def _unquoted(name: str) -> str:
    bare = name.strip()
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'" else bare


def in_file(content: bytes, what: str, columns: Sequence[str]) -> tuple[tuple[Entry, ...], str, tuple[str, ...]]:
    """Return the entries of a table, the header of its weights (empty without one), and remarks."""
    text = _decoded(content, what)
    if text.lstrip().startswith("{"):
        return _in_json(text, what), "", ()
    rows = _rows(text, what)
    first, last = _table(rows, what)
    header = rows[first - 1] if first > 0 and len(rows[first - 1].cells) > 1 else None
    body = rows[first : last + 1]
    weight = _weight_column(body, header, what)
    name = _name_column(body, weight, columns)
    entries = tuple(Entry(row.cell(name), row.cell(weight), f" on line {row.line}") for row in body)
    if header is not None and header.cell(name) in columns and header.cell(name):
        entries = (Entry(header.cell(name), header.cell(weight), f" on line {header.line}"), *entries)
    above, below = first - (header is not None), len(rows) - 1 - last
    notes = [
        f"{count} line{'s' if count > 1 else ''} {where} the table of {what} {'are' if count > 1 else 'is'} left out."
        for count, where in ((above, "above"), (below, "below"))
        if count
    ]
    return entries, "" if header is None else header.cell(weight), tuple(notes)


def _in_json(text: str, what: str) -> tuple[Entry, ...]:
    """Return the members of a JSON object whose values are numbers or text."""
    try:
        pairs = json.loads(text, object_pairs_hook=list, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(f"{what} is no JSON object of names and weights: {error}.") from error
    if not isinstance(pairs, list) or not pairs:
        raise InvalidInputError(f"{what} must name at least one weight, got {text[:20]!r}.")
    return tuple(Entry(name.strip(), value if isinstance(value, str) else repr(value)[:100]) for name, value in pairs)


def _decoded(content: bytes, what: str) -> str:
    if len(content) > MOST_BYTES:
        raise InvalidInputError(
            f"{what} must hold at most {MOST_BYTES / 1e6:,.0f} MB of names and weights, got "
            f"{len(content) / 1e6:,.0f} MB."
        )
    for start, kind in BINARY_STARTS.items():
        if content.startswith(start):
            raise InvalidInputError(f"{what} must be text of names and weights, got {kind}. Save it as CSV.")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if "\0" not in text:
                return text
    raise InvalidInputError(f"{what} must be text of names and weights (UTF-8, UTF-16 or Windows-1252).")


def _rows(text: str, what: str) -> list[Row]:
    """Return the lines that are not blank as cells, by the first separator under which most of them have a weight."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_NAMES:
        raise InvalidInputError(f"{what} must have at most {MOST_NAMES:,} rows of weights, got {len(lines):,}.")
    tried = []
    for separator in SEPARATORS:
        if separator in text:
            tried.append(_split(text, separator, what))
            if 2 * sum(_has_weight(row) for row in tried[-1]) > len(tried[-1]):
                return tried[-1]
    for mark in MARKS_OF_PLAIN_TEXT:
        rows = [Row(number, _halves(line, mark)) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
        if 2 * sum(map(_has_weight, rows)) > len(rows):
            return rows
    if not tried:
        raise InvalidInputError(
            f"{what} must have a name and a weight in each row, got {''.join(lines[:1])[:100]!r}: no comma, semicolon "
            "or tab stands between them."
        )
    best = max(tried, key=lambda rows: sum(map(_has_weight, rows)))
    if not best:
        raise InvalidInputError(f"{what} must have a name and a weight in each row, got no text but separators.")
    return best


def _halves(line: str, mark: str | None) -> list[str]:
    """Return what stands before and after the last mark of a line; None is a run of blanks."""
    return [half.strip() for half in line.rsplit(mark, 1)]


def _split(text: str, separator: str, what: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    rows = []
    try:
        for cells in reader:
            bare = [cell.strip() for cell in cells]
            while bare and not bare[-1]:
                bare.pop()
            if bare:
                rows.append(Row(reader.line_num, bare))
    except csv.Error as error:
        raise InvalidInputError(f"{what} is no table of names and weights: {error}.") from error
    return rows


def _has_weight(row: Row) -> bool:
    return len(row.cells) > 1 and any(number_of(cell) is not None for cell in row.cells)


def _table(rows: Sequence[Row], what: str) -> tuple[int, int]:
    """Return the numbers of the first and the last row with a weight."""
    found = [number for number, row in enumerate(rows) if _has_weight(row) and (number or row.cells[0])]
    if not found:
        raise InvalidInputError(
            f"{what} must have a name and a weight in each row, got {rows[0].cells[:5]} in row {rows[0].line}."
        )
    last = found[-1]
    for row in rows[last + 1 :]:
        if len(row.cells) > 1 and not _is_remark(row):
            raise InvalidInputError(
                f"{what} must give a name and a finite number each, got {row.cells[0][:100]!r} and "
                f"{row.cells[1][:100]!r} on line {row.line}."
            )
    return found[0], last


def _is_remark(row: Row) -> bool:
    """Return whether a row below the table is a sentence with commas in it."""
    return " " in row.cells[0]


def _weight_column(body: Sequence[Row], header: Row | None, what: str) -> int:
    width = max(len(row.cells) for row in body)
    numbers = [column for column in range(width) if any(number_of(row.cell(column)) is not None for row in body)]
    if header is not None:
        beyond = [column for column in numbers if column >= len(header.cells)]
        if beyond:
            row = next(row for row in body if row.cell(beyond[0]))
            raise InvalidInputError(
                f"line {row.line} of {what} has {len(row.cells)} cells, but the header has {len(header.cells)}. A "
                "weight with a decimal comma needs quotes, or semicolons between the cells."
            )
        named = [column for column in numbers if _is_weight_header(header.cell(column))]
        exact = [column for column in named if header.cell(column).casefold() in ("weight", "weights")]
        if len(exact or named) == 1:
            return (exact or named)[0]
    if width == 2:
        return 1 if 1 in numbers else 0
    others = [column for column in numbers if column or not _counts_rows(body)]
    if len(others) != 1:
        shown = ", ".join(repr(column_name(header, column)) for column in others)
        raise InvalidInputError(
            f"{what} must have one column of weights, got numbers in {shown}. Name one of them 'weight', or keep two "
            "columns; decimal commas need quotes, or semicolons between the cells."
        )
    return others[0]


def column_name(header: Row | None, column: int) -> str:
    """Return the name of a column in its header, else its number."""
    return (header.cell(column) if header is not None else "") or f"column {column + 1}"


def _is_weight_header(text: str) -> bool:
    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    return bool(words & WEIGHT_WORDS) or ("%" in text and words <= WORDS_OF_A_WHOLE)


def _counts_rows(body: Sequence[Row]) -> bool:
    """Return whether the first column numbers the rows from 0 or 1 on."""
    cells = [row.cell(0) for row in body]
    return len(cells) > 1 and any(cells == [str(number + start) for number in range(len(cells))] for start in (0, 1))


def _name_column(body: Sequence[Row], weight: int, columns: Sequence[str]) -> int:
    """Return the column whose cells are expected names most often, else the first of text, else the first."""
    width = max(len(row.cells) for row in body)
    others = [column for column in range(width) if column != weight]
    known = frozenset(columns)
    counts = {column: sum(row.cell(column) in known for row in body) for column in others}
    best = max(counts, key=lambda column: counts[column], default=0)
    if counts.get(best):
        return best
    text = [column for column in others if any(number_of(row.cell(column)) is None for row in body if row.cell(column))]
    return (text or others or [0])[0]
