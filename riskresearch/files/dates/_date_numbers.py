"""Dates written as plain numbers: 2022, 202201, 20220103, times since 1970, serial numbers of spreadsheets."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from riskresearch.files.dates._date_cells import Integers, Parts, century
from riskresearch.files.dates._date_forms import FIRST_YEAR, LAST_YEAR, PIVOT, Reading, civil, end_of_month, with_time

CERTAIN_LAYOUTS = (
    "Ym", "mY", "Ymd", "dmY", "mdY", "Yj", "YmdH", "YmdHM", "YmdHMS", "dmYHM", "mdYHM", "dmYHMS", "mdYHMS",
)  # fmt: skip
"""Digits of dates by the letters of strptime. A column that fits one of them throughout is no count of anything."""
SHORT_LAYOUTS = ("ym", "ymd", "dmy", "mdy", "ymdHM", "ymdHMS")
_PART_NAMES = {
    "Y": "year", "y": "two-digit year", "m": "month", "d": "day", "j": "day of the year", "H": "hour", "M": "minute",
    "S": "second",
}  # fmt: skip
_DIGITS = {"Y": 4, "j": 3}

UNITS = (("seconds", 1), ("milliseconds", 10**3), ("microseconds", 10**6), ("nanoseconds", 10**9))
FIRST_SECONDS = 10**9
"""2001-09-09, from which on seconds since 1970 have ten digits; a column of them has to get there."""
EARLIEST_SECONDS = -5_364_662_400
SECONDS_FROM_1960_TO_1970 = 315_619_200
YEAR_IN_SECONDS = 366 * 86_400
SPREADSHEET_EPOCH = np.datetime64("1899-12-30")
SERIALS = (367, 73_050)
"""Serial numbers of 1901 to 2099."""
FIRST_CERTAIN_SERIAL = 32_874
"""1990-01-01. Smaller numbers are as well days since 1960 (SAS, Stata) or 1970 (R), or 26001, a year and its day."""
SERIAL_NUMBER = "serial number of a spreadsheet"
LONGEST_MEDIAN_STEP = 32 * 86_400 * 10**9
"""A month in nanoseconds."""
DIFFERENT_DAYS_THAT_PROVE = 5
"""One of 27 numbers of 8 digits that begin like a year is a day: so many by chance are one in ten million."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Hold numbers of a column: whole parts, billionths, and what text shows of their form."""

    whole: Integers
    billionths: Integers
    padded: npt.NDArray[np.bool_]
    """Whether a number has zeros in front."""
    digits: Integers
    """Number of digits of the whole part as written, 0 where it is not known."""
    decimals: Integers
    """Number of decimals as written, 0 where it is not known."""

    def first(self) -> "Numbers":
        """Return the first number alone."""
        return Numbers(self.whole[:1], self.billionths[:1], self.padded[:1], self.digits[:1], self.decimals[:1])


def numbers_of_text(parts: Parts) -> Numbers:
    """Return the numbers of cells of text."""
    padded = parts.get("padded").astype(bool)
    return Numbers(parts.get("whole"), parts.get("decimals"), padded, parts.get("width"), parts.get("decimal_digits"))


def numbers_of_array(values: npt.NDArray[Any]) -> Numbers:
    """Return the numbers of an array without missing values."""
    zeros = np.zeros(len(values), dtype=np.int64)
    if values.dtype.kind != "f":
        return Numbers(values.astype(np.int64), zeros, zeros.astype(bool), zeros, zeros)
    bounded = np.where(np.abs(values) < 9e18, values, -1.0)
    floor = np.floor(bounded)
    millionths = np.round((bounded - floor) * 1e6).astype(np.int64)  # a double of seconds since 1970 is no finer
    return Numbers(floor.astype(np.int64), millionths * 1000, zeros.astype(bool), zeros, zeros)


def readings_of_numbers(numbers: Numbers) -> list[Reading]:
    """Return the readings under which the first number is a date; those by the calendar alone where one fits all."""
    certain = [*_years(numbers), *_decimal_months(numbers), *_by_layout(numbers, CERTAIN_LAYOUTS)]
    fitting = [reading for reading in certain if reading.fits.all()]
    if any(_is_consecutive(reading) for reading in fitting):
        return fitting
    short = [reading for reading in _by_layout(numbers, SHORT_LAYOUTS) if reading.fits.all()]
    if fitting:
        return [*fitting, *short]
    others = [*certain, *_since_1970(numbers), *short, *_serials(numbers)]
    return [reading for reading in others if reading.fits[0]]


def _is_consecutive(reading: Reading) -> bool:
    """Return whether years or months in 6 digits follow one another: beyond the end of a year, no days do so."""
    if reading.period == "year":
        return bool((np.diff(np.unique(reading.clock.astype("datetime64[Y]").astype(np.int64))) == 1).all())
    if reading.order == "Ym":
        months = np.unique(reading.clock.astype("datetime64[M]").astype(np.int64))
        return bool((np.diff(months) == 1).all()) and months[0] // 12 < months[-1] // 12
    return False


