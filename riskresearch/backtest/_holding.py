"""What an account is compared with: its first purchase, held without a further trade."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.accounts._book import Market, Record, Settings, check_fault, new_record, run_history

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.accounts._inputs import Layout

NEVER = -1
ONCE = "once"
"""Settings of accounts that trade by a schedule; it has one bar of each."""


def first_fills(record: Record, layout: Layout) -> npt.NDArray[np.intp]:
    """Return the row of the first fill of each account, NEVER for one without any."""
    held = np.logical_or.reduceat(record.units != 0.0, layout.starts[:-1], axis=1)
    return np.asarray(np.where(held.any(axis=0), held.argmax(axis=0), NEVER))


def hold(settings: Settings, market: Market, layout: Layout, record: Record) -> tuple[Settings, Market, Record]:
    """Return accounts that buy once what each account of `record` first bought, with their whole capital, and hold it.

    Sizes are in proportion to the first fills, all of them long; nothing is borrowed. A price that is missing later
    values the units at the last one, unless the settings sell them.
    """
    first = first_fills(record, layout)
    rows, accounts = record.equity.shape
    schedule = np.zeros((rows, accounts), dtype=np.intp)
    targets = np.zeros((1, record.units.shape[1]))
    for account in np.flatnonzero(first != NEVER):
        row, mine = first[account], slice(layout.starts[account], layout.starts[account + 1])
        sizes = np.nan_to_num(np.abs(record.units[row, mine]) * market.fill_prices[row, mine])
        targets[0, mine] = sizes / sizes.sum()
        schedule[row, account] = 1
    missing = "hold" if settings.missing_prices == "raise" else settings.missing_prices
    own = replace(settings, lag=0, rebalance=ONCE, borrowing=False, max_leverage=None, missing_prices=missing)
    trades = replace(market, schedule=schedule)
    held, state = new_record(own, trades, layout)
    run_history(own, trades, layout, targets, 0, held, state)
    check_fault(state, layout)
    return own, trades, held
