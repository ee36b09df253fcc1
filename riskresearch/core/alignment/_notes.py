"""What an alignment did, in sentences for the reader of its result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core.alignment._clock import Clock, is_labelled

if TYPE_CHECKING:
    from riskresearch.core.alignment._clock import IntVector
    from riskresearch.core.alignment._deciding import How
    from riskresearch.core.alignment._pairs import Pairs

DAYS_OF_LABELS = {"week": 3, "month": 15, "quarter": 45, "year": 180}
"""With stamps further apart than that, first days of periods stand for their period."""


def notes_of(
    data: Clock, benchmark: Clock, how: How, pairs: Pairs, *, prices: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how rows were made common, and which were left out for want of common ones before or after."""
    sides = list(zip((data, benchmark), pairs.rows, strict=True))
    matched = [rule_of(data, benchmark, how, pairs), *(_alone(clock, rows, prices) for clock, rows in sides)]
    left_out = [_outside(clock, rows) for clock, rows in sides]
    matched.append("" if prices else _first_return(data, benchmark, pairs))
    return tuple(line for line in matched if line), tuple(line for line in left_out if line)


def rule_of(data: Clock, benchmark: Clock, how: How, pairs: Pairs) -> str:
    """Return the rule of the match with its first pair of different stamps; empty where stamps are equal."""
    own, other = pairs.rows
    same_zone = data.labels.zoned == benchmark.labels.zoned
    different = (
        data.instants[own] != benchmark.instants[other] if same_zone else np.ones(own.size, dtype=bool)
    )  # fmt: skip
    if how == "exact" or not different.any():
        return ""
    row = int(different.argmax())
    example = f"{data.when(int(own[row]))} of {data.name} with {benchmark.when(int(other[row]))} of {benchmark.name}"
    if how == "day":
        return f"Matched by day, each by its own clock: {example}."
    apart = int(np.abs(data.days[own] - benchmark.days[other]).max())
    labelled = [clock.name for clock in (data, benchmark) if apart > DAYS_OF_LABELS[how] and is_labelled(clock, how)]
    stands = f"; the first day of a {how} in {' and '.join(labelled)} stands for that {how}" if labelled else ""
    days = f"{apart} day{'s' if apart != 1 else ''}"
    return f"Matched by {how}, stamps up to {days} apart: {example}{stands}."


def _alone(clock: Clock, rows: IntVector, prices: bool) -> str:
    count = int(rows[-1] - rows[0]) + 1 - rows.size
    if not count:
        return ""
    few = count == 1
    what = f"{count:,} row{'' if few else 's'} that only {clock.name} has"
    if prices:
        return f"{what} {'is' if few else 'are'} left out, so that the returns of both span the same time."
    return f"{what} {'is' if few else 'are'} compounded into {'its' if few else 'their'} next common row."


def _outside(clock: Clock, rows: IntVector) -> str:
    before, after = int(rows[0]), clock.days.size - 1 - int(rows[-1])
    parts = [f"{before:,} before {clock.when(int(rows[0]))}"] * bool(before)
    parts += [f"{after:,} after {clock.when(int(rows[-1]))}"] * bool(after)
    return f"Left out of {clock.name}, outside the common rows: {' and '.join(parts)}." if parts else ""


def _first_return(data: Clock, benchmark: Clock, pairs: Pairs) -> str:
    """Return where the first returns begin, unless both series begin there."""
    first = [int(rows[0]) for rows in pairs.rows]
    if pairs.before_first is None:
        return (
            f"Returns begin after the first common row, {data.when(first[0])}, whose own may span other days in each."
        )
    for place, (shorter, longer) in enumerate(((data, benchmark), (benchmark, data))):
        before = pairs.before_first[1 - place]
        if pairs.before_first[place] < 0 <= before:
            return (
                f"The first return of {shorter.name}, {shorter.when(first[place])}, is taken to begin at "
                f"{longer.when(before)}, a row of {longer.name}."
            )
    return ""
