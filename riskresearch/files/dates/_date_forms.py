"""The readings of dates that are written in one form: all that are possible, and which of them fit each cell."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from riskresearch.files.dates._date_cells import Integers, Parts, century
from riskresearch.files.dates._date_shapes import PERIODS
from riskresearch.files.dates._date_words import Period

FIRST_YEAR, LAST_YEAR = 1800, 2200
DAY_IN_NANOSECONDS = 86_400_000_000_000
PIVOT = "two-digit years are 1969 to 2068"
_NAMES = {"d": "day", "m": "month", "y": "year", "Y": "year"}

Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold one way to read the cells of a column.

    Attributes
    ----------
    words : str
        What it is called, such as "day/month/year".
    clock : array of datetime64[ns]
        The date and time of each cell by the clock that it shows; NaT where the reading does not fit.
    fits : array of bool
        Whether the reading fits each cell.
    order : str
        The letters of strptime for its numbers, where their order is open: "dmY".
    period : Period, optional
        What a cell names if not a day.
    note : str
        A rule that was applied.
    utc : bool
        Whether the clock is that of UTC, as for the seconds since 1970.
    far : array of bool, optional
        Whether the date exists in a year that is out of range.
    weekday : array of int64, optional
        The weekday of a date whose cell names another one, from 0 for Monday; else -1.
    """

    words: str
    clock: Days
    fits: npt.NDArray[np.bool_]
    order: str = ""
    period: Period | None = None
    note: str = ""
    utc: bool = False
    far: npt.NDArray[np.bool_] | None = None
    weekday: Integers | None = None


def readings_of(parts: Parts) -> list[Reading]:
    """Return the readings of cells of text that are no plain numbers."""
    family = parts.family.removesuffix(" short")
    note = PIVOT if family != parts.family or family.endswith("yy") else ""
    if family == "range":
        return [_of_ranges(parts)]
    if family in PERIODS:
        return [_of_periods(parts, family, note)]
    if family == "week day":
        return [_of_week_days(parts)]
    if family.startswith("a"):
        return _of_three_numbers(parts, family, note)
    words = {"named day": "day with the name of its month", "year month day": "year, month, day"}.get(family, family)
    return [_timed(parts, words, parts.get("year"), parts.get("month"), parts.get("day"), note=note)]


def _of_three_numbers(parts: Parts, family: str, note: str) -> list[Reading]:
    mark, short = family[1], family.endswith("yy")
    orders = ["dmy", "mdy"] if short else ["dmY", "mdY"]
    if short:
        orders.append("ymd")
    numbers = {place: parts.get(f"n{place}") for place in (1, 2, 3)}
    readings = []
    for order in orders:
        by_letter = {letter: numbers[place] for place, letter in enumerate(order, start=1)}
        year = century(by_letter["y"]) if short else by_letter["Y"]
        words = mark.join(_NAMES[letter] for letter in order)
        if short:  # a year of two digits keeps its zero
            one_digit = parts.get("narrow_first" if order == "ymd" else "narrow_last") > 0
            by_letter["d"] = np.where(one_digit, 0, by_letter["d"])
        readings.append(_timed(parts, words, year, by_letter["m"], by_letter["d"], order=order, note=note))
    return readings


def _timed(parts: Parts, words: str, year: Integers, month: Integers, day: Integers, **more: Any) -> Reading:
    """Return the reading of dates with their times of day and weekdays."""
    days, exists, far = civil(year, month, day)
    hour, minute, second = parts.get("hour"), parts.get("minute"), parts.get("second")
    end_of_day = (hour == 24) & (minute == 0) & (second == 0) & (parts.get("fraction") == 0)
    exists = exists & ((hour < 24) | end_of_day) & (minute < 60) & (second < 60)
    named, actual = parts.get("weekday"), (days.astype(np.int64) + 3) % 7
    other = exists & (named >= 0) & (named != actual)
    exists &= ~other
    fits = exists & ~far
    clock = with_time(days, hour * 3600 + minute * 60 + second, parts.get("fraction"), fits)
    return Reading(words, clock, fits, far=far & exists, weekday=np.where(other, actual, -1), **more)


