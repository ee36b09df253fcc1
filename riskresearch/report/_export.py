"""A report as data: its tables as plain rows, and all of it as strict JSON."""

import json
import math
import platform
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from riskresearch import __version__
from riskresearch.core.output._text import readable

SCHEMA = "riskresearch.report"
SCHEMA_VERSION = 1
"""Raised when a field is renamed, removed or changes its meaning; not for a further table or field."""
TYPES = {"b": "boolean", "i": "integer", "u": "integer", "f": "number", "M": "date"}
"""Types of columns by the kind of their dtype."""


class Exported(Protocol):
    """What is written of a report."""

    @property
    def title(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def tables(self) -> Mapping[str, Any]: ...
    @property
    def files(self) -> tuple[Any, ...]: ...


def document(report: Exported) -> dict[str, Any]:
    """Return a report as text, numbers, booleans, None, lists and mappings."""
    said = report.tables["conventions"]["Value"]
    return {
        "schema": SCHEMA,
        "version": SCHEMA_VERSION,
        "title": readable(report.title),
        "verdict": readable(report.verdict),
        "notes": [readable(note) for note in report.notes],
        "parameters": {name: _parameter(value) for name, value in report.parameters.items()},
        "conventions": {readable(str(name)): readable(str(value)) for name, value in said.items()},
        "checksums": {
            "returns": str(said["SHA-256 of returns"]),
            "files": [
                {"name": readable(file.name), "sha256": file.sha256, "read_as": readable(file.read_as)}
                for file in report.files
            ],
        },
        "versions": versions(),
        "tables": {name: _table(frame) for name, frame in frames_of(report.tables).items()},
    }


def versions() -> dict[str, str]:
    """Return the versions that the numbers were computed with."""
    return {
        "riskresearch": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
    }


def as_json(content: Mapping[str, Any]) -> str:
    """Return strict JSON, which ends with a new line."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def frames_of(tables: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return every table but the conventions as a frame; records become one frame for each of theirs.

    What a record holds besides frames is a frame of names and values under the name of the record.
    """
    found: dict[str, pd.DataFrame] = {}
    for name, table in tables.items():
        if name != "conventions":
            found |= dict(_frames(name, table))
    return found


def _frames(name: str, table: Any) -> Iterator[tuple[str, pd.DataFrame]]:
    if isinstance(table, pd.DataFrame):
        yield name, table
    elif isinstance(table, pd.Series):
        yield name, table.rename("value").to_frame()
    elif hasattr(table, "frames"):  # a record that knows which of its numbers the page shows
        yield from ((f"{name}.{part}" if part else name, frame) for part, frame in table.frames().items())
    elif is_dataclass(table):
        parts = {field.name: getattr(table, field.name) for field in fields(table)}
        values = {part: value for part, value in parts.items() if not isinstance(value, pd.DataFrame | pd.Series)}
        if values:
            yield name, pd.DataFrame({"value": pd.Series(values, dtype=object)}).rename_axis("name")
        for part, value in parts.items():
            if part not in values:
                yield from _frames(f"{name}.{part}", value)
    else:
        yield name, pd.DataFrame({"value": pd.Series({"value": table}, dtype=object)}).rename_axis("name")


def columns_of(frame: pd.DataFrame) -> list[tuple[str, str, pd.Series]]:
    """Return name, type and values of each column, those of the index first."""
    index = frame.index.to_frame(index=False)
    levels = [str(name) if name is not None else "index" for name in frame.index.names]
    places = range(frame.shape[1])
    return [
        *((name, _type(index.iloc[:, place]), index.iloc[:, place]) for place, name in enumerate(levels)),
        *((_name(frame.columns[place]), _type(frame.iloc[:, place]), frame.iloc[:, place]) for place in places),
    ]


def _table(frame: pd.DataFrame) -> dict[str, Any]:
    columns = columns_of(frame)
    return {
        "index": frame.index.nlevels,
        "columns": [{"name": readable(name), "type": kind} for name, kind, _ in columns],
        "rows": [list(row) for row in zip(*(_cells(values) for _, _, values in columns), strict=True)],
    }


def _name(label: Any) -> str:
    return " ".join(map(str, label)) if isinstance(label, tuple) else str(label)


def _type(values: pd.Series) -> str:
    """Return the type that a column's cells have unless they are null."""
    known = TYPES.get(getattr(values.dtype, "kind", "O"))
    if known is not None:
        return known
    kinds = {type(plain(value)) for value in values} - {type(None)}
    return "string" if kinds <= {str} else "any"


def _cells(values: pd.Series) -> list[Any]:
    if getattr(values.dtype, "kind", "O") == "M":
        return _dates(values)
    return [plain(value) for value in values]


def _dates(values: pd.Series) -> list[str | None]:
    """Return dates as in ISO 8601: days where all of them are midnight."""
    days = bool((values.dropna() == values.dropna().dt.normalize()).all())
    return [None if pd.isna(value) else (f"{value:%Y-%m-%d}" if days else value.isoformat()) for value in values]


def plain(value: Any) -> Any:
    """Return a cell as text, number, boolean or None; infinities, which JSON lacks, as text."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return None if math.isnan(value) else ("Infinity" if value > 0.0 else "-Infinity")
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, bool | int):
        return value
    if isinstance(value, pd.Timestamp):
        return _dates(pd.Series([value]))[0]
    return readable(str(value))


def _parameter(value: Any) -> Any:
    return [plain(each) for each in value] if isinstance(value, list | tuple) else plain(value)
