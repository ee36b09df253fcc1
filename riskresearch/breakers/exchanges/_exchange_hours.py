"""The hours of the US stock exchanges: their zone, their regular session, and early closes as dated rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from riskresearch.core._errors import InvalidInputError, OptionalDependencyError

ZONE = "America/New_York"
OPEN_SECOND = (9 * 60 + 30) * 60
CLOSE_MINUTE = 16 * 60
LAST_DAY = date(9999, 12, 31)
MON, TUE, WED, THU, FRI = range(5)


class Dated(Protocol):
    """A rule with the day on which it begins."""

    @property
    def first_day(self) -> date:
        """The day on which it begins."""


DatedRule = TypeVar("DatedRule", bound=Dated)


class EarlyClose(NamedTuple):
    """Days that are scheduled to end early: those of a month, by number and weekday, from one day to another."""

    first_day: date
    last_day: date
    month: int
    days: range
    weekdays: tuple[int, ...]
    minute: int
    """The minute of the day, in New York, at which the session ends."""


# New York Stock Exchange, "Special Closings" (its list of shortened days since 1885), and the yearly "Holiday and Early
# Closings Calendar" of NYSE Group. The days of 1988 to 2026 were compared with pandas_market_calendars 5.5.0 and
# exchange_calendars 4.13.2: these are the scheduled ones of both, and all of both but 31 December 1999, which only the
# second has. Sessions that ended early without a schedule (snow, a halt) are not here: the rules speak of an "early
# scheduled close".
EARLY_CLOSES = (
    EarlyClose(date(1990, 12, 24), date(1992, 12, 24), 12, range(24, 25), (MON, TUE, WED, THU), 14 * 60),
    EarlyClose(date(1993, 12, 24), LAST_DAY, 12, range(24, 25), (MON, TUE, WED, THU), 13 * 60),
    # The Friday after Thanksgiving, the fourth Thursday.
    EarlyClose(date(1992, 11, 27), date(1992, 11, 27), 11, range(23, 30), (FRI,), 14 * 60),
    EarlyClose(date(1993, 11, 26), LAST_DAY, 11, range(23, 30), (FRI,), 13 * 60),
    # Beside Independence Day; on 3 July of other weekdays the exchanges are closed or open all day.
    EarlyClose(date(1995, 7, 3), LAST_DAY, 7, range(3, 4), (MON, TUE, THU), 13 * 60),
    EarlyClose(date(1996, 7, 5), date(2012, 12, 31), 7, range(5, 6), (FRI,), 13 * 60),
    EarlyClose(date(2013, 7, 3), LAST_DAY, 7, range(3, 4), (WED,), 13 * 60),
    EarlyClose(date(1997, 12, 26), date(1997, 12, 26), 12, range(26, 27), (FRI,), 13 * 60),
    EarlyClose(date(2003, 12, 26), date(2003, 12, 26), 12, range(26, 27), (FRI,), 13 * 60),
)


@cache
def _zone() -> ZoneInfo:
    try:
        return ZoneInfo(ZONE)
    except ZoneInfoNotFoundError as error:
        raise OptionalDependencyError(
            f"times with a zone are read in that of the exchange, and this machine does not know {ZONE}: "
            "pip install tzdata"
        ) from error


def exchange_time(time: Any) -> Any:
    """Return a time on the clock of the exchange, a date as it is, and None where the time is not known.

    A time without a zone is the exchange's.
    """
    if time is None or time != time:
        return None
    if hasattr(time, "astype") and hasattr(time, "dtype") and time.dtype.kind == "M":
        time = time.astype("datetime64[us]").item()
    if not isinstance(time, date):
        raise InvalidInputError(
            f"time must be a datetime, a date or a datetime64 for an exchange's rule, got {time!r}."
        )
    if isinstance(time, datetime) and time.utcoffset() is not None:
        return time.astimezone(_zone())
    return time


def exchange_day(time: Any, *, daily: bool) -> Any:
    """Return `exchange_time`; a daily bar of midnight on its own clock is called by its date, which is kept."""
    if daily and isinstance(time, datetime) and not (time.hour or time.minute or time.second):
        return time.date() if time == time else None
    return exchange_time(time)


def close_minute(day: date) -> int:
    """Return the minute of the day at which the session of `day` is scheduled to end."""
    moment = date(day.year, day.month, day.day)
    for rule in EARLY_CLOSES:
        if day.month == rule.month and day.day in rule.days and day.weekday() in rule.weekdays:
            if rule.first_day <= moment <= rule.last_day:
                return rule.minute
    return CLOSE_MINUTE


def rule_in_force(rules: Iterable[DatedRule], day: Any) -> DatedRule | None:
    """Return the last of dated rules that had begun on a day of the exchange, None before the first."""
    if not isinstance(day, date):
        raise InvalidInputError(f"day must be a date, got {day!r}.")
    shown = exchange_time(day)
    begun = [rule for rule in rules if date(shown.year, shown.month, shown.day) >= rule.first_day]
    return begun[-1] if begun else None
