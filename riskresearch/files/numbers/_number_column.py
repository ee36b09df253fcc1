"""The cells of one text column as forms with their counts, and as float64 once the decimal mark is known."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._types import FloatVector
from riskresearch.files.numbers._number_forms import ALL, COMMA, POINT, Form, read_form
from riskresearch.files.numbers._number_words import OTHER_DIGITS

Mark = Literal[".", ","]
MOSTLY = 0.8
"""Share of the cells, without missing ones, that must read as numbers for a column of numbers with slips in it."""

Rows: TypeAlias = npt.NDArray[np.bool_] | slice

_TO_NINES = bytes.maketrans(b"012345678", b"999999999")
_DELETED = {mark: bytes(set(range(256)) - set(b"0123456789\n" + mark.encode())) for mark in ".,"}
_TO_FLOAT = {".": bytes.maketrans(b"dD", b"ee"), ",": bytes.maketrans(b",dD", b".ee")}
_DELETED_BESIDE_EXPONENT = bytes(set(range(256)) - set(b"0123456789.,+-eEdD\n"))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TextColumn:
    """Hold the cells of one column by their forms.

    Attributes
    ----------
    texts : list of str
        The cells.
    codes : array of int
        The form of each cell, as its number in `forms`.
    forms : tuple of Form
        The forms of the column, in order of first appearance.
    first : array of int
        The row in which each form appears first.
    counts : array of int
        In how many cells each form appears.
    """

    texts: list[str]
    codes: npt.NDArray[np.intp]
    forms: tuple[Form, ...]
    first: npt.NDArray[np.intp]
    counts: npt.NDArray[np.intp]

    def of_kind(self, *kinds: str) -> list[int]:
        """Return the numbers of the forms of these kinds."""
        return [number for number, form in enumerate(self.forms) if form.kind in kinds]

    def count(self, numbers: list[int]) -> int:
        """Return in how many cells these forms appear."""
        return int(self.counts[numbers].sum()) if numbers else 0

    @property
    def share(self) -> float:
        """The share of the cells, without missing ones, that are numbers; 0 if all are missing."""
        numbers = 0 if self.periods else self.count(self.of_kind("number", "zero"))
        return numbers / (len(self.texts) - self.count(self.of_kind("missing"))) if numbers else 0.0

    @property
    def fits(self) -> int:
        """The readings that fit all numbers of the column, as bits."""
        fits = ALL
        for form in self.forms:
            if form.kind == "number":
                fits &= form.fits
        return fits

    @property
    def marked(self) -> list[int]:
        """The numbers of the forms whose value depends on the decimal mark."""
        return [number for number in self.of_kind("number") if self.forms[number].marks]

    @property
    def periods(self) -> bool:
        """Whether every number may be a number of months, as 3M, and none shows that it is millions."""
        numbers = self.of_kind("number")
        return bool(numbers) and all(self.forms[number].period for number in numbers)

    @property
    def decimal(self) -> Mark | None:
        """The decimal mark that the cells determine by themselves; None if none or both do."""
        if not self.marked:
            return None
        fits = self.fits
        point, comma = bool(fits & POINT), bool(fits & COMMA)
        return None if point == comma else "." if point else ","

    def where(self, numbers: list[int]) -> npt.NDArray[np.bool_]:
        """Return which rows have one of these forms."""
        chosen = np.zeros(len(self.forms) + 1, dtype=bool)
        chosen[numbers] = True
        return chosen[self.codes]


def read_text_column(cells: npt.NDArray[Any]) -> TextColumn:
    """Find the forms of a column of text."""
    if not len(cells):
        return TextColumn([], np.empty(0, np.intp), (), np.empty(0, np.intp), np.empty(0, np.intp))
    texts, joined = _texts(cells)
    nines = joined.encode("utf-8", "surrogatepass").translate(_TO_NINES)
    spellings = nines.decode("utf-8", "surrogatepass").split("\n")
    codes, unique = pd.factorize(np.array(spellings, dtype=object))
    first = np.zeros(len(unique), dtype=np.intp)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    forms = tuple(map(read_form, unique))
    return TextColumn(texts, codes, forms, first, np.bincount(codes, minlength=len(unique)))


def _texts(cells: npt.NDArray[Any]) -> tuple[list[str], str]:
    """Return the cells as texts with ASCII digits, and all of them as lines."""
    texts: list[str] = cells.tolist()
    try:
        joined = "\n".join(texts)
    except TypeError:
        texts = [cell if isinstance(cell, str) else _text(cell) for cell in texts]
        joined = "\n".join(texts)
    if joined.count("\n") != len(texts) - 1:
        texts = [text.replace("\n", " ") for text in texts]
        joined = "\n".join(texts)
    if joined.isascii():
        return texts, joined
    for mark, same in OTHER_DIGITS.items():
        joined = joined.replace(mark, same)
    return joined.split("\n"), joined


def _text(cell: object) -> str:
    """Return a cell that is no text, such as a number among the texts of a spreadsheet, as text."""
    if cell is None or cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, (float, np.floating)) and math.isfinite(cell):
        return _without_mark(float(cell))
    return str(cell)


def _without_mark(number: float) -> str:
    """Return a number so that it is read the same with a decimal point and with a decimal comma: 1.5 as 15e-1."""
    sign, digits, power = Decimal(repr(number)).as_tuple()
    return ("-" if sign else "") + "".join(map(str, digits)) + (f"e{power}" if power else "")


def to_float(column: TextColumn, decimal: Mark) -> FloatVector:
    """Convert the numbers of a column, each as Python's float() does; other cells are nan."""
    values = np.full(len(column.texts), np.nan)
    for parts, rows, scale in _batches(column, decimal):
        if scale:
            power = f"e{scale}"
            parts = ((power + "\n").join(parts) + power).split("\n")
        values[rows] = np.fromiter(map(float, parts), dtype=np.float64, count=len(parts))
    values[column.where(column.of_kind("zero"))] = 0.0
    sign = np.array([-1.0 if form.negative else 1.0 for form in column.forms])
    if (sign < 0).any():
        values *= sign[column.codes]
    return values


