"""The separator and the quotation mark of a text, from a sample of its head and tail."""

import csv
import re
from collections import Counter
from dataclasses import dataclass

from riskresearch.core import InvalidInputError
from riskresearch.files._source import Source

HEAD_BYTES = 1 << 15
TAIL_BYTES = 1 << 13
BLANKS = " "
"""The separator of a text whose cells are separated by runs of blanks."""
CANDIDATES = (",", ";", "\t", "|")
NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", BLANKS: "blanks"}
_LEAST_SHARE = 0.5
_LOOSE_COMMA = re.compile(r"(?<![0-9]),|,(?![0-9])")
_DECLARED = re.compile(r"\s*\"?sep=([,;|\t:^~])\"?\s*", re.I)
_MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Separation:
    """Hold how the cells of a text are separated.

    Attributes
    ----------
    separator : str
        One character; a blank stands for runs of blanks.
    quote : str
        The quotation mark.
    declared : bool
        Whether the first line says it, as Excel does: "sep=;".
    fenced : bool
        Whether each line begins and ends with a separator, as databases and Markdown draw tables with bars.
    width : int or None
        The number of cells if it is the same in all lines of the sample, and none has a quotation mark.
    """

    separator: str
    quote: str
    declared: bool = False
    fenced: bool = False
    width: int | None = None


def separation_of(source: Source, given: str | None = None) -> Separation:
    """Return the separator by which most lines have the same number of cells."""
    lines = _sample(source)
    declared = _DECLARED.fullmatch(lines[0]) if lines else None
    if declared:
        lines = lines[1:]
    if given is not None:
        separator = _given(given)
    elif declared:
        separator = declared[1]
    else:
        separator = _best(lines)
    rows = [line.strip() for line in lines if "|" in line] if separator == "|" else []
    fenced = bool(rows) and all(line.startswith("|") and line.endswith("|") for line in rows)
    return Separation(
        separator, _quote(lines, separator), declared is not None, fenced, None if fenced else _width(lines, separator)
    )


def _width(lines: list[str], separator: str) -> int | None:
    widths = {line.count(separator) + 1 for line in lines}
    regular = len(widths) == 1 and not any('"' in line or "'" in line for line in lines)
    return widths.pop() if regular and separator != BLANKS and widths != {1} else None


def _given(separator: str) -> str:
    named = {name: character for character, name in NAMES.items()} | {"\\t": "\t", "whitespace": BLANKS, r"\s+": BLANKS}
    separator = named.get(separator, separator)
    if len(separator) != 1 or not separator.isascii() or separator.isalnum() or separator in "\r\n\"'.-+":
        raise InvalidInputError(
            f'separator (--separator) must be one character such as ";" or "tab", or "blanks", got {separator!r}.'
        )
    return separator


def _sample(source: Source) -> list[str]:
    """Return the lines of the head and of the tail that are whole and not blank."""
    with source.open() as stream:
        content = stream.read(HEAD_BYTES)
        if len(content) == HEAD_BYTES:
            content = content[: content.rfind(b"\n") + 1] or content
            if source.size > HEAD_BYTES + TAIL_BYTES:
                stream.seek(-TAIL_BYTES, 2)
                tail = stream.read(TAIL_BYTES)
                content += b"\n" + tail[tail.find(b"\n") + 1 :] if b"\n" in tail else b""
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    return [line for line in text.splitlines() if line.strip()][:_MOST_LINES]


def _best(lines: list[str]) -> str:
    scores = {}
    for separator in CANDIDATES:
        if any(separator in line for line in lines):
            scores[separator] = _score(lines, separator)
    best = max(scores, key=lambda separator: scores[separator], default=None)
    if best is not None and scores[best] >= _LEAST_SHARE:
        return best
    widths = Counter(len(line.split()) for line in lines)
    width, count = max(((w, n) for w, n in widths.items() if w > 1), key=lambda pair: pair[1], default=(1, 0))
    if width > 1 and count >= _LEAST_SHARE * len(lines) and count > max(scores.values(), default=0.0) * len(lines):
        return BLANKS
    return best or ","


def _score(lines: list[str], separator: str) -> float:
    """Return the share of lines with the usual number of cells, times the share of cells without other separators."""
    try:
        rows = list(csv.reader(lines, delimiter=separator, skipinitialspace=True))
    except csv.Error:
        return 0.0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0.0
    width, count = widths.most_common(1)[0]
    others = [other for other in CANDIDATES if other not in (",", separator)]
    cells = pure = 0
    for row in rows:
        if len(row) == width:
            cells += width
            joined = "".join(row)
            if any(other in joined for other in others) or (separator != "," and "," in joined):
                pure += sum(_is_pure(cell, others, separator) for cell in row)
            else:
                pure += width
    return count / len(rows) * pure / cells


def _is_pure(cell: str, others: list[str], separator: str) -> bool:
    if any(other in cell for other in others):
        return False
    return separator == "," or "," not in cell or " " in cell.strip() or not _LOOSE_COMMA.search(cell)


def _quote(lines: list[str], separator: str) -> str:
    """Return the apostrophe if cells stand in apostrophes, else the usual mark."""
    if not any("'" in line for line in lines) or any('"' in line for line in lines):
        return '"'
    cells = [cell.strip() for line in lines for cell in line.split(None if separator == BLANKS else separator)]
    touched = [cell for cell in cells if "'" in cell]
    whole = [cell for cell in touched if len(cell) > 1 and cell[0] == cell[-1] == "'"]
    return "'" if len(whole) > _LEAST_SHARE * len(touched) else '"'
