"""A column of cells read as dates: one reading that fits all of them, by the clock that the file shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._errors import InvalidInputError
from riskresearch.files._grid import Cells, Step
from riskresearch.files.dates._clocks import Clock, Instants, from_offsets, typed, with_zones, without_zone
from riskresearch.files.dates._date_cells import NO_OFFSET, Integers, Parts, read_parts
from riskresearch.files.dates._date_choice import EXAMPLE_LENGTH, choose, refuse_cell, refuse_number
from riskresearch.files.dates._date_format import read_by_format
from riskresearch.files.dates._date_forms import FIRST_YEAR, LAST_YEAR, Reading, readings_of
from riskresearch.files.dates._date_numbers import (
    Numbers,
    are_rounded,
    look_like_dates,
    numbers_of_array,
    numbers_of_text,
    readings_of_numbers,
    runs_one_way,
)
from riskresearch.files.dates._date_order import as_words, order_of
from riskresearch.files.dates._date_shapes import parse_shape, shape_of
from riskresearch.files.dates._date_words import Period

__all__ = ["DateColumn", "could_be_dates", "could_be_times", "leading_dates", "order_of", "read_dates"]

SAMPLE_CELLS = 200
MOST = 0.8
"""Share of a sample that has to read as dates; the cells that do not are then named by the full reading."""
_DAY = "2000-01-01"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DateColumn:
    """Hold the dates of a column.

    Attributes
    ----------
    index : DatetimeIndex
        The dates by the clock that the file shows, without a zone; where that clock shows an hour twice because it is
        turned back, with the zone.
    instants : array of datetime64[ns]
        The dates in UTC where their zone is known, else as they are shown.
    zone : str
        The zone or the offsets in words; empty without one.
    reading : str
        How the dates are written, with an example: "day/month/year, 13/01/2022 is 2022-01-13".
    steps : tuple of Step
        What was decided.
    period : {"week", "month", "quarter", "half-year", "year"}, optional
        What a cell names if not a day. Its date is the last calendar day of the period.
    """

    index: pd.DatetimeIndex
    instants: Instants
    zone: str
    reading: str
    steps: tuple[Step, ...]
    period: Period | None = None

    def shown(self, row: int) -> str:
        """Return the date of a row by the clock of the file."""
        local = self.index if self.index.tz is None else self.index.tz_localize(None)
        return as_words(local[row].to_datetime64())


def could_be_dates(cells: Cells) -> bool:
    """Return whether the first cells look like dates, so that the column can be one of dates."""
    if isinstance(cells, pd.DatetimeIndex):
        return not bool(cells.isna().all())
    if cells.dtype.kind in "iuf":
        sample = cells[: 2 * SAMPLE_CELLS]
        sample = sample[np.isfinite(sample)][:SAMPLE_CELLS]
        return len(sample) > 0 and look_like_dates(numbers_of_array(sample))
    texts = [str(cell) for cell in cells[: 5 * SAMPLE_CELLS] if cell != "" and cell is not None][:SAMPLE_CELLS]
    layouts = [parse_shape(shape_of(text)) for text in texts]
    families = pd.Series([layout.family for layout in layouts if layout is not None], dtype=object).value_counts()
    if families.empty or families.iloc[0] < MOST * len(texts):
        return False
    usual = families.index[0]
    kept = [text for text, layout in zip(texts, layouts, strict=True) if layout is not None and layout.family == usual]
    parts = read_parts(np.array(kept, dtype=object))
    if usual == "number":
        return look_like_dates(numbers_of_text(parts))
    fitting = [reading for reading in readings_of(parts) if reading.fits.sum() >= MOST * len(texts)]
    if usual == "month.year":  # 10.1950 is a price as well, but months run in one direction
        return any(runs_one_way(reading.clock[reading.fits]) for reading in fitting)
    return bool(fitting)


def could_be_times(cells: Cells) -> bool:
    """Return whether the first cells are times of day, such as 16:00, 160000 or 0.5, as a column called "time" has."""
    if isinstance(cells, pd.DatetimeIndex):
        return False
    sample = cells[: 5 * SAMPLE_CELLS]
    sample = sample[(sample != "") if sample.dtype == object else np.isfinite(sample)][:SAMPLE_CELLS]
    if len(sample) == 0:
        return False
    try:
        _with_times(without_zone(np.full(len(sample), np.datetime64(_DAY, "ns"))), sample, what="", place=str)
    except InvalidInputError:
        return False
    return True


def leading_dates(cells: Cells) -> int:
    """Return the number of leading cells that read as dates of one form, up to a footer or to the end."""
    if isinstance(cells, pd.DatetimeIndex):
        return _leading(cells.notna())
    if len(cells) == 0:
        return 0
    if cells.dtype.kind in "iuf":
        rows = _leading(np.isfinite(cells))
        return _longest(readings_of_numbers(numbers_of_array(cells[:rows]))) if rows else 0
    parts = read_parts(_as_text(cells))
    if parts.family == "number":
        return _longest(readings_of_numbers(numbers_of_text(parts)))
    return _longest(readings_of(parts)) if parts.rows else 0


def read_dates(
    cells: Cells,
    *,
    what: str,
    place: Callable[[int], str],
    date_format: str | None = None,
    times: Cells | None = None,
) -> DateColumn:
    """Read a column of dates, each cell in the same way.

    Parameters
    ----------
    cells : Cells
        The column.
    what : str
        What errors call the column, such as "column 'Date' of prices.csv".
    place : callable
        Where a row stands in the file, in words: "line 7".
    date_format : str, optional
        A strptime format; each cell must have it. By default the one form that fits all cells.
    times : Cells, optional
        A column of times of day beside the dates.

    Returns
    -------
    DateColumn
        The dates in the order of the rows; see `order_of`.

    Raises
    ------
    InvalidInputError
        If a cell is no date, or if no reading or more than one fits all cells.
    """
    reading: Reading | None
    if isinstance(cells, pd.DatetimeIndex):
        clock, reading, why = _typed(cells, what=what, place=place), None, ""
        if date_format is not None:
            why = "they are no text, so date_format does not apply"
        words = "dates as the file stores them"
    else:
        reading, parts, why = _read(cells, what=what, place=place, date_format=date_format)
        words = _in_words(reading, _shown(cells)) if date_format is None else reading.words
        clock = _clock(reading, parts, what=what, place=place)
    if times is not None:
        clock = _with_times(clock, times, what=what, place=place)
    note, period = (reading.note, reading.period) if reading is not None else ("", None)
    reasons = "; ".join(reason for reason in (why, note) if reason)
    steps = (Step("dates", words, reasons), *clock.steps)
    return DateColumn(clock.index, clock.instants, clock.zone, words, steps, period)


def _read(
    cells: npt.NDArray[Any], *, what: str, place: Callable[[int], str], date_format: str | None
) -> tuple[Reading, Parts | Integers | None, str]:
    """Return the reading of cells, what is known of their zones, and why there is no other reading."""
    show = _shown(cells)
    if len(cells) == 0:
        raise InvalidInputError(f"{what} must have at least one date, got none.")
    if date_format is not None:
        reading, offsets = read_by_format(cells, date_format, what=what, place=place)
        return reading, offsets, ""
    if cells.dtype.kind in "iuf":
        if not np.isfinite(cells).all():
            row = int((~np.isfinite(cells)).argmax())
            raise InvalidInputError(f"{what} must have a date in each row, got an empty cell on {place(row)}.")
        return *_read_numbers(numbers_of_array(cells), cells, what=what, place=place, show=show), ""
    texts = _as_text(cells)
    parts = read_parts(texts)
    if parts.stop:
        refuse_cell(parts, texts[parts.rows], parts.rows, what=what, place=place, show=show)
    if parts.family == "number":
        return *_read_numbers(numbers_of_text(parts), cells, what=what, place=place, show=show), ""
    _refuse_days_without_year(parts, what=what, show=show, place=place)
    reading, why = choose(readings_of(parts), what=what, place=place, show=show)
    return reading, parts, why


def _read_numbers(
    numbers: Numbers, cells: npt.NDArray[Any], *, what: str, place: Callable[[int], str], show: Callable[[int], str]
) -> tuple[Reading, None]:
    readings = readings_of_numbers(numbers)
    if not readings:
        whole = bool(numbers.billionths[0] == 0)
        refuse_number(int(numbers.whole[0]), whole=whole, what=what, place=place, show=show)
    reading = choose(readings, what=what, place=place, show=show)[0]
    if reading.utc and are_rounded(reading.clock):
        raise InvalidInputError(
            f"{what} must have times since 1970 with all their digits, but each is a multiple of 100 seconds and not "
            f"all are whole minutes, such as {show(len(cells) - 1)} on {place(len(cells) - 1)}: they were rounded, "
            "as in 1.64125E+12. Export them as whole numbers."
        )
    return reading, None


def _refuse_days_without_year(
    parts: Parts, *, what: str, show: Callable[[int], str], place: Callable[[int], str]
) -> None:
    """Refuse "Jan-03", "Jan-04", ... whose numbers change within a month, so that they may be days without a year."""
    if parts.family != "named month short" or parts.rows < 2:
        return
    month, year = parts.get("month"), parts.get("year") % 100
    same = (month[1:] == month[:-1]) & (year[1:] != year[:-1])
    if 2 * same.sum() > parts.rows - 1 and ((year >= 1) & (year <= 31)).all():
        raise InvalidInputError(
            f"{what} must have dates with a year, but {show(0)} on {place(0)} is a month and a year or a month and "
            'a day. Pass date_format="%b-%y" (--date-format "%b-%y") if the numbers are years, and add the year if not.'
        )


def _clock(reading: Reading, known: Parts | Integers | None, *, what: str, place: Callable[[int], str]) -> Clock:
    if reading.utc:
        return without_zone(reading.clock, "UTC", (Step("time zone", "UTC", "times since 1970 are counted in UTC"),))
    if isinstance(known, Parts):
        if "offset" not in known.fields and not known.zones:
            return without_zone(reading.clock)
        return with_zones(reading.clock, known.get("offset"), known.get("zone"), known.zones, what=what, place=place)
    if known is None or (known == NO_OFFSET).all():
        return without_zone(reading.clock)
    return from_offsets(reading.clock, known)


def _with_times(clock: Clock, times: Cells, *, what: str, place: Callable[[int], str]) -> Clock:
    """Return dates with the times of day of another column."""
    days = clock.index.to_numpy()
    if clock.index.tz is not None or (days != days.astype("datetime64[D]")).any():
        raise InvalidInputError(f"{what} must hold days alone beside a column of times, but it has times itself.")
    if isinstance(times, pd.DatetimeIndex):
        shown = times.tz_localize(None).to_numpy().astype("datetime64[ns]")
        return without_zone(days + (shown - shown.astype("datetime64[D]")))
    beside = f"the times of day of {what}"
    if times.dtype.kind == "f" and ((times >= 0) & (times < 1)).all() and times.any():  # as spreadsheets store them
        seconds = np.round(times * 86_400).astype("timedelta64[s]")
        return without_zone(days + seconds)
    texts = _as_text(times) if times.dtype == object else _digits_of_times(times)
    empty = texts == ""
    if empty.any():
        raise InvalidInputError(
            f"{beside} must be there in each row, got an empty cell on {place(int(empty.argmax()))}."
        )
    parts = read_parts((_DAY + " " + texts.astype(object)).astype(object))
    reading = readings_of(parts)[0] if parts.rows else None
    if parts.stop or reading is None or not reading.fits.all():
        row = parts.rows if parts.stop or reading is None else int((~reading.fits).argmax())
        raise InvalidInputError(
            f"{beside} must be times such as 16:00, got {str(times[row])[:EXAMPLE_LENGTH]!r} on {place(row)}."
        )
    shown = days + (reading.clock - np.datetime64(_DAY))
    return with_zones(shown, parts.get("offset"), parts.get("zone"), parts.zones, what=beside, place=place)


def _digits_of_times(times: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return times such as 930 or 93000 as 0930 or 093000."""
    whole = [int(time) if np.isfinite(time) and time == int(time) else -1 for time in times.tolist()]
    width = 4 if max(whole) < 2400 else 6
    return np.array(["" if time < 0 else str(time).zfill(width) for time in whole], dtype=object)


