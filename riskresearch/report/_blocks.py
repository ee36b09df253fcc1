"""What a section is made of: paragraphs, tables, figures and definitions; the templates write them as HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

LONG_DEFINITION = 60
MOST_ROWS = 24
"""Rows of assets in a table: a page is to be printed on few sheets, whatever the number of assets."""
WHERE_ALL_ARE = "all are in the tables of the report (--json, --excel)"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of text."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names its rows, in a box that scrolls on a narrow screen.

    Attributes
    ----------
    head : sequence of str
        Names of the columns.
    rows : sequence of sequences of str
        Cells as text, not yet escaped.
    caption : str
        Caption of the table, with the units.
    css : str, optional
        Class of the table.
    cell_css : sequence of sequences of str, optional
        Class of each cell after the first of its row; empty for none.
    text_columns : frozenset of int, optional
        Numbers of the left-aligned columns, which hold text.
    """

    kind: ClassVar[str] = "table"
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str
    css: str = ""
    cell_css: Sequence[Sequence[str]] = ()
    text_columns: frozenset[int] = frozenset()

    def class_of(self, row: int, column: int) -> str:
        """Return the class of a cell after the first of its row."""
        if column in self.text_columns:
            return "text"
        return self.cell_css[row][column - 1] if self.cell_css else ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as SVG that `riskresearch.plots.figure_to_svg` made, and its caption."""

    kind: ClassVar[str] = "figure"
    svg: str
    caption: str
    css: str = "wide"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two figures side by side; one below the other on a narrow screen."""

    kind: ClassVar[str] = "pair"
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Definitions:
    """Names and values as a definition list; long values take the whole width."""

    kind: ClassVar[str] = "definitions"
    items: tuple[tuple[str, str], ...]

    def __init__(self, items: Iterable[tuple[str, str]]) -> None:
        object.__setattr__(self, "items", tuple(items))

    @staticmethod
    def is_long(value: str) -> bool:
        """Return whether a value takes the whole width."""
        return len(value) > LONG_DEFINITION


@dataclass(frozen=True, slots=True)
class Card:
    """A number at the top of the page with its interval, its amount in money, and the benchmark's number."""

    name: str
    value: str
    interval: str = ""
    money: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Inapplicable:
    """Why a section does not apply to these returns: on the page where it was asked for, else in the conventions."""

    reason: str


Block = Paragraph | Table | Figure | Pair | Definitions
Drawn = Sequence[Block] | Inapplicable
