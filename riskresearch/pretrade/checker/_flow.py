"""Orders as arrays of the kernel, and the run of a batch."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels._threads import over_columns
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode
from riskresearch.pretrade.checker._plan import Plan
from riskresearch.pretrade.checker._sent import twin_numbers
from riskresearch.pretrade.checker._tables import flagged
from riskresearch.pretrade.orders._orders import NO_TIME, Orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from riskresearch.core._types import FloatVector
    from riskresearch.pretrade.book._book import Book
    from riskresearch.pretrade.limits._limit import Limit

    Longs = npt.NDArray[np.longlong]

MODES = {"cumulative": rules.CUMULATIVE, "all_or_none": rules.CUMULATIVE, "independent": rules.INDEPENDENT}
COLUMNS = ("column", "units", "limit_price", "time", "strategy", "cancel", "foreign", "key", "flags")
BREACHES = {"deny": rules.REFUSE, "clip": rules.REDUCE, "record": rules.RECORD}


class Flow:
    """A batch of orders bound to a plan, which the run of it changes.

    Columns of orders are read where they are, and what is the same for all orders is stored once.

    Parameters
    ----------
    plan : Plan
        The limits bound to the book before the first order, with the names of the orders and room for them.
    orders : Orders
        In the order in which they are sent.
    mode, on_breach : str
        How far orders see one another, and what a breach does.
    keep : slice
        Of which orders the numbers are kept.
    """

    def __init__(self, plan: Plan, orders: Orders, *, mode: str, on_breach: str, keep: slice = slice(0, 0)) -> None:
        count = len(orders)
        check_lengths(orders)
        self.plan, self.orders = plan, orders
        plan.order_at = orders.__getitem__
        kept = range(count)[keep]
        shape = (len(kept), len(plan.rules))
        arrays: dict[str, Any] = {
            "column": _looked_up(plan.column, orders.assets, orders.column, count, "column"),
            "units": np.asarray(orders.units, dtype=np.float64),
            "limit_price": _alike(np.nan, count) if orders.limit_price is None
            else np.asarray(orders.limit_price, dtype=np.float64),
            "time": _times(orders, plan.book) if plan.needs_time else _alike(NO_TIME, count),
            "strategy": _looked_up(plan.strategy, orders.strategies, orders.strategy_of, count, "strategy_of"),
            "cancel": _alike(0, count) if orders.cancels is None else orders.cancels.astype(np.longlong),
            "foreign": _foreign(orders, plan.book, count), "known": len(plan.book.assets),
            "unknown_asset": int(LimitCode.UNKNOWN_ASSET), "invalid_order": int(LimitCode.INVALID_ORDER),
            "outcome": np.empty(count, dtype=np.longlong), "accepted": np.empty(count),
            "denied": np.zeros(count, dtype=np.longlong), "warned": np.zeros(count, dtype=np.longlong),
            "first_kept": kept.start, "last_kept": kept.stop, "mode": MODES[mode], "on_breach": BREACHES[on_breach],
            "values": np.full(shape, np.nan), "bounds": np.full(shape, np.nan),
            "grades": np.zeros(shape, dtype=np.longlong), "key": _alike(0, count),
        }  # fmt: skip
        arrays["flags"] = self._flags(arrays)
        if any(rule.kind == rules.DUPLICATE for _, rule in plan.rules):
            arrays["key"], plan.state["last"] = twin_numbers(plan, orders)
            plan.worlds.set_last(plan.state["last"])  # type: ignore[no-untyped-call]
        self.arrays = arrays
        plan.engine.bind(arrays)  # type: ignore[no-untyped-call]
        other = plan.other
        if other is not None:
            other.orders, other.first_kept = arrays, kept.start
            shape = (len(kept), len(other.limits))
            other.values, other.bounds, other.grades = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape)

    @classmethod
    def of(
        cls, limits: Sequence[Limit], max_age: Any, on_breach: str, orders: Orders, book: Book, *, mode: str,
        keep: slice = slice(0, 0),
    ) -> Flow:  # fmt: skip
        """Return a batch bound to limits and a book that are bound for it alone."""
        plan = Plan(limits, max_age, book, orders.assets, orders.strategies, len(orders))
        return cls(plan, orders, mode=mode, on_breach=on_breach, keep=keep)

    def run(self, stop: int | None = None) -> None:
        """Judge all orders, or those before `stop`; those that do not see one another on several threads."""
        plan, arrays = self.plan, self.arrays
        count = len(self.orders) if stop is None else stop
        steps = self.steps() if arrays["on_breach"] == rules.REDUCE else _alike(1.0, count)
        if not count:
            return
        if arrays["mode"] == rules.CUMULATIVE or plan.other is not None or len(arrays["values"]):
            plan.engine.run(0, count, steps)
            return

        def judge(first: int, last: int) -> None:
            engine = plan.engine
            if first:
                engine = plan.engine_beside()
                engine.bind(arrays)
            engine.run(first, last, steps)

        over_columns(judge, (max(1, len(plan.rules)), count), heavy=True)

    def own_columns(self) -> None:
        """Copy the columns of the orders, so that others can be written in their place."""
        for name in COLUMNS:
            self.arrays[name] = np.array(self.arrays[name])
        self.plan.engine.bind(self.arrays)  # type: ignore[no-untyped-call]

    def forget(self) -> None:
        """Blank the numbers that are kept."""
        other = self.plan.other
        for found in (self.arrays, {} if other is None else vars(other)):
            for name, blank in (("values", np.nan), ("bounds", np.nan), ("grades", 0)):
                if name in found:
                    found[name][:] = blank

    def commit(self) -> None:
        """Let all orders be filled that are orders of the book, without a look at any limit."""
        engine, other = self.plan.engine, self.plan.other
        for place, units in enumerate(self.arrays["units"].tolist()):
            if not engine.fault(place):
                engine.commit(place, units)
                if other is not None and not self.arrays["cancel"][place]:
                    other.commit(place, units)

    def steps(self) -> FloatVector:
        """Return the step in which each order is cut: its lot, one unit, or a small part of it."""
        arrays = self.arrays
        lots = [row for row, (_, rule) in enumerate(self.plan.rules) if rule.kind == rules.LOT]
        units = np.abs(arrays["units"])
        free = np.where(units == np.floor(units), 1.0, units * 2.0**-40)
        if not lots:
            return free
        rows = [self.plan.rule_tables[row] for row in lots]
        each = self.plan.table["tables"][rows][:, arrays["column"]]
        first, last = self.plan.holds[:, lots]
        times = arrays["time"]
        each[(times != NO_TIME) & ((times < first[:, None]) | (times > last[:, None]))] = np.nan
        lot = common_lots(each)
        return np.where(np.isnan(lot), free, lot)

    def _flags(self, arrays: dict[str, Any]) -> Any:
        if not self.plan.flags:
            return np.zeros((1, 1))
        return np.array([
            flagged(rule, self.plan.tables, arrays["time"], arrays["strategy"])
            for _, rule in self.plan.rules if rule.is_flagged
        ], dtype=np.float64)  # fmt: skip


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


def check_lengths(orders: Orders) -> None:
    """Refuse columns of different lengths, which the kernel would read beyond their ends."""
    for name in ("column", "limit_price", "time", "account_of", "strategy_of", "cancels"):
        column = getattr(orders, name)
        if column is not None and len(column) != len(orders):
            raise InvalidInputError(
                f"{name} must have an entry for each of the {len(orders)} orders, got {len(column)}."
            )


def _alike(value: Any, count: int) -> Any:
    """Return an array of one value that is stored once."""
    one = np.array(value, dtype=np.float64 if isinstance(value, float) else np.longlong)
    return np.ndarray((count,), one.dtype, one, strides=(0,))


def _looked_up(place_of: dict[str, int], names: Sequence[str], each: Any, count: int, what: str) -> Any:
    """Return the place of each order's name in the plan; not copied where it is that in the orders."""
    if each is None:
        return _alike(place_of[names[0]], count)
    places, each = [place_of[name] for name in names], np.asarray(each)
    if each.dtype.kind not in "iu":
        raise InvalidInputError(f"{what} must be an array of integers, got one of {each.dtype}.")
    if count and int(each.astype(np.int64, copy=False).view(np.uint64).max()) >= len(places):  # or negative
        wrong = each[(each < 0) | (each >= len(places))]
        raise InvalidInputError(f"{what} must be places in the {len(places)} names, from 0 on, got {wrong[0]}.")
    if places == list(range(len(places))) and each.dtype.itemsize == np.dtype(np.longlong).itemsize:
        return each.view(np.longlong)
    return np.array(places, dtype=np.longlong)[each]


def _times(orders: Orders, book: Book) -> Any:
    """Return the time of each order, that of the book where it has none."""
    if orders.time is None:
        return _alike(book.time, len(orders))
    if book.time == NO_TIME and orders.time.dtype == np.int64:
        return orders.time.view(np.longlong)
    return np.where(orders.time == NO_TIME, book.time, orders.time).astype(np.longlong)


def _foreign(orders: Orders, book: Book, count: int) -> Any:
    """Return the mask of what is wrong with the account of each order."""
    wrong = [book.account is not None and name not in ("", book.account) for name in orders.accounts]
    if orders.account_of is None or not any(wrong):
        return _alike(int(LimitCode.UNKNOWN_ACCOUNT) if wrong[0] and orders.account_of is None else 0, count)
    return np.array(wrong, dtype=np.longlong)[orders.account_of] * int(LimitCode.UNKNOWN_ACCOUNT)
