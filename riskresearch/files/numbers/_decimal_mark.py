"""Which mark is the decimal one where a column alone does not show it: 1,234 and 1.234 throughout."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatVector
from riskresearch.files._grid import Cells, Step
from riskresearch.files.numbers._number_column import MOSTLY, Mark, TextColumn, read_text_column
from riskresearch.files.numbers._number_format import names_of
from riskresearch.files.numbers._number_forms import COMMA, POINT
from riskresearch.files.numbers._number_refusals import Where, refuse_two_readings, shown

_LED_BY_ZERO = re.compile(r"(?<![0-9.,])0[.,][0-9]{3}(?![0-9])")
_ENDS_IN_ZERO = re.compile(r"[.,][0-9]{2}0(?![0-9])")
_DAY_OR_HOUR = re.compile(r"(?<![0-9.,])0[0-9]+[.,]")
_WHOLE = re.compile(r"^[^0-9.,\n]*[1-9][0-9]{0,2}[^0-9.,\n]*$", re.MULTILINE)

DIGITS_TOLERANCE = 1e-7
"""Rounding of a number below 1,000 times 1,000."""

ENOUGH_NUMBERS = 5
"""That many numbers of thousands do not all end in a zero by chance."""

ENOUGH_WHOLE_NUMBERS = 3
"""Different whole numbers below 1,000 that show how a column writes them."""

CLOCK_ROWS = 1_000
"""Rows in which a column of days or hours has one with a leading zero."""


def decide_decimals(
    texts: Mapping[str, TextColumn],
    wheres: Mapping[str, Where],
    *,
    decimal: Mark | None,
    typed: Mapping[str, FloatVector],
    others: Sequence[Cells],
    separator: str | None,
) -> tuple[dict[str, Mark], tuple[Step, ...]]:
    """Return the decimal mark of each column of text, and the steps that say what decided where its cells did not."""
    if decimal is not None:
        _check_given(decimal, typed, wheres, separator)
        given = [Step("decimal mark", repr(decimal), "as given")] if any(c.marked for c in texts.values()) else []
        return dict.fromkeys(texts, decimal), tuple(given)
    marks: dict[str, Mark] = {name: column.decimal or "." for name, column in texts.items()}
    open_columns = {name: column for name, column in texts.items() if column.marked and column.decimal is None}
    decided: dict[tuple[Mark, str], list[str]] = {}
    for name in list(open_columns):
        found = _by_digits(open_columns[name])
        if found is not None:
            marks[name], reason = found
            decided.setdefault(found, []).append(name)
            del open_columns[name]
    steps = tuple(_step(mark, names, reason) for (mark, reason), names in decided.items())
    if not open_columns:
        return marks, steps
    found = _by_file(texts, marks, open_columns, typed=typed, others=others, separator=separator)
    if found is None:
        name = next(iter(open_columns))
        refuse_two_readings(wheres[name], open_columns[name], len(open_columns) - 1)
        raise AssertionError("refuse_two_readings raises")
    mark, reason = found
    return marks | dict.fromkeys(open_columns, mark), (*steps, _step(mark, list(open_columns), reason))


def _step(mark: Mark, names: list[str], reason: str) -> Step:
    return Step("decimal mark", f"{mark!r} in {names_of(names)}", reason)


def _check_given(
    decimal: Mark, typed: Mapping[str, FloatVector], wheres: Mapping[str, Where], separator: str | None
) -> None:
    """Refuse a decimal mark that is none, or a comma where the parser has found points."""
    if decimal not in (".", ","):
        raise InvalidInputError(f'decimal must be "." or ",", got {decimal!r}.')
    for name, values in typed.items():
        fractions = np.isfinite(values) & (values != np.floor(values))
        if decimal == "," and separator is not None and fractions.any():
            row, where = int(np.argmax(fractions)), wheres[name]
            raise InvalidInputError(
                f"decimal must fit all numbers, got ',' and {float(values[row])!r} on {where.place(row)} in "
                f"{where.name}. Leave out the option, or the column with {where.leave_out}."
            )


def _by_digits(column: TextColumn) -> tuple[Mark, str] | None:
    """Return the decimal mark of a column in which each marked cell has one mark before three digits.

    No group of thousands is led by a zero, as in 0.523. And 987, 654 and 321 beside 1,250 are whole numbers: whoever
    writes three decimals writes 987,000, and whoever leaves zeros out writes 1,25. A single 100 may be typed by hand.
    """
    text = "\n".join(column.texts)
    led: set[Mark] = {"." if "." in found[0] else "," for found in _LED_BY_ZERO.finditer(text)}
    if len(led) == 1:
        return led.pop(), "a cell begins with 0 and this mark, as no group of thousands does"
    if any(column.forms[form].scale for form in column.of_kind("number")):
        return None
    shown_marks = {mark for form in column.marked for mark in ".," if mark in column.texts[column.first[form]]}
    if len(shown_marks) != 1:
        return None
    if _ENDS_IN_ZERO.search(text) and len(set(_WHOLE.findall(text))) >= ENOUGH_WHOLE_NUMBERS:
        reason = "decimals would not end in a zero beside whole numbers without any"
        return "," if shown_marks == {"."} else ".", reason
    return None


def _by_file(
    texts: Mapping[str, TextColumn],
    marks: Mapping[str, Mark],
    open_columns: Mapping[str, TextColumn],
    *,
    typed: Mapping[str, FloatVector],
    others: Sequence[Cells],
    separator: str | None,
) -> tuple[Mark, str] | None:
    """Return the decimal mark that the other columns of the file show; None if they show none or both."""
    shows: dict[Mark, str] = {}
    rest = [read_text_column(cells) for cells in others if isinstance(cells, np.ndarray) and cells.dtype.kind in "OUT"]
    for name, column in texts.items():
        if name not in open_columns and column.marked:
            shows.setdefault(marks[name], f"column {name!r} has it in {_example(column)}")
    for column in rest:
        if column.decimal is not None and column.share >= MOSTLY and not _could_be_clock(column):
            shows.setdefault(column.decimal, f"another column has it in {_example(column)}")
    if separator is not None:
        numbers = [cells for cells in others if isinstance(cells, np.ndarray) and cells.dtype.kind == "f"]
        if any(shows_decimal_point(values, separator) for values in (*typed.values(), *numbers)):
            shows.setdefault(".", "columns of plain numbers have it")
    if separator == "," and not shows and not any(map(_has_comma, (*texts.values(), *rest))):
        shows["."] = "commas separate the cells, and no number has one"
    return next(iter(shows.items())) if len(shows) == 1 else None


def _could_be_clock(column: TextColumn) -> bool:
    """Return whether a number begins as no number does but a day or an hour: 03.01 or 09.30."""
    return any(
        _DAY_OR_HOUR.search(column.texts[row]) for row in np.flatnonzero(column.where(column.marked))[:CLOCK_ROWS]
    )


def _example(column: TextColumn) -> str:
    """Return a cell that only one decimal mark fits, or else any with a mark."""
    alone = [
        form for form in column.marked if not (column.forms[form].fits & POINT and column.forms[form].fits & COMMA)
    ]
    return shown(column.texts[column.first[(alone or column.marked)[0]]])


def _has_comma(column: TextColumn) -> bool:
    return any("," in column.texts[column.first[form]] for form in column.marked)


def shows_decimal_point(values: FloatVector, separator: str) -> bool:
    """Return whether numbers that a parser read with a decimal point cannot have been groups of thousands.

    Where the cells are separated by commas, numbers with a point have decimals.
    """
    fractions = values[np.isfinite(values) & (values != np.floor(values))]
    return bool(len(fractions)) and (separator == "," or not could_be_thousands(fractions))


def could_be_thousands(values: FloatVector) -> bool:
    """Return whether numbers that a parser read with a decimal point may be thousands: 1.234 for 1234.

    It needs one point before three digits in every number that is not whole; five numbers with two decimals at most
    show that no third one was there.
    """
    fractions = np.abs(values[np.isfinite(values) & (values != np.floor(values))])
    if not len(fractions) or fractions.min() < 1 or fractions.max() >= 1000:
        return False
    digits = fractions * 1000
    if (np.abs(digits - np.rint(digits)) > DIGITS_TOLERANCE).any():
        return False
    return len(fractions) < ENOUGH_NUMBERS or bool((np.rint(digits) % 10 != 0).any())
