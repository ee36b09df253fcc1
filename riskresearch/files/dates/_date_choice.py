"""Which of the possible readings of a column of dates is used, and the refusal where none or several fit."""

import re
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._errors import InvalidInputError
from riskresearch.files.dates._date_cells import Parts
from riskresearch.files.dates._date_forms import FIRST_YEAR, LAST_YEAR, Reading
from riskresearch.files.dates._date_numbers import other_count
from riskresearch.files.dates._date_order import as_words
from riskresearch.files.dates._date_shapes import parse_shape
from riskresearch.files.dates._date_words import WEEKDAY_NAMES

_WITHOUT_YEAR = re.compile(r"\d\d?[-/. ]{1,2}[^\W\d_]{3,}\.?|[^\W\d_]{3,}\.?[-/. ]{1,2}\d\d?|\d\d?[-/.]\d\d?")
EXAMPLE_LENGTH = 40
NO_DATES_REMEDY = (
    'Pass the format of the dates, such as date_format="%d/%m/%Y" (--date-format "%d/%m/%Y"), or choose the column '
    "that holds them."
)
LEAST_REGULAR_DATES = 20
LONGEST_CLOSURE_IN_DAYS = 12
LEAST_DATES_FOR_ORDER = 8
"""Dates that are in order by chance: one column in 20,000."""

Show = Callable[[int], str]


def choose(readings: list[Reading], *, what: str, place: Show, show: Show) -> tuple[Reading, str]:
    """Return the one reading that fits all cells, and why it is the only one; refuse none and several."""
    fitting = [reading for reading in readings if reading.fits.all()]
    if not fitting:
        _refuse_misfit(readings, what=what, place=place, show=show)
    different = fitting[:1]
    different += [reading for reading in fitting[1:] if not np.array_equal(reading.clock, fitting[0].clock)]
    if len(different) > 1:
        rest = _without_disorder(different)
        if len(rest) == 1:
            return rest[0], "the only reading in which the dates are in order"
    if len(different) > 1:
        _refuse_ambiguous(different, what=what, place=place, show=show)
    misfit = next((reading for reading in readings if not reading.fits.all()), None)
    if misfit is None:
        return different[0], ""
    row = int((~misfit.fits).argmax())
    return different[0], f"{misfit.words} does not fit {show(row)} on {place(row)}"


def _without_disorder(readings: list[Reading]) -> list[Reading]:
    """Return the readings of dates with two-digit years that remain, as the year is first or last.

    Nearly every column of day/month/year reads as year/month/day, too, whose dates are then in no order; and the other
    way round. Day and month are not told apart by order.
    """
    first = [reading for reading in readings if reading.order == "ymd"]
    last = [reading for reading in readings if reading.order in ("dmy", "mdy")]
    if not first or len(first) + len(last) < len(readings) or len(pd.unique(first[0].clock)) < LEAST_DATES_FOR_ORDER:
        return readings
    ordered = [reading for reading in last if is_in_order(reading.clock)]
    if not is_in_order(first[0].clock):
        return last if ordered else readings
    # Days first that are sorted as text, as in 01/01/22, 01/02/22, 02/01/22, are in order as year/month/day.
    return readings if ordered or not _are_regular(first[0].clock) else first


def _are_regular(clock: npt.NDArray[np.datetime64]) -> bool:
    """Return whether there are dates enough that are all on weekdays, equally spaced, or one in each month."""
    days = pd.unique(clock.astype("datetime64[D]").astype(np.int64))
    steps = np.abs(np.diff(days))
    if len(days) < LEAST_REGULAR_DATES:
        return False
    if (steps == steps[0]).all() or (((days + 3) % 7 < 5).all() and steps.max() <= LONGEST_CLOSURE_IN_DAYS):
        return True
    return _is_one_in_each_month(clock)


def _is_one_in_each_month(clock: npt.NDArray[np.datetime64]) -> bool:
    steps = np.diff(pd.unique(clock.astype("datetime64[M]").astype(np.int64)))
    dates = len(pd.unique(clock.astype(np.int64)))
    return len(steps) + 1 == dates > 2 and bool((steps == steps[0]).all() and abs(steps[0]) == 1)


def is_in_order(clock: npt.NDArray[np.datetime64]) -> bool:
    """Return whether dates, each taken where it first occurs, increase or decrease throughout."""
    steps = np.diff(pd.unique(clock.astype(np.int64)))
    return bool((steps > 0).all() or (steps < 0).all())


