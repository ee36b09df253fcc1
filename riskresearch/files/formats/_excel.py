"""Workbooks (xlsx, xls, xlsb, ods) by python-calamine: dates by the type of their cells, not by their numbers."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np

from riskresearch.core import InvalidInputError, optional_import
from riskresearch.core.output._text import readable
from riskresearch.files._grid import Grid, Step
from riskresearch.files._limits import MOST_BYTES, PART_BYTES, check_shape, check_size
from riskresearch.files._source import Source
from riskresearch.files._tidy import named_columns
from riskresearch.files._unpack import DAMAGE
from riskresearch.files.formats._sheets import Sheet, sheets_of
from riskresearch.files.formats._typed import cells_of, text_of
from riskresearch.files.text._chosen import choose
from riskresearch.files.text._tables import BLANK, Rows, TableFinder

_SHOWN = 12
_ROW = re.compile(rb'<row\b[^>]{0,200}?\br="(\d{1,9})"')
_COLUMN = re.compile(rb'<c\b[^>]{0,80}?\br="([A-Z]{1,3})\d')
_OVERLAP = 400


def read_excel(source: Source, *, sheet: str | int | None = None, table: int = 1) -> Grid:
    """Return the cells of the one sheet of a workbook that holds a table, or of the sheet that is named."""
    optional_import("python_calamine", extra="excel", feature="reading Excel")
    content = source.read()
    is_xlsx = _check_unpacked(content, source.name)
    sheets = sheets_of(content, source.name, apart=not is_xlsx)
    names = [readable(each.name) for each in sheets]
    place = _only_sheet(sheets, names, source.name) if sheet is None else _named_sheet(sheet, names, source.name)
    if not sheets[place].rows:
        raise InvalidInputError(f"sheet {names[place]!r} of {source.name} is empty.")
    step = Step("sheet", repr(names[place]), f"of {len(names)}" if len(names) > 1 else "")
    return grid_of_rows(source.name, sheets[place].rows, sheets[place].first, steps=(step,), table=table)


def grid_of_rows(
    name: str, rows: list[list[object]], first: int, *, steps: tuple[Step, ...] = (), table: int = 1
) -> Grid:
    """Return the cells of the table in rows of typed values; `first` is the number of the first row."""
    width = max(map(len, rows))
    rows = [[*row, *[None] * (width - len(row))] for row in rows]
    while width > 1 and all(_is_empty(row[0]) for row in rows[len(rows) // 2 :]):
        rows, width = [row[1:] for row in rows], width - 1
    kinds = np.array([BLANK if all(map(_is_empty, row)) else 0 for row in rows], np.uint8)
    texts = Rows(name, [[text_of(value) for value in row] for row in rows], first)
    found, said, _ = choose(TableFinder(texts, kinds), table)
    columns = [cells_of([rows[row][number] for row in found.rows]) for number in range(width)]
    tidy = named_columns(found.headers, columns, found.units, name)
    lines = found.rows + first
    return Grid(name, tidy.headers, tidy.columns, lines, "row", (*steps, *said, *tidy.steps), tidy.units)


def _is_empty(value: object) -> bool:
    return value is None or value == ""


def _only_sheet(sheets: Sequence[Sheet], names: Sequence[str], name: str) -> int:
    found = [
        place
        for place, sheet in enumerate(sheets)
        if sum(sum(not _is_empty(value) for value in row) > 1 for row in sheet.rows) > 1
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InvalidInputError(
            f"{name} holds no table: no sheet has two rows of two values. Where a program wrote its "
            "formulas, open it in a spreadsheet and save it: only then are their results stored."
        )
    listed = ", ".join(repr(names[place]) for place in found[:_SHOWN])
    example = names[found[0]]
    raise InvalidInputError(
        f"{name} has {len(found)} sheets with tables: {listed}{', …' if len(found) > _SHOWN else ''}. "
        f'Choose one with sheet="{example}" (--sheet "{example}").'
    )


def _named_sheet(sheet: str | int, names: Sequence[str], name: str) -> int:
    if isinstance(sheet, str) and sheet in names:
        return names.index(sheet)
    number = int(sheet) if str(sheet).isdecimal() else 0
    if not isinstance(sheet, bool) and 1 <= number <= len(names):
        return number - 1
    listed = ", ".join(map(repr, names[:_SHOWN]))
    raise InvalidInputError(
        f"sheet (--sheet) must be the name of a sheet of {name} ({listed}) or its number from 1, got {sheet!r}."
    )


def _check_unpacked(content: bytes, name: str) -> bool:
    """Return whether a workbook is xlsx; raise `InvalidInputError` if it or one of its sheets is too large unpacked.

    The sizes that an archive declares may be wrong, and a sheet is held as a whole from its first to its last cell.
    """
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            total = 0
            for member in archive.infolist():
                member.file_size = MOST_BYTES + PART_BYTES
                with archive.open(member) as stream:
                    total += _check_member(stream, member.filename, total, name)
            return "xl/workbook.xml" in archive.namelist()
    except InvalidInputError:
        raise
    except DAMAGE as error:
        raise InvalidInputError(f"{name} is a damaged workbook: {error}. Download it again.") from error


def _check_member(stream: Any, member: str, total: int, name: str) -> int:
    size, last, rows, columns = 0, b"", 0, 0
    widest: set[bytes] = set()
    while part := stream.read(PART_BYTES):
        size += len(part)
        check_size(total + size, name)
        window = last + part
        rows = max([rows, *map(int, _ROW.findall(window))])
        widest.update(_COLUMN.findall(window))
        last = part[-_OVERLAP:]
    if widest:
        columns = max(_column_number(letters) for letters in widest)
    check_shape(rows, columns, rows * columns, f"{member} of {name}")
    return size


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - ord("A") + 1
    return number
