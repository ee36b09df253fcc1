"""The book in its worlds, and the orders that were sent: what a filled order changes of them.

A world is the book of the account or of one strategy as it would be if every working buy were filled and no working
sell, or the other way round; an order is judged in the world of its own side. Sums over positions are kept in two
numbers each, the second for what rounding takes off the first, so that a sum does not depend on the way to it. The
declarations stand in the .pxd file, so that other kernels find them.
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
class Worlds:
    """Positions, sums, money and orders sent; see `riskresearch.pretrade.checker._plan` for the arrays.

    Parameters
    ----------
    table : dict of arrays
        Coefficients and cells of the sums, shape (sums, assets), and the thresholds of large groups.
    market : dict
        Value of a unit of each asset, nan where it is not known, and how many strategies have positions of their own.
    state : dict of arrays
        Positions and sums of each world, money traded, orders sent; changed in place.
    """

    def __init__(self, table, market, state):
        self.longs, self.shorts, self.cells = table["longs"], table["shorts"], table["cells"]
        self.large, self.threshold = table["large"], table["threshold"]
        self.value_of, self.lanes, self.strategies = market["value_of"], market["lanes"], market["strategies"]
        self.held, self.sums, self.unknown = state["held"], state["sums"], state["unknown"]
        self.count, self.large_sums, self.traded = state["count"], state["large_sums"], state["traded"]
        self.cash, self.last, self.head = state["cash"], state["last"], state["head"]
        self.tail, self.length, self.link = state["tail"], state["length"], state["link"]
        self.when, self.no_time = state["when"], np.iinfo(np.int64).min

    def place(self, world: cython.Py_ssize_t, column: cython.Py_ssize_t, units: cython.double) -> None:
        """Add units to a position of a world, before the first order."""
        self.put(world, column, units)

    def place_all(self, lane: cython.Py_ssize_t, units: cython.const[cython.double][:]) -> None:
        """Add positions in all assets to both worlds of the account or of a strategy, before the first order."""
        column: cython.Py_ssize_t
        for column in range(units.shape[0]):
            if units[column] != 0.0:
                self.put(2 * lane, column, units[column])
                self.put(2 * lane + 1, column, units[column])

    def hold(self, units: cython.const[cython.double][:]) -> None:
        """Put what the account holds into both of its worlds, in place of everything."""
        self.held[:, :] = 0.0
        self.sums[:, :, :] = 0.0
        self.unknown[:, :] = 0
        self.count[:] = 0
        self.large_sums[:, :, :] = 0.0
        self.place_all(0, units)

    def remember(
        self, ring: cython.Py_ssize_t, key: cython.Py_ssize_t, place: cython.Py_ssize_t, time: cython.longlong,
        window: cython.longlong,
    ) -> None:  # fmt: skip
        """Count an order that was sent before the first."""
        self.send(ring, key, place, time, window)

    def set_last(self, last):
        """Set when the last order of each kind of twins was sent."""
        self.last = last

    def term(self, total, column, units):
        """Return what a position adds to a sum."""
        value: cython.double = units * self.value_of[column]
        if units == 0.0:
            return 0.0
        return value * (self.longs[total, column] if units > 0.0 else self.shorts[total, column])

    def total(self, world, cell):
        """Return a sum."""
        return self.sums[world, cell, 0]

    def move(self, world, total, column, before, after):
        """Change a sum by the change of one position; a term that is not known is counted."""
        slot: cython.Py_ssize_t
        part: cython.Py_ssize_t
        cell: cython.longlong = self.cells[total, column]
        term: cython.double
        was: cython.double
        now: cython.double
        pair: tuple[cython.double, cython.double]
        if cell < 0:
            return
        was = self.total(world, cell)
        for part in range(2):
            term = -self.term(total, column, before) if part == 0 else self.term(total, column, after)
            if isfinite(term):
                pair = rules.plus(self.sums[world, cell, 0], self.sums[world, cell, 1], term)
                self.sums[world, cell, 0], self.sums[world, cell, 1] = pair[0], pair[1]
            else:
                self.unknown[world, cell] += 1 if part else -1
        now = self.total(world, cell)
        for slot in range(self.large.shape[0]):
            if self.large[slot] == total:
                pair = (self.large_sums[world, slot, 0], self.large_sums[world, slot, 1])
                if rules.exceeds(was, self.threshold[slot], False, False):
                    pair = rules.plus(pair[0], pair[1], -was)
                if rules.exceeds(now, self.threshold[slot], False, False):
                    pair = rules.plus(pair[0], pair[1], now)
                self.large_sums[world, slot, 0], self.large_sums[world, slot, 1] = pair[0], pair[1]

    def put(self, world, column, units):
        """Add units to a position of a world."""
        total: cython.Py_ssize_t
        before: cython.double = self.held[world, column]
        after: cython.double = before + units
        self.held[world, column] = after
        self.count[world] += (1 if after != 0.0 else 0) - (1 if before != 0.0 else 0)
        for total in range(self.cells.shape[0]):
            self.move(world, total, column, before, after)

    def key(self, scope, column, strategy):
        """Return the number of what a rule counts together: the account, a strategy or an asset."""
        if scope == rules.STRATEGY:
            return 1 + strategy
        return 0 if scope == rules.ACCOUNT else 1 + self.strategies + column

    def fill(self, column, strategy, units, paid, worst):
        """Let an order be filled: positions, cash at the price paid, and money traded at the worst one."""
        side: cython.Py_ssize_t
        key: cython.Py_ssize_t
        money: cython.double = -paid * units
        pair: tuple[cython.double, cython.double]
        for side in range(2):
            self.put(side, column, units)
            if self.lanes > 1:
                self.put(2 + 2 * strategy + side, column, units)
            pair = rules.plus(self.cash[side, 0], self.cash[side, 1], money)
            self.cash[side, 0], self.cash[side, 1] = pair[0], pair[1]
        money = worst * fabs(units)
        for side in range(3):
            key = self.key(side, column, strategy)
            pair = rules.plus(self.traded[key, 0], self.traded[key, 1], money)
            self.traded[key, 0], self.traded[key, 1] = pair[0], pair[1]

    def sent(self, ring, key, time, window):
        """Return how many orders were sent within the window before a time, or, without a window, at all."""
        place: cython.longlong = self.head[ring, key]
        count: cython.longlong = self.length[ring, key]
        if window == 0 or count == 0:
            return count
        if self.when[ring, self.tail[ring, key]] > time:  # a time that goes back is the last one seen
            time = self.when[ring, self.tail[ring, key]]
        while count > 0 and time - self.when[ring, place] >= window:
            place = self.link[ring, place]
            count -= 1
        return count

    def send(self, ring, key, place, time, window):
        """Add an order to those that were sent, and leave out what no later one will count."""
        if window == 0:
            self.length[ring, key] += 1
            return
        if time == self.no_time:
            return
        if self.length[ring, key] > 0:
            if self.when[ring, self.tail[ring, key]] > time:
                time = self.when[ring, self.tail[ring, key]]
            self.link[ring, self.tail[ring, key]] = place
        else:
            self.head[ring, key] = place
        self.when[ring, place] = time
        self.tail[ring, key] = place
        self.length[ring, key] += 1
        while time - self.when[ring, self.head[ring, key]] >= window:
            self.head[ring, key] = self.link[ring, self.head[ring, key]]
            self.length[ring, key] -= 1
