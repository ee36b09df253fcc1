"""The number of rows per year, from the dates of the rows: weekdays in use, weeks, months, or sessions of bars.

Five trading days a week are 252 rows a year wherever the weekend lies; other weeks in proportion, and seven days 365. A
stray session at a weekend, as exchanges hold to make up for holidays, makes no longer week.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.dates._weekdays import weekdays_in_use, weekdays_passed, words_of_week

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core.dates._weekdays import Days, Week

    Dates = npt.NDArray[np.datetime64]

DAYS_PER_YEAR = 365.25
MOST_ROWS_PER_YEAR = 8766.0
"""Hours of a year; faster rows are noisier than their days."""
FEWEST_DATES = 3
FEWEST_FOUR_WEEKS = 4
MOST_DAYS_FROM_THE_SAME_DAY_OF_A_MONTH = 6
SHARE_OF_EQUAL_STEPS = 0.9
# (shortest and longest median spacing in days, months between rows)
SPACINGS = (
    (26.0, 35.0, 1),
    (55.0, 66.0, 2),
    (80.0, 100.0, 3),
    (115.0, 130.0, 4),
    (175.0, 190.0, 6),
    (330.0, 400.0, 12),
)
READ_ON_ANY_DAY = (1, 3, 12)
"""Spacings in months that are read whatever the day of the month."""
NAMES_OF_PERIODS = {
    52.0: "week", 26.0: "two weeks", 24.0: "half month", 13.0: "four weeks", 12.0: "month", 6.0: "two months",
    4.0: "quarter", 3.0: "four months", 2.0: "half year", 1.0: "year",
}  # fmt: skip
SECONDS_PER_DAY = 86_400.0
FEWEST_DAYS_OF_BARS = 3
"""The first and the last may be cut off."""
SHARE_OF_REGULAR_BARS = 0.9
SECONDS_OF_A_SESSION = 23_400.0
"""Six and a half hours, as in New York."""
SHARE_OF_THE_CLOCK = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Spacing:
    """What dates show: the rows that make a year, and the calendar that they follow."""

    periods: float
    weekdays: Week | None = None
    """The weekdays in use, from Monday on, where rows are days or bars; else None."""
    plain: bool = True
    """Whether all weeks have the same weekdays."""
    bars: int = 1
    """The usual number of rows of a session."""
    seconds: float = 0.0
    """The time between bars; 0 where a session has one row."""

    @property
    def seen(self) -> str:
        """What the dates show, in words."""
        if self.weekdays is None:
            return f"one row per {NAMES_OF_PERIODS[self.periods]}"
        week = words_of_week(self.weekdays)
        return week if self.bars == 1 else f"{self.bars} bars of {_duration(self.seconds)} a session, {week}"


def periods_from_dates(dates: Dates | None) -> float | None:
    """Return the periods per year that `dates` show, or None for fewer than three dates or none at all."""
    spacing = read_spacing(dates)
    return None if spacing is None else spacing.periods


def read_spacing(dates: Dates | None) -> Spacing | None:
    """Return what `dates` show, None for fewer than three or none at all; irregular dates are refused."""
    if dates is None or dates.size < FEWEST_DATES:
        return None
    days = days_of(dates)
    steps = days[1:] - days[:-1]
    return _spacing_of_days(days, steps) if steps.all() else _spacing_of_bars(dates, days)


def days_of(dates: Dates) -> Days:
    """Return the days since 1970 of `dates`."""
    days: Days = dates.astype("datetime64[D]").view(np.int64)
    return days


def sessions_a_year(days_a_week: int) -> float:
    """Return the trading days of a year: 365, 252, or for other weeks in proportion to the latter (302 for six)."""
    return 365.0 if days_a_week == 7 else float(round(252 * days_a_week / 5))


def _spacing_of_days(days: Days, steps: Days) -> Spacing:
    """Return what rows on different days show; `steps` are the days between them."""
    spacing = 1.0 if 2 * np.count_nonzero(steps == 1) > steps.size else float(np.median(steps))
    if spacing <= 5.0:
        weekdays, plain = weekdays_in_use(days)
        count = int(np.count_nonzero(weekdays))
        few = not plain and bool((steps == 1).any())  # such as Thursday, Friday and Monday
        if spacing < 2.0 or (spacing == 2.0 and few) or (plain and 2 <= count <= 3):
            return Spacing(sessions_a_year(count), weekdays, plain)
    periods = _periods_of_weeks_or_months(days, steps, spacing)
    if periods is not None:
        return Spacing(periods)
    rows = (days.size - 1) * DAYS_PER_YEAR / float(days[-1] - days[0])
    raise InvalidInputError(
        f"periods_per_year must be given for dates with {spacing:g} days between rows (median): only daily, weekly, "
        f"monthly, quarterly and yearly spacing is read off. First to last date make {rows:.4g} rows a year: "
        f"periods_per_year={rows:.4g}."
    )


def _periods_of_weeks_or_months(days: Days, steps: Days, spacing: float) -> float | None:
    if 5.0 <= spacing <= 9.0:
        return 52.0
    if spacing == 28.0 and days.size >= FEWEST_FOUR_WEEKS and (steps == 28).all():
        return 13.0
    if 13.0 <= spacing <= 17.0:
        return _periods_of_half_months(days, steps)
    for shortest, longest, months in SPACINGS:
        if shortest <= spacing <= longest and (months in READ_ON_ANY_DAY or _every(months, days)):
            return 12.0 / months
    return None


def _periods_of_half_months(days: Days, steps: Days) -> float | None:
    if np.mean(steps == 14) >= SHARE_OF_EQUAL_STEPS:
        return 26.0
    halves = days[::2], days[1::2]
    return 24.0 if all(half.size >= 2 and _every(1, half) for half in halves) else None


def _every(months: int, days: Days) -> bool:
    """Return whether there is a row every so many months, near the same day counted from either end of the month."""
    dates = days.view("datetime64[D]")
    number = dates.astype("datetime64[M]")
    after = (dates - number.astype("datetime64[D]")).view(np.int64)
    before = ((number + 1).astype("datetime64[D]") - dates).view(np.int64)
    near = min(np.ptp(after), np.ptp(before)) <= MOST_DAYS_FROM_THE_SAME_DAY_OF_A_MONTH
    return bool(near and np.mean(np.diff(number.view(np.int64)) == months) >= SHARE_OF_EQUAL_STEPS)


def first_rows_of_days(days: Days) -> npt.NDArray[np.intp]:
    """Return the number of the first row of each day."""
    return np.flatnonzero(np.diff(days, prepend=days[0] - 1))


def _spacing_of_bars(dates: Dates, days: Days) -> Spacing:
    """Return what several rows a day show: the usual number of bars of a session, and its weekdays."""
    first = first_rows_of_days(days)
    counts = np.diff(first, append=days.size)
    inner = np.sort(counts[1:-1] if counts.size >= FEWEST_DAYS_OF_BARS else counts)
    usual = int(inner[inner.size // 2])
    if usual == 1:
        own = days[first]
        return _spacing_of_days(own, np.diff(own))
    within = (dates[1:] - dates[:-1])[days[1:] == days[:-1]]
    steps = within.view(np.int64)
    median = np.argpartition(steps, steps.size // 2)[steps.size // 2]
    step, seconds = int(steps[median]), float(within[median] / np.timedelta64(1, "s"))
    if step <= 0 or np.mean(steps % step == 0) < SHARE_OF_REGULAR_BARS:
        raise _irregular(counts, usual)
    if counts.size < FEWEST_DAYS_OF_BARS:
        raise _too_few_days(counts.size, seconds)
    usual = min(usual, round(SECONDS_PER_DAY / seconds))
    sessions = days[first[2 * counts >= usual]]
    clock = usual * seconds >= SHARE_OF_THE_CLOCK * SECONDS_PER_DAY
    weekdays, plain = weekdays_in_use(sessions, around_the_clock=clock)
    if clock and not weekdays_passed(sessions)[5:].any():
        raise _no_weekend(usual, seconds)
    return Spacing(sessions_a_year(int(np.count_nonzero(weekdays))) * usual, weekdays, plain, usual, seconds)


def _irregular(counts: npt.NDArray[np.intp], usual: int) -> InvalidInputError:
    return InvalidInputError(
        f"periods_per_year must be given for dates with several rows a day at irregular times: {counts.min():,} to "
        f"{counts.max():,} rows a day, usually {usual:,}. At that number on weekdays it is {_product(252, usual)}; "
        f"seven days a week {_product(365, usual)}."
    )


def _too_few_days(days: int, seconds: float) -> InvalidInputError:
    bars = max(1, round(SECONDS_OF_A_SESSION / seconds))
    return InvalidInputError(
        f"periods_per_year must be given for dates with several rows a day on {days} day{'s' if days > 1 else ''} "
        f"only, which may be cut off. Bars of {_duration(seconds)} in a 6.5-hour session: {_product(252, bars)}; "
        f"around the clock: {_product(365, max(1, round(SECONDS_PER_DAY / seconds)))}."
    )


def _no_weekend(bars: int, seconds: float) -> InvalidInputError:
    return InvalidInputError(
        f"periods_per_year must be given for dates with several rows a day, around the clock and without a weekend: "
        f"{bars} bars of {_duration(seconds)} a day are {_product(252, bars)} on weekdays and {_product(365, bars)} "
        "seven days a week."
    )


def _product(days: int, bars: int) -> str:
    return f"periods_per_year={days} * {bars} ({days * bars:,})"


def _duration(seconds: float) -> str:
    for unit, name in ((3600.0, "hour"), (60.0, "minute"), (1.0, "second")):
        if seconds >= unit:
            count = seconds / unit
            return f"{count:g} {name}{'' if count == 1.0 else 's'}"
    return f"{seconds:g} seconds"


def rows_per_year(dates: Dates | None) -> float | None:
    """Return how many rows a year has, from first to last date, at most those of hours; None without dates."""
    if dates is None or dates.size < 2:
        return None
    years = float((dates[-1] - dates[0]) / np.timedelta64(1, "D")) / DAYS_PER_YEAR
    return min((dates.size - 1) / max(years, 1e-9), MOST_ROWS_PER_YEAR)
