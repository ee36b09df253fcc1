"""Accounts that follow target weights: one bar in one step, by the same code for all of history and for one bar.

The steps of a bar are: interest and borrow fees on what was held since the bar before; splits and dividends; holdings
without a price; equity at the fill prices before costs; target units; fills and their costs; equity at the bar's
prices. An account whose equity is zero or less is closed at those prices and does nothing any more.
"""

import cython
from cython.cimports.libc.math import fabs

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _fill_rules as rules
else:
    from riskresearch.kernels.inlined import _fill_rules as rules

CHORDS = cython.declare(cython.int, 8)


@cython.final
@cython.cclass
class AccountBook:
    """Accounts over the rows of `prices`; account i holds the columns from starts[i] to before starts[i + 1].

    Parameters
    ----------
    inputs : dict of arrays
        `targets` (rows or 1, columns), NaN keeps what is held; `prices`, `fills` (rows, columns), NaN is missing;
        `starts` (accounts + 1,); `account_of` (columns,); `volume`, `volatility` (rows or 1, columns); `rates` (rows or
        1, 2) on cash and debt; `schedule` (rows or 0, accounts), 1 to trade; `events` (events, 3), and `event_value`.
    settings : dict of numbers
        Settings: see `riskresearch.accounts._book`.
    state : dict of arrays
        State carried from bar to bar, changed in place: see `riskresearch.accounts._book`.
    answers : dict of arrays
        `units` (rows, columns); `cash`, `equity`, `commission`, `spread`, `impact`, `borrow`, `interest`, `dividends`
        (rows, accounts) filled with zeros, or of one row where all are known to be zero.
    """

    targets: cython.const[cython.double][:, :]
    prices: cython.const[cython.double][:, :]
    fills: cython.const[cython.double][:, :]
    volume: cython.const[cython.double][:, :]
    volatility: cython.const[cython.double][:, :]
    rates: cython.const[cython.double][:, ::1]
    starts: cython.const[cython.Py_ssize_t][::1]
    account_of: cython.const[cython.Py_ssize_t][::1]
    events: cython.const[cython.Py_ssize_t][:, ::1]
    event_value: cython.const[cython.double][::1]
    schedule: cython.const[cython.Py_ssize_t][:, :]
    target_step: cython.Py_ssize_t
    rate_step: cython.Py_ssize_t
    next_event: cython.Py_ssize_t
    lag: cython.Py_ssize_t
    rebalance: cython.int
    missing: cython.int
    borrowing: cython.bint
    accrues: cython.bint
    fills_apart: cython.bint
    plain: cython.bint
    cython.declare(band=cython.double, lot=cython.double, min_trade=cython.double)
    cython.declare(fraction=cython.double, per_unit=cython.double, minimum=cython.double)
    cython.declare(half_spread=cython.double, impact_coefficient=cython.double, borrow_rate=cython.double)
    cython.declare(cash=cython.double[::1], worth=cython.double[::1], traded=cython.double[::1])
    cython.declare(held=cython.double[::1], marks=cython.double[::1], quotes=cython.double[::1])
    order: cython.double[::1]
    last_target: cython.double[::1]
    closing: cython.double[::1]
    closing_price: cython.double[::1]
    written_off: cython.double[::1]
    stopped: cython.Py_ssize_t[::1]
    unfilled: cython.Py_ssize_t[::1]
    due: cython.Py_ssize_t[::1]
    called: cython.Py_ssize_t[::1]
    reduce_only: cython.Py_ssize_t[::1]
    fault: cython.Py_ssize_t[::1]
    price: cython.double[::1]
    fill: cython.double[::1]
    target: cython.double[::1]
    units: cython.double[:, :]
    cash_path: cython.double[:, :]
    equity: cython.double[:, :]
    cython.declare(commission=cython.double[:, :], spread=cython.double[:, :], impact=cython.double[:, :])
    cython.declare(borrow=cython.double[:, :], interest=cython.double[:, :], dividends=cython.double[:, :])

    def __init__(self, inputs, settings, state, answers):  # type: ignore[no-untyped-def]
        self.targets, self.prices, self.fills = inputs["targets"], inputs["prices"], inputs["fills"]
        self.volume, self.volatility = inputs["volume"], inputs["volatility"]
        self.starts, self.account_of = inputs["starts"], inputs["account_of"]
        self.rates, self.events, self.event_value = inputs["rates"], inputs["events"], inputs["event_value"]
        self.schedule, self.target_step = inputs["schedule"], 1 if self.targets.shape[0] > 1 else 0
        self.rate_step, self.next_event = 1 if self.rates.shape[0] > 1 else 0, 0
        self.fills_apart = inputs["fills"] is not inputs["prices"]
        self.price, self.target = state["price"], state["target"]
        self.fill = state["fill"] if self.fills_apart else state["price"]
        self.lag, self.rebalance, self.missing = settings["lag"], settings["rebalance"], settings["missing"]
        self.borrowing, self.accrues = settings["borrowing"], settings["accrues"]
        self.band, self.lot, self.min_trade = settings["band"], settings["lot"], settings["min_trade"]
        self.plain = self.lot == 0.0 and self.min_trade == 0.0
        self.fraction, self.per_unit, self.minimum = settings["fraction"], settings["per_unit"], settings["minimum"]
        self.half_spread, self.impact_coefficient = settings["half_spread"], settings["impact"]
        self.borrow_rate = settings["borrow_rate"]
        self.cash, self.worth, self.traded = state["cash"], state["worth"], state["traded"]
        self.held, self.marks, self.quotes = state["held"], state["marks"], state["quotes"]
        self.order, self.last_target, self.written_off = state["order"], state["last_target"], state["written_off"]
        self.closing, self.closing_price = state["closing"], state["closing_price"]
        self.stopped, self.unfilled, self.reduce_only = state["stopped"], state["unfilled"], state["reduce_only"]
        self.due, self.called, self.fault = state["due"], state["called"], state["fault"]
        self.units, self.cash_path, self.equity = answers["units"], answers["cash"], answers["equity"]
        self.commission, self.spread, self.impact = answers["commission"], answers["spread"], answers["impact"]
        self.borrow, self.interest, self.dividends = answers["borrow"], answers["interest"], answers["dividends"]

    @cython.locals(row=cython.Py_ssize_t, account=cython.Py_ssize_t, accounts=cython.Py_ssize_t)
    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1; `fault` holds why it stopped, and where, if it did."""
        accounts = self.starts.shape[0] - 1
        with cython.nogil:
            for row in range(first, last):
                self._read(row)
                if self.accrues and row > 0:
                    for account in range(accounts):
                        self._accrue(account, row)
                while self.next_event < self.events.shape[0] and self.events[self.next_event, 0] <= row:
                    self._apply_event(self.next_event, row)
                    self.next_event += 1
                self._quote(row)
                self._decide(row)
                if self.fault[0] != 0:
                    break
                self._fill(row)
                self._finish(row)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.locals(column=cython.Py_ssize_t, columns=cython.Py_ssize_t)
    def _read(self, row: cython.Py_ssize_t) -> cython.void:
        """Copy a row of the inputs, which may lie anywhere in memory."""
        columns = self.prices.shape[1]
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
    @cython.locals(
        column=cython.Py_ssize_t, cash=cython.double, short=cython.double, earned=cython.double, fee=cython.double
    )
    def _accrue(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.void:
        """Pay or charge interest on cash, and the fee for borrowed units, since the bar before."""
        cash = self.cash[account]
        short = 0.0
        earned = cash * self.rates[row * self.rate_step, 0 if cash > 0.0 else 1]
        if row < self.interest.shape[0]:
            self.interest[row, account] = earned
        cash += earned
        if self.borrow_rate != 0.0:
            for column in range(self.starts[account], self.starts[account + 1]):
                if self.held[column] < 0.0:
                    short -= self.held[column] * self.marks[column]
            fee = short * self.borrow_rate
            if row < self.borrow.shape[0]:
                self.borrow[row, account] = fee
            cash -= fee
        self.cash[account] = cash

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.locals(column=cython.Py_ssize_t, account=cython.Py_ssize_t, value=cython.double, paid=cython.double)
    def _apply_event(self, event: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.void:
        """Split what is held, or pay its dividend: a short position pays it."""
        column = self.events[event, 1]
        account = self.account_of[column]
        value = self.event_value[event]
        if self.events[event, 2] == rules.SPLIT:
            self.held[column] = self.held[column] / value
            self.marks[column] = self.marks[column] * value
        elif self.held[column] != 0.0:
            paid = self.held[column] * value
            self.cash[account] += paid
            self.dividends[row, account] += paid

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.locals(account=cython.Py_ssize_t, column=cython.Py_ssize_t, quote=cython.double, worth=cython.double)
    def _quote(self, row: cython.Py_ssize_t) -> cython.void:
        """Find the price of each holding at the fill, settle what has none, and the equity before costs."""
        for account in range(self.starts.shape[0] - 1):
            worth = self.cash[account]
            for column in range(self.starts[account], self.starts[account + 1]):
                if self.held[column] != 0.0:
                    quote = self.fill[column]
                    if quote != quote or self.price[column] != self.price[column]:
                        quote = self.marks[column]
                    self.quotes[column] = quote
                    worth += self.held[column] * quote
                    if self.price[column] != self.price[column] and self.missing != rules.HOLD:
                        if self.missing == rules.SETTLE:
                            self.cash[account] += self.held[column] * quote
                            self.held[column] = 0.0
                        elif self.fault[0] == 0:
                            self.fault[0], self.fault[1], self.fault[2] = rules.HELD_WITHOUT_PRICE, row, column
            self.worth[account] = worth

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.locals(column=cython.Py_ssize_t, target=cython.double, due=cython.bint)
    def _is_due(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.bint:
        """Return whether the account trades on this bar; it then trades all its columns."""
        if self.rebalance == rules.SCHEDULED:
            return self.schedule[row, account] != 0 or self.called[account] != 0
        due = False
        for column in range(self.starts[account], self.starts[account + 1]):
            target = self.target[column]
            if target != target:
                continue
            if self.rebalance == rules.ON_CHANGE:
                if target != self.last_target[column]:
                    due = True
                self.last_target[column] = target
            elif rules.is_outside_band(target, self.held[column], self.quotes[column], self.worth[account], self.band):
                due = True
        return due

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.locals(account=cython.Py_ssize_t, column=cython.Py_ssize_t, target=cython.double, fill=cython.double)
    def _decide(self, row: cython.Py_ssize_t) -> cython.void:
        """Close what is bankrupt, and find the units that each target asks for and each account may have."""
        for account in range(self.starts.shape[0] - 1):
            self.due[account] = 0
            self.traded[account] = 0.0
            if self.stopped[account] < 0 and self.worth[account] <= 0.0:
                self._close(account, row)
            if self.stopped[account] >= 0 or row < self.lag:
                continue
            if self.rebalance != rules.EVERY_BAR and not self._is_due(account, row):
                continue
            self.due[account] = 1
            for column in range(self.starts[account], self.starts[account + 1]):
                target = self.target[column]
                fill = self.fill[column]
                self.order[column] = self.held[column]
                if target != target:
                    continue
                if fill != fill or self.price[column] != self.price[column]:
                    if target != 0.0 or self.held[column] != 0.0:
                        self.unfilled[account] += 1
                        if self.missing == rules.RAISE and self.fault[0] == 0:
                            self.fault[0], self.fault[1], self.fault[2] = rules.ORDER_WITHOUT_PRICE, row, column
                elif self.plain and self.reduce_only[column] == 0:
                    self.order[column] = target * self.worth[account] / fill + 0.0
                else:
                    target = target * self.worth[account] / fill
                    self.order[column] = rules.allowed_units(
                        target, self.held[column], fill, self.lot, self.min_trade, self.reduce_only[column] != 0
                    )
            if not self.borrowing:
                self._limit_buys(account, row)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _impact(
        self, row: cython.Py_ssize_t, column: cython.Py_ssize_t, size: cython.double, notional: cython.double
    ) -> cython.double:
        if self.impact_coefficient == 0.0:
            return 0.0
        return rules.square_root_impact(
            size, notional, self.volume[row, column], self.volatility[row, column], self.impact_coefficient
        )

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.locals(column=cython.Py_ssize_t, cash=cython.double, size=cython.double, notional=cython.double)
    def _cash_after(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t, part: cython.double) -> cython.double:
        """Return the cash after all sales and `part` of each buy, with their costs; a least commission is due at 0."""
        cash = self.cash[account]
        for column in range(self.starts[account], self.starts[account + 1]):
            size = self.order[column] - self.held[column]
            if size != 0.0:
                size = size * part if size > 0.0 else size
                notional = size * self.fill[column]
                cash -= (
                    notional
                    + rules.commission_of(fabs(size), fabs(notional), self.fraction, self.per_unit, self.minimum)
                    + self.half_spread * fabs(notional)
                )
                cash -= self._impact(row, column, fabs(size), fabs(notional))
        return cash

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.locals(column=cython.Py_ssize_t, part=cython.double, above=cython.double, below=cython.double)
    def _limit_buys(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.void:
        """Scale all buys of the account by one factor to what its cash and its sales pay for.

        Cash falls with the factor, and faster and faster: chords never go too far, and one is exact for linear costs.
        """
        part = 0.0
        below = self._cash_after(account, row, 1.0)
        if below >= 0.0:
            return
        above = self._cash_after(account, row, 0.0)
        for _ in range(CHORDS):
            if above > 0.0:
                part += (1.0 - part) * above / (above - below)
                above = self._cash_after(account, row, part)
        for column in range(self.starts[account], self.starts[account + 1]):
            if self.order[column] > self.held[column]:
                self.order[column] = rules.affordable_units(
                    self.order[column], self.held[column], part, self.fill[column], self.lot, self.min_trade
                )

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.locals(account=cython.Py_ssize_t, column=cython.Py_ssize_t, change=cython.double, size=cython.double)
    def _fill(self, row: cython.Py_ssize_t) -> cython.void:
        """Fill the orders of all accounts and pay for them."""
        for account in range(self.starts.shape[0] - 1):
            if self.due[account] == 0:
                continue
            commission: cython.double = 0.0
            spread: cython.double = 0.0
            impact: cython.double = 0.0
            paid: cython.double = 0.0
            traded: cython.double = 0.0
            for column in range(self.starts[account], self.starts[account + 1]):
                change = self.order[column] - self.held[column]
                if change != 0.0:
                    size = fabs(change)
                    notional: cython.double = size * self.fill[column]
                    commission += rules.commission_of(size, notional, self.fraction, self.per_unit, self.minimum)
                    spread += self.half_spread * notional
                    impact += self._impact(row, column, size, notional)
                    paid += change * self.fill[column]  # no branch on the sign, which no processor predicts
                    traded += notional
                    self.held[column] = self.order[column]
            self.cash[account] -= paid + (commission + spread + impact)
            self.traded[account] = traded
            if row < self.commission.shape[0]:
                self.commission[row, account] = commission
            if row < self.spread.shape[0]:
                self.spread[row, account] = spread
            if row < self.impact.shape[0]:
                self.impact[row, account] = impact

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.locals(account=cython.Py_ssize_t, column=cython.Py_ssize_t, worth=cython.double)
    def _finish(self, row: cython.Py_ssize_t) -> cython.void:
        """Write down what is held and its worth at the prices of the bar, or at the last known ones."""
        for account in range(self.starts.shape[0] - 1):
            if self.stopped[account] >= 0:
                continue
            worth = self.cash[account]
            for column in range(self.starts[account], self.starts[account + 1]):
                if self.price[column] == self.price[column]:
                    self.marks[column] = self.price[column]
                if self.held[column] != 0.0:
                    self.units[row, column] = self.held[column]
                    worth += self.held[column] * self.marks[column]
            self.worth[account] = worth
            if worth <= 0.0:
                for column in range(self.starts[account], self.starts[account + 1]):
                    self.quotes[column] = self.marks[column]
                self._close(account, row)
                continue
            self.equity[row, account] = worth
            self.cash_path[row, account] = self.cash[account]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    @cython.locals(column=cython.Py_ssize_t)
    def _close(self, account: cython.Py_ssize_t, row: cython.Py_ssize_t) -> cython.void:
        """Close a bankrupt account at the last quotes; what it owes is written off."""
        for column in range(self.starts[account], self.starts[account + 1]):
            self.closing[column] = self.held[column]
            self.closing_price[column] = self.quotes[column]
            self.held[column] = 0.0
            self.units[row, column] = 0.0
        self.written_off[account] = -self.worth[account]
        self.cash[account] = 0.0
        self.worth[account] = 0.0
        self.stopped[account] = row
