"""Formats of numbers and dates for readers: percent, a true minus sign, a dash for a missing value."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

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


def growth(value: float) -> str:
    """Format what 1 grew to, with two decimals below a thousand."""
    return number(value, decimals=2 if abs(value) < 1000.0 else 0)


def p_value(value: float) -> str:
    """Format with three decimals, and a smaller value as <0.001."""
    return "<0.001" if value < 0.0005 else number(value, decimals=3)


def count(value: float) -> str:
    return number(value, decimals=0)


def counted(number_of: float, what: str) -> str:
    """Return a number of things in words: "1 row", "2 rows"."""
    return f"{number_of:,.0f} {what}{'s' * (number_of != 1.0)}"


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


def money(value: float) -> str:
    """Format with two decimals from 10 on, else with six significant digits: a price of 0.012 or a capital of 1."""
    if value is None or not 1e-12 <= abs(value) < 10.0:
        return ratio(value)
    return f"{value:.6g}".replace("-", MINUS)


def between(write: Formatter, lower: float, upper: float) -> str:
    """Format the bounds of an interval; a dash where there is none."""
    return MISSING if math.isnan(lower) or math.isnan(upper) else f"{write(lower)} to {write(upper)}"


def significant(value: float) -> str:
    """Format a number of unknown size with six significant digits."""
    if value is None or not math.isfinite(value):
        return number(value, decimals=0)
    return f"{value:.6g}".replace("-", MINUS)


def percent_4(value: float) -> str:
    return percent(value, decimals=4)


def ratio_3(value: float) -> str:
    return number(value, decimals=3)


def ratio_4(value: float) -> str:
    return number(value, decimals=4)


def as_read(value: Any) -> str:
    """Format a number of a file with up to six decimals, without zeros at the end, as it may stand there."""
    if isinstance(value, float) and math.isfinite(value) and (value == 0.0 or 1e-4 <= abs(value) < 1e12):
        written = number(value, decimals=6).rstrip("0").rstrip(".")
        return written
    return cell(value)


def cell(value: Any) -> str:
    """Format a value by its type: a number, a date, words, several of them, or a dash for what is missing."""
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "M":
        value = value.astype("datetime64[us]").item()
    elif kind and not getattr(value, "shape", ()):
        value = value.item()
    if value is None or type(value).__name__ in ("NaTType", "NAType"):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return count(value)
    if isinstance(value, float):
        return significant(value)
    if isinstance(value, datetime):
        clock = "" if value.time() == time() else f" {value:%H:%M}"
        return f"{value:%Y-%m-%d}{clock}"
    return ", ".join(map(cell, value)) if isinstance(value, tuple | list) else str(value)


def plain(value: float) -> str:
    """Format a parameter with all its digits."""
    return f"{value:,.10g}".replace("-", MINUS)
