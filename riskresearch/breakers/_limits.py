"""What breakers count and compare by: the clock of a cool-down, and a limit with its room for rounding."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, TypeAlias

from riskresearch.core._checks import check_choice, check_number
from riskresearch.core._errors import InvalidInputError

Cooldown: TypeAlias = int | timedelta | Literal["day", "week", "month"]
CLOCKS = {"bar": 0, "day": 2, "week": 3, "month": 4}
BARS, SECONDS = 0, 1
TIE, TIE_FLOOR = 1e-12, 1e-3  # relative, of levels no smaller than the floor


def cooldown_clock(cooldown: Cooldown) -> tuple[int, float]:
    """Return which clock counts a cool-down, and how much of it."""
    if isinstance(cooldown, timedelta):
        length = cooldown.total_seconds()
    elif isinstance(cooldown, str):
        return CLOCKS[check_choice(cooldown, ("day", "week", "month"), name="cooldown")], 1.0
    else:
        length = check_number(cooldown, name="cooldown")
        if length != int(length):
            raise InvalidInputError(f"cooldown must be a whole number of bars, got {cooldown!r}. Time is a timedelta.")
    if length < 0.0:
        raise InvalidInputError(f"cooldown must not be negative, got {cooldown!r}.")
    return (SECONDS if isinstance(cooldown, timedelta) else BARS), length


def at_least(level: float, *, inclusive: bool) -> float:
    """Return a level with the room for rounding that makes a number within it one that is at the level.

    Prices in cents have no exact binary form: (101.00 - 90.90) / 101.00 is a tenth, less 6e-17.
    """
    side = -1.0 if inclusive else 1.0
    return level + side * TIE * max(abs(level), TIE_FLOOR)
