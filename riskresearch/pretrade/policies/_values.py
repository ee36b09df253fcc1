"""Values of a file as the annotation of their field wants them."""

from __future__ import annotations

import math
import types
from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin

from riskresearch.pretrade.policies._place import Place, did_you_mean
from riskresearch.pretrade.policies._units import WORDS, in_words, looks_like_number, number_of

Kind: TypeAlias = Any
"""An annotation: a class, or what `typing` makes of classes."""
_MOMENTS = {
    datetime: "a date and time, such as 2026-12-01T09:30:00",
    date: "a date, such as 2026-12-01",
    time: "a time of day, such as 09:30:00",
}


def read_value(kind: Kind, stated: Any, place: Place, unit: str = "") -> Any:
    """Return a value of a file as an annotation wants it; numbers as text may have the unit of the field.

    Raises
    ------
    InvalidInputError
        If it is of another type, or in another unit; the message has the line.
    """
    kinds = alternatives(kind)
    if Any in kinds or object in kinds:
        return stated
    if isinstance(stated, bool):
        fits = bool in kinds
    elif isinstance(stated, str):
        return _text(kinds, stated, place, unit)
    elif isinstance(stated, int | float):
        return _number(kinds, stated, place, unit)
    elif isinstance(stated, dict | list):
        return _several(kinds, stated, place, unit)
    else:
        fits = any(_class(each) in _MOMENTS and _fits_moment(_class(each), stated) for each in kinds)
    if not fits:
        raise _refusal(kinds, stated, place, unit)
    return stated


def alternatives(kind: Kind) -> tuple[Kind, ...]:
    """Return the parts of a union in their order, without None, which TOML has not."""
    origin: Any = get_origin(kind)
    if origin is Annotated:
        return alternatives(get_args(kind)[0])
    if origin is Union or origin is types.UnionType:
        return tuple(dict.fromkeys(part for each in get_args(kind) for part in alternatives(each)))
    if isinstance(kind, TypeVar):
        return (Any,)
    return () if kind in (None, type(None)) else (kind,)


def _class(kind: Kind) -> type:
    """Return the class of an annotation without its parameters."""
    origin: Any = get_origin(kind)
    found = kind if origin is None else origin
    return found if isinstance(found, type) else object


def _choices(kinds: tuple[Kind, ...]) -> dict[Any, Any]:
    """Return what the literals and enumerations among the kinds are called, and what that stands for."""
    found: dict[Any, Any] = {}
    for each in kinds:
        origin: Any = get_origin(each)
        if origin is Literal:
            found |= {choice: choice for choice in get_args(each)}
        elif issubclass(_class(each), Enum):
            found |= {member.value if isinstance(member.value, str) else member.name: member for member in each}
    return found


def _text(kinds: tuple[Kind, ...], stated: str, place: Place, unit: str) -> Any:
    choices = _choices(kinds)
    if stated in choices:
        return choices[stated]
    if str in kinds:
        return stated
    if looks_like_number(stated) and any(each in (int, float, timedelta) for each in kinds):
        number = number_of(stated, unit)
        if number is None:
            raise place.must(in_words(unit), stated)
        return _number(kinds, number, place, unit)
    raise _refusal(kinds, stated, place, unit)


def _number(kinds: tuple[Kind, ...], stated: float, place: Place, unit: str) -> Any:
    if stated in _choices(kinds):
        return stated
    if not math.isnan(stated):
        if float in kinds or (int in kinds and isinstance(stated, int)):
            return stated
        if int in kinds and math.isfinite(stated) and stated == math.floor(stated):
            return int(stated)
        if timedelta in kinds and abs(stated) < 1e12:
            return timedelta(seconds=stated)
    raise _refusal(kinds, stated, place, unit)


def _several(kinds: tuple[Kind, ...], stated: dict[str, Any] | list[Any], place: Place, unit: str) -> Any:
    """Return a table as a mapping, an array as a tuple or the kind of set that is wanted."""
    for kind in kinds:
        base, inner = _class(kind), get_args(kind)
        if isinstance(stated, dict) and issubclass(base, Mapping):
            of = inner[1] if len(inner) == 2 else Any
            return {
                key: read_value(of, each, place.at(key, f"{place.name} for {key}"), unit)
                for key, each in stated.items()
            }
        if isinstance(stated, list) and _is_collection(base):
            of = inner[0] if inner else Any
            items = [read_value(of, each, place.at(number), unit) for number, each in enumerate(stated)]
            return frozenset(items) if issubclass(base, frozenset | set) else tuple(items)
    raise _refusal(kinds, stated, place, unit)


def _is_collection(base: type) -> bool:
    return issubclass(base, Collection) and not issubclass(base, Mapping | str | bytes)


def _fits_moment(base: type, stated: Any) -> bool:
    """Return whether a date or time is of a class; a date with a time is no date, though Python makes it one."""
    return isinstance(stated, base) and isinstance(stated, datetime) == issubclass(base, datetime)


def _refusal(kinds: tuple[Kind, ...], stated: Any, place: Place, unit: str) -> Exception:
    choices = [each for each in _choices(kinds) if isinstance(each, str)]
    remedy = did_you_mean(stated, choices).strip() if isinstance(stated, str) else ""
    if isinstance(stated, str) and any(each in kinds for each in _MOMENTS):
        remedy = "TOML has dates and times of its own, without quotation marks."
    return place.must(" or ".join(_words(kinds, unit)) or "left out", stated, remedy)


def _words(kinds: tuple[Kind, ...], unit: str) -> list[str]:
    """Return what the kinds are, for messages."""
    words = []
    choices = [f'"{each}"' if isinstance(each, str) else str(each) for each in _choices(kinds)]
    if choices:
        words.append(choices[0] if len(choices) == 1 else f"one of {', '.join(choices)}")
    for kind in kinds:
        base = _class(kind)
        if kind in (float, timedelta):
            words.append(in_words(unit))
        elif kind is int:
            words.append(WORDS.get(unit, "a whole number"))
        elif kind is bool:
            words.append("true or false")
        elif kind is str:
            words.append("text in quotation marks")
        elif issubclass(base, Mapping):
            of = get_args(kind)[1:] or (Any,)
            words.append(f"a table by name, each {' or '.join(_words(alternatives(of[0]), unit)) or 'any value'}")
        elif _is_collection(base) and not issubclass(base, Enum):
            of = get_args(kind)[:1] or (Any,)
            words.append(f"an array, each {' or '.join(_words(alternatives(of[0]), unit)) or 'any value'}")
        elif base in _MOMENTS:
            words.append(_MOMENTS[base])
    return list(dict.fromkeys(words))
