"""Fills, corporate actions and cash flows into lots, closings and cash: one event in one step.

A position is one asset in one account; its open lots are a queue, a stack, a skew heap or one pool, by the rule.
"""

import cython
from cython.cimports.libc.math import fabs

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _ledger_rules as rules
    from cython.cimports.riskresearch.kernels.inlined._skew_heap import merged
else:
    from riskresearch.kernels.inlined import _ledger_rules as rules
    from riskresearch.kernels.inlined._skew_heap import merged


@cython.final
@cython.cclass
class LotBook:
    """The lots of all positions and the cash of all pools, changed by one event after the other.

    Parameters
    ----------
    rule : int
        How lots are matched: 0 first in first out, 1 last in first out, 2 worst price first, 3 average cost, 4 the lot
        that the fill names.
    state : dict of arrays
        Changed in place: see `riskresearch.posttrade.ledger._book`. `bind` gives longer ones.
    """

    rule: cython.int
    cython.declare(held=cython.double[::1], largest=cython.double[::1], basis=cython.double[::1])
    cython.declare(cash=cython.double[::1], multiplier=cython.double[::1])
    cython.declare(pool=cython.Py_ssize_t[::1], episode=cython.Py_ssize_t[::1], open_lots=cython.Py_ssize_t[::1])
    cython.declare(newest=cython.Py_ssize_t[::1], head=cython.Py_ssize_t[::1], tail=cython.Py_ssize_t[::1])
    cython.declare(lot_units=cython.double[::1], lot_price=cython.double[::1], lot_costs=cython.double[::1])
    cython.declare(lot_rate=cython.double[::1], open_rate=cython.double[::1], worth=cython.double[::1])
    cython.declare(lot_fill=cython.Py_ssize_t[::1], lot_position=cython.Py_ssize_t[::1])
    cython.declare(link=cython.Py_ssize_t[::1], right=cython.Py_ssize_t[::1], older=cython.Py_ssize_t[::1])
    cython.declare(lot_of_fill=cython.Py_ssize_t[::1], episode_fill=cython.Py_ssize_t[::1])
    cython.declare(open_fill=cython.Py_ssize_t[::1], close_fill=cython.Py_ssize_t[::1])
    cython.declare(close_episode=cython.Py_ssize_t[::1], close_units=cython.double[::1])
    cython.declare(open_price=cython.double[::1], close_price=cython.double[::1])
    cython.declare(open_costs=cython.double[::1], close_costs=cython.double[::1])
    counts: cython.Py_ssize_t[::1]

    def __init__(self, rule, state):  # type: ignore[no-untyped-def]
        self.rule = rule
        self.bind(state)  # type: ignore[no-untyped-call]

    def bind(self, state):  # type: ignore[no-untyped-def]
        """Continue with other arrays that hold what these held."""
        self.held, self.largest, self.basis, self.cash = state["held"], state["largest"], state["basis"], state["cash"]
        self.worth, self.lot_rate, self.open_rate = state["worth"], state["lot_rate"], state["open_rate"]
        self.multiplier, self.pool, self.episode = state["multiplier"], state["pool"], state["episode"]
        self.open_lots, self.newest = state["open_lots"], state["newest"]
        self.head, self.tail, self.counts = state["head"], state["tail"], state["counts"]
        self.lot_units, self.lot_price, self.lot_costs = state["lot_units"], state["lot_price"], state["lot_costs"]
        self.lot_fill, self.lot_position = state["lot_fill"], state["lot_position"]
        self.link, self.right, self.older = state["link"], state["right"], state["older"]
        self.lot_of_fill, self.episode_fill = state["lot_of_fill"], state["episode_fill"]
        self.open_fill, self.close_fill = state["open_fill"], state["close_fill"]
        self.close_episode, self.close_units = state["close_episode"], state["close_units"]
        self.open_price, self.close_price = state["open_price"], state["close_price"]
        self.open_costs, self.close_costs = state["open_costs"], state["close_costs"]

    @cython.ccall
    @cython.exceptval(check=False)
    def has_room(self) -> cython.bint:
        """Return whether any one event fits into the arrays of lots and closings."""
        return (
            self.counts[0] + self.counts[3] + 1 <= self.lot_units.shape[0]
            and self.counts[1] + self.counts[3] + 1 <= self.close_units.shape[0]
            and self.counts[2] + 2 <= self.episode_fill.shape[0]
        )

    @cython.ccall
    @cython.exceptval(check=False)
    @cython.locals(
        before=cython.double, size=cython.double, left=cython.double, dust=cython.double, cost=cython.double,
        sign=cython.double, have=cython.double, closed=cython.double, spent=cython.double, lot=cython.Py_ssize_t,
        fault=cython.int, closes=cython.bint,
    )  # fmt: skip
    def fill(
        self, number: cython.Py_ssize_t, position: cython.Py_ssize_t, units: cython.double, price: cython.double,
        costs: cython.double, rate: cython.double, wanted: cython.Py_ssize_t,
    ) -> cython.int:  # fmt: skip
        """Trade signed `units`: close lots of the other side, then open one; return 0, or a fault and change nothing.

        `number` is that of the fill, `wanted` that of the one whose lot is to be closed, or -1; `rate` its currency's.
        """
        before, size = self.held[position], fabs(units)
        if size == 0.0:
            self.cash[self.pool[position]] -= costs
            return 0
        left, dust, cost = size, rules.dust_of(self.largest[position]), costs / size
        closes = (before > 0.0 and units < 0.0) or (before < 0.0 and units > 0.0)
        if self.rule == rules.SPECIFIC and closes:
            fault = self._check_wanted(position, size, dust, wanted)
            if fault != 0:
                return fault
        self.cash[self.pool[position]] -= units * price * self.multiplier[position] + costs
        if closes:
            sign = 1.0 if before > 0.0 else -1.0
            while left > 0.0 and self.open_lots[position] > 0:
                lot = self._named(position, wanted) if self.rule == rules.SPECIFIC else self.head[position]
                have = fabs(self.lot_units[lot])
                if have <= left + dust:
                    closed, spent = have, self.lot_costs[lot]
                    left -= have
                    if left <= dust:
                        left = 0.0
                else:
                    closed, spent = left, self.lot_costs[lot] * (left / have)
                    left = 0.0
                self._close(lot, number, position, sign, closed, price, spent, cost)
        if left > 0.0:
            self._open(number, position, left if units > 0.0 else -left, price, cost * left, rate)
        return 0

    @cython.cfunc
    @cython.exceptval(check=False)
    @cython.locals(lot=cython.Py_ssize_t, have=cython.double)
    def _check_wanted(
        self, position: cython.Py_ssize_t, size: cython.double, dust: cython.double, wanted: cython.Py_ssize_t
    ) -> cython.int:
        """Return a fault unless the fill names an open lot of its position that holds enough, or the only one."""
        lot = self._named(position, wanted)
        if lot < 0:
            return rules.NO_SUCH_LOT
        have = fabs(self.lot_units[lot])
        return rules.LOT_TOO_SMALL if have + dust < size and self.open_lots[position] > 1 else 0

    @cython.cfunc
    @cython.exceptval(check=False)
    def _named(self, position: cython.Py_ssize_t, wanted: cython.Py_ssize_t) -> cython.Py_ssize_t:
        """Return the open lot of a position that a fill opened, -1 if there is none; a spin-off makes more of one."""
        lot: cython.Py_ssize_t = self.lot_of_fill[wanted] if wanted >= 0 else -1
        while lot >= 0 and (self.lot_position[lot] != position or self.lot_units[lot] == 0.0):
            lot = self.link[lot]
        return lot

    @cython.cfunc
    @cython.exceptval(check=False)
    def _close(
        self, lot: cython.Py_ssize_t, number: cython.Py_ssize_t, position: cython.Py_ssize_t, sign: cython.double,
        closed: cython.double, price: cython.double, spent: cython.double, cost: cython.double,
    ) -> cython.void:  # fmt: skip
        """Write a closing of `closed` units of a lot, whose opening had cost `spent`, and take them out of it."""
        place: cython.Py_ssize_t = self.counts[1]
        self.counts[1] = place + 1
        self.open_fill[place], self.close_fill[place] = self.lot_fill[lot], number
        self.close_episode[place], self.close_units[place] = self.episode[position], sign * closed
        self.open_price[place], self.close_price[place] = self.lot_price[lot], price
        self.open_rate[place] = self.lot_rate[lot]
        self.open_costs[place], self.close_costs[place] = spent, cost * closed
        self.basis[position] -= sign * closed * self.lot_price[lot]
        self.worth[position] -= sign * closed * self.lot_price[lot] * self.lot_rate[lot]
        self.lot_costs[lot] -= spent
        if closed == fabs(self.lot_units[lot]):
            self._remove(lot, position)
        else:
            self.lot_units[lot] -= sign * closed
        self.held[position] -= sign * closed
        if self.open_lots[position] == 0:
            self._empty(position)

    @cython.cfunc
    @cython.exceptval(check=False)
    def _empty(self, position: cython.Py_ssize_t) -> cython.void:
        self.held[position], self.largest[position] = 0.0, 0.0
        self.basis[position], self.worth[position] = 0.0, 0.0
        self.head[position], self.tail[position], self.newest[position] = -1, -1, -1

    @cython.cfunc
    @cython.exceptval(check=False)
    def _remove(self, lot: cython.Py_ssize_t, position: cython.Py_ssize_t) -> cython.void:
        """Take a lot that is closed out of its queue, stack or heap."""
        self.lot_units[lot], self.lot_costs[lot] = 0.0, 0.0
        self.open_lots[position] -= 1
        self.counts[3] -= 1
        if self.rule == rules.HIFO:
            self.head[position] = merged(
                self.lot_price, self.lot_units, self.link, self.right, self.link[lot], self.right[lot]
            )
        elif self.rule != rules.SPECIFIC:
            self.head[position] = self.link[lot]

    @cython.cfunc
    @cython.exceptval(check=False)
    def _open(
        self, number: cython.Py_ssize_t, position: cython.Py_ssize_t, units: cython.double, price: cython.double,
        costs: cython.double, rate: cython.double,
    ) -> cython.void:  # fmt: skip
        """Open a lot of signed units, and an episode with the first."""
        if self.open_lots[position] == 0:
            self.episode[position], self.counts[2] = self.counts[2], self.counts[2] + 1
            self.episode_fill[self.episode[position]] = number
        self._add(number, position, units, price, costs, rate)

    @cython.cfunc
    @cython.exceptval(check=False)
    @cython.locals(lot=cython.Py_ssize_t, held=cython.double, cost=cython.double)
    def _add(
        self, number: cython.Py_ssize_t, position: cython.Py_ssize_t, units: cython.double, price: cython.double,
        costs: cython.double, rate: cython.double,
    ) -> cython.void:  # fmt: skip
        """Add a lot to a position, or to its one pool, whose price is the mean and whose rate that of its cost."""
        lot = self.head[position]
        if self.rule == rules.AVERAGE and lot >= 0:
            held = self.lot_units[lot]
            cost = held * self.lot_price[lot] + units * price
            if cost != 0.0:
                self.lot_rate[lot] = (held * self.lot_price[lot] * self.lot_rate[lot] + units * price * rate) / cost
            self.lot_price[lot] = cost / (held + units)
            self.lot_units[lot] += units
            self.lot_costs[lot] += costs
        else:
            self.put(number, position, units, price, costs, rate)
        self.held[position] += units
        self.basis[position] += units * price
        self.worth[position] += units * price * rate
        if fabs(self.held[position]) > self.largest[position]:
            self.largest[position] = fabs(self.held[position])

    @cython.ccall
    @cython.exceptval(check=False)
    def put(
        self, number: cython.Py_ssize_t, position: cython.Py_ssize_t, units: cython.double, price: cython.double,
        costs: cython.double, rate: cython.double,
    ) -> cython.void:  # fmt: skip
        """Write a new lot and put it into the queue, stack or heap of its position."""
        lot: cython.Py_ssize_t = self.counts[0]
        self.counts[0] = lot + 1
        self.lot_rate[lot] = rate
        self.lot_units[lot], self.lot_price[lot], self.lot_costs[lot] = units, price, costs
        self.lot_fill[lot] = -1 if self.rule == rules.AVERAGE else number
        self.lot_position[lot], self.link[lot], self.right[lot] = position, -1, -1
        self.older[lot] = self.newest[position]
        self.newest[position] = lot
        self.open_lots[position] += 1
        self.counts[3] += 1
        if self.rule == rules.SPECIFIC:
            self.link[lot] = self.lot_of_fill[number]
            self.lot_of_fill[number] = lot
        elif self.rule == rules.HIFO:
            self.head[position] = merged(
                self.lot_price, self.lot_units, self.link, self.right, self.head[position], lot
            )
        elif self.rule == rules.LIFO:
            self.link[lot] = self.head[position]
            self.head[position] = lot
        elif self.head[position] < 0:
            self.head[position], self.tail[position] = lot, lot
        else:
            self.link[self.tail[position]] = lot
            self.tail[position] = lot

    @cython.ccall
    @cython.exceptval(check=False)
    def split(self, position: cython.Py_ssize_t, value: cython.double) -> cython.void:
        """Make each unit 1 / value units, at value times the price."""
        lot: cython.Py_ssize_t = self.newest[position]
        while lot >= 0:
            self.lot_units[lot] /= value
            self.lot_price[lot] *= value
            lot = self.older[lot]
        self.held[position] /= value
        self.largest[position] /= value

    @cython.ccall
    @cython.exceptval(check=False)
    @cython.locals(paid=cython.double)
    def pay(self, position: cython.Py_ssize_t, value: cython.double) -> cython.double:
        """Pay a dividend on the units held, a short position pays it; return the money."""
        paid = self.held[position] * value
        self.cash[self.pool[position]] += paid
        return paid

    @cython.ccall
    @cython.exceptval(check=False)
    @cython.locals(
        lot=cython.Py_ssize_t, free=cython.Py_ssize_t, place=cython.Py_ssize_t,
        units=cython.double, price=cython.double, costs=cython.double, scale=cython.double,
    )  # fmt: skip
    def spin_off(
        self, position: cython.Py_ssize_t, to: cython.Py_ssize_t, ratio: cython.double, share: cython.double
    ) -> cython.int:
        """Add `ratio` units of another position for each unit held, with this share of each lot's cost.

        A share of 1 moves all, as a change of symbol does. The new lots keep the fills that opened the old ones.
        Return 0, or a fault and change nothing if the other position is of the opposite side.
        """
        if self.open_lots[position] == 0:
            return 0
        if self.held[to] * self.held[position] < 0.0:
            return rules.OPPOSITE_POSITION
        scale = share / ratio * self.multiplier[position] / self.multiplier[to]
        free = self.counts[0]
        place = free + self.open_lots[position]
        lot = self.newest[position]
        while lot >= 0:  # from new to old; what is to be moved waits, from old to new, where the new lots will be
            if self.lot_units[lot] != 0.0:
                place -= 1
                self.right[place] = lot
            lot = self.older[lot]
        if self.open_lots[to] == 0:
            self.episode[to] = self.episode[position]
            if share != 1.0:
                self.episode[to], self.counts[2] = self.counts[2], self.counts[2] + 1
                self.episode_fill[self.episode[to]] = self.episode_fill[self.episode[position]]
        for place in range(free, free + self.open_lots[position]):
            lot = self.right[place]
            units, price, costs = self.lot_units[lot] * ratio, self.lot_price[lot] * scale, self.lot_costs[lot] * share
            self.lot_price[lot] *= 1.0 - share
            self.lot_costs[lot] -= costs
            self._add(self.lot_fill[lot], to, units, price, costs, self.lot_rate[lot])
        self.basis[position] *= 1.0 - share
        self.worth[position] *= 1.0 - share
        if share == 1.0:
            self._leave(position)
        return 0

    @cython.cfunc
    @cython.exceptval(check=False)
    def _leave(self, position: cython.Py_ssize_t) -> cython.void:
        """Drop the lots of a position that were moved."""
        lot: cython.Py_ssize_t = self.newest[position]
        while lot >= 0:
            self.lot_units[lot], self.lot_costs[lot] = 0.0, 0.0
            lot = self.older[lot]
        self.counts[3], self.open_lots[position] = self.counts[3] - self.open_lots[position], 0
        self._empty(position)

    @cython.locals(number=cython.Py_ssize_t, other=cython.Py_ssize_t, wanted=cython.Py_ssize_t)
    def run(self, fills, others, marks):  # type: ignore[no-untyped-def]
        """Process fills and the events between them from where the last run stopped; return 0, or a fault.

        Parameters
        ----------
        fills : dict of arrays
            `position`, `units`, `price`, `costs`, `rate`; `lot`, the fill whose lot is closed, or empty.
        others : dict of arrays
            `before`, the fills before the event; `code`, `first`, `second`, `value`, `share`; `paid`, answers.
        marks : dict of arrays
            `held`, `basis`, `worth` (bars, positions) and `cash` (bars, pools), answers.

        It stops early, with `counts` 4 and 5 the next fill and event, where the arrays of lots have no room.
        """
        position: cython.const[cython.Py_ssize_t][::1] = fills["position"]
        units: cython.double[::1] = fills["units"]
        price: cython.const[cython.double][::1] = fills["price"]
        costs: cython.const[cython.double][::1] = fills["costs"]
        rate: cython.const[cython.double][::1] = fills["rate"]
        lots: cython.const[cython.Py_ssize_t][::1] = fills["lot"]
        before: cython.const[cython.Py_ssize_t][::1] = others["before"]
        code: cython.const[cython.Py_ssize_t][::1] = others["code"]
        first: cython.const[cython.Py_ssize_t][::1] = others["first"]
        second: cython.const[cython.Py_ssize_t][::1] = others["second"]
        value: cython.const[cython.double][::1] = others["value"]
        share: cython.const[cython.double][::1] = others["share"]
        paid: cython.double[::1] = others["paid"]
        fault: cython.int = 0
        number, other = self.counts[4], self.counts[5]
        while fault == 0 and self.has_room() and (number < position.shape[0] or other < before.shape[0]):
            if other < before.shape[0] and before[other] <= number:
                if code[other] == rules.MARK:
                    self._mark(first[other], marks["held"], marks["basis"], marks["worth"], marks["cash"])
                elif code[other] == rules.FLOW:
                    self.cash[first[other]] += value[other]
                elif code[other] == rules.SPLIT:
                    self.split(first[other], value[other])
                elif code[other] == rules.DIVIDEND:
                    paid[other] = self.pay(first[other], value[other])
                elif code[other] == rules.DELISTING:
                    units[number] = -self.held[first[other]]
                else:
                    fault = self.spin_off(first[other], second[other], value[other], share[other])
                if fault == 0:
                    other += 1
            else:
                wanted = lots[number] if lots.shape[0] > 0 else -1
                fault = self.fill(
                    number, position[number], units[number], price[number], costs[number], rate[number], wanted
                )
                if fault == 0:
                    number += 1
        self.counts[4], self.counts[5] = number, other
        return fault

    @cython.cfunc
    @cython.exceptval(check=False)
    def _mark(
        self, bar: cython.Py_ssize_t, held: cython.double[:, ::1], basis: cython.double[:, ::1],
        worth: cython.double[:, ::1], cash: cython.double[:, ::1],
    ) -> cython.void:  # fmt: skip
        held[bar, :] = self.held
        basis[bar, :] = self.basis
        worth[bar, :] = self.worth
        cash[bar, :] = self.cash
