"""The arguments of a book from a bar of a simulation."""

from __future__ import annotations

from typing import Any

import numpy as np

from riskresearch.core._checks import check_choice, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.pretrade.orders._orders import NO_TIME, instant_of


def arguments_of(result: Any, row: Any, account: str | None) -> dict[str, Any]:
    """Return positions, last prices, money, volumes and volatilities of one account after a bar."""
    if not all(hasattr(result, name) for name in ("layout", "market", "record")):
        raise InvalidInputError(f"result must be what simulate returned, got {shown(result)}.")
    layout, market, record = result.layout, result.market, result.record
    row = _row(row, layout.labels.row_names, record.units.shape[0])
    if account is None and len(layout.accounts) > 1:
        raise InvalidInputError(
            f"account must be one of the {len(layout.accounts)} accounts, got none. Pass "
            f"account={layout.accounts[0]!r}."
        )
    name = layout.accounts[0] if account is None else check_choice(account, layout.accounts, name="account")
    place = layout.accounts.index(name)
    own = slice(int(layout.starts[place]), int(layout.starts[place + 1]))
    assets = layout.account_columns[own]
    prices = last_known(market.prices[: row + 1, own])
    labels = layout.labels.row_names
    found = {
        "units": dict(zip(assets, record.units[row, own].tolist(), strict=True)),
        "prices": dict(zip(assets, prices.tolist(), strict=True)),
        "nav": float(record.equity[row, place]), "cash": float(record.cash[row, place]), "account": name,
        "time": labels[row] if layout.labels.dates is not None else None,
    }  # fmt: skip
    for field in ("average_volume", "volatility"):
        values = getattr(market, field)
        if values.shape[0] > row and np.isfinite(values[row, own]).any():
            found[field] = dict(zip(assets, values[row, own].tolist(), strict=True))
    return found


def _row(given: Any, names: Any, rows: int) -> int:
    """Return the number of a bar, given as such, from the end, or by its date."""
    if isinstance(given, int | np.integer) and not isinstance(given, bool) and -rows <= given < rows:
        return int(given) % rows
    wanted = (
        instant_of(given) if isinstance(given, str) or hasattr(given, "year") or hasattr(given, "astype") else NO_TIME
    )
    dated = [] if wanted == NO_TIME else [place for place, name in enumerate(names) if _is_at(name, wanted)]
    if not dated:
        raise InvalidInputError(
            f"row must be the number of a bar, from 0 to {rows - 1} or below zero from the end, or its date, got "
            f"{shown(given)}."
        )
    return dated[0]


def _is_at(name: Any, instant: int) -> bool:
    return hasattr(name, "year") and instant_of(name) == instant


def last_known(values: Any) -> Any:
    """Return the last number of each column that is not nan, nan where there is none."""
    known = ~np.isnan(values)
    rows = values.shape[0] - 1 - known[::-1].argmax(axis=0)
    return np.where(known.any(axis=0), values[rows, np.arange(values.shape[1])], np.nan)
