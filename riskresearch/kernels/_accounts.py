# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""Accounts that follow target weights: one bar in one step, by the same code for all of history and for one bar.

A bar goes: interest and borrow fees on what was held since the bar before; splits and dividends; holdings without a
price; equity at the fill prices before costs; target units; fills and their costs; equity at the bar's prices. An
account whose equity is zero or less is closed at those prices and does nothing any more.
"""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, floor, sqrt

EVERY_BAR = cython.declare(cython.int, 0)
ON_CHANGE = cython.declare(cython.int, 1)
RAISE = cython.declare(cython.int, 0)
SETTLE = cython.declare(cython.int, 1)
HELD_WITHOUT_PRICE = cython.declare(cython.int, 1)
ORDER_WITHOUT_PRICE = cython.declare(cython.int, 2)
SPLIT = cython.declare(cython.int, 0)
WHOLE_LOT_TOLERANCE = cython.declare(cython.double, 1e-9)
BISECTIONS = cython.declare(cython.int, 60)


@cython.final
@cython.cclass
class AccountBook:
    """Accounts over the rows of `prices`; account i holds the columns from starts[i] to before starts[i + 1].

    Parameters
    ----------
    inputs : dict of arrays
        `targets` (rows or 1, columns), where NaN keeps what is held; `prices`, `fills` (rows, columns), NaN is missing;
        `starts` (accounts + 1,); `account_of` (columns,); `volume`, `volatility` (rows or 1, columns); `credit` and
        `debit` (rows or 1,), cash rates; `event_row`, `event_column`, `event_kind`, `event_value` in the order of rows.
    terms : dict of numbers
        What is asked for: see `riskresearch.backtest._book`.
    state : dict of arrays
        What is carried from bar to bar, changed in place: see `riskresearch.backtest._book`.
    answers : dict of arrays
        `units` (rows, columns); `cash`, `equity`, `commission`, `spread`, `impact`, `borrow`, `interest`, `dividends`
        (rows, accounts) filled with zeros, or of one row where it is known that all are zero.
    """

    targets: cython.const[cython.double][:, :]
    prices: cython.const[cython.double][:, :]
    fills: cython.const[cython.double][:, :]
    volume: cython.const[cython.double][:, :]
    volatility: cython.const[cython.double][:, :]
    credit: cython.const[cython.double][::1]
    debit: cython.const[cython.double][::1]
    starts: cython.const[cython.Py_ssize_t][::1]
    account_of: cython.const[cython.Py_ssize_t][::1]
    event_row: cython.const[cython.Py_ssize_t][::1]
    event_column: cython.const[cython.Py_ssize_t][::1]
    event_kind: cython.const[cython.Py_ssize_t][::1]
    event_value: cython.const[cython.double][::1]
    target_step: cython.Py_ssize_t
    credit_step: cython.Py_ssize_t
    debit_step: cython.Py_ssize_t
    next_event: cython.Py_ssize_t
    lag: cython.Py_ssize_t
    rebalance: cython.int
    missing: cython.int
    borrowing: cython.bint
    accrues: cython.bint
    fills_apart: cython.bint
    plain: cython.bint
    band: cython.double
    lot: cython.double
    min_trade: cython.double
    fraction: cython.double
    per_unit: cython.double
    minimum: cython.double
    half_spread: cython.double
    impact_coefficient: cython.double
    borrow_rate: cython.double
    cash: cython.double[::1]
    worth: cython.double[::1]
    traded: cython.double[::1]
    held: cython.double[::1]
    marks: cython.double[::1]
    quotes: cython.double[::1]
    order: cython.double[::1]
    last_target: cython.double[::1]
    closing: cython.double[::1]
    closing_price: cython.double[::1]
    written_off: cython.double[::1]
    stopped: cython.Py_ssize_t[::1]
    unfilled: cython.Py_ssize_t[::1]
    due: cython.Py_ssize_t[::1]
    reduce_only: cython.Py_ssize_t[::1]
    fault: cython.Py_ssize_t[::1]
    price: cython.double[::1]
    fill: cython.double[::1]
    target: cython.double[::1]
    units: cython.double[:, ::1]
    cash_path: cython.double[:, ::1]
    equity: cython.double[:, ::1]
    commission: cython.double[:, ::1]
    spread: cython.double[:, ::1]
    impact: cython.double[:, ::1]
    borrow: cython.double[:, ::1]
    interest: cython.double[:, ::1]
    dividends: cython.double[:, ::1]

    def __init__(self, inputs, terms, state, answers):  # type: ignore[no-untyped-def]
        self.targets, self.prices, self.fills = inputs["targets"], inputs["prices"], inputs["fills"]
        self.volume, self.volatility = inputs["volume"], inputs["volatility"]
        self.credit, self.debit = inputs["credit"], inputs["debit"]
        self.starts, self.account_of = inputs["starts"], inputs["account_of"]
        self.event_row, self.event_column = inputs["event_row"], inputs["event_column"]
        self.event_kind, self.event_value = inputs["event_kind"], inputs["event_value"]
        self.target_step = 1 if self.targets.shape[0] > 1 else 0
        self.credit_step = 1 if self.credit.shape[0] > 1 else 0
        self.debit_step = 1 if self.debit.shape[0] > 1 else 0
        self.next_event = 0
        self.fills_apart = inputs["fills"] is not inputs["prices"]
        self.price, self.target = state["price"], state["target"]
        self.fill = state["fill"] if self.fills_apart else state["price"]
        self.lag, self.rebalance, self.missing = terms["lag"], terms["rebalance"], terms["missing"]
        self.borrowing, self.accrues = terms["borrowing"], terms["accrues"]
        self.band, self.lot, self.min_trade = terms["band"], terms["lot"], terms["min_trade"]
        self.plain = self.lot == 0.0 and self.min_trade == 0.0
        self.fraction, self.per_unit, self.minimum = terms["fraction"], terms["per_unit"], terms["minimum"]
        self.half_spread, self.impact_coefficient = terms["half_spread"], terms["impact"]
        self.borrow_rate = terms["borrow_rate"]
        self.cash, self.worth, self.traded = state["cash"], state["worth"], state["traded"]
        self.held, self.marks, self.quotes = state["held"], state["marks"], state["quotes"]
        self.order, self.last_target = state["order"], state["last_target"]
        self.closing, self.closing_price = state["closing"], state["closing_price"]
        self.stopped, self.unfilled = state["stopped"], state["unfilled"]
        self.due, self.reduce_only, self.fault = state["due"], state["reduce_only"], state["fault"]
        self.units, self.cash_path, self.equity = answers["units"], answers["cash"], answers["equity"]
        self.commission, self.spread, self.impact = answers["commission"], answers["spread"], answers["impact"]
        self.borrow, self.interest = answers["borrow"], answers["interest"]
        self.dividends, self.written_off = answers["dividends"], state["written_off"]

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Go from row `first` to before `last`; `fault` says where it stopped earlier, and why."""
        row: cython.Py_ssize_t
        account: cython.Py_ssize_t
        accounts: cython.Py_ssize_t = self.starts.shape[0] - 1
        with cython.nogil:
            for row in range(first, last):
                self._read(row)
                if self.accrues and row > 0:
                    for account in range(accounts):
                        self._accrue(account, row)
                while self.next_event < self.event_row.shape[0] and self.event_row[self.next_event] <= row:
                    self._apply_event(self.next_event, row)
                    self.next_event += 1
                for account in range(accounts):
                    if self.stopped[account] < 0:
                        self._decide(account, row)
                if self.fault[0] != 0:
                    break
                for account in range(accounts):
                    if self.due[account] != 0:
                        self._fill(account, row)
                for account in range(accounts):
                    if self.stopped[account] < 0:
                        self._finish(account, row)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _read(self, row: cython.Py_ssize_t) -> cython.void:
        """Copy a row of the inputs, which may lie anywhere in memory."""
        column: cython.Py_ssize_t
        columns: cython.Py_ssize_t = self.prices.shape[1]
        for column in range(columns):
            self.price[column] = self.prices[row, column]
        if self.fills_apart:
            for column in range(columns):
                self.fill[column] = self.fills[row, column]
        if row >= self.lag:
            for column in range(columns):
                self.target[column] = self.targets[(row - self.lag) * self.target_step, column]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _accrue(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.void:
        """Pay or charge interest on cash, and the fee for borrowed units, since the bar before."""
        column: cython.Py_ssize_t
        cash: cython.double = self.cash[account]
        short: cython.double = 0.0
        earned: cython.double
        fee: cython.double
        if cash > 0.0:
            earned = cash * self.credit[row * self.credit_step]
        else:
            earned = cash * self.debit[row * self.debit_step]
        if self.interest.shape[0] > 1:
            self.interest[row, account] = earned
        cash += earned
        if self.borrow_rate != 0.0:
            for column in range(self.starts[account], self.starts[account + 1]):
                if self.held[column] < 0.0:
                    short -= self.held[column] * self.marks[column]
            fee = short * self.borrow_rate
            if self.borrow.shape[0] > 1:
                self.borrow[row, account] = fee
            cash -= fee
        self.cash[account] = cash

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _apply_event(self, event: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.void:
        """Split what is held, or pay its dividend: a short position pays it."""
        column: cython.Py_ssize_t = self.event_column[event]
        account: cython.Py_ssize_t = self.account_of[column]
        value: cython.double = self.event_value[event]
        paid: cython.double
        if self.event_kind[event] == SPLIT:
            self.held[column] = self.held[column] / value
            self.marks[column] = self.marks[column] * value
        elif self.held[column] != 0.0:
            paid = self.held[column] * value
            self.cash[account] += paid
            self.dividends[row, account] += paid

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _decide(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.void:
        """Find the orders of the bar, if it has any."""
        worth: cython.double = self._quote(account, row)
        self.traded[account] = 0.0
        self.due[account] = 0
        if worth <= 0.0:
            self._close(account, row, worth)
        elif row >= self.lag and self._is_due(account, row, worth):
            self.due[account] = 1
            self._size(account, row, worth)
            if not self.borrowing:
                self._limit_buys(account, row)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _finish(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.void:
        """Write down how the account stands at the prices of the bar."""
        worth: cython.double = self._mark(account, row)
        if worth <= 0.0:
            self._close(account, row, worth)
            return
        self.worth[account] = worth
        self.equity[row, account] = worth
        self.cash_path[row, account] = self.cash[account]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _quote(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.double:
        """Find the price of each holding at the fill, settle what has none, and return the equity before costs."""
        column: cython.Py_ssize_t
        fill: cython.double
        worth: cython.double = self.cash[account]
        for column in range(self.starts[account], self.starts[account + 1]):
            if self.held[column] != 0.0:
                fill = self.fill[column]
                if self.price[column] == self.price[column]:
                    self.quotes[column] = fill if fill == fill else self.marks[column]
                elif self.missing == RAISE:
                    self._stop_at(HELD_WITHOUT_PRICE, row, column)
                else:
                    self.quotes[column] = self.marks[column]
                worth += self.held[column] * self.quotes[column]
                if self.missing == SETTLE and self.price[column] != self.price[column]:
                    self.cash[account] += self.held[column] * self.quotes[column]
                    self.held[column] = 0.0
        return worth

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _stop_at(self, code: cython.Py_ssize_t, row: cython.Py_ssize_t, column: cython.Py_ssize_t) -> cython.void:
        if self.fault[0] == 0:
            self.fault[0] = code
            self.fault[1] = row
            self.fault[2] = column

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _is_due(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t, worth: cython.double) -> cython.bint:
        """Say whether the account trades on this bar; it then trades all its columns."""
        column: cython.Py_ssize_t
        target: cython.double
        away: cython.double
        due: cython.bint = False
        if self.rebalance == EVERY_BAR:
            return True
        for column in range(self.starts[account], self.starts[account + 1]):
            target = self.target[column]
            if target != target:
                continue
            if self.rebalance == ON_CHANGE:
                if target != self.last_target[column]:
                    due = True
                self.last_target[column] = target
            elif self.held[column] == 0.0:
                if fabs(target) > self.band:
                    due = True
            else:
                away = fabs(self.held[column] * self.quotes[column] / worth - target)
                if away > self.band or target == 0.0:
                    due = True
        return due

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _size(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t, worth: cython.double) -> cython.void:
        """Find the units that each target asks for."""
        column: cython.Py_ssize_t
        target: cython.double
        fill: cython.double
        for column in range(self.starts[account], self.starts[account + 1]):
            target = self.target[column]
            fill = self.fill[column]
            self.order[column] = self.held[column]
            if target != target:
                continue
            if fill == fill and self.price[column] == self.price[column]:
                if self.plain and self.reduce_only[account] == 0:
                    self.order[column] = target * worth / fill + 0.0
                else:
                    self.order[column] = self._allowed(target * worth / fill, self.held[column], fill, account)
            elif target != 0.0 or self.held[column] != 0.0:
                if self.missing == RAISE:
                    self._stop_at(ORDER_WITHOUT_PRICE, row, column)
                self.unfilled[account] += 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _allowed(
        self, new: cython.double, old: cython.double, price: cython.double, account: cython.Py_ssize_t
    ) -> cython.double:
        """Return the units next to `new` that lots, a ban on new exposure and the smallest trade allow."""
        whole: cython.double
        if self.lot > 0.0:
            whole = floor(fabs(new) / self.lot + WHOLE_LOT_TOLERANCE) * self.lot
            new = whole if new > 0.0 else -whole
        if self.reduce_only[account] != 0:
            if new * old <= 0.0:
                new = 0.0
            elif fabs(new) > fabs(old):
                new = old
        if self.min_trade > 0.0 and new != 0.0 and fabs(new - old) * price < self.min_trade:
            new = old
        return new + 0.0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _commission(self, size: cython.double, notional: cython.double) -> cython.double:
        fee: cython.double = self.fraction * notional + self.per_unit * size
        return fee if fee > self.minimum else self.minimum

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _impact(
        self, row: cython.Py_ssize_t, column: cython.Py_ssize_t, size: cython.double, notional: cython.double
    ) -> cython.double:
        """Return the square-root impact: coefficient times daily volatility times the root of the participation."""
        if self.impact_coefficient == 0.0:
            return 0.0
        part: cython.double = sqrt(size / self.volume[row, column])
        return self.impact_coefficient * self.volatility[row, column] * part * notional

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _price_of_buys(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t, part: cython.double) -> cython.double:
        """Return the cash that `part` of each buy takes, costs included."""
        column: cython.Py_ssize_t
        size: cython.double
        notional: cython.double
        need: cython.double = 0.0
        for column in range(self.starts[account], self.starts[account + 1]):
            size = (self.order[column] - self.held[column]) * part
            if size > 0.0:
                notional = size * self.fill[column]
                need += notional + self._commission(size, notional) + self.half_spread * notional
                need += self._impact(row, column, size, notional)
        return need

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _limit_buys(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.void:
        """Scale all buys of the account by one factor to what its cash and its sales pay for."""
        column: cython.Py_ssize_t
        size: cython.double
        notional: cython.double
        available: cython.double = self.cash[account]
        low: cython.double = 0.0
        high: cython.double = 1.0
        need: cython.double = self._price_of_buys(account, row, 1.0)
        for column in range(self.starts[account], self.starts[account + 1]):
            size = self.held[column] - self.order[column]
            if size > 0.0:
                notional = size * self.fill[column]
                available += notional - self._commission(size, notional) - self.half_spread * notional
                available -= self._impact(row, column, size, notional)
        if need <= available:
            return
        if self.minimum == 0.0 and self.impact_coefficient == 0.0:
            low = available / need if available > 0.0 else 0.0
        else:
            for _ in range(BISECTIONS):
                if self._price_of_buys(account, row, 0.5 * (low + high)) <= available:
                    low = 0.5 * (low + high)
                else:
                    high = 0.5 * (low + high)
        for column in range(self.starts[account], self.starts[account + 1]):
            size = (self.order[column] - self.held[column]) * low
            if self.order[column] > self.held[column]:
                self.order[column] = self._fewer(self.held[column], size, self.fill[column])

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _fewer(self, old: cython.double, size: cython.double, price: cython.double) -> cython.double:
        """Return the units after a buy of at most `size`, in whole lots."""
        new: cython.double = old + size
        if self.lot > 0.0:
            new = floor(new / self.lot + WHOLE_LOT_TOLERANCE) * self.lot
        if new <= old or (new != 0.0 and (new - old) * price < self.min_trade):
            return old
        return new

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _fill(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.void:
        """Fill the orders and pay for them."""
        column: cython.Py_ssize_t
        change: cython.double
        size: cython.double
        price: cython.double
        notional: cython.double
        commission: cython.double = 0.0
        spread: cython.double = 0.0
        impact: cython.double = 0.0
        paid: cython.double = 0.0
        traded: cython.double = 0.0
        for column in range(self.starts[account], self.starts[account + 1]):
            change = self.order[column] - self.held[column]
            if change != 0.0:
                size = fabs(change)
                price = self.fill[column]
                notional = size * price
                commission += self._commission(size, notional)
                spread += self.half_spread * notional
                impact += self._impact(row, column, size, notional)
                paid += change * price  # no branch on the sign, which no processor predicts
                traded += notional
                self.held[column] = self.order[column]
        self.cash[account] -= paid + (commission + spread + impact)
        self.traded[account] = traded
        if self.commission.shape[0] > 1:
            self.commission[row, account] = commission
        if self.spread.shape[0] > 1:
            self.spread[row, account] = spread
        if self.impact.shape[0] > 1:
            self.impact[row, account] = impact

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _mark(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.double:
        """Write down what is held, carry the last prices on, and return the equity at them."""
        column: cython.Py_ssize_t
        price: cython.double
        worth: cython.double = self.cash[account]
        for column in range(self.starts[account], self.starts[account + 1]):
            price = self.price[column]
            if price == price:
                self.marks[column] = price
            if self.held[column] != 0.0:
                self.quotes[column] = self.marks[column]
                self.units[row, column] = self.held[column]
                worth += self.held[column] * self.marks[column]
        return worth

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _close(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t, worth: cython.double) -> cython.void:
        """Close a bankrupt account at the last quotes; what it owes is written off."""
        column: cython.Py_ssize_t
        for column in range(self.starts[account], self.starts[account + 1]):
            self.closing[column] = self.held[column]
            self.closing_price[column] = self.quotes[column]
            self.held[column] = 0.0
            self.units[row, column] = 0.0
        self.cash[account] = 0.0
        self.worth[account] = 0.0
        self.written_off[account] = -worth
        self.due[account] = 0
        self.stopped[account] = row


def empty_state(columns, accounts, capital):  # type: ignore[no-untyped-def]
    """Return the state of accounts that hold `capital` in cash and nothing else."""
    state = {name: np.zeros(columns) for name in ("held", "order", "last_target", "closing")}
    state |= {
        name: np.full(columns, np.nan) for name in ("marks", "quotes", "closing_price", "price", "fill", "target")
    }
    state |= {name: np.full(accounts, capital) for name in ("cash", "worth")}
    state |= {name: np.zeros(accounts) for name in ("traded", "written_off")}
    state |= {"stopped": np.full(accounts, -1, dtype=np.intp)}
    state |= {name: np.zeros(accounts, dtype=np.intp) for name in ("unfilled", "due", "reduce_only")}
    return state | {"fault": np.zeros(3, dtype=np.intp)}
