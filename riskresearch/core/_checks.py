"""Checks of single arguments: each returns the checked value or raises with the rule, the value and the remedy."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Sequence
from difflib import get_close_matches
from inspect import signature
from typing import Any, TypeVar, cast

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.importing._suggest import nearest

Choice = TypeVar("Choice", bound=str)
MOST_NAMES_SHOWN = 6
LONGEST_SHOWN = 200
COUNT_WITH_UNIT = re.compile(r"\s*(\d+)\s*(?:[dDbB]|days?|rows?|bars?)?\s*")


def is_single(value: object) -> bool:
    """Return whether `value` is one thing, such as a number, and no series or table; nothing is converted."""
    dimensions = getattr(value, "ndim", None)
    if isinstance(dimensions, int):
        return dimensions == 0
    sized = hasattr(type(value), "__len__") or hasattr(type(value), "columns")
    return isinstance(value, str | bytes) or not sized


def shown(value: object) -> str:
    """Return a value for errors: tables and series by their class, for their text may be long."""
    if is_single(value) or isinstance(value, list | tuple | dict | set | range):
        text = repr(value)
        return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."
    return f"a {type(value).__name__}"


def check_number(value: object, *, name: str) -> float:
    """Return `value` as a finite float."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not _is_finite(value):
        raise InvalidInputError(f"{name} must be a finite number, got {shown(value)}.")
    return float(value)


def _is_finite(value: numbers.Real) -> bool:
    try:
        return math.isfinite(value)
    except (OverflowError, TypeError):  # a whole number beyond a double; a timedelta64, which NumPy counts as one
        return False


def check_level(level: object, *, name: str = "level") -> float:
    """Return a confidence level in (0.5, 1)."""
    value = math.nan if isinstance(level, str) else check_number(level, name=name)
    if not 0.5 < value < 1.0:
        raise InvalidInputError(
            f"{name} must be in (0.5, 1), got {level!r}. It is a confidence level: "
            f"the 95% VaR is {name}=0.95, not 0.05 and not 95.{_meant_level(value, name)}"
        )
    return value


def _meant_level(value: float, name: str) -> str:
    """Return what a level was likely meant to be, as a sentence."""
    meant = 1.0 - value if 0.0 < value < 0.5 else value / 100.0 if 50.0 < value < 100.0 else None
    return "" if meant is None else f" Write {name}={meant:.10g}."


def check_fraction_lost(value: object, *, name: str) -> float:
    """Return a fraction in [0, 1]; a larger number is a percentage in disguise, since no more than all can be lost."""
    number = math.nan if isinstance(value, str) else check_number(value, name=name)
    if not 0.0 <= number <= 1.0:
        raise InvalidInputError(
            f"{name} must be in [0, 1], got {value!r}. It is the fraction lost: 10 % is 0.1, not 10."
        )
    return number


def check_participation(value: object, *, name: str) -> float:
    """Return a part of the average volume, in (0, 1]."""
    number = check_number(value, name=name)
    if not 0.0 < number <= 1.0:
        raise InvalidInputError(
            f"{name} must be in (0, 1], got {value!r}. It is a fraction: 2.5 % of the volume is 0.025."
        )
    return number


def check_positive(value: float, *, name: str) -> float:
    """Return a finite number above zero."""
    number = check_number(value, name=name)
    if number <= 0.0:
        raise InvalidInputError(f"{name} must be positive, got {value!r}.")
    return number


def check_count(value: object, *, name: str, minimum: int) -> int:
    """Return a whole number of at least `minimum`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or not _is_whole(value) or value < minimum:
        raise InvalidInputError(
            f"{name} must be a whole number of at least {minimum}, got {shown(value)}.{_meant_count(value, name)}"
        )
    return int(value)


def _is_whole(value: Any) -> bool:
    """Return whether a whole number of any size is one, unlike a timedelta64, which NumPy counts among them."""
    return isinstance(value, int) or _is_finite(value)


def _meant_count(value: object, name: str) -> str:
    """Return what a text such as "10D" was likely meant to be, as a sentence."""
    found = COUNT_WITH_UNIT.fullmatch(value) if isinstance(value, str) else None
    return f" Write {name}={found[1]}, a number without a unit." if found else ""


def check_sequence(given: Any, *, name: str) -> tuple[Any, ...]:
    """Return the items of a list, a tuple or another sequence of objects; text, tables and arrays are none."""
    if isinstance(given, str | bytes) or not isinstance(given, Sequence):
        remedy = f" A single one goes into a list: {name}=[...]." if is_single(given) else ""
        raise InvalidInputError(f"{name} must be a sequence, such as a list, got {shown(given)}.{remedy}")
    return tuple(given)


def can_be_called(function: Any, *arguments: Any, **named: Any) -> bool:
    """Return whether a function can be called with these arguments, as far as its signature shows."""
    if not callable(function):
        return False
    try:
        signature(function).bind(*arguments, **named)
    except TypeError:
        return False
    except ValueError:  # has no signature
        return True
    return True


def text_keys(given: Any, *, name: str) -> dict[str, Any]:
    """Return a mapping or Series with its keys as text; keys with equal text, such as 0 and "0", are refused.

    `name` is the name of the argument, and of its keys where that is not obvious.
    """
    if not hasattr(given, "items") or isinstance(given, type) or getattr(given, "ndim", 1) == 2:
        raise InvalidInputError(f"{name} must be a mapping or a Series, got {shown(given)}.")
    keys: dict[str, Any] = {}
    result: dict[str, Any] = {}
    for key, value in given.items():
        text = str(key)
        if text in keys:
            raise InvalidInputError(
                f"{name} must have keys that differ as text, got {keys[text]!r} and {key!r}. Leave one of them out."
            )
        keys[text], result[text] = key, value
    return result


def check_choice(value: Choice, choices: Sequence[Choice], *, name: str) -> Choice:
    """Return `value` if it is one of `choices`."""
    if isinstance(value, str) and value in choices:
        return cast(Choice, str(value))
    near = _nearest(value, choices) if isinstance(value, str) else ""
    hint = f" Did you mean {near!r}?" if near else ""
    raise InvalidInputError(f"{name} must be one of {', '.join(map(repr, choices))}, got {shown(value)}.{hint}")


def _nearest(value: str, choices: Sequence[str]) -> str:
    """Return the choice that `value` abbreviates ("cvar") or misspells, else an empty text."""
    close = get_close_matches(value, choices, n=1)
    return nearest(value, choices) or (close[0] if close else "")


def name_remedy(wrong: str, names: Sequence[str], *, what: str) -> str:
    """Return the remedy for a name that is none of `names`: how it is written, the nearest one, and what there is."""
    if not names:
        return f" The {what}s have no names: pass one number for each, in their order."
    plain = {each.strip().casefold(): each for each in reversed(names)}
    meant = wrong.strip().casefold()
    if meant in plain:
        return f" Names are compared as they are written, with capitals and blanks: write {plain[meant]!r}."
    near = get_close_matches(meant, plain, n=1)
    guess = f" Did you mean {plain[near[0]]!r}?" if near else ""
    return f"{guess} The {what}s are {listed(names)}."


def listed(names: Sequence[str]) -> str:
    """Return the first names and the number of the others, as text."""
    shown, more = list(map(repr, names[:MOST_NAMES_SHOWN])), len(names) - MOST_NAMES_SHOWN
    if more > 0:
        shown.append(f"{more:,} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
