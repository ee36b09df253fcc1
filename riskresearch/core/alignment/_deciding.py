"""The clock by which two series are matched where the caller leaves it open: one reading of the dates, or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from riskresearch.core._calendar_periods import PERIODS, Period
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.alignment._clock import (
    FREQUENCIES,
    Clock,
    first_days,
    is_labelled,
    last_days,
    weekdays_apart,
)
from riskresearch.core.alignment._pairs import (
    FEWEST_PAIRS,
    Pairs,
    by_common_days,
    daily_rows_of,
    known_frequencies,
    pairs_of_days,
    pairs_of_instants,
    pairs_of_periods,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core.alignment._clock import Frequency, IntVector

How: TypeAlias = Literal["exact", "day", "week", "month", "quarter", "year"]
Asked: TypeAlias = How | Literal["auto"]
HOWS: tuple[Asked, ...] = ("auto", "exact", "day", *PERIODS)
ADVERBS = {"day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}
LABELLED_PERIODS: tuple[Period, ...] = ("year", "quarter", "month")
MOST_WEEKDAYS_APART = {"week": (0.0, 3), "month": (1.0, 8), "quarter": (1.0, 8), "year": (1.0, 8)}
"""Median and maximum of the weekdays between the two rows of one period: none trades on the last, or on holidays."""
LEAST_SHARE_OF_DAYS_APART = 0.1
MOST_SHARE_LEFT_BY_A_SHIFT = 0.1
"""A market of other weekdays has other holidays as well, so that a shift leaves more of its days unmatched."""


def match(data: Clock, benchmark: Clock, how: Asked) -> tuple[How, Pairs]:
    """Return how the rows of two series are matched, and the matched rows, at least two."""
    _refuse_disjoint(data, benchmark)
    if how == "auto":
        chosen, pairs = _decide(data, benchmark)
    else:
        chosen, pairs = how, _pairs_by(data, benchmark, how)
    if len(pairs) < FEWEST_PAIRS:
        what = "instants" if chosen == "exact" else f"{chosen}s"
        raise InvalidInputError(
            f"{benchmark.name} ({benchmark.span}) and {data.name} ({data.span}) share {len(pairs)} {what}; at least "
            f"{FEWEST_PAIRS} are needed."
        )
    return chosen, pairs


def _pairs_by(data: Clock, benchmark: Clock, how: How) -> Pairs:
    if how == "exact":
        return pairs_of_instants(data, benchmark)
    return pairs_of_days(data, benchmark) if how == "day" else pairs_of_periods(data, benchmark, how)


def _refuse_disjoint(data: Clock, benchmark: Clock) -> None:
    if data.days[0] > benchmark.days[-1] or benchmark.days[0] > data.days[-1]:
        earlier, later = (data, benchmark) if data.days[-1] < benchmark.days[0] else (benchmark, data)
        raise InvalidInputError(
            f"{benchmark.name} ({benchmark.span}) and {data.name} ({data.span}) share no span of time: {earlier.name} "
            f"ends before {later.name} begins, so no row of one can be compared with one of the other."
        )


def _decide(data: Clock, benchmark: Clock) -> tuple[How, Pairs]:
    complete = _complete_match(data, benchmark)
    if complete is not None:
        return complete
    shown_by = zip(known_frequencies(data, benchmark), (data, benchmark), strict=True)
    slower, faster = sorted(shown_by, key=lambda each: -FREQUENCIES.index(each[0]))
    shown = slower[0]
    if faster[0] == "intraday":
        _refuse_intraday(slower, faster)
        return "exact", pairs_of_instants(data, benchmark)
    if shown == "day":
        pairs = pairs_of_days(data, benchmark)
        _refuse_shifted_days(data, benchmark)
        return "day", pairs
    period: Period = shown  # type: ignore[assignment]
    if faster[0] != shown:
        _refuse_other_than_ends(slower[1], faster, period)
    pairs = pairs_of_periods(data, benchmark, period)
    _refuse_distant(data, benchmark, pairs, period, same_frequency=faster[0] == shown)
    return period, pairs


def _complete_match(data: Clock, benchmark: Clock) -> tuple[How, Pairs] | None:
    """Return the match by instant or day, if inside of the shared span it leaves no row of either out."""
    if data.labels.zoned == benchmark.labels.zoned:
        pairs = pairs_of_instants(data, benchmark)
        if _is_complete(pairs, data.instants, benchmark.instants):
            return "exact", pairs
    if all(np.diff(clock.days).all() for clock in (data, benchmark)):
        pairs = pairs_of_days(data, benchmark)
        if _is_complete(pairs, data.days, benchmark.days):
            return "day", pairs
    return None


def _is_complete(pairs: Pairs, own: npt.NDArray[Any], other: npt.NDArray[Any]) -> bool:
    if len(pairs) < FEWEST_PAIRS:
        return False
    first, last = max(own[0], other[0]), min(own[-1], other[-1])
    return all(int(((side >= first) & (side <= last)).sum()) == len(pairs) for side in (own, other))


def _refuse_intraday(slower: tuple[Frequency, Clock], faster: tuple[Frequency, Clock]) -> None:
    """Refuse several rows a day beside one, or beside bars of another length."""
    if slower[0] != "intraday":
        raise InvalidInputError(
            f"{faster[1].name} has several rows a day and {slower[1].name} has one row a {slower[0]}. "
            f"{daily_rows_of(faster[1].name)}"
        )
    typical = [np.median(np.diff(clock.instants).astype("timedelta64[s]").astype(np.int64)) for _, clock in
               (slower, faster)]  # fmt: skip
    if max(typical) > 1.5 * min(typical):
        raise InvalidInputError(
            f"{slower[1].name} and {faster[1].name} have bars of {typical[0] / 60:g} and {typical[1] / 60:g} minutes. "
            'Where each bar is stamped at its end, how="exact" matches them; where at its beginning, move each index '
            "by the length of its bars first."
        )


def _refuse_shifted_days(data: Clock, benchmark: Clock) -> None:
    """Refuse days that are mostly those of the other series, but one earlier or later."""
    for clock, other in ((data, benchmark), (benchmark, data)):
        inside = (clock.days >= other.days[0]) & (clock.days <= other.days[-1])
        times = clock.times_of_day[inside]
        for time in np.unique(times):
            days = clock.days[inside][times == time]
            alone = _missing(days, other)
            if alone < LEAST_SHARE_OF_DAYS_APART * days.size or not alone:
                continue
            for shift in (1, -1):
                if _missing(days + shift, other) <= MOST_SHARE_LEFT_BY_A_SHIFT * alone:
                    _refuse_two_readings(clock, other, days, shift, alone)


def _missing(days: IntVector, other: Clock) -> int:
    return int((~np.isin(days, other.days)).sum())


def _refuse_two_readings(clock: Clock, other: Clock, days: IntVector, shift: int, alone: int) -> None:
    first = days[~np.isin(days, other.days)][0]
    row = int(np.searchsorted(clock.days, first))
    move = "convert it to the zone of its exchange with .tz_convert(zone)" if clock.labels.zoned else (
        f"{clock.name}.index = {clock.name}.index {'+' if shift > 0 else '-'} pd.Timedelta(days=1)"
    )  # fmt: skip
    raise InvalidInputError(
        f"the days of {clock.name} are those of {other.name}, but one {'earlier' if shift > 0 else 'later'}: as its "
        f"clock shows them, {alone} are not in {other.name}, the first at {clock.when(row)}. If its stamps are of "
        f"another clock, {move}.{by_common_days(clock, other)}"
    )


def _refuse_other_than_ends(slow: Clock, faster: tuple[Frequency, Clock], period: Period) -> None:
    """Refuse weeks beside longer periods, and stamps that may stand for their day or for the period it begins."""
    step, fast = faster
    if step == "week":
        raise InvalidInputError(
            f"{fast.name} has weekly rows and {slow.name} {ADVERBS[period]} ones, and weeks do not end with {period}s. "
            f"Pass daily rows of {fast.name}."
        )
    inside = slow.days[(slow.days >= fast.days[0]) & (slow.days <= fast.days[-1])]
    of_day = step == "day" and bool(np.isin(inside, fast.days).all())
    if is_labelled(slow, period) and (period == "week" or of_day):
        raise InvalidInputError(
            f"{slow.name} is dated on the first day of each {period} ({slow.when(0)}, {slow.when(1)}) beside the "
            f"{ADVERBS[step]} rows of {fast.name}. Each row may stand for its {period}: how={period!r}; or for that "
            'day: how="day".'
        )


def _refuse_distant(data: Clock, benchmark: Clock, pairs: Pairs, period: Period, *, same_frequency: bool) -> None:
    """Refuse rows of one period that do not stand for the same end of it."""
    if len(pairs) < FEWEST_PAIRS:
        return
    days = [clock.days[rows] for clock, rows in zip((data, benchmark), pairs.rows, strict=True)]
    if _are_near(days[0], days[1], period):
        return
    ends = [_ends_of_labels(clock, each) for clock, each in zip((data, benchmark), days, strict=True)]
    if period != "week" and _are_near(ends[0], ends[1], period):
        for clock, other in ((data, benchmark), (benchmark, data)) if same_frequency else ():
            _refuse_the_day_before(clock, other, pairs, period)
        return
    apart = weekdays_apart(days[0], days[1])
    row = int(apart.argmax())
    raise InvalidInputError(
        f"{data.name} and {benchmark.name} have one row a {period}, but up to {apart[row]} weekdays apart "
        f"({data.when(int(pairs.rows[0][row]))} and {benchmark.when(int(pairs.rows[1][row]))}), so their returns span "
        f"different days. how={period!r} matches them all the same."
    )


def _ends_of_labels(clock: Clock, days: IntVector) -> IntVector:
    """Return the last days of the periods whose first days the stamps are, of other stamps the days themselves."""
    for period in LABELLED_PERIODS:
        if is_labelled(clock, period) and (days == first_days(days, period)).all():
            return last_days(days, period)
    return days


def _are_near(days: IntVector, others: IntVector, period: Period) -> bool:
    apart = weekdays_apart(days, others)
    usual, largest = MOST_WEEKDAYS_APART[period]
    return bool(np.median(apart) <= usual and apart.max() <= largest)


def _refuse_the_day_before(labelled: Clock, other: Clock, pairs: Pairs, period: Period) -> None:
    """Refuse first days of periods that match more rows as the end of the period before than as their own period."""
    if not is_labelled(labelled, period):
        return
    before = np.intersect1d(last_days(labelled.days - 1, period), last_days(other.days, period))
    if before.size > len(pairs):
        raise InvalidInputError(
            f"{labelled.name} is dated on the first day of each {period}, which may stand for that {period} or for "
            f"the end of the one before: the first matches {len(pairs)} rows of {other.name}, the second "
            f"{before.size}. For the first pass how={period!r}; for the second subtract a day from its index."
        )
