"""The rows of one of two series as its clock shows them: instants, days, and how far apart the rows are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from riskresearch.core._calendar_periods import PERIODS, Period, period_numbers
from riskresearch.core._labels import is_instance_of, show_instant

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Labels

    IntVector: TypeAlias = npt.NDArray[np.int64]

Frequency: TypeAlias = Literal["intraday", "day", "week", "month", "quarter", "year"]
FREQUENCIES: tuple[Frequency, ...] = ("intraday", "day", *PERIODS)
FEWEST_ROWS = 4
"""Three gaps, of which one may be unusual, show how far apart rows are; so a longer history shows the same."""
LEAST_GAPS_DAYS: tuple[tuple[float, Frequency], ...] = (
    (300.0, "year"),
    (80.0, "quarter"),
    (20.0, "month"),
    (5.0, "week"),
)
FEWEST_ROWS_OF_A_WEEK = 10
MONDAY_OF_1970 = 3
"""1970-01-01, day 0, was a Thursday."""


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """The rows of one series: its name in messages, its labels, and the day of each row by its own clock."""

    name: str
    labels: Labels
    instants: npt.NDArray[np.datetime64]
    shown: npt.NDArray[np.datetime64]
    days: IntVector
    """Days since 1970; that of a pandas Period is its last."""

    def when(self, row: int) -> str:
        """Return the date of a row, for messages."""
        return show_instant(self.labels, self.instants[row])

    def at(self, rows: IntVector) -> Clock:
        """Return the clock of some of the rows."""
        if rows.size == self.days.size:
            return self
        return Clock(self.name, self.labels, self.instants[rows], self.shown[rows], self.days[rows])

    @property
    def span(self) -> str:
        """The first and the last date, for messages."""
        return f"{self.when(0)} to {self.when(-1)}"

    @property
    def times_of_day(self) -> npt.NDArray[np.timedelta64]:
        """The time since midnight of each row."""
        times: npt.NDArray[np.timedelta64] = self.shown - self.shown.astype("datetime64[D]")
        return times

    def numbers(self, period: Period) -> IntVector:
        """Return the number of the period of each row; weeks begin on Monday."""
        return numbers_of(self.days, period)


def clock_of(labels: Labels, *, name: str) -> Clock | None:
    """Return the clock of dated rows, or None for rows without dates."""
    instants, shown = labels.instants, labels.dates
    if instants is None or shown is None:
        return None
    last: Any = labels.row_names
    ends = last.to_timestamp(how="end").to_numpy() if is_instance_of(last, "pandas", "PeriodIndex") else shown
    return Clock(name, labels, instants, shown, ends.astype("datetime64[D]").astype(np.int64))


def frequency_of(clock: Clock, start: int) -> Frequency | None:
    """Return how far apart four rows are, from the last one on or before day `start` on; None if there are fewer."""
    first = int(np.searchsorted(clock.days, start))
    if first and (first == clock.days.size or clock.days[first] > start):
        first -= 1
    gaps = np.diff(clock.days[first : first + FEWEST_ROWS])
    if gaps.size < FEWEST_ROWS - 1:
        return None
    if gaps.min() == 0:
        return "intraday"
    middle = float(np.median(gaps))
    return next((frequency for least, frequency in LEAST_GAPS_DAYS if middle >= least), "day")


def numbers_of(days: IntVector, period: Period) -> IntVector:
    """Return the number of the period of each day."""
    return period_numbers(days.astype("datetime64[D]"), period, name="how", data="data")


def first_days(days: IntVector, period: Period) -> IntVector:
    """Return the first day of the period of each day."""
    return _first_day_of(numbers_of(days, period), period)


def last_days(days: IntVector, period: Period) -> IntVector:
    """Return the last day of the period of each day."""
    return _first_day_of(numbers_of(days, period) + 1, period) - 1


def _first_day_of(numbers: IntVector, period: Period) -> IntVector:
    if period == "week":
        return numbers * 7 - MONDAY_OF_1970
    months = numbers * {"month": 1, "quarter": 3, "year": 12}[period]
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def is_weekend(days: Any) -> Any:
    """Return whether each day is a Saturday or a Sunday."""
    return (days + MONDAY_OF_1970) % 7 >= 5


def last_weekdays(days: IntVector) -> IntVector:
    """Return each day, or the Friday before it where it is a Saturday or a Sunday."""
    return days - np.maximum((days + MONDAY_OF_1970) % 7 - 4, 0)


def has_five_day_weeks(clock: Clock) -> bool:
    """Return whether ten rows, the first, show no Saturday and no Sunday."""
    first = clock.days[:FEWEST_ROWS_OF_A_WEEK]
    return first.size == FEWEST_ROWS_OF_A_WEEK and not bool(is_weekend(first).any())


def weekdays_apart(days: IntVector, others: IntVector) -> IntVector:
    """Return how many weekdays lie between two days, the later one included."""
    low, high = np.minimum(days, others) + 1, np.maximum(days, others) + 1
    counts: IntVector = np.busday_count(low.astype("datetime64[D]"), high.astype("datetime64[D]")).astype(np.int64)
    return counts


def is_labelled(clock: Clock, period: Period) -> bool:
    """Return whether the first rows are stamped with the first day of their period, at midnight."""
    first = clock.days[:FEWEST_ROWS]
    at_midnight = not clock.times_of_day[:FEWEST_ROWS].astype(np.int64).any()
    return at_midnight and bool((first == first_days(first, period)).all())
