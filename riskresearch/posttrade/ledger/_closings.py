"""Closings: what was sold of which lot, or bought back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.posttrade.ledger._history import used
from riskresearch.posttrade.ledger._profit import closing_profit

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector, IntVector
    from riskresearch.posttrade.ledger._history import History


@dataclass(frozen=True, slots=True, eq=False)
class Closings:
    """One entry for each closing of a lot, or of a part of it, in the order of closing."""

    open_fill: IntVector
    """Number of the fill, in the order of time, that opened the lot; -1 for a pool at average cost."""
    close_fill: IntVector
    position: IntVector
    """Number of the asset in its account."""
    episode: IntVector
    """Number of the time from flat to flat of the position, by its start."""
    first_fill: IntVector
    """Number of the fill that began the episode."""
    units: FloatVector
    """Signed as the lot: positive closed a long."""
    open_price: FloatVector
    """After splits and spin-offs between."""
    close_price: FloatVector
    profit: FloatVector
    """Before costs, in the money of the position."""
    open_costs: FloatVector
    close_costs: FloatVector
    open_rate: FloatVector
    """What its currency was worth in the base currency at the opening."""
    close_rate: FloatVector


def closings_of(history: History) -> Closings:
    """Return the closings of a history."""
    _, found = used(history.state)
    number, episode = found["close_fill"], found["close_episode"]
    return Closings(
        open_fill=found["open_fill"],
        close_fill=number,
        position=history.fill_position[number],
        episode=episode,
        first_fill=history.state["episode_fill"][episode] if len(episode) else np.empty(0, dtype=np.intp),
        units=found["close_units"],
        open_price=found["open_price"],
        close_price=found["close_price"],
        profit=closing_profit(history),
        open_costs=found["open_costs"],
        close_costs=found["close_costs"],
        open_rate=found["open_rate"],
        close_rate=history.fill_rate[number],
    )