def _typed(index: pd.DatetimeIndex, *, what: str, place: Callable[[int], str]) -> Clock:
    if len(index) == 0:
        raise InvalidInputError(f"{what} must have at least one date, got none.")
    missing = np.asarray(index.isna())
    if missing.any():
        raise InvalidInputError(
            f"{what} must have a date in each row, got an empty cell on {place(int(missing.argmax()))}."
        )
    far = np.asarray((index.year < FIRST_YEAR) | (index.year > LAST_YEAR))
    if far.any():
        row = int(far.argmax())
        raise InvalidInputError(
            f"{what} must have dates in the years {FIRST_YEAR} to {LAST_YEAR}, got {index[row]} on {place(row)}."
        )
    return typed(index)


def _in_words(reading: Reading, show: Callable[[int], str]) -> str:
    row = 0
    if reading.order.lower() in ("dmy", "mdy"):  # an example that has one reading tells more
        days = reading.clock.astype("datetime64[D]")
        telling = (days - days.astype("datetime64[M]")).astype(np.int64) >= 12
        row = int(telling.argmax())
    return f"{reading.words}, {show(row).strip(chr(39))} is {as_words(reading.clock[row])}"


def _shown(cells: Cells) -> Callable[[int], str]:
    """Return how errors show the cell of a row."""

    def show(row: int) -> str:
        cell = cells[row]
        if isinstance(cell, str):
            return repr(cell if len(cell) <= EXAMPLE_LENGTH else cell[:EXAMPLE_LENGTH] + "...")
        return str(cell).removesuffix(".0")

    return show


def _as_text(cells: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return cells as text; those of other types are written out."""
    if pd.api.types.infer_dtype(cells, skipna=False) == "string":
        return cells
    return np.array(["" if cell is None or cell != cell else str(cell) for cell in cells], dtype=object)


def _leading(flags: Any) -> int:
    array = np.asarray(flags)
    return len(array) if array.all() else int((~array).argmax())


def _longest(readings: list[Reading]) -> int:
    return max((_leading(reading.fits) for reading in readings), default=0)