def _batches(column: TextColumn, decimal: Mark) -> Iterator[tuple[list[str], Rows, int]]:
    """Yield digits as float() reads them, their rows, and the power of ten that they have in common."""
    plain: dict[int, list[int]] = {}
    other: dict[int, list[int]] = {}
    for number in column.of_kind("number"):
        form = column.forms[number]
        (other if form.outside else plain).setdefault(form.scale, []).append(number)
    for scale, chosen in other.items():
        rows = column.where(chosen)
        yield _cut(column, rows, decimal), rows, scale
    if not plain:
        return
    text = "\n".join(column.texts).encode("utf-8", "surrogatepass").translate(_TO_FLOAT[decimal], _DELETED[decimal])
    parts = text.decode("ascii").split("\n")
    for scale, chosen in plain.items():
        if len(chosen) == len(column.forms):
            yield parts, slice(None), scale
        else:
            rows = column.where(chosen)
            yield np.array(parts, dtype=object)[rows].tolist(), rows, scale


def _cut(column: TextColumn, rows: Rows, decimal: Mark) -> list[str]:
    """Return the cells of these rows, each cut to its digits and exponent."""
    codes = column.codes[rows]
    starts = np.array([form.start for form in column.forms])[codes].tolist()
    stops = np.array([form.stop for form in column.forms])[codes].tolist()
    cells = np.array(column.texts, dtype=object)[rows].tolist()
    text = "\n".join([cell[start:stop] for cell, start, stop in zip(cells, starts, stops, strict=True)])
    delete = _DELETED_BESIDE_EXPONENT + (b"," if decimal == "." else b".")
    return text.encode("utf-8", "replace").translate(_TO_FLOAT[decimal], delete).decode("ascii").split("\n")
