"""What round trips are made of, taken from a ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from riskresearch.accounts._corporate_actions import KINDS as ACTIONS
from riskresearch.posttrade.ledger._closings import closings_of
from riskresearch.posttrade.ledger._history import share_of_value, used
from riskresearch.posttrade.trips._traded import Events, Lots, Traded, add_up_events

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, IntVector
    from riskresearch.posttrade.ledger._books import Books


def traded_of(books: Books) -> Traded:
    """Return the closings, the open lots and what they stand on; what a delisting closed has fills of its own."""
    history, positions = books.history, books.history.positions
    fills, times = _fills_with_delistings(books)
    events = _events(books)
    prices, events = _under_new_symbols(books, events)
    return Traded(
        matching=books.matching,
        base_currency=books.base_currency,
        closings=_closed_lots(books),
        open_lots=_open_lots(books),
        episode_fill=history.state["episode_fill"][: int(history.state["counts"][2])],
        fills=fills,
        fill_bar=history.fill_bar,
        fill_position=history.fill_position,
        fill_units=history.fill_units,
        fill_price=history.fill_price,
        assets=tuple(books.columns[place] for place in positions.asset),
        accounts=tuple(books.accounts[place] for place in positions.account),
        currencies=tuple(books.currencies[place] for place in positions.currency),
        received=np.isin(positions.asset, books.events.other[books.events.other >= 0]),
        column=positions.asset,
        multiplier=positions.multiplier,
        times=times,
        labels=books.bars.labels,
        prices=prices,
        rates=np.ascontiguousarray(books.rates[:, positions.currency]),
        events=events,
    )


def _closed_lots(books: Books) -> Lots:
    found = closings_of(books.history)
    return Lots(
        open_fill=found.open_fill,
        close_fill=found.close_fill,
        episode=found.episode,
        position=found.position,
        units=found.units,
        open_price=found.open_price,
        close_price=found.close_price,
        costs=found.open_costs + found.close_costs,
        close_bar=books.history.fill_bar[found.close_fill],
    )


def _open_lots(books: Books) -> Lots:
    history = books.history
    lots, _ = used(history.state)
    chosen = np.flatnonzero(lots["lot_units"])
    position = lots["lot_position"][chosen]
    end = np.full(len(chosen), books.bars.rows - 1, dtype=np.intp)
    return Lots(
        open_fill=lots["lot_fill"][chosen],
        close_fill=np.full(len(chosen), len(history.fill_units) - 1, dtype=np.intp),
        episode=history.state["episode"][position],
        position=position,
        units=lots["lot_units"][chosen],
        open_price=lots["lot_price"][chosen],
        close_price=books.marks[end, history.positions.asset[position]],
        costs=lots["lot_costs"][chosen],
        close_bar=end,
    )


def _fills_with_delistings(books: Books) -> tuple[pd.DataFrame, pd.Series]:
    table, history = books.table, books.history
    frame = table.frame.reset_index(drop=True)
    times = frame["time"] if not books.bars.dated or not len(frame) else pd.to_datetime(frame["time"])
    if len(history.delisted):
        place: IntVector = np.full(len(history.fill_units), -1, dtype=np.intp)
        place[np.setdiff1d(np.arange(len(place)), history.delisted)] = np.arange(len(frame))
        frame, times = frame.reindex(place).reset_index(drop=True), times.reindex(place).reset_index(drop=True)
        times = times.where(place >= 0, pd.Series(_on_clock(books, history.fill_bar, times)))
    return frame, times


def _on_clock(books: Books, bar: IntVector, times: pd.Series) -> Any:
    """Return the labels of bars as times of fills show them."""
    found = books.bars.index[bar]
    zone = getattr(times.dtype, "tz", None)
    if zone is None or not isinstance(found, pd.DatetimeIndex):
        return found
    return found.tz_convert(zone) if found.tz is not None else found.tz_localize(zone)


def _events(books: Books) -> Events | None:
    events = books.events
    kind = [ACTIONS[each] for each in events.kind]
    value, moved = events.value, np.zeros(len(kind))
    for place, name in enumerate(kind):
        if name == "spin_off":
            share = float(events.basis[place])
            moved[place] = share if share == share else share_of_value(events, place, books.prices)
    split, paid = (np.array([name == each for name in kind], dtype=bool) for each in ("split", "cash_dividend"))
    return add_up_events(
        books.prices.shape, bar=events.row, column=events.column, split=np.where(split, value, 1.0), moved=moved,
        paid=np.where(paid, value, 0.0),
    )  # fmt: skip


def _under_new_symbols(books: Books, events: Events | None) -> tuple[FloatMatrix, Events | None]:
    """Return prices and events that continue those of the old symbol where a new one has no prices before."""
    changes = [place for place, each in enumerate(books.events.kind) if ACTIONS[each] == "symbol_change"]
    if not changes or events is None:
        return books.prices, events
    prices, units, factors, paid = (each.copy() for each in (books.prices, events.units, events.prices, events.paid))
    for place in changes:
        row, old, new = (int(each[place]) for each in (books.events.row, books.events.column, books.events.other))
        if np.isnan(prices[:row, new]).all():
            prices[:row, new] = prices[:row, old]
            paid[row:, new] = paid[row:, new] / units[row, old] + paid[row, old]
            paid[:row, new] = paid[:row, old]
            for each in (units, factors):
                each[row:, new] *= each[row, old]
                each[:row, new] = each[:row, old]
    return prices, Events(units, factors, paid)
