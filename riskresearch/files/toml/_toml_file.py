"""A TOML file read whole, its faults named with their lines."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskresearch.core import InvalidInputError
from riskresearch.core.output._text import readable
from riskresearch.files.toml._lines import Keys, lines_of

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class TomlFile:
    """What a TOML file holds, and where."""

    path: Path
    content: dict[str, Any]
    lines: Mapping[Keys, int]

    @property
    def name(self) -> str:
        """The name of the file, without its folder."""
        return readable(self.path.name)

    def place(self, *keys: str | int) -> str:
        """Return the file and the line of a key, or of the innermost table around it that has one."""
        for count in range(len(keys), 0, -1):
            if keys[:count] in self.lines:
                return f"{self.name}, line {self.lines[keys[:count]]}"
        return self.name


def read_toml(path: str | os.PathLike[str], *, what: str, example: str) -> TomlFile:
    """Return the content of a TOML file.

    Parameters
    ----------
    path : str or path
    what : str
        What the file is, for messages, such as "a file of settings".
    example : str
        A line with text in quotation marks, which are what is most often missing.

    Raises
    ------
    InvalidInputError
        If it cannot be read, is too large, is not UTF-8, or is no TOML.
    """
    file = check_path(path)
    return parse_toml(_text(file, what), file, what=what, example=example)


def parse_toml(text: str, path: Path, *, what: str, example: str) -> TomlFile:
    """Return the content of a text, as if the file had it."""
    try:
        content = tomllib.loads(text)
        return TomlFile(path, content, lines_of(text))
    except RecursionError:
        raise InvalidInputError(f"{readable(path.name)} is nested too deeply for {what}.") from None
    except ValueError as error:  # TOMLDecodeError is one; a number of too many digits is another
        raise InvalidInputError(
            f"{readable(path.name)} is no valid TOML: {error}. Text has quotation marks: {example}."
        ) from error


def check_path(path: Any) -> Path:
    """Return the name of a file as a path."""
    if not isinstance(path, str | os.PathLike):
        raise InvalidInputError(f"path must be the name of a file, got {path!r}.")
    text = os.fspath(path)
    if not isinstance(text, str) or not text or "\n" in text or "\0" in text:
        raise InvalidInputError(f"path must be the name of a file, got {text!r:.80}.")
    return Path(text)


def _text(path: Path, what: str) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidInputError(f"cannot read {readable(str(path))}: {error.strerror or error}.") from error
    if len(content) > MOST_BYTES:
        raise InvalidInputError(f"{readable(path.name)} is too large for {what}.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{readable(path.name)} must be UTF-8, as TOML is.") from error
