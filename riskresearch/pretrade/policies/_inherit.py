"""The limits of a policy that is derived from another one, which it may only tighten."""

from __future__ import annotations

from collections.abc import Sequence

from riskresearch.core._errors import InvalidInputError
from riskresearch.pretrade.policies._read_limit import StatedLimit
from riskresearch.pretrade.policies._shown import value_in_words
from riskresearch.pretrade.policies._tighter import covers, differences, same_subject


def derived(parent: Sequence[StatedLimit], own: Sequence[StatedLimit]) -> list[StatedLimit]:
    """Return the limits of the parent, each replaced by what the child states of the same, and the child's others.

    Raises
    ------
    InvalidInputError
        If a limit of the child is looser than all that the parent has of the same.
    """
    result: list[StatedLimit | None] = list(parent)
    free = set(range(len(parent)))
    added: list[StatedLimit] = []
    unequal = []
    for each in own:
        equal = [place for place in sorted(free) if parent[place].limit == each.limit]
        if equal:
            result[equal[0]] = each
            free.discard(equal[0])
        else:
            unequal.append(each)
    for each in unequal:
        same = _counterparts(each, parent)
        if same and not any(covers(each.limit, parent[place].limit) for place in same):
            raise _looser(each, parent[same[0]])
        covered = [place for place in same if place in free and covers(each.limit, parent[place].limit)]
        for place in covered:
            result[place] = None
        free -= set(covered)
        if covered:
            result[covered[0]] = each
        else:
            added.append(each)
    return [each for each in result if each is not None] + added


def _counterparts(child: StatedLimit, parent: Sequence[StatedLimit]) -> list[int]:
    """Return the places of the parent's limits of the same measure, only those of the same name if there are any."""
    same = [place for place, each in enumerate(parent) if same_subject(each.limit, child.limit)]
    named = [place for place in same if child.limit.name and parent[place].limit.name == child.limit.name]
    return named or same


def _looser(child: StatedLimit, parent: StatedLimit) -> InvalidInputError:
    """Return the error of the first field that is looser than the parent's, at its line."""
    found = [each for each in differences(parent.limit, child.limit) if each.is_looser]
    first = min(found, key=lambda each: each.field not in child.spelled)
    stated = value_in_words(first.new) if first.field in child.spelled else "not stated here"
    theirs = value_in_words(first.old) or "none"
    comparison = "looser than" if first.direction == "looser" else "not comparable with"
    return child.place_of(first.field).error(
        f"{first.field} of {type(child.limit).__name__} is {stated}, {comparison} {theirs} in "
        f"{parent.place_of(first.field)}. A policy may only tighten what it extends."
    )
