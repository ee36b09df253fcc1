"""Fills as users have them: columns by name, checked, in the order of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from riskresearch.core._checks import check_choice, listed, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core.frames._native import native

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import FloatVector, IntVector
    from riskresearch.posttrade.ledger._timeline import Bars

NEEDED = ("asset", "time", "units", "price")
COSTS = ("commission", "spread", "impact", "fees")
ONE_ACCOUNT = "portfolio"
SIGNS = {"buy": 1.0, "sell": -1.0}
DUPLICATES = ("raise", "keep")


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


def as_pandas(given: Any, *, name: str) -> Any:
    """Return a frame of another package as one of pandas, and anything else as it is."""
    if given is None:
        return None
    table = native(given, name=name)
    return table.to_pandas() if hasattr(table, "to_pandas") else table


def named_columns(given: Any, rename: Mapping[str, str] | None, needed: tuple[str, ...], *, name: str) -> pd.DataFrame:
    """Return a table with the columns that are needed, under our names; nothing is guessed."""
    table = given.to_frame() if hasattr(given, "to_frame") and not hasattr(given, "columns") else given
    table = as_pandas(table, name=name)
    if not is_instance_of(table, "pandas", "DataFrame"):
        raise InvalidInputError(f"{name} must be a DataFrame with the columns {', '.join(needed)}, got {shown(given)}.")
    if table.index.name is not None and table.index.name not in table.columns:
        table = table.reset_index()
    if rename is not None:
        if not isinstance(rename, Mapping):
            raise InvalidInputError(f'rename must be a mapping such as {{"symbol": "asset"}}, got {shown(rename)}.')
        unknown = [column for column in rename if column not in table.columns]
        if unknown:
            raise InvalidInputError(
                f"rename must name columns of {name}, got {unknown[0]!r} beside {_have(table)}. Your name comes first, "
                'ours second: rename={"symbol": "asset"}.'
            )
        table = table.rename(columns=dict(rename))
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise InvalidInputError(f"{name} must have each column once, got {twice[0]!r} twice.")
    missing = [column for column in needed if column not in table.columns]
    if missing:
        line = f'rename={{"your column": "{missing[0]}"}}'
        if name != "fills":
            line = f"{name}.rename(columns={line.removeprefix('rename=')})"
        raise InvalidInputError(
            f"{name} must have the columns {', '.join(needed)}, got {_have(table)}; {missing[0]!r} is missing. Name "
            f"the column that holds it: {line}."
        )
    return cast("pd.DataFrame", table)


def read_fills(
    fills: Any, bars: Bars, *, rename: Mapping[str, str] | None, duplicates: str, base_currency: str
) -> FillTable:
    """Return checked fills in the order of time."""
    check_choice(duplicates, DUPLICATES, name="duplicates")
    table = named_columns(fills, rename, NEEDED, name="fills")
    times = bars.times(table["time"], name="fills['time']") if len(table) else bars.starts[:0]
    units, price = _signed_units(table), _number(table, "price", "finite")
    costs = {name: _number(table, name, "finite") for name in COSTS if name in table.columns}
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
    _check_duplicates(table, times, duplicates)
    lot = _lots(table)
    return FillTable(
        table, times, bar, asset, account, currency, units, price, costs, lot, assets, accounts, currencies, in_order
    )


def _have(table: pd.DataFrame) -> str:
    return listed([str(column) for column in table.columns]) if len(table.columns) else "no columns"


def _number(table: pd.DataFrame, name: str, rule: str) -> FloatVector:
    """Return a column as finite numbers; text and missing values are refused with their row."""
    import pandas as pd  # noqa: PLC0415 (who has a frame of fills has loaded it)

    given = table[name]
    if given.dtype.kind == "b":
        raise InvalidInputError(f"fills[{name!r}] must be numbers, got {given.iloc[0]!r}.")
    try:
        values = pd.to_numeric(given).to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        wrong = pd.to_numeric(given, errors="coerce").isna() & given.notna()
        row = int(wrong.to_numpy().argmax())
        raise InvalidInputError(f"fills[{name!r}] must be numbers, got {given.iloc[row]!r} on row {row}.") from error
    bad = ~np.isfinite(values)
    if bad.any():
        row = int(bad.argmax())
        remedy = f" Fills without one: fills[{name!r}].fillna(0.0)." if name in COSTS else ""
        raise InvalidInputError(f"fills[{name!r}] must be {rule}, got {values[row]} on row {row}.{remedy}")
    return np.ascontiguousarray(values)


def _signed_units(table: pd.DataFrame) -> FloatVector:
    units = _number(table, "units", "finite")
    zero = units == 0.0
    if zero.any():
        raise InvalidInputError(f"fills['units'] must not be zero, got 0 on row {int(zero.argmax())}.")
    if "side" not in table.columns:
        return units
    sides = table["side"].astype(str).str.strip().str.lower()
    unknown = ~sides.isin(list(SIGNS)).to_numpy()
    if unknown.any():
        row = int(unknown.argmax())
        raise InvalidInputError(
            f"fills['side'] must be buy or sell, got {table['side'].iloc[row]!r} on row {row}. Others' words are "
            'replaced before: fills["side"].replace({"B": "buy", "S": "sell"}).'
        )
    if (units < 0.0).any():
        row = int((units < 0.0).argmax())
        raise InvalidInputError(
            f"fills['units'] must be positive beside a column 'side', got {units[row]:g} on row {row}. Units that are "
            'signed need no side: fills.drop(columns="side").'
        )
    return np.asarray(units * sides.map(SIGNS).to_numpy(dtype=np.float64))


def _codes(table: pd.DataFrame, name: str) -> tuple[IntVector, tuple[str, ...]]:
    import pandas as pd  # noqa: PLC0415 (who has a frame of fills has loaded it)

    codes, names = pd.factorize(table[name])
    if (codes < 0).any():
        raise InvalidInputError(f"fills[{name!r}] must have a value on each row, got none on row {codes.argmin()}.")
    return codes.astype(np.intp), tuple(map(str, names))


def _one(table: pd.DataFrame, name: str) -> tuple[IntVector, tuple[str, ...]]:
    return np.zeros(len(table), dtype=np.intp), (name,)


def _check_duplicates(table: pd.DataFrame, times: npt.NDArray[Any], duplicates: str) -> None:
    """Refuse an id that occurs twice, and fills that nothing tells apart unless they are to be kept."""
    if "id" in table.columns:
        twice = table["id"].duplicated() & table["id"].notna()
        if twice.any():
            row = int(twice.to_numpy().argmax())
            raise InvalidInputError(
                f"fills['id'] must be unique, got {str(table['id'].iloc[row])!r} twice, the second time on row {row}. "
                "A file that was read twice: fills.drop_duplicates('id')."
            )
        if table["id"].notna().all():
            return
    if duplicates == "keep" or len(times) < 2:
        return
    same = times[1:] == times[:-1]
    if not same.any():
        return
    near = np.flatnonzero(np.append(same, False) | np.append(False, same))
    own = [name for name in (*NEEDED, "account", "side", "lot", "order", "kind", "id") if name in table.columns]
    twice = table.iloc[near].duplicated(subset=own)
    if twice.any():
        row = int(near[int(twice.to_numpy().argmax())])
        given = table.iloc[row]
        raise InvalidInputError(
            f"fills must be told apart, got {int(twice.sum())} that equal an earlier one, the first on row {row}: "
            f"{given['units']:g} of {given['asset']} at {given['price']:g}. Fills that were read twice: "
            'fills.drop_duplicates(). Partial fills that happen to be equal: duplicates="keep", or a column "id".'
        )


def _lots(table: pd.DataFrame) -> IntVector:
    """Return the number of the fill that each fill names as the one whose lot it closes."""
    if "lot" not in table.columns:
        return np.empty(0, dtype=np.intp)
    if "id" not in table.columns:
        raise InvalidInputError("fills['lot'] names fills by their id, got no column 'id'.")
    number = {each: place for place, each in enumerate(table["id"])}
    named = table["lot"].notna().to_numpy()
    found = np.full(len(table), -1, dtype=np.intp)
    for row in np.flatnonzero(named):
        lot = table["lot"].iloc[row]
        if lot not in number or number[lot] >= row:
            raise InvalidInputError(f"fills['lot'] must name the id of an earlier fill, got {lot!r} on row {row}.")
        found[row] = number[lot]
    return found
