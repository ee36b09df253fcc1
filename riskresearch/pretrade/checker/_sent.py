"""The orders that were sent before the first, as the rates and the twins of the kernel count them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade.limits._rule import SCOPES
from riskresearch.pretrade.orders._orders import NO_TIME, Orders

if TYPE_CHECKING:
    import numpy.typing as npt

    Longs = npt.NDArray[np.longlong]


def remember(plan: Any) -> None:
    """Count the orders that were sent before the first, in the order in which they stand."""
    recent = plan.book.recent
    if not plan.rings or not len(recent):
        return
    count = len(recent)
    times = np.full(count, NO_TIME) if recent.time is None else recent.time
    strategies = np.array([plan.strategy[name] for name in recent.strategies], dtype=np.longlong)
    columns = np.array([plan.column.get(asset, -1) for asset in recent.assets], dtype=np.longlong)[recent.column]
    own = np.zeros(count, dtype=np.longlong) if recent.strategy_of is None else strategies[recent.strategy_of]
    cancels = np.zeros(count, dtype=bool) if recent.cancels is None else recent.cancels
    since = _released(plan)
    for ring, (place, rule) in enumerate(each for each in plan.rules if each[1].kind == rules.RATE):
        scope, window = SCOPES[plan.limits[place].scope], round(rule.window * 1e9)
        counted = (columns >= 0) | (scope != rules.ASSET)
        if not rule.option:
            counted &= ~cancels
        if window == 0:
            counted &= (times > since[own]) | (since[own] == NO_TIME) | (times == NO_TIME)
        key = {rules.ACCOUNT: np.zeros_like(own), rules.STRATEGY: 1 + own}.get(
            scope, 1 + len(plan.strategies) + columns
        )
        for each in np.flatnonzero(counted).tolist():
            plan.worlds.remember(ring, int(key[each]), each, int(times[each]), window)


def _released(plan: Any) -> npt.NDArray[np.int64]:
    """Return when each strategy was last released."""
    everyone = plan.book.released.get("", NO_TIME)
    return np.array([max(everyone, plan.book.released.get(name, NO_TIME)) for name in plan.strategies])


def twin_numbers(plan: Any, orders: Orders) -> tuple[Longs, Longs]:
    """Return a number for each order that is the same for orders that are twins, and when the last of each was sent."""
    recent = plan.book.recent
    places = {name: place for place, name in enumerate(dict.fromkeys((*recent.accounts, *orders.accounts)))}
    key = np.append(_twins(recent, plan.column, places), _twins(orders, plan.column, places), axis=0)
    number = np.zeros(len(key), dtype=np.int64)
    for part in key.T:
        own, inverse = np.unique(part, return_inverse=True)
        _, number = np.unique(number * len(own) + inverse, return_inverse=True)
    last = np.full(int(number.max(initial=-1)) + 1, NO_TIME, dtype=np.longlong)
    if recent.time is not None and len(recent):
        sent = np.full(len(recent), True) if recent.cancels is None else ~recent.cancels
        np.maximum.at(last, number[: len(recent)][sent], np.maximum(recent.time[sent], NO_TIME + 1))
    return number[len(recent) :].astype(np.longlong), last


def _twins(orders: Orders, columns: dict[str, int], accounts: dict[str, int]) -> Any:
    """Return what makes two orders twins: asset, units with their side, limit price, account."""
    count = len(orders)
    own = np.array([columns.get(asset, -1) for asset in orders.assets], dtype=np.int64)[orders.column]
    limit = np.full(count, np.nan) if orders.limit_price is None else orders.limit_price
    limit = np.where(np.isnan(limit), np.nan, limit + 0.0)
    names = np.array([accounts[name] for name in orders.accounts], dtype=np.int64)
    place = np.zeros(count, dtype=np.intp) if orders.account_of is None else orders.account_of
    bits = [np.ascontiguousarray(each + 0.0, dtype=np.float64).view(np.int64) for each in (orders.units, limit)]
    return np.stack([own, *bits, names[place]], axis=1) if count else np.zeros((0, 4), dtype=np.int64)
