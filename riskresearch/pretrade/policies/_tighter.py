"""Which of two limits, or of two values of a field, is the tighter one."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from riskresearch.pretrade.limits._rule import OTHERS
from riskresearch.pretrade.policies._meanings import Tighter, own_first, tighter_of

Direction: TypeAlias = Literal["same", "tighter", "looser", "other"]
"""Of the new value beside the old one; "other" are values of which neither is known to be the tighter."""
Compare: TypeAlias = Callable[[Any, Any], Direction]
STRICTNESS = ("deny", "clip", "warn", "pass", "record")
"""What becomes of an order that breaks a limit, the strictest first."""


_UNNAMED = {"deny": -math.inf, "warn": math.nan, "pass": math.inf}
"""What the number of a name that a table lacks counts as, by `on_missing`: denied, warned of, or passed."""


class Unnamed:
    """Stands for the number of a name that a table lacks."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two limits differ, and which way."""

    field: str
    old: Any
    new: Any
    direction: Direction

    @property
    def is_looser(self) -> bool:
        """Whether the new value is looser, or not known to be tighter."""
        return self.direction in ("looser", "other")


def differences(old: Any, new: Any) -> tuple[Difference, ...]:
    """Return the fields in which two limits of one class differ, their own first, their names left out."""
    found = []
    for field in own_first(type(old)):
        tighter = tighter_of(type(old), field.name)
        before, after = getattr(old, field.name), getattr(new, field.name)
        if tighter == "label" or not field.init:
            continue
        unnamed = tuple(_UNNAMED["pass" if field.name == "warn" else each.on_missing] for each in (old, new))
        direction = direction_of(tighter, before, after, unnamed=unnamed)
        if direction == "looser" and _made_up_for(field.name, old, new):
            direction = "tighter"
        if direction == "tighter" and field.name in ("opens", "closes") and _over_midnight(old) != _over_midnight(new):
            direction = "other"
        if direction != "same":
            found.append(Difference(field.name, before, after, direction))
    return tuple(found)


def covers(new: Any, old: Any) -> bool:
    """Return whether a limit refuses, and warns of, everything that another one does."""
    return type(new) is type(old) and not any(each.is_looser for each in differences(old, new))


def same_subject(old: Any, new: Any) -> bool:
    """Return whether two limits measure the same thing, so that their numbers can be compared."""
    return type(old) is type(new) and all(
        getattr(old, field.name) == getattr(new, field.name)
        for field in dataclasses.fields(old)
        if tighter_of(type(old), field.name) == "subject"
    )


def direction_of(
    tighter: Tighter | None, old: Any, new: Any, *, unnamed: Sequence[float] = (-math.inf, -math.inf)
) -> Direction:
    """Return which way a value of a field went; None of "smaller" and "larger" is no limit.

    `unnamed` is what a name that is not in a table of numbers counts as, in the old and in the new one.
    """
    if isinstance(old, bool) == isinstance(new, bool) and old == new:
        return "same"
    try:
        if tighter in ("smaller", "larger"):
            sign = 1.0 if tighter == "smaller" else -1.0
            return _by_name(old, new, lambda before, after: _numbers(before, after, sign, unnamed))
        compare = _COMPARED.get(str(tighter))
        return "other" if compare is None else _by_name(old, new, compare)
    except TypeError:  # such as a time with a zone beside one without
        return "other"


def _made_up_for(field: str, old: Any, new: Any) -> bool:
    """Return whether a looser warning, or a limit that passes at its number again, gave way to a tighter denial."""
    try:
        if field == "warn":
            return bool(new.deny < old.warn)
        return field == "inclusive" and bool(new.deny < old.deny) and (old.warn is None or bool(new.deny < old.warn))
    except (AttributeError, TypeError):
        return False


def _over_midnight(session: Any) -> bool:
    return bool(session.closes < session.opens)


def _by_name(old: Any, new: Any, compare: Compare) -> Direction:
    """Compare values, or tables of values name by name; one value beside a table is that of all names."""
    if not isinstance(old, Mapping) and not isinstance(new, Mapping):
        return compare(old, new)
    before, after = (each if isinstance(each, Mapping) else {OTHERS: each} for each in (old, new))
    found = set()
    for name in {*before, *after, OTHERS}:
        one, other = (each.get(name, each.get(OTHERS, Unnamed)) for each in (before, after))
        found.add("same" if one is other else compare(one, other))
    ways = found - {"same"}
    return ways.pop() if len(ways) == 1 else "looser" if "looser" in ways else "other" if ways else "same"


def _numbers(old: Any, new: Any, sign: float, unnamed: Sequence[float]) -> Direction:
    before, after = (
        for_unnamed if each is Unnamed else math.inf if each is None else sign * each
        for each, for_unnamed in zip((old, new), unnamed, strict=True)
    )
    if after == -math.inf and math.isfinite(before):
        return "other"  # an exit is not denied for a number that is not known, but warned of
    if math.isnan(before):  # it is warned of whatever its number is
        return "tighter" if after == -math.inf else "other"
    if math.isnan(after):
        return "looser" if before < math.inf else "tighter"
    return "same" if before == after else "tighter" if after < before else "looser"


def _names(old: Any, new: Any, *, more: bool) -> Direction:
    """Compare sets of names; a name that a table does not have is allowed, or denied, nothing."""
    before, after = (frozenset(() if each in (Unnamed, None) else each) for each in (old, new))
    if before == after:
        return "same"
    if not (after > before or after < before):
        return "other"
    return "tighter" if (after > before) is more else "looser"


def _multiple(old: Any, new: Any) -> Direction:
    """Compare lots or ticks: multiples of the larger are multiples of the smaller, where it divides it."""
    if Unnamed in (old, new):
        return "other"
    before, after = Fraction(str(old)), Fraction(str(new))
    if (after / before).denominator == 1:
        return "tighter"
    return "looser" if (before / after).denominator == 1 else "other"


def _moments(old: Any, new: Any, *, earlier: bool) -> Direction:
    """Compare moments; None is the tightest, for then there is no end."""
    if old is None or new is None:
        return "tighter" if new is None else "looser"
    return "tighter" if (new < old) is earlier else "looser"


def _outcomes(old: str, new: str) -> Direction:
    return "tighter" if STRICTNESS.index(new) < STRICTNESS.index(old) else "looser"


_COMPARED: Mapping[str, Compare] = {
    "true": lambda old, new: "tighter" if new else "looser",
    "false": lambda old, new: "looser" if new else "tighter",
    "fewer": lambda old, new: _names(old, new, more=False),
    "more": lambda old, new: _names(old, new, more=True),
    "multiple": _multiple,
    "earlier": lambda old, new: _moments(old, new, earlier=True),
    "later": lambda old, new: _moments(old, new, earlier=False),
    "strictness": _outcomes,
}
