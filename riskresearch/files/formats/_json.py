"""Tables in JSON: lines or a list of records, rows of values, and the orientations of pandas.to_json."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from riskresearch.core import InvalidInputError
from riskresearch.files._grid import Cells, Grid, Step
from riskresearch.files._limits import check_shape
from riskresearch.files._looks import has_digit, shape_of
from riskresearch.files._source import Source
from riskresearch.files._tidy import named_columns
from riskresearch.files.formats._typed import cells_of, texts_of

_SHAPES = "a list or lines of records, a list of rows, or an orientation of pandas.to_json"
_SCALAR = (str, int, float, bool, type(None))
_SHOWN = 60


def read_json(source: Source) -> Grid:
    """Return the columns of a table in JSON."""
    try:
        text = source.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{source.name} is no JSON in UTF-8: {error}.") from error
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        content = _lines(text, source.name, error)
    return _Table(source.name).read(content)


def _lines(text: str, name: str, whole: Exception) -> list[Any]:
    """Return the records of JSON lines, one on each line."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    records = []
    for number, line in lines:
        try:
            records.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            if number == lines[0][0]:
                raise InvalidInputError(f"{name} is no readable JSON: {_first_line(whole)}.") from error
            raise InvalidInputError(f"line {number} of {name} is no readable JSON: {_first_line(error)}.") from error
    return records


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


