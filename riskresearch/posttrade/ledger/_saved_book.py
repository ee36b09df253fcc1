"""The open lots of a book by themselves: what is saved of it, and what it continues from."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.posttrade.ledger._book import EPISODES, LOTS

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector, State


def compact(state: State, ids: Mapping[Hashable, int]) -> dict[str, Any]:
    """Return the open lots from old to new, their fills numbered from 0, and the ids of those fills."""
    lots = int(state["counts"][LOTS])
    kept = np.flatnonzero(state["lot_units"][:lots])
    named, number = np.unique(state["lot_fill"][kept], return_inverse=True)
    of_fill = {fill: own for own, fill in ids.items()}
    found = {name: state[f"lot_{name}"][kept].tolist() for name in ("position", "units", "price", "costs", "rate")}
    return found | {"fill": number.tolist(), "ids": [of_fill.get(int(fill)) for fill in named]}


def restored(
    state: State, lots: Mapping[str, Any], held: FloatVector, matching: str
) -> tuple[dict[Hashable, int], int]:
    """Number the episodes of what is held; return the numbers of fills by id, and the next number."""
    for episode, position in enumerate(np.flatnonzero(held)):
        if episode + 2 > len(state["episode_fill"]):
            state["episode_fill"] = np.resize(state["episode_fill"], 2 * len(held) + 2)
        state["episode"][position], state["episode_fill"][episode] = episode, 0
        state["counts"][EPISODES] = episode + 1
    if matching != "specific":
        return {}, 0
    return {own: number for number, own in enumerate(lots["ids"]) if own is not None}, len(lots["ids"])
