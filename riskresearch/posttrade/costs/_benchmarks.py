"""Prices that an order's mean price is compared with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskresearch.core._checks import check_choice, check_sequence
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatVector
from riskresearch.posttrade.costs._fills import FillTable
from riskresearch.posttrade.costs._intervals import (
    Rows,
    Spans,
    day_prices,
    rows_of_spans,
    time_weighted_prices,
    volume_and_value,
)
from riskresearch.posttrade.costs._market import Market
from riskresearch.posttrade.costs._order_prices import OrderPrices, spans_of_orders
from riskresearch.posttrade.costs._orders import Filled, Orders

BENCHMARKS = (
    "decision", "arrival", "vwap", "vwap_ex_own", "twap", "open", "close", "previous_close", "mid", "limit",
)  # fmt: skip
DEFAULT = ("arrival", "vwap")
LEAST_VOLUME_LEFT = 1e-9
"""Of the market's volume: less than that is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Benchmarks by name, one price an order, and the share of the market's volume that each order was."""

    prices: dict[str, FloatVector]
    participation: FloatVector | None
    skipped: dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What benchmarks are made of."""

    orders: Orders
    filled: Filled
    prices: OrderPrices
    market: Market | None
    fills: FillTable | None
    number: npt.NDArray[np.intp]
    there: npt.NDArray[np.bool_]


def check_benchmarks(given: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return the names of benchmarks, None where those are taken that can be had."""
    if given is None:
        return None
    names = (given,) if isinstance(given, str) else check_sequence(given, name="benchmarks")
    return tuple(dict.fromkeys(check_choice(name, BENCHMARKS, name="benchmarks") for name in names))


def compare(names: tuple[str, ...] | None, given: Given) -> Compared:
    """Return the price of each benchmark; one whose data are not there is refused if it was asked for by name."""
    wanted = DEFAULT if names is None else names
    skipped = {name: lack for name in wanted if (lack := _lacks(name, given))}
    if skipped and names is not None:
        name, lack = next(iter(skipped.items()))
        raise InvalidInputError(f"benchmarks must be of data that are given: {name!r} needs {lack}.")
    market, spans, rows = given.market, None, None
    if market is not None and given.prices.asset is not None:
        days = given.fills is not None and given.fills.time.are_days
        spans = spans_of_orders(given.orders, given.filled, market, days)
        rows = rows_of_spans(market, given.prices.asset, spans)
    prices = {name: _price(name, given, spans, rows) for name in wanted if name not in skipped}
    participation = None
    if market is not None and rows is not None and "volume" in market.fields:
        with np.errstate(invalid="ignore", divide="ignore"):
            participation = given.filled.units / volume_and_value(market, rows)[0]
        participation = np.where(np.isinf(participation), np.nan, participation)
    return Compared(prices, participation, skipped)


def _lacks(name: str, given: Given) -> str:
    """Return what a benchmark needs and does not have, in words; empty if nothing."""
    market, prices = given.market, given.prices
    if name in ("decision", "arrival"):
        known = prices.has_decision if name == "decision" else prices.has_arrival
        column = "decided" if name == "decision" else "arrived"
        return "" if known else f"the column '{name}_price' of orders, or '{column}' and market="
    if name == "limit":
        return "" if "limit" in given.orders.columns else "the column 'limit' of orders"
    if market is None:
        return "market="
    if name == "mid":
        if market.kind != "quotes":
            return "quotes as market, with the columns bid and ask"
        return "" if given.fills is not None and given.fills.time.known.any() else "fills with the column 'time'"
    if name.startswith("vwap") and "volume" not in market.fields:
        return "bars as market with the column 'volume'"
    if not (given.orders.decided.known | given.orders.arrived.known).any():
        return "the column 'arrived' or 'decided' of orders"
    ended = given.orders.ended.known.any() or (given.fills is not None and given.fills.time.known.any())
    return "" if ended else "the column 'ended' of orders, or 'time' of fills"


def _price(name: str, given: Given, spans: Spans | None, rows: Rows | None) -> FloatVector:
    if name in ("decision", "arrival"):
        price: FloatVector = getattr(given.prices, name)
        return price
    if name == "limit":
        return given.orders.columns.prices("limit")
    if name == "mid":
        return _mid(given)
    assert given.market is not None  # else the benchmark lacks its data, which was found before
    assert spans is not None
    assert rows is not None
    return BY_ROWS[name](given, given.market, spans, rows)


def _vwap(given: Given, market: Market, spans: Spans, rows: Rows) -> FloatVector:
    volume, value = volume_and_value(market, rows)
    return _over(value, volume)


def _vwap_ex_own(given: Given, market: Market, spans: Spans, rows: Rows) -> FloatVector:
    """Return the VWAP without the order's own fills; nan where they are all of the volume, or more."""
    volume, value = volume_and_value(market, rows)
    left = volume - given.filled.units
    return _over(value - given.filled.value, np.where(left > LEAST_VOLUME_LEFT * volume, left, np.nan))


def _over(value: FloatVector, volume: FloatVector) -> FloatVector:
    with np.errstate(invalid="ignore", divide="ignore"):
        price = value / volume
    return np.where(price > 0.0, price, np.nan)


def _twap(given: Given, market: Market, spans: Spans, rows: Rows) -> FloatVector:
    return time_weighted_prices(market, spans, rows)


def _of_day(place: int) -> Callable[[Given, Market, Spans, Rows], FloatVector]:
    return lambda given, market, spans, rows: day_prices(market, rows)[place]


BY_ROWS: dict[str, Callable[[Given, Market, Spans, Rows], FloatVector]] = {
    "vwap": _vwap,
    "vwap_ex_own": _vwap_ex_own,
    "twap": _twap,
    "open": _of_day(0),
    "close": _of_day(1),
    "previous_close": _of_day(2),
}


def _mid(given: Given) -> FloatVector:
    """Return the mean of the mids at the times of an order's fills, by units; nan if one of them is not known."""
    market, fills, asset = given.market, given.fills, given.prices.asset
    assert market is not None  # as above
    assert fills is not None
    assert asset is not None
    time = fills.time
    moment = np.where(time.known, time.instants, 0)[given.there]
    mid = market.prices(asset[given.number], moment)[0]
    mid = np.where(time.known[given.there], mid, np.nan)
    size = np.abs(fills.units[given.there])
    count = len(given.orders.order)
    units = np.bincount(given.number, size, count)
    with np.errstate(invalid="ignore"):
        mean: FloatVector = np.bincount(given.number, size * mid, count) / np.where(units > 0.0, units, np.nan)
    return mean
