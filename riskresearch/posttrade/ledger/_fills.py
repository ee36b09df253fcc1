"""Fills as users have them: columns by name, checked, in the order of time."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.files.tables._columns import Columns, check_rename, read_columns
from riskresearch.files.tables._trades import Duplicates, refuse_twice, signed_units

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatVector, IntVector
    from riskresearch.posttrade.ledger._timeline import Bars

NEEDED = ("asset", "time", "units", "price")
COSTS = ("commission", "spread", "impact", "fees")
ONE_ACCOUNT = "portfolio"


@dataclass(frozen=True, slots=True, eq=False)
class FillTable:
    """Fills in the order of time, equal times in the order of rows; one entry a fill."""

    frame: pd.DataFrame
    """The columns as given, under our names, in this order."""
    times: npt.NDArray[Any]
    bar: IntVector
    asset: IntVector
    account: IntVector
    currency: IntVector
    units: FloatVector
    price: FloatVector
    costs: dict[str, FloatVector]
    lot: IntVector
    """Number of the fill whose lot is closed, -1 for none; empty without a column `lot`."""
    assets: tuple[str, ...]
    accounts: tuple[str, ...]
    currencies: tuple[str, ...]
    sorted: bool
    """Whether they were given in the order of time."""

    @property
    def total_costs(self) -> FloatVector:
        """The money that each fill cost, its rebates taken off."""
        return np.asarray(sum(self.costs.values(), np.zeros(len(self.units))))


def read_table(given: Any, needed: tuple[str, ...], *, name: str) -> Columns:
    """Return a table with the columns that are needed, which no argument renames."""
    columns = read_columns(given, name=name, rename=None, renamed=False)
    for column in needed:
        columns.need(column)
    return columns


def read_fills(
    fills: Any, bars: Bars, *, rename: Mapping[str, str] | None, duplicates: Duplicates, base_currency: str
) -> FillTable:
    """Return checked fills in the order of time."""
    check_rename(rename, fills=fills)
    columns = read_columns(fills, name="fills", rename=rename)
    for column in NEEDED:
        columns.need(column)
    table = columns.frame
    times = bars.times(table["time"], name="fills['time']") if len(table) else bars.starts[:0]
    units, price = signed_units(columns, zero=False), columns.needed_numbers("price")
    costs = {
        name: columns.needed_numbers(name, remedy=f" Fills without one: fills[{name!r}].fillna(0.0).")
        for name in COSTS
        if name in columns
    }
    refuse_twice(columns, times, duplicates)
    last = "Give prices up to the last fill, or leave the fill out with fills[fills['time'] <= prices.index[-1]]."
    bar = bars.rows_of(times, name="fills['time']", last=last)
    in_order = bool((times[1:] >= times[:-1]).all())
    if not in_order:
        order = np.argsort(times, kind="stable")
        table, times, units, price, bar = table.iloc[order], times[order], units[order], price[order], bar[order]
        costs = {name: each[order] for name, each in costs.items()}
    table = table.reset_index(drop=True)
    asset, assets = _codes(table, "asset")
    account, accounts = _codes(table, "account") if "account" in table.columns else _one(table, ONE_ACCOUNT)
    currency, currencies = _codes(table, "currency") if "currency" in table.columns else _one(table, base_currency)
    lot = _lots(table)
    return FillTable(
        table, times, bar, asset, account, currency, units, price, costs, lot, assets, accounts, currencies, in_order
    )


def _codes(table: pd.DataFrame, name: str) -> tuple[IntVector, tuple[str, ...]]:
    import pandas as pd  # noqa: PLC0415 (who has a frame of fills has loaded it)

    try:
        codes, names = pd.factorize(table[name])
    except TypeError:
        _check_hashable(table[name])
        raise
    if (codes < 0).any():
        raise InvalidInputError(f"fills[{name!r}] must have a value on each row, got none on row {codes.argmin()}.")
    return codes.astype(np.intp), tuple(map(str, names))


def _check_hashable(given: pd.Series) -> None:
    """Refuse lists and the like where a name is wanted."""
    if given.dtype != object:
        return
    for row, each in enumerate(given):
        if not isinstance(each, Hashable):
            raise InvalidInputError(
                f"fills[{str(given.name)!r}] must be one name on each row, got {shown(each)} on row {row}. Give each "
                f"of several a row of its own: fills.explode({str(given.name)!r})."
            )


def _one(table: pd.DataFrame, name: str) -> tuple[IntVector, tuple[str, ...]]:
    return np.zeros(len(table), dtype=np.intp), (name,)


def _lots(table: pd.DataFrame) -> IntVector:
    """Return the number of the fill that each fill names as the one whose lot it closes."""
    if "lot" not in table.columns:
        return np.empty(0, dtype=np.intp)
    if "id" not in table.columns:
        raise InvalidInputError("fills['lot'] names fills by their id, got no column 'id'.")
    for name in ("id", "lot"):
        _check_hashable(table[name])
    number = {each: place for place, each in enumerate(table["id"])}
    named = table["lot"].notna().to_numpy()
    found = np.full(len(table), -1, dtype=np.intp)
    for row in np.flatnonzero(named):
        lot = table["lot"].iloc[row]
        if lot not in number or number[lot] >= row:
            raise InvalidInputError(f"fills['lot'] must name the id of an earlier fill, got {lot!r} on row {row}.")
        found[row] = number[lot]
    return found
