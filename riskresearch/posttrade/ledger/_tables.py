"""The tables of a ledger, for machines and for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from riskresearch.core.output import _formats as formats
from riskresearch.core.output._tables import Block, pairs
from riskresearch.posttrade.ledger._fills import COSTS

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.posttrade.ledger._books import Books

WORDS = {
    "price": "Prices", "currency": "Currencies", "dividend": "Dividends", "interest": "Interest",
    "borrow": "Borrow fees", "fee": "Fees of the account", "tax": "Taxes", "written_off": "Written off",
    "commission": "Commissions", "spread": "Spread", "impact": "Impact", "fees": "Fees of fills",
}  # fmt: skip
RULES = {
    "fifo": "first in, first out",
    "lifo": "last in, first out",
    "hifo": "the worst price first: the highest cost of longs, the lowest proceeds of shorts, then age",
    "average": "one pool at average cost, which closings leave as it is",
    "specific": "the lot that each fill names",
}


def position_frame(books: Books) -> pd.DataFrame:
    """Return a row for each asset in each account: units, value, profit realised and not, costs and dividends."""
    import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

    places, history, profit = books.history.positions, books.history, books.profit
    costs = np.bincount(history.fill_position, weights=history.fill_costs * history.fill_rate, minlength=len(places))
    frame = pd.DataFrame(
        {
            "account": [books.accounts[number] for number in places.account],
            "asset": [books.columns[number] for number in places.asset],
            "currency": [books.currencies[number] for number in places.currency],
            "units": history.held[-1],
            "value": profit.value[-1],
            "realised": profit.realised[-1],
            "unrealised": profit.unrealised[-1],
            "dividends": (history.dividends * books.rates[:, places.currency]).sum(axis=0),
            "costs": costs,
        }
    )
    return frame.set_index(["account", "asset"])


def conventions(books: Books) -> str:
    """Return how fills were matched and valued, in sentences."""
    parts = [
        f"Lots: {books.matching}, {RULES[books.matching]}; costs of an opening are shared by the units closed.",
        "On a bar: corporate actions, fills in the order of time (equal times in the order given), cash flows, value.",
    ]
    if books.bars.days:
        parts.append("Bars are days: a fill belongs to that of its day, or the next one.")
    if not books.table.sorted:
        parts.append("The fills were given in another order than that of time, and were sorted.")
    moved = books.bars.moved(books.table.times, books.table.bar)
    if moved:
        parts.append(f"Fills of days without a bar, which are on the next one: {moved:,}.")
    if books.profit.unpriced:
        parts.append(f"Values on bars without a price, which are at the last one: {books.profit.unpriced:,}.")
    if books.profit.at_cost:
        parts.append(f"Values before the first price, which are at cost: {books.profit.at_cost:,}.")
    if len(books.currencies) > 1 or books.currencies[0] != books.base_currency:
        parts.append(
            f"Sums are in {books.base_currency}; on a bar a currency earns the change of its rate on what was there "
            "before, and everything else is at the bar's rate."
        )
    parts.append("What is left of a lot below 1e-12 of the largest position since it was flat is rounding, and closed.")
    return " ".join(parts)


def blocks(books: Books) -> list[Block]:
    """Return what text and HTML show."""
    profit = books.profit
    equity, flows = float(profit.equity[-1].sum()), float(profit.flows.sum())
    causes = {name: float(each.sum()) for name, each in profit.causes.items()}
    rows = [("Equity", formats.money(equity)), ("Deposits less withdrawals", formats.money(flows))]
    rows.append(("Profit", formats.money(sum(causes.values()))))
    rows += [
        (f"  {WORDS[name]}", formats.money(value))
        for name, value in causes.items()
        if name == "price" or value or (name in COSTS and name in books.table.costs)
    ]
    rows.append(("Realised, before costs", formats.money(float(profit.realised[-1].sum()))))
    rows.append(("Unrealised, before costs", formats.money(float(profit.unrealised[-1].sum()))))
    return [pairs(rows), conventions(books)]
