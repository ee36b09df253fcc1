"""What the kernel saw, found again from what it stored: units before the orders of a bar, and their prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from riskresearch.backtest._book import Market, Record
    from riskresearch.core._types import FloatMatrix


class Opening(NamedTuple):
    """The columns as they come to the orders of some bars, each of shape (bars, columns)."""

    before: FloatMatrix
    """Units held, after splits."""
    start: FloatMatrix
    """Last price of the bar before, after splits; on the first row that of the fill."""
    fill: FloatMatrix
    """The fill price; `start` where there is none."""


def last_prices(market: Market) -> FloatMatrix:
    """Return prices with each gap filled by the price before it, split where the units were; 0 before the first."""
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
    begin = max(first - 1, 0)
    before, start = record.units[begin : last - 1], marks[begin : last - 1]
    if first == 0:
        before = np.concatenate([np.zeros((1, before.shape[1])), before])
        start = np.concatenate([np.nan_to_num(market.fill_prices[:1]), start])
    splits = market.events.splits()
    events = range(*np.searchsorted(splits.row, [first, last]))
    if len(events):
        before, start = before.copy(), start.copy()
    for event in events:
        place = (splits.row[event] - first, splits.column[event])
        before[place] /= splits.value[event]
        start[place] *= splits.value[event]
    fill = market.fill_prices[first:last]
    if marks is not market.prices or market.fill_prices is not market.prices:
        missing = np.isnan(fill) | np.isnan(market.prices[first:last])
        fill = np.where(missing, start, fill)
    return Opening(before, start, fill)
