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
from riskresearch.files.formats._typed import cells_of, text_of
from riskresearch.files.text._chosen import choose
from riskresearch.files.text._tables import BLANK, Rows, TableFinder

_SHOWN = 12
_ROW = re.compile(rb'<row\b[^>]{0,200}?\br="(\d{1,9})"')
_COLUMN = re.compile(rb'<c\b[^>]{0,80}?\br="([A-Z]{1,3})\d')
_OVERLAP = 400
_PANIC = "pyo3_runtime"
"""Module of the exception, no `Exception`, that a fault of a reader in Rust becomes."""


def read_excel(source: Source, *, sheet: str | int | None = None, table: int = 1) -> Grid:
    """Return the cells of the one sheet of a workbook that holds a table, or of the sheet that is named."""
    calamine: Any = optional_import("python_calamine", extra="excel", feature="reading Excel")
    content = source.read()
    _check_unpacked(content, source.name)
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [readable(name) for name in workbook.sheet_names]
        if sheet is None:
            place, rows, first = _only_sheet(workbook, names, source.name)
        else:
            place = _named_sheet(sheet, names, source.name)
            rows, first = _rows_of(workbook, place, source.name)
    except calamine.PasswordError as error:
        raise InvalidInputError(f"{source.name} is protected by a password. Save it without one.") from error
    except InvalidInputError:
        raise
    except (calamine.CalamineError, *DAMAGE) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise InvalidInputError(f"{source.name} is no readable workbook: {reason}. Save it again as xlsx.") from error
    except BaseException as error:
        if type(error).__module__ != _PANIC:
            raise
        raise InvalidInputError(f"{source.name} is a damaged workbook. Download it, or save it again.") from error
    if not rows:
        raise InvalidInputError(f"sheet {names[place]!r} of {source.name} is empty.")
    step = Step("sheet", repr(names[place]), f"of {len(names)}" if len(names) > 1 else "")
    return grid_of_rows(source.name, rows, first, steps=(step,), table=table)


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
    tidy = named_columns(found.headers, columns, found.units)
    lines = found.rows + first
    return Grid(name, tidy.headers, tidy.columns, lines, "row", (*steps, *said, *tidy.steps), tidy.units)


def _is_empty(value: object) -> bool:
    return value is None or value == ""


def _only_sheet(workbook: Any, names: Sequence[str], name: str) -> tuple[int, list[list[object]], int]:
    found = []
    for place in range(len(names)):
        rows, first = _rows_of(workbook, place, name)
        if sum(sum(not _is_empty(value) for value in row) > 1 for row in rows) > 1:
            found.append((place, rows, first))
    if len(found) == 1:
        return found[0]
    if not found:
        raise InvalidInputError(
            f"{name} holds no table: no sheet has two rows of two values. Where a program wrote its "
            "formulas, open it in a spreadsheet and save it: only then are their results stored."
        )
    listed = ", ".join(repr(names[place]) for place, _, _ in found[:_SHOWN])
    example = names[found[0][0]]
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


def _rows_of(workbook: Any, place: int, name: str) -> tuple[list[list[object]], int]:
    """Return the rows of a sheet and the number of the first one."""
    sheet = workbook.get_sheet_by_index(place)
    check_shape(sheet.height, sheet.width, sheet.height * sheet.width, f"sheet {sheet.name!r} of {name}")
    start = sheet.start
    return sheet.to_python(skip_empty_area=True), 1 if start is None else start[0] + 1


def _check_unpacked(content: bytes, name: str) -> None:
    """Raise `InvalidInputError` if a workbook is too large unpacked, or a far cell would make its sheet so.

    The sizes that an archive declares may be wrong, and a sheet is held as a whole from its first to its last cell.
    """
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            total = 0
            for member in archive.infolist():
                member.file_size = MOST_BYTES + PART_BYTES
                with archive.open(member) as stream:
                    total += _check_member(stream, member.filename, total, name)
    except InvalidInputError:
        raise
    except DAMAGE as error:
        raise InvalidInputError(f"{name} is a damaged workbook: {error}. Download it again.") from error


def _check_member(stream: Any, member: str, total: int, name: str) -> int:
    is_sheet = member.startswith("xl/worksheets/")
    size, last, rows, columns = 0, b"", 0, 0
    widest: set[bytes] = set()
    while part := stream.read(PART_BYTES):
        size += len(part)
        check_size(total + size, name)
        if is_sheet:
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
