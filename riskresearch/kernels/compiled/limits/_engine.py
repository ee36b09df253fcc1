"""The rules of pre-trade limits, order after order: what each measures, what is allowed, and the book that results.

A world is the book of the account or of one strategy as it would be if every working buy were filled and no working
sell, or the other way round; an order is judged in the world of its own side. Sums over positions are kept in two
numbers each, the second for what rounding takes off the first, so that a sum does not depend on the way to it.
"""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, floor, isfinite

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _trade_rules as rules
    from cython.cimports.riskresearch.kernels.inlined._formulas import sum_error
else:
    from math import isfinite

    from riskresearch.kernels.inlined import _trade_rules as rules
    from riskresearch.kernels.inlined._formulas import sum_error


@cython.final
@cython.cclass
class LimitEngine:
    """The rules, the state of the book, and the orders; see `riskresearch.pretrade.checker._plan` for the arrays.

    Parameters
    ----------
    rules : dict of arrays, shape (rules,)
        What each rule measures, its thresholds and its options, and tables of shape (tables, assets).
    market : dict of arrays, shape (assets,)
        Value of a unit, factor from quoted price to money, best working prices; nan where not known.
    state : dict of arrays
        Positions and sums of each world, money traded, orders sent; changed in place.
    other : object or None
        `judge(place, column, units, world)` of the rules that are no part of this kernel, and `commit`.
    """

    cython.declare(kind=cython.longlong[::1], code=cython.longlong[::1], counted=cython.longlong[::1])
    cython.declare(inclusive=cython.longlong[::1], exempt=cython.longlong[::1], missing=cython.longlong[::1])
    cython.declare(scope=cython.longlong[::1], per=cython.longlong[::1], given=cython.double[::1])
    cython.declare(table=cython.longlong[::1], second=cython.longlong[::1], unit=cython.longlong[::1])
    cython.declare(option=cython.longlong[::1], total=cython.longlong[::1], window=cython.longlong[::1])
    cython.declare(deny=cython.double[::1], warn=cython.double[::1])
    cython.declare(wide_deny=cython.longlong[::1], wide_warn=cython.longlong[::1], tables=cython.double[:, ::1])
    cython.declare(longs=cython.double[:, ::1], shorts=cython.double[:, ::1], cells=cython.longlong[:, ::1])
    cython.declare(large=cython.longlong[::1], threshold=cython.double[::1])
    cython.declare(value_of=cython.double[::1], factor=cython.double[::1], price=cython.double[::1])
    cython.declare(best_buy=cython.double[::1], best_sell=cython.double[::1])
    cython.declare(held=cython.double[:, ::1], sums=cython.double[:, :, ::1], unknown=cython.longlong[:, ::1])
    cython.declare(count=cython.longlong[::1], large_sums=cython.double[:, :, ::1])
    cython.declare(traded=cython.double[:, ::1], cash=cython.double[:, ::1], last=cython.longlong[::1])
    cython.declare(head=cython.longlong[:, ::1], tail=cython.longlong[:, ::1], length=cython.longlong[:, ::1])
    cython.declare(link=cython.longlong[:, ::1], when=cython.longlong[::1])
    cython.declare(column=cython.const[cython.longlong][::1], units=cython.const[cython.double][::1])
    cython.declare(limit_price=cython.const[cython.double][::1], time=cython.const[cython.longlong][::1])
    cython.declare(strategy=cython.longlong[::1], key=cython.longlong[::1])
    cython.declare(cancel=cython.longlong[::1], fault=cython.longlong[::1], flags=cython.double[:, ::1])
    cython.declare(outcome=cython.longlong[::1], accepted=cython.double[::1], denied=cython.longlong[::1])
    cython.declare(warned=cython.longlong[::1], values=cython.double[:, ::1], bounds=cython.double[:, ::1])
    cython.declare(grades=cython.longlong[:, ::1], counts=cython.longlong[:, ::1])
    cython.declare(nav=cython.double, infinity=cython.double, no_time=cython.longlong)
    cython.declare(lanes=cython.Py_ssize_t, strategies=cython.Py_ssize_t, gross=cython.Py_ssize_t)
    cython.declare(first_kept=cython.Py_ssize_t, last_kept=cython.Py_ssize_t, earlier=cython.Py_ssize_t)
    cython.declare(mode=cython.longlong, on_breach=cython.longlong, other=object)
    # The order that is judged: its world, where it starts and leads, what of it lowers and raises, and its number.
    cython.declare(world=cython.Py_ssize_t, start=cython.double, after=cython.double, lowers=cython.double)
    cython.declare(raises=cython.double, number=cython.double, bound=cython.double, fires=cython.longlong)
    cython.declare(eases=cython.bint, deny_mask=cython.longlong, warn_mask=cython.longlong)

    def __init__(self, table, market, state, other):  # type: ignore[no-untyped-def]
        self.kind, self.code, self.counted = table["kind"], table["code"], table["counted"]
        self.inclusive, self.exempt, self.missing = table["inclusive"], table["exempt"], table["missing"]
        self.scope, self.per, self.given = table["scope"], table["per"], table["given"]
        self.table, self.second, self.unit = table["table"], table["second"], table["unit"]
        self.option, self.total, self.window = table["option"], table["total"], table["window"]
        self.deny, self.warn, self.wide_deny = table["deny"], table["warn"], table["wide_deny"]
        self.wide_warn, self.tables, self.longs = table["wide_warn"], table["tables"], table["longs"]
        self.shorts, self.cells, self.large = table["shorts"], table["cells"], table["large"]
        self.threshold = table["threshold"]
        self.value_of, self.factor, self.price = market["value_of"], market["factor"], market["price"]
        self.best_buy, self.best_sell, self.nav = market["best_buy"], market["best_sell"], market["nav"]
        self.lanes, self.strategies, self.gross = market["lanes"], market["strategies"], market["gross"]
        self.held, self.sums, self.unknown = state["held"], state["sums"], state["unknown"]
        self.count, self.large_sums, self.traded = state["count"], state["large_sums"], state["traded"]
        self.cash, self.last, self.head = state["cash"], state["last"], state["head"]
        self.tail, self.length, self.link = state["tail"], state["length"], state["link"]
        self.when, self.earlier = state["when"], state["earlier"]
        self.other, self.infinity, self.no_time = other, np.inf, np.iinfo(np.int64).min

    def bind(self, orders):  # type: ignore[no-untyped-def]
        """Continue with these orders, their answers and, for those from `first_kept` on, their numbers."""
        self.column, self.units, self.limit_price = orders["column"], orders["units"], orders["limit_price"]
        self.time, self.strategy, self.key = orders["time"], orders["strategy"], orders["key"]
        self.cancel, self.fault, self.flags = orders["cancel"], orders["fault"], orders["flags"]
        self.outcome, self.accepted, self.denied = orders["outcome"], orders["accepted"], orders["denied"]
        self.warned, self.values, self.bounds = orders["warned"], orders["values"], orders["bounds"]
        self.grades, self.counts, self.first_kept = orders["grades"], orders["counts"], orders["first_kept"]
        self.last_kept, self.mode, self.on_breach = orders["last_kept"], orders["mode"], orders["on_breach"]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _term(self, total: cython.Py_ssize_t, column: cython.Py_ssize_t, units: cython.double) -> cython.double:
        """Return what a position adds to a sum."""
        value: cython.double = units * self.value_of[column]
        if units == 0.0:
            return 0.0
        return value * (self.longs[total, column] if units > 0.0 else self.shorts[total, column])

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _move(
        self, world: cython.Py_ssize_t, total: cython.Py_ssize_t, column: cython.Py_ssize_t,
        before: cython.double, after: cython.double,
    ) -> cython.void:  # fmt: skip
        """Change a sum by the change of one position; a term that is not known is counted."""
        slot: cython.Py_ssize_t
        cell: cython.longlong = self.cells[total, column]
        term: cython.double
        was: cython.double
        now: cython.double
        if cell < 0:
            return
        was = self.sums[world, cell, 0] + self.sums[world, cell, 1]
        term = -self._term(total, column, before)
        if isfinite(term):
            self.sums[world, cell, 1] += sum_error(self.sums[world, cell, 0], term)
            self.sums[world, cell, 0] += term
        else:
            self.unknown[world, cell] -= 1
        term = self._term(total, column, after)
        if isfinite(term):
            self.sums[world, cell, 1] += sum_error(self.sums[world, cell, 0], term)
            self.sums[world, cell, 0] += term
        else:
            self.unknown[world, cell] += 1
        now = self.sums[world, cell, 0] + self.sums[world, cell, 1]
        for slot in range(self.large.shape[0]):
            if self.large[slot] == total:
                if rules.exceeds(was, self.threshold[slot], False, False):
                    self.large_sums[world, slot, 1] += sum_error(self.large_sums[world, slot, 0], -was)
                    self.large_sums[world, slot, 0] -= was
                if rules.exceeds(now, self.threshold[slot], False, False):
                    self.large_sums[world, slot, 1] += sum_error(self.large_sums[world, slot, 0], now)
                    self.large_sums[world, slot, 0] += now

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _put(self, world: cython.Py_ssize_t, column: cython.Py_ssize_t, units: cython.double) -> cython.void:
        """Add units to a position of a world."""
        total: cython.Py_ssize_t
        before: cython.double = self.held[world, column]
        after: cython.double = before + units
        self.held[world, column] = after
        self.count[world] += (after != 0.0) - (before != 0.0)
        for total in range(self.cells.shape[0]):
            self._move(world, total, column, before, after)

    def place(self, world: cython.Py_ssize_t, column: cython.Py_ssize_t, units: cython.double) -> None:
        """Add units to a position of a world, before the first order."""
        self._put(world, column, units)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _key(self, rule: cython.Py_ssize_t, order: cython.Py_ssize_t) -> cython.Py_ssize_t:
        """Return the number of what a rule counts together: the account, a strategy or an asset."""
        if self.scope[rule] == rules.STRATEGY:
            return 1 + self.strategy[order]
        return 0 if self.scope[rule] == rules.ACCOUNT else 1 + self.strategies + self.column[order]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _stand(self, lane: cython.Py_ssize_t, order: cython.Py_ssize_t, units: cython.double) -> cython.void:
        """Find where an order starts and leads in the world of its side, and split it."""
        base: cython.double
        self.world = 2 * lane + (units < 0.0)
        self.start = self.held[self.world, self.column[order]]
        self.after = self.start + units
        base = rules.unraised(self.after, self.start)
        self.lowers, self.raises = fabs(base - self.start), fabs(self.after - base)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _paid(self, order: cython.Py_ssize_t, units: cython.double, worst: cython.bint) -> cython.double:
        """Return the money that a unit may cost: the limit price; of a sale, if `worst`, at least the last price."""
        column: cython.Py_ssize_t = self.column[order]
        return rules.paid_for_a_unit(
            self.limit_price[order] * self.factor[column], self.value_of[column], units < 0.0, worst
        )

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _entry(self, rule: cython.Py_ssize_t, order: cython.Py_ssize_t, units: cython.double) -> cython.void:
        """Measure what makes an order wrong by itself: its price, its lots, whom it meets."""
        column: cython.Py_ssize_t = self.column[order]
        kind: cython.longlong = self.kind[rule]
        limit: cython.double = self.limit_price[order]
        other: cython.double
        if kind == rules.COLLAR:
            other = self.tables[self.table[rule], column]
            self.number = ((limit if limit == limit else self.price[column]) - other) / other
            if units < 0.0:
                self.number = -self.number
            if self.option[rule]:
                self.number = fabs(self.number)
            if self.second[rule] >= 0:
                self.number /= self.tables[self.second[rule], column]
        elif kind == rules.LOT:
            self.bound = self.tables[self.table[rule], column]
            self.number = rules.off_lot(fabs(units), self.bound)
            self.fires = self.number > 0.0 and not (self.option[rule] and self.after == 0.0)
        elif kind == rules.TICK:
            self.number, self.bound = limit, self.tables[self.table[rule], column]
            self.fires = limit == limit and rules.off_lot(fabs(limit), self.bound) > 0.0
            self.number = 0.0 if limit != limit else limit
        elif kind == rules.SELF_TRADE:
            self.bound = self.best_sell[column] if units > 0.0 else self.best_buy[column]
            other = self.infinity if units > 0.0 else -self.infinity
            self.number = other if limit != limit else limit
            self.fires = self.bound == self.bound and (
                self.number >= self.bound if units > 0.0 else self.number <= self.bound
            )
            self.bound = other if self.bound != self.bound else self.bound
        elif kind == rules.LISTED:
            self.number = self.tables[
                self.table[rule] + (self.strategy[order] if self.scope[rule] == rules.STRATEGY else 0), column
            ]
            self.fires = self.number > 0.0
        elif kind == rules.FLAGGED:
            self.number = self.flags[self.table[rule], order]
            self.fires = self.number > 0.0
        elif kind == rules.SHORT_SALE:
            self.number = -self.after if units < 0.0 and self.after < 0.0 else 0.0
            self.bound = self.tables[self.table[rule], column]
        else:  # the state of trading, of the side that the order leads to
            other = self.flags[self.table[rule], order]
            self.number = self.tables[self.second[rule] + (self.after < 0.0 or (self.after == 0.0 and units > 0.0)), column]
            self.number = other if other > self.number or other != other else self.number
            limit = self.tables[self.second[rule] + (self.start < 0.0), column] if self.lowers > 0.0 else 0.0
            self.number = limit if limit > 2.0 else self.number
            self.fires = self.number > 2.0 or (self.number > 1.0 and self.raises > 0.0)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _flow(self, rule: cython.Py_ssize_t, order: cython.Py_ssize_t) -> cython.void:
        """Measure an order against those sent before it: its twin, and how many there were within the window."""
        time: cython.longlong = self.time[order]
        ring: cython.Py_ssize_t = self.table[rule]
        key: cython.Py_ssize_t
        place: cython.longlong
        sent: cython.longlong
        if self.kind[rule] == rules.DUPLICATE:
            sent = self.last[self.key[order]]
            self.fires = 0
            if time != self.no_time and sent == self.no_time:
                self.number = self.infinity
            elif time != self.no_time:
                self.number = (time - sent) / 1e9
                self.fires = time - sent < self.window[rule]
            return
        if time == self.no_time and self.window[rule] > 0:
            return
        key = self._key(rule, order)
        sent, place = self.length[ring, key], self.head[ring, key]
        if self.window[rule] > 0 and sent > 0:
            if self.when[self.tail[ring, key]] > time:
                time = self.when[self.tail[ring, key]]
            while sent > 0 and time - self.when[place] >= self.window[rule]:
                place = self.link[ring, place]
                sent -= 1
        self.number = sent + 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _new_sum(self, rule: cython.Py_ssize_t, total: cython.Py_ssize_t, column: cython.Py_ssize_t) -> cython.double:
        """Return a sum after the order, nan where a term is not known, and note whether the order eases it."""
        cell: cython.longlong = self.cells[total, column]
        was: cython.double
        now: cython.double
        hidden: cython.longlong
        if cell < 0:
            return self.infinity - self.infinity
        was = self._term(total, column, self.start)
        now = self._term(total, column, self.after)
        hidden = self.unknown[self.world, cell] - (not isfinite(was))
        if hidden > 0 or not isfinite(now):
            return self.infinity - self.infinity
        if not isfinite(was):
            was = 0.0
            self.eases = False
        now = (self.sums[self.world, cell, 0] - was + now) + self.sums[self.world, cell, 1]
        was = self.sums[self.world, cell, 0] + self.sums[self.world, cell, 1]
        if self.option[rule] == rules.SIGNED:
            self.eases = fabs(now) <= fabs(was) and now * was >= 0.0
            return fabs(now)
        if self.option[rule] == rules.LOSS:
            self.eases = now <= was
        return now

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _book(self, rule: cython.Py_ssize_t, order: cython.Py_ssize_t, units: cython.double) -> cython.void:
        """Measure the position and the book after the order."""
        column: cython.Py_ssize_t = self.column[order]
        kind: cython.longlong = self.kind[rule]
        slot: cython.Py_ssize_t = self.total[rule]
        if kind == rules.POSITION:
            self.number = fabs(self.after)
            if self.unit[rule] == rules.MONEY:
                self.number *= self.value_of[column]
        elif kind == rules.SUM:
            self.number = self._new_sum(rule, slot, column)
        elif kind == rules.LARGE_GROUPS:
            self._large(rule, column)
        elif kind == rules.COUNT:
            self.number = self.count[self.world] + (self.after != 0.0) - (self.start != 0.0)
        elif kind == rules.TURNOVER:
            slot = self._key(rule, order)
            self.number = fabs(units) * self._paid(order, units, True)
            self.number = (self.traded[slot, 0] + self.number) + self.traded[slot, 1]
        elif kind == rules.MINIMUM:
            self.number = fabs(units) * self.value_of[column]
        else:
            self._power(rule, order, units)
        if self.per[rule] == rules.NAV:
            self.number = self.number / self.nav if self.nav > 0.0 else self.infinity - self.infinity
        elif self.per[rule] == rules.GIVEN:
            self.number /= self.given[rule]
        elif self.per[rule] == rules.GROSS and self.number != 0.0:
            self.number /= self._new_sum(rule, self.gross, column)
            self.eases = False
        if kind == rules.MINIMUM:
            self.fires = self.after != 0.0 and rules.exceeds(self.bound, self.number, False, False)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _large(self, rule: cython.Py_ssize_t, column: cython.Py_ssize_t) -> cython.void:
        """Measure the sum of the groups that are larger than a threshold."""
        slot: cython.Py_ssize_t = self.table[rule]
        total: cython.Py_ssize_t = self.total[rule]
        cell: cython.longlong = self.cells[total, column]
        now: cython.double = self._new_sum(rule, total, column)
        was: cython.double
        if cell < 0:
            return
        was = self.sums[self.world, cell, 0] + self.sums[self.world, cell, 1]
        self.number = now  # nan where it is not known
        if now == now:
            self.number = self.large_sums[self.world, slot, 0]
            self.number -= was if rules.exceeds(was, self.threshold[slot], False, False) else 0.0
            self.number += now if rules.exceeds(now, self.threshold[slot], False, False) else 0.0
            self.number += self.large_sums[self.world, slot, 1]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _power(self, rule: cython.Py_ssize_t, order: cython.Py_ssize_t, units: cython.double) -> cython.void:
        """Measure the money that the order needs, and what there is after the part that lowers the exposure."""
        column: cython.Py_ssize_t = self.column[order]
        total: cython.Py_ssize_t = self.total[rule]
        price: cython.double = self._paid(order, units, False)
        value: cython.double = self.value_of[column]
        lent: cython.double = self.longs[total, column] * value
        cell: cython.longlong = self.cells[total, column]
        kept: cython.double = self.shorts[total, column] * value
        if units > 0.0:
            self.number = self.raises * (price - lent)
            self.bound = self.lowers * (kept - price)
        else:
            self.number = self.raises * (kept - price)
            self.bound = self.lowers * (price - lent)
        if self.unknown[self.world, cell] > 0:
            self.bound = self.infinity - self.infinity
        self.bound += self.sums[self.world, cell, 0] + self.sums[self.world, cell, 1]
        self.bound += self.cash[units < 0.0, 0] + self.cash[units < 0.0, 1] - self.given[rule]

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _grade(self, rule: cython.Py_ssize_t, order: cython.Py_ssize_t, units: cython.double) -> cython.longlong:
        """Measure an order by a rule and return what becomes of it."""
        column: cython.Py_ssize_t = self.column[order]
        kind: cython.longlong = self.kind[rule]
        warn: cython.double = self.warn[rule]
        counted: cython.bint = self.counted[rule]
        reduces: cython.bint
        self.number, self.fires, self.eases = self.infinity - self.infinity, -1, False
        self.bound = self.deny[rule] if self.wide_deny[rule] < 0 else self.tables[self.wide_deny[rule], column]
        if kind == rules.SIZE:
            self.number = self.raises if self.exempt[rule] else self.raises + self.lowers
            if self.unit[rule] == rules.MONEY:
                self.number *= self._paid(order, units, True)
            elif self.unit[rule] == rules.OF_TABLE:
                self.number /= self.tables[self.table[rule], column]
        elif kind == rules.DUPLICATE or kind == rules.RATE:
            self._flow(rule, order)
        elif kind >= rules.POSITION and kind <= rules.MINIMUM:
            if self.scope[rule] == rules.STRATEGY and kind != rules.TURNOVER:
                if self.lanes > 1:
                    self._stand(1 + self.strategy[order], order, units)
                    self._book(rule, order, units)
                    reduces = self.raises == 0.0 and self.exempt[rule]
                    self._stand(0, order, units)
                    if reduces:
                        return rules.PASS
            else:
                self._book(rule, order, units)
        else:
            self._entry(rule, order, units)
        if (self.exempt[rule] and self.raises == 0.0) or self.eases:
            return rules.PASS
        if self.number != self.number or self.bound != self.bound:
            return self.missing[rule]
        if self.fires >= 0:
            return rules.DENY if self.fires else rules.PASS
        if rules.exceeds(self.number, self.bound, self.inclusive[rule], counted):
            return rules.DENY
        if self.wide_warn[rule] >= 0:
            warn = self.tables[self.wide_warn[rule], column]
        return rules.WARN if rules.exceeds(self.number, warn, self.inclusive[rule], counted) else rules.PASS

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _judge(self, order: cython.Py_ssize_t, units: cython.double, fixed: cython.bint, keep: cython.bint) -> cython.void:
        """Set the masks of what denies these units of an order and what warns of them.

        Without `fixed` the rules are left out that no smaller quantity would pass, or that want whole lots or a smallest
        trade. With `keep` the numbers are kept.
        """
        rule: cython.Py_ssize_t
        kind: cython.longlong
        grade: cython.longlong
        self.deny_mask = self.warn_mask = 0
        if self.cancel[order] == 0:
            self._stand(0, order, units)
        for rule in range(self.kind.shape[0]):
            kind = self.kind[rule]
            if self.cancel[order] and not (kind == rules.RATE and self.option[rule]):
                continue
            if not fixed and (kind == rules.LOT or kind == rules.MINIMUM or kind == rules.DUPLICATE):
                continue
            grade = self._grade(rule, order, units)
            if grade == rules.DENY:
                self.deny_mask |= self.code[rule]
            elif grade == rules.WARN:
                self.warn_mask |= self.code[rule]
            if keep:
                self.values[order - self.first_kept, rule] = self.number
                self.bounds[order - self.first_kept, rule] = self.bound
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
    def _commit(self, order: cython.Py_ssize_t, units: cython.double) -> cython.void:
        """Let the orders after this one see it as filled."""
        column: cython.Py_ssize_t = self.column[order]
        side: cython.Py_ssize_t
        key: cython.Py_ssize_t
        money: cython.double
        if self.cancel[order] == 0:
            money = self._paid(order, units, True) * fabs(units)
            for side in range(2):
                self._put(side, column, units)
                if self.lanes > 1:
                    self._put(2 + 2 * self.strategy[order] + side, column, units)
                self._pay(side, -self._paid(order, units, False) * units)
            for side in range(3):
                key = 0 if side == 0 else (1 + self.strategy[order] if side == 1 else 1 + self.strategies + column)
                self.traded[key, 1] += sum_error(self.traded[key, 0], money)
                self.traded[key, 0] += money
            if self.last.shape[0] and self.time[order] != self.no_time:
                self.last[self.key[order]] = self.time[order]
        self._send(order, self.earlier + order)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _pay(self, side: cython.Py_ssize_t, money: cython.double) -> cython.void:
        self.cash[side, 1] += sum_error(self.cash[side, 0], money)
        self.cash[side, 0] += money

    def set_last(self, last):  # type: ignore[no-untyped-def]
        """Set when the last order of each kind of twins was sent."""
        self.last = last

    def remember(self, order: cython.Py_ssize_t) -> None:
        """Count an order that was sent before the first."""
        self._send(order, order)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _send(self, order: cython.Py_ssize_t, place: cython.longlong) -> cython.void:
        """Add an order to those that were sent, and leave out what no later one will count."""
        rule: cython.Py_ssize_t
        ring: cython.Py_ssize_t
        key: cython.Py_ssize_t
        time: cython.longlong
        for rule in range(self.kind.shape[0]):
            time = self.time[order]
            if self.kind[rule] != rules.RATE or (self.cancel[order] and not self.option[rule]):
                continue
            ring, key = self.table[rule], self._key(rule, order)
            if self.window[rule] == 0:  # everything since the release, which `length` has for what was sent before
                self.length[ring, key] += place >= self.earlier
                continue
            if time == self.no_time:
                continue
            if self.length[ring, key] > 0:
                if self.when[self.tail[ring, key]] > time:
                    time = self.when[self.tail[ring, key]]
                self.link[ring, self.tail[ring, key]] = place
            else:
                self.head[ring, key] = place
            self.when[place] = time
            self.tail[ring, key] = place
            self.length[ring, key] += 1
            while time - self.when[self.head[ring, key]] >= self.window[rule]:
                self.head[ring, key] = self.link[ring, self.head[ring, key]]
                self.length[ring, key] -= 1

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _passes(self, order: cython.Py_ssize_t, units: cython.double, fixed: cython.bint) -> cython.bint:
        self._judge(order, units, fixed, False)
        return self.deny_mask == 0

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _largest(self, order: cython.Py_ssize_t, step: cython.double) -> cython.double:
        """Return the largest number of units of an order, in steps, that passes; 0 if none does."""
        wanted: cython.double = fabs(self.units[order])
        sign: cython.double = 1.0 if self.units[order] > 0.0 else -1.0
        low: cython.double
        high: cython.double = floor(wanted / step)
        middle: cython.double
        self._stand(0, order, self.units[order])
        low = floor(self.lowers / step)
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
        self._stand(0, order, self.units[order])
        low = floor(self.lowers / step) * step  # without the raising part, which is too small
        return sign * low if low > 0.0 and self._passes(order, sign * low, True) else 0.0

    def largest(self, order: cython.Py_ssize_t, step: cython.double) -> float:
        """Return the largest number of units of an order, in steps of a lot, that passes; 0 if none does."""
        return self._largest(order, step)

    def ask(self, order: cython.Py_ssize_t, units: cython.double, keep: cython.bint) -> tuple[int, int]:
        """Return the masks of what denies these units of an order and what warns of them, and keep the numbers."""
        self._judge(order, units, True, keep)
        return self.deny_mask, self.warn_mask

    def commit(self, order: cython.Py_ssize_t, units: cython.double) -> None:
        """Let the next orders see these units of an order as filled."""
        self._commit(order, units)

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t, steps: cython.const[cython.double][::1]) -> None:
        """Judge orders `first` to `last` - 1; `steps` is the lot that each is cut to."""
        order: cython.Py_ssize_t
        with cython.nogil:
            for order in range(first, last):
                self._process(order, steps[order] if steps.shape[0] > 1 else steps[0])

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _process(self, order: cython.Py_ssize_t, step: cython.double) -> cython.void:
        """Judge an order, write what becomes of it, and let the next ones see it."""
        units: cython.double = self.units[order]
        denied: cython.longlong = self.fault[order]
        warned: cython.longlong = 0
        outcome: cython.longlong = rules.DENY
        if self.cancel[order] or (isfinite(units) and units != 0.0):
            self._judge(order, units, True, order >= self.first_kept and order < self.last_kept)
            denied |= self.deny_mask
            warned = self.warn_mask
        if denied == 0:
            outcome = rules.PASS if warned == 0 else rules.WARN
        if denied != 0 and self.on_breach != rules.RECORD:
            units = 0.0
            if self.on_breach == rules.REDUCE and self.fault[order] == 0 and self.cancel[order] == 0:
                units = self._largest(order, step)
                outcome = rules.CLIP if units != 0.0 else rules.DENY
        self.outcome[order], self.accepted[order] = outcome, units
        self.denied[order], self.warned[order] = denied, warned
        if self.mode == rules.CUMULATIVE and self.fault[order] == 0 and (units != 0.0 or self.cancel[order]):
            if denied == 0 or outcome == rules.CLIP or self.on_breach == rules.RECORD:
                self._commit(order, units)
                if self.other is not None and self.cancel[order] == 0:
                    with cython.gil:
                        self._tell(order, units)

    def _tell(self, order: cython.Py_ssize_t, units: cython.double) -> None:
        """Let the rules outside of this kernel see an order as filled."""
        self.other.commit(order, units)
