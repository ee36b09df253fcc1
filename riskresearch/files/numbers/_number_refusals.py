"""Refusals of columns that are not numbers, or that can be read in two ways: the place, the cell and the way out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatVector
from riskresearch.files.numbers._missing_marks import FILL_SIZE
from riskresearch.files.numbers._number_column import Mark, TextColumn, read_text_column, to_float
from riskresearch.files.numbers._number_forms import COMMA, POINT

SHOWN = 40
"""Characters of a cell that a message shows."""


@dataclass(frozen=True, slots=True)
class Where:
    """Name a column and its cells in messages."""

    file: str
    column: str
    place: Callable[[int], str]

    @property
    def name(self) -> str:
        """The column and the file."""
        return f"column {self.column!r} of {self.file}"

    @property
    def leave_out(self) -> str:
        """How to do without the column."""
        return f"drop={self.column!r} (--drop {quoted(self.column)})"

    def cell(self, column: TextColumn, row: int) -> str:
        """Return a cell and where it stands."""
        return f"{shown(column.texts[row])} on {self.place(row)}"


def shown(text: str) -> str:
    """Return a cell for a message: quoted, and cut where it is long."""
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "...")


def quoted(text: str) -> str:
    """Return a name as a shell needs it."""
    return text if text.isalnum() else f'"{text}"'


_WHY = {
    "failed": "a computation or download failed there. Repair it at its source, or empty it if the value is missing",
    "infinite": "no price or return is infinite. Empty the cell if its value is missing",
    "fraction": "prices in fractions (99-16 is 99 and 16/32) are not read. Write them as decimal numbers (99.5)",
    "boolean": "true and false are no numbers. Leave the column out with {leave_out}",
    "text": "that is text. Leave the column out with {leave_out}, or empty these cells if their values are missing",
}


def refuse_other_cells(where: Where, column: TextColumn) -> None:
    """Refuse a column with cells that are neither numbers nor marks of missing values."""
    for kind, why in _WHY.items():
        if forms := column.of_kind(kind):
            if kind == "fraction" and 2 * column.count(forms) < column.count(column.of_kind("number")):
                why = _WHY["text"]
            row, count = int(column.first[forms].min()), column.count(forms)
            how_many = "" if count == 1 else f" ({count:,} of {len(column.texts):,} cells are of this kind)"
            why = why.format(leave_out=where.leave_out)
            raise InvalidInputError(f"{where.name} must hold numbers, got {where.cell(column, row)}{how_many}: {why}.")


def refuse_periods(where: Where, column: TextColumn) -> None:
    """Refuse a column of 3M and 6M, which are months or millions."""
    if column.periods:
        row = int(column.first[column.of_kind("number")].min())
        raise InvalidInputError(
            f"{where.name} must hold numbers, got {where.cell(column, row)} and the like throughout, which may be "
            f"months or millions. Leave the column out with {where.leave_out}, or write the millions out."
        )


def refuse_flags(where: Where, column: TextColumn) -> None:
    """Refuse a column in which most numbers have a letter: that is a unit and no flag of single numbers."""
    numbers = column.of_kind("number")
    flagged = [number for number in numbers if column.forms[number].flag]
    if 2 * column.count(flagged) > column.count(numbers):
        row = int(column.first[flagged].min())
        raise InvalidInputError(
            f"{where.name} must hold numbers in units that are known, got {where.cell(column, row)}. Write the numbers "
            f"out, or leave the column out with {where.leave_out}."
        )


def refuse_two_forms(where: Where, column: TextColumn, decimal: Mark | None) -> None:
    """Refuse a column whose numbers have no reading in common, or none with the given decimal mark."""
    forms = column.of_kind("number")
    fits = column.fits
    if decimal is None and fits:
        return
    if fits & (POINT if decimal == "." else COMMA):
        return
    if fits:
        bits = POINT if decimal == "." else COMMA
        first = min((f for f in forms if not column.forms[f].fits & bits), default=forms[0])
        raise InvalidInputError(
            f"decimal must fit all numbers, got {decimal!r} and {where.cell(column, int(column.first[first]))} in "
            f"{where.name}. Leave out the option, or the column with {where.leave_out}."
        )
    one, other = _contradiction(column, forms)
    raise InvalidInputError(
        f"{where.name} must spell its numbers in one way, got {where.cell(column, one)} and "
        f"{where.cell(column, other)}, which no reading of decimal mark and thousands separator fits together. "
        f"Correct these cells, or leave the column out with {where.leave_out}."
    )


def _contradiction(column: TextColumn, forms: Sequence[int]) -> tuple[int, int]:
    """Return two rows that no reading fits, or the last two of more that it takes."""
    seen: list[int] = []
    fits = -1
    for form in forms:
        fits &= column.forms[form].fits
        if not fits:
            pairs = [old for old in seen if not column.forms[old].fits & column.forms[form].fits]
            return int(column.first[pairs[0] if pairs else seen[-1]]), int(column.first[form])
        seen.append(form)
    raise AssertionError("a reading fits all of these forms")


def refuse_two_readings(where: Where, column: TextColumn, others: int) -> None:
    """Refuse a column whose numbers are right with a decimal point and with a decimal comma."""
    row = int(column.first[column.marked].min())
    point, comma = (_read_one(column, row, mark) for mark in (".", ","))
    more = f", and so are {others} other columns" if others > 1 else ", and so is another column" if others else ""
    raise InvalidInputError(
        f"{where.name} is ambiguous{more}: {where.cell(column, row)} is {point} with a decimal point and {comma} "
        'with a decimal comma, and no cell of the file fits only one of them. Pass decimal="." '
        '(--decimal .) or decimal="," (--decimal ,).'
    )


def _read_one(column: TextColumn, row: int, decimal: Mark) -> str:
    return f"{to_float(read_text_column(np.array([column.texts[row]], dtype=object)), decimal)[0]:.12g}"


def refuse_mixed_units(where: Where, column: TextColumn, values: FloatVector) -> None:
    """Refuse a column of several currencies, or one where only some numbers are percent or basis points."""
    numbers = column.of_kind("number")
    currencies: dict[str, int] = {}
    for number in numbers:
        currencies.setdefault(column.forms[number].currency.casefold().rstrip("."), number)
    currencies.pop("", None)
    if len(currencies) > 1:
        one, other = (int(column.first[number]) for number in list(currencies.values())[:2])
        raise InvalidInputError(
            f"{where.name} must be in one currency, got {where.cell(column, one)} and {where.cell(column, other)}."
        )
    signed = [number for number in numbers if column.forms[number].scale < 0]
    if not signed:
        return
    scale = column.forms[signed[0]].scale
    others = column.where([number for number in numbers if column.forms[number].scale != scale]) & (values != 0)
    if others.any():
        one, other = int(column.first[signed[0]]), int(np.argmax(others))
        raise InvalidInputError(
            f"{where.name} must have a sign such as % in all cells or in none, got {where.cell(column, one)} but "
            f"{where.cell(column, other)} ({int(others.sum()):,} cells differ). Write all cells alike, or leave the "
            f"column out with {where.leave_out}."
        )


def refuse_impossible_sizes(where: Where, values: FloatVector, texts: Sequence[str] | None) -> None:
    """Refuse infinite numbers, and those with which programs fill what is missing."""
    row = int(np.argmax(np.abs(np.nan_to_num(values, posinf=np.inf, neginf=-np.inf)) >= FILL_SIZE))
    if not abs(values[row]) >= FILL_SIZE:
        return
    cell = repr(float(values[row])) if texts is None else shown(texts[row])
    what = "is infinite" if np.isinf(values[row]) else "has that size. Programs fill cells without a value with it"
    raise InvalidInputError(
        f"{where.name} must hold finite numbers below 1e30 in size, got {cell} on {where.place(row)}: no price or "
        f"return {what}. Empty the cell if its value is missing, or leave the column out with {where.leave_out}."
    )
