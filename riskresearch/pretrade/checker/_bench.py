"""Limits bound to one book, for orders that are judged one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._records import Order
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode, Outcome, names_of
from riskresearch.pretrade.checker._flow import COLUMNS, Flow
from riskresearch.pretrade.checker._plan import Plan
from riskresearch.pretrade.checker._standing import Standing, standings
from riskresearch.pretrade.checker._tables import flagged
from riskresearch.pretrade.checker._verdict import Measured, Reason, Verdict, measured_of
from riskresearch.pretrade.orders._orders import NO_TIME, Orders, check_kind, instant_of, number_of

if TYPE_CHECKING:
    from riskresearch.pretrade.book._book import Book
    from riskresearch.pretrade.limits._limit import Limit


NONE = LimitCode(0)
SMALL = 256
"""Orders of a batch whose arrays are kept."""


class Bench:
    """A plan with room for one order; another one may take its book as it stands.

    Parameters
    ----------
    limits, max_age
        Of the checker.
    book : Book
        What orders are judged against.
    """

    def __init__(self, limits: Sequence[Limit], max_age: Mapping[str, float], book: Book) -> None:
        self.limits, self.max_age, self.book = limits, max_age, book
        self.plan = Plan(limits, max_age, book)
        self.twins: dict[Any, int] | None = None
        self.has_twins = any(rule.kind == rules.DUPLICATE for _, rule in self.plan.rules)
        self._flow: Flow | None = None
        self._spare: Plan | None = None
        self._standing: list[Standing] | None = None

    @property
    def flow(self) -> Flow:
        """The flow of one order."""
        if self._flow is None:
            self._sit(Order(self.plan.assets[0] if self.plan.assets else "", 1.0))
        assert self._flow is not None
        return self._flow

    def _sit(self, order: Order) -> None:
        """Make the flow of one order, in arrays of its own."""
        orders = Orders.of(order)
        if not self.has_names(orders):
            self._spare = None
            self.plan = Plan(self.limits, self.max_age, self.book, orders.assets, orders.strategies)
        flow = self._flow = Flow(self.plan, orders, mode="independent", on_breach="deny", keep=slice(0, 1))
        flow.own_columns()
        self.slots: list[Any] = [memoryview(flow.arrays[name]) for name in COLUMNS[:-2]]
        self.flagged = [
            (rule, None if rule.kind == rules.FLAGGED else self.plan.tables.strategy_states())
            for _, rule in self.plan.rules if rule.is_flagged
        ]  # fmt: skip

    def refill(self, book: Book) -> bool:
        """Put a book with the same names in the place of this one, and return whether that can be."""
        other = self.plan.other
        if not self.plan.has_names_of(book) or (other is not None and other.needs_book):
            return False
        self.plan.refill(book)
        self.book, self.twins, self._standing = book, None, None
        if self.has_twins or self.plan.flags:
            self._flow = None
        return True

    def has_names(self, orders: Orders) -> bool:
        """Return whether the plan knows all names of orders."""
        column, strategy = self.plan.column, self.plan.strategy
        return all(name in column for name in orders.assets) and all(name in strategy for name in orders.strategies)

    def plan_for(self, orders: Orders) -> Plan:
        """Return a plan of the book for orders, which will change it; that of a small batch is used for the next."""
        if self.has_names(orders):
            if len(orders) > SMALL or self.plan.other is not None:  # whose functions may ask this bench
                return self.plan.fork(len(orders))
            if self._spare is None:
                self._spare = self.plan.fork(SMALL)
            else:
                self._spare.restore(self.plan)
            return self._spare
        return Plan(self.limits, self.max_age, self.book, orders.assets, orders.strategies, len(orders))

    def put(self, order: Order) -> Flow:
        """Return the flow of one order with the numbers of this one."""
        plan = self.plan
        if self._flow is None or order.asset not in plan.column or order.strategy not in plan.strategy:
            self._sit(order)
            plan = self.plan
        flow: Any = self._flow
        column, strategy = plan.column[order.asset], plan.strategy[order.strategy]
        units, limit = number_of(order.units, "units"), number_of(order.limit_price, "limit_price")
        time = self.book.time if order.time is None else instant_of(order.time)
        account = self.book.account
        foreign = account is not None and order.account not in ("", account) and int(LimitCode.UNKNOWN_ACCOUNT)
        cancels = order.kind != "order" and check_kind(order.kind)
        for slot, value in zip(self.slots, (column, units, limit, time, strategy, cancels, foreign), strict=True):
            slot[0] = value
        if self.has_twins:
            flow.arrays["key"][0] = 0
            plan.state["last"][0] = self._last_twin(order._replace(units=units, limit_price=limit))
        for row, (rule, states) in enumerate(self.flagged):
            flow.arrays["flags"][row, 0] = (
                states[strategy] if states is not None
                else flagged(rule, plan.tables, flow.arrays["time"], flow.arrays["strategy"])[0]
            )  # fmt: skip
        plan.order_at = lambda place: order
        return flow  # type: ignore[no-any-return]

    def _last_twin(self, order: Order) -> int:
        """Return when the last twin of an order was sent, `NO_TIME` for never."""
        if self.twins is None:
            self.twins = {}
            recent = self.book.recent
            for place in range(len(recent)):
                each = recent[place]
                if each.kind == "order":
                    sent = NO_TIME + 1 if each.time is None else int(each.time.astype(np.int64))
                    self.twins[_twin(each)] = max(self.twins.get(_twin(each), NO_TIME), sent)
        return self.twins.get(_twin(order), NO_TIME)

    def check(self, order: Order, on_breach: str) -> Verdict:
        """Return the verdict on an order."""
        flow = self.put(order)
        arrays, engine = flow.arrays, self.plan.engine
        if order.kind != "order":  # which few rules measure
            flow.forget()
        fault, units, cancels = engine.fault(0), self.slots[1][0], self.slots[5][0]
        denied, warned = fault, 0
        measured: Measured | tuple[Reason, ...] = ()
        if cancels or (isfinite(units) and units != 0.0):
            own, warned = engine.ask(0, units, True)
            denied |= own
            measured = measured_of(self.plan, arrays, 0)
        outcome = Outcome.DENY if denied else Outcome.WARN if warned else Outcome.PASS
        if denied and on_breach != "record":
            units = 0.0
            if on_breach == "clip" and not fault and not cancels:
                units = engine.largest(0, float(flow.steps()[0]))
                outcome = Outcome.CLIP if units != 0.0 else Outcome.DENY
        return Verdict(outcome, units, _code(denied), _code(warned), order, measured)

    def standing(self) -> list[Standing]:
        """Return what each rule measures of the book."""
        if self._standing is None:
            self._standing = standings(self.plan)
        return self._standing

    def standing_after(self, orders: Orders) -> list[Standing]:
        """Return what each rule measures of the book after orders, whether they pass or not."""
        flow = Flow(self.plan_for(orders), orders, mode="cumulative", on_breach="record")
        flow.commit()
        return standings(flow.plan)

    def repair(self, order: Order) -> tuple[float, str]:
        """Return the units of an order that pass, and the codes of what denies one step more."""
        flow = self.put(order)
        engine, units = self.plan.engine, self.slots[1][0]
        fault = engine.fault(0)
        if fault:
            return 0.0, "+".join(names_of(fault))
        step = float(flow.steps()[0])
        denied, _ = engine.ask(0, units, False)
        if not denied:
            return units, ""
        passing = engine.largest(0, step)
        more = abs(passing) + step
        if more < abs(units):
            denied = engine.ask(0, more if units > 0.0 else -more, False)[0] or denied
        return passing, "+".join(names_of(denied))


def _code(mask: int) -> LimitCode:
    return LimitCode(mask) if mask else NONE


def _twin(order: Order) -> tuple[Any, ...]:
    """Return what makes two orders twins."""
    limit = order.limit_price
    return order.asset, order.units, None if limit != limit else limit, order.account
