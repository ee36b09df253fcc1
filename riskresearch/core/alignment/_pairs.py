"""Which rows of two series are one point in time: of one instant, one day, or one period of the calendar.

A pair never depends on later rows: a row is matched by its own date and by rows that are not after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from riskresearch.core._calendar_periods import Period
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import comparable_dates
from riskresearch.core.alignment._clock import (
    FEWEST_ROWS,
    FREQUENCIES,
    Clock,
    first_days,
    frequency_of,
    has_five_day_weeks,
    is_labelled,
    is_weekend,
    last_days,
    last_weekdays,
    numbers_of,
    weekdays_apart,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core.alignment._clock import Frequency, IntVector

MOST_WEEKDAYS_BEFORE = {"week": 3, "month": 8, "quarter": 8, "year": 8}
"""How long before the end of a period the last daily row may lie: holidays close an exchange for six weekdays or so."""
FEWEST_PAIRS = 2
SHORT_GAP_DAYS = 4
STEPS_OF_ANOTHER_FREQUENCY = 3
"""A month has twenty days and a quarter three months: a side with so many rows to one of the other is no like side."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The matched rows of two series, and where the returns of the first pair begin."""

    rows: tuple[IntVector, IntVector]
    before_first: tuple[int, int] | None
    """The row of each after which the return of the first pair begins.

    None where the two may begin on different days, so that the first pair is only where both begin.
    """

    def __len__(self) -> int:
        return int(self.rows[0].size)


def shared_start(one: Clock, two: Clock) -> int:
    """Return the first day of the span that two series share."""
    return int(max(one.days[0], two.days[0]))


def pairs_of_instants(one: Clock, two: Clock) -> Pairs:
    """Pair rows of the same instant; a zone on one of the two only is refused."""
    first, second = comparable_dates(one.labels, two.labels, name=one.name, beside=two.name)
    _, ours, theirs = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    return _from_common_rows(one, two, ours, theirs)


def pairs_of_days(one: Clock, two: Clock) -> Pairs:
    """Pair rows of the same day, each by its own clock; a second row on one day is refused."""
    for clock in (one, two):
        refuse_second_row_of_a_day(clock)
    _, ours, theirs = np.intersect1d(one.days, two.days, assume_unique=True, return_indices=True)
    return _from_common_rows(one, two, ours, theirs)


def refuse_second_row_of_a_day(clock: Clock) -> None:
    """Refuse several rows of one day where rows are to be matched by day."""
    again = np.flatnonzero(np.diff(clock.days) == 0)
    if again.size:
        raise InvalidInputError(
            f"{clock.name} must have one row a day to be matched by day, got {clock.when(int(again[0]))} and "
            f"{clock.when(int(again[0]) + 1)}. {daily_rows_of(clock.name)}"
        )


def daily_rows_of(name: str) -> str:
    """Return the remedy for several rows a day."""
    return (
        f"Make one row a day of it first: {name} = riskresearch.metrics.aggregate_returns({name}, to="
        f'"day") for returns, {name}.groupby({name}.index.normalize()).last() for prices.'
    )


def _from_common_rows(one: Clock, two: Clock, ours: IntVector, theirs: IntVector) -> Pairs:
    if ours.size < FEWEST_PAIRS:
        return Pairs((ours, theirs), None)
    return Pairs((ours, theirs), _before_first(one, two, int(ours[0]), int(theirs[0])))


def _before_first(one: Clock, two: Clock, row: int, other: int) -> tuple[int, int] | None:
    """Return where the first returns begin: known where both are first rows, taken from the longer side else."""
    if row and other:  # both have a row before, and these are no pair
        return None
    longer, place = (one, row) if row else (two, other)
    if place:
        before, here = longer.days[place - 1], longer.days[place]
        over_weekend = is_weekend(before) and not is_weekend(here)
        if over_weekend and 0 < here - before <= SHORT_GAP_DAYS:
            return None
    return None if _steps_differ(one, two, row, other) else (row - 1, other - 1)


