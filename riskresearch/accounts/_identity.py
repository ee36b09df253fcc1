"""The accounting identity on every bar, recomputed from the stored record independently of the kernel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.accounts._book import COST_KINDS, INCOME_KINDS
from riskresearch.accounts._marks import last_prices, opening
from riskresearch.core._errors import AccountingError

if TYPE_CHECKING:
    from riskresearch.accounts._book import Market, Record, Settings
    from riskresearch.accounts._inputs import Layout
    from riskresearch.core._types import FloatMatrix, FloatVector

ELEMENTS_PER_BLOCK = 65_536
TOLERANCE = 1e-9


def check_identity(record: Record, market: Market, layout: Layout, settings: Settings) -> None:
    """Raise unless two sums hold on every bar of every account, beyond rounding.

    equity = cash + sum of units times price, and
    change in equity = profit of prices + interest + dividends + written off - commission - spread - impact - borrow.
    """
    rows, columns = market.prices.shape
    marks = last_prices(market)
    size = max(1, ELEMENTS_PER_BLOCK // columns)
    for first in range(0, rows, size):
        last = min(first + size, rows)
        equity, cash = record.equity[first:last], record.cash[first:last]
        before = record.equity[max(first - 1, 0) : last - 1]
        if first == 0:
            before = np.concatenate([np.full((1, equity.shape[1]), settings.capital), before])
        holdings, profit = _by_account(record, market, layout, marks, first, last)
        for kinds, combine in ((INCOME_KINDS, np.add), (COST_KINDS, np.subtract)):
            for kind in kinds:
                flow = record.flows[kind]
                if len(flow) > 1 or rows == 1:
                    combine(profit, flow[first:last], out=profit)
        allowed = TOLERANCE * np.maximum(np.maximum(cash.max(axis=0), -cash.min(axis=0)), before.max(axis=0))
        holdings += cash
        profit += before
        _compare("equity is not cash plus holdings", equity, holdings, allowed, layout, first)
        _compare("equity did not change by profit less costs", equity, profit, allowed, layout, first)


def _compare(
    what: str, found: FloatMatrix, expected: FloatMatrix, allowed: FloatVector, layout: Layout, first: int
) -> None:
    gap = found - expected
    np.abs(gap, out=gap)
    if (gap.max(axis=0) <= allowed).all():
        return
    row, account = map(int, np.argwhere(~(gap <= allowed))[0])
    when = layout.labels.row_names[first + row]
    raise AccountingError(
        f"{what} on row {first + row} ({when}) in account {layout.accounts[account]!r}: "
        f"{found[row, account]:.17g} against {expected[row, account]:.17g}. Are prices or weights so large that sums "
        "overflow?"
    )


def _by_account(
    record: Record, market: Market, layout: Layout, marks: FloatMatrix, first: int, last: int
) -> tuple[FloatMatrix, FloatMatrix]:
    """Return by account the value of holdings after each bar, and the profit of prices and money written off."""
    before, start, fill, mark = opening(record, market, marks, first, last)
    after = record.units[first:last]
    gains = fill - start
    gains *= before
    if mark is not fill:
        gains += after * (mark - fill)
    for account in np.flatnonzero((record.stopped >= first) & (record.stopped < last)):
        mine, row = slice(layout.starts[account], layout.starts[account + 1]), record.stopped[account] - first
        left = record.closing_price[mine] - fill[row, mine]
        gains[row, mine] += np.where(record.closing[mine] == 0.0, 0.0, record.closing[mine] * left)
        gains[row, layout.starts[account]] += record.written_off[account]
    return account_sums(after * mark, layout), account_sums(gains, layout)


def account_sums(values: FloatMatrix, layout: Layout) -> FloatMatrix:
    """Return the sums over the columns of each account."""
    accounts, columns = len(layout.accounts), values.shape[1]
    if accounts == columns:
        return values
    if accounts == 1:
        return np.asarray(values.sum(axis=1, keepdims=True))
    sums: FloatMatrix = np.add.reduceat(values, layout.starts[:-1], axis=1)
    return sums
