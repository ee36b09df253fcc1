"""Orders, and what was filled of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._checks import name_remedy, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import warn_user
from riskresearch.core._types import FloatVector
from riskresearch.core.output._formats import counted
from riskresearch.files.tables._columns import DAY, NO_TIME, Columns, Times, check_one_clock, read_columns
from riskresearch.files.tables._trades import shown_name, signed_units
from riskresearch.posttrade.costs._fills import FillTable, costs_of, shown_orders

RELATIVE = 1e-9
COSTS = ("commission", "fees", "spread", "impact")
OF_COSTS = frozenset(
    "asset units side decided arrived ended decision_price arrival_price final_price limit filled average_price "
    "commission fees spread impact rate".split()
)
"""Columns of orders that are read; further ones are kept for grouping."""


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """One entry an order: what was filled of it."""

    units: FloatVector
    """Size, without a sign."""
    price: FloatVector
    """Mean price a unit, with spread and impact beside it; nan where nothing was filled."""
    value: FloatVector
    """Units times price, without them."""
    commission: FloatVector
    fees: FloatVector
    last: npt.NDArray[np.int64]
    """Time of the last fill, or `NO_TIME`."""


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """One entry an order, in the order of the rows."""

    columns: Columns
    order: pd.Index
    asset: npt.NDArray[np.object_] | None
    side: FloatVector
    """1 buys, -1 sells."""
    units: FloatVector
    """Size, without a sign."""
    multiplier: FloatVector
    """Money of the totals for one point and unit."""
    rate: FloatVector
    """Money of the totals for one unit of the order's currency."""
    decided: Times
    arrived: Times
    ended: Times

    @property
    def extra(self) -> list[str]:
        """Columns that are kept for grouping."""
        return [name for name in self.columns.frame.columns if name not in OF_COSTS and name != "order"]


def read_orders(orders: Any, *, rename: Mapping[str, str] | None, multipliers: Mapping[str, float] | None) -> Orders:
    """Return orders; one twice, or of no units, is refused."""
    columns = read_columns(orders, name="orders", rename=rename)
    if not len(columns):
        raise InvalidInputError("orders must have a row, got none.")
    columns.need("order", "the name of each order that its fills have too")
    names = pd.Index(columns.frame["order"], name="order")
    if names.hasnans or not names.is_unique:
        wrong = "none" if names.hasnans else f"{shown_name(names[names.duplicated()][0])} twice"
        raise InvalidInputError(f"orders['order'] must be different on each row, got {wrong}.")
    units = signed_units(columns)
    if (units == 0.0).any():
        empty = shown_name(names[int((units == 0.0).argmax())])
        raise InvalidInputError(f"orders['units'] must not be zero, got 0 for order {empty}.")
    asset = columns.texts("asset") if "asset" in columns else None
    rate = _rates(columns)
    times = {name: columns.times(name) for name in ("decided", "arrived", "ended")}
    check_one_clock(*times.values())
    return Orders(
        columns,
        names,
        asset,
        np.sign(units),
        np.abs(units),
        _multipliers(multipliers, asset, len(names)) * rate,
        rate,
        **times,
    )


def _rates(columns: Columns) -> FloatVector:
    """Return what one unit of each order's currency is worth: the column `rate`, which several currencies need."""
    if "rate" in columns:
        return columns.needed_numbers("rate", positive=True)
    if "currency" in columns and columns.frame["currency"].nunique() > 1:
        raise InvalidInputError(
            f"orders must have a column 'rate' beside {columns.frame['currency'].nunique()} currencies: what one unit "
            "of each is worth in the currency of the totals, such as orders['currency'].map({'USD': 1.0, 'EUR': 1.1})."
        )
    return np.ones(len(columns))


def _multipliers(given: Mapping[str, float] | None, asset: npt.NDArray[np.object_] | None, count: int) -> FloatVector:
    if given is None:
        return np.ones(count)
    if asset is None:
        raise InvalidInputError("multipliers are of assets, got none in orders. Give orders a column 'asset'.")
    if not isinstance(given, Mapping | pd.Series):
        raise InvalidInputError(f"multipliers must be a mapping of assets to numbers, got {shown(given)}.")
    numbers = {str(name): float(value) for name, value in given.items()}
    others = [name for name in numbers if name not in asset]
    if others:
        remedy = name_remedy(others[0], sorted(set(map(str, asset))), what="asset")
        raise InvalidInputError(f"multipliers must name assets of orders, got {others[0]!r}.{remedy}")
    bad = [name for name, value in numbers.items() if not (np.isfinite(value) and value > 0.0)]
    if bad:
        raise InvalidInputError(f"multipliers must be positive, got {numbers[bad[0]]:g} for {bad[0]!r}.")
    return np.array([numbers.get(str(name), 1.0) for name in asset])


