"""Formats of numbers and dates for readers: percent, a true minus sign, a dash for a missing value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Formatter = Callable[[float], str]

MINUS = "\u2212"
MISSING = "\u2013"


def number(value: float, *, decimals: int) -> str:
    if value is None or not math.isfinite(value):
        return MISSING if value is None or math.isnan(value) else ("∞" if value > 0.0 else f"{MINUS}∞")
    written = f"{value:,.{decimals}f}"
    # What rounds to zero has no sign.
    return written.removeprefix("-") if float(written.replace(",", "")) == 0.0 else written.replace("-", MINUS)


def ratio(value: float) -> str:
    return number(value, decimals=2)


def p_value(value: float) -> str:
    """Format with three decimals, and a smaller value as <0.001."""
    return "<0.001" if value < 0.0005 else number(value, decimals=3)


def count(value: float) -> str:
    return number(value, decimals=0)


def percent(value: float, *, decimals: int = 2) -> str:
    written = number(100.0 * value, decimals=decimals)
    return written if written == MISSING else f"{written}%"


def percent_1(value: float) -> str:
    return percent(value, decimals=1)


def percent_of(probability: float) -> str:
    """Format a probability in percent with all its digits."""
    return f"{100.0 * probability:.6g}%"


def bare_percent_1(value: float) -> str:
    return number(100.0 * value, decimals=1)


def date(value: pd.Timestamp | None) -> str:
    """Format the day, and the time only if it is not midnight; a dash for NaT."""
    if value is None or value != value:  # NaT differs from itself
        return MISSING
    return f"{value:%Y-%m-%d}" if value == value.normalize() else f"{value:%Y-%m-%d %H:%M}"


def plain(value: float) -> str:
    """Format a parameter with all its digits."""
    return f"{value:,.10g}".replace("-", MINUS)