def with_time(days: Days, seconds: Integers, nanoseconds: Integers, fits: npt.NDArray[np.bool_]) -> Days:
    """Return days with a time of day, NaT where a cell does not fit."""
    known = np.where(fits, days.astype(np.int64), 0)
    clock = (known * DAY_IN_NANOSECONDS + seconds * 1_000_000_000 + nanoseconds).astype("datetime64[ns]")
    clock[~fits] = np.datetime64("NaT")
    return clock


def civil(year: Integers, month: Integers, day: Integers) -> tuple[Days, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return the days of the calendar, whether each exists, and whether its year is out of range."""
    exists = (month >= 1) & (month <= 12) & (day >= 1)
    first = _first_of_month(year, np.where(exists, month, 1))
    days: Days = first.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    exists &= days.astype("datetime64[M]") == first
    return days, exists, (year < FIRST_YEAR) | (year > LAST_YEAR)


def _first_of_month(year: Integers, month: Integers) -> npt.NDArray[np.datetime64]:
    return ((np.clip(year, 0, 9999) - 1970) * 12 + month - 1).astype("datetime64[M]")


def end_of_month(year: Integers, month: Integers) -> Days:
    """Return the last calendar day of each month."""
    return (_first_of_month(year, month) + 1).astype("datetime64[D]") - 1


def _of_periods(parts: Parts, family: str, note: str) -> Reading:
    period: Period = PERIODS[family]
    year = parts.get("year")
    if period == "week":
        days, exists = _week_days(year, parts.get("week"), np.full(parts.rows, 7, dtype=np.int64))
        rule = "an ISO week is dated on its Sunday"
        return _of_days("year-week", days, exists, year, period, rule)
    length = {"month": 1, "quarter": 3, "half-year": 6}[period]
    number = parts.get("half_year" if period == "half-year" else period)
    exists = (number >= 1) & (number <= 12 // length)
    days = end_of_month(year, np.where(exists, number, 1) * length)
    words = {"year month": "year-month", "month year": "month/year", "month.year": "month.year"}.get(family, "")
    words = words or ("name of the month and year" if family == "named month" else f"{period} and year")
    rule = f"a {period} is dated on its last calendar day" + (f"; {note}" if note else "")
    return _of_days(words, days, exists, year, period, rule)


def _of_days(
    words: str, days: Days, exists: npt.NDArray[np.bool_], year: Integers, period: Period | None, note: str
) -> Reading:
    far = (year < FIRST_YEAR) | (year > LAST_YEAR)
    fits = exists & ~far
    zeros = np.zeros(len(days), dtype=np.int64)
    return Reading(words, with_time(days, zeros, zeros, fits), fits, period=period, note=note, far=far & exists)


def _of_week_days(parts: Parts) -> Reading:
    weekday = parts.get("weekday_number")
    days, exists = _week_days(parts.get("year"), parts.get("week"), weekday)
    exists = exists & (weekday >= 1) & (weekday <= 7)
    return _of_days("ISO year, week and weekday", days, exists, parts.get("year"), None, "")


def _of_ranges(parts: Parts) -> Reading:
    """Return the reading of weeks such as 2022-01-03/2022-01-09, as pandas writes its periods."""
    names = ("year", "month", "day")
    first, first_exists, _ = civil(*(parts.get(f"first_{name}") for name in names))
    last, last_exists, _ = civil(*(parts.get(name) for name in names))
    exists = first_exists & last_exists & ((last - first).astype(np.int64) == 6)
    return _of_days(
        "first/last day of a week", last, exists, parts.get("year"), "week", "a week is dated on its last day"
    )


def _week_days(year: Integers, week: Integers, weekday: Integers) -> tuple[Days, npt.NDArray[np.bool_]]:
    """Return the days of ISO weeks, the first of which is the week with January 4th, and whether each week exists."""
    ones = np.ones(len(year), dtype=np.int64)
    fourth = civil(year, ones, 4 * ones)[0]
    monday = fourth - (fourth.astype(np.int64) + 3) % 7
    next_fourth = civil(year + 1, ones, 4 * ones)[0]
    weeks = ((next_fourth - (next_fourth.astype(np.int64) + 3) % 7) - monday).astype(np.int64) // 7
    days: Days = monday + (week - 1) * 7 + weekday - 1
    return days, (week >= 1) & (week <= weeks)
