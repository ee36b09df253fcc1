"""Closings of positions at average cost: their shares of the dividends and excursions of a pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.kernels.compiled.trades._pooled_trips import pooled_trips
from riskresearch.posttrade.trips._legs import episodes_of, opened_units

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector, IntVector
    from riskresearch.posttrade.trips._traded import Events, Traded


def pooled_excursions(
    traded: Traded, lowest: FloatMatrix | None, highest: FloatMatrix | None
) -> tuple[FloatVector, FloatVector, IntVector]:
    """Return the largest loss and gain of each closing, in local money for a multiplier of 1, and bars skipped."""
    closings, left, kept = traded.closings, opened_units(traded), None
    count = len(closings.units)
    adverse, favourable, unpriced = np.zeros(count), np.zeros(count), np.zeros(count, dtype=np.intp)
    own = ~traded.received
    opening, closing = np.flatnonzero((left != 0.0) & own[traded.fill_position]), np.flatnonzero(own[closings.position])
    fill = np.concatenate([opening, closings.close_fill[closing]])
    part = np.concatenate([np.full(len(opening), -1), closing]).astype(np.intp)
    episode = np.concatenate([episodes_of(traded, opening), closings.episode[closing]])
    units, price = np.concatenate([left[opening], closings.units[closing]]), traded.fill_price[fill]
    bar = traded.fill_bar[fill]
    column = np.zeros(len(traded.episode_fill), dtype=np.intp)
    column[episode] = traded.column[traded.fill_position[fill]]
    if traded.events is not None:
        kept = traded.events.prices
        units = units * traded.events.units[bar, column[episode]]
        price = price / kept[bar, column[episode]]
    order = np.lexsort((part < 0, fill, episode))
    first = np.searchsorted(episode[order], np.arange(len(column) + 1)).astype(np.intp)
    low, high = (traded.prices if each is None else each for each in (lowest, highest))
    marks = [each if kept is None else each / kept for each in (traded.prices, low, high)]
    of_legs = (np.ascontiguousarray(each[order]) for each in (bar, part, units, price))
    pooled_trips(first, column, *of_legs, *marks, adverse, favourable, unpriced)
    if traded.events is not None:  # a spin-off takes a share of the cost with it
        end, asset = closings.close_bar, traded.column[closings.position]
        left_with = traded.events.prices[end, asset] / traded.events.units[end, asset]
        adverse, favourable = adverse * left_with, favourable * left_with
    return adverse, favourable, unpriced


def pooled_dividends(traded: Traded) -> FloatVector:
    """Return the dividends of each closing: its share, by units, of what its position was paid and still has.

    A loop over the fills of positions that were paid a dividend, and over no others.
    """
    found = np.zeros(len(traded.closings.units))
    if traded.events is not None:
        left, paid = opened_units(traded), np.flatnonzero(traded.events.paid.any(axis=0))
        for position in np.flatnonzero(np.isin(traded.column, paid) & ~traded.received):
            _share_out(traded, traded.events, int(position), left, found)
    return found


def _share_out(traded: Traded, events: Events, position: int, left: FloatVector, found: FloatVector) -> None:
    closings, column = traded.closings, traded.column[position]
    units, paid = events.units[:, column], events.paid[:, column]
    steps = [(int(fill), -1) for fill in np.flatnonzero((traded.fill_position == position) & (left != 0.0))]
    steps += [(int(closings.close_fill[part]), int(part)) for part in np.flatnonzero(closings.position == position)]
    held = pool = before = 0.0
    for fill, part in sorted(steps, key=lambda step: (step[0], step[1] < 0)):
        bar = traded.fill_bar[fill]
        pool += held * (paid[bar] - before)
        before = paid[bar]
        if part < 0:
            held += left[fill] * units[bar]
        else:
            closed = closings.units[part] * units[bar]
            found[part] = pool * (closed / held)
            pool -= found[part]
            held -= closed