def _dated(words: str, days: Any, fits: Any, **more: Any) -> Reading:
    zeros = np.zeros(len(days), dtype=np.int64)
    return Reading(words, with_time(days, zeros, zeros, fits), fits, **more)


def _years(numbers: Numbers) -> list[Reading]:
    whole = numbers.whole
    fits = (numbers.billionths == 0) & (whole >= FIRST_YEAR) & (whole <= LAST_YEAR) & ~numbers.padded
    if not fits[0]:
        return []
    days = end_of_month(whole, np.full(len(fits), 12, dtype=np.int64))
    return [_dated("year", days, fits, order="Y", period="year", note="a year is dated on its last calendar day")]


def _decimal_months(numbers: Numbers) -> list[Reading]:
    year, month = numbers.whole, numbers.billionths // 10_000_000
    fits = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12)
    fits &= numbers.billionths % 10_000_000 == 0
    if not fits[0] or not ((month % 10 != 0) | (numbers.decimals == 2)).any():
        return []  # 2022.1 is October where 2022.01 is January, and either of them alone
    days = end_of_month(year, np.where(fits, month, 1))
    return [_dated("year.month", days, fits, period="month", note="a month is dated on its last calendar day")]


def _by_layout(numbers: Numbers, layouts: tuple[str, ...]) -> list[Reading]:
    """Return the readings by those layouts of digits under which the first number is a date."""
    first, readings = numbers.first(), []
    for layout in layouts:
        count = sum(_DIGITS.get(letter, 2) for letter in layout)
        longest = int(numbers.digits.max()) or len(str(int(numbers.whole.max())))  # shorter ones have lost a zero
        if longest == count and _by_digits(first, layout, count).fits[0]:
            readings.append(_by_digits(numbers, layout, count))
    return readings


def _by_digits(numbers: Numbers, layout: str, count: int) -> Reading:
    rest, part = numbers.whole, {}
    for letter in reversed(layout):
        size = 10 ** _DIGITS.get(letter, 2)
        part[letter], rest = rest % size, rest // size
    ones, zeros = np.ones(len(rest), dtype=np.int64), np.zeros(len(rest), dtype=np.int64)
    year, month = part["Y"] if "Y" in part else century(part["y"]), part.get("m", ones)
    days, exists, far = civil(year, month, part.get("d", ones))
    if "j" in part:
        days = days + (part["j"] - 1)
        exists &= days.astype("datetime64[Y]").astype(np.int64) + 1970 == year
    hour, minute, second = part.get("H", zeros), part.get("M", zeros), part.get("S", zeros)
    fits = exists & ~far & (hour < 24) & (minute < 60) & (second < 60) & (rest == 0) & (numbers.billionths == 0)
    unpadded = (numbers.digits == count - 1) & ~numbers.padded & (layout[0] in "dm")
    written = (numbers.digits == count) | unpadded
    fits &= np.where(numbers.digits > 0, written, numbers.whole >= 10 ** (count - 2))
    names = [_PART_NAMES[letter] for letter in layout]
    words = f"{', '.join(names[:-1])} and {names[-1]} in {count} digits"
    note = PIVOT if "y" in part else ""
    if len(layout) == 2 and "m" in part:
        note = "a month is dated on its last calendar day" + (f"; {note}" if note else "")
        days = end_of_month(year, np.where(fits, month, 1))
        return _dated(words, days, fits, order=layout, period="month", note=note)
    clock = with_time(days, hour * 3600 + minute * 60 + second, zeros, fits)
    return Reading(words, clock, fits, order=layout, note=note)


def _last_seconds() -> int:
    """Return the last time that a history can have, with a year of grace for other clocks than this machine's."""
    return int(time.time()) + YEAR_IN_SECONDS


def _since_1970(numbers: Numbers) -> list[Reading]:
    readings = []
    for name, scale in UNITS:
        if not FIRST_SECONDS * scale <= int(numbers.whole.max()) <= _last_seconds() * scale:
            continue
        fits = (numbers.whole >= EARLIEST_SECONDS * scale) & ~numbers.padded
        unit = 10**9 // scale
        nanoseconds = np.where(fits, numbers.whole, 0) * unit + numbers.billionths * unit // 10**9
        stamps = nanoseconds.astype("datetime64[ns]")
        stamps[~fits] = np.datetime64("NaT")
        readings.append(Reading(f"{name} since 1970", stamps, fits, utc=True))
    return readings