def match_fills(orders: Orders, fills: FillTable) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Return the number of the order of each fill, and which fills have one.

    A fill on the other side of its order, or of another asset, is refused; one without an order is named and left out.
    """
    fills.columns.need("order", "the name of the order that each fill belongs to")
    named = fills.columns.frame["order"]
    place = _places(orders.order, named)
    there = place >= 0
    number = place[there]
    wrong = orders.side[number] * fills.units[there] < 0.0
    if wrong.any():
        row = int(np.flatnonzero(there)[wrong.argmax()])
        mine = place[row]
        raise InvalidInputError(
            f"fills must be on the side of their order, got {fills.units[row]:g} units on row {row} for order "
            f"{shown_name(orders.order[mine])} of {orders.side[mine] * orders.units[mine]:g} units."
        )
    if "asset" in fills.columns and orders.asset is not None:
        asset = fills.columns.texts("asset")
        other = asset[there] != orders.asset[number]
        if other.any():
            row = int(np.flatnonzero(there)[other.argmax()])
            raise InvalidInputError(
                f"fills must be of the asset of their order, got {asset[row]!r} on row {row} for order "
                f"{shown_name(orders.order[place[row]])} of {orders.asset[place[row]]!r}."
            )
    if not there.all():
        lost = pd.Index(named[~there]).unique()
        warn_user(
            f"fills holds {counted(int((~there).sum()), 'fill')} of {counted(len(lost), 'order')} not in orders, left "
            f"out: {shown_orders(lost)}."
        )
    return number, there


def _places(orders: pd.Index, named: pd.Series) -> npt.NDArray[np.intp]:
    """Return the place of each fill's order, by value, or as text where one side has numbers and the other text."""
    place = orders.get_indexer(pd.Index(named))
    if (place < 0).all() and (orders.dtype.kind in "iu") != (named.dtype.kind in "iu"):
        place = pd.Index(orders.astype(str)).get_indexer(pd.Index(named.astype(str)))
    return np.asarray(place)


def gather(orders: Orders, fills: FillTable, number: npt.NDArray[np.intp], there: npt.NDArray[np.bool_]) -> Filled:
    """Return what was filled of each order."""
    count = len(orders.order)
    size = np.abs(fills.units[there])
    units = np.bincount(number, size, count)
    with np.errstate(invalid="ignore"):
        price = np.bincount(number, size * fills.paid[there], count) / np.where(units > 0.0, units, np.nan)
    value, commission, fees = (
        np.asarray(np.bincount(number, each, count), dtype=np.float64)
        for each in (size * fills.price[there], fills.commission[there], fills.fees[there])
    )
    stand = {name: _beside_orders(orders, fills, name, units > 0.0) for name in COSTS}
    with np.errstate(invalid="ignore", divide="ignore"):
        price = price + orders.side * (stand["spread"] + stand["impact"]) / units
    commission, fees = commission + stand["commission"], fees + stand["fees"]
    last = np.full(count, NO_TIME)
    np.maximum.at(last, number, fills.time.instants[there])
    # A sum of many fills may differ from the order in its last digits only.
    whole = np.abs(units - orders.units) <= RELATIVE * orders.units
    return Filled(np.where(whole, orders.units, units), price, value, commission, fees, last)


def _beside_orders(orders: Orders, fills: FillTable, name: str, filled: npt.NDArray[np.bool_]) -> FloatVector:
    """Return what orders cost by their own column, where the fills have no such column."""
    paid = costs_of(orders.columns, name, filled)
    if paid.any() and name in fills.columns:
        raise InvalidInputError(
            f"{name} must stand in orders or in fills, got it in both. Leave one out: orders.drop(columns={name!r})."
        )
    return paid


def totals_given(orders: Orders) -> Filled:
    """Return what was filled where no fills are given: the columns `filled` and `average_price` of the orders."""
    columns = orders.columns
    columns.need("filled", "the units that were filled, where no fills are given")
    columns.need("average_price", "what they were filled at, where no fills are given")
    units = np.abs(columns.needed_numbers("filled"))
    price = columns.prices("average_price")
    bad = (units > 0.0) & np.isnan(price)
    if bad.any():
        raise InvalidInputError(
            f"orders['average_price'] must be known where something was filled, got none for order "
            f"{shown_name(orders.order[int(bad.argmax())])}."
        )
    costs = {name: costs_of(columns, name, units > 0.0) for name in COSTS}
    with np.errstate(invalid="ignore", divide="ignore"):
        beside = orders.side * (costs["spread"] + costs["impact"]) / units
        paid = np.where(units > 0.0, price + np.nan_to_num(beside), np.nan)
    none = np.full(len(units), NO_TIME)
    value = units * np.nan_to_num(price)
    return Filled(units, paid, value, costs["commission"], costs["fees"], none)


def _same_day(ended: Times, given: Times) -> npt.NDArray[np.bool_]:
    """Return where an end that is a day is that of a time: it ended at some time of this day."""
    return np.asarray(ended.are_days & (ended.local // DAY == given.local // DAY))


def name_oddities(orders: Orders, fills: FillTable | None, filled: Filled, number: Any, there: Any) -> dict[str, int]:
    """Name in one warning each what is odd of orders and fills but kept, and return how often it was."""
    over = filled.units > orders.units * (1.0 + RELATIVE)
    odd = {"filled more than ordered": over}
    both = orders.decided.known & orders.arrived.known
    odd["arrived before the decision"] = both & (orders.arrived.instants < orders.decided.instants)
    for what, given in (("decision", orders.decided), ("arrival", orders.arrived)):
        odd[f"ended before the {what}"] = (
            orders.ended.known
            & given.known
            & (orders.ended.instants < given.instants)
            & ~_same_day(orders.ended, given)
        )
    if fills is not None:
        check_one_clock(fills.time, orders.decided, orders.arrived, orders.ended)
        for what, given in (("decision", orders.decided), ("arrival", orders.arrived)):
            known = given.known[number] & fills.time.known[there]
            time, since = fills.time.instants[there], given.instants[number]
            if fills.time.are_days:
                time, since = fills.time.local[there] // DAY, given.local[number] // DAY
            early = known & (time < since)
            odd[f"filled before the {what}"] = np.bincount(number[early], minlength=len(over)) > 0
    for what, where in odd.items():
        if where.any():
            warn_user(f"orders has {int(where.sum()):,} {what}: {shown_orders(orders.order[where])}. They are kept.")
    return {what: int(where.sum()) for what, where in odd.items() if where.any()}
