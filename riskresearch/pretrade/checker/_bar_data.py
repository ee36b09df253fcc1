"""What a bar of a simulation does not show: volumes, volatilities, groups and scenarios, each as of the bar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.pretrade.orders._orders import NO_TIME, instant_of

if TYPE_CHECKING:
    import numpy.typing as npt


BY_BAR = ("average_volume", "volatility", "locates", "betas", "opening_prices")


@dataclass(frozen=True, slots=True, eq=False)
class BarData:
    """Arguments of a book by bar: a mapping or Series by asset holds on every bar, a DataFrame has a row for each.

    Scenarios with dates are those of the rows at or before a bar.
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


def row_instants(table: Any, name: str) -> npt.NDArray[np.int64] | None:
    """Return the instants of the rows of a table, None where they have no dates."""
    import pandas as pd  # noqa: PLC0415 (a table was given)

    index = table.index
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp(how="end")  # when it was known
    if not isinstance(index, pd.DatetimeIndex):
        return None
    instants: npt.NDArray[np.int64] = index.as_unit("ns").asi8
    if (instants[1:] < instants[:-1]).any():
        raise InvalidInputError(f"{name} must have rising dates. Sort it with .sort_index().")
    return instants


def rows_until(instants: npt.NDArray[np.int64], bar: Any, name: str) -> int:
    """Return how many rows stand at or before a bar."""
    now = instant_of(bar.time)
    if now == NO_TIME:
        raise InvalidInputError(f"{name} has dates, and the bars have none. Give prices with their dates.")
    return int(np.searchsorted(instants, now, side="right"))


def is_table(given: Any) -> bool:
    """Return whether something has rows of its own, and is no number for each asset."""
    return getattr(given, "ndim", 0) == 2 and hasattr(given, "columns") and not isinstance(given, Mapping)
