"""Holes in the dates of rows: the sessions, weeks or months without a row, by the calendar that the rows show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core.dates._spacing import DAYS_PER_YEAR, NAMES_OF_PERIODS, days_of, first_rows_of_days
from riskresearch.core.dates._weekdays import FIVE_DAY_WEEKS

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core.dates._spacing import Spacing
    from riskresearch.core.dates._weekdays import Days, Week

    Dates = npt.NDArray[np.datetime64]
    Numbers = npt.NDArray[np.int64]

ORDINARY_UNITS = ("week", "month", "quarter", "half year", "year")
FEWEST_ROWS = {"session": 20, "day": 20, "week": 12}
FEWEST_ROWS_OTHERWISE = 5


@dataclass(frozen=True, slots=True, eq=False)
class Tolerance:
    """What ordinary calendars miss: the longest hole, and the larger of a number and a share of all."""

    longest: int
    total: int
    share: float


ORDINARY = {
    # Of 66 calendars from 1960 on the longest holiday took 13 sessions (Shanghai, February 1999) and 60 rows had
    # 14 holes at most; a tenth of the weekdays of a year is more than the holidays of any.
    "session": Tolerance(13, 15, 0.11),
    "day": Tolerance(5, 5, 0.05),
    "week": Tolerance(2, 2, 0.05),
}
NO_TOLERANCE = Tolerance(0, 0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Holes:
    """The holes in the dates of rows, in their order."""

    after: Numbers
    """The number of the first row after each hole."""
    missing: Numbers
    """The sessions, weeks or months without a row in each."""
    expected: int
    """The sessions, weeks or months from first to last row."""
    unit: str

    @property
    def rows(self) -> int:
        """The sessions, weeks or months with a row."""
        return self.expected - self.total

    @property
    def total(self) -> int:
        """What is missing in all holes."""
        return int(self.missing.sum())

    @property
    def extraordinary(self) -> bool:
        """Whether more is missing than holidays and closed exchanges explain."""
        most = ORDINARY.get(self.unit, NO_TOLERANCE)
        if not self.missing.size:
            return False
        return int(self.missing.max()) > most.longest or self.total > max(most.total, most.share * self.expected)


def holes_in(dates: Dates, spacing: Spacing) -> Holes:
    """Return the holes in increasing `dates` by the calendar that they show."""
    days = days_of(dates)
    first = first_rows_of_days(days)
    own = days[first]
    if spacing.weekdays is None:
        between, unit = _periods_between(own, spacing.periods), NAMES_OF_PERIODS[spacing.periods]
        unit = unit if unit in ORDINARY_UNITS else "period"
    else:
        five = np.count_nonzero(spacing.weekdays) == 5
        weeks = FIVE_DAY_WEEKS if five and not spacing.plain else (spacing.weekdays,)
        between = np.minimum.reduce([_sessions_between(own, week) for week in weeks])
        unit = "day" if spacing.weekdays.all() else "session"
    return make_holes(between, first, unit)


def make_holes(between: Numbers, first: npt.NDArray[np.intp], unit: str, *, expected: int | None = None) -> Holes:
    """Return the holes between rows that begin days at `first`, with so many sessions between each and the next."""
    found = np.flatnonzero(between > 0)
    missing = between[found]
    return Holes(first[found + 1], missing, first.size + int(missing.sum()) if expected is None else expected, unit)


def enough_rows(count: int, unit: str) -> bool:
    """Return whether so many rows show a calendar in which holes stand out."""
    return count >= FEWEST_ROWS.get(unit, FEWEST_ROWS_OTHERWISE)


def _sessions_between(days: Days, week: Week) -> Numbers:
    """Return how many days of `week`, a flag for each weekday from Monday on, lie strictly between each two rows."""
    before = np.concatenate([[0], np.cumsum(week)])
    count = int(before[-1])
    weeks, weekday = np.divmod(days + 3, 7)  # 1970-01-01, day 0, was a Thursday
    until, through = weeks * count + before[weekday], weeks * count + before[weekday + 1]
    between: Numbers = until[1:] - through[:-1]
    return between


def _periods_between(days: Days, periods: float) -> Numbers:
    """Return how many weeks or months lie between each two rows, by days and by months, whichever is less."""
    between: Numbers = np.floor(np.diff(days) * periods / DAYS_PER_YEAR + 0.5).astype(np.int64) - 1
    if periods > 12.0:
        return between
    months = days.view("datetime64[D]").astype("datetime64[M]").view(np.int64)
    fewest: Numbers = np.minimum(between, np.diff(months) * int(periods) // 12 - 1)
    return fewest
