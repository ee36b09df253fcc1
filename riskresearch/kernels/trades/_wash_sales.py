"""Losses that are deferred because what was closed is bought again: matched by date, lot by lot."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector

NO_UNITS = 1e-9
"""Share of a lot that is left by rounding when all of it was used."""

Integers = npt.NDArray[np.int64]


class Lots(NamedTuple):
    """Each lot as it was opened, in the order of opening."""

    pool: Integers
    """Pool in which lots replace each other: an asset and a side, and an account where accounts are apart."""
    order: Integers
    """Place of the opening in the order of all fills."""
    day: Integers
    units: FloatVector
    """Positive, of longs and shorts."""


class LotClosings(NamedTuple):
    """Each closing of (a part of) a lot, in the order of closing."""

    lot: Integers
    order: Integers
    """Place of the closing fill in the order of all fills; several lots may be closed by one."""
    day: Integers
    units: FloatVector
    pnl: FloatVector
    """Net of the costs of opening and closing."""


class Washed(NamedTuple):
    """What was deferred, and where it went."""

    closing: Integers
    """Of each match, the closing at a loss."""
    lot: Integers
    """Of each match, the lot that replaces what was closed."""
    units: FloatVector
    amount: FloatVector
    """Loss that the match defers to the lot, positive."""
    taken_over: FloatVector
    """Of each closing, deferred losses of earlier ones that its lot brought along, positive."""
    deferred: FloatVector
    """Of each closing, the part of its loss that is deferred."""
    left: FloatVector
    """Of each lot, what it still carries at the end, positive: it adds to the cost of a long."""
    held: FloatVector
    """Of each lot, the units that are left at the end."""


def wash_sales(lots: Lots, closings: LotClosings, window_days: int) -> Washed:
    """Match closings at a loss with lots of their pool that were opened at most `window_days` before or after.

    Closings go in their order, replacements in the order in which they were opened, each unit of them once. A lot that
    was opened before the closing counts with what is still held after it; the lot that is closed is no replacement.
    Where fewer units replace than were closed, that share of the loss is deferred. A deferred loss belongs to the whole
    lot, so that a part of it, when closed, brings its share along, and makes a later loss larger.
    """
    held, unused, carried = lots.units.tolist(), lots.units.tolist(), [0.0] * len(lots.units)  # lists: read one by one
    by_pool = _lots_by_pool(lots)
    taken_over, deferred = np.zeros(len(closings.lot)), np.zeros(len(closings.lot))
    matches: list[tuple[int, int, float, float]] = []
    for first, last in _fills_of(closings.order):
        for number in range(first, last):
            taken_over[number] = _close(int(closings.lot[number]), float(closings.units[number]), held, unused, carried)
        for number in range(first, last):
            loss = float(taken_over[number] - closings.pnl[number])
            if loss > 0.0:
                found = _replacements(lots, closings, number, window_days, by_pool, held, unused)
                for lot, units in found:
                    amount = loss * units / float(closings.units[number])
                    unused[lot] -= units
                    carried[lot] += amount
                    deferred[number] += amount
                    matches.append((number, lot, units, amount))
    columns = list(zip(*matches, strict=True)) or [(), (), (), ()]
    return Washed(
        np.array(columns[0], dtype=np.int64), np.array(columns[1], dtype=np.int64), np.array(columns[2], dtype=float),
        np.array(columns[3], dtype=float), taken_over, deferred, np.array(carried),
        np.array(held),
    )  # fmt: skip


def _lots_by_pool(lots: Lots) -> dict[int, tuple[list[int], list[int]]]:
    """Return the days and the numbers of the lots of each pool."""
    found: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for lot, (pool, day) in enumerate(zip(lots.pool.tolist(), lots.day.tolist(), strict=True)):
        found[pool][0].append(day)
        found[pool][1].append(lot)
    return found


def _fills_of(order: Integers) -> list[tuple[int, int]]:
    """Return the first closing of each fill, and the one behind its last."""
    if not len(order):
        return []
    edges = [0, *(np.flatnonzero(np.diff(order)) + 1).tolist(), len(order)]
    return list(pairwise(edges))


def _close(lot: int, units: float, held: list[float], unused: list[float], carried: list[float]) -> float:
    """Take units from a lot, and return the deferred losses that they bring along."""
    share = min(1.0, units / held[lot])
    brought = carried[lot] * share
    carried[lot] -= brought
    if 1.0 - share <= NO_UNITS:
        held[lot] = unused[lot] = 0.0
    else:
        held[lot] -= units
        unused[lot] *= 1.0 - share
    return brought


def _replacements(
    lots: Lots,
    closings: LotClosings,
    number: int,
    window_days: int,
    by_pool: dict[int, tuple[list[int], list[int]]],
    held: list[float],
    unused: list[float],
) -> list[tuple[int, float]]:
    """Return the lots that replace a closing, and how many units of each."""
    closed, day, wanted = int(closings.lot[number]), int(closings.day[number]), float(closings.units[number])
    days, numbers = by_pool[int(lots.pool[closed])]
    least = NO_UNITS * wanted
    found: list[tuple[int, float]] = []
    for place in range(bisect_left(days, day - window_days), len(days)):
        if days[place] > day + window_days or wanted <= least:
            break
        lot = numbers[place]
        free = min(unused[lot], held[lot])
        if lot != closed and free > least:
            units = min(free, wanted)
            found.append((lot, units))
            wanted -= units
    return found
