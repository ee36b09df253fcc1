"""Caps on target weights, row after row: no cap makes a size larger than the target, and each says where it bound.

A trade from the held weight to the target is split into the part that lowers the exposure, which reaches `base`, and
the part that raises it. Caps on trades cut the second part, and the first only if `limit_exits`, where base is held.
"""

import cython
import numpy as np
from cython.cimports.libc.math import fabs, floor

if cython.compiled:
    from cython.cimports.riskresearch.kernels.inlined import _trade_rules as rules
else:
    from riskresearch.kernels.inlined import _trade_rules as rules


@cython.cclass
class CapRows:
    """All caps over the rows of a panel.

    Parameters
    ----------
    targets : shape (rows, columns)
        Weights wanted, finite.
    prices, volumes : shape (rows or 0, columns)
        Price of a unit and average daily volume in units; NaN or not positive forbids to raise the exposure.
    capital : shape (rows,)
        Net asset value in money.
    groups : shape (columns,)
        Number of each asset's group, or -1.
    group_limits : shape (groups,)
        Largest sum of sizes of each group.
    limits : dict of float
        `weight`, `leverage`, `participation`, `turnover`, `minimum_trade`, `lot_size`; infinite, or 0 for the last two,
        where there is none.
    limit_exits : bool
        Whether caps on trades also hold for what lowers the exposure.
    held : shape (columns,)
        The state: the weights of the row before.
    weights : shape (rows, columns)
        Output array of the capped weights.
    reasons : shape (rows, columns)
        Output array of the bits of the caps that bound.
    """

    targets: cython.const[cython.double][:, :]
    prices: cython.const[cython.double][:, :]
    volumes: cython.const[cython.double][:, :]
    capital: cython.const[cython.double][:]
    groups: cython.const[cython.longlong][::1]
    group_limits: cython.const[cython.double][::1]
    weight: cython.double
    leverage: cython.double
    participation: cython.double
    turnover: cython.double
    minimum_trade: cython.double
    lot_size: cython.double
    limit_exits: cython.bint
    held: cython.double[::1]
    weights: cython.double[:, ::1]
    reasons: cython.longlong[:, ::1]
    sums: cython.double[::1]
    base: cython.double[::1]
    infinity: cython.double

    def __init__(  # type: ignore[no-untyped-def]
        self, targets, prices, volumes, capital, groups, group_limits, limits, limit_exits, held, weights, reasons
    ):
        self.targets, self.prices, self.volumes, self.capital = targets, prices, volumes, capital
        self.groups, self.group_limits, self.limit_exits = groups, group_limits, limit_exits
        self.weight, self.leverage = limits["weight"], limits["leverage"]
        self.participation, self.turnover = limits["participation"], limits["turnover"]
        self.minimum_trade, self.lot_size = limits["minimum_trade"], limits["lot_size"]
        self.held, self.weights, self.reasons = held, weights, reasons
        self.sums, self.base = np.zeros(max(1, group_limits.shape[0])), np.zeros(held.shape[0])
        self.infinity = np.inf

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _set(
        self, row: cython.Py_ssize_t, column: cython.Py_ssize_t, value: cython.double, reason: cython.longlong
    ) -> cython.void:
        """Write a weight that a cap has changed."""
        if value != self.weights[row, column]:
            self.weights[row, column] = value
            self.reasons[row, column] |= reason

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _cap_sizes(self, row: cython.Py_ssize_t) -> cython.void:
        """Cap weights, groups and leverage."""
        column: cython.Py_ssize_t
        group: cython.Py_ssize_t
        value: cython.double
        gross: cython.double = 0.0
        for group in range(self.sums.shape[0]):
            self.sums[group] = 0.0
        for column in range(self.held.shape[0]):
            value = self.targets[row, column]
            self.weights[row, column] = value
            self.reasons[row, column] = 0
            if fabs(value) > self.weight:
                self._set(row, column, self.weight if value > 0.0 else -self.weight, 1)
            if self.groups[column] >= 0:
                self.sums[self.groups[column]] += fabs(self.weights[row, column])
        for column in range(self.held.shape[0]):
            group = self.groups[column]
            if group >= 0 and self.sums[group] > self.group_limits[group]:
                value = self.group_limits[group] / self.sums[group]
                self._set(row, column, self.weights[row, column] * value, 2)
            gross += fabs(self.weights[row, column])
        if gross > self.leverage:
            for column in range(self.held.shape[0]):
                self._set(row, column, self.weights[row, column] * (self.leverage / gross), 4)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _split_trades(self, row: cython.Py_ssize_t) -> cython.void:
        """Write how far each trade lowers the exposure."""
        column: cython.Py_ssize_t
        held: cython.double
        for column in range(self.held.shape[0]):
            held = self.held[column]
            self.base[column] = held if self.limit_exits else rules.unraised(self.weights[row, column], held)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _known(self, value: cython.double) -> cython.bint:
        return value > 0.0 and value < self.infinity

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _cut(
        self, row: cython.Py_ssize_t, column: cython.Py_ssize_t, share: cython.double, reason: cython.longlong
    ) -> cython.void:
        """Do only this share of what raises the exposure."""
        wanted: cython.double = self.weights[row, column]
        base: cython.double = self.base[column]
        value: cython.double = base + share * (wanted - base) if share > 0.0 else base
        if fabs(value) > fabs(wanted) and fabs(value) > fabs(base):  # by rounding
            value = wanted
        self._set(row, column, value, reason)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _cap_trades(self, row: cython.Py_ssize_t) -> cython.void:
        """Cap participation in volume, turnover, and trades that are too small."""
        column: cython.Py_ssize_t
        lowers: cython.double
        raises: cython.double
        free: cython.double
        all_lower: cython.double = 0.0
        all_raise: cython.double = 0.0
        for column in range(self.held.shape[0]):
            lowers = fabs(self.base[column] - self.held[column])
            raises = fabs(self.weights[row, column] - self.base[column])
            if self.participation < self.infinity and raises > 0.0:
                free = 0.0
                if (
                    self._known(self.prices[row, column])
                    and self._known(self.volumes[row, column])
                    and self._known(self.capital[row])
                ):
                    free = self.participation * self.volumes[row, column] * self.prices[row, column] / self.capital[row]
                if lowers + raises > free:
                    self._cut(row, column, (free - lowers) / raises, 8)
            all_lower += lowers
            all_raise += fabs(self.weights[row, column] - self.base[column])
        if all_lower + all_raise > self.turnover and all_raise > 0.0:
            for column in range(self.held.shape[0]):
                self._cut(row, column, (self.turnover - all_lower) / all_raise, 16)
        for column in range(self.held.shape[0]):
            raises = fabs(self.weights[row, column] - self.base[column])
            if (
                raises > 0.0
                and fabs(self.weights[row, column] - self.held[column]) < self.minimum_trade
                and self.weights[row, column] != 0.0
            ):
                self._set(row, column, self.base[column], 32)

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def _round_to_lots(self, row: cython.Py_ssize_t) -> cython.void:
        """Round each position toward zero to whole lots; without a price only what lowers the exposure is done."""
        column: cython.Py_ssize_t
        value: cython.double
        lots: cython.double
        whole: cython.double
        for column in range(self.held.shape[0]):
            value = self.weights[row, column]
            if value == 0.0:
                continue
            if not self._known(self.prices[row, column]) or not self._known(self.capital[row]):
                self._set(row, column, self.base[column], 64)
                continue
            lots = fabs(value) * self.capital[row] / self.prices[row, column] / self.lot_size
            if lots >= 9007199254740992.0:  # beyond 2 ** 53 every number is whole
                continue
            whole = floor(lots)
            if lots - whole > 1e-9 and whole + 1.0 - lots > 1e-9:
                lots = whole * self.lot_size * self.prices[row, column] / self.capital[row]
                lots = lots if lots < fabs(value) else fabs(value)
                self._set(row, column, lots if value > 0.0 else -lots, 64)

    def run(self, first: cython.Py_ssize_t, last: cython.Py_ssize_t) -> None:
        """Process rows `first` to `last` - 1."""
        row: cython.Py_ssize_t
        column: cython.Py_ssize_t
        with cython.nogil:
            for row in range(first, last):
                self._cap_sizes(row)
                self._split_trades(row)
                self._cap_trades(row)
                if self.lot_size > 0.0:
                    self._round_to_lots(row)
                for column in range(self.held.shape[0]):
                    self.held[column] = self.weights[row, column]
