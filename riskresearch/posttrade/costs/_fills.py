"""Fills: what was traded, when, at which price, and what it cost beside the price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._checks import listed
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._types import FloatVector
from riskresearch.files.tables._columns import Columns, Times, read_columns
from riskresearch.files.tables._trades import Duplicates, refuse_twice, signed_units

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
    units = signed_units(columns, zero=False)
    price = columns.needed_numbers("price", positive=True)
    time = columns.times("time")
    refuse_twice(columns, time.instants if "time" in columns else None, duplicates)
    costs = {name: costs_of(columns, name) for name in (*COSTS_OF_PRICE, *FEES)}
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


def costs_of(columns: Columns, name: str, needed: npt.NDArray[np.bool_] | None = None) -> FloatVector:
    """Return a cost in money, 0 without its column; one that is not known is refused, on the rows that need it."""
    costs = columns.numbers(name, default=0.0)
    lost = np.isnan(costs) if needed is None else np.isnan(costs) & needed
    if lost.any():
        raise InvalidInputError(
            f"{columns.name}[{name!r}] must be known, got none on row {int(lost.argmax())}. What cost nothing has 0: "
            f"{columns.name}[{name!r}].fillna(0.0)."
        )
    return np.nan_to_num(costs)


def shown_orders(orders: npt.NDArray[Any] | pd.Index) -> str:
    """Return names of orders for messages."""
    return listed([str(order) for order in orders]).replace("'", "")
