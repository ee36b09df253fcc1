"""The trades of an account in a simulation: from the bar on which a position opens to that on which it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.accounts._fills import order_costs
from riskresearch.core._records import SIDES, ClosedTrade

if TYPE_CHECKING:
    from riskresearch.accounts._book import Market, Settings
    from riskresearch.core._types import FloatVector

SPLIT = 0


class OpenTrades:
    """The trades of one account that are open, one a column.

    A position that crosses zero is one trade that closes and another that opens, at one price; they share the costs of
    the order by units. Dividends belong to the trade, interest does not. A ledger of the same fills has these trades as
    `round_trips(rule="flat_to_flat")`.
    """

    def __init__(self, names: tuple[str, ...], columns: slice, market: Market, settings: Settings) -> None:
        self.names, self.columns, self.market, self.settings = names, columns, market, settings
        self.events = market.events
        self.filled_at = "price" if market.fill_prices is market.prices else "fill"
        self.held, self.earned = np.zeros(len(names)), np.zeros(len(names))
        self.equity = np.ones(len(names))
        """That of the account before the bar on which the trade of the column opened."""

    def close(self, row: int, state: dict[str, Any], equity: float) -> tuple[ClosedTrade, ...]:
        """Return the trades that closed on a bar; `equity` is that of the account before it."""
        self._apply_events(row)
        held = state["held"][self.columns].copy()
        before, self.held = self.held, held
        moved = held != before
        if not moved.any():
            return ()
        price, cost = self._prices(state), self._cost_a_unit(row, state, held - before)
        ends = moved & (before != 0.0) & (before * held <= 0.0)
        first = np.where(ends, -before, held - before)
        with np.errstate(invalid="ignore"):  # a column without a price has no order
            earned = np.where(moved, self.earned - first * price - np.abs(first) * cost, self.earned)
            reopened = np.where(ends, -held * price - np.abs(held) * cost, earned)
        closed = [
            ClosedTrade(
                float(earned[column] / self.equity[column]), self.names[column], SIDES[0 if before[column] > 0.0 else 1]
            )
            for column in np.flatnonzero(ends).tolist()
        ]  # fmt: skip
        self.earned = reopened
        self.equity[ends | (moved & (before == 0.0))] = equity
        return tuple(closed)

    def _apply_events(self, row: int) -> None:
        for event in range(*np.searchsorted(self.events.row, [row, row + 1])):
            column = int(self.events.column[event]) - self.columns.start
            if not 0 <= column < len(self.names):
                continue
            if self.events.kind[event] == SPLIT:
                self.held[column] /= self.events.value[event]
            else:
                self.earned[column] += self.held[column] * self.events.value[event]

    def _prices(self, state: dict[str, Any]) -> FloatVector:
        """Return the price of each column's order, or of its settlement or closure in bankruptcy."""
        fill, price, marks, closing, end = (
            state[name][self.columns] for name in (self.filled_at, "price", "marks", "closing", "closing_price")
        )
        traded = np.where(np.isnan(fill) | np.isnan(price), marks, fill)
        return np.asarray(np.where(closing != 0.0, end, traded), dtype=np.float64)

    def _cost_a_unit(self, row: int, state: dict[str, Any], change: FloatVector) -> FloatVector:
        """Return what each column's order cost a unit that changed hands; settlements and bankruptcies cost nothing."""
        closing = state["closing"][self.columns]
        size = np.abs(np.where(closing != 0.0, closing + change, change))  # a bankruptcy closed what orders had left
        price = state[self.filled_at][self.columns]
        at = np.flatnonzero((size > 0.0) & ~np.isnan(price) & ~np.isnan(state["price"][self.columns]))
        rows, ordered = np.full(len(at), row), np.ones(len(at), dtype=bool)
        parts = order_costs(rows, at + self.columns.start, size[at], price[at], ordered, self.market, self.settings)
        costs = np.zeros(len(size))
        costs[at] = sum(parts) / np.abs(change[at])
        return costs