def _refuse_misfit(readings: list[Reading], *, what: str, place: Show, show: Show) -> NoReturn:
    rows = [int((~reading.fits).argmax()) for reading in readings]
    last = max(rows)
    reading = readings[rows.index(last)]
    if reading.far is not None and reading.far[last]:
        raise InvalidInputError(
            f"{what} must have dates in the years {FIRST_YEAR} to {LAST_YEAR}, got {show(last)} on {place(last)}."
        )
    if len(set(rows)) == 1 or len(readings) == 1:
        example = _example_of(reading, show)
        raise InvalidInputError(
            f"{what} has no such date as {show(last)} on {place(last)}{_wrong_weekday(reading, last)}; read as "
            f"{' or '.join(r.words for r in readings)}{example}. Correct the date, or delete the row."
        )
    misfits = "; ".join(
        f"{reading.words} does not fit {show(row)} on {place(row)}" for reading, row in zip(readings, rows, strict=True)
    )
    raise InvalidInputError(
        f"{what} must have dates with one reading for all of them: {misfits}. Correct the dates that are written in "
        "another order than the others."
    )


def _wrong_weekday(reading: Reading, row: int) -> str:
    """Return which weekday a date is if its cell names another one."""
    if reading.weekday is None or reading.weekday[row] < 0:
        return ""
    return f", which is a {WEEKDAY_NAMES[reading.weekday[row]]}"


def _example_of(reading: Reading, show: Show) -> str:
    if not reading.fits[0]:
        return ""
    return f", in which {show(0)} is {as_words(reading.clock[0])}"


def _refuse_ambiguous(readings: list[Reading], *, what: str, place: Show, show: Show) -> NoReturn:
    clocks = [reading.clock for reading in readings]
    row = int(np.any([clock != clocks[0] for clock in clocks[1:]], axis=0).argmax())
    cell = show(row)
    lines = []
    for reading in readings:
        order = "in no order" if not is_in_order(reading.clock) else "in order"
        order += ", one in each month" if _is_one_in_each_month(reading.clock) else ""
        lines.append(f"{reading.words} ({cell} is {as_words(reading.clock[row])}, and the dates are {order})")
    formats = " or ".join(
        f'date_format="{form}" (--date-format "{form}")'
        for form in (format_of(cell.strip("'"), reading.order) for reading in readings)
        if form
    )
    remedy = f" Pass {formats}." if formats else " Write the dates as 2022-01-03."
    raise InvalidInputError(
        f"{what} must have dates with one reading, but each of them fits as {'; and as '.join(lines)}: see "
        f"{place(row)}.{remedy}"
    )


def format_of(cell: str, order: str) -> str:
    """Return the strptime format of a cell whose numbers are in the given order; empty where it is not known."""
    layout = parse_shape(re.sub(r"\d", "0", cell))
    if layout is None or not order:
        return ""
    if layout.family == "number":
        return "".join(f"%{letter}" for letter in order)
    names = {name: f"%{letter}" for name, letter in zip(("n1", "n2", "n3"), order, strict=True)}
    names |= {"hour": "%I" if "pm" in layout.words else "%H", "minute": "%M", "second": "%S", "fraction": "%f"}
    made, end = "", 0
    for name, (start, stop) in sorted(layout.spans.items(), key=lambda item: item[1]):
        if name in names:
            made += cell[end:start] + names[name]
            end = stop
    rest = re.sub(r"^ ?[AaPp]\.?[Mm]\.?", lambda found: " %p" if found[0][0] == " " else "%p", cell[end:])
    return made + re.sub(r"[+-]\d\d:?\d\d$|Z$", "%z", rest)


def refuse_cell(parts: Parts, cell: Any, row: int, *, what: str, place: Show, show: Show) -> NoReturn:
    """Refuse the cell at which the reading of a column of text stopped."""
    if parts.stop == "empty":
        raise InvalidInputError(f"{what} must have a date in each row, got an empty cell on {place(row)}.")
    if parts.stop == "other form":
        raise InvalidInputError(
            f"{what} must have all dates written in one way, got {show(0)} on {place(0)} and {show(row)} on "
            f"{place(row)}. Write them all in the same way, such as 2022-01-03."
        )
    above = f" after dates such as {show(0)}" if row else ""
    text = str(cell)
    if row == 0 and _WITHOUT_YEAR.fullmatch(text[:EXAMPLE_LENGTH]):
        raise InvalidInputError(
            f"{what} must have dates with a year, got {show(row)} on {place(row)}. Add the year; if it has one of two "
            'digits, pass the format, such as date_format="%m/%y" (--date-format "%m/%y").'
        )
    remedy = "Delete the row if it is no data." if row else NO_DATES_REMEDY
    raise InvalidInputError(f"{what} must hold dates, got {show(row)} on {place(row)}{above}. {remedy}")


def refuse_number(number: int, *, whole: bool, what: str, place: Show, show: Show) -> NoReturn:
    """Refuse a column of numbers that are no dates, by the first of them."""
    count = other_count(number, whole=whole) or " Write the dates as 2022-01-03, or choose the column that holds them."
    raise InvalidInputError(f"{what} must hold dates, got {show(0)} on {place(0)}.{count}")