class _Table:
    def __init__(self, name: str) -> None:
        self.name = name
        self.steps: tuple[Step, ...] = ()

    def read(self, content: Any) -> Grid:
        if isinstance(content, list):
            return self._list(content)
        if not isinstance(content, dict) or not content:
            raise self._nested("it is one value")
        if isinstance(content.get("data"), list) and isinstance(content.get("columns"), list):
            return self._split(content)
        if "schema" in content and isinstance(content.get("data"), list):
            return self._list(content["data"])
        if all(isinstance(value, list) and _are_scalars(value) for value in content.values()):
            return self._columns(content)
        if all(isinstance(value, dict) and _are_scalars(value.values()) for value in content.values()):
            return self._mappings(content)
        if len(content) > 1 and _are_scalars(content.values()) and all(map(_may_be_date, content)):
            return self._mappings({"": content})
        return self._envelope(content)

    def _list(self, rows: list[Any]) -> Grid:
        if not rows:
            raise InvalidInputError(f"{self.name} holds an empty list.")
        if all(isinstance(row, dict) for row in rows):
            return self._records(rows)
        if all(isinstance(row, list) for row in rows):
            return self._rows(rows)
        if _are_scalars(rows):
            return self._grid(("",), [cells_of(rows)])
        raise self._nested("its list mixes records and other values")

    def _records(self, records: Sequence[Mapping[str, Any]]) -> Grid:
        names = list(dict.fromkeys(name for record in records for name in record))
        check_shape(len(records), len(names), len(records) * len(names), self.name)
        return self._grid(tuple(names), [self._cells(name, [row.get(name) for row in records]) for name in names])

    def _rows(self, rows: Sequence[list[Any]], names: Sequence[Any] | None = None) -> Grid:
        width = len(rows[0])
        check_shape(len(rows), width, len(rows) * width, self.name)
        for number, row in enumerate(rows, start=1):
            if len(row) != width:
                raise InvalidInputError(
                    f"row {number} of {self.name} has {len(row)} values, but the first has {width}."
                )
        first = 1
        if (
            names is None
            and len(rows) > 1
            and all(isinstance(cell, str) for cell in rows[0])
            and not any(map(has_digit, rows[0]))
        ):
            names, rows, first = rows[0], rows[1:], 2
        if names is not None and len(names) != width:
            raise InvalidInputError(f"{self.name} has {len(names)} names for rows of {width} values.")
        columns = [self._cells(str(number + 1), [row[number] for row in rows]) for number in range(width)]
        return self._grid(None if names is None else tuple(map(_name, names)), columns, first)

    def _split(self, content: Mapping[str, Any]) -> Grid:
        rows, index, names = content["data"], content.get("index"), content["columns"]
        if not rows or not all(isinstance(row, list) for row in rows):
            raise self._nested("its data are no rows")
        if isinstance(index, list) and len(index) == len(rows) and index != list(range(len(rows))):
            rows, names = [[stamp, *row] for stamp, row in zip(index, rows, strict=True)], ["", *names]
        return self._rows(rows, names)

    def _columns(self, content: Mapping[str, list[Any]]) -> Grid:
        sizes = {len(values) for values in content.values()}
        if len(sizes) > 1:
            raise InvalidInputError(f"{self.name} must have as many values in each column, got {sorted(sizes)[:5]}.")
        if not sizes.pop():
            raise InvalidInputError(f"{self.name} has columns but no rows.")
        return self._grid(tuple(content), [cells_of(values) for values in content.values()])

    def _mappings(self, content: Mapping[str, Mapping[str, Any]]) -> Grid:
        """Return a table of columns by row, or of rows by column: dates are rows."""
        inner = list(dict.fromkeys(key for values in content.values() for key in values))
        if not inner:
            raise InvalidInputError(f"{self.name} has columns but no rows.")
        check_shape(max(len(inner), len(content)), 0, len(inner) * len(content), self.name)
        by_row = all(map(_may_be_date, content)) and not all(map(_may_be_date, inner))
        rows, columns = (list(content), inner) if by_row else (inner, list(content))
        cells = [
            cells_of([content[row].get(column) if by_row else content[column].get(row) for row in rows])
            for column in columns
        ]
        counted = rows == [str(number) for number in range(len(rows))]
        if counted:
            return self._grid(tuple(columns), cells)
        stamps = cells_of([int(row) for row in rows]) if all(map(_is_whole, rows)) else texts_of(rows)
        return self._grid(("", *columns), [stamps, *cells])

    def _envelope(self, content: Mapping[str, Any]) -> Grid:
        """Return the only table in a record of other things."""
        tables = [key for key, value in content.items() if _may_be_table(value)]
        if len(tables) != 1:
            what = (
                f"it holds {len(tables)} tables: {', '.join(map(repr, tables[:8]))}" if tables else "it holds no table"
            )
            raise self._nested(what)
        self.steps += (Step("table", f"the entry {tables[0][:_SHOWN]!r}", "the only one that holds rows"),)
        return self.read(content[tables[0]])

    def _cells(self, column: str, values: list[Any]) -> Cells:
        if not _are_scalars(values):
            raise self._nested(f"its column {column[:_SHOWN]!r} holds lists or records")
        return cells_of(values)

    def _grid(self, names: tuple[str, ...] | None, columns: Sequence[Cells], first: int = 1) -> Grid:
        check_shape(len(columns[0]) if columns else 0, len(columns), 0, self.name)
        if not columns:
            raise InvalidInputError(f"{self.name} has rows without values.")
        tidy = named_columns(() if names is None else (names,), columns, (), self.name)
        lines = np.arange(first, first + len(columns[0]))
        return Grid(self.name, tidy.headers, tidy.columns, lines, "row", (*self.steps, *tidy.steps))

    def _nested(self, why: str) -> InvalidInputError:
        return InvalidInputError(
            f"{self.name} is JSON of another shape than {_SHAPES}: {why}. "
            "Flatten it: pandas.json_normalize(json.load(open(path))[...]).to_csv('data.csv')."
        )


def _are_scalars(values: Iterable[Any]) -> bool:
    return all(isinstance(value, _SCALAR) for value in values)


def _may_be_table(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) > 1 and all(isinstance(row, list | dict) for row in value)
    return isinstance(value, dict) and len(value) > 1 and all(isinstance(row, dict) for row in value.values())


def _may_be_date(text: str) -> bool:
    return shape_of(text).replace("0a0", "0").replace("0a", "0").strip("0-/.: +") == "" and has_digit(text)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _name(name: Any) -> str:
    return "" if name is None else str(name)