def are_rounded(clock: npt.NDArray[np.datetime64]) -> bool:
    """Return whether all of three times or more are multiples of 100 seconds and some are no whole minutes."""
    seconds, rest = np.divmod(clock.astype(np.int64), 10**9)
    return len(clock) > 2 and bool((rest == 0).all() and (seconds % 100 == 0).all() and (seconds % 60 != 0).any())


def _serials(numbers: Numbers) -> list[Reading]:
    if int(numbers.whole.max()) < FIRST_CERTAIN_SERIAL:
        return []
    fits = (numbers.whole >= SERIALS[0]) & (numbers.whole <= SERIALS[1]) & ~numbers.padded
    days = SPREADSHEET_EPOCH + np.where(fits, numbers.whole, 0)
    seconds = (numbers.billionths * 864 + 5_000_000) // 10_000_000  # spreadsheets store a time as a fraction of a day
    stamps = with_time(days, seconds, np.zeros(len(days), dtype=np.int64), fits)
    return [Reading(SERIAL_NUMBER, stamps, fits, note="day 1 is 1900-01-01, as in Excel for Windows")]


def other_count(number: int, *, whole: bool) -> str:
    """Return what a number could be that is not read as a date, with the way out; empty where nothing is known."""
    named = (
        (
            (693_962, 767_375),
            "days since the year 0 (MATLAB's datenum)",
            "write them with datestr(dates, 'yyyy-mm-dd')",
        ),
        ((2_378_496, 2_524_959), "Julian days", "write the dates as 2022-01-03"),
        ((5 * 10**17, 8 * 10**17), "ticks since the year 1 (.NET)", "write the dates as 2022-01-03"),
    )
    for (low, high), what, remedy in named:
        if low <= number <= high:
            return f" Numbers such as this are {what}, which are not read: {remedy}."
    if not whole and FIRST_YEAR <= number <= LAST_YEAR:
        return " Years with a fraction are not read: write the months as 2022-01."
    if SERIALS[0] <= number < FIRST_CERTAIN_SERIAL:
        excel, sas, unix = (np.datetime64(start) + number for start in (SPREADSHEET_EPOCH, "1960-01-01", "1970-01-01"))
        return (
            f" As a number of days it is {excel} in Excel, {sas} in SAS and Stata, and {unix} in R: write the dates as "
            "2022-01-03."
        )
    for name, scale in UNITS[:2]:
        if _last_seconds() < number // scale < 2 * _last_seconds():
            unix, sas = (
                np.datetime64(number // scale - shift, "s").astype("datetime64[D]")
                for shift in (0, SECONDS_FROM_1960_TO_1970)
            )
            return (
                f" As {name} since 1970 it is {unix}, which is still to come, and as {name} since 1960 (SAS, Stata) "
                f"{sas}: write the dates as 2022-01-03."
            )
    if 10_000 <= number <= 999_999:
        return ' Pass date_format="%y%m%d" (--date-format "%y%m%d") if it holds year, month and day.'
    return ""


def look_like_dates(numbers: Numbers) -> bool:
    """Return whether numbers of a sample are dates rather than prices, volumes or counts.

    They have a year of four digits and run in one direction; two-digit years and serial numbers are dates by name only.
    """
    whole = numbers.whole
    found = readings_of_numbers(numbers)
    readings = [r for r in found if r.words != SERIAL_NUMBER and "y" not in r.order and r.fits.mean() > 0.8]
    if not readings:
        return False
    reading = readings[0]
    if reading.period == "year":
        return len(whole) > 2 and len(np.unique(np.diff(whole))) == 1 and abs(int(whole[1] - whole[0])) == 1
    proof = "Y" in reading.order and "d" in reading.order and reading.fits.all()
    if not (proof and len(np.unique(whole)) >= DIFFERENT_DAYS_THAT_PROVE) and not runs_one_way(
        reading.clock[reading.fits]
    ):
        return False
    return not reading.utc or _look_like_times(numbers, reading)


def _look_like_times(numbers: Numbers, reading: Reading) -> bool:
    """Return whether times since 1970 are no volumes or values: a step of a thousandth is 18 days."""
    steps = np.abs(np.diff(reading.clock[reading.fits]).astype(np.int64))
    if numbers.whole.min() <= 0 or (len(steps) and np.median(steps) > LONGEST_MEDIAN_STEP):
        return False
    if reading.words == "seconds since 1970":  # of numbers of ten digits there are many
        return bool(np.mean(numbers.whole % 60 == 0) > 0.8)
    return bool((numbers.billionths == 0).all())


def runs_one_way(clock: npt.NDArray[np.datetime64]) -> bool:
    """Return whether four of five steps from row to row go in one direction, those of zero aside."""
    steps = np.diff(clock).astype(np.int64)
    ahead, back = int((steps > 0).sum()), int((steps < 0).sum())
    return max(ahead, back) >= 4 * min(ahead, back)
