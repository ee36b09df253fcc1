"""The cells of a column of text decoded into the numbers of dates: one parse for each shape of a cell."""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.files.dates._date_shapes import LONGEST, Layout, parse_shape, usual_marks

BLOCK_ROWS = 65_536
NO_OFFSET = -10_000
"""Minutes from UTC of a cell without an offset."""
Integers: TypeAlias = npt.NDArray[np.int64]

_DEFAULTS = {"offset": NO_OFFSET, "zone": -1, "weekday": -1}


@dataclass(slots=True)
class Parts:
    """Hold the numbers of the leading cells that are written in one form.

    Attributes
    ----------
    family : str
        How the dates are written; empty if not even the first cell is a date.
    rows : int
        Number of leading cells written so.
    stop : {"", "empty", "no date", "other form"}
        Why the next cell is not among them; empty at the end of the column.
    fields : dict
        Array of each part by name: year, month, day, or n1, n2 and n3 where their order is open, and those of the time.
    zones : list of str
        Names of zones; the field "zone" counts them.
    timed : bool
        Whether a cell has a time of day.
    """

    family: str
    rows: int
    stop: Literal["", "empty", "no date", "other form"]
    fields: dict[str, Integers]
    zones: list[str]
    timed: bool

    def get(self, name: str) -> Integers:
        """Return a field, or its default in each row."""
        if name in self.fields:
            return self.fields[name][: self.rows]
        return np.full(self.rows, _DEFAULTS.get(name, 0), dtype=np.int64)


def read_parts(cells: npt.NDArray[Any]) -> Parts:
    """Decode the cells of a column of text until the first that is no date or is written in another form."""
    parts = Parts("", 0, "", {}, [], timed=False)
    for start in range(0, len(cells), BLOCK_ROWS):
        if not _add_block(parts, cells[start : start + BLOCK_ROWS], len(cells)):
            break
    return parts


def _add_block(parts: Parts, block: npt.NDArray[Any], rows: int) -> bool:
    """Add a block of cells and return whether all of it was added."""
    width = min(max(map(len, block)), LONGEST + 1)
    texts = np.array(block, dtype=f"U{max(width, 1)}")
    codes = texts.view(np.uint32).reshape(len(block), -1)
    if (codes > 127).any():
        texts = np.array([usual_marks(cell) for cell in block], dtype=str)
        codes = texts.view(np.uint32).reshape(len(block), -1)
    is_digit = codes - np.uint32(48) < 10
    numbers, shapes = _shapes(np.where(is_digit, np.uint32(48), codes))
    layouts, stop = _layouts(parts, shapes)
    if stop:
        good = numbers < len(layouts)
        kept = len(block) if good.all() else int((~good).argmax())
    else:
        kept = len(block)
    digits = (codes[:kept] - np.uint32(48)).astype(np.int64)
    for number, layout in enumerate(layouts):
        mine = slice(None) if len(shapes) == 1 else numbers[:kept] == number
        _decode(parts, layout, digits[mine], mine, kept, rows)
    parts.rows += kept
    parts.stop = stop
    return not stop


def _shapes(masked: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.intp], list[str]]:
    """Return the number of the shape of each cell, in order of appearance, and the shapes."""
    if (masked == masked[0]).all():
        return np.zeros(len(masked), dtype=np.intp), [str(masked[:1].view(f"U{masked.shape[1]}")[0, 0])]
    shapes = masked.view(f"U{masked.shape[1]}")[:, 0].astype(object)
    numbers, found = pd.factorize(shapes)
    return numbers, [str(shape) for shape in found]


def _layouts(parts: Parts, shapes: list[str]) -> tuple[list[Layout], Literal["", "empty", "no date", "other form"]]:
    """Return the layouts of the shapes before the first that stops the reading, and why it does."""
    layouts: list[Layout] = []
    for shape in shapes:
        layout = parse_shape(shape)
        if layout is None:
            return layouts, "no date" if shape else "empty"
        parts.family = parts.family or layout.family
        if layout.family != parts.family:
            return layouts, "other form"
        layouts.append(layout)
    return layouts, ""


def _decode(parts: Parts, layout: Layout, digits: Integers, mine: Any, kept: int, rows: int) -> None:
    """Write the numbers of the cells of one shape into the fields."""

    def write(name: str, values: Any) -> None:
        if name not in parts.fields:
            parts.fields[name] = np.full(rows, _DEFAULTS.get(name, 0), dtype=np.int64)
        parts.fields[name][parts.rows : parts.rows + kept][mine] = values

    numbers = {name: _whole(digits[:, start:stop]) for name, (start, stop) in layout.spans.items()}
    for name in ("fraction", "decimals"):
        if name in numbers:
            start, stop = layout.spans[name]
            nine = digits[:, start : min(stop, start + 9)]
            numbers[name] = _whole(nine) * 10 ** (9 - nine.shape[1])
            if name == "decimals":
                write("decimal_digits", stop - start)
    if "yy" in numbers:
        numbers["year"] = century(numbers.pop("yy"))
    if "sign" in layout.words:
        minutes = numbers.pop("zone_hours") * 60 + numbers.pop("zone_minutes", 0)
        write("offset", minutes * layout.words["sign"])
    if "pm" in layout.words:
        hour, afternoon = (
            numbers["hour"],
            layout.words["pm"],
        )  # 12 AM is midnight; 0:30 AM and 16:00 PM have one reading
        of_24 = np.where((hour > 12) == (afternoon > 0), hour, 99)
        numbers["hour"] = np.where((hour >= 1) & (hour <= 12), hour % 12 + afternoon, of_24)
    if layout.zone:
        if layout.zone not in parts.zones:
            parts.zones.append(layout.zone)
        write("zone", parts.zones.index(layout.zone))
    if layout.family == "number":
        start, stop = layout.spans["whole"]
        write("padded", (digits[:, start] == 0) & (stop - start > 1))
        write("width", stop - start)
    for name, values in (layout.words | numbers).items():
        if name not in ("sign", "pm"):
            write(name, values)
    parts.timed |= layout.timed


def century(years: Integers) -> Integers:
    """Return years of two digits with their century: 69 to 99 are 1969 to 1999, as strptime's %y reads them."""
    return np.where(years >= 69, 1900, 2000) + years


def _whole(digits: Integers) -> Integers:
    """Return the whole numbers that the digits of each row make."""
    total = digits[:, 0].copy()
    for column in range(1, digits.shape[1]):
        total = total * 10 + digits[:, column]
    return total
