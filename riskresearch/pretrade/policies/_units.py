"""Numbers as text, with a unit where the field has one: "10 %", "300 bp", "5 s", "1e6"."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from decimal import Decimal

_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_NUMBER = re.compile(
    rf"\s*([+-]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?[0-9]{{1,3}})?)\s*(.*?)\s*", re.DOTALL
)
_PERCENT, _BASIS_POINT = Decimal("0.01"), Decimal("0.0001")
_MINUTE, _HOUR, _DAY = Decimal(60), Decimal(3600), Decimal(86_400)
_PARTS = {
    "%": _PERCENT, "pct": _PERCENT, "percent": _PERCENT, "‰": Decimal("0.001"), "bp": _BASIS_POINT, "bps": _BASIS_POINT,
    "x": Decimal(1),
}  # fmt: skip
SCALES: Mapping[str, Mapping[str, Decimal]] = {
    "fraction": _PARTS,
    "ratio": _PARTS,
    "seconds": {
        "ms": Decimal("0.001"), "s": Decimal(1), "sec": Decimal(1), "second": Decimal(1), "seconds": Decimal(1),
        "min": _MINUTE, "minute": _MINUTE, "minutes": _MINUTE, "h": _HOUR, "hour": _HOUR, "hours": _HOUR,
        "d": _DAY, "day": _DAY, "days": _DAY,
    },
}  # fmt: skip
"""What one of each unit is in the unit of the field."""
WORDS: Mapping[str, str] = {
    "fraction": 'a fraction: 0.1, "10%", "1000 bp" or "0.1x"',
    "ratio": 'a ratio: 1.5, "1.5x" or "150%"',
    "seconds": 'a number of seconds: 300, "300 s" or "5 min"',
    "money": "an amount of money without a unit, such as 1_000_000",
    "units": "a number of units of the asset without a unit, such as 500",
    "price": "a price without a unit, such as 0.01",
    "count": "a number without a unit, such as 10",
    "volatilities": "a number of volatilities without a unit, such as 3",
    "weekday": "the number of a day from 0, Monday, to 6",
}
PLAIN = "a number without a unit, such as 0.1"


def in_words(unit: str) -> str:
    """Return what a number of this unit is, for messages."""
    return WORDS.get(unit, PLAIN)


def looks_like_number(text: str) -> bool:
    """Return whether a text begins as a number does."""
    return _NUMBER.fullmatch(text) is not None


def number_of(text: str, unit: str) -> float | None:
    """Return the number that a text is in the unit of its field; None if it is none, or has another unit.

    Capitals do not matter in units. The result is the double next to the decimal number: "10%" is 0.1.
    """
    found = _NUMBER.fullmatch(text)
    if found is None:
        return None
    scales, written = SCALES.get(unit, {}), found[2].casefold()
    if written and written not in scales:
        return None
    number = float(Decimal(found[1].replace("_", "")) * scales.get(written, Decimal(1)))
    return number if math.isfinite(number) else None
