"""Units and prices before the orders of a bar, reconstructed from the record of a simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from riskresearch.accounts._book import Market, Record
    from riskresearch.core._types import FloatMatrix


class Opening(NamedTuple):
    """The columns before the orders of some bars, each of shape (bars, columns)."""

    before: FloatMatrix
    """Units held, after splits."""
    start: FloatMatrix
    """Last price of the bar before, after splits; on the first row the fill price."""
    fill: FloatMatrix
    """The fill price; `start` where there is none."""
    mark: FloatMatrix
    """Last price after the bar; the same object as `fill` if fills are at the prices and none is missing."""


def last_prices(market: Market) -> FloatMatrix:
    """Return prices with gaps filled by the last price, adjusted for splits; 0 before the first price."""
    prices = market.prices
    if not np.isnan(prices.sum()):
        return prices
    present = ~np.isnan(prices)
    latest = np.where(present, np.arange(len(prices))[:, None], 0)
    np.maximum.accumulate(latest, axis=0, out=latest)
    marks: FloatMatrix = np.nan_to_num(np.take_along_axis(prices, latest, axis=0))
    splits = market.events.splits()
    for row, column, value in zip(splits.row, splits.column, splits.value, strict=True):
        if not present[row, column]:
            ahead = np.flatnonzero(present[row:, column])
            stop = row + int(ahead[0]) if ahead.size else len(prices)
            marks[row:stop, column] *= value
    return marks


def opening(record: Record, market: Market, marks: FloatMatrix, first: int, last: int) -> Opening:
    """Return the opening of the rows from `first` to before `last`; `marks` are the last prices."""
    if first == 0:
        before = np.concatenate([np.zeros((1, marks.shape[1])), record.units[: last - 1]])
        seen = np.concatenate([np.nan_to_num(market.fill_prices[:1]), marks[:last]])
    else:
        before, seen = record.units[first - 1 : last - 1], np.ascontiguousarray(marks[first - 1 : last])
    start, mark = seen[:-1], seen[1:]
    splits = market.events.splits()
    events = range(*np.searchsorted(splits.row, [first, last]))
    if len(events):
        before, start, mark = before.copy(), start.copy(), mark.copy()
    for event in events:
        place = (splits.row[event] - first, splits.column[event])
        before[place] /= splits.value[event]
        start[place] *= splits.value[event]
    if marks is market.prices and market.fill_prices is market.prices:
        return Opening(before, start, mark, mark)
    fill = market.fill_prices[first:last]
    missing = np.isnan(fill) | np.isnan(market.prices[first:last])
    return Opening(before, start, np.where(missing, start, fill), mark)
