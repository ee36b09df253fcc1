"""The rule of a circuit breaker: one step from a bar to the next, which a tick, a history and a sweep run alike.

A breaker is a trigger, which makes a number of a bar, and a state machine, which makes a status of that number. Their
steps are the functions at the top of this file and stand nowhere else. nan is a number that is not known: it neither
trips nor re-arms. There is no NumPy here: a live monitor loads this module and little else. An account at zero or below
has lost everything: it trips and is closed there.
"""

import cython

if cython.compiled:
    from cython.cimports.riskresearch.kernels import _breaker_codes as codes
    from cython.cimports.riskresearch.kernels._formulas import drawdown
else:
    from riskresearch.kernels import _breaker_codes as codes
    from riskresearch.kernels._formulas import drawdown


@cython.ccall
def reaches(value: cython.double, limit: cython.double, inclusive: cython.int) -> cython.int:
    """Return whether `value` is at the limit or beyond, or only beyond; nan is neither."""
    return value >= limit if inclusive != 0 else value > limit


@cython.ccall
def may_rearm(
    kind: cython.int, value: cython.double, stale: cython.double, equity: cython.double, on_shadow: cython.int,
    shadow: cython.double,
) -> cython.int:  # fmt: skip
    """Return whether a bar may re-arm: its number is known and below `stale` (nan for none), an account above zero."""
    if value != value or value >= stale or kind != codes.EQUITY:
        return value == value and not value >= stale
    return equity > 0.0 and (on_shadow == 0 or shadow > 0.0)


@cython.ccall
@cython.returns((cython.int, cython.double, cython.int))
@cython.exceptval(check=False)
def machine_step(  # type: ignore[no-untyped-def]
    status: cython.int, since: cython.double, value: cython.double, now: cython.double, limit: cython.double,
    rearm: cython.double, cooldown: cython.double, reentry: cython.int, inclusive: cython.int, missing: cython.int,
):  # fmt: skip
    """Return status, since when, and what changed, after a bar of this `value`: nan if it `may_rearm` nothing."""
    if status == codes.ARMED:
        if reaches(value, limit, inclusive) != 0 or (value != value and missing != 0):
            return codes.TRIPPED, now, codes.TRIP
        return codes.ARMED, since, codes.NOTHING
    if since != since:  # tripped at a time that was not known
        since = now
    if value != value or reentry == codes.MANUAL:
        return status, since, codes.NOTHING
    if reentry == codes.SHADOW and reaches(value, rearm, inclusive) != 0:
        return codes.TRIPPED, since, codes.NOTHING
    if now - since >= cooldown:
        return codes.ARMED, now, codes.REARM
    return codes.COOLING_DOWN, since, codes.NOTHING


@cython.ccall
@cython.returns((cython.double, cython.double, cython.double, cython.double, cython.double))
@cython.exceptval(check=False)
def equity_step(  # type: ignore[no-untyped-def]
    on_shadow: cython.int, trailing: cython.int, restart: cython.int, equity: cython.double, ret: cython.double,
    peak: cython.double, last: cython.double, shadow: cython.double, shadow_peak: cython.double,
):  # fmt: skip
    """Return the fraction lost since `peak`, then peak, last equity, shadow and its peak, after one bar.

    `trailing` lets the peak rise, `restart` begins again from where the account stood before this bar. The shadow is
    what `ret` would have made of the equity at the trip, or the first known after it. Below a peak of 0 all is lost.
    """
    if restart != 0:
        peak, shadow_peak = last, shadow
    if equity == equity:
        last = equity
    if on_shadow != 0:
        if ret != ret:
            return ret, peak, last, shadow, shadow_peak
        shadow = shadow * (1.0 + ret) if shadow == shadow else equity
        if shadow_peak != shadow_peak or (trailing != 0 and shadow > shadow_peak):
            shadow_peak = shadow
        if shadow_peak <= 0.0:
            return 1.0, peak, last, shadow, shadow_peak
        return drawdown(shadow_peak, shadow), peak, last, shadow, shadow_peak
    if not peak > 0.0 or (trailing != 0 and equity > peak):
        peak = equity if equity == equity else peak
    if peak <= 0.0 and equity == equity:
        return 1.0, peak, last, shadow, shadow_peak
    return drawdown(peak, equity) if peak > 0.0 else equity, peak, last, shadow, shadow_peak


