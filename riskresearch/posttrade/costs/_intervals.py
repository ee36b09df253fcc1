"""What the market did from the arrival of each order to its end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector
from riskresearch.files.tables._columns import NO_TIME, Instants
from riskresearch.posttrade.costs._market import Market

Places = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """From when to when each order worked; an order without both has none."""

    start: Instants
    end: Instants
    from_arrival: npt.NDArray[np.bool_]
    are_days: bool
    """Whether starts and ends are days, as the bars are."""


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of the market by asset, then by time, and those of each order's span: from `first` to before `last`."""

    order: Places
    first: Places
    last: Places
    starts: Places
    """Where the rows of the order's asset begin."""

    @property
    def some(self) -> npt.NDArray[np.bool_]:
        """Whether there is a row."""
        return self.last > self.first


def rows_of_spans(market: Market, asset: npt.NDArray[np.int32], spans: Spans) -> Rows:
    """Return the rows of the market that overlap each span; of days those after the decision, or from the arrival on.

    A span of days that begins and ends on one day has that day.
    """
    order = np.argsort(market.asset, kind="stable")
    bounds = np.searchsorted(market.asset[order], np.arange(len(market.assets) + 2))
    first, last, starts = np.zeros((3, asset.size), dtype=np.intp)
    there = (spans.start != NO_TIME) & (spans.end != NO_TIME) & (asset < len(market.assets))
    for code in np.unique(asset[there]):
        mine = np.flatnonzero(there & (asset == code))
        low = bounds[code]
        rows = order[low : bounds[code + 1]]
        start, end = spans.start[mine], spans.end[mine]
        if spans.are_days:
            days = market.stamps[rows]
            begin = np.where(
                spans.from_arrival[mine], np.searchsorted(days, start), np.searchsorted(days, start, side="right")
            )
            stop = np.searchsorted(days, end, side="right")
            same = (begin == stop) & (start == end) & (stop > np.searchsorted(days, end))
            begin = begin - same
        elif market.kind == "quotes":  # the one in force at the start as well
            begin = np.maximum(np.searchsorted(market.known[rows], start, side="right") - 1, 0)
            stop = np.searchsorted(market.known[rows], end, side="right")
        else:
            begin = np.searchsorted(market.known[rows], start, side="right")
            stop = np.searchsorted(market.begin[rows], end, side="right")
        first[mine], last[mine], starts[mine] = low + begin, low + stop, low
    return Rows(order, first, np.maximum(first, last), starts)


def sums_over(values: FloatVector, rows: Rows) -> FloatVector:
    """Return the sum of values, in the order of `rows`, over each order's rows; nan where there are none."""
    sums = np.full(rows.first.size, np.nan)
    some = np.flatnonzero(rows.some)
    if some.size:
        some = some[np.argsort(rows.first[some], kind="stable")]
        edges = np.stack([rows.first[some], rows.last[some]], axis=1).ravel()
        sums[some] = np.add.reduceat(np.append(values, 0.0), edges)[::2]
    return sums


def typical_prices(market: Market) -> FloatVector:
    """Return the price at which each bar's volume counts: its VWAP, else (high + low + close) / 3, else the close."""
    close = market.bid
    typical = close
    if "high" in market.fields and "low" in market.fields:
        mean = (market.fields["high"] + market.fields["low"] + close) / 3.0
        typical = np.where(np.isnan(mean), close, mean)
    own = market.fields.get("vwap")
    return typical if own is None else np.where(np.isnan(own), typical, own)


def volume_and_value(market: Market, rows: Rows) -> tuple[FloatVector, FloatVector]:
    """Return the units and the money that the market traded over each order's rows."""
    volume = np.nan_to_num(market.fields["volume"])[rows.order]
    return sums_over(volume, rows), sums_over(volume * typical_prices(market)[rows.order], rows)


def time_weighted_prices(market: Market, spans: Spans, rows: Rows) -> FloatVector:
    """Return the mean price over each span: of bars each counts the same, of quotes each as long as it stood."""
    if market.kind == "bars":
        with np.errstate(invalid="ignore"):
            mean: FloatVector = sums_over(typical_prices(market)[rows.order], rows) / (rows.last - rows.first)
        return mean
    means = np.full(rows.first.size, np.nan)
    for place in np.flatnonzero(rows.some):
        mine = rows.order[rows.first[place] : rows.last[place]]
        mid = 0.5 * (market.bid[mine] + market.ask[mine])
        begin = np.maximum(market.known[mine], spans.start[place])
        stood = np.append(begin[1:], spans.end[place]) - begin
        stood = np.where(np.isnan(mid), 0, stood)
        total = stood.sum()
        if total > 0:
            means[place] = np.nansum(mid * (stood / total))
        elif not np.isnan(mid[-1]):
            means[place] = mid[-1]
    return means


def day_prices(market: Market, rows: Rows) -> tuple[FloatVector, FloatVector, FloatVector]:
    """Return the open of the day on which each order's rows begin, the close of that on which they end, and the close
    before the former.
    """
    some = np.flatnonzero(rows.some)
    opens, closes, before = np.full((3, rows.first.size), np.nan)
    if some.size:
        asset, day = market.asset[rows.order], market.day[rows.order]
        change = np.flatnonzero(np.append(True, (asset[1:] != asset[:-1]) | (day[1:] != day[:-1])))
        begin = change[np.searchsorted(change, rows.first[some], side="right") - 1]
        end = np.searchsorted(change, rows.last[some] - 1, side="right")
        final = np.append(change, asset.size)[end] - 1
        close = (0.5 * (market.bid + market.ask))[rows.order]
        opened = market.fields["open"][rows.order] if "open" in market.fields else close
        opens[some], closes[some] = opened[begin], close[final]
        earlier = begin > rows.starts[some]
        before[some[earlier]] = close[begin[earlier] - 1]
    return opens, closes, before
