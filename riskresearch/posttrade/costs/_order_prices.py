"""Prices at which an order was decided, arrived and ended: columns of the orders, else those that the market showed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatVector
from riskresearch.files.tables._columns import DAY, NO_TIME, Times, check_one_clock
from riskresearch.posttrade.costs._intervals import Spans
from riskresearch.posttrade.costs._market import NAMELESS, Market
from riskresearch.posttrade.costs._orders import Filled, Orders

PRICES = ("decision", "arrival", "final")


@dataclass(frozen=True, slots=True, eq=False)
class OrderPrices:
    """One entry an order; nan where a price is not known."""

    decision: FloatVector
    arrival: FloatVector
    final: FloatVector
    has_decision: bool
    """Whether anything tells of decisions; likewise `has_arrival`."""
    has_arrival: bool
    asset: npt.NDArray[np.int32] | None
    """Number of the asset in the market, if there is one."""


def prices_of_orders(orders: Orders, market: Market | None) -> OrderPrices:
    """Return the prices of each order: a price in the table comes before one of the market."""
    asset = None if market is None else _assets_of(orders, market)
    times = (orders.decided, orders.arrived, orders.ended)
    found, has = [], []
    for name, given in zip(PRICES, times, strict=True):
        price = orders.columns.prices(f"{name}_price")
        if market is not None and asset is not None and given.known.any():
            check_one_clock(given, market.times)
            price = np.where(np.isnan(price), _at(market, asset, given, opens=name == "arrival"), price)
        found.append(price)
        has.append(bool(given.known.any() or not np.isnan(price).all()))
    decision, arrival, final = found
    if not has[0] and not has[1]:
        raise InvalidInputError(
            "orders must have the prices or the times of decisions or arrivals: one of the columns 'decision_price', "
            "'arrival_price', or with market= 'decided', 'arrived'. Pass rename={'yours': 'decided'} if it has another "
            "name."
        )
    return OrderPrices(
        decision if has[0] else arrival, arrival if has[1] else decision, final, has[0], has[1], asset
    )  # fmt: skip


def _assets_of(orders: Orders, market: Market) -> npt.NDArray[np.int32]:
    if market.assets is NAMELESS:
        if orders.asset is not None and len(set(orders.asset)) > 1:
            raise InvalidInputError(
                f"market must name its assets, for orders has {len(set(orders.asset))} of them. Give it a column "
                "'asset', or a column of closes for each asset."
            )
        return np.zeros(len(orders.order), dtype=np.int32)
    if orders.asset is None:
        if len(market.assets) == 1:
            return np.zeros(len(orders.order), dtype=np.int32)
        orders.columns.need("asset", "as market has")
    return market.numbers_of(np.asarray(orders.asset))


def by_day(market: Market, given: Times) -> bool:
    """Return whether bars and times are days, so that a time means the close of its day."""
    return market.are_days and given.are_days


def _at(market: Market, asset: npt.NDArray[np.int32], given: Times, *, opens: bool) -> FloatVector:
    """Return what was known at each time. A day among days is its close or, where it `opens`, its open.

    Without opens, an order that arrives on a day finds the close before.
    """
    moment = np.where(given.known, given.instants, 0)
    if by_day(market, given):
        if opens and "open" in market.fields:
            return np.where(given.known, market.opens(asset, moment), np.nan)
        moment = moment + (market.width if market.stamped == "start" else 0) - (DAY if opens else 0)
    return np.where(given.known, market.prices(asset, moment)[0], np.nan)


def spans_of_orders(orders: Orders, filled: Filled, market: Market, fills_are_days: bool) -> Spans:
    """Return when each order worked: from its arrival, else its decision, to its end, else its last fill."""
    arrived = orders.arrived.known
    start = np.where(arrived, orders.arrived.instants, orders.decided.instants)
    end = np.where(orders.ended.known, orders.ended.instants, filled.last)
    given = [each for each in (orders.decided, orders.arrived, orders.ended) if each.known.any()]
    days = (
        market.are_days and all(each.are_days for each in given) and (fills_are_days or (filled.last == NO_TIME).all())
    )
    return Spans(start, end, arrived, days)
