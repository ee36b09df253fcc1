"""Tables and paragraphs of a result, defined once and written as text and as HTML.

Cells are strings made by the formats of `_formats`, so both show the same digits. Text has a plain hyphen for the minus
sign and for a missing value, which terminals show and spreadsheets read; HTML has the typographic ones.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from riskresearch.core.output._formats import MINUS, MISSING, cell
from riskresearch.core.output._visible_text import visible_text

if TYPE_CHECKING:
    import pandas as pd

GAP = "  "
LEFT = '<td style="text-align: left">'
_WORD = re.compile(r"[^\W\d_]{2,}")
_BETWEEN = re.compile(r"\b(?:to|and)\b")
_LINE_ENDS = re.compile(r"[\r\n\t\v\f\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the first of which names its row, under a head, which may be empty."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Table | str
"""A table, or a paragraph of one or more lines."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    return Table(tuple(head), tuple(tuple(row) for row in rows))


def pairs(rows: Sequence[tuple[str, str]]) -> Table:
    """Return a table of labels and values without a head."""
    return Table((), tuple(rows))


def frame_table(
    frame: pd.DataFrame,
    formats: Mapping[str, Callable[[Any], str]] | None = None,
    *,
    heads: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Table:
    """Return the table of a frame; columns without a format show values by their type.

    `heads` are titles of columns, by default their names with blanks; `name` is that of the column of row names.
    """
    formats, heads = formats or {}, heads or {}
    columns = list(frame.columns)
    titles = [heads.get(str(column), str(column).replace("_", " ")) for column in columns]
    first = name if name is not None else (str(frame.index.name) if frame.index.name is not None else "")
    cells = [list(map(formats.get(str(column), cell), frame[column].tolist())) for column in columns]
    rows = zip(map(_label, frame.index.tolist()), *cells, strict=True)
    return table((first, *titles), list(rows))


def as_text(*blocks: Block) -> str:
    """Return the blocks as text, tables with their numbers flush right; an empty paragraph is an empty line."""
    return "\n".join(_table_text(each) if isinstance(each, Table) else _typewriter(each) for each in blocks)


def as_html(*blocks: Block) -> str:
    """Return the blocks as HTML without styles of its own, which notebooks and pages have."""
    return "".join(_table_html(each) if isinstance(each, Table) else _paragraph(each) for each in blocks if each)


def _label(value: Any) -> str:
    """Return the name of a row; a number is one as it stands, as of a year."""
    return str(value) if isinstance(value, int) else cell(value)


def _typewriter(text: str) -> str:
    return text.replace(MINUS, "-").replace("∞", "inf")


def _one_line(text: str) -> str:
    return _LINE_ENDS.sub(" ", visible_text(text))


def _text_cell(text: str) -> str:
    return "-" if text == MISSING else _typewriter(_one_line(text))


def _width(text: str) -> int:
    """Return the columns of a terminal that text fills: two for a wide character, none for a combining one."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(each) else 1 + (unicodedata.east_asian_width(each) in "WF") for each in text)


def _holds_words(cells: Sequence[str]) -> bool:
    """Return whether a column is flush left: most of its cells are words."""
    worded = [bool(_WORD.search(_BETWEEN.sub("", each))) for each in cells if each not in ("", MISSING)]
    return 2 * sum(worded) > len(worded)


def _table_text(shown: Table) -> str:
    rows = [[_text_cell(each) for each in row] for row in ([shown.head] if shown.head else []) + list(shown.rows)]
    body = list(zip(*shown.rows, strict=True))
    lines = []
    left = [place == 0 or _holds_words(column) for place, column in enumerate(body or rows[0])]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = []
        for text, width, flush_left in zip(row, widths, left, strict=True):
            blanks = " " * (width - _width(text))
            padded.append(text + blanks if flush_left else blanks + text)
        lines.append(GAP.join(padded).rstrip())
    return "\n".join(lines)


def _table_html(shown: Table) -> str:
    columns = list(zip(*shown.rows, strict=True))
    left = [place > 0 and _holds_words(column) for place, column in enumerate(columns)]
    head = "".join(f"<th>{_escaped(each)}</th>" for each in shown.head)
    lines = []
    for first, *others in shown.rows:
        cells = "".join(
            f"{LEFT if flush else '<td>'}{_escaped(each)}</td>" for each, flush in zip(others, left[1:], strict=True)
        )
        lines.append(f"<tr><th>{_escaped(first)}</th>{cells}</tr>")
    top = f"<thead><tr>{head}</tr></thead>" if head else ""
    return f"<table>{top}<tbody>{''.join(lines)}</tbody></table>"


def _escaped(text: str) -> str:
    return html.escape(_one_line(text))


def _paragraph(text: str) -> str:
    return f"<p>{'<br>'.join(html.escape(visible_text(line)) for line in text.splitlines())}</p>"
