"""Limits and their values in words, for tables."""

from __future__ import annotations

import dataclasses
import numbers
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from riskresearch.core.output._formats import plain
from riskresearch.pretrade.limits._limit import Limit
from riskresearch.pretrade.limits._rule import OTHERS
from riskresearch.pretrade.policies._meanings import own_first, tighter_of

MOST_NAMES = 6


def main_field(limit: Limit) -> str:
    """Return the field that a limit is first of all made of; empty for a limit without one."""
    own = [
        field.name for field in own_first(type(limit)) if field.init and field.name not in Limit.__dataclass_fields__
    ]
    return "deny" if "deny" in own else own[0] if own else ""


def in_words(limit: Limit) -> str:
    """Return the class of a limit, its name, and what it measures where that is not the default."""
    first = f"{type(limit).__name__}{f' ({limit.name})' if limit.name else ''}"
    subjects = [
        f"{field.name}={value_in_words(getattr(limit, field.name))}"
        for field in dataclasses.fields(limit)
        if tighter_of(type(limit), field.name) == "subject" and not _is_default(limit, field)
    ]
    return " ".join([first, *subjects])


def other_fields(limit: Limit) -> list[str]:
    """Return the fields beside the main one that are not the default and are not part of `in_words`."""
    return [
        field.name
        for field in own_first(type(limit))
        if field.init
        and field.name != main_field(limit)
        and tighter_of(type(limit), field.name) not in ("subject", "label")
        and not _is_default(limit, field)
    ]


def others_in_words(limit: Limit) -> str:
    """Return these fields with their values, without the warning."""
    return ", ".join(f"{each}={value_in_words(getattr(limit, each))}" for each in other_fields(limit) if each != "warn")


def value_in_words(value: Any) -> str:
    """Return a value of a field: numbers with all their digits, tables and lists by name; empty for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, numbers.Real):
        return plain(float(value))
    if isinstance(value, date | time):
        return value.isoformat().replace("T", " ")
    if isinstance(value, Mapping):
        return _listed(
            [f"{'others' if name == OTHERS else name} {value_in_words(each)}" for name, each in value.items()]
        )
    if isinstance(value, tuple | list | set | frozenset):
        return _listed([value_in_words(each) for each in value])
    return str(value)


def _listed(words: list[str]) -> str:
    more = len(words) - MOST_NAMES
    return "; ".join(words[:MOST_NAMES]) + (f"; {more:,} more" if more > 0 else "")


def _is_default(limit: Limit, field: dataclasses.Field[Any]) -> bool:
    value = getattr(limit, field.name)
    return bool(value == (limit.scopes[0] if field.name == "scope" else field.default))
