"""Dates written as plain numbers: 2022, 202201, 20220103, times since 1970, serial numbers of spreadsheets."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from riskresearch.files.dates._date_cells import Integers, Parts, century
from riskresearch.files.dates._date_forms import FIRST_YEAR, LAST_YEAR, Reading, civil, end_of_month, with_time

SECONDS = (157_766_400, 3_313_526_400)
"""Seconds from 1970 to 1975 and to 2075: the range in which numbers are times since 1970."""
EARLIEST_SECONDS = -5_364_662_400
_UNITS = (("seconds", 1), ("milliseconds", 10**3), ("microseconds", 10**6), ("nanoseconds", 10**9))
SPREADSHEET_EPOCH = np.datetime64("1899-12-30")
SERIALS = (367, 73_050)
"""Serial numbers of 1901 to 2099."""
FIRST_CERTAIN_SERIAL = 25_569
"""1970-01-01. Smaller numbers are as well days since 1960 (SAS, Stata) or 1970 (R) until 2029."""
NUMBER_OF_DAYS = "serial number of a spreadsheet"

DIFFERENT_DAYS_THAT_PROVE = 5
"""One of 27 numbers of 8 digits that begin like a year is a day: so many by chance are one in ten million."""

_CALENDAR = ("Ymd", "dmY", "mdY", "YmdH", "YmdHM", "YmdHMS", "dmYHM", "mdYHM", "dmYHMS", "mdYHMS")
"""Digits of dates by the letters of strptime."""
_SHORT_YEARS = ("ymdHM", "ymdHMS")
_PART_NAMES = {
    "Y": "year", "y": "two-digit year", "m": "month", "d": "day", "H": "hour", "M": "minute", "S": "second",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Numbers:
    """Hold numbers of a column: whole parts, billionths, and what text shows of their form."""

    whole: Integers
    billionths: Integers
    padded: npt.NDArray[np.bool_]
    """Whether a number has zeros in front."""
    decimals: npt.NDArray[np.int64]
    """Number of decimals as written, 0 where it is not known."""

    def leading(self, rows: int) -> "Numbers":
        """Return the first rows."""
        return Numbers(self.whole[:rows], self.billionths[:rows], self.padded[:rows], self.decimals[:rows])


def numbers_of_text(parts: Parts) -> Numbers:
    """Return the numbers of cells of text."""
    return Numbers(
        parts.get("whole"), parts.get("decimals"), parts.get("padded").astype(bool), parts.get("decimal_digits")
    )


def numbers_of_array(values: npt.NDArray[Any]) -> Numbers:
    """Return the numbers of an array without missing values."""
    zeros = np.zeros(len(values), dtype=np.int64)
    if values.dtype.kind != "f":
        return Numbers(values.astype(np.int64), zeros, zeros.astype(bool), zeros)
    bounded = np.where(np.abs(values) < 9e18, values, -1.0)
    floor = np.floor(bounded)
    millionths = np.round((bounded - floor) * 1e6).astype(np.int64)  # a double of seconds since 1970 is no finer
    return Numbers(floor.astype(np.int64), millionths * 1000, zeros.astype(bool), zeros)


def readings_of_numbers(numbers: Numbers) -> list[Reading]:
    """Return the readings under which the first number is a date; those by the calendar alone where one fits all."""
    calendar = [*_years(numbers), *_months(numbers), *_by_layout(numbers, _CALENDAR)]
    fitting = [reading for reading in calendar if reading.fits.all()]
    if fitting:
        return fitting
    short = [reading for reading in _by_layout(numbers, _SHORT_YEARS) if reading.fits.all()]
    others = [*calendar, *_since_1970(numbers), *short, *_serials(numbers)]
    return [reading for reading in others if reading.fits[0]]


def _whole_only(numbers: Numbers, low: int, high: int) -> npt.NDArray[np.bool_]:
    mask: npt.NDArray[np.bool_] = (numbers.billionths == 0) & (numbers.whole >= low) & (numbers.whole <= high)
    return mask & ~numbers.padded


def _dated(words: str, days: Any, fits: Any, **more: Any) -> Reading:
    zeros = np.zeros(len(days), dtype=np.int64)
    return Reading(words, with_time(days, zeros, zeros, fits), fits, **more)


def _years(numbers: Numbers) -> list[Reading]:
    fits = _whole_only(numbers, FIRST_YEAR, LAST_YEAR)
    if not fits[0]:
        return []
    days = end_of_month(numbers.whole, np.full(len(fits), 12, dtype=np.int64))
    return [_dated("year", days, fits, period="year", note="a year is dated on its last calendar day")]


def _months(numbers: Numbers) -> list[Reading]:
    note = "a month is dated on its last calendar day"
    year, month = numbers.whole // 100, numbers.whole % 100
    fits = _whole_only(numbers, FIRST_YEAR * 100, LAST_YEAR * 100 + 12) & (month >= 1) & (month <= 12)
    if fits[0]:
        ends = end_of_month(year, np.where(fits, month, 1))
        months = _dated("year and month in 6 digits", ends, fits, order="Ym", period="month", note=note)
        days = _digits_reading(numbers, "ymd")
        return [months, days] if days.fits.all() and not _next_month_each(year * 12 + month) else [months]
    year, month = numbers.whole, numbers.billionths // 10_000_000
    fits = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12)
    fits &= numbers.billionths % 10_000_000 == 0
    if not fits[0] or not ((month % 10 != 0) | (numbers.decimals == 2)).any():
        return []  # 2022.1 is October where 2022.01 is January, and either of them alone
    return [_dated("year.month", end_of_month(year, np.where(fits, month, 1)), fits, period="month", note=note)]


def _next_month_each(months: Integers) -> bool:
    """Return whether the months follow one another beyond the end of a year, as the days of a month cannot."""
    once = np.unique(months)
    return bool((np.diff(once) == 1).all()) and (once[0] - 1) // 12 < (once[-1] - 1) // 12


def _by_layout(numbers: Numbers, layouts: tuple[str, ...]) -> list[Reading]:
    """Return the readings by those layouts of digits under which the first number is a date."""
    return [_digits_reading(numbers, name) for name in layouts if _digits_reading(numbers.leading(1), name).fits[0]]


def _digits_reading(numbers: Numbers, layout: str) -> Reading:
    rest, part = numbers.whole, {}
    for letter in reversed(layout):
        size = 10_000 if letter == "Y" else 100
        part[letter], rest = rest % size, rest // size
    year = part["Y"] if "Y" in part else century(part["y"])
    days, exists, far = civil(year, part["m"], part["d"])
    zeros = np.zeros(len(days), dtype=np.int64)
    hour, minute, second = part.get("H", zeros), part.get("M", zeros), part.get("S", zeros)
    fits = exists & ~far & (hour < 24) & (minute < 60) & (second < 60) & (rest == 0) & (numbers.billionths == 0)
    digits = 2 * len(layout) + 2 * ("Y" in layout)
    fits &= numbers.whole >= 10 ** (digits - 2)
    names = [_PART_NAMES[letter] for letter in layout]
    words = f"{', '.join(names[:-1])} and {names[-1]} in {digits} digits"
    return Reading(words, with_time(days, hour * 3600 + minute * 60 + second, zeros, fits), fits, order=layout)


def _since_1970(numbers: Numbers) -> list[Reading]:
    readings = []
    for name, scale in _UNITS:
        low, high = SECONDS[0] * scale, SECONDS[1] * scale
        if not low <= int(numbers.whole.max()) <= high:
            continue
        fits = (numbers.whole >= EARLIEST_SECONDS * scale) & (numbers.whole <= high) & ~numbers.padded
        unit = 10**9 // scale
        nanoseconds = np.where(fits, numbers.whole, 0) * unit + numbers.billionths * unit // 10**9
        stamps = nanoseconds.astype("datetime64[ns]")
        stamps[~fits] = np.datetime64("NaT")
        readings.append(Reading(f"{name} since 1970", stamps, fits, utc=True))
    return readings


def _serials(numbers: Numbers) -> list[Reading]:
    if int(numbers.whole.max()) < FIRST_CERTAIN_SERIAL:
        return []
    fits = (numbers.whole >= SERIALS[0]) & (numbers.whole <= SERIALS[1]) & ~numbers.padded
    days = SPREADSHEET_EPOCH + np.where(fits, numbers.whole, 0)
    seconds = (numbers.billionths * 864 + 5_000_000) // 10_000_000  # spreadsheets store a time as a fraction of a day
    stamps = with_time(days, seconds, np.zeros(len(days), dtype=np.int64), fits)
    return [Reading(NUMBER_OF_DAYS, stamps, fits, note="day 1 is 1900-01-01, as in Excel for Windows")]


def other_count(number: int, *, whole: bool) -> str:
    """Return what a number could be that is not read as a date, with the way out; empty where nothing is known."""
    if not whole and FIRST_YEAR <= number <= LAST_YEAR:
        return " Years with a fraction are not read: write the months as 2022-01."
    if 693_962 <= number <= 767_375:
        return (
            " Numbers such as this are days since the year 0 (MATLAB's datenum), which are not read: write them with "
            "datestr(dates, 'yyyy-mm-dd')."
        )
    if 2_378_496 <= number <= 2_524_959:
        return " Numbers such as this are Julian days, which are not read: write the dates as 2022-01-03."
    if SERIALS[0] <= number < FIRST_CERTAIN_SERIAL:
        excel, sas, unix = (np.datetime64(start) + number for start in (SPREADSHEET_EPOCH, "1960-01-01", "1970-01-01"))
        return (
            f" As a number of days it is {excel} in Excel, {sas} in SAS and Stata, and {unix} in R: write the dates as "
            "2022-01-03."
        )
    return ""


def look_like_dates(numbers: Numbers) -> bool:
    """Return whether numbers of a sample are dates rather than prices or volumes: they also run in one direction."""
    whole = numbers.whole
    steps = np.diff(whole)
    if _years(numbers) and _whole_only(numbers, FIRST_YEAR, LAST_YEAR).all():
        return len(whole) > 2 and bool((steps == 1).all() or (steps == -1).all())
    readings = [reading for reading in readings_of_numbers(numbers) if reading.words != NUMBER_OF_DAYS]
    fitting = [reading for reading in readings if reading.fits.mean() > 0.8 and reading.words != "year"]
    if not fitting:
        return False
    proof = fitting[0].order and fitting[0].fits.all() and len(np.unique(whole)) >= DIFFERENT_DAYS_THAT_PROVE
    if not proof and not runs_one_way(fitting[0].clock[fitting[0].fits]):
        return False
    if fitting[0].words == "seconds since 1970":  # numbers of ten digits are volumes as well, those of more are not
        return bool(whole.min() > SECONDS[0] and np.mean(whole % 60 == 0) > 0.8)
    return True


def runs_one_way(clock: npt.NDArray[np.datetime64]) -> bool:
    """Return whether four of five steps from row to row go in one direction, those of zero aside."""
    steps = np.diff(clock).astype(np.int64)
    ahead, back = int((steps > 0).sum()), int((steps < 0).sum())
    return max(ahead, back) >= 4 * min(ahead, back)
