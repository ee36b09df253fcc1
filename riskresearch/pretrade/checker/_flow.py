"""Orders as arrays of the kernel, and the run of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode
from riskresearch.pretrade.checker._plan import Plan, instants
from riskresearch.pretrade.checker._tables import flagged
from riskresearch.pretrade.limits._rule import SCOPES
from riskresearch.pretrade.orders._orders import NO_TIME, Orders

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector
    from riskresearch.pretrade.book._book import Book
    from riskresearch.pretrade.limits._limit import Limit

    Longs = npt.NDArray[np.longlong]

MODES = {"cumulative": rules.CUMULATIVE, "all_or_none": rules.CUMULATIVE, "independent": rules.INDEPENDENT}
BREACHES = {"deny": rules.REFUSE, "clip": rules.REDUCE, "record": rules.RECORD}


class Flow:
    """A batch of orders bound to a plan.

    Parameters
    ----------
    limits, max_age, on_breach
        Of the checker.
    orders : Orders
        In the order in which they are sent.
    book : Book
        Before the first.
    mode : str
        How far orders see one another.
    keep : slice
        Of which orders the numbers are kept.
    """

    def __init__(
        self, limits: Sequence[Limit], max_age: Any, on_breach: str, orders: Orders, book: Book, *, mode: str,
        keep: slice = slice(0, 0),
    ) -> None:  # fmt: skip
        count = len(orders)
        self.plan = Plan(limits, max_age, book, orders.assets, orders.strategies, count)
        self.orders = orders
        self.plan.order_at = orders.__getitem__
        column = np.array([self.plan.column[asset] for asset in orders.assets], dtype=np.longlong)
        strategy = np.array([self.plan.strategy[name] for name in orders.strategies], dtype=np.longlong)
        times = instants(orders, book)
        kept = range(count)[keep]
        arrays: dict[str, Any] = {
            "column": column[orders.column], "units": np.array(orders.units, dtype=np.float64),
            "limit_price": np.full(count, np.nan) if orders.limit_price is None
            else np.array(orders.limit_price, dtype=np.float64),
            "time": times.astype(np.longlong),
            "strategy": np.zeros(count, dtype=np.longlong) if orders.strategy_of is None
            else strategy[orders.strategy_of],
            "cancel": np.zeros(count, dtype=np.longlong) if orders.cancels is None
            else orders.cancels.astype(np.longlong),
            "outcome": np.zeros(count, dtype=np.longlong), "accepted": np.zeros(count),
            "denied": np.zeros(count, dtype=np.longlong), "warned": np.zeros(count, dtype=np.longlong),
            "counts": np.zeros((0, 0), dtype=np.longlong), "first_kept": kept.start, "last_kept": kept.stop,
            "mode": MODES[mode], "on_breach": BREACHES[on_breach],
        }  # fmt: skip
        if orders.strategy_of is None and orders.strategies != ("",):
            arrays["strategy"][:] = strategy[0]
        arrays["fault"] = faults(orders, book, arrays["units"], arrays["limit_price"], arrays["cancel"])
        arrays["flags"] = self._flags(arrays)
        arrays["key"] = self._keys(arrays)
        shape = (len(kept), len(self.plan.rules))
        arrays["values"], arrays["bounds"] = np.full(shape, np.nan), np.full(shape, np.nan)
        arrays["grades"] = np.zeros(shape, dtype=np.longlong)
        self.arrays = arrays
        self._remember()
        self.plan.engine.bind(arrays)  # type: ignore[no-untyped-call]
        other = self.plan.other
        if other is not None:
            other.orders, other.first_kept = arrays, kept.start
            shape = (len(kept), len(other.limits))
            other.values, other.bounds, other.grades = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape)

    def run(self) -> None:
        """Judge all orders."""
        self.plan.engine.run(0, len(self.orders), self.steps())

    def steps(self) -> FloatVector:
        """Return the step in which each order is cut: its lot, one unit, or a small part of it."""
        arrays = self.arrays
        lots = [place for place, (_, rule) in enumerate(self.plan.rules) if rule.kind == rules.LOT]
        units = np.abs(arrays["units"])
        free = np.where(units == np.floor(units), 1.0, units * 2.0**-40)
        if not lots:
            return free
        rows = [self.plan.tables.row(self.plan.rules[place][1].table) for place in lots]
        each = self.plan.tables.matrix()[rows][:, arrays["column"]]
        first, last = self.plan.holds[:, lots]
        times = arrays["time"]
        each[(times != NO_TIME) & ((times < first[:, None]) | (times > last[:, None]))] = np.nan
        lot = common_lots(each)
        return np.where(np.isnan(lot), free, lot)

    def _flags(self, arrays: dict[str, Any]) -> Any:
        found = [
            flagged(rule, self.plan.tables, arrays["time"], arrays["strategy"])
            for _, rule in self.plan.rules if rule.is_flagged
        ]  # fmt: skip
        return np.array(found or [np.zeros(len(self.orders))], dtype=np.float64)

    def _keys(self, arrays: dict[str, Any]) -> Longs:
        """Return a number for each order, the same for twins, and keep when the last of each was sent."""
        count = len(self.orders)
        if not any(rule.kind == rules.DUPLICATE for _, rule in self.plan.rules):
            return np.zeros(count, dtype=np.longlong)
        recent = self.plan.book.recent
        places = {name: place for place, name in enumerate(dict.fromkeys((*recent.accounts, *self.orders.accounts)))}
        key = np.append(_twins(recent, self.plan.column, places), _twins(self.orders, self.plan.column, places), axis=0)
        number = np.zeros(len(key), dtype=np.int64)
        for part in key.T:
            own, inverse = np.unique(part, return_inverse=True)
            _, number = np.unique(number * len(own) + inverse, return_inverse=True)
        last = np.full(int(number.max(initial=-1)) + 1, NO_TIME, dtype=np.longlong)
        if recent.time is not None and len(recent):
            sent = np.full(len(recent), True) if recent.cancels is None else ~recent.cancels
            np.maximum.at(last, number[: len(recent)][sent], np.maximum(recent.time[sent], NO_TIME + 1))
        self.plan.state["last"] = last
        return number[len(recent) :].astype(np.longlong)

    def _remember(self) -> None:
        """Count the orders that were sent before the first, in the order in which they stand."""
        plan, recent = self.plan, self.plan.book.recent
        if plan.state["last"].size:
            plan.worlds.set_last(plan.state["last"])  # type: ignore[no-untyped-call]
        if not plan.rings or not len(recent):
            return
        count = len(recent)
        times = np.full(count, NO_TIME) if recent.time is None else recent.time
        strategies = np.array([plan.strategy[name] for name in recent.strategies], dtype=np.longlong)
        columns = np.array([plan.column.get(asset, -1) for asset in recent.assets], dtype=np.longlong)[recent.column]
        own = np.zeros(count, dtype=np.longlong) if recent.strategy_of is None else strategies[recent.strategy_of]
        cancels = np.zeros(count, dtype=bool) if recent.cancels is None else recent.cancels
        since = self._released()
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

    def _released(self) -> npt.NDArray[np.int64]:
        """Return when each strategy was last released."""
        plan = self.plan
        everyone = plan.book.released.get("", NO_TIME)
        return np.array([max(everyone, plan.book.released.get(name, NO_TIME)) for name in plan.strategies])


def faults(orders: Orders, book: Book, units: FloatVector, limit_price: FloatVector, cancel: Any) -> Longs:
    """Return for each order the mask of what makes it no order at all."""
    found = np.zeros(len(orders), dtype=np.longlong)
    named = frozenset(book.assets)
    known = np.array([asset in named for asset in orders.assets], dtype=bool)
    found[~known[orders.column]] |= int(LimitCode.UNKNOWN_ASSET)
    if book.account is not None:
        own = np.array([name in ("", book.account) for name in orders.accounts], dtype=bool)
        places = np.zeros(len(orders), dtype=np.intp) if orders.account_of is None else orders.account_of
        found[~own[places]] |= int(LimitCode.UNKNOWN_ACCOUNT)
    wrong = ~np.isfinite(units) | (units == 0.0) | np.isinf(limit_price) | (limit_price <= 0.0)
    found[wrong] |= int(LimitCode.INVALID_ORDER)
    return np.where(cancel != 0, 0, found)


def common_lots(lots: Any) -> FloatVector:
    """Return for each column the smallest number that is whole lots of each row, nan where there is no lot."""
    if len(lots) == 1:
        return np.asarray(lots[0])
    each, place = np.unique(lots, axis=1, return_inverse=True)
    found = np.full(each.shape[1], np.nan)
    for column, values in enumerate(each.T):
        known = [Fraction(float(lot)).limit_denominator(10**9) for lot in values if lot == lot]
        if known:
            found[column] = lcm(*(lot.numerator for lot in known)) / gcd(*(lot.denominator for lot in known))
    return np.asarray(found[place.reshape(-1)])


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
