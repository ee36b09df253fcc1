"""A key of a policy's file, for messages: what is wrong, on which line, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from riskresearch.core import InvalidInputError
from riskresearch.files.toml._toml_file import TomlFile
from riskresearch.pretrade.policies._toml_text import in_toml

MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a file, and what messages call it."""

    file: TomlFile
    keys: tuple[str | int, ...] = ()
    name: str = ""

    def at(self, key: str | int, name: str | None = None) -> Place:
        """Return the place of a key within this one."""
        return Place(self.file, (*self.keys, key), self.name if name is None else name)

    def at_all(self, keys: Iterable[str | int]) -> Place:
        """Return the place of a key within keys within this one."""
        return Place(self.file, (*self.keys, *keys), self.name)

    def __str__(self) -> str:
        return self.file.place(*self.keys)

    def error(self, text: str) -> InvalidInputError:
        """Return the error of what stands here."""
        return InvalidInputError(f"{self}: {text}")

    def must(self, what: str, got: Any, remedy: str = "") -> InvalidInputError:
        """Return the error of a value that breaks a rule."""
        return self.error(f"{self.name} must be {what}, got {as_stated(got)}.{remedy and f' {remedy}'}")

    def unknown(self, key: str, known: Iterable[str], *, of: str, what: str) -> InvalidInputError:
        """Return the error of a key that there is not, at the line of the key."""
        names = tuple(known)
        return self.at(key).error(
            f"{key} is no {what.removesuffix('s')} of {of}.{did_you_mean(key, names)} Its {what} are "
            f"{', '.join(names)}."
        )


def did_you_mean(wrong: str, names: Iterable[str]) -> str:
    """Return a sentence with the nearest name, if one is near."""
    plain = {_plain(each): each for each in names}
    near = get_close_matches(_plain(wrong), plain, n=1)
    return f" Did you mean {plain[near[0]]}?" if near else ""


def as_stated(value: Any) -> str:
    """Return a value as TOML spells it, shortened."""
    text = in_toml(value)
    return text if len(text) <= MOST_SHOWN else f"{text[: MOST_SHOWN - 3]}..."


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")