@cython.ccall
@cython.returns((cython.double, cython.double, cython.double))
@cython.exceptval(check=False)
def equity_after(  # type: ignore[no-untyped-def]
    change: cython.int, reentry: cython.int, peak: cython.double, last: cython.double, shadow: cython.double,
    shadow_peak: cython.double,
):  # fmt: skip
    """Return peak, shadow and its peak after a change; re-entry on the shadow takes over the shadow's drawdown."""
    if change == codes.TRIP:
        return peak, last, peak
    if change == codes.REARM and reentry == codes.SHADOW:
        return last * (shadow_peak / shadow), shadow, shadow_peak
    if change == codes.REARM and reentry != codes.TIMER:
        return last, shadow, shadow_peak
    return peak, shadow, shadow_peak


@cython.ccall
def next_exposure(held: cython.double, stage: cython.int, fraction: cython.double) -> cython.double:
    """Return the exposure after a bar: all, a fraction, what is held (halt and freeze), or none."""
    if stage <= codes.REDUCE:
        return fraction if stage == codes.REDUCE else 1.0
    return 0.0 if stage == codes.LIQUIDATE else held


@cython.ccall
def net_return(held: cython.double, before: cython.double, ret: cython.double, cost: cython.double) -> cython.double:
    """Return what a bar of return `ret` earns with exposure `held`, `before` it `before`; no more is lost than all."""
    net: cython.double = held * ret - cost * (held - before if held > before else before - held)
    return net if net > -1.0 else -1.0


@cython.ccall
@cython.returns((cython.double, cython.double, cython.double, cython.double, cython.double))
@cython.exceptval(check=False)
def tally(  # type: ignore[no-untyped-def]
    equity: cython.double, net: cython.double, top: cython.double, low: cython.double, worst: cython.double,
    total: cython.double, square: cython.double,
):  # fmt: skip
    """Return highest equity, lowest since, worst drawdown before, and sums of `net` and its square."""
    if equity > top:
        low = drawdown(top, low)
        return equity, equity, (low if low > worst else worst), total + net, square + net * net
    return top, (equity if equity < low else low), worst, total + net, square + net * net


@cython.ccall
@cython.returns((cython.double, cython.double))
@cython.exceptval(check=False)
def traded(  # type: ignore[no-untyped-def]
    cash: cython.double, units: cython.double, price: cython.double, fraction: cython.double, cost: cython.double
):
    """Return cash and units of an account that trades at `price` until `fraction` of it is invested."""
    equity: cython.double = cash + units * price
    moved: cython.double = fraction * equity - units * price
    equity = equity - cost * (moved if moved > 0.0 else -moved)
    units = fraction * equity / price
    return equity - units * price, units


@cython.cclass
class Bar:
    """What machines are shown: observed numbers, the clocks (bars, seconds, day, week, month), the account."""

    cython.declare(observed=cython.double[::1], clocks=cython.double[::1], equity=cython.double, ret=cython.double)

    def __init__(self, observed, clocks) -> None:  # type: ignore[no-untyped-def]
        self.observed, self.clocks = observed, clocks
        self.equity = self.ret = float("nan")


