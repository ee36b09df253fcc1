"""The ledger of a simulation: its fills, income and costs, kept a second time by the rules of post-trade analysis."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.accounts._fills import find_fills
from riskresearch.accounts._identity import TOLERANCE
from riskresearch.backtest._simulated import Simulated
from riskresearch.core._errors import AccountingError
from riskresearch.posttrade.ledger._books import make_books
from riskresearch.posttrade.ledger._fills import FillTable
from riskresearch.posttrade.ledger._inputs import KINDS, CashFlows
from riskresearch.posttrade.ledger._ledger import BASE, Ledger
from riskresearch.posttrade.ledger._timeline import Bars

if TYPE_CHECKING:
    from riskresearch.core._records import Fills
    from riskresearch.core._types import FloatMatrix, IntVector

COSTS = ("commission", "spread", "impact")


def ledger_of(done: Simulated, matching: str) -> Ledger:
    """Return the ledger of simulated accounts, whose equity and cash must be theirs on every bar."""
    layout, market = done.layout, done.market
    place = np.arange(len(layout.columns)) if layout.order is None else layout.order
    fills = find_fills(done.record, market, layout, done.settings)
    bars = Bars(layout.labels, len(market.prices))
    events = replace(market.events, column=place[market.events.column])
    books = make_books(
        _fill_table(fills, place, layout.columns, layout.accounts, bars), bars, layout.columns,
        layout.input_order(market.prices), np.ones((bars.rows, 1)), np.ones(len(layout.columns)), events,
        _cash_flows(done), accounts=list(layout.accounts), currencies=[BASE], base_currency=BASE, matching=matching,
    )  # fmt: skip
    for what, found, expected in (
        ("equity", books.profit.equity, done.record.equity),
        ("cash", books.profit.cash, done.record.cash),
    ):
        _compare(what, found, expected, done)
    return Ledger(books)


def _fill_table(
    fills: Fills, place: IntVector, columns: tuple[str, ...], accounts: tuple[str, ...], bars: Bars
) -> FillTable:
    none = np.empty(0, dtype=np.intp)
    return FillTable(
        fills.to_frame(), bars.starts[fills.row], fills.row, place[fills.column], fills.account_of[fills.column],
        np.zeros(len(fills), dtype=np.intp), fills.units, fills.price, {kind: getattr(fills, kind) for kind in COSTS},
        none, columns, accounts, (BASE,), True,
    )  # fmt: skip


def _cash_flows(done: Simulated) -> CashFlows:
    """Return the capital as a deposit on the first bar, and interest, borrow fees and what was written off."""
    record, accounts = done.record, len(done.layout.accounts)
    everyone = np.arange(accounts)
    parts = [("deposit", np.zeros(accounts, dtype=np.intp), everyone, np.full(accounts, done.settings.capital))]
    for kind, sign in (("interest", 1.0), ("borrow", -1.0)):
        bar, account = np.nonzero(record.flows[kind])
        parts.append((kind, bar, account, sign * record.flows[kind][bar, account]))
    owed = np.flatnonzero(record.written_off)
    parts.append(("written_off", record.stopped[owed], owed, record.written_off[owed]))
    bar, account, amount = (np.concatenate([each[k] for each in parts]) for k in (1, 2, 3))
    kind_of = np.repeat([KINDS.index(each[0]) for each in parts], [len(each[1]) for each in parts])
    return CashFlows(bar, account, np.zeros(len(bar), dtype=np.intp), kind_of, amount, ())


def _compare(what: str, found: FloatMatrix, expected: FloatMatrix, done: Simulated) -> None:
    record = done.record
    so_far = np.maximum.accumulate(np.maximum(np.abs(record.cash), record.equity), axis=0)
    off = ~(np.abs(found - expected) <= TOLERANCE * np.maximum(so_far, done.settings.capital))
    if off.any():
        row, account = map(int, np.argwhere(off)[0])
        raise AccountingError(
            f"{what} of the ledger is not that of the simulation on row {row} ({done.layout.labels.row_names[row]}) in "
            f"account {done.layout.accounts[account]!r}: {found[row, account]:.17g} against "
            f"{expected[row, account]:.17g}."
        )
