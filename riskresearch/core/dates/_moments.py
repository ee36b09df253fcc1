"""Clocks of breakers: instants in seconds, and numbers of the day, week and month by the clock of the bars.

Order and elapsed time are instants: a time with a zone is taken to UTC. Days, weeks, months and times of day are those
of the clock that the times show, that is of their own zone. Times without a zone are one clock that is never set. A
time of day is counted by the days that begin with it, so that one that a clock skips in spring has come when the clock
is past it, and one that it shows twice in autumn comes once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from numbers import Real
from typing import Any, NamedTuple, Protocol

from riskresearch.core._errors import InvalidInputError

SECONDS_A_DAY = 86400.0
NAN = float("nan")
EPOCH = datetime(1970, 1, 1)
EPOCH_DAY = EPOCH.toordinal()
DAYS_TO_1970 = 719468.0  # from 1 March of the year 0
MICROSECOND = timedelta(microseconds=1)


class _Moment(Protocol):
    def __floordiv__(self, other: float) -> Any: ...


class _Clock(Protocol):
    def __sub__(self, other: float, /) -> Any: ...


class Moment(NamedTuple):
    """A time of any kind, read."""

    instant: float
    """Seconds since 1970 in UTC; nan if the time is not known."""
    shown: float
    """Seconds since 1970 on the clock that the time shows."""
    zoned: bool
    """Whether the time has a zone; without one the clock itself is the measure."""


UNKNOWN = Moment(NAN, NAN, False)


def calendar(seconds: _Moment) -> tuple[Any, Any, Any]:
    """Number the day, the week (from Monday) and the month of `seconds` since 1970, a float or an array of them.

    Months count from March, by the civil calendar (Hinnant, "chrono-compatible low-level date algorithms").
    """
    day = seconds // SECONDS_A_DAY + DAYS_TO_1970
    era = day // 146097.0
    of_era = day - era * 146097.0
    year = (of_era - of_era // 1460.0 + of_era // 36524.0 - of_era // 146096.0) // 365.0
    of_year = of_era - (365.0 * year + year // 4.0 - year // 100.0)
    return day, (day + 2.0) // 7.0, (era * 400.0 + year) * 12.0 + (5.0 * of_year + 2.0) // 153.0


def days_begun(seconds: _Clock, at: float) -> Any:
    """Number the days that begin `at` seconds after midnight, of `seconds` since 1970 on a clock that never goes back.

    `seconds` is a float or an array of them.
    """
    return (seconds - at) // SECONDS_A_DAY


def moment_of(time: Any) -> Moment:
    """Read a datetime, date, pandas or NumPy time, or seconds since 1970; None, nan and NaT are not known."""
    if type(time) is datetime and time.tzinfo is None:
        seconds = (time - EPOCH).total_seconds()
        return Moment(seconds, seconds, False)
    if time is None or time != time:
        return UNKNOWN
    if isinstance(time, Real) and time is not True and time is not False and abs(float(time)) < float("inf"):
        return Moment(float(time), float(time), False)
    if hasattr(time, "astype") and not isinstance(time, Real):
        time = time.astype("datetime64[us]").item()
    if not hasattr(time, "toordinal"):
        raise InvalidInputError(f"time must be a datetime, a date, a datetime64 or seconds since 1970, got {time!r}.")
    shown = (time.toordinal() - EPOCH_DAY) * 86_400_000_000
    ahead = None
    if hasattr(time, "hour"):
        shown += (time.hour * 3600 + time.minute * 60 + time.second) * 1_000_000 + time.microsecond
        ahead = time.utcoffset()
    if ahead is None:
        return Moment(shown / 1_000_000, shown / 1_000_000, False)
    return Moment((shown - ahead // MICROSECOND) / 1_000_000, shown / 1_000_000, True)


class Calendar:
    """The clocks of bars in order of time; day, week and month are computed once a day.

    Parameters
    ----------
    times : tuple of float
        Times of day that are counted, in seconds after midnight.
    """

    __slots__ = ("_begun", "_furthest", "_numbers", "last", "times", "zoned")

    def __init__(self, times: tuple[float, ...] = ()) -> None:
        self.last = self._begun = self._furthest = NAN
        self.zoned, self.times = False, times
        self._numbers = (NAN, NAN, NAN)

    def copied(self) -> Calendar:
        """Return another that goes on by itself from where this one stands."""
        other = Calendar.__new__(Calendar)
        for name in Calendar.__slots__:
            setattr(other, name, getattr(self, name))
        return other

    def clocks(self, bar: float, time: Any) -> tuple[float, ...]:
        """Return bars, seconds, day, week, month and the number of each time of day; nan where the time is not known.

        What is refused changes nothing. Where zones are mixed, a day is over when one of the clocks has passed it, and
        does not come again.
        """
        instant, shown, zoned = moment_of(time)
        if instant != instant:
            return (bar, NAN, NAN, NAN, NAN, *(NAN for _ in self.times))
        if self.last == self.last:
            self._check(time, instant, zoned)
        if not self._begun <= shown < self._begun + SECONDS_A_DAY:
            numbers = calendar(shown)
            if not numbers[0] < self._numbers[0]:
                self._begun, self._numbers = shown // SECONDS_A_DAY * SECONDS_A_DAY, numbers
        self.last, self.zoned = instant, zoned
        if not shown < self._furthest:
            self._furthest = shown
        return (bar, instant, *self._numbers, *(days_begun(self._furthest, at) for at in self.times))

    def _check(self, time: Any, instant: float, zoned: bool) -> None:
        if zoned != self.zoned:
            first, second = ("without", "with") if zoned else ("with", "without")
            raise InvalidInputError(
                f"time must have a zone on every bar or on none, got {time!r} {second} one after times {first}. Give "
                "both the zone of their clock, by tzinfo= or tz_localize()."
            )
        if instant < self.last:
            remedy = "" if zoned else " A clock that is set back in autumn needs its zone, by tzinfo= or tz_localize()."
            raise InvalidInputError(
                f"time must not go back, got {time!r}, {self.last - instant:g} seconds before the bar before.{remedy}"
            )

    def state(self) -> list[Any]:
        """Return what the next bar is compared with, as numbers that JSON holds."""
        numbers = (self.last, *self._numbers, self._furthest)
        return [self.zoned, *(None if number != number else number for number in numbers)]

    def restore(self, state: Sequence[Any]) -> None:
        """Put in what `state` returned."""
        self.zoned = bool(state[0])
        self.last, *numbers = (NAN if number is None else float(number) for number in state[1:])
        self._numbers, self._furthest = (numbers[0], numbers[1], numbers[2]), numbers[3]
        self._begun = NAN
