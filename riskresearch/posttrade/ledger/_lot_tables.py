"""Lots that are open, closings, and profit by what fills are grouped by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import listed, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.posttrade.ledger._closings import closings_of
from riskresearch.posttrade.ledger._fills import COSTS, NEEDED
from riskresearch.posttrade.ledger._history import used
from riskresearch.posttrade.ledger._inputs import EARNED, KINDS

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import FloatVector, IntVector
    from riskresearch.posttrade.ledger._books import Books

OWN_GROUPS = ("asset", "account", "currency")
NUMBERS = (*NEEDED[1:], *COSTS, "id", "lot")
"""Columns of fills that are no groups."""


def lot_frame(books: Books) -> pd.DataFrame:
    """Return a row for each open lot, in the order of opening."""
    import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

    lots, _ = used(books.history.state)
    kept = np.flatnonzero(lots["lot_units"])
    places, position = books.history.positions, lots["lot_position"][kept]
    units, cost = lots["lot_units"][kept], lots["lot_price"][kept]
    own = places.multiplier[position]
    mark, last = books.marks[-1, places.asset[position]], books.rates[-1, places.currency[position]]
    price = np.where(mark == 0.0, cost, mark)
    value = units * own * price * last
    by_price, by_rate = _effects(units * own, cost, price, lots["lot_rate"][kept], last)
    frame = _named(books, position) | {"opened": _times(books, lots["lot_fill"][kept]), "fill": lots["lot_fill"][kept]}
    frame |= {"units": units, "price": cost, "value": value, "unrealised": by_price + by_rate}
    frame |= {"price_effect": by_price, "currency_effect": by_rate, "costs": lots["lot_costs"][kept]}
    return pd.DataFrame(frame)


def closing_frame(books: Books) -> pd.DataFrame:
    """Return a row for each closing of a lot or of a part of it, in the order of closing."""
    import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

    found = closings_of(books.history)
    own = books.history.positions.multiplier[found.position] * found.units
    by_price, by_rate = _effects(own, found.open_price, found.close_price, found.open_rate, found.close_rate)
    frame = _named(books, found.position)
    frame |= {"opened": _times(books, found.open_fill), "closed": _times(books, found.close_fill)}
    frame |= {name: getattr(found, name) for name in ("open_fill", "close_fill", "units", "open_price", "close_price")}
    frame |= {"realised": by_price + by_rate, "price_effect": by_price, "currency_effect": by_rate}
    frame |= {name: getattr(found, name) for name in ("open_costs", "close_costs", "episode")}
    return pd.DataFrame(frame)


def _effects(
    worth: FloatVector, opened: FloatVector, closed: FloatVector, before: FloatVector, after: FloatVector
) -> tuple[FloatVector, FloatVector]:
    """Return profit of the price at the later rate, and of the rate on the cost, in the base currency."""
    return worth * (closed - opened) * after, worth * opened * (after - before)


def _named(books: Books, position: IntVector) -> dict[str, Any]:
    places = books.history.positions
    names = (books.accounts, books.columns, books.currencies)
    numbers = (places.account, places.asset, places.currency)
    return {
        key: np.array(each, dtype=object)[number[position]]
        for key, each, number in zip(("account", "asset", "currency"), names, numbers, strict=True)
    }


def _given_row(books: Books, number: IntVector) -> IntVector:
    """Return the row of fills as given, in the order of time, of numbers among which are those of delistings."""
    if not len(books.history.delisted):
        return number
    own = np.ones(len(books.history.fill_units), dtype=np.intp)
    own[books.history.delisted] = 0
    row = np.cumsum(own) - 1
    return np.where((number >= 0) & (own[number] == 1), row[number], -1)


def _times(books: Books, number: IntVector) -> Any:
    """Return the time of each fill by its number, that of its bar for a delisting, none for a pool."""
    import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

    row, given = _given_row(books, number), pd.Index(books.table.frame["time"])
    times = given.take(np.where(row >= 0, row, 0)) if len(given) and len(row) else given[:0]
    found = pd.Series(times, dtype=object if (row < 0).any() else None)
    for place in np.flatnonzero(row < 0).tolist():
        pooled = number[place] < 0
        found.iloc[place] = None if pooled else books.bars.index[books.history.fill_bar[number[place]]]
    return found.infer_objects().to_numpy() if found.dtype == object else found.array


def profit_by(books: Books, column: Any) -> pd.DataFrame:
    """Return profit by asset, account, currency, or by what a column of fills says of the fill that opened a lot."""
    table = books.table.frame
    if column in OWN_GROUPS:
        return _by_position(books, column)
    if not isinstance(column, str) or column not in table.columns or column in NUMBERS:
        groups = [name for name in table.columns if name not in (*NUMBERS, *OWN_GROUPS)]
        have = f"{listed([*OWN_GROUPS, *groups])} are there."
        raise InvalidInputError(
            f"column must be asset, account, currency or a group of fills, got {shown(column)}; {have}"
        )
    if books.matching == "average":
        raise InvalidInputError(
            f'column must be asset, account or currency with matching="average", got {column!r}: a pool was opened by '
            'many fills. Another rule keeps its lots apart: matching="fifo".'
        )
    return _by_opening(books, column)


def _by_position(books: Books, column: str) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

    places, history, profit, flows = books.history.positions, books.history, books.profit, books.cash_flows
    group, names = {
        "asset": (places.asset, books.columns),
        "account": (places.account, books.accounts),
        "currency": (places.currency, books.currencies),
    }[column]
    dividends = (history.dividends * books.rates[:, places.currency]).sum(axis=0)
    paid = np.bincount(history.fill_position, history.fill_costs * history.fill_rate, minlength=len(places))
    parts = {
        "realised": profit.realised[-1],
        "unrealised": profit.unrealised[-1],
        "dividends": dividends,
        "costs": paid,
    }
    found = {name: _sums(group, each, len(names)) for name, each in parts.items()}
    lots = found["realised"] + found["unrealised"] + found["dividends"] - found["costs"]
    if column == "asset":
        other = np.zeros(len(names))
        for flow in np.flatnonzero([each in names for each in flows.assets]):
            if KINDS[flows.kind[flow]] in EARNED:
                worth = flows.amount[flow] * books.rates[flows.bar[flow], flows.currency[flow]]
                other[names.index(flows.assets[flow])] += worth
    else:
        pools = profit.earned.sum(axis=0).reshape(len(books.accounts), -1)
        other = pools.sum(axis=1 if column == "account" else 0) - lots
        other[np.abs(other) <= 1e-9 * np.abs(profit.cash).max(initial=0.0)] = 0.0
    touched = np.isin(np.arange(len(names)), group) | (other != 0.0)
    frame = pd.DataFrame(found | {"other": other, "profit": lots + other}, index=pd.Index(names, name=column))
    return frame[touched] if column == "asset" else frame


def _by_opening(books: Books, column: str) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

    codes, names = pd.factorize(books.table.frame[column], sort=False, use_na_sentinel=False)
    closed, lots = closing_frame(books), lot_frame(books)
    own = np.delete(np.arange(len(books.history.fill_units)), books.history.delisted)
    paid = (books.history.fill_costs * books.history.fill_rate)[own]
    found = {
        "realised": _sums(codes[_given_row(books, closed["open_fill"].to_numpy())], closed["realised"], len(names)),
        "unrealised": _sums(codes[_given_row(books, lots["fill"].to_numpy())], lots["unrealised"], len(names)),
        "costs": _sums(codes, paid, len(names)),
    }
    found["profit"] = found["realised"] + found["unrealised"] - found["costs"]
    return pd.DataFrame(found, index=pd.Index(names, name=column))


def _sums(code: IntVector, amount: Any, groups: int) -> FloatVector:
    return np.bincount(code, np.asarray(amount, dtype=np.float64), minlength=groups).astype(np.float64)
