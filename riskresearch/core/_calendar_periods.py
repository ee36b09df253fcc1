"""Calendar periods: the day, week, month, quarter or year of a time, by the clock that the data show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from riskresearch.core._checks import check_choice
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Word = TypeVar("Word", bound=str)
Period: TypeAlias = Literal["week", "month", "quarter", "year"]
PERIODS: tuple[Period, ...] = ("week", "month", "quarter", "year")
DayOrPeriod: TypeAlias = Literal["day", "week", "month", "quarter", "year"]
DAY_OR_PERIODS: tuple[DayOrPeriod, ...] = ("day", *PERIODS)
WORDS_FOR_PERIODS: dict[DayOrPeriod, tuple[str, ...]] = {
    "day": ("d", "b", "c", "bar", "daily", "days", "every_bar"),
    "week": ("w", "weekly", "weeks"),
    "month": ("m", "me", "ms", "bm", "bme", "bms", "cbme", "monthly", "months"),
    "quarter": ("q", "qe", "qs", "bq", "bqe", "bqs", "quarterly", "quarters"),
    "year": ("a", "y", "ye", "ys", "by", "bye", "bys", "annual", "annually", "yearly", "years"),
}
"""What pandas and others call a period, in small letters and without an anchor such as that of W-FRI."""
ROWS_A_YEAR: dict[DayOrPeriod, int] = {"day": 252, "week": 52, "month": 12, "quarter": 4, "year": 1}
DAYS_FROM_MONDAY = 3
"""1970-01-01 was a Thursday."""


def meant_period(value: Any, choices: Sequence[str]) -> str:
    """Return which of `choices` an offset or a word of pandas means; empty if none."""
    given = getattr(value, "freqstr", value)
    if not isinstance(given, str):
        return ""
    word = given.strip().lower().removeprefix("1").partition("-")[0]
    meant = next((period for period, words in WORDS_FOR_PERIODS.items() if word in (period, *words)), "")
    meant = "every_bar" if meant == "day" and "every_bar" in choices else meant
    return meant if meant in choices else ""


def rows_of_period(value: Any) -> int:
    """Return how many rows a year has by an offset or a word of pandas, 252 if they are days; 0 if it means none."""
    return ROWS_A_YEAR.get(meant_period(value, DAY_OR_PERIODS), 0)  # type: ignore[call-overload, no-any-return]


def check_period(value: Any, choices: Sequence[Word], *, name: str) -> Word:
    """Return `value` if it is one of `choices`, some of them calendar periods; say what pandas' words for these are."""
    meant = "" if isinstance(value, str) and value in choices else meant_period(value, choices)
    if meant:
        given = getattr(value, "freqstr", value)
        raise InvalidInputError(
            f"{name} must be one of {', '.join(map(repr, choices))}, got {given!r}. Did you mean {meant!r}?"
        )
    found: Word = check_choice(value, choices, name=name)
    return found


def period_numbers(
    dates: npt.NDArray[np.datetime64] | None, period: DayOrPeriod, *, name: str, data: str
) -> npt.NDArray[np.int64]:
    """Return the number of each row's period; weeks begin on Monday. Rows need dates."""
    import numpy as np  # noqa: PLC0415 (breakers check periods without NumPy)

    check_period(period, DAY_OR_PERIODS, name=name)
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
    import numpy as np  # noqa: PLC0415 (breakers check periods without NumPy)

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
