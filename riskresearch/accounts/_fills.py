"""The fills of a simulation, reconstructed from the changes of its units: nothing is stored for them while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.accounts._marks import last_prices, opening
from riskresearch.core._records import FILL_KINDS, Fills

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.accounts._book import Market, Record, Settings
    from riskresearch.accounts._inputs import Layout
    from riskresearch.core._types import FloatMatrix, FloatVector

ELEMENTS_PER_BLOCK = 131_072


def find_fills(record: Record, market: Market, layout: Layout, settings: Settings) -> Fills:
    """Return all fills: orders with their costs; settlements and closures in bankruptcy without."""
    rows, columns = market.prices.shape
    marks = last_prices(market)
    size = max(1, ELEMENTS_PER_BLOCK // columns)
    parts = [
        _changed_units(record, market, marks, layout, first, min(first + size, rows)) for first in range(0, rows, size)
    ]
    row, column, units, price, kind = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    closed = np.flatnonzero(record.closing)
    if closed.size:
        row = np.concatenate([row, record.stopped[layout.account_of[closed]]])
        column = np.concatenate([column, closed])
        units = np.concatenate([units, -record.closing[closed]])
        price = np.concatenate([price, record.closing_price[closed]])
        kind = np.concatenate([kind, np.full(closed.size, FILL_KINDS.index("bankruptcy"), dtype=np.int8)])
        order = np.lexsort((column, kind == FILL_KINDS.index("bankruptcy"), row))
        row, column, units, price, kind = row[order], column[order], units[order], price[order], kind[order]
    costs = order_costs(row, column, np.abs(units), price, kind == FILL_KINDS.index("order"), market, settings)
    return Fills(
        row, column, kind, units, price, *costs, layout.account_columns, layout.accounts, layout.account_of,
        layout.labels.row_names,
    )  # fmt: skip


ChangedUnits = tuple[
    "npt.NDArray[np.intp]", "npt.NDArray[np.intp]", "FloatVector", "FloatVector", "npt.NDArray[np.int8]"
]


def _changed_units(
    record: Record, market: Market, marks: FloatMatrix, layout: Layout, first: int, last: int
) -> ChangedUnits:
    before, _, fill, _ = opening(record, market, marks, first, last)
    after = record.units[first:last]
    stopped = np.flatnonzero((record.stopped >= first) & (record.stopped < last))
    if stopped.size:
        after = after.copy()
        for account in stopped:
            mine = slice(layout.starts[account], layout.starts[account + 1])
            after[record.stopped[account] - first, mine] = record.closing[mine]
    change = after - before
    row, column = np.nonzero(change)
    given = market.fill_prices[first + row, column] + market.prices[first + row, column]
    kind = np.where(np.isnan(given), FILL_KINDS.index("settlement"), FILL_KINDS.index("order")).astype(np.int8)
    return row + first, column, change[row, column], fill[row, column], kind


def order_costs(
    row: npt.NDArray[np.intp],
    column: npt.NDArray[np.intp],
    size: FloatVector,
    price: FloatVector,
    ordered: npt.NDArray[np.bool_],
    market: Market,
    settings: Settings,
) -> tuple[FloatVector, FloatVector, FloatVector]:
    """Return commission, spread and impact of orders by the kernel's formulas; what is no order costs nothing."""
    costs = settings.costs
    notional = size * price
    commission = np.maximum(costs.commission * notional + costs.commission_per_unit * size, costs.commission_minimum)
    spread = costs.half_spread * notional
    impact = np.zeros(size.shape)
    if costs.impact:
        part = np.sqrt(size / market.average_volume[row, column])
        impact = costs.impact * market.volatility[row, column] * part * notional
    return np.where(ordered, commission, 0.0), np.where(ordered, spread, 0.0), np.where(ordered, impact, 0.0)


def traded_notional(fills: Fills, layout: Layout, rows: int) -> FloatMatrix:
    """Return the absolute notional of the orders of each bar and account, shape (rows, accounts)."""
    accounts = len(layout.accounts)
    ordered = fills.kind == FILL_KINDS.index("order")
    place = fills.row[ordered] * accounts + layout.account_of[fills.column[ordered]]
    notional = np.abs(fills.notional[ordered])
    return np.asarray(np.bincount(place, notional, rows * accounts), dtype=np.float64).reshape(rows, accounts)
