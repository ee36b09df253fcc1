"""The settings file `riskresearch.toml`, and how it and the command line are one."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from riskresearch.cli._options import HOWS, KINDS, SHAPES
from riskresearch.core import InvalidInputError
from riskresearch.core.output._text import readable
from riskresearch.files.toml._toml_file import read_toml

DEFAULT_FILE = "riskresearch.toml"
TABLE = "report"


@dataclass(frozen=True, slots=True)
class Key:
    """What a key of the file holds."""

    of: str
    fits: Callable[[Any], bool]
    is_path: bool = False


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_names(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _is_weights(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, dict) and all(_is_number(each) for each in value.values()))


def _text(example: str, *, is_path: bool = False) -> Key:
    return Key(f"text, such as {example!r}", lambda value: isinstance(value, str), is_path)


def _one_of(choices: tuple[str, ...]) -> Key:
    return Key(f"one of {', '.join(map(repr, choices))}", lambda value: value in choices)


def _number(example: str) -> Key:
    return Key(f"a number, such as {example}", _is_number)


def _whole(example: str) -> Key:
    return Key(f"a whole number, such as {example}", _is_whole)


_NAMES = Key('a list of names, such as ["A", "B"]', _is_names)

KEYS: Mapping[str, Key] = {
    "title": _text("Global equity"),
    "logo": _text("logo.png", is_path=True),
    "level": _number("0.99"),
    "benchmark": _text("SPY", is_path=True),
    "benchmark_kind": _one_of(KINDS),
    "benchmark_how": _one_of(HOWS),
    "weights": Key('text, such as "AAPL=0.6,MSFT=0.4", or a table of numbers', _is_weights, is_path=True),
    "capital": _number("1_000_000"),
    "risk_free": _number("0.0001"),
    "periods_per_year": _number("252"),
    "window": _whole("252"),
    "nan_policy": _one_of(("raise", "omit")),
    "sections": _NAMES,
    "kind": _one_of(KINDS),
    "shape": _one_of(SHAPES),
    "columns": _NAMES,
    "drop": _NAMES,
    "date_format": _text("%d/%m/%Y"),
    "decimal": _one_of((".", ",")),
    "sheet": _text("Sheet1"),
    "table": _whole("1"),
    "encoding": _text("cp1252"),
    "separator": _text(";"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Values by the names of options, those of the command line before those of the file."""

    values: Mapping[str, Any]
    file: Path | None = None
    lines: Mapping[str, str] = field(default_factory=dict)
    """Where the file has each of its values that is used, as "riskresearch.toml, line 3"."""
    unused: Mapping[str, str] = field(default_factory=dict)
    """Where it has those that this command does not take."""

    @property
    def origin(self) -> str:
        """What came from which file, in words; empty for nothing."""
        return f"{readable(self.file.name)}: {', '.join(self.lines)}" if self.file is not None and self.lines else ""

    def place_of(self, message: str) -> str:
        """Return a message with the line of the file that it is about, if it begins with the name of a setting."""
        name = message.partition(" ")[0]
        return f"{message} It is from {self.lines[name]}." if name in self.lines else message


def merge(arguments: argparse.Namespace, names: tuple[str, ...]) -> Settings:
    """Return the values of these options that were given on the command line, or else in the file."""
    given = {name: value for name in names if (value := getattr(arguments, name, None)) is not None}
    path = _file_of(arguments)
    if path is None:
        return Settings(given)
    stated, places = read_settings(path)
    used = {name: value for name, value in stated.items() if name in names and name not in given}
    unused = {name: place for name, place in places.items() if name not in names}
    return Settings({**used, **given}, path, {name: places[name] for name in used}, unused)


def _file_of(arguments: argparse.Namespace) -> Path | None:
    if arguments.no_config:
        return None
    if arguments.config is not None:
        return Path(arguments.config)
    found = Path(DEFAULT_FILE)
    return found if found.is_file() else None


def read_settings(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the checked values of a settings file, and the place of each.

    Raises
    ------
    InvalidInputError
        If it cannot be read, is no TOML, or has an unknown key or a value of another type.
    """
    file = read_toml(path, what="a file of settings", example='title = "Fund"')
    stated: dict[tuple[str, ...], Any] = {(key,): value for key, value in file.content.items() if key != TABLE}
    table = file.content.get(TABLE, {})
    if not isinstance(table, dict):
        raise InvalidInputError(f"{file.place(TABLE)}: {TABLE} must be a table, [{TABLE}], got {table!r}.")
    stated |= {(TABLE, key): value for key, value in table.items()}
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for keys, value in stated.items():
        spelled, place = keys[-1], file.place(*keys)
        key = spelled.replace("-", "_")
        _check(key, spelled, value, place)
        if key in values:
            raise InvalidInputError(f"{place}: {key} is there twice.")
        values[key], places[key] = _from_folder(key, value, path.parent), place
    return values, places


def _check(key: str, spelled: str, value: Any, place: str) -> None:
    if key not in KEYS:
        near = get_close_matches(key.casefold(), KEYS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise InvalidInputError(f"{place}: {spelled} is no setting.{hint} The settings are {', '.join(KEYS)}.")
    if not KEYS[key].fits(value):
        raise InvalidInputError(f"{place}: {key} must be {KEYS[key].of}, got {_toml(value)}.")


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _from_folder(key: str, value: Any, folder: Path) -> Any:
    """Return the name of a file as seen from the folder of the settings; names of columns stay as they are."""
    if not KEYS[key].is_path or not isinstance(value, str):
        return value
    beside = folder / value
    try:
        return str(beside) if key == "logo" or beside.is_file() else value
    except (OSError, ValueError):  # weights in words may be longer than any name of a file
        return value
