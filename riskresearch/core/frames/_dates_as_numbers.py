"""Dates that are written as numbers, such as 202401 or seconds since 1970, and the code that converts them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import warn_user
from riskresearch.core.frames._dates_as_text import is_name_of_dates

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector

FEWEST_ROWS_OF_DATES = 3
FEWEST_ROWS_OF_YEARS = 5
FEWEST_ROWS_OF_WEEKS = 10  # with all weekends left out
FIRST_YEAR, LAST_YEAR = 1900, 2100
SECONDS_OF_1975_TO_2075 = (157_766_400.0, 3_313_526_400.0)
DAYS_OF_SPREADSHEETS = (25_569, 73_050)  # 1970 to 2099, counted from 1899-12-30
DAYS_SINCE_1970 = (7_305, 25_568)  # 1990 to 2040
DAYS_SINCE_YEAR_1 = (719_163, 767_009)  # 1970 to 2100, as date.toordinal() counts them
MONDAY_OF_SPREADSHEETS, MONDAY_SINCE_1970, MONDAY_SINCE_YEAR_1 = 2, 4, 1
LONGEST_DIGITS = 1e14  # YYYYMMDDHHMMSS
MINUTES_A_DAY = 1_440.0
LEAST_MONTH = 190_001
LARGEST_ROW_NUMBER = 100_000_000  # of a table that fits in memory
LENGTHS_OF_PERIODS = ((28, 31), (90, 92), (365, 366))  # months, quarters and years in days


@dataclass(frozen=True, slots=True)
class Reading:
    """What dates numbers or texts encode, and the code that converts them, with {} for what holds them."""

    what: str
    code: str
    sure: bool = True
    """Whether the numbers can hardly be row numbers."""


def check_row_numbers(numbers: npt.NDArray[Any], *, name: str, counted: bool = False) -> None:
    """Refuse an index of dates that are written as numbers; warn where they may be row numbers as well.

    `counted` marks a RangeIndex, which rows of a slice have: only months and longer numbers are doubted there.
    """
    doubles = numbers.astype(np.float64)
    if not np.isfinite(doubles).all():
        row = int((~np.isfinite(doubles)).argmax())
        raise InvalidInputError(
            f"{name} must have a date or a number on each row, got {numbers[row]} on row {row}. Number the rows with "
            f"{name}.reset_index(drop=True)."
        )
    reading = reading_as_dates(doubles)
    if reading is None or (counted and not (reading.sure and numbers[0] > LEAST_MONTH)):
        return
    first, last = (f"{number:.10g}" if number % 1 else f"{number:.0f}" for number in (numbers[0], numbers[-1]))
    code = reading.code.format(f"{name}.index")
    if reading.sure and not (counted and numbers[0] <= LARGEST_ROW_NUMBER):
        raise InvalidInputError(
            f"{name} must be indexed by dates or by row numbers, got {first} to {last}, which read as {reading.what}. "
            f"Convert it with {name}.index = {code}, or number the rows with {name}.reset_index(drop=True)."
        )
    warn_user(
        f"{name} has the row numbers {first} to {last}. As numbers they are not dates, and undated rows count as days; "
        f"as {reading.what}, convert them with {name}.index = {code}."
    )


def numbers_as_dates(numbers: npt.NDArray[Any], column: str) -> Reading | None:
    """Return the dates that a column of an undated table encodes; None where it holds other numbers.

    Years, and days that are counted, can be prices as well. Times since 1970 can be amounts of money, so the name of
    the column decides.
    """
    values = numbers.astype(np.float64)
    if values.size < FEWEST_ROWS_OF_DATES or not np.isfinite(values).all():
        return None
    steps = np.diff(values)
    if not ((steps > 0.0).all() or (steps < 0.0).all()):
        return None
    reading = _digits(values) or _times(values)
    if reading is None or not (
        is_name_of_dates(column) or ("YYYY" in reading.what and values.size >= FEWEST_ROWS_OF_YEARS)
    ):
        return None
    return reading


def reading_as_dates(numbers: FloatVector) -> Reading | None:
    """Return what dates the numbers encode; None if they encode none."""
    if numbers.size < FEWEST_ROWS_OF_DATES or not np.isfinite(numbers).all():
        return None
    if (numbers != np.floor(numbers)).any():
        return _fractions(numbers)
    return _digits(numbers) or _times(numbers) or _counts(numbers)


def _digits(numbers: FloatVector) -> Reading | None:
    """Return the reading of numbers whose digits are those of a date."""
    if (numbers != np.floor(numbers)).any() or not _within(numbers, FIRST_YEAR, LONGEST_DIGITS):
        return None
    whole = numbers.astype(np.int64)
    if _is_month(whole):
        return Reading("months (YYYYMM)", "pd.PeriodIndex({}.astype(int).astype(str), freq='M')")
    if _is_day(whole):
        return Reading("days (YYYYMMDD)", "pd.to_datetime({}.astype(int).astype(str))")
    for digits, parts, form in ((4, "HHMM", "%H%M"), (6, "HHMMSS", "%H%M%S")):
        clock = whole % 10**digits
        if _is_day(whole // 10**digits) and _is_clock(clock if digits == 6 else clock * 100):
            return Reading(
                f"times (YYYYMMDD{parts})",
                "pd.to_datetime({}.astype('int64').astype(str), format='%Y%m%d" + form + "')",
            )
    if _within(whole // 1000, FIRST_YEAR, LAST_YEAR) and _within(whole % 1000, 1, 366):
        return Reading("days of years (YYYYDDD)", "pd.to_datetime({}.astype(int).astype(str), format='%Y%j')")
    return None


def _is_month(numbers: npt.NDArray[np.int64]) -> bool:
    return _within(numbers // 100, FIRST_YEAR, LAST_YEAR) and _within(numbers % 100, 1, 12)


def _is_day(numbers: npt.NDArray[np.int64]) -> bool:
    return _is_month(numbers // 100) and _within(numbers % 100, 1, 31)


def _is_clock(numbers: npt.NDArray[np.int64]) -> bool:
    return bool((numbers // 10_000 < 24).all() and (numbers // 100 % 100 < 60).all() and (numbers % 100 < 60).all())


def _times(numbers: FloatVector) -> Reading | None:
    for unit, a_second in (("s", 1.0), ("ms", 1e3), ("us", 1e6), ("ns", 1e9)):
        if _within(numbers / a_second, *SECONDS_OF_1975_TO_2075):
            return Reading(f"times since 1970 in {unit}", "pd.to_datetime({}, unit=" + repr(unit) + ")")
    return None


def _counts(numbers: FloatVector) -> Reading | None:
    """Return the reading of years, quarters and days that are counted; row numbers may look alike."""
    steps = np.diff(numbers)
    if _within(numbers, FIRST_YEAR, LAST_YEAR) and (steps == 1.0).all() and numbers.size >= FEWEST_ROWS_OF_YEARS:
        return Reading("years", "pd.PeriodIndex({}.astype(int).astype(str), freq='Y')", sure=False)
    if _within(numbers // 10, FIRST_YEAR, LAST_YEAR) and _within(numbers % 10, 1, 4) and np.isin(steps, (1, 7)).all():
        sure = numbers.size >= FEWEST_ROWS_OF_YEARS
        quarters = "pd.PeriodIndex([f'{{q // 10:.0f}}Q{{q % 10:.0f}}' for q in {}], freq='Q')"
        return Reading("quarters (YYYYQ)", quarters, sure)
    if _within(numbers, *DAYS_OF_SPREADSHEETS):
        sure, plausible = _spaced_like_days(numbers, MONDAY_OF_SPREADSHEETS)
        code = "pd.to_datetime({}, unit='D', origin='1899-12-30')"
        return Reading("days as spreadsheets count them", code, sure) if plausible else None
    if _within(numbers, *DAYS_SINCE_1970):
        sure, _ = _spaced_like_days(numbers, MONDAY_SINCE_1970)
        return Reading("days since 1970", "pd.to_datetime({}, unit='D')") if sure else None
    if _within(numbers, *DAYS_SINCE_YEAR_1):
        sure, _ = _spaced_like_days(numbers, MONDAY_SINCE_YEAR_1)
        return Reading("days since the year 1", "pd.to_datetime({} - 719163, unit='D')") if sure else None
    return None


def _spaced_like_days(numbers: FloatVector, monday: int) -> tuple[bool, bool]:
    """Return whether counted days are surely dates, by their weekends, months or quarters, and whether they may be."""
    steps = np.diff(numbers)
    if not (steps > 0.0).all():
        return False, False
    weekends = (numbers - monday) % 7 >= 5
    weekdays = bool(not weekends.any() and np.median(steps) == 1.0 and (steps == 3.0).any())
    periods = any(_within(steps, *length) for length in LENGTHS_OF_PERIODS) and bool(np.ptp(steps) or steps[0] >= 90)
    sure = periods or (weekdays and numbers.size >= FEWEST_ROWS_OF_WEEKS)
    return sure, sure or weekdays or bool((steps == 1.0).all())


def _fractions(numbers: FloatVector) -> Reading | None:
    """Return the reading of years with fractions (2020.25) and of spreadsheets' days with a time."""
    steps = np.diff(numbers)
    if not (steps > 0.0).all():
        return None
    if _within(numbers, FIRST_YEAR, LAST_YEAR) and steps.max() <= 1.0:
        hundredths = np.rint(numbers % 1.0 * 100.0)
        if _within(hundredths, 1, 12) and np.allclose(numbers % 1.0 * 100.0, hundredths, rtol=0.0, atol=1e-6):
            return Reading("months (YYYY.MM)", "pd.PeriodIndex([f'{{t:.2f}}' for t in {}], freq='M')")
        for parts, letter, what in ((4, "Q", "quarters"), (12, "M", "months")):
            if np.allclose(numbers * parts, np.rint(numbers * parts), rtol=0.0, atol=0.05):
                code = f"pd.PeriodIndex.from_ordinals([round((t - 1970) * {parts}) for t in {{}}], freq='{letter}')"
                return Reading(f"{what} as fractions of years", code)
        code = "pd.to_datetime(({} - 1970) * 365.2425, unit='D').round('D')"
        return Reading("days as fractions of years", code)
    minutes = numbers * MINUTES_A_DAY
    if _within(numbers, *DAYS_OF_SPREADSHEETS) and np.allclose(minutes, np.rint(minutes), rtol=0.0, atol=1e-2):
        code = "pd.to_datetime({}, unit='D', origin='1899-12-30').round('s')"
        return Reading("days and times as spreadsheets count them", code)
    return _times(numbers)


def _within(numbers: npt.NDArray[Any], first: float, last: float) -> bool:
    return bool(numbers.min() >= first and numbers.max() <= last)
