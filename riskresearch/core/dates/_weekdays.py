"""The weekdays on which rows have sessions, read from the days of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Days = npt.NDArray[np.int64]
    Week = npt.NDArray[np.bool_]

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONDAY_TO_FRIDAY, SUNDAY_TO_THURSDAY, SATURDAY_TO_WEDNESDAY = (
    np.array([number not in weekend for number in range(7)]) for weekend in ((5, 6), (4, 5), (3, 4))
)
FIVE_DAY_WEEKS = (MONDAY_TO_FRIDAY, SUNDAY_TO_THURSDAY, SATURDAY_TO_WEDNESDAY)
DAYS_OF_A_FEW_WEEKS = 28
"""In fewer days a weekday occurs less than four times, so that a holiday may hide it."""
SHARE_IN_USE = 0.5
PLAIN_SHARE_IN_USE, PLAIN_SHARE_OF_STRAY_ROWS = 0.75, 0.25
SHARE_OF_A_WEEKEND = 0.25


def weekdays_in_use(days: Days, *, around_the_clock: bool = True) -> tuple[Week, bool]:
    """Return which weekdays, from Monday on, have sessions, and whether all weeks of `days` are alike.

    A weekday is in use if it has at least half as many rows as the one with most. Where that leaves doubts, as after a
    change of the week, the week has the five days that have most rows.
    """
    counts = np.bincount((days + 3) % 7, minlength=7)  # 1970-01-01, day 0, was a Thursday
    if days[-1] - days[0] < DAYS_OF_A_FEW_WEEKS:
        return _weekdays_of_a_few_weeks(counts, days, around_the_clock), False
    shares = counts / counts.max()
    in_use = shares >= SHARE_IN_USE
    if in_use.all():
        return in_use, True
    if shares[in_use].min() >= PLAIN_SHARE_IN_USE and shares[~in_use].max() <= PLAIN_SHARE_OF_STRAY_ROWS:
        return in_use, True
    return max(FIVE_DAY_WEEKS, key=lambda week: int(counts[week].sum())), False


def _weekdays_of_a_few_weeks(counts: Days, days: Days, around_the_clock: bool) -> Week:
    """Return a week of five days if a weekend passed (almost) without rows, or if none has any; else of seven."""
    passed = weekdays_passed(days)
    for week in FIVE_DAY_WEEKS:
        if passed[~week].all() and counts[~week].sum() <= SHARE_OF_A_WEEKEND * passed[~week].sum():
            return week
    if not counts[5:].any():
        return MONDAY_TO_FRIDAY
    if around_the_clock or counts[5:].all():
        return np.ones(7, dtype=np.bool_)
    return SUNDAY_TO_THURSDAY if counts[6] else SATURDAY_TO_WEDNESDAY


def weekdays_passed(days: Days) -> Days:
    """Return how often each weekday, from Monday on, occurs from the first to the last of `days`."""
    passed: Days = np.bincount(np.arange(days[0] + 3, days[-1] + 4) % 7, minlength=7)
    return passed


def words_of_week(weekdays: Week) -> str:
    """Return the weekdays in words: "Sunday to Thursday", "every day", "Monday, Wednesday, Friday"."""
    count = int(np.count_nonzero(weekdays))
    if count == 7:
        return "every day"
    for first in range(7):
        if count > 2 and all(weekdays[(first + number) % 7] for number in range(count)):
            return f"{WEEKDAYS[first]} to {WEEKDAYS[(first + count - 1) % 7]}"
    return ", ".join(name for name, used in zip(WEEKDAYS, weekdays, strict=True) if used)
