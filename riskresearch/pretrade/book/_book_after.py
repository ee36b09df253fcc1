"""The book after orders were filled."""

from __future__ import annotations

from typing import Any

import numpy as np

from riskresearch.core._checks import name_remedy
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels.inlined._trade_rules import paid_for_a_unit, plus
from riskresearch.pretrade.orders._orders import NO_TIME, Orders

NO_MONEY = (0.0, 0.0)


def filled(book: Any, orders: Orders) -> Any:
    """Return the book after the orders, one after the other."""
    units = book.units.copy()
    own = None if book.strategy_units is None else {name: each.copy() for name, each in book.strategy_units.items()}
    value, cash, traded = book.value, book.cash_pair, dict(book.traded_pairs)
    sent: list[Any] = [book.recent[place] for place in range(len(book.recent))]
    for place in range(len(orders)):
        order = orders[place]
        instant = book.time if orders.time is None or orders.time[place] == NO_TIME else int(orders.time[place])
        sent.append(order._replace(time=None if instant == NO_TIME else np.datetime64(instant, "ns")))
        if order.kind == "cancel":
            continue
        column = book.column(order.asset)
        if column < 0:
            raise InvalidInputError(
                f"orders must be of assets of the book, got {order.asset!r}."
                f"{name_remedy(order.asset, book.assets, what='asset')}"
            )
        units[column] += order.units
        if own is not None:
            own.setdefault(order.strategy, np.zeros(len(units)))[column] += order.units
        limit, sells = order.limit_price * float(book.factor[column]), order.units < 0.0
        cash = _plus(cash, -paid_for_a_unit(limit, float(value[column]), sells, False) * order.units)
        money = paid_for_a_unit(limit, float(value[column]), sells, True) * abs(order.units)
        for kind, name in (("account", ""), ("strategy", order.strategy), ("asset", order.asset)):
            traded[kind, name] = _plus(traded.get((kind, name), NO_MONEY), money)
    return _changed(book, units=units, strategy_units=own, cash_pair=cash, traded_pairs=traded, recent=Orders.of(sent))


def _plus(pair: tuple[float, float], money: float) -> tuple[float, float]:
    return plus(*pair, money)


def _changed(book: Any, **changes: Any) -> Any:
    other = object.__new__(type(book))
    for name in type(book).__slots__:
        object.__setattr__(other, name, changes.get(name, getattr(book, name)))
    return other
