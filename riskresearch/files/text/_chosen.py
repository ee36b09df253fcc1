"""The table that is read where a file has several, and in words what was left out around it."""

from collections.abc import Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from riskresearch.core import InvalidInputError
from riskresearch.files._grid import Step
from riskresearch.files._limits import check_shape
from riskresearch.files._looks import has_digit
from riskresearch.files.text._tables import COMMENT, UNIT_SEPARATOR, Rows, Table, TableFinder, Text

_MOST_TABLES = 50
_SHOWN_LINES, _SHOWN_TEXT = 12, 60


def choose(finder: TableFinder, table: int) -> tuple[Table, tuple[Step, ...], int]:
    """Return the table of a number from 1, what was decided, and how many tables there are."""
    name = finder.text.name
    found = list(islice(finder.tables(), _MOST_TABLES))
    if not found:
        raise InvalidInputError(f"{name} holds no table: no {finder.text.unit} of it has cells.")
    if not isinstance(table, int) or isinstance(table, bool) or not 1 <= table <= len(found):
        raise InvalidInputError(
            f"table (--table) must be the number of a table of {name}, from 1 to {len(found)}, got {table!r}."
        )
    chosen = found[table - 1]
    rows = chosen.rows
    if not len(rows) or (len(rows) == 1 and not chosen.headers and _holds_names(finder.text.cells(int(rows[0])))):
        raise InvalidInputError(f"{name} has a header but no rows.")
    check_shape(len(rows), chosen.width, len(rows) * chosen.width, name)
    return (
        chosen,
        (*_above(finder, chosen, table), *_inside(finder, chosen), *_around(finder, found, table)),
        len(found),
    )


def _holds_names(cells: Sequence[str]) -> bool:
    return not any(map(has_digit, cells))


def _above(finder: TableFinder, chosen: Table, table: int) -> list[Step]:
    text = finder.text
    numbers = text.lines.numbers
    if chosen.header_lines:
        steps = [Step("header", f"names on {_in_words(numbers[list(chosen.header_lines)], text.unit)}")]
    else:
        steps = [Step("header", "none", "the first row is data")]
    first = min(chosen.header_lines, default=int(chosen.rows[0]))
    titles = [line for line in range(min(first, _MOST_TABLES)) if text.raw(line).strip(b" \t,;|\x1f")]
    if titles and table == 1:
        steps.append(Step("titles", f"{_in_words(numbers[titles], text.unit)} left out", _shown(text, titles[0])))
    return steps


def _inside(finder: TableFinder, chosen: Table) -> list[Step]:
    steps = []
    if chosen.units:
        units = ", ".join(dict.fromkeys(unit for unit in chosen.units if unit))
        steps.append(Step("units", units, "a row of its own"))
    if chosen.row_names:
        steps.append(Step("row names", "the first column has no name", "the header is one cell short"))
    comments = int((finder.kinds[chosen.rows[0] : chosen.rows[-1]] == COMMENT).sum())
    if comments:
        steps.append(Step("comments", f"{comments:,} line{'s' if comments > 1 else ''} left out", "between the rows"))
    return steps


def _around(finder: TableFinder, found: Sequence[Table], table: int) -> list[Step]:
    text, chosen = finder.text, found[table - 1]
    numbers = text.lines.numbers
    steps = []
    if len(found) > 1:
        spans = "; ".join(
            f"{number}: {text.unit}s {numbers[each.rows[0]]:,} to {numbers[each.rows[-1]]:,}"
            for number, each in enumerate(found, start=1)
            if len(each.rows)
        )
        other = 1 if table > 1 else 2
        reason = f"{spans}; table={other} (--table {other}) reads another one"
        steps.append(Step("tables", f"number {table} of {len(found)} is read", reason))
    if chosen.footers:
        where = _in_words(numbers[list(chosen.footers)], text.unit)
        steps.append(Step("footers", f"{where} left out", _shown(text, chosen.footers[0])))
    elif len(found) == 1:
        below = _below(text, int(chosen.rows[-1]))
        if below is not None:
            where = f"text from {text.unit} {numbers[below]:,} on left out"
            steps.append(Step("footers", where, _shown(text, below)))
    return steps


def _below(text: Text | Rows, last: int) -> int | None:
    """Return the first line below the data that is not blank."""
    for line in range(last + 1, min(len(text.lines.cells), last + 1 + _MOST_TABLES)):
        if text.raw(line).strip(b" \t," + text.separator.encode()):
            return line
    return None


def _shown(text: Text | Rows, line: int) -> str:
    content = text.raw(line).decode("utf-8", "replace").replace(UNIT_SEPARATOR, " ").strip()
    return repr(content[:_SHOWN_TEXT] + ("…" if len(content) > _SHOWN_TEXT else ""))


def _in_words(numbers: npt.NDArray[np.int64], unit: str) -> str:
    values = numbers.tolist()
    if len(values) == 1:
        return f"{unit} {values[0]:,}"
    if len(values) > 2 and values == list(range(values[0], values[-1] + 1)):
        return f"{unit}s {values[0]:,} to {values[-1]:,}"
    more = ", …" if len(values) > _SHOWN_LINES else ""
    return f"{unit}s " + ", ".join(f"{value:,}" for value in values[:_SHOWN_LINES]) + more
