"""What breakers count and compare by: the clock of a cool-down, and a limit with its room for rounding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any, Literal, TypeAlias

from riskresearch.core._checks import check_number, shown
from riskresearch.core._errors import InvalidInputError

Cooldown: TypeAlias = int | timedelta | time | Literal["day", "week", "month"]
CLOCKS = {"bar": 0, "day": 2, "week": 3, "month": 4}
PERIODS = ("day", "week", "month")
BARS, SECONDS, TIMES_OF_DAY = 0, 1, 5
"""The first clock of a time of day: bars, seconds, day, week and month come before."""
LENGTHS = "20 bars are cooldown=20, 20 calendar days cooldown=timedelta(days=20)."
OTHER_NAMES = {
    **dict.fromkeys(
        (
            "threshold",
            "level",
            "max_loss",
            "max_losses",
            "losses",
            "count",
            "max_drawdown",
            "drawdown",
            "stop",
            "stop_loss",
        ),
        "limit",
    ),
    **dict.fromkeys(("days", "bars", "duration", "pause", "wait", "cool_down", "cooldown_days"), LENGTHS),
    **dict.fromkeys(("action", "mode"), "stage"),
}
"""What others call the parameters of a breaker."""
TIE, TIE_FLOOR = 1e-12, 1e-3  # relative, of levels no smaller than the floor


def cooldown_clock(cooldown: Cooldown, times: tuple[float, ...] = ()) -> tuple[int, float]:
    """Return which clock counts a cool-down, and how much of it; `times` are the times of day that are counted."""
    if isinstance(cooldown, time):
        at = time_of_day(cooldown)[0]
        return TIMES_OF_DAY + (times.index(at) if at in times else 0), 1.0
    if isinstance(cooldown, str) and cooldown in PERIODS:
        return CLOCKS[cooldown], 1.0
    if isinstance(cooldown, timedelta):
        length = cooldown.total_seconds()
        if length != length:
            raise InvalidInputError(f"cooldown must be a length of time, got {cooldown!r}.")
    else:
        length = _number_of_bars(cooldown)
    if length < 0.0:
        raise InvalidInputError(f"cooldown must not be negative, got {cooldown!r}.")
    return (SECONDS if isinstance(cooldown, timedelta) else BARS), length


def _number_of_bars(cooldown: Any) -> float:
    try:
        number = check_number(cooldown, name="cooldown")
    except InvalidInputError:
        number = float("nan")
    if not number.is_integer():
        raise InvalidInputError(
            "cooldown must be a whole number of bars, a timedelta, a time of day, 'day', 'week' or 'month', got "
            f"{shown(cooldown)}. 20 bars are cooldown=20, 20 calendar days timedelta(days=20), and until half past "
            "nine is time(9, 30)."
        )
    return number


def time_of_day(cooldown: Cooldown) -> tuple[float, ...]:
    """Return the time of day at which a cool-down ends, in seconds after midnight; nothing for any other."""
    if not isinstance(cooldown, time):
        return ()
    if cooldown.tzinfo is not None:
        raise InvalidInputError(
            f"cooldown must be a time of day without a zone, got {cooldown!r}: it is of the clock that the bars show. "
            "Give the bars that zone, by tz_convert() or tzinfo=."
        )
    return (cooldown.hour * 3600.0 + cooldown.minute * 60.0 + cooldown.second + cooldown.microsecond / 1e6,)


def cooldown_state(cooldown: Cooldown) -> Any:
    """Return a cool-down as JSON holds it."""
    if isinstance(cooldown, timedelta):
        return {"seconds": cooldown.total_seconds()}
    return {"until": cooldown.isoformat()} if isinstance(cooldown, time) else cooldown


def cooldown_of(state: Any) -> Any:
    """Return the cool-down that `cooldown_state` stored."""
    if not isinstance(state, Mapping):
        return state
    return time.fromisoformat(state["until"]) if "until" in state else timedelta(seconds=state["seconds"])


def cooldown_text(cooldown: Cooldown) -> str:
    """Return a cool-down in words."""
    if isinstance(cooldown, time):
        return f"until {cooldown.isoformat('auto' if cooldown.second or cooldown.microsecond else 'minutes')}"
    if isinstance(cooldown, str):
        return f"to the next {cooldown}"
    return str(cooldown) if isinstance(cooldown, timedelta) else f"{cooldown} bars"


def at_least(level: float, *, inclusive: bool) -> float:
    """Return a level with the room for rounding that makes a number within it one that is at the level.

    Prices in cents have no exact binary form: (101.00 - 90.90) / 101.00 is a tenth, less 6e-17.
    """
    side = -1.0 if inclusive else 1.0
    return level + side * TIE * max(abs(level), TIE_FLOOR)
