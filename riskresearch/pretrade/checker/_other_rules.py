"""The limits that are judged outside of the kernel: VaR and CVaR of scenarios, and functions of users."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import Order
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels.compiled._tail import historical_var, tail_risk
from riskresearch.kernels.inlined._trade_rules import exceeds, unraised
from riskresearch.pretrade._codes import LimitCode, Outcome
from riskresearch.pretrade.limits._limit import check_denominator
from riskresearch.pretrade.limits._risk_limits import CustomLimit
from riskresearch.pretrade.orders._orders import NO_TIME

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector

NAN = float("nan")
ON_MISSING = {"deny": Outcome.DENY, "warn": Outcome.WARN, "pass": Outcome.PASS}


class OtherRules:
    """The bound limits, and the profits of the scenarios in the two worlds of the account.

    Parameters
    ----------
    plan : Plan
        What they are bound to: its fields, state, values and orders.
    limits : sequence of (int, Limit)
        Place in the checker, and limit.
    """

    def __init__(self, plan: Any, limits: Sequence[tuple[int, Any]]) -> None:
        self.plan, self.limits = plan, limits
        self.scenarios = plan.fields["scenarios"]
        self.needs_scenarios = any(not isinstance(limit, CustomLimit) for _, limit in limits)
        self.needs_book = any(isinstance(limit, CustomLimit) for _, limit in limits)
        self.book = plan.book
        self.profits: list[FloatVector] = []
        self.before: dict[tuple[int, int], float] = {}
        self.values: Any = None
        self.bounds: Any = None
        self.grades: Any = None
        self.first_kept = 0
        self.orders: dict[str, Any] = {}
        self.error: BaseException | None = None

    def begin(self) -> None:
        """Compute the profits of the scenarios with what is held."""
        held, value = self.plan.state["held"], self.plan.value
        self.before = {}
        if not self.needs_scenarios or self.scenarios is None:
            return
        self.profits = []
        for world in (0, 1):
            own = np.flatnonzero(held[world] != 0.0)
            self.profits.append(np.asarray(self.scenarios[:, own] @ (held[world, own] * value[own])))

    def refill(self) -> None:
        """Continue with the book of the plan, before `begin`."""
        self.book, self.scenarios, self.profits = self.plan.book, self.plan.fields["scenarios"], []

    def fork(self, plan: Any) -> OtherRules:
        """Return the same rules bound to a plan that was forked."""
        other = copy.copy(self)
        other.plan, other.before = plan, dict(self.before)
        return other

    def judge(self, order: int, units: float, keep: bool) -> tuple[int, int]:
        """Return the masks of what denies these units of an order and what warns of them.

        An error is kept until the kernel, which cannot raise it, is done; until then everything is denied.
        """
        if self.error is None:
            try:
                return self._judged(order, units, keep)
            except BaseException as error:  # an interrupt too: `settle` raises it
                self.error = error
        return int(LimitCode.CUSTOM), 0

    def settle(self) -> None:
        """Raise the error that was kept."""
        if self.error is not None:
            error, self.error = self.error, None
            raise error

    def _judged(self, order: int, units: float, keep: bool) -> tuple[int, int]:
        denied = warned = 0
        column, world = int(self.orders["column"][order]), int(units < 0.0)
        start = float(self.plan.state["held"][world, column])
        after = start + units
        base = unraised(after, start)
        raises = after != base
        for place, (_, limit) in enumerate(self.limits):
            if isinstance(limit, CustomLimit):
                value, eases = self._custom(limit, order, units), False
                exempt = not raises and not limit.limit_exits
            else:
                value, eases = self._measure(place, limit, column, world, units)
                exempt = not raises
            grade = self._grade(limit, value, exempt or eases or not self._holds(limit, order))
            if grade == Outcome.DENY:
                denied |= int(limit.code)
            elif grade == Outcome.WARN:
                warned |= int(limit.code)
            if keep:
                row = order - self.first_kept
                self.values[row, place], self.bounds[row, place], self.grades[row, place] = value, limit.deny, grade
        return denied, warned

    def _holds(self, limit: Any, order: int) -> bool:
        first, last = limit.validity
        time = int(self.orders["time"][order])
        return time == NO_TIME or first <= time <= last

    def commit(self, order: int, units: float) -> None:
        """Let the next orders see this one as filled."""
        if self.error is not None:
            return
        try:
            self._commit(order, units)
        except BaseException as error:  # as in `judge`
            self.error = error

    def _commit(self, order: int, units: float) -> None:
        column = int(self.orders["column"][order])
        if self.profits:
            change = self._profit(column, units)
            self.profits = [each + change for each in self.profits]
            self.before = {}
        if self.needs_book:
            self.book = self.book.after(self._order(order, units))

    def _profit(self, column: int, units: float) -> FloatVector:
        return np.asarray(self.scenarios[:, column] * (units * self.plan.value[column]))

    def _order(self, order: int, units: float) -> Order:
        assert self.plan.order_at is not None  # set by who binds the orders
        found: Order = self.plan.order_at(order)
        return found._replace(units=units)

    def _grade(self, limit: Any, value: float, passes: bool) -> int:
        if passes:
            return Outcome.PASS
        if value != value:
            return ON_MISSING[limit.on_missing]
        if exceeds(value, limit.deny, limit.inclusive, False):
            return Outcome.DENY
        warned = limit.warn is not None and exceeds(value, limit.warn, limit.inclusive, False)
        return Outcome.WARN if warned else Outcome.PASS

    def _custom(self, limit: CustomLimit, order: int, units: float) -> float:
        try:
            value = limit.function(self._order(order, units), self.book)
        except Exception as error:
            raise InvalidInputError(
                f"function of {limit.label()} must return a number, but it raised {type(error).__name__}: {error}."
            ) from error
        try:
            return float(value)
        except OverflowError:
            return float("inf") if value > 0 else float("-inf")
        except (TypeError, ValueError) as error:
            raise InvalidInputError(f"function of {limit.label()} must return a number, got {value!r}.") from error

    def _measure(self, place: int, limit: Any, column: int, world: int, units: float) -> tuple[float, bool]:
        """Return VaR or CVaR after the order, or what it adds, and whether the order does not raise it."""
        if not self.profits:
            return NAN, False
        if (world, place) not in self.before:
            self.before[world, place] = self._risk(limit, self.profits[world])
        was = self.before[world, place]
        now = self._risk(limit, self.profits[world] + self._profit(column, units))
        per = self._denominator(limit)
        eases = now <= was
        return (now - was if limit.increase else now) / per, eases

    def _risk(self, limit: Any, profits: FloatVector) -> float:
        if not np.isfinite(profits).all():
            return NAN
        rank, mass = tail_rank(limit.level, len(profits))
        if limit.code == LimitCode.VALUE_AT_RISK:
            return float(historical_var(profits[:, None], rank)[0])
        return float(tail_risk(profits[:, None], rank, mass)[1][0])

    def _denominator(self, limit: Any) -> float:
        if limit.denominator is None:
            return 1.0
        if limit.denominator == "nav":
            nav = float(self.plan.fields["nav"])
            return nav if nav > 0.0 else NAN
        return check_denominator(limit.denominator)[1]
