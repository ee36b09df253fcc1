"""Limits bound to one book, for orders that are judged one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite, isinf
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._records import Order
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode, Outcome, names_of
from riskresearch.pretrade.checker._flow import Flow
from riskresearch.pretrade.checker._tables import flagged
from riskresearch.pretrade.checker._verdict import Verdict, reasons_of
from riskresearch.pretrade.orders._orders import NO_TIME, Orders, check_kind, instant_of, number_of

if TYPE_CHECKING:
    from riskresearch.pretrade.book._book import Book
    from riskresearch.pretrade.checker._plan import Plan
    from riskresearch.pretrade.limits._limit import Limit


class Bench:
    """A plan with room for one order.

    Parameters
    ----------
    limits, max_age
        Of the checker.
    book : Book
        What orders are judged against.
    """

    def __init__(self, limits: Sequence[Limit], max_age: Mapping[str, float], book: Book) -> None:
        self.limits, self.max_age, self.book = limits, max_age, book
        self.flow = self._flow(Order("", 1.0))
        self.twins: dict[Any, int] | None = None
        self.has_twins = any(rule.kind == rules.DUPLICATE for _, rule in self.flow.plan.rules)

    def _flow(self, order: Order) -> Flow:
        flow = Flow(
            self.limits, self.max_age, "deny", Orders.of(order), self.book, mode="independent", keep=slice(0, 1)
        )
        self.flagged = [
            (rule, None if rule.kind == rules.FLAGGED else flow.plan.tables.strategy_states())
            for _, rule in flow.plan.rules if rule.is_flagged
        ]  # fmt: skip
        return flow

    def put(self, order: Order) -> Flow:
        """Return the flow of one order with the numbers of this one."""
        plan, arrays = self.flow.plan, self.flow.arrays
        if order.asset not in plan.column or order.strategy not in plan.strategy:
            self.flow = self._flow(order)
            plan, arrays = self.flow.plan, self.flow.arrays
        column, strategy = plan.column[order.asset], plan.strategy[order.strategy]
        units, limit = number_of(order.units, "units"), number_of(order.limit_price, "limit_price")
        time = self.book.time if order.time is None else instant_of(order.time)
        arrays["column"][0], arrays["strategy"][0], arrays["units"][0] = column, strategy, units
        arrays["limit_price"][0], arrays["time"][0] = limit, time
        cancels = order.kind != "order" and check_kind(order.kind)
        arrays["cancel"][0] = cancels
        arrays["fault"][0] = 0 if cancels else self._fault(order, units, limit, column)
        if self.has_twins:
            arrays["key"][0] = 0
            self.flow.plan.state["last"][0] = self._last_twin(column, units, limit, order.account)
        for row, (rule, states) in enumerate(self.flagged):
            arrays["flags"][row, 0] = (
                states[strategy] if states is not None
                else flagged(rule, plan.tables, arrays["time"], arrays["strategy"])[0]
            )  # fmt: skip
        plan.order_at = lambda place: order
        return self.flow

    def _fault(self, order: Order, units: float, limit: float, column: int) -> int:
        found = 0
        if column >= len(self.book.assets):
            found |= int(LimitCode.UNKNOWN_ASSET)
        if self.book.account is not None and order.account not in ("", self.book.account):
            found |= int(LimitCode.UNKNOWN_ACCOUNT)
        if units == 0.0 or not isfinite(units) or isinf(limit) or limit <= 0.0:
            found |= int(LimitCode.INVALID_ORDER)
        return found

    def _last_twin(self, column: int, units: float, limit: float, account: str) -> int:
        """Return when the last twin of an order was sent, `NO_TIME` for never."""
        if self.twins is None:
            self.twins = {}
            recent = self.book.recent
            for place in range(len(recent)):
                each = recent[place]
                if each.kind == "order":
                    sent = NO_TIME + 1 if each.time is None else int(each.time.astype(np.int64))
                    key = self._twin(
                        self.flow.plan.column.get(each.asset, -1), each.units, each.limit_price, each.account
                    )
                    self.twins[key] = max(self.twins.get(key, NO_TIME), sent)
        return self.twins.get(self._twin(column, units, limit, account), NO_TIME)

    def _twin(self, column: int, units: float, limit: float, account: str) -> tuple[Any, ...]:
        return column, units, None if limit != limit else limit, account

    def check(self, order: Order, on_breach: str) -> Verdict:
        """Return the verdict on an order."""
        flow = self.put(order)
        arrays, engine = flow.arrays, flow.plan.engine
        fault, units = int(arrays["fault"][0]), float(arrays["units"][0])
        denied, warned = fault, 0
        if arrays["cancel"][0]:  # few rules are asked, and those of the order before are not its own
            self._forget()
        if arrays["cancel"][0] or (isfinite(units) and units != 0.0):
            own, warned = engine.ask(0, units, True)
            denied |= own
            other = flow.plan.other
            measured = reasons_of(
                flow.plan, (arrays["values"][0], arrays["bounds"][0], arrays["grades"][0]),
                () if other is None else (other.values[0], other.bounds[0], other.grades[0]),
            )  # fmt: skip
        else:
            measured = ()
        outcome = Outcome.DENY if denied else Outcome.WARN if warned else Outcome.PASS
        if denied and on_breach != "record":
            units = 0.0
            if on_breach == "clip" and not fault and not arrays["cancel"][0]:
                units = engine.largest(0, float(flow.steps()[0]))
                outcome = Outcome.CLIP if units != 0.0 else Outcome.DENY
        return Verdict(outcome, units, LimitCode(denied), LimitCode(warned), order, measured)

    def _forget(self) -> None:
        arrays, other = self.flow.arrays, self.flow.plan.other
        arrays["values"][:] = arrays["bounds"][:] = np.nan
        arrays["grades"][:] = 0
        if other is not None:
            other.values[:] = other.bounds[:] = np.nan
            other.grades[:] = 0

    def after(self, orders: Orders) -> Plan:
        """Return the limits bound to the book after orders, whether they pass or not."""
        flow = Flow(self.limits, self.max_age, "record", orders, self.book, mode="cumulative")
        flow.run()
        return flow.plan

    def repair(self, order: Order) -> tuple[float, str]:
        """Return the units of an order that pass, and the codes of what denies one step more."""
        flow = self.put(order)
        fault, units = int(flow.arrays["fault"][0]), float(flow.arrays["units"][0])
        if fault:
            return 0.0, "+".join(names_of(fault))
        engine, step = flow.plan.engine, float(flow.steps()[0])
        denied, _ = engine.ask(0, units, False)
        if not denied:
            return units, ""
        passing = engine.largest(0, step)
        more = abs(passing) + step
        if more < abs(units):
            denied = engine.ask(0, more if units > 0.0 else -more, False)[0] or denied
        return passing, "+".join(names_of(denied))
