"""What each rule measures of an order and the book after it, and what becomes of the order by that rule.

The order that is judged has a world, a place where it starts and one where it leads, and a part that lowers and one
that raises the position. The declarations stand in the .pxd file, so that other kernels find them.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import cython
import numpy as np
from cython.cimports.libc.math import fabs, isfinite

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _trade_rules as rules
else:
    from math import isfinite

    from riskresearch.kernels.inlined import _trade_rules as rules


@cython.final
@cython.cclass
class Rules:
    """The rules, one entry each in every array; see `riskresearch.pretrade.checker._plan`.

    Parameters
    ----------
    table : dict of arrays, shape (rules,)
        What each rule measures, its thresholds and its options, and tables of shape (tables, assets).
    market : dict of arrays, shape (assets,)
        Value of a unit, factor from quoted price to money, best working prices; nan where they are not known.
    worlds : Worlds
        The book, which fills change.
    """

    def __init__(self, table, market, worlds):
        self.worlds = worlds
        self.kind, self.code, self.counted = table["kind"], table["code"], table["counted"]
        self.inclusive, self.exempt, self.missing = table["inclusive"], table["exempt"], table["missing"]
        self.scope, self.per, self.given = table["scope"], table["per"], table["given"]
        self.table, self.second, self.unit = table["table"], table["second"], table["unit"]
        self.option, self.totals, self.window = table["option"], table["total"], table["window"]
        self.deny, self.warn, self.wide_deny = table["deny"], table["warn"], table["wide_deny"]
        self.wide_warn, self.tables, self.holds = table["wide_warn"], table["tables"], table["holds"]
        self.value_of, self.factor, self.price = market["value_of"], market["factor"], market["price"]
        self.best_buy, self.best_sell = market["best_buy"], market["best_sell"]
        self.nav, self.gross = market["nav"], market["gross"]
        self.nothing, self.infinity, self.no_time = np.nan, np.inf, np.iinfo(np.int64).min

    def set_nav(self, nav: cython.double) -> None:
        """Set the net asset value; nan or nothing is not known."""
        self.nav = nav

    def bind(self, orders):
        """Continue with these orders."""
        self.column, self.units, self.limit_price = orders["column"], orders["units"], orders["limit_price"]
        self.time, self.strategy = orders["time"], orders["strategy"]
        self.key, self.flags = orders["key"], orders["flags"]

    def stand(self, lane, order, units):
        """Find where an order starts and leads in the world of its side, and split it."""
        base: cython.double
        self.world = 2 * lane + (units < 0.0)
        self.start = self.worlds.held[self.world, self.column[order]]
        self.after = self.start + units
        base = rules.unraised(self.after, self.start)
        self.lowers, self.raises = fabs(base - self.start), fabs(self.after - base)

    def paid(self, order, units, worst):
        """Return the money that a unit may cost: the limit price; of a sale, if `worst`, at least the last price."""
        column: cython.Py_ssize_t = self.column[order]
        return rules.paid_for_a_unit(
            self.limit_price[order] * self.factor[column], self.value_of[column], units < 0.0, worst
        )

    def entry(self, rule, order, units):
        """Measure what makes an order wrong by itself: its price, its lots, whom it meets."""
        column: cython.Py_ssize_t = self.column[order]
        kind: cython.longlong = self.kind[rule]
        limit: cython.double = self.limit_price[order]
        if kind == rules.COLLAR:
            self.number = rules.beyond(
                limit if limit == limit else self.price[column], self.tables[self.table[rule], column],
                -1.0 if units < 0.0 else 1.0, self.option[rule] != 0,
            )  # fmt: skip
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
            self.meeting(order, units)
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
        else:
            self.trading_state(rule, order, units)

    def meeting(self, order, units):
        """Measure whether an order meets a working one of the same book; one at the market meets any."""
        column: cython.Py_ssize_t = self.column[order]
        limit: cython.double = self.limit_price[order]
        best: cython.double = self.best_sell[column] if units > 0.0 else self.best_buy[column]
        market: cython.double = self.infinity if units > 0.0 else -self.infinity
        self.number = market if limit != limit else limit
        self.bound = market if best != best else best
        self.fires = best == best and (self.number >= best if units > 0.0 else self.number <= best)

    def trading_state(self, rule, order, units):
        """Measure what trades of the side that an order leads to, of the one that it leaves, and of its strategy."""
        column: cython.Py_ssize_t = self.column[order]
        row: cython.Py_ssize_t = self.second[rule] + (self.after < 0.0 or (self.after == 0.0 and units > 0.0))
        own: cython.double = self.flags[self.table[rule], order]
        left: cython.double = self.tables[self.second[rule] + (self.start < 0.0), column]
        self.number = self.tables[row, column]
        if own > self.number or own != own:
            self.number = own
        if self.lowers > 0.0 and left > 2.0:  # frozen
            self.number = left
        self.fires = self.number > 2.0 or (self.number > 1.0 and self.raises > 0.0)

    def flow(self, rule, order):
        """Measure an order against those sent before it: its twin, and how many there were within the window."""
        time: cython.longlong = self.time[order]
        sent: cython.longlong
        key: cython.Py_ssize_t
        if self.kind[rule] == rules.DUPLICATE:
            sent = self.worlds.last[self.key[order]]
            self.fires = 0
            if time != self.no_time and sent == self.no_time:
                self.number = self.infinity
            elif time != self.no_time and sent != self.no_time + 1:  # that is some time that is not known
                self.number = (time - sent) / 1e9
                self.fires = time - sent < self.window[rule]
        elif time != self.no_time or self.window[rule] == 0:
            key = self.worlds.key(self.scope[rule], self.column[order], self.strategy[order])
            self.number = self.worlds.sent(self.table[rule], key, time, self.window[rule]) + self.given[rule]

    def new_sum(self, rule, total, column):
        """Return a sum after the order, nan where a term is not known, and note whether the order eases it."""
        cell: cython.longlong = self.worlds.cells[total, column]
        was: cython.double
        now: cython.double
        hidden: cython.longlong
        pair: tuple[cython.double, cython.double]
        if cell < 0:
            return self.nothing
        was = self.worlds.term(total, column, self.start)
        now = self.worlds.term(total, column, self.after)
        hidden = self.worlds.unknown[self.world, cell] - (not isfinite(was))
        if hidden > 0 or not isfinite(now):
            return self.nothing
        if not isfinite(was):
            was = 0.0
            self.eases = False
        pair = rules.plus(self.worlds.sums[self.world, cell, 0], self.worlds.sums[self.world, cell, 1], -was)
        pair = rules.plus(pair[0], pair[1], now)
        was = self.worlds.total(self.world, cell)
        now = pair[0]
        if self.option[rule] == rules.SIGNED:
            self.eases = fabs(now) <= fabs(was) and now * was >= 0.0
            return fabs(now)
        if self.option[rule] == rules.LOSS:
            self.eases = now <= was
        return now

    def book(self, rule, order, units):
        """Measure the position and the book after the order."""
        column: cython.Py_ssize_t = self.column[order]
        kind: cython.longlong = self.kind[rule]
        slot: cython.Py_ssize_t = self.totals[rule]
        if kind == rules.POSITION:
            self.number = fabs(self.after)
            if self.unit[rule] == rules.MONEY:
                self.number *= self.value_of[column]
        elif kind == rules.SUM:
            self.number = self.new_sum(rule, slot, column)
        elif kind == rules.LARGE_GROUPS:
            self.large_groups(rule, column)
        elif kind == rules.COUNT:
            self.number = (
                self.worlds.count[self.world] + (1 if self.after != 0.0 else 0) - (1 if self.start != 0.0 else 0)
            )
            self.eases = self.number <= self.worlds.count[self.world]
        elif kind == rules.TURNOVER:
            slot = self.worlds.key(self.scope[rule], column, self.strategy[order])
            self.number = fabs(units) * self.paid(order, units, True)
            self.number = rules.plus(self.worlds.traded[slot, 0], self.worlds.traded[slot, 1], self.number)[0]
        elif kind == rules.MINIMUM:
            self.number = fabs(units) * self.value_of[column]
        elif kind == rules.BUYING_POWER:
            self.power(rule, order, units)
        if self.per[rule] == rules.NAV:
            self.number = self.number / self.nav if self.nav > 0.0 else self.nothing
        elif self.per[rule] == rules.GIVEN:
            self.number /= self.given[rule]
        elif self.per[rule] == rules.GROSS and self.number != 0.0:
            self.number /= self.new_sum(rule, self.gross, column)
            self.eases = False
        if kind == rules.MINIMUM:
            self.fires = self.after != 0.0 and rules.exceeds(self.bound, self.number, self.inclusive[rule], False)

    def large_groups(self, rule, column):
        """Measure the sum of the groups that are larger than a threshold."""
        slot: cython.Py_ssize_t = self.table[rule]
        total: cython.Py_ssize_t = self.totals[rule]
        cell: cython.longlong = self.worlds.cells[total, column]
        now: cython.double = self.new_sum(rule, total, column)
        was: cython.double
        pair: tuple[cython.double, cython.double]
        if cell < 0:
            return
        was = self.worlds.total(self.world, cell)
        self.number = now  # nan where it is not known
        if now == now:
            pair = (self.worlds.large_sums[self.world, slot, 0], self.worlds.large_sums[self.world, slot, 1])
            if rules.exceeds(was, self.worlds.threshold[slot], False, False):
                pair = rules.plus(pair[0], pair[1], -was)
            if rules.exceeds(now, self.worlds.threshold[slot], False, False):
                pair = rules.plus(pair[0], pair[1], now)
            self.number = pair[0]
            if self.worlds.threshold[slot] == self.worlds.threshold[slot]:  # without it nothing is known to be eased
                self.eases = self.number <= self.worlds.large_sums[self.world, slot, 0]

    def power(self, rule, order, units):
        """Measure the money that the order needs, and what there is after the part that lowers the exposure."""
        column: cython.Py_ssize_t = self.column[order]
        total: cython.Py_ssize_t = self.totals[rule]
        price: cython.double = self.paid(order, units, False)
        value: cython.double = self.value_of[column]
        lent: cython.double = self.worlds.longs[total, column] * value
        cell: cython.longlong = self.worlds.cells[total, column]
        kept: cython.double = self.worlds.shorts[total, column] * value
        cash: cython.double = self.worlds.cash[1 if units < 0.0 else 0, 0]
        if units > 0.0:
            self.number = self.raises * (price - lent)
            self.bound = self.lowers * (kept - price)
        else:
            self.number = self.raises * (kept - price)
            self.bound = self.lowers * (price - lent)
        if self.worlds.unknown[self.world, cell] > 0:
            self.bound = self.nothing
        cash = cash if cash == cash else 0.0  # money that is not known counts as none
        self.bound += self.worlds.total(self.world, cell) + cash - self.given[rule]

    def grade(self, rule, order, units):
        """Measure an order by a rule and return what becomes of it."""
        column: cython.Py_ssize_t = self.column[order]
        kind: cython.longlong = self.kind[rule]
        warn: cython.double = self.warn[rule]
        self.reduces = self.raises == 0.0
        self.number, self.fires, self.eases = self.nothing, -1, False
        self.bound = self.deny[rule] if self.wide_deny[rule] < 0 else self.tables[self.wide_deny[rule], column]
        if kind == rules.SIZE:
            self.number = self.raises if self.exempt[rule] else self.raises + self.lowers
            if self.unit[rule] == rules.MONEY:
                self.number *= self.paid(order, units, True)
            elif self.unit[rule] == rules.OF_TABLE:
                self.number /= self.tables[self.table[rule], column]
        elif kind == rules.DUPLICATE or kind == rules.RATE:
            self.flow(rule, order)
        elif kind >= rules.POSITION and kind <= rules.MINIMUM:
            if self.scope[rule] == rules.STRATEGY and kind != rules.TURNOVER:
                if self.worlds.lanes > 1:
                    self.stand(1 + self.strategy[order], order, units)
                    self.book(rule, order, units)
                    self.reduces = self.raises == 0.0
                    self.stand(0, order, units)
            else:
                self.book(rule, order, units)
        else:
            self.entry(rule, order, units)
        if (self.exempt[rule] and self.reduces) or self.eases:
            return rules.PASS
        if self.fires >= 0:
            return cython.cast(
                cython.longlong, rules.fired(self.fires != 0, self.number, self.bound, self.missing[rule])
            )
        if self.wide_warn[rule] >= 0:
            warn = self.tables[self.wide_warn[rule], column]
        return cython.cast(cython.longlong, rules.graded(
            self.number, self.bound, warn, self.inclusive[rule] != 0, self.counted[rule] != 0, self.missing[rule]
        ))  # fmt: skip

    def softened(self, rule, order, grade, is_order):
        """Return what becomes of an order by a rule that may not hold at its time; an exit is not denied for what is
        not known, but warned of.
        """
        time: cython.longlong = self.time[order]
        unknown: cython.bint = self.number != self.number or self.bound != self.bound
        if time != self.no_time and (time < self.holds[0, rule] or time > self.holds[1, rule]):
            return rules.PASS
        if unknown and grade == rules.DENY and is_order and self.reduces:
            return rules.WARN
        return grade

    def fill(self, order, units):
        """Let the next orders see these units of an order as filled."""
        self.worlds.fill(
            self.column[order], self.strategy[order], units, self.paid(order, units, False),
            self.paid(order, units, True),
        )  # fmt: skip
        if self.worlds.last.shape[0] and self.time[order] != self.no_time:
            self.worlds.last[self.key[order]] = self.time[order]
        elif self.worlds.last.shape[0] and self.worlds.last[self.key[order]] == self.no_time:
            self.worlds.last[self.key[order]] = self.no_time + 1

    def send(self, order, place, cancels):
        """Count an order, or a cancellation, among those that were sent."""
        rule: cython.Py_ssize_t
        key: cython.Py_ssize_t
        for rule in range(self.kind.shape[0]):
            if self.kind[rule] == rules.RATE and (self.option[rule] or not cancels):
                if self.time[order] == self.no_time and self.window[rule]:
                    self.given[rule] = self.nothing  # how many there are within a window is not known any more
                key = self.worlds.key(self.scope[rule], self.column[order], self.strategy[order])
                self.worlds.send(self.table[rule], key, place, self.time[order], self.window[rule])
