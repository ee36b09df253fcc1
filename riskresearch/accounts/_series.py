"""Series of accounts over time, computed from the record of a simulation: shape (rows, accounts)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.accounts._book import COST_KINDS
from riskresearch.accounts._fills import find_fills, traded_notional
from riskresearch.accounts._identity import account_sums
from riskresearch.accounts._marks import last_prices

if TYPE_CHECKING:
    from riskresearch.accounts._book import Market, Record, Settings
    from riskresearch.accounts._inputs import Layout
    from riskresearch.core._types import FloatMatrix


def equity_before(record: Record, settings: Settings) -> FloatMatrix:
    """Return the equity before each bar: the capital, then the equity after the bar before."""
    first = np.full((1, record.equity.shape[1]), settings.capital)
    return np.concatenate([first, record.equity[:-1]])


def account_returns(record: Record, settings: Settings) -> FloatMatrix:
    """Return the simple return of each bar on the equity before it; 0 after a bankruptcy."""
    before = equity_before(record, settings)
    return _over(record.equity - before, before)


def values_held(record: Record, market: Market) -> FloatMatrix:
    """Return the value of each holding after each bar, in account order."""
    return record.units * last_prices(market)


def weights_held(record: Record, market: Market, layout: Layout) -> FloatMatrix:
    """Return each holding after each bar as a fraction of its account's equity, in account order."""
    return _over(values_held(record, market), np.repeat(record.equity, np.diff(layout.starts), axis=1))


def gross_exposure(record: Record, market: Market, layout: Layout) -> FloatMatrix:
    """Return the sum of the absolute weights held after each bar."""
    return _over(account_sums(np.abs(values_held(record, market)), layout), record.equity)


def net_exposure(record: Record, market: Market, layout: Layout) -> FloatMatrix:
    """Return the sum of the weights held after each bar."""
    return _over(account_sums(values_held(record, market), layout), record.equity)


def turnover(record: Record, market: Market, layout: Layout, settings: Settings) -> FloatMatrix:
    """Return the notional of the orders of each bar, buys and sales, over the equity before it."""
    traded = traded_notional(find_fills(record, market, layout, settings), layout, len(record.equity))
    return _over(traded, equity_before(record, settings))


def costs_paid(record: Record) -> FloatMatrix:
    """Return the money that each account paid on each bar for trading and holding."""
    shape = record.equity.shape
    return np.asarray(np.sum([np.broadcast_to(record.flows[kind], shape) for kind in COST_KINDS], axis=0))


def _over(money: FloatMatrix, equity: FloatMatrix) -> FloatMatrix:
    """Return money over equity; 0 where nothing is left."""
    return np.asarray(np.divide(money, equity, out=np.zeros(money.shape), where=equity > 0.0))
