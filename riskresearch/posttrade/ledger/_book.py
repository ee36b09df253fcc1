"""The arrays of the kernel that matches lots, and how they grow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.kernels.compiled.trades._lots import LotBook

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector, IntVector, State

MATCHING = ("fifo", "lifo", "hifo", "average", "specific")
"""The rules of matching, at the number that the kernel knows each by."""
OF_LOTS = (
    "lot_units", "lot_price", "lot_costs", "lot_rate", "lot_fill", "lot_position", "link", "right", "older",
    "episode_fill",
)  # fmt: skip
OF_CLOSINGS = (
    "open_fill", "close_fill", "close_episode", "close_units", "open_price", "close_price", "open_costs",
    "close_costs", "open_rate",
)  # fmt: skip
WHOLE = frozenset({"lot_fill", "lot_position", "link", "right", "older", "episode_fill", *OF_CLOSINGS[:3]})
LEAST_ROOM = 64
LOTS, CLOSINGS, EPISODES, OPEN_LOTS, NEXT_FILL, NEXT_EVENT = range(6)
"""Places in the array `counts`."""


def new_state(multiplier: FloatVector, pool: IntVector, pools: int, *, lots: int, fills: int = 0) -> State:
    """Return the arrays of a book that holds nothing.

    `multiplier` and `pool` have one entry a position, the latter the number of its pool of cash; there is room for
    `lots` lots, and for the lots that `fills` fills may name.
    """
    positions, room = len(multiplier), max(lots, LEAST_ROOM)
    state: State = {name: np.zeros(positions) for name in ("held", "largest", "basis", "worth")}
    state |= {"cash": np.zeros(pools), "multiplier": multiplier.copy(), "pool": pool.astype(np.intp)}
    state |= {"open_lots": np.zeros(positions, dtype=np.intp), "counts": np.zeros(6, dtype=np.intp)}
    state |= {name: np.full(positions, -1, dtype=np.intp) for name in ("episode", "newest", "head", "tail")}
    state |= {name: np.empty(room, dtype=_type_of(name)) for name in (*OF_LOTS, *OF_CLOSINGS)}
    state["lot_of_fill"] = np.full(fills, -1, dtype=np.intp)
    return state


def make_room(book: LotBook, state: State, *, fills: int = 0) -> None:
    """Give the book arrays with room for any next event, and for the lots that `fills` fills may name."""
    counts = state["counts"]
    for names, used in ((OF_LOTS, counts[LOTS]), (OF_CLOSINGS, counts[CLOSINGS])):
        needed = int(used + counts[OPEN_LOTS]) + LEAST_ROOM
        if needed > len(state[names[0]]):
            for name in names:
                longer = np.empty(2 * needed, dtype=_type_of(name))
                longer[: len(state[name])] = state[name]
                state[name] = longer
    if fills > len(state["lot_of_fill"]):
        longer = np.full(2 * fills, -1, dtype=np.intp)
        longer[: len(state["lot_of_fill"])] = state["lot_of_fill"]
        state["lot_of_fill"] = longer
    book.bind(state)  # type: ignore[no-untyped-call]


def run(book: LotBook, state: State, fills: dict[str, Any], others: dict[str, Any], marks: dict[str, Any]) -> int:
    """Process all fills and events; return 0, or the fault of the one at which the book stopped."""
    while True:
        fault = int(book.run(fills, others, marks))
        counts = state["counts"]
        if fault or (counts[NEXT_FILL] == len(fills["units"]) and counts[NEXT_EVENT] == len(others["before"])):
            return fault
        make_room(book, state)


def _type_of(name: str) -> type[Any]:
    return np.intp if name in WHOLE else np.float64
