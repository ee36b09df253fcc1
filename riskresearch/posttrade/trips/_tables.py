"""The tables of round trips: one row a trip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from riskresearch.posttrade.trips._legs import (
    closing_legs,
    dividends,
    entry_legs,
    measure_excursions,
    opening_legs,
)
from riskresearch.posttrade.trips._pooled import pooled_dividends, pooled_excursions
from riskresearch.posttrade.trips._rules import Groups, closed_trips, first_fills, open_trips

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector, IntVector
    from riskresearch.posttrade.trips._traded import Lots, Traded

ZERO = 16.0 * float(np.finfo(np.float64).eps)
"""A profit up to this fraction of what was bought and sold is zero but for rounding."""
OF_FILLS = frozenset(
    "asset account time units price currency kind side id lot notional commission spread impact fees risk".split()
)
"""Columns of fills that are no attributes of a trip."""


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """The ranges of bars, None where closes are the only marks, and the risk of a unit of each fill or position."""

    lowest: FloatMatrix | None
    highest: FloatMatrix | None
    risk_of_fills: FloatVector | None = None
    risk_of_positions: FloatVector | None = None


def closed_table(traded: Traded, rule: str, marks: Marks) -> tuple[pd.DataFrame, int]:
    """Return the closed trips, in the order of their last closing, and how many bars had no price."""
    lots = traded.closings
    groups = closed_trips(traded, rule)
    last_bar = lots.close_bar[groups.last]
    legs = entry_legs(traded, lots, groups, rule, last_bar) + closing_legs(traded, lots, groups)
    paid = dividends(traded, legs, len(groups), last_bar)
    table, rate, capital = _common(traded, lots, groups, rule)
    gross, costs = (groups.sum(each) for each in (_gross(traded, lots), _in_base(traded, lots, lots.costs)))
    position = lots.position[groups.last]
    no_end = np.full(len(groups), -1, dtype=np.intp)
    column = traded.column[position]
    adverse, favourable, unpriced = measure_excursions(traded, legs, column, no_end, marks.lowest, marks.highest)
    if traded.matching == "average" and rule != "flat_to_flat":
        alike = ~traded.received[position]  # each trip is one closing
        shares = (pooled_dividends(traded), *pooled_excursions(traded, marks.lowest, marks.highest))
        for own, share in zip((paid, adverse, favourable, unpriced), shares, strict=True):
            own[alike] = share[groups.parts][alike]
    money = rate * traded.multiplier[position]
    net = gross + paid * rate - costs
    turnover = capital + groups.sum(np.abs(_value(traded, lots, lots.close_price)))
    net[np.abs(net) <= ZERO * turnover] = 0.0
    first = first_fills(traded, lots, groups, rule)
    closed = traded.times.iloc[lots.close_fill[groups.last]].reset_index(drop=True)
    table.insert(5, "closed", closed)
    table["gross"], table["dividends"], table["costs"], table["net"] = gross, paid * rate, costs, net
    table["return"] = _divided(net, capital)
    table["holding"] = closed - table["opened"]
    table["bars"] = last_bar - traded.fill_bar[first]
    table["mae"], table["mfe"] = adverse * money, favourable * money
    table["r_multiple"] = _divided(net, _risk(traded, lots, groups, marks))
    return _with_attributes(table, traded, first), int(unpriced.sum())


def open_table(traded: Traded, rule: str, marks: Marks) -> pd.DataFrame:
    """Return the trips that are open at the last bar; flat to flat, what they have closed so far is in them."""
    lots, end = traded.open_lots, len(traded.prices) - 1
    groups = open_trips(lots, rule)
    last_bar = np.full(len(groups), end, dtype=np.intp)
    before = _closed_part(traded, groups) if rule == "flat_to_flat" else None
    legs = entry_legs(traded, lots, groups, rule, last_bar)
    if before is not None and traded.matching != "average":
        legs += opening_legs(traded, traded.closings, before)
    if before is not None:
        legs += closing_legs(traded, traded.closings, before)
    table, rate, _ = _common(traded, lots, groups, rule)
    gross, costs = groups.sum(_gross(traded, lots)), groups.sum(_in_base(traded, lots, lots.costs))
    if before is not None and len(before.parts):
        for found, each in ((gross, _gross(traded, traded.closings)), (costs, _closed_costs(traded))):
            found += np.bincount(before.trip, each[before.parts], minlength=len(groups))
    position = lots.position[groups.last]
    column = traded.column[position]
    adverse, favourable, _ = measure_excursions(traded, legs, column, last_bar, marks.lowest, marks.highest)
    money = rate * traded.multiplier[position]
    table = table.rename(columns={"exit_price": "last_price"})
    table["gross"], table["costs"] = gross, costs
    table["mae"], table["mfe"] = adverse * money, favourable * money
    return _with_attributes(table, traded, first_fills(traded, lots, groups, rule))


def _closed_part(traded: Traded, groups: Groups) -> Groups:
    """Return the closings of positions that are open, under the numbers of their open trips."""
    trip_of = np.full(len(traded.episode_fill), -1, dtype=np.intp)
    trip_of[traded.open_lots.episode[groups.parts]] = groups.trip
    trip = trip_of[traded.closings.episode]
    numbers = np.flatnonzero(trip >= 0)
    none = np.empty(0, dtype=np.intp)
    return Groups(numbers, trip[numbers], none, none)


def _closed_costs(traded: Traded) -> FloatVector:
    return _in_base(traded, traded.closings, traded.closings.costs)


def _common(traded: Traded, lots: Lots, groups: Groups, rule: str) -> tuple[pd.DataFrame, FloatVector, FloatVector]:
    """Return the columns that closed and open trips share, the rate of each trip and its capital at entry."""
    position, last_bar = lots.position[groups.last], lots.close_bar[groups.last]
    units = np.abs(lots.units)
    if traded.events is not None:
        factor, column = traded.events.units, traded.column[lots.position]
        end = lots.close_bar.copy()
        end[groups.parts] = last_bar[groups.trip]
        units = units * factor[lots.close_bar, column] / factor[end, column]
    held, size = groups.sum(units), np.abs(lots.units)
    entry, leave = groups.sum(size * lots.open_price), groups.sum(size * lots.close_price)
    table = pd.DataFrame(
        {
            "asset": np.array(traded.assets, dtype=object)[position],
            "account": np.array(traded.accounts, dtype=object)[position],
            "side": np.where(lots.units[groups.last] > 0.0, "long", "short").astype(object),
            "currency": np.array(traded.currencies, dtype=object)[position],
            "opened": traded.times.iloc[first_fills(traded, lots, groups, rule)].reset_index(drop=True),
            "units": held,
            "entry_price": entry / held,
            "exit_price": leave / held,
        }
    )
    rate = traded.rates[last_bar, position] if len(groups) else np.zeros(0)
    return table, rate, groups.sum(np.abs(_value(traded, lots, lots.open_price)))


def _in_base(traded: Traded, lots: Lots, money: FloatVector) -> FloatVector:
    """Return local money of each part in the base currency, at the rate of the bar on which it closed."""
    return money * traded.rates[lots.close_bar, lots.position] if len(money) else money


def _value(traded: Traded, lots: Lots, price: FloatVector) -> FloatVector:
    return _in_base(traded, lots, lots.units * price * traded.multiplier[lots.position])


def _gross(traded: Traded, lots: Lots) -> FloatVector:
    return _value(traded, lots, lots.close_price - lots.open_price)


def _risk(traded: Traded, lots: Lots, groups: Groups, marks: Marks) -> FloatVector:
    """Return the money at risk at entry, nan where none was given."""
    if marks.risk_of_positions is not None:
        unit = marks.risk_of_positions[lots.position]
    elif marks.risk_of_fills is not None:
        unit = marks.risk_of_fills[lots.open_fill]
    else:
        return np.full(len(groups), np.nan)
    if traded.events is not None:  # a stop moves with a split
        column = traded.column[lots.position]
        start = traded.fill_bar[np.where(lots.open_fill < 0, traded.episode_fill[lots.episode], lots.open_fill)]
        unit = unit * traded.events.units[lots.close_bar, column] / traded.events.units[start, column]
    return groups.sum(np.abs(_value(traded, lots, unit)))


def _divided(profit: FloatVector, by: FloatVector) -> FloatVector:
    found = np.full(len(profit), np.nan)
    np.divide(profit, by, out=found, where=by != 0.0)
    return found


def _with_attributes(table: pd.DataFrame, traded: Traded, first: IntVector) -> pd.DataFrame:
    """Add the other columns that the fills have, with the values of the fill with which each trip began."""
    for name in traded.fills.columns:
        if name not in OF_FILLS:
            title = f"opening_{name}" if name in table.columns else name
            table[title] = traded.fills[name].iloc[first].reset_index(drop=True)
    return table
