"""The line of each key of a TOML text, which `tomllib` does not keep.

The text has been parsed by `tomllib` before, so it is valid; what is found here is only where things stand.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from typing import TypeAlias

Keys: TypeAlias = tuple[str | int, ...]
"""The way to a value: names of keys, and places in arrays."""

_NEWLINE = re.compile(r"\n")
_BLANKS = re.compile(r"[ \t]*")
_BETWEEN = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\n]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})'  # up to two quotation marks before the closing three are content
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)


def lines_of(text: str) -> Mapping[Keys, int]:
    """Return the line, counted from 1, of each key, table and item of an array in a valid TOML text.

    A table that several headers name has the line of the first. Line ends are those of `tomllib`: CR LF is LF.
    """
    scanner = _Scanner(text.replace("\r\n", "\n"))
    scanner.document()
    return scanner.lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Keys, int] = {}
        self.breaks = [found.start() for found in _NEWLINE.finditer(text)]
        self.items: dict[Keys, int] = {}
        """How many tables each array of tables has so far."""

    def document(self) -> None:
        table: Keys = ()
        while not self.ended(_BETWEEN):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)

    def ended(self, skipped: re.Pattern[str]) -> bool:
        """Skip what does not matter, and return whether the text is over."""
        self.match(skipped)
        return self.at >= len(self.text)

    def match(self, pattern: re.Pattern[str]) -> str:
        """Return what the pattern matches here, and move behind it; an empty text where it does not match."""
        found = pattern.match(self.text, self.at)
        self.at = self.at if found is None else found.end()
        return "" if found is None else found[0]

    def mark(self, keys: Keys, at: int) -> None:
        self.lines.setdefault(keys, bisect_right(self.breaks, at) + 1)

    def header(self) -> Keys:
        start, is_array = self.at, self.text.startswith("[[", self.at)
        width = 2 if is_array else 1
        self.at += width
        names = self.dotted()
        self.at += width
        keys: Keys = ()
        for place, name in enumerate(names):
            keys = (*keys, name)
            self.mark(keys, start)
            if is_array and place == len(names) - 1:
                self.items[keys] = self.items.get(keys, 0) + 1
            if keys in self.items:
                keys = (*keys, self.items[keys] - 1)
                self.mark(keys, start)
        return keys

    def dotted(self) -> list[str]:
        """Return the parts of a key, and move behind it and the blanks that follow."""
        names = []
        while True:
            self.match(_BLANKS)
            quoted = self.match(_STRING)
            names.append(tomllib.loads(f"it = {quoted}")["it"] if quoted else self.match(_BARE))
            self.match(_BLANKS)
            if not self.text.startswith(".", self.at):
                return names
            self.at += 1

    def pair(self, table: Keys) -> None:
        start = self.at
        keys = table
        for name in self.dotted():
            keys = (*keys, name)
            self.mark(keys, start)
        self.at += 1  # the equals sign
        self.value(keys)

    def value(self, keys: Keys) -> None:
        self.match(_BLANKS)
        opening = self.text[self.at : self.at + 1]
        if opening == "[":
            self.several(keys, "]")
        elif opening == "{":
            self.several(keys, "}")
        elif not self.match(_STRING):
            self.match(_BARE_VALUE)

    def several(self, keys: Keys, closing: str) -> None:
        """Read an array or an inline table."""
        self.at += 1
        place = 0
        while not self.ended(_BETWEEN) and self.text[self.at] != closing:
            if self.text[self.at] == ",":
                self.at += 1
            elif closing == "}":
                self.pair(keys)
            else:
                self.mark((*keys, place), self.at)
                self.value((*keys, place))
                place += 1
        self.at += 1
