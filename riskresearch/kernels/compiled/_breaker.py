"""The running state of circuit breakers: a machine for each, and the engine of all breakers of one account."""

import cython

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _breaker_rules as rules
    from cython.cimports.riskresearch.kernels.inlined._formulas import drawdown
else:
    from riskresearch.kernels.inlined import _breaker_rules as rules
    from riskresearch.kernels.inlined._formulas import drawdown


@cython.cclass
class Observation:
    """One bar as machines read it: observed numbers, the clocks (bars, seconds, day, week, month), the account."""

    cython.declare(observed=cython.double[::1], clocks=cython.double[::1], equity=cython.double, ret=cython.double)

    def __init__(self, observed, clocks) -> None:  # type: ignore[no-untyped-def]
        self.observed, self.clocks = observed, clocks
        self.equity = self.ret = float("nan")


@cython.cclass
class Machine:
    """The running state of a breaker or a part: `needed` of `parts` make one; `period` (-1: none) restarts the peak.

    Its number is observed in `slot`; what the number may do in slot `opening` (-1: anything).
    """

    cython.declare(
        kind=cython.int, slot=cython.Py_ssize_t, opening=cython.Py_ssize_t, limit=cython.double, rearm=cython.double
    )
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
        self, kind, slot, opening, limit, rearm, cooldown, reentry, inclusive, missing, clock, period, trailing, needed,
        stale, parts, equity) -> None:  # fmt: skip
        self.kind, self.slot, self.opening, self.limit, self.rearm = kind, slot, opening, limit, rearm
        self.cooldown, self.reentry, self.inclusive, self.missing = cooldown, reentry, inclusive, missing
        self.clock, self.period, self.trailing, self.needed = clock, period, trailing, needed
        self.stale, self.parts = stale, parts
        self.status, self.since = 0, 0.0
        self.value = self.begun = float("nan")
        self.peak = self.last = self.shadow = self.shadow_peak = equity

    @cython.cfunc
    def _of_equity(self, bar: Observation, on_shadow: cython.int) -> cython.double:
        restart: cython.int = 0
        value: cython.double = bar.clocks[self.period] if self.period >= 0 else 0.0
        if self.period >= 0:
            restart = value != self.begun and value == value and self.begun == self.begun
            self.begun = value if value == value else self.begun
        value, self.peak, self.last, self.shadow, self.shadow_peak = rules.equity_step(
            on_shadow, self.trailing, restart, bar.equity, bar.ret, self.peak, self.last, self.shadow, self.shadow_peak
        )
        return value

    @cython.cfunc
    @cython.exceptval(check=False)
    def _may(self, bar: Observation, needed: cython.int) -> cython.int:
        return 1 if self.opening < 0 else rules.opens(bar.observed[self.opening], needed)

    @cython.cfunc
    def _measure(self, bar: Observation, on_shadow: cython.int) -> cython.double:
        """Return the number of this bar; of parts: how many are at their limits, nan if unknown ones could decide."""
        part: Machine
        hits: cython.int = 0
        unknown: cython.int = 0
        if self.kind == rules.OBSERVED:
            return bar.observed[self.slot]
        if self.kind == rules.EQUITY:
            return self._of_equity(bar, on_shadow)
        for part in self.parts:
            part.value = part._measure(bar, on_shadow)
            if part._may(bar, rules.OLD) != 0 and (
                rules.reaches(part.value, part.limit, part.inclusive) != 0
                or (part.value != part.value and part.missing != 0)
            ):
                hits += 1
            elif part.value != part.value:
                unknown += 1
        if hits < self.needed and self.needed <= hits + unknown:
            return float("nan")
        return hits * 1.0

    @cython.cfunc
    def _known(self, bar: Observation, on_shadow: cython.int) -> cython.int:
        """Return whether the bar may re-arm: each part must, or the number itself."""
        part: Machine
        for part in self.parts:
            if part._known(bar, on_shadow) == 0:
                return 0
        if self.kind > rules.EQUITY:
            return 1
        return rules.may_rearm(self.kind, self.value, self.stale, bar.equity, on_shadow, self.shadow)

    @cython.cfunc
    @cython.exceptval(check=False)
    def _after(self, change: cython.int, reentry: cython.int) -> cython.void:
        """Apply a change of the breaker to its peak, or to those of its parts."""
        part: Machine
        for part in self.parts:
            part._after(change, reentry)
        self.peak, self.shadow, self.shadow_peak = rules.equity_after(
            change, reentry, self.peak, self.last, self.shadow, self.shadow_peak
        )

    @cython.ccall
    def update(self, bar: Observation) -> cython.int:
        """Process a bar; return what changed."""
        change: cython.int
        on_shadow: cython.int = self.status != rules.ARMED and self.reentry == rules.SHADOW
        self.value = self._measure(bar, on_shadow)
        value: cython.double = self.value
        if self.status == rules.ARMED and self._may(bar, rules.NEW) == 0:
            return rules.NOTHING
        if self.status != rules.ARMED and self._known(bar, on_shadow) == 0:
            value = float("nan")
        self.status, self.since, change = rules.machine_step(
            self.status, self.since, value, bar.clocks[self.clock], self.limit, self.rearm, self.cooldown,
            self.reentry, self.inclusive, self.missing,
        )  # fmt: skip
        if change != rules.NOTHING:
            self._after(change, self.reentry)
        return change

    def release(self, now) -> None:  # type: ignore[no-untyped-def]
        """Re-arm by hand; peaks are counted from where the account stands."""
        self.status, self.since = 0, now
        self._after(rules.REARM, rules.MANUAL)