def _steps_differ(one: Clock, two: Clock, row: int, other: int) -> bool:
    """Return whether one side has several rows to the first step of the other, and is no daily one over a weekend."""
    places = ((one, row), (two, other))
    within_a_day = any(clock.days[at + 1] == clock.days[at] for clock, at in places)
    times = [(clock.instants if within_a_day else clock.days, at) for clock, at in places]
    after = max(moments[at + 1] for moments, at in times)
    steps = max(int(np.searchsorted(moments, after, side="right")) - 1 - at for moments, at in times)
    long_gap = max(clock.days[at + 1] - clock.days[at] for clock, at in places) > SHORT_GAP_DAYS
    return steps >= STEPS_OF_ANOTHER_FREQUENCY and bool(within_a_day or long_gap)


def pairs_of_periods(one: Clock, two: Clock, period: Period) -> Pairs:
    """Pair the rows of the same week, month, quarter or year.

    Of rows of a shorter period, the one at the end of the longer period is its pair; of daily rows, the last one on or
    before the row of the period.
    """
    shown = known_frequencies(one, two)
    for clock, each in zip((one, two), shown, strict=True):
        if each == "intraday":
            raise InvalidInputError(
                f"{clock.name} has several rows a day, which do not end with a {period}. {daily_rows_of(clock.name)}"
            )
    ranks = [FREQUENCIES.index(each) for each in shown]
    if max(ranks) < FREQUENCIES.index(period):
        raise InvalidInputError(
            f"how={period!r} needs one row a {period} in {one.name} or {two.name}, but both have more."
            f"{by_common_days(one, two)}"
        )
    if min(ranks) >= FREQUENCIES.index(period):  # the slower one decides, as quarters do beside months
        period = cast("Period", FREQUENCIES[max(ranks)] if ranks[0] != ranks[1] else period)
    if ranks[0] == ranks[1]:
        return _pairs_of_one_each(one, two, period)
    if ranks[0] > ranks[1]:
        return _pairs_as_of(one, two, period, shown[1])
    mirrored = _pairs_as_of(two, one, period, shown[0])
    first = mirrored.before_first
    return Pairs((mirrored.rows[1], mirrored.rows[0]), None if first is None else (first[1], first[0]))


def known_frequencies(one: Clock, two: Clock) -> tuple[Frequency, Frequency]:
    """Return how far apart the rows of each are; too few rows to show it are refused."""
    start = shared_start(one, two)
    first, second = frequency_of(one, start), frequency_of(two, start)
    if first is None or second is None:
        short = one if first is None else two
        raise InvalidInputError(
            f"{short.name} needs at least {FEWEST_ROWS} rows from the beginning of "
            f"{one.name if short is two else two.name} on, which show how far apart they are, where the days of both "
            f"differ.{by_common_days(one, two)}"
        )
    return first, second


def by_common_days(one: Clock, two: Clock) -> str:
    """Return the remedy of matching by day, if that finds rows."""
    if not (np.diff(one.days).all() and np.diff(two.days).all()):
        return ""
    count = np.intersect1d(one.days, two.days, assume_unique=True).size
    return f' how="day" matches the {count:,} days that both have.' if count >= FEWEST_PAIRS else ""


def _last_of_each(clock: Clock, period: Period) -> IntVector:
    """Return the last row of each period; only the first period may have several, as from a fund's inception on."""
    numbers = clock.numbers(period)
    again = np.flatnonzero((np.diff(numbers) == 0) & (numbers[1:] != numbers[0]))
    if again.size:
        row = int(again[0])
        raise InvalidInputError(
            f"{clock.name} must have one row a {period} throughout, as at its beginning, got {clock.when(row)} "
            f"and {clock.when(row + 1)}."
        )
    last: IntVector = np.flatnonzero(np.append(np.diff(numbers) != 0, True))
    return last


def _pairs_of_one_each(one: Clock, two: Clock, period: Period) -> Pairs:
    own, other = _last_of_each(one, period), _last_of_each(two, period)
    _, ours, theirs = np.intersect1d(
        one.numbers(period)[own], two.numbers(period)[other], assume_unique=True, return_indices=True
    )
    return _from_common_rows(one, two, *_with_days_before(one, two, own[ours], other[theirs]))


