"""Judge a block of orders that do not see one another, rule by rule: the rules of `_rules` in loops without branches.

Formulas and grades are those of `_trade_rules`, which `Rules.grade` calls for one order; rules that read more of the
book than positions are graded by it here, too. The declarations stand in the .pxd file.
"""

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

    def __init__(self, measures):  # type: ignore[no-untyped-def]
        self.rules, self.room = measures, BLOCK
        self.units, self.limit, self.raises, self.lowers = np.zeros((4, BLOCK))
        self.money, self.number, self.bound, self.warn = np.zeros((4, BLOCK))
        self.column, self.fires, self.denied, self.warned = np.zeros((4, BLOCK), dtype=np.longlong)
        self.priced = False
        for rule in range(self.rules.kind.shape[0]):
            if self.rules.kind[rule] == rules.SIZE and self.rules.unit[rule] == rules.MONEY:
                self.priced = True

    def load(self, first, count):  # type: ignore[no-untyped-def]
        """Read the orders, and split each in the world of its side."""
        place: cython.Py_ssize_t
        column: cython.Py_ssize_t
        units: cython.double
        start: cython.double
        base: cython.double
        for place in range(count):
            units = self.rules.units[first + place]
            column = self.rules.column[first + place]
            start = self.rules.worlds.held[units < 0.0, column]
            base = rules.unraised(start + units, start)
            self.units[place], self.column[place] = units, column
            self.limit[place] = self.rules.limit_price[first + place]
            self.lowers[place], self.raises[place] = fabs(base - start), fabs(start + units - base)
            self.denied[place] = self.warned[place] = 0
        if self.priced:
            for place in range(count):
                column = self.column[place]
                self.money[place] = rules.paid_for_a_unit(
                    self.limit[place] * self.rules.factor[column], self.rules.value_of[column],
                    self.units[place] < 0.0, True,
                )  # fmt: skip

    def thresholds(self, rule, count):  # type: ignore[no-untyped-def]
        """Set the thresholds of a rule for each order."""
        place: cython.Py_ssize_t
        deny: cython.longlong = self.rules.wide_deny[rule]
        warn: cython.longlong = self.rules.wide_warn[rule]
        for place in range(count):
            self.bound[place] = self.rules.deny[rule] if deny < 0 else self.rules.tables[deny, self.column[place]]
        for place in range(count):
            self.warn[place] = self.rules.warn[rule] if warn < 0 else self.rules.tables[warn, self.column[place]]

    def sizes(self, rule, count):  # type: ignore[no-untyped-def]
        """Measure how large each order is."""
        place: cython.Py_ssize_t
        table: cython.longlong = self.rules.table[rule]
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
            for place in range(count):
                self.number[place] /= self.rules.tables[table, self.column[place]]

    def collars(self, rule, count):  # type: ignore[no-untyped-def]
        """Measure how far each price is from its reference."""
        place: cython.Py_ssize_t
        price: cython.double
        table: cython.longlong = self.rules.table[rule]
        second: cython.longlong = self.rules.second[rule]
        two_sided: cython.bint = self.rules.option[rule] != 0
        for place in range(count):
            price = self.limit[place]
            price = price if price == price else self.rules.price[self.column[place]]
            self.number[place] = rules.beyond(
                price, self.rules.tables[table, self.column[place]], self.units[place] < 0.0, two_sided
            )
        if second >= 0:
            for place in range(count):
                self.number[place] /= self.rules.tables[second, self.column[place]]

    def increments(self, rule, count):  # type: ignore[no-untyped-def]
        """Find the orders that are no whole lots, or whose prices are no whole ticks."""
        place: cython.Py_ssize_t
        table: cython.longlong = self.rules.table[rule]
        limit: cython.double
        for place in range(count):
            self.bound[place] = self.rules.tables[table, self.column[place]]
        if self.rules.kind[rule] == rules.LOT:
            for place in range(count):
                self.number[place] = rules.off_lot(fabs(self.units[place]), self.bound[place])
                self.fires[place] = self.number[place] > 0.0
            return
        for place in range(count):
            limit = self.limit[place]
            self.number[place] = 0.0 if limit != limit else limit
            self.fires[place] = rules.off_lot(fabs(self.number[place]), self.bound[place]) > 0.0

    def lists(self, rule, first, count):  # type: ignore[no-untyped-def]
        """Find the orders of assets that are listed, or that are flagged."""
        place: cython.Py_ssize_t
        table: cython.longlong = self.rules.table[rule]
        by_strategy: cython.bint = self.rules.scope[rule] == rules.STRATEGY
        if self.rules.kind[rule] == rules.FLAGGED:
            for place in range(count):
                self.number[place] = self.rules.flags[table, first + place]
        elif by_strategy:
            for place in range(count):
                self.number[place] = self.rules.tables[table + self.rules.strategy[first + place], self.column[place]]
        else:
            for place in range(count):
                self.number[place] = self.rules.tables[table, self.column[place]]
        for place in range(count):
            self.fires[place] = self.number[place] > 0.0

    def grades(self, rule, count):  # type: ignore[no-untyped-def]
        """Add what becomes of each order by the number that was measured."""
        place: cython.Py_ssize_t
        grade: cython.longlong
        code: cython.longlong = self.rules.code[rule]
        missing: cython.longlong = self.rules.missing[rule]
        inclusive: cython.bint = self.rules.inclusive[rule] != 0
        counted: cython.bint = self.rules.counted[rule] != 0
        exempt: cython.bint = self.rules.exempt[rule] != 0
        for place in range(count):
            grade = rules.graded(
                self.number[place], self.bound[place], self.warn[place], inclusive, counted, missing
            )
            grade = rules.PASS if exempt and self.raises[place] == 0.0 else grade
            self.denied[place] |= code if grade == rules.DENY else 0
            self.warned[place] |= code if grade == rules.WARN else 0

    def fired(self, rule, count):  # type: ignore[no-untyped-def]
        """Add what becomes of each order by whether the rule fires."""
        place: cython.Py_ssize_t
        grade: cython.longlong
        code: cython.longlong = self.rules.code[rule]
        missing: cython.longlong = self.rules.missing[rule]
        exempt: cython.bint = self.rules.exempt[rule] != 0
        for place in range(count):
            grade = rules.DENY if self.fires[place] else rules.PASS
            grade = grade if self.number[place] == self.number[place] and self.bound[place] == self.bound[place] else missing
            grade = rules.PASS if exempt and self.raises[place] == 0.0 else grade
            self.denied[place] |= code if grade == rules.DENY else 0
            self.warned[place] |= code if grade == rules.WARN else 0

    def one_by_one(self, rule, first, count):  # type: ignore[no-untyped-def]
        """Add what becomes of each order by a rule that reads more of the book."""
        place: cython.Py_ssize_t
        grade: cython.longlong
        for place in range(count):
            self.rules.stand(0, first + place, self.units[place])
            grade = self.rules.grade(rule, first + place, self.units[place])
            self.denied[place] |= self.rules.code[rule] if grade == rules.DENY else 0
            self.warned[place] |= self.rules.code[rule] if grade == rules.WARN else 0

    def judge(self, first, count):  # type: ignore[no-untyped-def]
        """Find for a block of orders the masks of what denies and what warns, as if none of them were a cancellation."""
        rule: cython.Py_ssize_t
        kind: cython.longlong
        self.load(first, count)
        for rule in range(self.rules.kind.shape[0]):
            kind = self.rules.kind[rule]
            if kind == rules.SIZE or kind == rules.COLLAR:
                self.thresholds(rule, count)
                if kind == rules.SIZE:
                    self.sizes(rule, count)
                else:
                    self.collars(rule, count)
                self.grades(rule, count)
            elif kind == rules.TICK or (kind == rules.LOT and not self.rules.option[rule]):
                self.increments(rule, count)
                self.fired(rule, count)
            elif kind == rules.LISTED or kind == rules.FLAGGED:
                self.thresholds(rule, count)
                self.lists(rule, first, count)
                self.fired(rule, count)
            else:
                self.one_by_one(rule, first, count)