@cython.cclass
class Engine:
    """The breakers of one account; `rules` holds stage, fraction and priority of each, one after the other."""

    cython.declare(machines=list, rules=cython.const[cython.double][::1], bar=Observation)
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
            if machine.status == rules.ARMED or self.rules[i] < rules.REDUCE:
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
        """Update every machine by the bar; return what changed."""
        machine: Machine
        changes: cython.int = 0
        for machine in self.machines:
            changes |= machine.update(self.bar)
        if changes != rules.NOTHING:
            self.resolve()
        i: cython.Py_ssize_t = 3 * self.decider
        if i < 0:
            self.exposure = 1.0
        else:
            self.exposure = rules.next_exposure(
                self.exposure, cython.cast(cython.int, self.rules[i]), self.rules[i + 1]
            )
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

    @cython.locals(
        i=cython.Py_ssize_t, row=cython.Py_ssize_t, trips=cython.int, bars_halted=cython.int, machine=Machine
    )
    def run(  # type: ignore[no-untyped-def]
        self, source: cython.int, returns: cython.const[cython.double][::1], prices: cython.const[cython.double][::1],
        observed: cython.const[cython.double][:, ::1], clocks: cython.const[cython.double][:, ::1],
        cost: cython.double, lag: cython.Py_ssize_t, equities: cython.double[::1], exposures: cython.double[::1],
        decided: cython.double[::1], numbers: cython.double[:, ::1], statuses: cython.double[:, ::1],
        observe):  # fmt: skip
        """Process every bar, a column of `observed` and `clocks`; its decision is in force `lag` bars later.

        Fill the results, `numbers` and `statuses` of shape (machines, rows) or (0, rows); return the totals of `sweep`.
        `observe`, where it is not None, is called with row and equity, to fill its rows of that column of `observed`.
        """
        equity = price = top = low = prices[0] if source == rules.PRICES else 1.0
        units = held = 1.0
        cash = worst = total = square = moved = 0.0
        trips = bars_halted = 0
        for row in range(exposures.shape[0]):
            before = held
            held = decided[row - lag] if row >= lag else 1.0
            if equity <= 0.0:
                held = before = 0.0
            moved += held - before if held > before else before - held
            if source == rules.PRICES:
                if held != before:
                    cash, units = rules.traded(cash, units, price, held, cost)
                price = prices[row]
                if cash + units * price <= 0.0:
                    cash = units = 0.0
                net = (cash + units * price) / equity - 1.0 if equity > 0.0 else 0.0
                equity = cash + units * price
                top, low, worst, total, square = rules.tally(equity, net, top, low, worst, total, square)
            else:
                equity, top, low, worst, total, square = rules.account_step(
                    held, before, returns[row], cost, equity, top, low, worst, total, square
                )
            bars_halted += held != 1.0
            if observe is not None:
                observe(row, equity)
            for i in range(observed.shape[0]):
                self.bar.observed[i] = observed[i, row]
            for i in range(clocks.shape[0]):
                self.bar.clocks[i] = clocks[i, row]
            self.bar.equity, self.bar.ret = equity, returns[row]
            trips += self._move() & rules.TRIP
            decided[row], exposures[row], equities[row] = self.exposure, held, equity
            for i in range(statuses.shape[0]):
                machine = self.machines[i]
                statuses[i, row], numbers[i, row] = machine.status, machine.value
        low = drawdown(top, low)
        return equity, (low if low > worst else worst), total, square, moved, trips, bars_halted
