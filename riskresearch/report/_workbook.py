"""A report as an Excel workbook: conventions first, then one sheet for each table."""

import io
import math
import re
from collections.abc import Mapping
from datetime import datetime
from types import ModuleType
from typing import Any

import pandas as pd

from riskresearch.core import InvalidInputError, optional_import
from riskresearch.core.output._visible_text import visible_text
from riskresearch.report._export import columns_of, frames_of, plain

MOST_ROWS = 1_048_575
"""Of a sheet, without the header."""
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767
LONGEST_NAME = 31
RESERVED = "history"
FIRST_SHEET = "conventions"
CREATED = datetime(2000, 1, 1)
"""One date for all, so that the same tables are the same bytes."""
OF_PERCENT = frozenset(
    "returns drawdown rolling_volatility monthly monthly_benchmark stress periods years amounts.fraction "
    "exceedances.lower exceedances.upper".split()
)
"""Tables whose numbers are fractions, and such columns, which their names do not show."""
PERCENT_WORDS = re.compile(
    r"return|volatility|VaR|value_at_risk|drawdown|depth|weight|share|positive|ulcer|alpha|tracking|fraction|exposure|"
    r"turnover|cost|incremental",
    re.IGNORECASE,
)
RATIO_WORDS = re.compile(r"ratio|beta|skew|kurtosis|p_value|correlation|growth|amount", re.IGNORECASE)


def xlsxwriter() -> ModuleType:
    """Return the package that writes workbooks, or raise that it is missing, with the extra that installs it."""
    return optional_import("xlsxwriter", extra="excel", feature="--excel, or Report.to_excel,", minimum_version="3.1")


def workbook(title: str, tables: Mapping[str, Any]) -> bytes:
    """Return the workbook as bytes; text is never a formula, a link or a number."""
    content = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    book = xlsxwriter().Workbook(content, options)
    book.set_properties({"title": _text(title)[:255], "created": CREATED})
    formats = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "percent": book.add_format({"num_format": "0.00%"}),
        "number": book.add_format({"num_format": "#,##0.00##"}),
        "integer": book.add_format({"num_format": "#,##0"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "plain": None,
    }
    frames = {FIRST_SHEET: tables["conventions"], **frames_of(tables)}
    for sheet, (name, frame) in zip(sheet_names(list(frames)), frames.items(), strict=True):
        _check_size(name, frame)
        _write(book.add_worksheet(sheet), name, frame, formats)
    book.close()
    return content.getvalue()


def sheet_names(names: list[str]) -> list[str]:
    """Return valid names of sheets, unique without regard to case, as near to the given ones as that allows."""
    taken = {"", RESERVED}
    found = []
    for name in names:
        valid = re.sub(r"[\[\]:*?/\\]", "_", _text(name)).strip("' ") or "table"
        candidate, number = valid[:LONGEST_NAME].strip("' "), 1
        while candidate.casefold() in taken:
            number += 1
            end = f" ({number})"
            candidate = valid[: LONGEST_NAME - len(end)] + end
        taken.add(candidate.casefold())
        found.append(candidate)
    return found


def _check_size(name: str, frame: pd.DataFrame) -> None:
    rows, columns = len(frame), frame.shape[1] + frame.index.nlevels
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise InvalidInputError(
            f"a sheet of Excel holds {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns, but the table {name!r} has "
            f"{rows:,} and {columns:,}. Write JSON, to_json() (--json), or leave out its section."
        )


def _write(sheet: Any, name: str, frame: pd.DataFrame, formats: Mapping[str, Any]) -> None:
    percents = _rows_in_percent(name, frame)
    sheet.freeze_panes(1, frame.index.nlevels)
    for column, (label, kind, values) in enumerate(columns_of(frame)):
        sheet.write_string(0, column, _text(label), formats["head"])
        is_index = column < frame.index.nlevels
        shown = kind if kind != "number" else _number_format(name, label)
        if kind == "date" and not bool((values.dropna() == values.dropna().dt.normalize()).all()):
            shown = "time"
        longest = len(label)
        for row, value in enumerate(values, start=1):
            form = "percent" if percents is not None and not is_index and percents[row - 1] else shown
            longest = max(longest, _write_cell(sheet, row, column, value, form, formats))
        sheet.set_column(column, column, min(max(longest + 2, 9), 90 if name == FIRST_SHEET and column else 40))


def _write_cell(sheet: Any, row: int, column: int, value: Any, form: str, formats: Mapping[str, Any]) -> int:
    """Write one cell, and return about how wide it is shown."""
    if isinstance(value, pd.Timestamp):
        if form not in ("date", "time"):  # among values of other types
            form = "date" if value == value.normalize() else "time"
        sheet.write_datetime(row, column, value.tz_localize(None).to_pydatetime(warn=False), formats[form])
        return 19 if form == "time" else 10
    cell = plain(value)
    if cell is None:
        return 0
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
        return 5
    if isinstance(cell, int | float) and math.isfinite(cell) and abs(cell) < 1e300:
        sheet.write_number(row, column, cell, None if form == "plain" else formats.get(form))
        return 10
    text = _text(str(cell))[:MOST_CHARACTERS]
    sheet.write_string(row, column, text, formats["text"])
    return len(text)


def _number_format(table: str, column: str) -> str:
    if table in OF_PERCENT or f"{table}.{column}" in OF_PERCENT:
        return "percent"
    if RATIO_WORDS.search(table) or RATIO_WORDS.search(column) or not PERCENT_WORDS.search(column):
        return "number"
    return "percent"


def _rows_in_percent(name: str, frame: pd.DataFrame) -> list[bool] | None:
    """Return which rows are percent in a table whose rows are measures; None where its columns are."""
    if name not in ("headline", "intervals", "now", "measures"):
        return None
    return [bool(PERCENT_WORDS.search(label) and not RATIO_WORDS.search(label)) for label in map(str, frame.index)]


def _text(text: str) -> str:
    return visible_text(text)
