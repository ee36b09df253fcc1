"""Time as breakers count it: seconds, and the number of the day, week and month."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from riskresearch.core._errors import InvalidInputError

SECONDS_A_DAY = 86400.0
NAN = float("nan")
EPOCH = datetime(1970, 1, 1)
DAYS_TO_1970 = 719468.0  # from 1 March of the year 0


class _Moment(Protocol):
    def __floordiv__(self, other: float) -> Any: ...


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


def seconds_of(time: Any) -> float:
    """Return seconds since 1970 on the clock that a datetime, date, datetime64 or number shows; nan of None."""
    if type(time) is datetime and time.tzinfo is None:
        return (time - EPOCH).total_seconds()
    if time is None:
        return NAN
    if isinstance(time, int | float):
        return float(time)
    if hasattr(time, "astype"):
        time = time.astype("datetime64[us]").item()
    if not hasattr(time, "toordinal"):
        raise InvalidInputError(f"time must be a datetime, a date, a datetime64 or seconds, got {time!r}.")
    whole = (time.toordinal() - 719163) * 86400
    if hasattr(time, "hour"):
        whole += time.hour * 3600 + time.minute * 60 + time.second
        return float((whole * 1_000_000 + time.microsecond) / 1_000_000)
    return float(whole)


class Calendar:
    """The clocks of bars in order of time; day, week and month are computed once a day."""

    __slots__ = ("_begun", "_numbers", "last")

    def __init__(self) -> None:
        self.last = self._begun = NAN
        self._numbers = (NAN, NAN, NAN)

    def clocks(self, bar: float, time: Any) -> tuple[float, ...]:
        """Return bars, seconds, day, week and month; nan where the time is not known."""
        seconds = seconds_of(time)
        if seconds < self.last:
            raise InvalidInputError(f"time must not go back, got {time!r} after a later bar.")
        if not self._begun <= seconds < self._begun + SECONDS_A_DAY:
            if seconds != seconds:
                return (bar, NAN, NAN, NAN, NAN)
            self._begun, self._numbers = seconds // SECONDS_A_DAY * SECONDS_A_DAY, calendar(seconds)
        self.last = seconds
        return (bar, seconds, *self._numbers)
