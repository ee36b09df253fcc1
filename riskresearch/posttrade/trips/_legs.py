"""The legs of trips, which their excursions and dividends are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.kernels.compiled.trades._excursions import excursions

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector, IntVector
    from riskresearch.posttrade.trips._rules import Groups
    from riskresearch.posttrade.trips._traded import Lots, Traded

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """Purchases and sales of trips: units and prices as if no corporate action had been."""

    trip: IntVector
    fill: IntVector
    bar: IntVector
    column: IntVector
    units: FloatVector
    money: FloatVector
    price: FloatVector
    end: IntVector
    """The bar in whose units and prices `shares` are."""
    shares: FloatVector

    def of(self, trips: npt.NDArray[np.bool_]) -> Legs:
        """Return the legs of some trips, under their numbers."""
        keep = trips[self.trip]
        return Legs(*(getattr(self, name)[keep] for name in type(self).__slots__))

    def __add__(self, other: Legs) -> Legs:
        pairs = ((getattr(self, name), getattr(other, name)) for name in type(self).__slots__)
        return Legs(*(np.concatenate(pair) for pair in pairs))


def opening_legs(traded: Traded, lots: Lots, groups: Groups) -> Legs:
    """Return a leg for the opening of each part of a lot; a pool begins with the first fill of its position."""
    fill = lots.open_fill[groups.parts]
    pooled = fill < 0
    fill = np.where(pooled, traded.episode_fill[lots.episode[groups.parts]], fill)
    return _legs(traded, lots, groups, fill, traded.fill_bar[fill], lots.open_price, 1.0)


def closing_legs(traded: Traded, lots: Lots, groups: Groups) -> Legs:
    """Return a leg for the closing of each part of a lot."""
    return _legs(
        traded, lots, groups, lots.close_fill[groups.parts], lots.close_bar[groups.parts], lots.close_price, -1.0
    )


def _legs(
    traded: Traded, lots: Lots, groups: Groups, fill: IntVector, bar: IntVector, prices: FloatVector, sign: float
) -> Legs:
    parts = groups.parts
    column, end = traded.column[lots.position[parts]], lots.close_bar[parts]
    kept = np.ones(len(parts)) if traded.events is None else traded.events.prices[end, column]
    shares, price = sign * lots.units[parts], prices[parts]
    return Legs(groups.trip, fill, bar, column, shares * kept, shares * price, price / kept, end, shares)


def entry_legs(traded: Traded, lots: Lots, groups: Groups, rule: str, last_bar: IntVector) -> Legs:
    """Return the legs that open trips: fills flat to flat at average cost, else the openings of their lots."""
    openings = opening_legs(traded, lots, groups)
    if traded.matching != "average" or rule != "flat_to_flat" or not len(groups):
        return openings
    received = traded.received[lots.position[groups.last]]
    return openings.of(received) + pooled_legs(traded, lots, groups, last_bar).of(~received)


def opened_units(traded: Traded) -> FloatVector:
    """Return the units of each fill that opened a position or added to one: those that closed nothing."""
    left = traded.fill_units.copy()
    np.add.at(left, traded.closings.close_fill, traded.closings.units)
    left[np.abs(left) <= ROUNDING * np.abs(traded.fill_units)] = 0.0
    return left


def episodes_of(traded: Traded, fills: IntVector) -> IntVector:
    """Return the episode of each fill that opened a position or added to one."""
    first, rows = traded.episode_fill, len(traded.fill_units) + 1
    # A spin-off begins an episode with the fill of another: of equal keys the first is that of the fill.
    keys, episode = np.unique(traded.fill_position[first] * rows + first, return_index=True)
    return np.asarray(episode[np.searchsorted(keys, traded.fill_position[fills] * rows + fills, side="right") - 1])


def pooled_legs(traded: Traded, lots: Lots, groups: Groups, last_bar: IntVector) -> Legs:
    """Return a leg for each fill of positions with average cost: the part of it that opened or added to one."""
    left = opened_units(traded)
    fill = np.flatnonzero(left)
    trip_of = np.full(len(traded.episode_fill), -1, dtype=np.intp)
    trip_of[lots.episode[groups.parts]] = groups.trip
    trip = trip_of[episodes_of(traded, fill)]
    fill, trip = fill[trip >= 0], trip[trip >= 0]
    bar, column, end = traded.fill_bar[fill], traded.column[traded.fill_position[fill]], last_bar[trip]
    shares, price = left[fill], traded.fill_price[fill]
    if traded.events is None:
        return Legs(trip, fill, bar, column, shares, shares * price, price, bar, shares)
    units, prices = traded.events.units, traded.events.prices
    became, cost = units[bar, column] / units[end, column], prices[end, column] / prices[bar, column]
    money = shares * price * became * cost
    return Legs(
        trip, fill, bar, column, shares * became * prices[end, column], money, price / prices[bar, column], bar, shares
    )


def dividends(traded: Traded, legs: Legs, trips: int, last_bar: IntVector) -> FloatVector:
    """Return the dividends of each trip on the units that it held."""
    if traded.events is None:
        return np.zeros(trips)
    units, paid = traded.events.units, traded.events.paid
    later = paid[last_bar[legs.trip], legs.column] - paid[legs.bar, legs.column]
    money = legs.shares * units[legs.end, legs.column] * later
    return np.bincount(legs.trip, money, minlength=trips).astype(np.float64)


def measure_excursions(
    traded: Traded,
    legs: Legs,
    column: IntVector,
    until: IntVector,
    lowest: FloatMatrix | None,
    highest: FloatMatrix | None,
) -> tuple[FloatVector, FloatVector, IntVector]:
    """Return the largest loss and gain of each trip, in local money for a multiplier of 1, and bars skipped."""
    trips = len(column)
    adverse, favourable, unpriced = np.zeros(trips), np.zeros(trips), np.zeros(trips, dtype=np.intp)
    order = np.lexsort((legs.fill, legs.trip))
    first = np.searchsorted(legs.trip[order], np.arange(trips + 1)).astype(np.intp)
    kept = None if traded.events is None else traded.events.prices
    low, high = (traded.prices if each is None else each for each in (lowest, highest))
    marks = [each if kept is None else each / kept for each in (traded.prices, low, high)]
    of_legs = (np.ascontiguousarray(each[order]) for each in (legs.bar, legs.units, legs.money, legs.price))
    excursions(first, column, until, *of_legs, *marks, adverse, favourable, unpriced)
    return adverse, favourable, unpriced
