"""A checker between the targets and the orders of a simulation, bar after bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.dates._bound_rows import bind_rows
from riskresearch.core.dates._moments import SECONDS_A_DAY, moment_of
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import Outcome
from riskresearch.pretrade.book._book import Book
from riskresearch.pretrade.checker._bar_data import BY_BAR, BarData, is_table, row_instants, rows_until
from riskresearch.pretrade.checker._flow import Flow
from riskresearch.pretrade.checker._running_verdicts import RunningVerdicts
from riskresearch.pretrade.orders._orders import NO_TIME, Orders, instant_of

if TYPE_CHECKING:
    from riskresearch.core._records import Bar
    from riskresearch.core._types import FloatVector


class RunningChecker:
    """A checker that turns the target weights of an account into orders, and what passes into weights again.

    Parameters
    ----------
    checker : UnifiedLimitChecker
        Limits, and what a breach does.
    columns : sequence of str
        The account's columns.
    data : BarData
        What bars do not show.
    """

    def __init__(self, checker: Any, columns: Sequence[str], data: BarData) -> None:
        self.checker, self.columns, self.data = checker, tuple(map(str, columns)), data
        given = data.given()
        self.tables = {
            name: bind_rows(given.pop(name), name=name).of(self.columns) for name in BY_BAR if is_table(given.get(name))
        }
        scenarios = given.get("scenarios")
        self.dates = None if scenarios is None else row_instants(scenarios, "scenarios")
        self.given = given
        self.judged = 0
        self.day: Any = None
        self.sent: list[Any] = []
        self.whole = np.ones(len(self.columns))
        self.flow = self._flow()
        plan = self.flow.plan
        self.found = RunningVerdicts(self.columns, plan)
        self.needs_sent = any(rule.kind in (rules.RATE, rules.DUPLICATE) for _, rule in plan.rules)
        self.scenarios = plan.fields["scenarios"]
        self.field_rows = plan.tables.field_rows()
        self.has_state = any(rule.kind == rules.STATE for _, rule in plan.rules)

    def _flow(self, **more: Any) -> Flow:
        """Return a batch of an order for each column, against a book that is put in later."""
        count = len(self.columns)
        unknown = dict.fromkeys(self.columns, np.nan)
        book = Book(dict.fromkeys(self.columns, 0.0), unknown, **{"nav": np.nan, **self.given, **more})
        orders = Orders(self.columns, np.arange(count, dtype=np.intp), np.ones(count))
        flow = Flow.of(
            self.checker.limits, self.checker.max_age or {}, self.checker.on_breach, orders, book, mode="cumulative",
            keep=slice(0, count),
        )  # fmt: skip
        flow.own_columns()
        return flow

    def apply(self, target: FloatVector, bar: Bar) -> FloatVector:
        """Return the target weights whose orders pass; nan keeps what is held.

        Weights become orders at the last known prices of the account. Those that only reduce are judged first, then the
        others in the order of the columns; each sees those accepted before it.

        Parameters
        ----------
        target : array, shape (n_columns,)
            Weights wanted; nan keeps what is held.
        bar : Bar
            The account after the last bar.

        Returns
        -------
        array, shape (n_columns,)
        """
        account = bar.account
        if account is None:
            raise InvalidInputError("bar must show an account, got none: RunningLimit.apply is called by simulate.")
        equity, held = float(account.equity), account.weights
        known = (account.prices > 0.0) & (account.prices < np.inf)
        prices = np.where(known, account.prices, np.nan)
        moves = (target == target) & (target != held)
        allowed = np.array(target, dtype=np.float64)
        if not known.all():  # without a price there is no order that could be judged
            unpriced = moves & ~known & (target != 0.0)
            passes = self.checker.on_breach == "record"
            if unpriced.any():
                self.found.note_unpriced(bar.row, np.flatnonzero(unpriced), passed=passes)
            if not passes:
                allowed[unpriced] = np.nan
            moves &= known
        if not equity > 0.0 or not moves.any():
            return allowed
        per_weight = equity / prices
        reduces = (np.abs(target) < np.abs(held)) & (target * held >= 0.0)
        order = np.concatenate([np.flatnonzero(moves & reduces), np.flatnonzero(moves & ~reduces)])
        own = np.where(held == 0.0, 0.0, held * per_weight)
        units = ((target - held) * per_weight)[order]
        self._refill(bar, own, prices, equity)
        self._judge(order, units, bar)
        self.judged += len(order)
        self.found.note(bar.row, order, self.flow)
        outcomes, accepted = (self.flow.arrays[name][: len(order)] for name in ("outcome", "accepted"))
        clipped = np.flatnonzero(outcomes == Outcome.CLIP)
        if len(clipped):
            column, passed = order[clipped], accepted[clipped]
            left = held[column] + passed * prices[column] / equity
            allowed[column] = np.where(own[column] + passed == 0.0, 0.0, left)
        allowed[order[(outcomes != Outcome.PASS) & (accepted == 0.0)]] = np.nan
        return allowed

    def verdicts(self) -> RunningVerdicts:
        """Return what was found of the orders that did not simply pass: see `Backtest.limit_verdicts`."""
        return self.found

    def _refill(self, bar: Bar, units: FloatVector, prices: FloatVector, equity: float) -> None:
        """Put the account after a bar into the arrays of the kernel."""
        if self.needs_sent or self.has_state or self.dates is not None:
            self.flow = self._flow(**self._more(bar))
        plan = self.flow.plan
        plan.fields["prices"][:] = prices
        plan.value[:] = prices * plan.fields["factor"]
        plan.fields["nav"] = equity
        plan.fields["units"][:] = units
        for name, table in self.tables.items():
            values = table.at(bar)
            plan.fields[name][:] = (
                np.where(values > 0.0, values, np.nan) if name not in ("betas", "locates") else values
            )
        for row, name in self.field_rows.items():
            plan.table["tables"][row] = plan.fields[name]
        for slot, (_, single) in enumerate(plan.large):
            plan.table["threshold"][slot] = single * equity
        plan.measures.set_nav(equity)
        plan.worlds.hold(units)
        account: Any = bar.account
        plan.state["cash"][:] = (float(account.cash), 0.0)
        day = self._day(bar)
        if day is None or day != self.day:
            plan.state["traded"][:] = 0.0
        self.day = day
        if plan.other is not None:
            plan.other.begin()
            if plan.other.needs_book:
                plan.other.book = self._book(bar, units, prices, equity)

    def _more(self, bar: Bar) -> dict[str, Any]:
        """Return the arguments of the book that are read once a bar: orders sent, the decision, scenarios until now."""
        more: dict[str, Any] = {"recent": self.sent, "decision": bar.decision}
        if self.dates is not None:
            rows = rows_until(self.dates, bar, "scenarios")
            more["scenarios"] = self.given["scenarios"].iloc[:rows] if rows else None
        return more

    def _book(self, bar: Bar, units: FloatVector, prices: FloatVector, equity: float) -> Book:
        account: Any = bar.account
        own = {name: dict(zip(self.columns, self.flow.plan.fields[name], strict=True)) for name in self.tables}
        return Book(
            dict(zip(self.columns, units.tolist(), strict=True)), dict(zip(self.columns, prices.tolist(), strict=True)),
            **{**self.given, **self._more(bar), **own}, nav=equity, cash=float(account.cash), time=bar.time,
        )  # fmt: skip

    def _judge(self, order: Any, units: FloatVector, bar: Bar) -> None:
        """Judge the orders of a bar."""
        arrays, count = self.flow.arrays, len(order)
        now = instant_of(bar.time)
        arrays["column"][:count], arrays["units"][:count] = order, units
        arrays["time"][:count] = now
        arrays["denied"][:count] = arrays["warned"][:count] = 0
        plan = self.flow.plan
        if plan.other is not None and plan.other.needs_book:
            plan.order_at = self._orders(order, units).__getitem__
        plan.engine.run(0, count, self.flow.steps() if self.checker.on_breach == "clip" else self.whole)
        if self.needs_sent and now != NO_TIME:
            self._keep_sent(order, units, now)

    def _orders(self, order: Any, units: FloatVector) -> Orders:
        """Return the orders of a bar, for functions of users."""
        return Orders(self.columns, order, units, time=self.flow.arrays["time"][: len(order)])

    def _keep_sent(self, order: Any, units: FloatVector, now: int) -> None:
        """Remember the orders that were sent, as far back as a window goes."""
        windows = [rule.window for _, rule in self.flow.plan.rules if rule.kind in (rules.RATE, rules.DUPLICATE)]
        first = NO_TIME if min(windows) == 0.0 else now - round(max(windows) * 1e9)
        passed = self.flow.arrays["accepted"]
        from riskresearch.core._records import Order  # noqa: PLC0415 (only where orders are counted)

        self.sent = [each for each in self.sent if int(each.time.astype(np.int64)) > first]
        self.sent += [
            Order(self.columns[int(column)], float(passed[place]), time=np.datetime64(now, "ns"))
            for place, column in enumerate(order) if passed[place] != 0.0
        ]  # fmt: skip

    def _day(self, bar: Bar) -> Any:
        """Return the day of a bar on its own clock, None where it has none."""
        shown = moment_of(bar.time).shown
        return None if shown != shown else shown // SECONDS_A_DAY
