"""Judge a block of orders that do not see one another, rule by rule: the rules of `_rules` in loops without branches.

Formulas and grades are those of `_trade_rules`, which `Rules.grade` calls for one order; rules that read more of the
book than positions are graded by it here, too. The declarations stand in the .pxd file.
"""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"

import cython
import numpy as np
from cython.cimports.libc.math import fabs

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _trade_rules as rules
else:
    from math import fabs

    from riskresearch.kernels.inlined import _trade_rules as rules

BLOCK = 256
"""Orders that are judged together: their numbers stay in the first cache."""


@cython.final
@cython.cclass
class Sweep:
    """Numbers of one block of orders, one entry each.

    Parameters
    ----------
    measures : Rules
        What is measured, and the book.
    """

    def __init__(self, measures):
        self.rules, self.room = measures, BLOCK
        self.units, self.limit, self.held, self.side, self.raises, self.lowers = np.zeros((6, BLOCK))
        self.money, self.number, self.bound, self.warn, self.other, self.grade = np.zeros((6, BLOCK))
        self.missing = np.zeros(BLOCK)
        self.column, self.denied, self.warned = np.zeros((3, BLOCK), dtype=np.longlong)
        self.priced = False
        for rule in range(self.rules.kind.shape[0]):
            if self.rules.kind[rule] == rules.SIZE and self.rules.unit[rule] == rules.MONEY:
                self.priced = True

    def gather(self, found, row, count):
        """Read a row of the tables for the asset of each order."""
        place: cython.Py_ssize_t
        for place in range(count):
            found[place] = self.rules.tables[row, self.column[place]]

    def look_up(self, found, values, count):
        """Read a number for the asset of each order."""
        place: cython.Py_ssize_t
        for place in range(count):
            found[place] = values[self.column[place]]

    def load(self, first, count):
        """Read the orders, and split each in the world of its side."""
        place: cython.Py_ssize_t
        base: cython.double
        for place in range(count):
            self.units[place] = self.rules.units[first + place]
            self.column[place] = self.rules.column[first + place]
            self.limit[place] = self.rules.limit_price[first + place]
            self.held[place] = self.rules.worlds.held[1 if self.units[place] < 0.0 else 0, self.column[place]]
        for place in range(count):
            self.side[place] = -1.0 if self.units[place] < 0.0 else 1.0
            self.denied[place] = self.warned[place] = 0
        for place in range(count):
            base = rules.unraised(self.held[place] + self.units[place], self.held[place])
            self.lowers[place] = fabs(base - self.held[place])
            self.raises[place] = fabs(self.held[place] + self.units[place] - base)
        if self.priced:
            self.look_up(self.other, self.rules.factor, count)
            self.look_up(self.bound, self.rules.value_of, count)
            for place in range(count):
                self.money[place] = rules.paid_for_a_unit(
                    self.limit[place] * self.other[place], self.bound[place], self.units[place] < 0.0, True
                )

    def thresholds(self, rule, count):
        """Set the thresholds of a rule for each order."""
        place: cython.Py_ssize_t
        deny: cython.double = self.rules.deny[rule]
        warn: cython.double = self.rules.warn[rule]
        if self.rules.wide_deny[rule] >= 0:
            self.gather(self.bound, self.rules.wide_deny[rule], count)
        else:
            for place in range(count):
                self.bound[place] = deny
        if self.rules.wide_warn[rule] >= 0:
            self.gather(self.warn, self.rules.wide_warn[rule], count)
        else:
            for place in range(count):
                self.warn[place] = warn

    def sizes(self, rule, count):
        """Measure how large each order is."""
        place: cython.Py_ssize_t
        unit: cython.longlong = self.rules.unit[rule]
        for place in range(count):
            self.number[place] = self.raises[place]
        if not self.rules.exempt[rule]:
            for place in range(count):
                self.number[place] += self.lowers[place]
        if unit == rules.MONEY:
            for place in range(count):
                self.number[place] *= self.money[place]
        elif unit == rules.OF_TABLE:
            self.gather(self.other, self.rules.table[rule], count)
            for place in range(count):
                self.number[place] /= self.other[place]

    def collars(self, rule, count):
        """Measure how far each price is from its reference."""
        place: cython.Py_ssize_t
        two_sided: cython.bint = self.rules.option[rule] != 0
        self.look_up(self.number, self.rules.price, count)
        for place in range(count):
            self.number[place] = self.limit[place] if self.limit[place] == self.limit[place] else self.number[place]
        self.gather(self.other, self.rules.table[rule], count)
        for place in range(count):
            self.number[place] = rules.beyond(self.number[place], self.other[place], self.side[place], two_sided)
        if self.rules.second[rule] >= 0:
            self.gather(self.other, self.rules.second[rule], count)
            for place in range(count):
                self.number[place] /= self.other[place]

    def measured(self, rule, count):
        """Grade the numbers of a rule by its thresholds."""
        place: cython.Py_ssize_t
        inclusive: cython.bint = self.rules.inclusive[rule] != 0
        counted: cython.bint = self.rules.counted[rule] != 0
        for place in range(count):
            self.grade[place] = rules.graded(
                self.number[place], self.bound[place], self.warn[place], inclusive, counted, self.missing[place]
            )

    def increments(self, rule, count):
        """Grade orders by whether they are whole lots, or their prices whole ticks."""
        place: cython.Py_ssize_t
        self.gather(self.bound, self.rules.table[rule], count)
        if self.rules.kind[rule] == rules.LOT:
            for place in range(count):
                self.number[place] = rules.off_lot(fabs(self.units[place]), self.bound[place])
            for place in range(count):
                self.grade[place] = rules.fired(
                    self.number[place] > 0.0, self.number[place], self.bound[place], self.missing[place]
                )
            return
        for place in range(count):
            self.other[place] = 0.0 if self.limit[place] != self.limit[place] else self.limit[place]
        for place in range(count):
            self.number[place] = rules.off_lot(fabs(self.other[place]), self.bound[place])
        for place in range(count):
            self.grade[place] = rules.fired(
                self.number[place] > 0.0, self.other[place], self.bound[place], self.missing[place]
            )

    def lists(self, rule, first, count):
        """Grade orders by whether their assets are listed, or they are flagged."""
        place: cython.Py_ssize_t
        table: cython.longlong = self.rules.table[rule]
        deny: cython.double = self.rules.deny[rule]
        if self.rules.kind[rule] == rules.FLAGGED:
            for place in range(count):
                self.number[place] = self.rules.flags[table, first + place]
        elif self.rules.scope[rule] == rules.STRATEGY:
            for place in range(count):
                self.number[place] = self.rules.tables[table + self.rules.strategy[first + place], self.column[place]]
        else:
            self.gather(self.number, table, count)
        for place in range(count):
            self.grade[place] = rules.fired(self.number[place] > 0.0, self.number[place], deny, self.missing[place])

    def unknown(self, rule, count):
        """Set what becomes of each order where a number is not known: an exit is not denied, but warned of."""
        place: cython.Py_ssize_t
        missing: cython.double = self.rules.missing[rule]
        of_exits: cython.double = rules.WARN if self.rules.missing[rule] == rules.DENY else missing
        for place in range(count):
            self.missing[place] = of_exits if self.raises[place] == 0.0 else missing

    def one_by_one(self, rule, first, count):
        """Grade orders by a rule that reads more of the book."""
        place: cython.Py_ssize_t
        for place in range(count):
            self.rules.stand(0, first + place, self.units[place])
            self.grade[place] = self.rules.softened(
                rule, first + place, self.rules.grade(rule, first + place, self.units[place]), True
            )

    def spare(self, rule, count):
        """Let orders pass that only reduce, where the rule exempts them."""
        place: cython.Py_ssize_t
        if self.rules.exempt[rule]:
            for place in range(count):
                self.grade[place] = 0.0 if self.raises[place] == 0.0 else self.grade[place]

    def add(self, rule, first, count):
        """Add the code of a rule to the masks of orders by their grades, where the rule holds at their time."""
        place: cython.Py_ssize_t
        time: cython.longlong
        begin: cython.longlong = self.rules.holds[0, rule]
        end: cython.longlong = self.rules.holds[1, rule]
        code: cython.longlong = self.rules.code[rule]
        deny: cython.double = rules.DENY
        warn: cython.double = rules.WARN
        if begin != self.rules.no_time or end != -(self.rules.no_time + 1):
            for place in range(count):
                time = self.rules.time[first + place]
                if time != self.rules.no_time and (time < begin or time > end):
                    self.grade[place] = 0.0
        for place in range(count):
            self.denied[place] |= code if self.grade[place] == deny else 0
        for place in range(count):
            self.warned[place] |= code if self.grade[place] == warn else 0

    def judge(self, first, count):
        """Find the masks of what denies and what warns of a block of orders, as if none were a cancellation."""
        rule: cython.Py_ssize_t
        kind: cython.longlong
        self.load(first, count)
        for rule in range(self.rules.kind.shape[0]):
            kind = self.rules.kind[rule]
            self.unknown(rule, count)
            if kind == rules.SIZE:
                self.thresholds(rule, count)
                self.sizes(rule, count)
                self.measured(rule, count)
                self.spare(rule, count)
            elif kind == rules.COLLAR:
                self.thresholds(rule, count)
                self.collars(rule, count)
                self.measured(rule, count)
                self.spare(rule, count)
            elif kind == rules.TICK or (kind == rules.LOT and not self.rules.option[rule]):
                self.increments(rule, count)
                self.spare(rule, count)
            elif kind == rules.LISTED or kind == rules.FLAGGED:
                self.lists(rule, first, count)
                self.spare(rule, count)
            else:
                self.one_by_one(rule, first, count)
            self.add(rule, first, count)
