"""Judge orders one after the other: deny, cut to what passes, or record; each sees those accepted before it."""

import cython
from cython.cimports.libc.math import fabs, floor, isfinite

if cython.compiled:
    from cython.cimports.riskresearch.kernels.compiled.limits._rules import Rules
    from cython.cimports.riskresearch.kernels.compiled.limits._sweep import Sweep
    from cython.cimports.riskresearch.kernels.inlined import _trade_rules as rules
else:
    from math import isfinite

    from riskresearch.kernels.compiled.limits._rules import Rules
    from riskresearch.kernels.compiled.limits._sweep import Sweep
    from riskresearch.kernels.inlined import _trade_rules as rules


@cython.final
@cython.cclass
class LimitEngine:
    """The run of orders through the rules.

    Parameters
    ----------
    measures : Rules
        What is measured, and the book.
    earlier : int
        Number of orders that were sent before the first.
    other : object or None
        `judge(order, units, keep)` of the rules that are no part of the kernels, `commit(order, units)`, and
        `settle()`, which raises what went wrong in them.
    """

    cython.declare(rules=Rules, other=object, earlier=cython.Py_ssize_t)
    cython.declare(sweep=Sweep, cancel=cython.const[cython.longlong][:], foreign=cython.const[cython.longlong][:])
    cython.declare(known=cython.longlong, unknown_asset=cython.longlong, invalid_order=cython.longlong)
    cython.declare(outcome=cython.longlong[::1], accepted=cython.double[::1], denied=cython.longlong[::1])
    cython.declare(warned=cython.longlong[::1], values=cython.double[:, ::1], bounds=cython.double[:, ::1])
    cython.declare(grades=cython.longlong[:, ::1], first_kept=cython.Py_ssize_t, last_kept=cython.Py_ssize_t)
    cython.declare(mode=cython.longlong, on_breach=cython.longlong)
    cython.declare(deny_mask=cython.longlong, warn_mask=cython.longlong)

    def __init__(self, measures, earlier, other):  # type: ignore[no-untyped-def]
        self.rules, self.earlier, self.other = measures, earlier, other

    def bind(self, orders):  # type: ignore[no-untyped-def]
        """Continue with these orders, their answers and, from `first_kept` to before `last_kept`, their numbers."""
        self.rules.bind(orders)
        self.cancel, self.foreign, self.known = orders["cancel"], orders["foreign"], orders["known"]
        self.unknown_asset, self.invalid_order = orders["unknown_asset"], orders["invalid_order"]
        self.outcome, self.accepted = orders["outcome"], orders["accepted"]
        self.denied, self.warned = orders["denied"], orders["warned"]
        self.values, self.bounds, self.grades = orders["values"], orders["bounds"], orders["grades"]
        self.first_kept, self.last_kept = orders["first_kept"], orders["last_kept"]
        self.mode, self.on_breach = orders["mode"], orders["on_breach"]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _fault(self, order: cython.Py_ssize_t) -> cython.longlong:
        """Return the mask of what makes an order none at all; a cancellation needs no units."""
        units: cython.double = self.rules.units[order]
        limit: cython.double = self.rules.limit_price[order]
        fault: cython.longlong = self.foreign[order]
        if self.cancel[order]:
            return 0
        if self.rules.column[order] >= self.known:
            fault |= self.unknown_asset
        if not isfinite(units) or units == 0.0 or not (limit != limit or (isfinite(limit) and limit > 0.0)):
            fault |= self.invalid_order
        return fault

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _is_judged(self, order: cython.Py_ssize_t) -> cython.bint:
        """Return whether the rules can judge an order, be it wrong or not."""
        return self.cancel[order] != 0 or (isfinite(self.rules.units[order]) and self.rules.units[order] != 0.0)

    def fault(self, order: cython.Py_ssize_t) -> int:
        """Return the mask of what makes an order none at all."""
        return self._fault(order)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _judge(
        self, order: cython.Py_ssize_t, units: cython.double, fixed: cython.bint, keep: cython.bint
    ) -> cython.void:
        """Set the masks of what denies these units of an order and what warns of them.

        Without `fixed`, the rules are left out that want whole lots, a smallest trade or no twin. With `keep`, the
        numbers are kept.
        """
        rule: cython.Py_ssize_t
        kind: cython.longlong
        grade: cython.longlong
        self.deny_mask = self.warn_mask = 0
        if self.cancel[order] == 0:
            self.rules.stand(0, order, units)
        for rule in range(self.rules.kind.shape[0]):
            kind = self.rules.kind[rule]
            if self.cancel[order] and not (kind == rules.RATE and self.rules.option[rule]):
                continue
            if not fixed and (kind == rules.LOT or kind == rules.MINIMUM or kind == rules.DUPLICATE):
                continue
            grade = self.rules.grade(rule, order, units)
            if grade != rules.PASS:
                grade = self.rules.softened(rule, order, grade, self.cancel[order] == 0)
            if grade == rules.DENY:
                self.deny_mask |= self.rules.code[rule]
            elif grade == rules.WARN:
                self.warn_mask |= self.rules.code[rule]
            if keep:
                self.values[order - self.first_kept, rule] = self.rules.number
                self.bounds[order - self.first_kept, rule] = self.rules.bound
                self.grades[order - self.first_kept, rule] = grade
        if self.other is not None and self.cancel[order] == 0:
            with cython.gil:
                self._ask(order, units, keep)

    def _ask(self, order: cython.Py_ssize_t, units: cython.double, keep: cython.bint) -> None:
        """Add what the rules outside of this kernel say."""
        denied, warned = self.other.judge(order, units, keep)
        self.deny_mask |= denied
        self.warn_mask |= warned

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _passes(self, order: cython.Py_ssize_t, units: cython.double, fixed: cython.bint) -> cython.bint:
        self._judge(order, units, fixed, False)
        return self.deny_mask == 0 and self.rules.after != self.rules.start  # less than rounding trades nothing

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _largest(self, order: cython.Py_ssize_t, step: cython.double) -> cython.double:
        """Return the largest number of units of an order, in steps, that passes; 0 if none does."""
        wanted: cython.double = fabs(self.rules.units[order])
        sign: cython.double = 1.0 if self.rules.units[order] > 0.0 else -1.0
        low: cython.double
        high: cython.double = floor(wanted / step)
        middle: cython.double
        self.rules.stand(0, order, self.rules.units[order])
        low = floor(self.rules.lowers / step)
        if low > 0.0 and not self._passes(order, sign * low * step, False):
            low = 0.0
        if self._passes(order, sign * high * step, False):
            low = high
        high = high if high > low else low + 1.0
        while high - low > 1.0:
            middle = floor(0.5 * (low + high))
            if middle <= low or middle >= high:
                break
            if self._passes(order, sign * middle * step, False):
                low = middle
            else:
                high = middle
        if low > 0.0 and self._passes(order, sign * low * step, True):
            return sign * low * step
        self.rules.stand(0, order, self.rules.units[order])
        low = floor(self.rules.lowers / step) * step  # without the raising part, which is too small
        return sign * low if low > 0.0 and self._passes(order, sign * low, True) else 0.0

    def largest(self, order: cython.Py_ssize_t, step: cython.double) -> float:
        """Return the largest number of units of an order, in steps of a lot, that passes; 0 if none does."""
        found: cython.double = self._largest(order, step)
        self._raise()
        return found

    def ask(self, order: cython.Py_ssize_t, units: cython.double, keep: cython.bint) -> tuple[int, int]:
        """Return the masks of what denies these units of an order and what warns of them, and keep the numbers."""
        self._judge(order, units, True, keep)
        self._raise()
        return self.deny_mask, self.warn_mask

    def _raise(self) -> None:
        """Raise what went wrong in the rules outside of this kernel, which cannot be raised while it runs."""
        if self.other is not None:
            self.other.settle()

    def commit(self, order: cython.Py_ssize_t, units: cython.double) -> None:
        """Let the next orders see these units of an order as filled."""
        self._commit(order, units)

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t, steps: cython.const[cython.double][:]) -> None:
        """Judge orders `first` to `last` - 1; `steps` is the lot that each is cut to."""
        order: cython.Py_ssize_t
        count: cython.Py_ssize_t
        if self.mode == rules.CUMULATIVE or self.other is not None or self.first_kept < self.last_kept:
            with cython.nogil:
                for order in range(first, last):
                    self._process(order, steps[order])
            self._raise()
            return
        self.sweep = Sweep(self.rules)
        with cython.nogil:
            while first < last:
                count = last - first if last - first < self.sweep.room else self.sweep.room
                self._process_block(first, count, steps)
                first += count

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _process_block(
        self, first: cython.Py_ssize_t, count: cython.Py_ssize_t, steps: cython.const[cython.double][:]
    ) -> cython.void:
        """Judge a block of orders that do not see one another, and write what becomes of them."""
        place: cython.Py_ssize_t
        order: cython.Py_ssize_t
        fault: cython.longlong
        self.sweep.judge(first, count)
        for place in range(count):
            order = first + place
            fault = self._fault(order)
            if self.cancel[order] or not self._is_judged(order):
                self._process(order, steps[order])
            else:
                self._settle(order, fault, self.sweep.denied[place], self.sweep.warned[place], steps[order])

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _process(self, order: cython.Py_ssize_t, step: cython.double) -> cython.void:
        """Judge an order, write what becomes of it, and let the next ones see it."""
        fault: cython.longlong = self._fault(order)
        self.deny_mask = self.warn_mask = 0
        if self._is_judged(order):
            self._judge(order, self.rules.units[order], True, order >= self.first_kept and order < self.last_kept)
        self._settle(order, fault, self.deny_mask, self.warn_mask, step)
        if self.mode == rules.CUMULATIVE and fault == 0 and (self.accepted[order] != 0.0 or self.cancel[order]):
            if self.denied[order] == 0 or self.outcome[order] == rules.CLIP or self.on_breach == rules.RECORD:
                self._commit(order, self.accepted[order])
                if self.other is not None and self.cancel[order] == 0:
                    with cython.gil:
                        self._tell(order, self.accepted[order])

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _settle(
        self, order: cython.Py_ssize_t, fault: cython.longlong, denied: cython.longlong, warned: cython.longlong,
        step: cython.double,
    ) -> cython.void:  # fmt: skip
        """Write what becomes of an order; the arrays are zero before."""
        units: cython.double = self.rules.units[order]
        outcome: cython.longlong
        denied |= fault
        outcome = rules.DENY if denied else (rules.WARN if warned else rules.PASS)
        if denied != 0 and self.on_breach != rules.RECORD:
            units = 0.0
            if self.on_breach == rules.REDUCE and fault == 0 and self.cancel[order] == 0:
                units = self._largest(order, step)
                outcome = rules.CLIP if units != 0.0 else rules.DENY
        self.outcome[order], self.accepted[order] = outcome, units
        if denied:
            self.denied[order] = denied
        if warned:
            self.warned[order] = warned

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _commit(self, order: cython.Py_ssize_t, units: cython.double) -> cython.void:
        """Let the next orders see these units of an order as filled, and the order or cancellation as sent."""
        if self.cancel[order] == 0:
            self.rules.fill(order, units)
        self.rules.send(order, self.earlier + order, self.cancel[order] != 0)

    def _tell(self, order: cython.Py_ssize_t, units: cython.double) -> None:
        """Let the rules outside of this kernel see an order as filled."""
        self.other.commit(order, units)
