"""What accounts of a ledger hold after each bar, and with and without the fills of a bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from riskresearch.accounts._corporate_actions import KINDS as ACTIONS
from riskresearch.core._records import FILL_KINDS
from riskresearch.kernels.inlined._ledger_rules import DUST

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector, IntVector
    from riskresearch.posttrade.ledger._books import Books

FORCED = FILL_KINDS[1:]
"""Kinds of fills of a simulation that no order of the holder made."""
SPLIT, DIVIDEND = (ACTIONS.index(kind) for kind in ("split", "cash_dividend"))


STRATEGIES_AGREE = 1e-9
"""Share of the largest position within which the strategies must sum to what is held."""


class Standing(NamedTuple):
    """What is held at one moment, over the columns of the prices."""

    units: FloatVector
    prices: FloatVector
    """In the currency of each asset, nan where none is known yet."""
    rates: FloatVector
    """Money of the base currency for one unit of the currency of each asset."""
    cash: float
    """In the base currency."""


@dataclass(frozen=True, slots=True, eq=False)
class Holdings:
    """The holdings of some accounts of a ledger, all of them as one."""

    books: Books
    accounts: IntVector
    """Their numbers."""
    units: FloatMatrix
    """After each bar, shape (bars, columns)."""
    prices: FloatMatrix
    """Last prices, nan before the first."""
    currency: IntVector
    """Number of the currency of each column."""
    cash: FloatMatrix
    """After each bar, shape (bars, currencies), in each currency."""
    multiplier: FloatVector
    fills: IntVector
    """Numbers of the fills that their own orders made, in the order of time."""
    strategies: tuple[str, ...]
    """Names of strategies, empty for fills that have none."""
    strategy_of: IntVector
    """Place of the strategy of each of them."""
    fill_bars: IntVector
    """Bar of each of them."""

    def after(self, row: int) -> Standing:
        """Return what is held after a bar, at its prices."""
        rate = self.books.rates[row]
        return Standing(self.units[row], self.prices[row], rate[self.currency], float((self.cash[row] * rate).sum()))

    def fills_of(self, row: int) -> IntVector:
        """Return the numbers of the fills of a bar."""
        first, last = np.searchsorted(self.fill_bars, [row, row + 1])
        return np.asarray(self.fills[first:last])

    def columns_of(self, fills: IntVector) -> IntVector:
        """Return the column of the asset of each fill."""
        history = self.books.history
        return np.asarray(history.positions.asset[history.fill_position[fills]])

    def before(self, row: int) -> Standing:
        """Return what is held before the fills of a bar: its corporate actions are done, money that came is there.

        Prices and rates are those of the bar before, changed by the splits and dividends of this one: what is known
        when an order is sent. An asset without a price so far has that of its bar.
        """
        fills, history = self.fills_of(row), self.books.history
        column, traded = self.columns_of(fills), history.fill_units[fills]
        net, size = (np.bincount(column, weights=each, minlength=len(self.currency)) for each in (traded, abs(traded)))
        units = self.units[row] - net
        units[np.abs(units) <= DUST * np.maximum(size, np.abs(self.units[row]))] = 0.0
        rate = self._rate_before(row)
        paid = traded * history.fill_price[fills] * self.multiplier[column] + history.fill_costs[fills]
        cash = self._cash_with(row) + float((paid * rate[self.currency[column]]).sum())
        return Standing(units, self._prices_before(row), rate[self.currency], cash)

    def around(self, row: int) -> tuple[Standing, Standing]:
        """Return what a bar without its fills and one with them would hold, at the same prices.

        Those are the price of its last fill for each asset that was traded, and what `before` has for the others.
        """
        without, fills = self.before(row), self.fills_of(row)
        prices = without.prices.copy()
        prices[self.columns_of(fills)] = self.books.history.fill_price[fills]
        return without._replace(prices=prices), Standing(self.units[row], prices, without.rates, self._cash_with(row))

    def traded_on(self, bars: IntVector, strategy: str) -> FloatMatrix:
        """Return the units that the fills of a strategy added on some bars, shape (bars, columns)."""
        found = np.zeros((len(bars), len(self.currency)))
        own = self.strategy_of == self.strategies.index(strategy)
        for number, bar in enumerate(bars.tolist()):
            first, last = np.searchsorted(self.fill_bars, [bar, bar + 1])
            fills = self.fills[first:last][own[first:last]]
            np.add.at(found[number], self.columns_of(fills), self.books.history.fill_units[fills])
        return found

    def _rate_before(self, row: int) -> FloatVector:
        return np.asarray(self.books.rates[max(row - 1, 0)])

    def _cash_with(self, row: int) -> float:
        """Return the cash after the fills of a bar, from which no money was taken yet."""
        flows = self.books.cash_flows
        left = (flows.bar == row) & (flows.amount < 0.0) & np.isin(flows.account, self.accounts)
        out = np.bincount(flows.currency[left], weights=flows.amount[left], minlength=self.cash.shape[1])
        return float(((self.cash[row] - out) * self._rate_before(row)).sum())

    def _prices_before(self, row: int) -> FloatVector:
        own = self.prices[row]
        if row == 0:
            return np.array(own)
        found, events = self.prices[row - 1].copy(), self.books.events
        for event in np.flatnonzero(events.row == row).tolist():
            column, value, kind = int(events.column[event]), float(events.value[event]), int(events.kind[event])
            if kind == SPLIT:
                found[column] *= value
            elif kind == DIVIDEND:
                found[column] -= value
            else:
                both = [each for each in (column, int(events.other[event])) if each >= 0]
                found[both] = own[both]
        return np.asarray(np.where(found > 0.0, found, own))


def holdings_of(books: Books, accounts: Sequence[int]) -> Holdings:
    """Return the holdings of the accounts of these numbers."""
    history, places, chosen = books.history, books.history.positions, np.asarray(accounts, dtype=np.intp)
    units = np.zeros((books.bars.rows, len(books.columns)))
    for position in np.flatnonzero(np.isin(places.account, chosen)).tolist():
        units[:, places.asset[position]] += history.held[:, position]
    multiplier, currency = np.ones(len(books.columns)), np.zeros(len(books.columns), dtype=np.intp)
    currency[:] = books.currencies.index(books.base_currency) if books.base_currency in books.currencies else 0
    multiplier[places.asset], currency[places.asset] = places.multiplier, places.currency
    by_account = history.cash.reshape(books.bars.rows, len(books.accounts), -1)
    own = np.isin(places.account[history.fill_position], chosen) & ~_forced(books)
    fills = np.flatnonzero(own)
    return Holdings(
        books, chosen, units, np.where(books.marks > 0.0, books.marks, np.nan), currency,
        by_account[:, chosen].sum(axis=1), multiplier, fills, *_strategies(books, fills),
        history.fill_bar[fills],
    )  # fmt: skip


def strategy_units(holdings: Holdings) -> dict[str, FloatMatrix]:
    """Return the units of each strategy after each bar; nan where corporate actions leave open whose they are."""
    bars = np.arange(len(holdings.units))
    found = {name: np.cumsum(holdings.traded_on(bars, name), axis=0) for name in holdings.strategies}
    splits = holdings.books.events.splits()
    for row, column, value in zip(splits.row, splits.column, splits.value, strict=True):
        for own in found.values():
            own[row:, column] += own[row - 1, column] * (1.0 / value - 1.0) if row else 0.0
    total = np.asarray(sum(found.values(), np.zeros_like(holdings.units)))
    size = np.maximum.accumulate(np.abs(holdings.units), axis=0)
    unclear = np.abs(total - holdings.units) > STRATEGIES_AGREE * size
    for own in found.values():
        own[np.abs(own) <= DUST * size] = 0.0
        own[unclear] = np.nan
    return found


def _strategies(books: Books, fills: IntVector) -> tuple[tuple[str, ...], IntVector]:
    """Return names of strategies, and the place of that of each of some fills."""
    given = books.table.frame.get("strategy")
    if given is None or not len(given):
        return ("",), np.zeros(len(fills), dtype=np.intp)
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    codes, names = pd.factorize(given.astype(object).where(given.notna(), "").map(str))
    found = np.zeros(len(books.history.fill_units), dtype=np.intp)
    found[given_fills(books)] = codes
    return tuple(map(str, names)), found[fills]


def given_fills(books: Books) -> npt.NDArray[np.bool_]:
    """Return whether each fill was given, and not made by a delisting."""
    found = np.ones(len(books.history.fill_units), dtype=bool)
    found[books.history.delisted] = False
    return found


def _forced(books: Books) -> npt.NDArray[np.bool_]:
    """Return whether each fill is of a delisting, a settlement or a bankruptcy."""
    given = given_fills(books)
    found = ~given
    kinds = books.table.frame.get("kind")
    found[given] = False if kinds is None else kinds.isin(FORCED).to_numpy()
    return found
