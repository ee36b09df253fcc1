"""Fills: what was traded, when, at which price, and what it cost beside the price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._checks import check_choice, listed
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatVector
from riskresearch.posttrade.costs._columns import Columns, Instants, Times, read_columns

Duplicates = Literal["raise", "keep"]
SAME = ("asset", "account", "time", "units", "price", "order", "side", "strategy")
COSTS_OF_PRICE = ("spread", "impact")
"""Money beside the price that is part of what the trade paid for its units, as of `simulate`."""
FEES = ("commission", "fees")


@dataclass(frozen=True, slots=True, eq=False)
class FillTable:
    """One entry a fill, in the order of the rows."""

    columns: Columns
    units: FloatVector
    """Signed, positive buys."""
    price: FloatVector
    """As it stands in the table."""
    paid: FloatVector
    """The price with spread and impact that stand beside it, each a unit."""
    commission: FloatVector
    fees: FloatVector
    time: Times
    modelled: tuple[str, ...]
    """Which of spread and impact stand beside the price."""


def read_fills(fills: Any, *, rename: Mapping[str, str] | None, duplicates: Duplicates) -> FillTable:
    """Return fills; one on neither side, without a price, or twice is refused."""
    columns = read_columns(fills, name="fills", rename=rename)
    units = signed_units(columns)
    if (units == 0.0).any():
        raise InvalidInputError(f"fills['units'] must not be zero, got 0 on row {int((units == 0.0).argmax())}.")
    price = columns.needed_numbers("price", positive=True)
    time = columns.times("time")
    refuse_twice(columns, time, duplicates)
    costs = {name: np.nan_to_num(columns.numbers(name, default=0.0)) for name in (*COSTS_OF_PRICE, *FEES)}
    beside = costs["spread"] + costs["impact"]
    return FillTable(
        columns,
        units,
        price,
        price + beside / units if beside.any() else price,
        costs["commission"],
        costs["fees"],
        time,
        tuple(name for name in COSTS_OF_PRICE if costs[name].any()),
    )


def signed_units(columns: Columns) -> FloatVector:
    """Return the units of a table, negative where a column `side` says so beside positive units."""
    units = columns.needed_numbers("units")
    if "side" not in columns:
        return units
    side = np.array([str(each).strip().lower() for each in columns.frame["side"]], dtype=object)
    wrong = (side != "buy") & (side != "sell")
    if wrong.any():
        row = int(wrong.argmax())
        raise InvalidInputError(
            f"{columns.name}['side'] must be 'buy' or 'sell' on each row, got {side[row]!r} on row {row}. Others' "
            f'words are replaced before: {columns.name}["side"].replace({{"B": "buy", "S": "sell"}}).'
        )
    if (units < 0.0).any():
        row = int((units < 0.0).argmax())
        raise InvalidInputError(
            f"{columns.name}['units'] must be positive beside a column 'side', got {units[row]:g} on row {row}. Leave "
            "out the side where the sign of the units tells it."
        )
    signed: FloatVector = np.where(side == "sell", -units, units)
    return signed


def refuse_twice(columns: Columns, time: Times, duplicates: Duplicates) -> None:
    """Refuse a repeated id and, unless they are to be kept, fills that are equal in all that tells them apart."""
    check_choice(duplicates, ("raise", "keep"), name="duplicates")
    frame = columns.frame
    if "id" in frame and frame["id"].duplicated().any():
        twice = frame["id"][frame["id"].duplicated()].iloc[0]
        raise InvalidInputError(f"fills['id'] must be different on each row, got {shown_name(twice)} twice.")
    if "id" in frame or duplicates == "keep" or "time" not in frame:
        return
    same = [column for column in SAME if column in frame]
    # Few fills have a time that another one has, and only those can be equal.
    alike = np.flatnonzero(_shared(time.instants))
    repeated = alike[frame.iloc[alike].duplicated(same).to_numpy()] if alike.size else alike
    if repeated.size:
        row = int(repeated[0])
        known = ", ".join(f"{column} {frame[column].iloc[row]}" for column in same)
        raise InvalidInputError(
            f"fills must differ from one another, got {repeated.size:,} that are equal to an earlier one, "
            f"the first on row {row}: {known}. Give them a column 'id', "
            f'or pass duplicates="keep" if all of them happened.'
        )


def _shared(instants: Instants) -> npt.NDArray[np.bool_]:
    """Return whether each time stands on another row as well."""
    order = np.argsort(instants, kind="stable") if (instants[1:] < instants[:-1]).any() else None
    rising = instants if order is None else instants[order]
    same = rising[1:] == rising[:-1]
    beside: npt.NDArray[np.bool_] = np.append(same, False) | np.insert(same, 0, False) if instants.size else same
    if order is None:
        return beside
    shared = np.empty_like(beside)
    shared[order] = beside
    return shared


def shown_name(value: Any) -> str:
    """Return the name of one order for messages."""
    return repr(value.item() if isinstance(value, np.generic) else value)


def shown_orders(orders: npt.NDArray[Any] | pd.Index) -> str:
    """Return names of orders for messages."""
    return listed([str(order) for order in orders]).replace("'", "")