def _with_days_before(one: Clock, two: Clock, ours: IntVector, theirs: IntVector) -> tuple[IntVector, IntVector]:
    """Add the common days of a first period of several rows, which are common rows whatever comes later."""
    if not ours.size:
        return ours, theirs
    places = np.arange(ours[0]), np.arange(theirs[0])
    found = np.intersect1d(one.days[places[0]], two.days[places[1]], return_indices=True)
    return np.append(found[1], ours), np.append(found[2], theirs)


def period_stamps(clock: Clock, rows: IntVector, period: Period) -> IntVector:
    """Return the days that rows of periods stand for: the last of the period where stamps are its first day."""
    days = clock.days[rows]
    if not is_labelled(clock, period):
        return days
    others = rows[days != first_days(days, period)]
    if others.size:
        raise InvalidInputError(
            f"{clock.name} must be dated on the first day of each {period} throughout, as its first rows are, got "
            f"{clock.when(int(others[0]))}."
        )
    return last_days(days, period)


def _pairs_as_of(coarse: Clock, fine: Clock, period: Period, step: Frequency) -> Pairs:
    own = _last_of_each(coarse, period)
    targets = period_stamps(coarse, own, period)
    if step in ("month", "quarter"):
        inside, found = _rows_of_shorter_periods(fine, targets, cast("Period", step))
    else:
        inside, found = _rows_on_or_before(fine, targets, labelled=is_labelled(coarse, period))
        here = fine.days[found]
        inside &= numbers_of(here, period) == coarse.numbers(period)[own]
        inside &= weekdays_apart(here, targets) <= MOST_WEEKDAYS_BEFORE[period]
    ours, theirs = _with_days_before(coarse, fine, own[inside], found[inside])
    if ours.size > 1 and ours[1] - ours[0] == theirs[1] - theirs[0] == 1:  # nothing shows yet that one is slower
        return _from_common_rows(coarse, fine, ours, theirs)
    return Pairs((ours, theirs), _base_of_first(coarse, fine, period, ours, theirs) if ours.size else None)


def _rows_of_shorter_periods(fine: Clock, targets: IntVector, step: Period) -> tuple[npt.NDArray[np.bool_], IntVector]:
    """Return which targets have a row of the month or quarter that they are in, and that row."""
    rows = _last_of_each(fine, step)
    numbers, wanted = fine.numbers(step)[rows], numbers_of(targets, step)
    places = np.minimum(np.searchsorted(numbers, wanted), numbers.size - 1)
    return numbers[places] == wanted, rows[places]


def _rows_on_or_before(fine: Clock, targets: IntVector, *, labelled: bool) -> tuple[npt.NDArray[np.bool_], IntVector]:
    """Return which targets the rows reach, and the last row on or before each."""
    ends = last_weekdays(targets) if has_five_day_weeks(fine) else targets
    found = np.searchsorted(fine.days, ends if labelled else targets, side="right") - 1
    return (found >= 0) & (fine.days[-1] >= ends), np.maximum(found, 0)


def _base_of_first(
    coarse: Clock, fine: Clock, period: Period, ours: IntVector, theirs: IntVector
) -> tuple[int, int] | None:
    """Return the last daily row of the period before, if the first return is that of a whole period."""
    stamp = coarse.days[ours[:1]]
    end = last_days(stamp, period)
    labelled = is_labelled(coarse, period)
    if ours[0] or not (labelled or weekdays_apart(stamp, end)[0] <= 1):
        return None
    before = first_days(stamp, period) - 1
    if not labelled and stamp[0] != end[0]:
        before = last_weekdays(before)
    base = int(np.searchsorted(fine.days, before[0], side="right")) - 1
    if base < 0 or numbers_of(fine.days[[base]], period)[0] != numbers_of(before, period)[0]:
        return None
    return -1, base
