"""Total returns of assets on each bar: what a unit became, with its dividends, splits and spin-offs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.accounts._corporate_actions import KINDS

if TYPE_CHECKING:
    from riskresearch.accounts._corporate_actions import Events
    from riskresearch.core._types import FloatMatrix


def asset_returns(marks: FloatMatrix, events: Events) -> FloatMatrix:
    """Return simple returns of one unit of each asset, shape (bars, assets); 0 before the second price.

    `marks` are the last prices, 0 before the first. After a delisting or a change of symbol there is nothing to hold.
    """
    given = np.concatenate([np.zeros((1, marks.shape[1])), marks[:-1]])
    before, after = given.copy(), marks.copy()
    changes = []
    for event in range(len(events.row)):
        row, column, value = int(events.row[event]), int(events.column[event]), float(events.value[event])
        kind, other = KINDS[events.kind[event]], int(events.other[event])
        if kind == "split":
            before[row, column] *= value
        elif kind == "cash_dividend":
            after[row, column] += value
        elif kind == "spin_off":
            after[row, column] += value * marks[row, other]
        elif kind == "delisting":
            after[row, column] = value
        else:
            changes.append((row, column, other))
    whole = after.copy()
    for row, old, new in changes:  # a unit of the new symbol with its events of the day, from a unit of the old one
        after[row, old], before[row, old] = whole[row, new] * _units(events, row, new), given[row, old]
    return np.asarray(np.divide(after, before, out=np.ones(marks.shape), where=before > 0.0)) - 1.0


def _units(events: Events, row: int, column: int) -> float:
    """Return how many units one becomes by the splits of a bar."""
    splits = (events.row == row) & (events.column == column) & (events.kind == KINDS.index("split"))
    return float(1.0 / np.prod(events.value[splits]))
