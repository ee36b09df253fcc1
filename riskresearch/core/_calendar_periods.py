"""Calendar periods: the day, week, month, quarter or year of a time, by the clock that the data show."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import numpy.typing as npt

Period: TypeAlias = Literal["week", "month", "quarter", "year"]
PERIODS: tuple[Period, ...] = ("week", "month", "quarter", "year")
DayOrPeriod: TypeAlias = Literal["day", "week", "month", "quarter", "year"]
DAY_OR_PERIODS: tuple[DayOrPeriod, ...] = ("day", *PERIODS)
DAYS_FROM_MONDAY = 3
"""1970-01-01 was a Thursday."""


def period_numbers(
    dates: npt.NDArray[np.datetime64] | None, period: DayOrPeriod, *, name: str, data: str
) -> npt.NDArray[np.int64]:
    """Return the number of each row's period; weeks begin on Monday. Rows need dates."""
    check_choice(period, DAY_OR_PERIODS, name=name)
    if dates is None:
        raise InvalidInputError(
            f"{data} must have dates with {name}={period!r}, got rows without. Give a Series or DataFrame with a "
            "DatetimeIndex."
        )
    if period in ("day", "week"):
        days = dates.astype("datetime64[D]").astype(np.int64)
        return days if period == "day" else (days + DAYS_FROM_MONDAY) // 7
    months = dates.astype("datetime64[M]").astype(np.int64)
    return months // {"month": 1, "quarter": 3, "year": 12}[period]


def read_moment(time: Any, *, name: str) -> tuple[np.datetime64, int, bool]:
    """Return the clock time of `time`, its instant in nanoseconds, and whether it has a time zone.

    `time` may be a datetime, date, datetime64, pandas Timestamp or Period, or ISO text. Without a zone it is UTC.
    """
    given: Any = getattr(time, "start_time", time)  # of a Period
    try:
        given = datetime.fromisoformat(given) if isinstance(given, str) else given
        if getattr(given, "tzinfo", None) is None:
            shown = np.datetime64(given, "ns")
            instant, aware = int(shown.astype(np.int64)), False
        else:
            shown = np.datetime64(given.replace(tzinfo=None), "ns")
            offset: Any = given.utcoffset()
            ahead = round(offset.total_seconds() * 1_000_000_000)
            instant, aware = int(shown.astype(np.int64)) - ahead, True
    except (TypeError, ValueError, AttributeError, OverflowError):
        shown, instant, aware = np.datetime64("NaT", "ns"), 0, False
    if np.isnat(shown) or isinstance(given, bool | int | float):
        raise InvalidInputError(f"{name} must be a datetime, a date, a datetime64 or ISO text, got {time!r}.")
    return shown, instant, aware
