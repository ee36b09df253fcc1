"""What the value of a field of a limit means: its unit, and which of two values is tighter.

Fields of one name mean the same in every limit. A limit with a field that is not listed here declares it in its class:
`tighter: ClassVar = {"assets": "more"}`. One that nobody declares is compared for equality only, so that another value
of it counts as looser.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from riskresearch.pretrade.limits._limit import Limit

Tighter: TypeAlias = Literal[
    "smaller",
    "larger",
    "true",
    "false",
    "fewer",
    "more",
    "multiple",
    "earlier",
    "later",
    "strictness",
    "subject",
    "label",
]
"""Which value is the tighter one. "fewer" and "more" are of names, "multiple" is of lots, "strictness" of outcomes.

A "subject" is what is measured: limits of different subjects cannot be compared. A "label" is nothing but a name.
"""
TIGHTER: Mapping[str, Tighter] = {
    "deny": "smaller", "warn": "smaller", "issuer": "smaller", "single": "smaller", "total": "smaller",
    "minimum": "larger", "window": "larger", "margin_rate": "larger", "reserve": "larger",
    "lot": "multiple", "tick": "multiple",
    "inclusive": "true", "limit_exits": "true", "two_sided": "true", "odd_lot_exits": "false",
    "valid_from": "earlier", "valid_until": "later", "on_missing": "strictness", "on_breach": "strictness",
    "opens": "later", "closes": "earlier", "weekdays": "fewer", "holidays": "more",
    "scope": "subject", "unit": "subject", "reference": "subject", "denominator": "subject", "by": "subject",
    "factor": "subject", "shocks": "subject", "level": "subject", "time_zone": "subject", "increase": "subject",
    "name": "label",
}  # fmt: skip
UNITS: Mapping[str, str] = {
    "window": "seconds", "level": "fraction", "margin_rate": "fraction", "shocks": "fraction", "reserve": "money",
    "denominator": "money", "weekdays": "weekday",
}  # fmt: skip
"""Of the fields that are in a unit of their own."""
VALUES = ("deny", "warn", "issuer", "single", "total", "minimum", "lot", "tick")
"""The fields that are in the unit of the value of their limit, `counted_in`."""
WITHOUT_DENOMINATOR = "money"


def own_first(limit: type[Limit]) -> list[dataclasses.Field[Any]]:
    """Return the fields of a class of limits, its own before those that all have."""
    common = {field.name for field in dataclasses.fields(Limit)}
    return sorted(dataclasses.fields(limit), key=lambda field: field.name in common)


def tighter_of(limit: type, field: str) -> Tighter | None:
    """Return which value of a field is tighter, None if nothing says it."""
    own: Mapping[str, Tighter] = getattr(limit, "tighter", {})
    return own.get(field, TIGHTER.get(field))


def unit_of(limit: type, field: str, values: Mapping[str, Any]) -> str:
    """Return the unit of a field of a limit that has these values; it may depend on what the limit divides by."""
    if field not in VALUES:
        return UNITS.get(field, "")
    if values.get("unit") == "volatility":
        return "volatilities"
    if "denominator" in values:
        return "fraction" if values["denominator"] is not None else WITHOUT_DENOMINATOR
    unit: str = getattr(limit, "counted_in", "")
    return unit
