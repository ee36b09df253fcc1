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
    before = np.concatenate([np.zeros((1, marks.shape[1])), marks[:-1]])
    after = marks.copy()
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
            after[row, column] = marks[row, other]
    found = np.zeros(marks.shape)
    return np.asarray(np.divide(after, before, out=found + 1.0, where=(before > 0.0))) - 1.0
