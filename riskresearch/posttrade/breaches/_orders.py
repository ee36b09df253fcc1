"""The fills of a ledger as the orders that limits judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.posttrade.breaches._holdings import Holdings, given_fills
from riskresearch.pretrade.orders._orders import NO_TIME, Orders

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector, IntVector
    from riskresearch.posttrade.ledger._books import Books

    Instants = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SentOrders:
    """Orders in the order of time, one entry each."""

    bar: IntVector
    column: IntVector
    units: FloatVector
    price: FloatVector
    time: Instants
    """Nanoseconds since 1970 in UTC, `NO_TIME` where only the day is known."""
    strategies: tuple[str, ...]
    strategy: IntVector

    def __len__(self) -> int:
        return len(self.bar)

    def of(self, places: Any, assets: tuple[str, ...], factor: FloatVector | None = None) -> Orders:
        """Return some of them as orders; `factor` multiplies the units of each, and divides its price."""
        units, price = self.units[places], self.price[places]
        if factor is not None:
            units, price = units * factor[places], price / factor[places]
        return Orders(
            assets, self.column[places], units, price, self.time[places], strategies=self.strategies,
            strategy_of=self.strategy[places],
        )  # fmt: skip


def sent_orders(holdings: Holdings) -> SentOrders:
    """Return each fill as an order; those of a bar, asset and side that have the same `order` are one."""
    books, fills = holdings.books, holdings.fills
    history = books.history
    column, units, price = holdings.columns_of(fills), history.fill_units[fills], history.fill_price[fills]
    names, strategy = holdings.strategies, holdings.strategy_of
    bar, time = history.fill_bar[fills], _instants(books)[fills]
    order = _order_numbers(books, fills)
    if order is None:
        return SentOrders(bar, column, units, price, time, names, strategy)
    account = history.positions.account[history.fill_position[fills]]
    key = np.stack([bar, column, account, strategy, order, units < 0.0], axis=1)
    _, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))  # orders in the order of their first fills
    inverse, first = rank[inverse.ravel()], np.sort(first)
    total, paid = (np.bincount(inverse, weights=each).astype(np.float64) for each in (units, units * price))
    return SentOrders(bar[first], column[first], total, paid / total, time[first], names, strategy[first])


def _order_numbers(books: Books, fills: IntVector) -> IntVector | None:
    """Return a number for the order of each fill; None where fills do not name it."""
    given = books.table.frame.get("order")
    if given is None:
        return None
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    number = np.arange(len(books.history.fill_units), dtype=np.intp) + len(given) + 1
    own = np.flatnonzero(given_fills(books))
    codes = pd.factorize(given.astype(object))[0]
    number[own[codes >= 0]] = codes[codes >= 0]
    return np.asarray(number[fills], dtype=np.intp)


def _instants(books: Books) -> Instants:
    """Return the moment of each fill; `NO_TIME` where it is not known, as of a fill that has a day alone."""
    found = np.full(len(books.history.fill_units), NO_TIME, dtype=np.int64)
    if not books.bars.dated or not len(books.table.frame):
        return found
    import pandas as pd  # noqa: PLC0415 (a ledger has loaded it)

    given, zone = pd.to_datetime(books.table.frame["time"]), getattr(books.bars.index, "tz", None)
    if getattr(given.dtype, "tz", None) is None and zone is not None:
        given = given.dt.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    utc = given if getattr(given.dtype, "tz", None) is None else given.dt.tz_convert(None)
    times = utc.to_numpy().astype("datetime64[ns]").astype(np.int64)
    if books.bars.days:
        clock = books.table.times
        times = np.where(clock == clock.astype("datetime64[D]"), NO_TIME, times)
    found[given_fills(books)] = times
    return found


def split_factors(holdings: Holdings, sent: SentOrders) -> FloatVector:
    """Return what one unit of each order became by the end through later splits."""
    splits, found = holdings.books.events.splits(), np.ones(len(sent))
    for row, column, value in zip(splits.row, splits.column, splits.value, strict=True):
        found[(sent.column == column) & (sent.bar < row)] /= value
    return found
