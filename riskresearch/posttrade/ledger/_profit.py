"""Profit of a ledger on each bar, by its causes, and the identities that tie it to cash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core._errors import AccountingError
from riskresearch.posttrade.ledger._history import used
from riskresearch.posttrade.ledger._inputs import EARNED, EXTERNAL, KINDS

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector, IntVector
    from riskresearch.posttrade.ledger._fills import FillTable
    from riskresearch.posttrade.ledger._history import History
    from riskresearch.posttrade.ledger._inputs import CashFlows
    from riskresearch.posttrade.ledger._timeline import Bars

TOLERANCE = 1e-9
"""Of the largest sum of money that an account held or owed."""
CAUSES = ("price", "currency", "dividend", "interest", "borrow", "fee", "tax", "written_off")


@dataclass(frozen=True, slots=True, eq=False)
class Profit:
    """Money in the base currency on each bar; pools are accounts times currencies."""

    value: FloatMatrix
    """Of each position, shape (bars, positions)."""
    cash: FloatMatrix
    """Of each pool."""
    equity: FloatMatrix
    """Of each pool."""
    flows: FloatMatrix
    """Deposits, withdrawals and transfers of each bar and pool."""
    causes: dict[str, FloatMatrix]
    """Profit of each bar and pool by cause; costs are causes below zero."""
    realised: FloatMatrix
    """Of lots closed so far, before costs, shape (bars, positions)."""
    unrealised: FloatMatrix
    """Of lots open, before costs, shape (bars, positions)."""
    unpriced: int
    """How many times a position had no price on a bar, and the last one was used."""
    at_cost: int
    """How many times it had none so far, and was valued at its cost."""

    @property
    def earned(self) -> FloatMatrix:
        """The profit of each bar and pool."""
        return np.asarray(np.sum(list(self.causes.values()), axis=0))


def count_profit(
    history: History, table: FillTable, flows: CashFlows, rates: FloatMatrix, prices: FloatMatrix, marks: FloatMatrix
) -> Profit:
    """Return the profit of a history; `marks` are the last prices, 0 before the first."""
    with np.errstate(over="ignore", invalid="ignore"):  # sums that overflow break the identity, which says so
        return _profit_of(history, table, flows, rates, prices, marks)


def _profit_of(
    history: History, table: FillTable, flows: CashFlows, rates: FloatMatrix, prices: FloatMatrix, marks: FloatMatrix
) -> Profit:
    places = history.positions
    rows, pools, multiplier = len(rates), history.pools, places.multiplier
    last, held = marks[:, places.asset], history.held
    value = held * last * multiplier
    none_yet = (held != 0.0) & (last == 0.0)
    value[none_yet] = (history.basis * multiplier)[none_yet]
    stale = (held != 0.0) & np.isnan(prices[:, places.asset])
    own_rate = rates[:, places.currency]
    pool_rate = rates[:, np.arange(pools) % rates.shape[1]]
    local = history.cash + by_group(value, places.pool, pools)
    realised, realised_base = _realised(history, own_rate)
    gained = np.diff(realised + value - history.basis * multiplier, axis=0, prepend=0.0)
    before = np.concatenate([np.zeros((1, pools)), local[:-1]])
    causes = {
        "price": by_group(gained, places.pool, pools) * pool_rate,
        "currency": before * np.diff(pool_rate, axis=0, prepend=pool_rate[:1]),
    }
    earned = {kind: np.zeros((rows, pools)) for kind in KINDS}
    of_flow = flows.account * rates.shape[1] + flows.currency
    for number in np.unique(flows.kind):
        own = flows.kind == number
        earned[KINDS[number]] += sums(flows.bar[own] * pools + of_flow[own], flows.amount[own], rows, pools)
    moved = np.isin(flows.kind, [KINDS.index(kind) for kind in EXTERNAL])  # added in their order, as a stream adds them
    external = sums(flows.bar[moved] * pools + of_flow[moved], flows.amount[moved], rows, pools)
    earned["dividend"] += by_group(history.dividends, places.pool, pools)
    for kind in EARNED:
        causes[kind] = earned[kind] * pool_rate
    of_fill = places.pool[history.fill_position]
    if len(history.delisted):
        of_fill = np.delete(of_fill, history.delisted)
    for kind, paid in table.costs.items():
        causes[kind] = -sums(table.bar * pools + of_fill, paid, rows, pools) * pool_rate
    return Profit(
        value * own_rate,
        history.cash * pool_rate,
        local * pool_rate,
        external * pool_rate,
        causes,
        realised_base,
        value * own_rate - history.worth * multiplier,
        int((stale & ~none_yet).sum()),
        int(none_yet.sum()),
    )


def closing_profit(history: History) -> FloatVector:
    """Return what each closing earned before costs, in the money of its position."""
    _, closings = used(history.state)
    position = history.fill_position[closings["close_fill"]]
    gained = closings["close_price"] - closings["open_price"]
    return np.asarray(closings["close_units"] * gained * history.positions.multiplier[position])


def _realised(history: History, own_rate: FloatMatrix) -> tuple[FloatMatrix, FloatMatrix]:
    """Return what closings earned so far, in the money of each position and in the base currency."""
    _, closings = used(history.state)
    number, multiplier = closings["close_fill"], history.positions.multiplier
    shape = (len(own_rate), len(history.positions))
    cell = (history.fill_bar * shape[1] + history.fill_position)[number]
    worth = closings["close_units"]
    if (multiplier != 1.0).any():
        worth = worth * multiplier[history.fill_position[number]]
    gained = closings["close_price"] - closings["open_price"]
    gained *= worth
    local = np.cumsum(sums(cell, gained, *shape), axis=0)
    if (own_rate == 1.0).all():
        return local, local
    out = closings["close_price"] * history.fill_rate[number] - closings["open_price"] * closings["open_rate"]
    return local, np.cumsum(sums(cell, worth * out, *shape), axis=0)


def sums(cell: IntVector, amount: FloatVector, rows: int, columns: int) -> FloatMatrix:
    """Return the sums of amounts by the number of their cell, row by row."""
    if not len(amount):
        return np.zeros((rows, columns))
    found = np.bincount(cell, weights=amount, minlength=rows * columns)
    return np.asarray(found, dtype=np.float64).reshape(rows, columns)


def by_group(values: FloatMatrix, group: IntVector, groups: int) -> FloatMatrix:
    """Return the sums of columns by group."""
    found = np.zeros((len(values), groups))
    for column in range(values.shape[1]):
        found[:, group[column]] += values[:, column]
    return found


def bar_returns(equity: FloatMatrix, flows: FloatMatrix, earned: FloatMatrix) -> FloatMatrix:
    """Return the profit of each bar over the equity before it; where that was nothing, over what flowed in on the bar.

    Where neither was there, a bar without profit returned 0, and one with profit has no return: nan.
    """
    before = np.concatenate([np.zeros((1, equity.shape[1])), equity[:-1]])
    base = np.where(before == 0.0, flows, before)
    nothing = np.where(earned == 0.0, 0.0, np.nan)
    found: FloatMatrix = np.divide(earned, base, out=nothing, where=base > 0.0)
    return found


def whole_returns(profit: Profit) -> FloatVector:
    """Return `bar_returns` over all accounts."""
    each = (profit.equity, profit.flows, profit.earned)
    return bar_returns(*(values.sum(axis=1, keepdims=True) for values in each))[:, 0]


def check_identity(profit: Profit, bars: Bars, accounts: tuple[str, ...]) -> None:
    """Raise unless the equity of each account changed by its profit and flows, on each bar, beyond rounding.

    Equity is counted from cash, profit of prices from lots: each checks the other.
    """
    count = len(accounts)
    with np.errstate(over="ignore", invalid="ignore"):
        every = (profit.equity, profit.flows, profit.cash, profit.earned)
        equity, flows, cash, earned = (each.reshape(len(each), count, -1).sum(axis=2) for each in every)
        gap = np.abs(equity - np.cumsum(flows + earned, axis=0))
    scale = np.maximum(np.abs(cash).max(axis=0, initial=0.0), np.abs(equity).max(axis=0, initial=0.0))
    off = ~(gap <= TOLERANCE * scale)
    if off.any():
        row, account = map(int, np.argwhere(off)[0])
        raise AccountingError(
            f"equity did not change by profit and flows on row {row} ({bars.label(row)}) in account "
            f"{accounts[account]!r}: they differ by {gap[row, account]:.17g} at {equity[row, account]:.17g}. Are "
            "prices or units so large that sums overflow?"
        )