@cython.cclass
class Machine:
    """The running state of a breaker or a part: `needed` of `parts` make one; `period` (-1: none) restarts the peak."""

    cython.declare(kind=cython.int, slot=cython.Py_ssize_t, limit=cython.double, rearm=cython.double)
    cython.declare(cooldown=cython.double, reentry=cython.int, inclusive=cython.int, missing=cython.int)
    cython.declare(clock=cython.int, period=cython.int, trailing=cython.int, needed=cython.int, stale=cython.double)
    parts = cython.declare(list, visibility="public")
    status = cython.declare(cython.int, visibility="public")
    since = cython.declare(cython.double, visibility="public")
    value = cython.declare(cython.double, visibility="public")
    begun = cython.declare(cython.double, visibility="public")
    peak = cython.declare(cython.double, visibility="public")
    last = cython.declare(cython.double, visibility="public")
    shadow = cython.declare(cython.double, visibility="public")
    shadow_peak = cython.declare(cython.double, visibility="public")

    def __init__(  # type: ignore[no-untyped-def]
        self, kind, slot, limit, rearm, cooldown, reentry, inclusive, missing, clock, period, trailing, needed, stale,
        parts, equity) -> None:  # fmt: skip
        self.kind, self.slot, self.limit, self.rearm, self.cooldown = kind, slot, limit, rearm, cooldown
        self.reentry, self.inclusive, self.missing, self.clock = reentry, inclusive, missing, clock
        self.period, self.trailing, self.needed, self.stale, self.parts = period, trailing, needed, stale, parts
        self.status, self.since = 0, 0.0
        self.value = self.begun = float("nan")
        self.peak = self.last = self.shadow = self.shadow_peak = equity

    @cython.cfunc
    def _of_equity(self, bar: Bar, on_shadow: cython.int) -> cython.double:
        restart: cython.int = 0
        value: cython.double = bar.clocks[self.period] if self.period >= 0 else 0.0
        if self.period >= 0:
            restart = value != self.begun and value == value and self.begun == self.begun
            self.begun = value if value == value else self.begun
        value, self.peak, self.last, self.shadow, self.shadow_peak = equity_step(
            on_shadow, self.trailing, restart, bar.equity, bar.ret, self.peak, self.last, self.shadow, self.shadow_peak
        )
        return value

    @cython.cfunc
    def _measure(self, bar: Bar, on_shadow: cython.int) -> cython.double:
        """Return the number of this bar; of parts: how many are at their limits, nan if unknown ones could decide."""
        part: Machine
        hits: cython.int = 0
        unknown: cython.int = 0
        if self.kind == codes.OBSERVED:
            return bar.observed[self.slot]
        if self.kind == codes.EQUITY:
            return self._of_equity(bar, on_shadow)
        for part in self.parts:
            part.value = part._measure(bar, on_shadow)
            if reaches(part.value, part.limit, part.inclusive) != 0 or (part.value != part.value and part.missing != 0):
                hits += 1
            elif part.value != part.value:
                unknown += 1
        if hits < self.needed and self.needed <= hits + unknown:
            return float("nan")
        return hits * 1.0

    @cython.cfunc
    def _known(self, bar: Bar, on_shadow: cython.int) -> cython.int:
        """Return whether the bar may re-arm: each part must, or the number itself."""
        part: Machine
        for part in self.parts:
            if part._known(bar, on_shadow) == 0:
                return 0
        if self.kind > codes.EQUITY:
            return 1
        return may_rearm(self.kind, self.value, self.stale, bar.equity, on_shadow, self.shadow)

    @cython.cfunc
    @cython.exceptval(check=False)
    def _after(self, change: cython.int, reentry: cython.int) -> cython.void:
        """Let a change of the breaker reach its peak, or those of its parts."""
        part: Machine
        for part in self.parts:
            part._after(change, reentry)
        self.peak, self.shadow, self.shadow_peak = equity_after(
            change, reentry, self.peak, self.last, self.shadow, self.shadow_peak
        )

    @cython.ccall
    def update(self, bar: Bar) -> cython.int:
        """Process a bar; return what changed."""
        change: cython.int
        on_shadow: cython.int = self.status != codes.ARMED and self.reentry == codes.SHADOW
        self.value = self._measure(bar, on_shadow)
        value: cython.double = self.value
        if self.status != codes.ARMED and self._known(bar, on_shadow) == 0:
            value = float("nan")
        self.status, self.since, change = machine_step(
            self.status, self.since, value, bar.clocks[self.clock], self.limit, self.rearm, self.cooldown,
            self.reentry, self.inclusive, self.missing,
        )  # fmt: skip
        if change != codes.NOTHING:
            self._after(change, self.reentry)
        return change

    def release(self, now) -> None:  # type: ignore[no-untyped-def]
        """Re-arm by hand; peaks begin again where the account stands."""
        self.status, self.since = 0, now
        self._after(codes.REARM, codes.MANUAL)


