"""What a bar of a simulation does not show: volumes, volatilities, groups and scenarios, each as of the bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.pretrade.orders._orders import NO_TIME, instant_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector

BY_BAR = ("average_volume", "volatility", "locates", "betas", "opening_prices")


@dataclass(frozen=True, slots=True, eq=False)
class BarData:
    """Arguments of a book by bar: a mapping or Series by asset holds on every bar, a DataFrame from its dates on.

    The row of a dated table that is used is the last one at or before the bar; scenarios with dates are those of the
    rows until then.
    """

    average_volume: Any = None
    volatility: Any = None
    groups: Any = None
    scenarios: Any = None
    betas: Any = None
    factors: Any = None
    locates: Any = None
    opening_prices: Any = None
    multipliers: Any = None

    def given(self) -> dict[str, Any]:
        """Return what was given, by name."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name) is not None}


class ByBar:
    """A table of numbers by bar and asset, read at the row that was known on a bar.

    Parameters
    ----------
    table : DataFrame
        Rows are bars or dates, columns assets.
    columns : tuple of str
        Assets of the account.
    name : str
        Of the argument, for errors.
    """

    def __init__(self, table: Any, columns: tuple[str, ...], name: str) -> None:
        self.name = name
        self.instants = row_instants(table, name)
        values = np.asarray(table.to_numpy(), dtype=np.float64)
        places = {str(each): place for place, each in enumerate(table.columns)}
        self.values: FloatMatrix = np.full((len(values), len(columns)), np.nan)
        for column, asset in enumerate(columns):
            if asset in places:
                self.values[:, column] = values[:, places[asset]]

    def at(self, bar: Any) -> FloatVector:
        """Return the numbers that were known on a bar, nan before the first."""
        row = row_at(self.instants, bar, len(self.values), self.name)
        return self.values[row] if row >= 0 else np.full(self.values.shape[1], np.nan)


def row_instants(table: Any, name: str) -> npt.NDArray[np.int64] | None:
    """Return the instants of the rows of a table, None where its rows are bars by number."""
    import pandas as pd  # noqa: PLC0415 (a table was given)

    index = table.index
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    if not isinstance(index, pd.DatetimeIndex):
        if len(index) and isinstance(index[0], str):
            raise InvalidInputError(f"{name} must have dates or numbers of bars as rows, got {shown(index[0])}.")
        return None
    instants: npt.NDArray[np.int64] = index.as_unit("ns").asi8
    if (instants[1:] < instants[:-1]).any():
        raise InvalidInputError(f"{name} must have rising dates. Sort it with .sort_index().")
    return instants


def row_at(instants: npt.NDArray[np.int64] | None, bar: Any, rows: int, name: str) -> int:
    """Return the number of the last row at or before a bar, -1 before the first."""
    if instants is None:
        row = -1 if bar.row is None else int(bar.row)
        if row >= rows:
            raise InvalidInputError(f"{name} must have a row for each bar, got {rows} for bar {row}.")
        return row
    now = instant_of(bar.time)
    if now == NO_TIME:
        raise InvalidInputError(f"{name} has dates, and the bars have none. Give prices with their dates.")
    return int(np.searchsorted(instants, now, side="right")) - 1


def is_table(given: Any) -> bool:
    """Return whether something has rows of its own, and is no number for each asset."""
    return getattr(given, "ndim", 0) == 2 and hasattr(given, "columns") and not isinstance(given, Mapping)
