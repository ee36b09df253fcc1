"""Which parts of lots make a trip: one number for each, by the rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector, IntVector
    from riskresearch.posttrade.trips._traded import Lots, Traded

Rule = Literal["flat_to_flat", "flat_to_reduced", "per_close", "per_lot"]
RULES: tuple[Rule, ...] = ("flat_to_flat", "flat_to_reduced", "per_close", "per_lot")
MEANINGS = {
    "flat_to_flat": "from the first fill of a position to the one that leaves none of it",
    "flat_to_reduced": "from the first fill of a position to each fill that reduces it",
    "per_close": "each fill that closes units, from the oldest fill that it closes units of",
    "per_lot": "each part of a lot that a fill closes, from the fill that opened the lot",
}


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Parts of lots sorted by trip, in each by their order."""

    parts: IntVector
    """Their numbers."""
    trip: IntVector
    """The trip of each."""
    starts: IntVector
    """Where each trip begins."""
    last: IntVector
    """The last part of each trip."""

    def __len__(self) -> int:
        return len(self.starts)

    def sum(self, values: FloatVector) -> FloatVector:
        """Return the sum over the parts of each trip of `values`, one a part."""
        return np.add.reduceat(values[self.parts], self.starts) if len(self) else np.zeros(0)

    def least(self, values: IntVector) -> IntVector:
        """Return the least of `values` among the parts of each trip."""
        return np.minimum.reduceat(values[self.parts], self.starts) if len(self) else values[:0]


def closed_trips(traded: Traded, rule: str) -> Groups:
    """Return the closed trips in the order of their last closing; a position that is open has no trip flat to flat."""
    closings = traded.closings
    numbers = np.arange(len(closings.units))
    if rule == "flat_to_flat":
        numbers = numbers[~np.isin(closings.episode, traded.open_lots.episode)]
        return group(numbers, closings.episode[numbers])
    return group(numbers, numbers if rule == "per_lot" else closings.close_fill)


def open_trips(open_lots: Lots, rule: str) -> Groups:
    """Return the trips that are open, made of lots: one a lot, or one a position."""
    numbers = np.arange(len(open_lots.units))
    return group(numbers, numbers if rule == "per_lot" else open_lots.episode)


def group(numbers: IntVector, keys: IntVector) -> Groups:
    """Return parts with equal keys as trips, ordered by the last part of each."""
    _, trip = np.unique(keys, return_inverse=True)
    count = int(trip.max()) + 1 if len(trip) else 0
    last = np.zeros(count, dtype=np.intp)
    np.maximum.at(last, trip, numbers)
    place = np.empty(count, dtype=np.intp)
    place[np.argsort(last)] = np.arange(count)
    trip = place[trip]
    order = np.argsort(trip, kind="stable")
    trip = trip[order]
    starts = np.searchsorted(trip, np.arange(count)).astype(np.intp)
    return Groups(numbers[order], trip, starts, np.sort(last))


def first_fills(traded: Traded, lots: Lots, groups: Groups, rule: str) -> IntVector:
    """Return the fill with which each trip began: that of its position by two rules and where lots are pooled."""
    whole = rule in ("flat_to_flat", "flat_to_reduced") or traded.matching == "average"
    return groups.least(traded.episode_fill[lots.episode] if whole else lots.open_fill)