@cython.cclass
class Engine:
    """The breakers of one account; `rules` holds stage, fraction and priority of each, one after the other."""

    cython.declare(machines=list, rules=cython.const[cython.double][::1], bar=Bar)
    decider = cython.declare(cython.Py_ssize_t, visibility="public")
    exposure = cython.declare(cython.double, visibility="public")

    def __init__(self, machines, rules, bar) -> None:  # type: ignore[no-untyped-def]
        self.machines, self.rules, self.bar = machines, rules, bar
        self.decider, self.exposure = -1, 1.0

    @cython.ccall
    def resolve(self) -> cython.void:
        """Find the breaker that decides, -1 for none: by priority, then the strictest, then the least fraction."""
        i: cython.Py_ssize_t
        j: cython.Py_ssize_t
        machine: Machine
        self.decider = -1
        for i in range(0, 3 * len(self.machines), 3):
            machine = self.machines[i // 3]
            j = 3 * self.decider
            if machine.status == codes.ARMED or self.rules[i] < codes.REDUCE:
                continue
            if j >= 0 and self.rules[i + 2] != self.rules[j + 2]:
                self.decider = i // 3 if self.rules[i + 2] > self.rules[j + 2] else self.decider
            elif j >= 0 and self.rules[i] != self.rules[j]:
                self.decider = i // 3 if self.rules[i] > self.rules[j] else self.decider
            elif j < 0 or self.rules[i + 1] < self.rules[j + 1]:
                self.decider = i // 3

    @cython.cfunc
    @cython.exceptval(check=False)
    def _move(self) -> cython.int:
        """Show the bar to every machine; return what changed."""
        machine: Machine
        changes: cython.int = 0
        for machine in self.machines:
            changes |= machine.update(self.bar)
        if changes != codes.NOTHING:
            self.resolve()
        i: cython.Py_ssize_t = 3 * self.decider
        if i < 0:
            self.exposure = 1.0
        else:
            self.exposure = next_exposure(self.exposure, cython.cast(cython.int, self.rules[i]), self.rules[i + 1])
        return changes

    def step(self, observed, clocks, equity: cython.double, ret: cython.double):  # type: ignore[no-untyped-def]
        """Process a bar given as two sequences and two numbers, and return what changed."""
        i: cython.Py_ssize_t
        for i in range(len(observed)):
            self.bar.observed[i] = observed[i]
        for i in range(len(clocks)):
            self.bar.clocks[i] = clocks[i]
        self.bar.equity, self.bar.ret = equity, ret
        return self._move()

    @cython.locals(i=cython.Py_ssize_t, row=cython.Py_ssize_t, trips=cython.int, bars_out=cython.int, machine=Machine)
    def run(  # type: ignore[no-untyped-def]
        self, source: cython.int, returns: cython.const[cython.double][::1], prices: cython.const[cython.double][::1],
        observed: cython.const[cython.double][:, ::1], clocks: cython.const[cython.double][:, ::1],
        cost: cython.double, lag: cython.Py_ssize_t, equities: cython.double[::1], exposures: cython.double[::1],
        decided: cython.double[::1], numbers: cython.double[:, ::1], statuses: cython.double[:, ::1]):  # fmt: skip
        """Process every bar, a column of `observed` and `clocks`; its decision is in force `lag` bars later.

        Fill the results, `numbers` and `statuses` of shape (machines, rows) or (0, rows); return the totals of `sweep`.
        """
        equity = price = top = low = prices[0] if source == codes.PRICES else 1.0
        units = held = 1.0
        cash = worst = total = square = moved = 0.0
        trips = bars_out = 0
        for row in range(exposures.shape[0]):
            before = held
            held = decided[row - lag] if row >= lag else 1.0
            if equity <= 0.0:
                held = before = 0.0
            moved += held - before if held > before else before - held
            if source == codes.PRICES:
                if held != before:
                    cash, units = traded(cash, units, price, held, cost)
                price = prices[row]
                if cash + units * price <= 0.0:
                    cash = units = 0.0
                net = (cash + units * price) / equity - 1.0 if equity > 0.0 else 0.0
                equity = cash + units * price
            else:
                net = net_return(held, before, returns[row], cost)
                equity = equity * (1.0 + net)
            top, low, worst, total, square = tally(equity, net, top, low, worst, total, square)
            bars_out += held != 1.0
            for i in range(observed.shape[0]):
                self.bar.observed[i] = observed[i, row]
            for i in range(clocks.shape[0]):
                self.bar.clocks[i] = clocks[i, row]
            self.bar.equity, self.bar.ret = equity, returns[row]
            trips += self._move() & codes.TRIP
            decided[row], exposures[row], equities[row] = self.exposure, held, equity
            for i in range(statuses.shape[0]):
                machine = self.machines[i]
                statuses[i, row], numbers[i, row] = machine.status, machine.value
        low = drawdown(top, low)
        return equity, (low if low > worst else worst), total, square, moved, trips, bars_out


@cython.ccall
@cython.locals(row=cython.Py_ssize_t, number=cython.Py_ssize_t, slot=cython.Py_ssize_t, clock=cython.Py_ssize_t)
@cython.locals(period=cython.Py_ssize_t, kind=cython.int, reentry=cython.int, inclusive=cython.int, missing=cython.int)
@cython.locals(trailing=cython.int, status=cython.int, change=cython.int, restart=cython.int, trips=cython.int)
@cython.locals(bars_out=cython.int, on_shadow=cython.int, alone=cython.bint)  # doubles are inferred
def sweep(
    returns: cython.const[cython.double][::1], observed: cython.const[cython.double][:, ::1],
    clocks: cython.const[cython.double][:, ::1], whole: cython.const[cython.longlong][:, ::1],
    rules: cython.const[cython.double][:, ::1], cost: cython.double, totals: cython.double[:, ::1],
) -> None:  # fmt: skip
    """Run sets of one breaker each, a row of `whole` and `rules` for each, over `returns` and fill their totals.

    `whole`: kind, slot, reentry, inclusive, missing, clock, period, trailing, stage; `rules`: limit, rearm, cooldown,
    fraction, stale; totals: final equity, worst drawdown, sum and squares of net returns, moved, trips, bars out.
    """
    for number in range(rules.shape[0]):
        kind, slot, reentry, inclusive = whole[number, 0], whole[number, 1], whole[number, 2], whole[number, 3]
        missing, clock, period, trailing = whole[number, 4], whole[number, 5], whole[number, 6], whole[number, 7]
        limit, rearm, cooldown, stale = rules[number, 0], rules[number, 1], rules[number, 2], rules[number, 4]
        alone = kind == codes.EQUITY and period < 0
        equity = top = low = peak = last = shadow = shadow_peak = before = held = 1.0
        worst = total = square = moved = since = 0.0
        status = trips = bars_out = restart = row = 0
        while row < returns.shape[0]:
            # Bars that can trip and re-arm nothing are passed over: out of the market, then far from the limit.
            if alone and status != codes.ARMED and reentry != codes.SHADOW and held == 0.0 == before:
                while row < returns.shape[0] and clocks[clock, row] - since < cooldown:
                    row += 1
                    bars_out += 1
            elif alone and trailing != 0 and limit > 0.0 and status == codes.ARMED and before == 1.0:
                floor = 1.0 - limit + 1e-14 if limit < 1.0 else 0.0
                while row < returns.shape[0]:
                    net = net_return(1.0, 1.0, returns[row], cost)
                    value = equity * (1.0 + net)
                    if not value > floor * peak:
                        break
                    peak = value if value > peak else peak
                    equity = last = value
                    top, low, worst, total, square = tally(equity, net, top, low, worst, total, square)
                    row += 1
            if row == returns.shape[0]:
                break
            if equity <= 0.0:
                held = before = 0.0
            net = net_return(held, before, returns[row], cost)
            moved += held - before if held > before else before - held
            equity = equity * (1.0 + net)
            top, low, worst, total, square = tally(equity, net, top, low, worst, total, square)
            bars_out += held != 1.0
            if period >= 0 and row > 0:
                restart = clocks[period, row] != clocks[period, row - 1]
            on_shadow = status != codes.ARMED and reentry == codes.SHADOW
            value, peak, last, shadow, shadow_peak = equity_step(
                on_shadow, trailing, restart, equity, returns[row], peak, last, shadow, shadow_peak
            )
            value = value if kind == codes.EQUITY else observed[slot, row]
            if status != codes.ARMED and may_rearm(kind, value, stale, equity, on_shadow, shadow) == 0:
                value = float("nan")
            status, since, change = machine_step(
                status, since, value, clocks[clock, row], limit, rearm, cooldown, reentry, inclusive, missing
            )
            if change != codes.NOTHING:
                trips += change & codes.TRIP
                peak, shadow, shadow_peak = equity_after(change, reentry, peak, last, shadow, shadow_peak)
            before = held
            held = 1.0 if status == codes.ARMED else next_exposure(held, whole[number, 8], rules[number, 3])
            row += 1
        low = drawdown(top, low)
        totals[number, 0], totals[number, 1] = equity, low if low > worst else worst
        totals[number, 2], totals[number, 3], totals[number, 4] = total, square, moved
        totals[number, 5], totals[number, 6] = trips, bars_out
